"""Notices that the clock was set, or that the computer slept: its own time and the event loop's then go apart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiwatch.market.state import Clock

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
