"""Keeps the calendar in use filled: from the archive, and once in a long while from exchange_calendars."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta

from aiwatch.archive.archive import Archive
from aiwatch.archive.calendars import CALENDARS, ask_calendars
from aiwatch.archive.recall import DAYS_BEHIND
from aiwatch.market.calendar.session import Calendar, Day
from aiwatch.market.state import Clock

AskCalendars = Callable[[date, date], Awaitable[tuple[Day, ...]]]
"""Gives the days between two dates of every exchange."""

LACKING_DAYS = 60
"""Sessions are asked for when those of any exchange end sooner than this."""

YEAR_DAYS = 366
ASK_AGAIN_DAYS = 7
"""How long to wait before asking again for sessions that are not decreed yet."""

LOOK_SECONDS = 6 * 3600.0
"""How often a screen that stays open looks again."""

_ASKED = "calendars asked"


@asynccontextmanager
async def kept_calendar(
    archive: Archive, calendar: Calendar, clock: Clock, ask: AskCalendars = ask_calendars
) -> AsyncIterator[None]:
    """Fill ``calendar`` as long as the block runs, beginning when ``archive`` was started."""

    async def look() -> None:
        await archive.started.wait()
        while True:
            await fill(archive, calendar, clock().date(), ask)
            await asyncio.sleep(LOOK_SECONDS)

    task = asyncio.create_task(look(), name="calendar")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def fill(archive: Archive, calendar: Calendar, today: date, ask: AskCalendars = ask_calendars) -> bool:
    """Teach ``calendar`` the days from now on that the archive has, after asking for those it lacks.

    Returns whether calendars were asked: not when the archive has the coming `LACKING_DAYS`, and only once in
    `ASK_AGAIN_DAYS` for what no calendar has yet.
    """
    first, last = today - timedelta(days=DAYS_BEHIND), today + timedelta(days=YEAR_DAYS)
    lacks = await is_lacking(archive, today)
    if lacks:
        days = await ask(first, last)
        calendar.learn(days)
        if days and await archive.keep_days(days):
            await archive.note(_ASKED, today.isoformat())
    calendar.learn(await archive.days(first, last))
    return lacks


async def is_lacking(archive: Archive, today: date) -> bool:
    """Whether the archive lacks sessions of the coming days that a calendar may have."""
    horizon = (today + timedelta(days=LACKING_DAYS)).isoformat()
    last_days = await archive.last_days(today + timedelta(days=YEAR_DAYS))
    if all(last_days.get(code, "") >= horizon for codes in CALENDARS.values() for code in codes):
        return False
    asked_on = await archive.fact(_ASKED)
    return not (today - timedelta(days=ASK_AGAIN_DAYS)).isoformat() < asked_on <= today.isoformat()
