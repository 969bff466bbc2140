"""The holidays and the short days of about two years, so that a first run knows them before any calendar is asked.

`holiday_table` is made of exchange_calendars by ``python -m tests.market.calendar.make_holiday_table``; a test checks
it against that. What exchange_calendars says later, in a child process, goes before it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aiwatch.market.calendar.holiday_table import TABLE
from aiwatch.market.calendar.hours import Day, usual_day
from aiwatch.market.exchanges import Exchange


class _Entry(NamedTuple):
    """What the table has of an exchange: from when to when, and the hours of the days that are not as usual."""

    first: date
    last: date
    unusual: dict[date, str]


@lru_cache(maxsize=512)
def shipped_day(exchange: Exchange, local: date) -> Day | None:
    """What the table says of the weekday ``local`` of ``exchange``; ``None`` where it does not reach."""
    entry = _entries().get(exchange.code)
    if entry is None or not entry.first <= local <= entry.last or local.weekday() >= 5:
        return None
    hours = entry.unusual.get(local)
    return usual_day(exchange, local) if hours is None else day_of(exchange, local, hours)


def shipped_until(exchange: Exchange) -> date | None:
    """The last date the table has of ``exchange``; ``None`` when it has none."""
    entry = _entries().get(exchange.code)
    return None if entry is None else entry.last


def day_of(exchange: Exchange, local: date, hours: str) -> Day:
    """The day whose local ``hours`` are written as ``09:30-11:30/13:00-15:00``, without a break as ``09:30-13:00``; a
    holiday has none."""
    if not hours:
        return Day(exchange.code, local)
    zone = ZoneInfo(exchange.zone)
    opens, *breaks, closes = (
        datetime.combine(local, time.fromisoformat(clock), zone).astimezone(UTC)
        for clock in hours.replace("/", "-").split("-")
    )
    starts, ends = breaks or (None, None)
    usual = usual_day(exchange, local)
    is_half = usual.closes is not None and closes < usual.closes
    return Day(exchange.code, local, opens, closes, break_starts=starts, break_ends=ends, is_half=is_half)


@lru_cache(maxsize=1)
def _entries() -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for codes, text in TABLE.items():
        first, last, *days = text.split()
        parts = (day.partition("=") for day in days)
        unusual = {date.fromisoformat(local): hours for local, _, hours in parts}
        entry = _Entry(date.fromisoformat(first), date.fromisoformat(last), unusual)
        entries.update(dict.fromkeys(codes.split(), entry))
    return entries
