"""A day of a calendar as a row of the archive and back. A row that does not read is no day."""

from __future__ import annotations

from datetime import date, datetime

from aiwatch.archive.schema import to_moment, to_number
from aiwatch.market.calendar.session import Day

DAY_COLUMNS = "exchange, day, opens, break_starts, break_ends, closes, is_half"
"""The columns of a row, in its order."""

DayRow = tuple[str, str, int | None, int | None, int | None, int | None, int]
"""Exchange, ISO date, four moments in microseconds since 1970 or nothing, and whether it is a half day."""


def day_to_row(day: Day) -> DayRow:
    """The row of ``day``."""
    opens, starts, ends, closes = map(_number, (day.opens, day.break_starts, day.break_ends, day.closes))
    return day.code, day.date.isoformat(), opens, starts, ends, closes, int(day.is_half)


def row_to_day(row: DayRow) -> Day | None:
    """The day of ``row``; ``None`` when it does not read."""
    try:
        code, local, opens, starts, ends, closes, is_half = row
        day = date.fromisoformat(local)
        moments = tuple(map(_moment, (opens, starts, ends, closes)))
        there = [moment for moment in moments if moment is not None]
        if there != sorted(there):
            return None
        return Day(
            str(code),
            day,
            moments[0],
            moments[3],
            break_starts=moments[1],
            break_ends=moments[2],
            is_half=bool(is_half),
        )
    except Exception:  # whatever the row holds, it is no day
        return None


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else to_number(moment)


def _moment(number: int | None) -> datetime | None:
    return None if number is None else to_moment(number)
