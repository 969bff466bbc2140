"""The board's columns of history, from kept bars."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from aiwatch.market.bars import Bar, Series, adjusted, months_before
from aiwatch.market.bars.adjustment import events_by_day, step_of
from aiwatch.market.calendar.final_days import DayOf, session_after
from aiwatch.market.history_figures import HistoryFigures, References

STRIP = 20
"""Closes in the strip, that of now included."""
SLACK_DAYS = 15
"""Days that a close may be older than the day it stands for: longer than any exchange here was ever closed."""
_SESSIONS = 5


def figures_of(series: Series, day_of: DayOf) -> HistoryFigures | None:
    """What a live price is held against, of a daily unadjusted ``series`` with all its events; ``None`` without bars.

    Five days are five sessions; months and the year count back on the calendar, to the last close on or before that
    date; the year to date counts from the last close of the year before. The first bars of a series stand for no day
    before them. Where a session is missing, nothing is claimed of what it may have been.
    """
    bars = adjusted(series).bars
    if not bars:
        return None
    days = [series.day_of(bar) for bar in bars]
    last = days[-1]
    following = session_after(series.symbol.exchange, day_of, last)
    events = events_by_day(event for event in series.events if last < event.day <= following)
    step = 1.0
    for day in sorted(events):
        step *= step_of(events[day], bars[-1].close * step)
    return HistoryFigures(
        last,
        bars[-1].close,
        following,
        _references(bars[:-1], days[:-1], last, series.missing),
        _references(bars, days, following, series.missing),
        step,
    )


def _references(bars: Sequence[Bar], days: Sequence[date], today: date, missing: Sequence[date]) -> References:
    """What a price of ``today`` is held against, of the sessions before it."""

    def is_whole(first: date, end: date) -> bool:
        """Whether no session is missing after ``first`` and before ``end``."""
        return bisect_right(missing, first) == bisect_left(missing, end)

    def since(day: date) -> float | None:
        """The close of ``day``, or the last one before."""
        at = bisect_right(days, day) - 1
        if (
            at < 0
            or (day - days[at]).days > SLACK_DAYS
            or bisect_right(missing, days[at]) != bisect_right(missing, day)
        ):
            return None
        return bars[at].close

    def lately(count: int) -> Sequence[Bar]:
        """The last ``count`` sessions before today; none where there are fewer, or one is missing."""
        return bars[-count:] if len(bars) >= count and is_whole(days[-count], today) else ()

    year_ago = months_before(today, 12)
    year = bisect_right(days, year_ago)
    five, strip = lately(_SESSIONS), lately(STRIP - 1)
    high = max((bar.high for bar in bars[year:]), default=None)
    return References(
        five_days=five[0].close if five else None,
        month=since(months_before(today, 1)),
        half_year=since(months_before(today, 6)),
        year_to_date=since(date(today.year - 1, 12, 31)),
        year=since(year_ago),
        high=high if year and is_whole(year_ago, today) else None,
        closes=tuple(bar.close for bar in strip),
    )
