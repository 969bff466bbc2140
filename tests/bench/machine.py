"""How fast the machine is while something is measured: a small piece of work, done again and again beside it."""

from __future__ import annotations

import asyncio
import statistics
from threading import Event, Thread
from time import perf_counter, thread_time
from types import TracebackType
from typing import Self

ROUNDS = 4_000
"""Additions of one piece: half a millisecond of a quiet machine."""
PAUSE = 0.1
"""Seconds between two pieces."""


def piece() -> float:
    """Do the piece of work; returns the CPU seconds it took, which more than double on a machine that others use."""
    began = thread_time()
    total = 0
    for number in range(ROUNDS):
        total += number & 7
    return thread_time() - began


def fastest(pieces: int = 200) -> float:
    """The quickest of many pieces: what one costs when nobody else is at work."""
    return min(piece() for _ in range(pieces))


class Machine:
    """Looks at the machine while something else is measured in the same process."""

    def __init__(self) -> None:
        self._took: list[float] = []

    @property
    def spent(self) -> float:
        """The CPU seconds of the pieces themselves, to be taken off what is measured."""
        return sum(self._took)

    @property
    def strain(self) -> float:
        """How many times longer work takes than on the quiet machine: 1 when it is quiet."""
        return statistics.fmean(self._took) / min(fastest(), *self._took) if self._took else 1.0

    async def watch(self) -> None:
        """Do pieces until cancelled."""
        while True:
            self._took.append(piece())
            await asyncio.sleep(PAUSE)


class Beside:
    """Looks at the machine from a thread while this process waits for another one: used with ``with``."""

    def __init__(self) -> None:
        self._pieces: list[tuple[float, float]] = []
        """The CPU seconds and the seconds on the clock of each piece."""
        self._end = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    @property
    def strain(self) -> float:
        """How many times more CPU time work takes than on the quiet machine."""
        return self._times(0)

    @property
    def delay(self) -> float:
        """How many times longer work takes on the clock than on the quiet machine, waiting for its turn included."""
        return self._times(1)

    def _times(self, which: int) -> float:
        took = [piece[which] for piece in self._pieces]
        return max(1.0, statistics.fmean(took) / min(fastest(), *took)) if took else 1.0

    def _watch(self) -> None:
        while not self._end.wait(PAUSE):
            began = perf_counter()
            cpu = piece()
            self._pieces.append((cpu, perf_counter() - began))
