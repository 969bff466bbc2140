"""The screen's end of the pipe: starts the child on the first question, ends it when it is slow, idle or in the way."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut, Unreachable
from aiwatch.history.worker.messages import Answer, AskComparison, FaultAnswer, FaultKind, Question, answer_of, line_of

DEADLINE_SECONDS = 14.0
"""How long a question may take, the start of the child included; then the child is killed. A second less than what is
promised, for the end of the child and the word of it take a while on a busy machine."""
IDLE_SECONDS = 60.0
"""How long a child is kept without a question: it is 150 MB, and remembers past ranges for its whole life."""
ENDING_SECONDS = 2.0
"""How long a child whose pipe was closed may take to end by itself."""
MOST_BYTES = 32 * 2**20
"""Bytes of one answer at most; 60 years of days are 1.2 million."""
TITLE = "Yahoo"

AnswerT = TypeVar("AnswerT", bound=Answer)


class Worker:
    """At most one child, and one question at a time; those who ask meanwhile wait.

    ``command`` starts the child and gives its arguments, asked anew for each child. Closed with ``async with``: no
    child is left then.
    """

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        *,
        deadline: float = DEADLINE_SECONDS,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._command = command
        self._deadline = deadline
        self._idle = idle
        self._asking = asyncio.Lock()
        self._child: Process | None = None
        self.ending: asyncio.Task[None] | None = None
        """Ends the child when it was not asked for a while; ``None`` while it is asked."""
        self.deaths = 0
        """Children that ended by themselves or had to be killed while they were asked."""
        self._misses = 0
        """Questions to the host that had no answer in time."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def pid(self) -> int | None:
        """The process that is alive now; ``None`` without one."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def ask(self, question: Question, expected: type[AnswerT]) -> AnswerT:
        """The answer to ``question``.

        Raises `SourceError` of the kind the fault is: `RateLimited`, `Refused` (status 404 for a symbol Yahoo has
        nothing of), `TimedOut` after the deadline, `Unreachable`, `Garbled`. A question that waits while the one before
        it misses the deadline is not asked: it has the same answer.
        """
        misses = self._misses
        async with self._asking:
            if misses != self._misses and not isinstance(question, AskComparison):
                raise self._too_late()  # the host that hung for the question before would hang for this one too
            self._stop_ending()
            try:
                async with asyncio.timeout(self._deadline):
                    answer = await self._answer(question)
            except TimeoutError:
                self.deaths += 1
                self._misses += not isinstance(question, AskComparison)
                await self._kill()
                raise self._too_late() from None
            except asyncio.CancelledError:
                await self._kill()  # it would answer a question that nobody asks any more
                raise
            if isinstance(answer, FaultAnswer):
                if answer.status in (401, 429):
                    await self._kill()  # it would go on with what it took for a crumb
                else:
                    self._end_when_idle()
                raise error_of(answer)
            self._end_when_idle()
            if not isinstance(answer, expected):
                raise Garbled(TITLE, f"the worker answered {type(answer).__name__}")
            return answer

    def _too_late(self) -> TimedOut:
        return TimedOut(TITLE, f"no answer within {self._deadline:g} s")

    async def close(self) -> None:
        """End the child at once."""
        self._stop_ending()
        await self._kill()

    async def _answer(self, question: Question) -> Answer:
        child = self._child
        if child is None or child.returncode is not None:
            child = await self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(line_of(question))
            await child.stdin.drain()
            line = await child.stdout.readline()
        except (OSError, ValueError) as error:  # a broken pipe; a line beyond every bound
            await self._died()
            raise Garbled(TITLE, f"the worker ended: {type(error).__name__}") from None
        if not line.endswith(b"\n"):
            await self._died()
            raise Garbled(TITLE, "the worker ended without an answer")
        try:
            return await asyncio.to_thread(answer_of, line)
        except msgspec.DecodeError as error:
            await self._died()
            raise Garbled(TITLE, f"the worker's answer cannot be read: {error}") from None

    async def _start(self) -> Process:
        try:
            self._child = await asyncio.create_subprocess_exec(
                *self._command(), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=MOST_BYTES
            )
        except OSError as error:
            raise Unreachable(TITLE, f"the worker cannot be started: {error.strerror or error}") from None
        return self._child

    async def _died(self) -> None:
        self.deaths += 1
        await self._kill()

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
        await asyncio.shield(child.wait())

    def _end_when_idle(self) -> None:
        self.ending = asyncio.create_task(self._end(), name="worker idle")

    def _stop_ending(self) -> None:
        if self.ending is not None:
            self.ending.cancel()
            self.ending = None

    async def _end(self) -> None:
        await asyncio.sleep(self._idle)
        child = self._child
        if child is None:
            return
        assert child.stdin is not None
        child.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                await child.wait()
        await self._kill()


def error_of(fault: FaultAnswer) -> SourceError:
    """``fault`` as the error that the rest of aiwatch knows."""
    if fault.kind is FaultKind.RATE_LIMITED:
        return RateLimited(TITLE, fault.text)
    if fault.kind in (FaultKind.UNKNOWN, FaultKind.REFUSED):
        return Refused(TITLE, fault.text, status=fault.status)
    if fault.kind is FaultKind.TIMED_OUT:
        return TimedOut(TITLE, fault.text)
    if fault.kind is FaultKind.UNREACHABLE:
        return Unreachable(TITLE, fault.text)
    if fault.kind is FaultKind.BROKEN:
        return Unreachable(TITLE, fault.text, hint="Install aiwatch anew: pip install --force-reinstall aiwatch")
    return Garbled(TITLE, fault.text)
