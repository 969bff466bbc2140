"""The screen's end of the pipe against children of a few lines, which do what a child may do wrong."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut, Unreachable
from aiwatch.history.worker.client import Worker
from aiwatch.history.worker.messages import AskBars, AskEarnings, BarsAnswer, EarningsAnswer

_CHILD = """\
import json, os, sys, time
out = os.fdopen(os.dup(1), "wb")
for line in sys.stdin.buffer:
    symbol = json.loads(line)["symbol"]
    if symbol == "HANG":
        time.sleep(600)
    if symbol == "DIE":
        sys.exit(3)
    if symbol == "HALF":
        out.write(b'{"type":"bars","curr')
        out.flush()
        sys.exit()
    answers = {
        "GARBAGE": "no json",
        "OTHER": '{"type":"earnings"}',
        "429": '{"type":"fault","kind":"rate limited","text":"too many requests (429)","status":429}',
        "401": '{"type":"fault","kind":"refused","text":"no crumb","status":401}',
        "404": '{"type":"fault","kind":"unknown","text":"nothing","status":404}',
        "DOWN": '{"type":"fault","kind":"unreachable","text":"no route"}',
        "LATE": '{"type":"fault","kind":"timed out","text":"30 s"}',
        "BROKEN": '{"type":"fault","kind":"broken","text":"no yfinance"}',
    }
    row = '["2025-08-15",1,3,0.5,2,%d]' % os.getpid()
    good = '{"type":"bars","currency":"USD","rows":[' + row + ']}'
    out.write(answers.get(symbol, good).encode() + b"\\n")
    out.flush()
"""


def _command() -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", _CHILD)


async def _pid(worker: Worker, symbol: str = "NVDA") -> int:
    """The process that answers a question of ``symbol``: the children above send it as a volume."""
    answer = await worker.ask(AskBars(symbol), BarsAnswer)
    assert answer.rows[0][:5] == (date(2025, 8, 15), 1, 3, 0.5, 2)
    return answer.rows[0].volume or 0


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_no_child_starts_before_the_first_question_and_one_answers_all() -> None:
    async with Worker(_command) as worker:
        assert worker.pid is None
        first, second = await asyncio.gather(_pid(worker), _pid(worker, "AAPL"))
        assert first == second == worker.pid
    assert not _is_alive(first)


@pytest.mark.parametrize(
    ("symbol", "error", "lives_on"),
    [
        ("429", RateLimited, False),
        ("401", Refused, False),
        ("404", Refused, True),
        ("DOWN", Unreachable, True),
        ("LATE", TimedOut, True),
        ("BROKEN", Unreachable, True),
        ("OTHER", Garbled, True),
        ("GARBAGE", Garbled, False),
        ("HALF", Garbled, False),
        ("DIE", Garbled, False),
    ],
)
async def test_every_fault_is_an_error_of_its_kind_and_the_next_question_is_answered(
    symbol: str, error: type[SourceError], lives_on: bool
) -> None:
    async with Worker(_command) as worker:
        before = await _pid(worker)
        with pytest.raises(error) as raised:
            await worker.ask(AskBars(symbol), BarsAnswer)
        assert type(raised.value) is error
        assert raised.value.host == "Yahoo"
        assert (worker.pid == before) is lives_on
        assert _is_alive(before) is lives_on
        assert (await _pid(worker) == before) is lives_on


async def test_a_child_that_hangs_is_killed_at_the_deadline() -> None:
    async with Worker(_command, deadline=0.3) as worker:
        with pytest.raises(TimedOut, match=r"within 0\.3 s"):
            await worker.ask(AskBars("HANG"), BarsAnswer)
        assert worker.pid is None
        assert worker.deaths == 1


async def test_who_waits_while_the_host_hangs_is_not_made_to_wait_for_it_again() -> None:
    async with Worker(_command, deadline=0.3) as worker:
        waiting = [asyncio.create_task(worker.ask(AskBars(symbol), BarsAnswer)) for symbol in ("HANG", "NVDA", "AAPL")]
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(answer) for answer in answers] == [TimedOut] * 3
        assert worker.deaths == 1, "one child was killed, and no other started"
        await _pid(worker)


async def test_the_child_of_a_question_that_nobody_asks_any_more_is_killed() -> None:
    async with Worker(_command) as worker:
        before = await _pid(worker)
        task = asyncio.create_task(worker.ask(AskBars("HANG"), BarsAnswer))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not _is_alive(before)
        assert await _pid(worker) != before


async def test_an_idle_child_ends_and_the_next_question_starts_another() -> None:
    async with Worker(_command, idle=0.05) as worker:
        before = await _pid(worker)
        assert worker.ending is not None
        await asyncio.wait_for(worker.ending, 10)
        assert worker.pid is None
        assert not _is_alive(before)
        assert worker.deaths == 0
        assert await _pid(worker) != before


async def test_a_question_just_before_the_idle_end_keeps_the_child() -> None:
    async with Worker(_command, idle=3600) as worker:
        before = await _pid(worker)
        for _ in range(3):
            assert await _pid(worker) == before


async def test_a_program_that_cannot_be_started_is_named() -> None:
    async with Worker(lambda: ("/nowhere/python",)) as worker:
        with pytest.raises(Unreachable, match="cannot be started"):
            await worker.ask(AskEarnings("NVDA"), EarningsAnswer)


_SCREEN = """\
import asyncio, sys
from aiwatch.history.worker.client import Worker
from aiwatch.history.worker.messages import AskBars, BarsAnswer

async def main():
    worker = Worker(lambda: sys.argv[1:])
    asking = asyncio.create_task(worker.ask(AskBars("NVDA"), BarsAnswer))
    while worker.pid is None:
        await asyncio.sleep(0.01)
    print(worker.pid, flush=True)
    await asyncio.gather(asking, return_exceptions=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""
_BUSY = """\
import sys, time
from aiwatch.history.worker import child

class Answerer:
    def answer(self, line):
        time.sleep(600)

sys.stderr = sys.stdout
child.Answerer = lambda *arguments: Answerer()
child.main(["http://127.0.0.1:9", "cache"])
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="no way to wait for another's child")
@pytest.mark.parametrize("end", [subprocess.Popen.kill, subprocess.Popen.terminate], ids=["kill -9", "SIGTERM"])
def test_a_child_in_the_middle_of_a_question_ends_with_the_screen(
    end: Callable[[subprocess.Popen[str]], None], tmp_path: Path
) -> None:
    command = [sys.executable, "-c", _SCREEN, sys.executable, "-c", _BUSY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as screen:
        assert screen.stdout is not None
        pid = int(screen.stdout.readline())
        assert _is_alive(pid)
        end(screen)
        screen.wait(10)
    _wait_until_gone(pid)


def _wait_until_gone(pid: int) -> None:
    """Wait at most ten seconds for a process that is no child of ours."""
    if not _is_alive(pid):
        return
    descriptor = os.pidfd_open(pid)
    try:
        assert select.select([descriptor], [], [], 10)[0], "the child is still alive"
    finally:
        os.close(descriptor)
