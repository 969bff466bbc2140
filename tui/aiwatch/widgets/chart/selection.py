"""Which bars are shown: those of the range, those zoomed to, and joined where there is no room for each."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from aiwatch.market.bars import Bar, Interval, Range, Series, grouped, resampled
from aiwatch.widgets.chart.data import ChartData, View

SLACK = timedelta(days=12)
"""How much later than the range bars may begin and still cover it: it is asked for up to today, which may be a day
without a session, and the longest holiday may lie at its start."""
LEAST_BARS = 8
"""Bars that a zoom leaves at least."""
_WORDS = {
    Interval.FIVE_MINUTES: "5 minutes",
    Interval.QUARTER_HOUR: "15 minutes",
    Interval.HALF_HOUR: "30 minutes",
    Interval.HOUR: "hours",
    Interval.DAY: "days",
    Interval.WEEK: "weeks",
    Interval.MONTH: "months",
}


def fitted(series: Series, most: int) -> tuple[tuple[Bar, ...], str, Interval]:
    """The bars of ``series``, joined into the shortest usual longer ones of which there are at most ``most``; in words
    what they are joined to, empty if they are not; and their interval."""
    if len(series.bars) <= most:
        return series.bars, "", series.interval
    longer = series
    for interval in list(Interval)[list(Interval).index(series.interval) + 1 :]:
        longer = resampled(series, interval)
        if len(longer.bars) <= most:
            return longer.bars, _WORDS[interval], interval
        if interval is Interval.WEEK and len(longer.bars) <= 2 * most:
            return grouped(longer, 2), "2 weeks", interval
    for months, words in ((3, "3 months"), (12, "12 months")):
        bars = grouped(longer, months)
        if len(bars) <= most:
            return bars, words, Interval.MONTH
    count = -(-len(longer.bars) // most)
    return grouped(longer, count), f"{count} months", Interval.MONTH


def zoomed(window: tuple[int, int] | None, count: int, anchor: int, factor: float) -> tuple[int, int] | None:
    """The bars to show of ``count`` when ``factor`` times as many as in ``window`` are wanted, around the bar
    ``anchor``, which keeps its place; ``None`` for all of them."""
    first, end = window or (0, count)
    count_shown = max(min(LEAST_BARS, count), round((end - first) * factor))
    if count_shown >= count:
        return None
    share = (anchor - first) / max(1, end - first - 1)
    start = min(count - count_shown, max(0, round(anchor - share * (count_shown - 1))))
    return start, start + count_shown


def windowed(series: Series, window: tuple[int, int] | None) -> Series:
    """The bars of ``series`` that are zoomed to."""
    if window is None:
        return series
    first, end = window
    previous = series.bars[first - 1].close if 0 < first <= len(series.bars) else series.previous_close
    return replace(series, bars=series.bars[first:end], previous_close=previous)


def base_of(shown: Series, view: View, data: ChartData) -> float | None:
    """What the change over ``shown`` is counted from: the close of the range's first day where that was a session, else
    the last one before it, as it is for the year to date; the first close there is, where none before it is known."""
    if not shown.bars:
        return None
    first, last = shown.bars[0], data.last_day
    if view.window is None and view.range is not Range.YEAR_TO_DATE and last is not None:
        begins = view.range.first_day(last)
        if begins == shown.day_of(first):
            return first.close
    return shown.previous_close or first.close


def covers(series: Series, view: View, data: ChartData) -> bool:
    """Whether ``series`` has what the range needs: bars of its kind, and as far back as was ever asked for."""
    span, last = view.range, data.last_day
    if series.interval.is_intraday != span.interval.is_intraday or last is None:
        return False
    if span.sessions is not None:
        return series.complete_from is None or len(set(series.days)) >= span.sessions
    first = span.first_day(last)
    return series.complete_from is None or (first is not None and series.complete_from <= first + SLACK)


def begins_late(series: Series, view: View, data: ChartData) -> bool:
    """Whether days were asked for from before the range on and the first that came is well inside of it: the share is
    younger, or a source cut its answer."""
    last = data.last_day
    first = None if last is None or view.range.sessions is not None else view.range.first_day(last)
    return first is not None and bool(series.bars) and series.day_of(series.bars[0]) > first + SLACK
