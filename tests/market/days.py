"""Days of calendars, written down by hand from what the exchanges published."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from aiwatch.market.calendar.session import Day
from aiwatch.market.symbol import EXCHANGES

HOURS = {
    "SSE": ("09:30", "11:30", "13:00", "15:00"),
    "HKEX": ("09:30", "12:00", "13:00", "16:00"),
    "US": ("09:30", "", "", "16:00"),
    "TSE": ("09:00", "11:30", "12:30", "15:30"),
    "LSE": ("08:00", "", "", "16:30"),
}


def holiday(code: str, day: str) -> Day:
    """A day on which the exchange stays closed."""
    return Day(code, date.fromisoformat(day))


def trading(code: str, day: str, hours: tuple[str, str, str, str] | None = None, *, half: bool = False) -> Day:
    """A day on which it trades, by local clock times (open, break, close), the usual ones unless given."""
    local, zone = date.fromisoformat(day), ZoneInfo(EXCHANGES[code].zone)
    opens, starts, ends, closes = (
        datetime.combine(local, time.fromisoformat(clock), zone).astimezone(UTC) if clock else None
        for clock in hours or HOURS[code]
    )
    return Day(code, local, opens, closes, break_starts=starts, break_ends=ends, is_half=half)


def local(code: str, text: str) -> datetime:
    """The moment (UTC) of a local date and time of the exchange."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(EXCHANGES[code].zone)).astimezone(UTC)


GOLDEN_WEEK = (
    trading("SSE", "2026-09-30"),
    *(holiday("SSE", f"2026-10-0{number}") for number in (1, 2, 5, 6, 7)),
    trading("SSE", "2026-10-08"),
)
"""Mainland China in 2026: closed from Thursday 1 to Wednesday 7 October."""
