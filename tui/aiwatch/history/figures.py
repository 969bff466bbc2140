"""The board's columns of history, from kept bars."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from aiwatch.history.results import HistoryFigures
from aiwatch.market.bars import Series, adjusted, months_before

STRIP = 20
"""Closes in the strip."""
SLACK_DAYS = 15
"""Days that a close may be older than the day it stands for: longer than any exchange here was ever closed."""


def figures_of(series: Series, last_close: float | None = None) -> HistoryFigures:
    """The figures of a daily unadjusted ``series``.

    ``last_close`` takes the place of the last close: a live price, for one. Five days are five sessions; months and the
    year count back on the calendar, to the last close on or before that date; the year to date counts from the last
    close of the year before. The first bars of a series stand for no day before them.
    """
    bars = adjusted(series).bars
    if not bars:
        return HistoryFigures()
    days = [series.day_of(bar) for bar in bars]
    closes = [bar.close for bar in bars]
    price = closes[-1] if last_close is None else last_close
    today = days[-1]

    def since(day: date) -> float | None:
        at = bisect_right(days, day) - 1
        return None if at < 0 or (day - days[at]).days > SLACK_DAYS else (price / closes[at] - 1) * 100

    year = bisect_right(days, months_before(today, 12))
    high = max([bar.high for bar in bars[year:]] + [price])
    return HistoryFigures(
        five_days=(price / closes[-6] - 1) * 100 if len(closes) > 5 else None,
        month=since(months_before(today, 1)),
        half_year=since(months_before(today, 6)),
        year_to_date=since(date(today.year - 1, 12, 31)),
        year=since(months_before(today, 12)),
        from_high=(price / high - 1) * 100 if year else None,
        closes=tuple(closes[-STRIP:]),
    )
