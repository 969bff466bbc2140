"""Makes the module `aiwatch.market.calendar.holiday_table` anew out of exchange_calendars.

Run it as ``python -m tests.market.calendar.make_holiday_table``.

From the first of January of this year to the end of the next, as far as each calendar is recorded.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import wrap
from zoneinfo import ZoneInfo

import aiwatch.market.calendar.hours
from aiwatch.archive.calendars import CALENDARS, work_out
from aiwatch.market.calendar.hours import Day, usual_day
from aiwatch.market.symbol import EXCHANGES

_HEAD = '''"""Days on which exchanges stay closed or keep other hours; made by
`tests.market.calendar.make_holiday_table`."""

TABLE: dict[str, str] = {'''
_FOOT = '"""By the codes of the exchanges: the first and the last date, then the days, holidays without hours."""'


def table_of(days: list[Day]) -> str:
    """The module's text for ``days``."""
    parts = [_HEAD]
    for codes in CALENDARS.values():
        own = sorted((day for day in days if day.code == codes[0]), key=lambda day: day.date)
        words = [word for day in own if (word := _word(day))]
        lines = wrap(" ".join(words), 110, break_on_hyphens=False)
        parts += [f'    "{" ".join(codes)}": """', f"        {own[0].date} {own[-1].date}"]
        parts += [*(f"        {line}" for line in lines), '    """,']
    return "\n".join([*parts, "}", _FOOT, ""])


def _word(day: Day) -> str:
    if day.is_holiday:
        return day.date.isoformat()
    if day == usual_day(EXCHANGES[day.code], day.date):
        return ""
    zone = ZoneInfo(EXCHANGES[day.code].zone)
    opens, starts, ends, closes = (
        f"{moment.astimezone(zone):%H:%M}" if moment else ""
        for moment in (day.opens, day.break_starts, day.break_ends, day.closes)
    )
    return f"{day.date}={opens}-{f'{starts}/{ends}-' if starts else ''}{closes}"


def main() -> None:
    """Write the table."""
    year = datetime.now(UTC).year
    days = list(work_out(date(year, 1, 1), date(year + 1, 12, 31)))
    Path(aiwatch.market.calendar.hours.__file__).with_name("holiday_table.py").write_text(
        table_of(days), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
