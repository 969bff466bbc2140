"""Parts of a series, longer bars, and several series from a common start, without pandas."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.bars.values import Bar, Interval, Range, Series
from aiwatch.market.symbol import Symbol

REANCHOR = timedelta(minutes=60)
"""A pause after which minutes are grouped anew: no lunch break is shorter."""


def since(series: Series, first: date) -> Series:
    """The bars of ``series`` from the local date ``first`` on, with the close before them as ``previous_close``."""
    start = bisect_left(series.bars, first, key=series.day_of)
    if not start:
        return series
    missing = tuple(day for day in series.missing if day >= first)
    return replace(series, bars=series.bars[start:], previous_close=series.bars[start - 1].close, missing=missing)


def last_sessions(series: Series, count: int) -> Series:
    """The bars of the last ``count`` local dates that have any."""
    days: list[date] = []
    for bar in reversed(series.bars):
        day = series.day_of(bar)
        if not days or day != days[-1]:
            if len(days) == count:
                break
            days.append(day)
    return since(series, days[-1]) if days else series


def within(series: Series, span: Range, today: date) -> Series:
    """The part of ``series`` that ``span`` shows when it ends ``today``."""
    if span.sessions is not None:
        return last_sessions(series, span.sessions)
    first = span.first_day(today)
    return series if first is None else since(series, first)


def resampled(series: Series, interval: Interval) -> Series:
    """``series`` in longer bars: days to ISO weeks or months, minutes to more minutes or to days.

    Minutes are counted from the first bar of a day and of what follows a pause, so that an hour begins at 9:30 where
    the session does. Raises `ValueError` for an interval that is shorter.
    """
    if interval is series.interval:
        return series
    minutes, have = interval.minutes, series.interval.minutes
    is_shorter = minutes is not None and (have is None or minutes < have)
    if is_shorter or list(Interval).index(interval) < list(Interval).index(series.interval):
        raise ValueError(f"bars of {series.interval} cannot be made bars of {interval}")
    groups: Iterable[tuple[date | datetime, list[Bar]]]
    if minutes is not None:
        groups = _by_minutes(series, timedelta(minutes=minutes))
    else:
        groups = _by_key(series, _KEYS[interval])
    bars = tuple(_joined(group, when) for when, group in groups)
    return replace(series, interval=interval, bars=bars)


def grouped(series: Series, count: int) -> tuple[Bar, ...]:
    """``count`` bars in each, counted from the newest, so that only the oldest may be of fewer.

    ``when`` is that of the last bar of a group. For a chart without room; the series keeps its interval.
    """
    bars = series.bars
    ends = range(len(bars), 0, -count)
    groups = [bars[max(0, end - count) : end] for end in ends]
    return tuple(_joined(group, group[-1].when) for group in reversed(groups))


class Rebased(Struct, frozen=True):
    """Several series from a common start, at 100 each. ``lines`` has one value a day of ``days`` and a line a series,
    ``None`` where that one has no session. ``shared`` is the number of days that all have, ``younger`` the symbols
    whose bars begin after the first day asked for, which is why the start is later."""

    start: date
    days: tuple[date, ...]
    lines: tuple[tuple[float | None, ...], ...]
    shared: int
    younger: tuple[Symbol, ...]


def rebased(several: Sequence[Series]) -> Rebased | None:
    """The closes of ``several`` daily series over that of their first common session, times 100; ``None`` without one.

    As they are: adjust them first. A line has only its own sessions: nothing is filled in on another's holiday.
    """
    closes = [{series.day_of(bar): bar.close for bar in series.bars} for series in several]
    common = set.intersection(*map(set, closes)) if closes else set()
    if not common:
        return None
    start = min(common)
    earliest = min(min(line) for line in closes)
    days = sorted({day for line in closes for day in line if day >= start})
    lines = tuple(
        tuple(None if (close := line.get(day)) is None else close / line[start] * 100 for day in days)
        for line in closes
    )
    late = timedelta(days=7)  # a holiday at the start makes nobody young
    younger = tuple(series.symbol for series, line in zip(several, closes, strict=True) if min(line) > earliest + late)
    return Rebased(start, tuple(days), lines, len(common), younger)


def _joined(group: Sequence[Bar], when: date | datetime) -> Bar:
    volumes = [bar.volume for bar in group if bar.volume is not None]
    amounts = [bar.amount for bar in group if bar.amount is not None]
    return Bar(
        when,
        group[0].open,
        max(bar.high for bar in group),
        min(bar.low for bar in group),
        group[-1].close,
        sum(volumes) if volumes else None,
        sum(amounts) if len(amounts) == len(group) else None,
        all(bar.final for bar in group),
    )


_KEYS: dict[Interval, Callable[[date], tuple[int, ...]]] = {
    Interval.DAY: lambda day: (day.toordinal(),),
    Interval.WEEK: lambda day: day.isocalendar()[:2],
    Interval.MONTH: lambda day: (day.year, day.month),
}


def _by_key(series: Series, key: Callable[[date], tuple[int, ...]]) -> Iterator[tuple[date, list[Bar]]]:
    days = map(series.day_of, series.bars)
    for _, group in groupby(zip(days, series.bars, strict=True), key=lambda each: key(each[0])):
        dated = list(group)
        yield dated[-1][0], [bar for _, bar in dated]


def _by_minutes(series: Series, length: timedelta) -> Iterator[tuple[datetime, list[Bar]]]:
    group: list[Bar] = []
    anchor = start = datetime.min.replace(tzinfo=UTC)
    last: Bar | None = None
    for bar in series.bars:
        when = bar.when
        assert isinstance(when, datetime)
        is_anew = last is None or series.day_of(bar) != series.day_of(last) or when - _moment(last) >= REANCHOR
        if is_anew:
            anchor = when
        begins = anchor + (when - anchor) // length * length
        if group and begins != start:
            yield start, group
            group = []
        start, last = begins, bar
        group.append(bar)
    if group:
        yield start, group


def _moment(bar: Bar) -> datetime:
    assert isinstance(bar.when, datetime)
    return bar.when
