"""The trading days for a command that runs once: what the archive keeps, filled as the screen does."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from aiwatch.archive.archive import Archive
from aiwatch.archive.calendars import ask_calendars
from aiwatch.archive.keeper import fill
from aiwatch.archive.store import Store
from aiwatch.market.desk import Clock
from aiwatch.market.session import Calendar

LONGEST_WAIT = 5.0
"""Seconds after which a command goes on by the usual hours; working the days out takes one or two, once in months."""


async def learn_days(calendar: Calendar, path: Path, clock: Clock) -> None:
    """Teach ``calendar`` the days around now that the archive at ``path`` has, which is first given those it lacks."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_WAIT), Archive(path, clock, calendar) as archive:
            archive.start()
            await fill(archive, calendar, clock().date(), ask_calendars)


def last_days(path: Path) -> dict[str, str]:
    """The last local date (ISO) that the archive at ``path`` knows of each exchange, by its code; empty without one.

    Reads a file and changes nothing.
    """
    if not path.exists():
        return {}
    with suppress(sqlite3.Error, OSError), closing(Store.look(path)) as store:
        return store.last_days()
    return {}
