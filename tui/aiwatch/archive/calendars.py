"""Trading days as exchange_calendars knows them. Run as a program, so that pandas never enters the screen's process.

``python -m aiwatch.archive.calendars 2026-11-23 2027-11-23`` prints a JSON list of days, each a list in the order of
`day_rows.DAY_COLUMNS`. An exchange whose calendar cannot be made is left out, with the reason on standard error.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiwatch.archive.rows import day_to_row, row_to_day
from aiwatch.market.calendar.session import Day
from aiwatch.system.child_process import module_command, printed_by

CALENDARS = {
    "XSHG": ("SSE", "SZSE", "BSE"),
    "XHKG": ("HKEX",),
    "XNYS": ("US",),
    "XTKS": ("TSE",),
    "XTAI": ("TWSE", "TPEX"),
    "XKRX": ("KRX", "KOSDAQ"),
    "XETR": ("XETRA",),
    "XAMS": ("XAMS",),
    "XPAR": ("XPAR",),
    "XLON": ("LSE",),
}
"""The calendars by the names exchange_calendars gives them (ISO 10383), and the exchanges that keep each."""

CHILD_SECONDS = 60.0
"""How long the child process may take; it takes one or two."""


async def ask_calendars(
    first: date, last: date, *, command: tuple[str, ...] = module_command("aiwatch.archive.calendars")
) -> tuple[Day, ...]:
    """The days from ``first`` to ``last`` of every exchange, worked out by a child process; none when that fails."""
    printed = await printed_by((*command, first.isoformat(), last.isoformat()), seconds=CHILD_SECONDS)
    # A year of days of every exchange is too much to read at a stretch on the event loop.
    return () if printed is None else await asyncio.to_thread(days_of, printed)


def days_of(printed: bytes) -> tuple[Day, ...]:
    """The days that a child printed; those that do not read are left out."""
    try:
        rows = json.loads(printed)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(rows, list):
        return ()
    return tuple(day for row in rows if isinstance(row, list) and (day := row_to_day(tuple(row))) is not None)


def work_out(first: date, last: date) -> Iterator[Day]:
    """Every weekday from ``first`` to ``last`` of every calendar, as far as each is recorded. Imports pandas."""
    import exchange_calendars  # type: ignore[import-untyped]
    from pandas.tseries.holiday import AbstractHolidayCalendar  # type: ignore[import-untyped]

    # The years for which a rule is worked out where a calendar names none: Korea's took seconds from 1970 to 2200.
    AbstractHolidayCalendar.start_date = datetime(first.year - 1, 1, 1)  # noqa: DTZ001 - pandas has it without a zone
    AbstractHolidayCalendar.end_date = datetime(last.year + 1, 12, 31)  # noqa: DTZ001
    for name, codes in CALENDARS.items():
        try:
            calendar, end = _calendar(exchange_calendars.get_calendar, name, first, last)
            yield from _days(calendar, codes, first, end)
        except Exception as error:  # one calendar's slip leaves the others
            print(f"{name}: {error}", file=sys.stderr)  # noqa: T201


def _calendar(get: Callable[..., Any], name: str, first: date, last: date) -> tuple[Any, date]:
    """The calendar called ``name``, and how far it goes: some holidays are decreed and recorded year by year."""
    start = (first - timedelta(days=7)).isoformat()
    ends = [last, *(date(year, 12, 31) for year in range(last.year - 1, first.year - 1, -1))]
    for end in ends[:-1]:
        with suppress(ValueError):
            return get(name, start=start, end=end.isoformat()), end
    return get(name, start=start, end=ends[-1].isoformat()), ends[-1]


def _days(calendar: Any, codes: tuple[str, ...], first: date, last: date) -> Iterator[Day]:
    early = {early_close.date() for early_close in calendar.early_closes}
    sessions = {row.Index.date(): row for row in calendar.schedule.itertuples()}
    for ahead in range((last - first).days + 1):
        local = first + timedelta(days=ahead)
        row = sessions.get(local)
        for code in codes if row is not None or local.weekday() < 5 else ():
            yield Day(code, local) if row is None else _trading_day(code, local, row, local in early)


def _trading_day(code: str, local: date, row: Any, is_half: bool) -> Day:
    opens, starts, ends, closes = map(_moment, (row.open, row.break_start, row.break_end, row.close))
    return Day(code, local, opens, closes, break_starts=starts, break_ends=ends, is_half=is_half)


def _moment(stamp: Any) -> datetime | None:
    """A moment of pandas as one of ours; ``None`` for its "not a time", which alone differs from itself."""
    return None if stamp != stamp else datetime.fromtimestamp(stamp.timestamp(), UTC)


def main(arguments: list[str]) -> None:
    """Print the days between the two dates given."""
    if hasattr(os, "nice"):
        os.nice(10)
    first, last = map(date.fromisoformat, arguments)
    json.dump([day_to_row(day) for day in work_out(first, last)], sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
