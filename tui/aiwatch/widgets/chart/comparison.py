"""Several series from a common start, each as its change in percent since then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from aiwatch.market.bars import Range, Series, rebased
from aiwatch.widgets.chart.columns import columns_of, local
from aiwatch.widgets.chart.data import View
from aiwatch.widgets.chart.drawing.picture import Line, Picture
from aiwatch.widgets.chart.prepared import Prepared


def comparison(prepared: Prepared, view: View, shown: Series) -> Picture:
    """All series from a common start, each as its change in percent since then; those of a day from their closes of the
    day before, where these are known."""
    data = prepared.data
    several, names = [shown], [data.name or shown.symbol.text]
    for each in data.compared:
        several.append(_between(prepared.ranged(each.series, view), shown))
        names.append(each.name)
    moments, lines = _minutes_rebased(several, view) if shown.interval.is_intraday else _days_rebased(several)
    if not moments:
        return Picture(decimals=data.decimals)
    columns = {column.first: column for column in columns_of(shown, shown.bars, {}, data, is_joined=False)}
    places = tuple(columns.get(moment) for moment in moments)
    first = next((column for column in places if column is not None), None)
    return Picture(
        moments=moments,
        columns=places,
        intraday=shown.interval.is_intraday,
        decimals=data.decimals,
        base=first.candle.close if first is not None else None,
        has_price=not data.basket,
        lines=tuple(Line(name, line) for name, line in zip(names, lines, strict=True)),
    )


_Lines = tuple[tuple[datetime, ...], list[tuple[float | None, ...]]]


def _days_rebased(several: Sequence[Series]) -> _Lines:
    common = rebased(several)
    if common is None:
        return (), []
    moments = tuple(local(day, several[0].zone) for day in common.days)
    return moments, [tuple(None if value is None else value - 100 for value in line) for line in common.lines]


def _minutes_rebased(several: Sequence[Series], view: View) -> _Lines:
    closes = [{bar.when: bar.close for bar in series.bars} for series in several]
    common = set.intersection(*map(set, closes))
    if not common:
        return (), []
    start = min(common)
    before = [series.previous_close for series in several]
    is_day = view.range is Range.DAY and view.window is None
    bases = [close for close in before if close] if is_day and all(before) else [line[start] for line in closes]
    times = sorted({when for line in closes for when in line if when >= start})
    lines = [
        tuple((line[when] / base - 1) * 100 if when in line else None for when in times)
        for line, base in zip(closes, bases, strict=True)
    ]
    return tuple(local(when, several[0].zone) for when in times), lines


def _between(series: Series, shown: Series) -> Series:
    """The bars of ``series`` on the days of ``shown``."""
    if not shown.bars:
        return series
    first, last = shown.day_of(shown.bars[0]), shown.day_of(shown.bars[-1])
    at = next((at for at, bar in enumerate(series.bars) if series.day_of(bar) >= first), len(series.bars))
    previous = series.bars[at - 1].close if at else series.previous_close
    bars = tuple(bar for bar in series.bars[at:] if series.day_of(bar) <= last)
    return replace(series, bars=bars, previous_close=previous)
