"""The exchange as a child process: it starts, says where it listens, and ends with its parent."""

from __future__ import annotations

import asyncio
import json
import sys

import httpx
import pytest

from aiwatch.simulator import ExchangeOptions, ExchangeUrls
from aiwatch.simulator.__main__ import listings_of, parse_arguments
from aiwatch.simulator.process import ExchangeFailed, exchange_process

COMMAND = (sys.executable, "-P", "-m", "aiwatch.simulator")


async def start(*words: str) -> tuple[asyncio.subprocess.Process, ExchangeUrls]:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*COMMAND, *words, stdin=pipe, stdout=pipe, stderr=pipe)
    assert child.stdout is not None
    return child, ExchangeUrls(**json.loads(await child.stdout.readline()))


async def test_the_child_ends_when_its_input_does_and_says_nothing_more(client: httpx.AsyncClient) -> None:
    child, urls = await start("--seed=7", "--symbols=3", "--fault=yahoo:503")
    assert (await client.get(urls.tencent + "/q=sz002837,usNVDA")).content.count(b"\n") == 1
    assert (await client.get(urls.yahoo + "/v7/finance/spark?symbols=NVDA")).status_code == 503
    assert child.stdin is not None
    child.stdin.close()
    rest, complaints = await asyncio.wait_for(child.communicate(), 5)
    assert (child.returncode, rest, complaints) == (0, b"", b"")
    with pytest.raises(httpx.ConnectError):
        await client.get(urls.tencent + "/q=sz002837")


async def test_the_child_ends_when_told_to() -> None:
    child, _ = await start("--symbols=1")
    child.terminate()
    asked_politely = sys.platform != "win32"
    assert await asyncio.wait_for(child.wait(), 5) == (0 if asked_politely else 1)


async def test_a_child_lives_as_long_as_the_block(client: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]) -> None:
    options = ExchangeOptions(seed=3, symbols=5, also=("TSLA", "NVDA"), delayed=True, latency=0.001, rate=5)
    async with exchange_process(options) as urls:
        answer = await client.get(urls.yahoo + "/v7/finance/spark?symbols=TSLA,NVDA,AMD")
        assert [entry["symbol"] for entry in answer.json()["spark"]["result"]] == ["TSLA", "NVDA"]
    with pytest.raises(httpx.ConnectError):
        await client.get(urls.yahoo + "/v7/finance/spark?symbols=NVDA")
    assert capfd.readouterr() == ("", "")


async def test_a_child_that_cannot_start_says_why() -> None:
    with pytest.raises(ExchangeFailed, match=r"the demo exchange did not start: .* the host must be one of"):
        async with exchange_process(ExchangeOptions(faults=("nasdaq:429",))):
            pytest.fail("it must not start")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (ExchangeOptions(faults=("nasdaq:429",)), "the host must be one of tencent, sina, yahoo, ecb"),
        (ExchangeOptions(also=("nvda",)), "write 'NVDA'"),
        (ExchangeOptions(rate=-1), "the rate must be between 0 and 1,000,000"),
        (ExchangeOptions(latency=-1), "the latency must be between"),
        (ExchangeOptions(symbols=0), "at least one symbol"),
    ],
)
def test_options_that_make_no_sense_are_told(
    options: ExchangeOptions, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse_arguments(options.arguments())
    assert why in capsys.readouterr().err


def test_options_survive_the_command_line() -> None:
    options = ExchangeOptions(3, 0.5, 9, ("TSLA", "AAPL"), 0.25, ("tencent:429:0.1", "yahoo:slow:1:2"), True, True)
    assert parse_arguments(options.arguments())[0] == options
    assert parse_arguments([])[0] == ExchangeOptions()


DYING = "import json; print(json.dumps(dict.fromkeys({names}, 'http://x')), flush=True); {last}"


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ("raise SystemExit(3)", "the demo exchange has ended: it ended with status 3"),
        ("raise OSError('port busy')", "the demo exchange has ended: OSError: port busy"),
        ("import os; os.kill(os.getpid(), 9)", "the demo exchange has ended: it ended with status -9"),
    ],
)
async def test_a_child_that_ends_by_itself_is_told_of(last: str, why: str) -> None:
    words: asyncio.Queue[str] = asyncio.Queue()
    names = ExchangeUrls.__struct_fields__
    command = (sys.executable, "-c", DYING.format(names=names, last=last))
    async with exchange_process(command=command, ended=words.put_nowait):
        assert await asyncio.wait_for(words.get(), 10) == why
    assert words.empty()


async def test_of_a_child_that_is_ended_nothing_is_told() -> None:
    words: list[str] = []
    async with exchange_process(ExchangeOptions(symbols=1), ended=words.append):
        pass
    assert words == []


async def test_a_program_that_is_not_there() -> None:
    with pytest.raises(ExchangeFailed, match="cannot be started"):
        async with exchange_process(command=("/nonexistent/python",)):
            pytest.fail("it must not start")


async def test_a_child_that_never_says_where_it_listens_is_ended() -> None:
    silent = (sys.executable, "-c", "import sys; sys.stdin.read()")
    with pytest.raises(ExchangeFailed, match=r"did not start in 0\.2 s"):
        async with exchange_process(start_timeout=0.2, command=silent):
            pytest.fail("it must not start")


async def test_a_child_that_says_something_else_is_not_believed() -> None:
    chatty = (sys.executable, "-c", "print('hello'); import sys; sys.exit(3)")
    with pytest.raises(ExchangeFailed, match="it ended with status 3"):
        async with exchange_process(command=chatty):
            pytest.fail("it must not start")


async def test_importing_the_launcher_loads_no_web_server() -> None:
    script = "import sys, aiwatch.simulator.process; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    loaded = set((await child.communicate())[0].decode().split())
    assert "aiwatch" in loaded
    assert not loaded & {"aiohttp", "httpx", "pandas", "numpy", "textual", "rich"}


def test_options_become_listings() -> None:
    assert [str(listing.symbol) for listing in listings_of(ExchangeOptions(symbols=2))] == ["603757.SS", "002837.SZ"]
    assert len(listings_of(ExchangeOptions(symbols=60))) == 60
    also = listings_of(ExchangeOptions(symbols=1, also=("NVDA", "TSLA", "NVDA", "603757.SS")))
    assert [listing.name_en for listing in also] == ["Dayuan Pumps", "NVIDIA Corporation", "Simulated TSLA"]
