"""The trading days for a command that runs once: what the archive keeps, filled as the screen does."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

from aiwatch.archive.archive import Archive
from aiwatch.archive.calendar_refresh import fill
from aiwatch.archive.calendars import CALENDARS, ask_calendars
from aiwatch.archive.recall import DAYS_AHEAD, DAYS_BEHIND
from aiwatch.archive.store import Store
from aiwatch.market.calendar.holidays import shipped_until
from aiwatch.market.calendar.session import Calendar
from aiwatch.market.state import Clock
from aiwatch.market.symbol import EXCHANGES

LONGEST_WAIT = 4.0
"""Seconds after which a command goes on by the usual hours. Working the days out takes two or three, once in months;
where it takes longer, a command tries it once a day, and the screen has more patience."""
NEXT_DAYS = 4
_GAVE_UP = "calendars took too long"


async def learn_days(calendar: Calendar, path: Path, clock: Clock) -> None:
    """Teach ``calendar`` the days around now that the archive at ``path`` has.

    Nothing is worked out for it, in a child process, while the table that aiwatch comes with reaches far enough.
    """
    today = clock().date()
    async with Archive(path, clock, calendar) as archive:
        archive.start()
        if is_shipped(today) or await archive.fact(_GAVE_UP) == today.isoformat():
            calendar.learn(await archive.days(today - timedelta(days=DAYS_BEHIND), today + timedelta(days=DAYS_AHEAD)))
            return
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await fill(archive, calendar, today, ask_calendars)
        except TimeoutError:
            await archive.note(_GAVE_UP, today.isoformat())


def is_shipped(today: date) -> bool:
    """Whether the table that aiwatch comes with has the coming days, over a weekend, of every exchange it has."""
    reach = today + timedelta(days=NEXT_DAYS)
    codes = (code for codes in CALENDARS.values() for code in codes)
    return all((shipped_until(EXCHANGES[code]) or date.min) >= reach for code in codes)


def last_days(path: Path) -> dict[str, str]:
    """The last local date (ISO) of each exchange, by its code, of which it is known whether it is a holiday: by the
    table that aiwatch comes with, or by the archive at ``path`` where that reaches further.

    Reads a file and changes nothing.
    """
    codes = [code for codes in CALENDARS.values() for code in codes]
    days = {code: last.isoformat() for code in codes if (last := shipped_until(EXCHANGES[code])) is not None}
    if path.exists():
        with suppress(sqlite3.Error, OSError), closing(Store.look(path)) as store:
            days |= {code: max(last, days.get(code, last)) for code, last in store.last_days().items()}
    return days
