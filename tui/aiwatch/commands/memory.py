"""Opens what is kept from run to run around a live screen; a demo or a replay keeps nothing and recalls nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiwatch.archive import NOTHING_REMEMBERED, Remembered
from aiwatch.archive.archive import Archive
from aiwatch.archive.keeper import kept_calendar
from aiwatch.archive.recall import recall
from aiwatch.commands.reading import Read, utc_now
from aiwatch.market.quote import Quote
from aiwatch.market.session import Calendar, SessionAt, always_open


@dataclass(frozen=True, slots=True)
class Memory:
    """What the screen and the feed need of it: what was read, the sessions to go by, where quotes are handed to be
    kept, what to call after the first paint, and the sentences about what is wrong with the archive now."""

    remembered: Remembered
    sessions: SessionAt
    keep: Callable[[tuple[Quote, ...]], None]
    painted: Callable[[], None]
    troubles: Callable[[], tuple[str, ...]]


NO_MEMORY = Memory(NOTHING_REMEMBERED, always_open, lambda quotes: None, lambda: None, lambda: ())
"""For simulated prices: every market is open, and nothing outlives the run."""


def remember(read: Read) -> Remembered:
    """What earlier runs kept of the watchlists' stocks. Reads a file, so call it before the event loop runs."""
    symbols = {stock.symbol for one in read.watchlists.lists for stock in one.stocks}
    return recall(read.places.archive, symbols, utc_now())


@asynccontextmanager
async def opened_memory(read: Read, remembered: Remembered | None) -> AsyncIterator[Memory]:
    """The memory of a run that began with ``remembered``; `NO_MEMORY` for ``None``."""
    if remembered is None:
        yield NO_MEMORY
        return
    calendar = Calendar(remembered.days)
    archive = Archive(read.places.archive, utc_now, calendar)
    async with archive, kept_calendar(archive, calendar, utc_now):

        def troubles() -> tuple[str, ...]:
            return () if archive.trouble is None else (str(archive.trouble),)

        yield Memory(remembered, calendar, archive.keep, archive.start, troubles)
