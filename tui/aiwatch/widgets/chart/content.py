"""From price bars to a picture: the range, what is zoomed to, the hours of a day, the average price.

Pure: from what a screen gives, and how a person wants it, to plain values for the drawing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.bars import Range, Series
from aiwatch.widgets.chart.columns import columns_of, local
from aiwatch.widgets.chart.comparison import comparison
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.candles import Candle
from aiwatch.widgets.chart.drawing.picture import Column, Picture
from aiwatch.widgets.chart.prepared import Prepared
from aiwatch.widgets.chart.selection import base_of, fitted, windowed

CELLS_A_CANDLE = 2
"""Columns that a candle needs; where there are fewer, bars are joined."""
POINTS_A_CELL = 8
"""Bars of a line that a column holds at most; of more, weeks and longer ones are drawn."""
AXIS_ROOM = 11
"""Columns taken to be those of the price axis when bars are joined."""
_UNIT_SLACK = 0.01
"""How far an average price may lie outside the day's range before its volume is taken to be in other units."""


class Built(Struct, frozen=True):
    """A picture; the number of bars that its range has, whatever is zoomed to; and the sessions missing among them."""

    picture: Picture = Picture()
    count: int = 0
    missing: tuple[date, ...] = ()


def build(prepared: Prepared, view: View, width: int) -> Built:
    """The picture of ``prepared`` in ``view`` for a chart of ``width`` cells."""
    data = prepared.data
    whole = prepared.ranged(data.series, view)
    shown = windowed(whole, view.window)
    picture = comparison(prepared, view, shown) if data.is_rebased else _picture(prepared, view, shown, width)
    return Built(picture, len(whole.bars), whole.missing)


def _picture(prepared: Prepared, view: View, shown: Series, width: int) -> Picture:
    data = prepared.data
    room = max(1, width - AXIS_ROOM)
    bars, joined, interval = fitted(shown, max(1, room // CELLS_A_CANDLE) if view.has_candles else room * POINTS_A_CELL)
    columns = columns_of(shown, bars, prepared.limit_days, data, is_joined=bool(joined))
    picture = Picture(
        moments=tuple(column.first for column in columns),
        columns=tuple(columns),
        intraday=interval.is_intraday,
        candles=view.has_candles,
        joined=joined,
        decimals=data.decimals,
        base=base_of(shown, view, data),
    )
    if view.range is not Range.DAY or view.window is not None or not shown.interval.is_intraday:
        return picture
    previous = data.previous_close if data.previous_close is not None else shown.previous_close
    picture = replace(picture, base=previous or picture.base, previous_close=previous, limits=data.limits)
    return picture if view.has_candles else _over_session(picture, columns, data, shown)


def _over_session(picture: Picture, columns: Sequence[Column], data: ChartData, shown: Series) -> Picture:
    """``picture`` with a place for every interval of the day's sessions, those still to come too, and with the average
    price."""
    step = timedelta(minutes=shown.interval.minutes or 1)
    moments: list[datetime] = []
    for start, end in data.hours:
        moment, last = local(start, shown.zone), local(end, shown.zone)
        while moment < last:
            moments.append(moment)
            moment += step
    if not moments or not columns or moments[0].date() != columns[0].first.date():
        return replace(picture, average=_average(shown, columns))
    places: list[Column | None] = [None] * len(moments)
    for column in columns:
        at = min(len(moments) - 1, max(0, bisect_left(moments, column.first + step) - 1))
        held = places[at]
        places[at] = column if held is None else _merged(held, column)
    return replace(picture, moments=tuple(moments), columns=tuple(places), average=_average(shown, places))


def _merged(first: Column, second: Column) -> Column:
    """Two bars that fall in one place, as the closing auction's does in the last minute."""
    candle = Candle(
        first.candle.open,
        max(first.candle.high, second.candle.high),
        min(first.candle.low, second.candle.low),
        second.candle.close,
    )
    volumes = [volume for volume in (first.volume, second.volume) if volume is not None]
    return replace(
        second, first=first.first, candle=candle, volume=sum(volumes) if volumes else None, before=first.before
    )


def _average(series: Series, places: Sequence[Column | None]) -> tuple[float | None, ...]:
    """The average price so far at each place: turnover over volume since the day's first bar. Empty where a bar lacks
    either, for then it is not known; nor where it would lie outside the day's prices, for then their units differ."""
    amount, shares = 0.0, 0
    lowest, highest = float("inf"), 0.0
    averages: dict[datetime, float] = {}
    for bar in series.bars:
        if bar.volume is None or bar.amount is None:
            return ()
        amount, shares = amount + bar.amount, shares + bar.volume
        lowest, highest = min(lowest, bar.low), max(highest, bar.high)
        average = amount / shares if shares else bar.close
        if not lowest * (1 - _UNIT_SLACK) <= average <= highest * (1 + _UNIT_SLACK):
            return ()
        averages[local(bar.when, series.zone)] = average
    return tuple(None if column is None else averages.get(column.last) for column in places)
