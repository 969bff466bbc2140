"""How long a failing host is left alone.

Notices that the clock was set, or that the computer slept: its own time and the event loop's then go apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import uniform
from typing import Protocol

from aiwatch.errors import RateLimited, SourceError, TimedOut
from aiwatch.market.state import Clock

RATE_LIMIT_RESTS = (20.0, 30.0, 60.0, 300.0, 900.0)
"""Seconds of silence after each 429 in a row, the last after every further one. Some 429s are over in less than a
minute, others stay for many: two short rests find the first kind and cost the second two requests."""

SHORT_RATE_LIMITS = 2
"""429s in a row after which a host is still asked at once when another host of the same outage answers again."""

GIVE_UP_AFTER = 2
"""Failures in a row after which a host counts as out; a single slip is no outage, unless it was long in coming."""

LONGEST_EARLY_REST = 5.0
"""Seconds at most between the first `EARLY_TRIES` of a host that is down: a person waits for it, and it is asked less
often than while it answers. They double from one."""

EARLY_TRIES = 24
"""Failures in a row, two minutes of them at the least, after which the rests grow on."""

LONGEST_REST = 60.0
"""Seconds at most between tries of a host that stays down."""

Jitter = Callable[[float], float]
"""Takes seconds and gives about as many."""


def ten_percent(seconds: float) -> float:
    """``seconds`` give or take a tenth, so that many screens never ask in step."""
    return seconds * uniform(0.9, 1.1)


class Backoff:
    """The growing pauses of one host; `succeed` starts them over."""

    def __init__(self, jitter: Jitter = ten_percent) -> None:
        self._jitter = jitter
        self.failures = 0
        self.rate_limits = 0
        self._timed_out = False
        self._asked_for_silence = False

    @property
    def is_outage(self) -> bool:
        """Whether the host's symbols should be asked for elsewhere until it answers again."""
        return self.failures >= GIVE_UP_AFTER or self.rate_limits > 0 or self._timed_out

    @property
    def may_be_cut_short(self) -> bool:
        """Whether the host may be tried as soon as another one of the same outage answers again: not one that said how
        long it wants silence, nor one that goes on refusing."""
        return not self._asked_for_silence and self.rate_limits <= SHORT_RATE_LIMITS

    def succeed(self) -> None:
        """The host answered: the next failure is the first again."""
        self.failures = self.rate_limits = 0
        self._timed_out = self._asked_for_silence = False

    def fail(self, error: SourceError) -> float:
        """Seconds to leave the host alone after ``error``; its own Retry-After is honoured when it is longer, up to
        `LONGEST_SILENCE`."""
        self.failures += 1
        self._timed_out = self._timed_out or isinstance(error, TimedOut)
        if isinstance(error, RateLimited):
            step = RATE_LIMIT_RESTS[min(self.rate_limits, len(RATE_LIMIT_RESTS) - 1)]
            self.rate_limits += 1
            self._asked_for_silence = error.retry_after is not None
            return max(step, error.retry_after or 0.0)
        early = min(LONGEST_EARLY_REST, 2.0 ** min(self.failures - 1, 10))
        late = 2.0 ** min(max(0, self.failures - EARLY_TRIES), 10)
        return self._jitter(min(LONGEST_REST, early * late))


class SharedSilence(Protocol):
    """The pauses that hosts asked for, by the name of a source, whichever part of aiwatch they were asked of."""

    def silent_seconds(self, name: str) -> float:
        """How much longer the host of the source called ``name`` is left alone because it asked for silence."""
        ...

    def keep_silent(self, name: str, seconds: float) -> None:
        """Leave the host of the source called ``name`` alone for so long."""
        ...


class NoSilence:
    """For a command, which polls nobody."""

    def silent_seconds(self, name: str) -> float:
        """None is known of."""
        return 0.0

    def keep_silent(self, name: str, seconds: float) -> None:
        """Nobody else asks."""


LOOK_SECONDS = 1.0
"""How often the two are compared."""

JUMP_SECONDS = 5.0
"""By how much they must have gone apart since the last look; less is a clock being kept right."""


async def watch_clock(clock: Clock, jumped: Callable[[], None]) -> None:
    """Call ``jumped`` whenever ``clock`` went ahead or back by itself; ends only when cancelled.

    While a computer sleeps its clock goes on and the event loop's time, by which every pause and time-out is counted,
    stands still on Linux and macOS.
    """
    loop = asyncio.get_running_loop()
    while True:
        when, at = clock(), loop.time()
        await asyncio.sleep(LOOK_SECONDS)
        apart = (clock() - when).total_seconds() - (loop.time() - at)
        if abs(apart) > JUMP_SECONDS:
            jumped()
