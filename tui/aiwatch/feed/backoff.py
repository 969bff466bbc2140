"""How long a failing host is left alone.

Notices that the clock was set, or that the computer slept: its own time and the event loop's then go apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import uniform

from aiwatch.errors import RateLimited, SourceError, TimedOut
from aiwatch.market.state import Clock

RATE_LIMIT_RESTS = (60.0, 300.0, 900.0)
"""Seconds of silence after the first, second and every further 429 in a row: these hosts stay tripped for minutes."""

GIVE_UP_AFTER = 2
"""Failures in a row after which a host counts as out; a single slip is no outage, unless it was long in coming."""

LONGEST_REST = 60.0
"""Seconds at most between tries of a host that is down; they double from one."""

Jitter = Callable[[float], float]
"""Takes seconds and gives about as many."""


def ten_percent(seconds: float) -> float:
    """``seconds`` give or take a tenth, so that many screens never ask in step."""
    return seconds * uniform(0.9, 1.1)


class Rest:
    """The growing pauses of one host; `succeed` starts them over."""

    def __init__(self, jitter: Jitter = ten_percent) -> None:
        self._jitter = jitter
        self.failures = 0
        self.rate_limits = 0
        self._timed_out = False

    @property
    def is_outage(self) -> bool:
        """Whether the host's symbols should be asked for elsewhere until it answers again."""
        return self.failures >= GIVE_UP_AFTER or self.rate_limits > 0 or self._timed_out

    def succeed(self) -> None:
        """The host answered: the next failure is the first again."""
        self.failures = self.rate_limits = 0
        self._timed_out = False

    def fail(self, error: SourceError) -> float:
        """Seconds to leave the host alone after ``error``; its own Retry-After is honoured when it is longer, up to
        `LONGEST_SILENCE`."""
        self.failures += 1
        self._timed_out = self._timed_out or isinstance(error, TimedOut)
        if isinstance(error, RateLimited):
            step = RATE_LIMIT_RESTS[min(self.rate_limits, len(RATE_LIMIT_RESTS) - 1)]
            self.rate_limits += 1
            return max(step, error.retry_after or 0.0)
        return self._jitter(min(LONGEST_REST, 2.0 ** min(self.failures - 1, 10)))


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
