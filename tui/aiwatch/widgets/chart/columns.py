"""From bars to the columns of a picture: their dated events, and the days that closed at their limit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from aiwatch.formatting.text import price
from aiwatch.market.bars import Bar, Basis, Event, EventKind, Interval, Series, factors
from aiwatch.market.bars.adjustment import FREE_SESSIONS
from aiwatch.market.calendar.hours import zone_of
from aiwatch.market.quote import limit_prices
from aiwatch.market.symbol import BSE
from aiwatch.widgets.chart.data import ChartData
from aiwatch.widgets.chart.drawing.candles import Candle
from aiwatch.widgets.chart.drawing.picture import DIVIDEND, LEDGER, SPLIT, Column

_NEAR_LIMIT = 0.9
"""The share of the daily limit that a close must have moved by for its limit price to be worked out."""


def local(when: date | datetime, zone: str) -> datetime:
    """A bar's time where its exchange is; a day's is its midnight."""
    if isinstance(when, datetime):
        return when.astimezone(zone_of(zone)).replace(tzinfo=None)
    return datetime(when.year, when.month, when.day)  # noqa: DTZ001


def columns_of(
    series: Series, bars: Sequence[Bar], limit_days: dict[date, int], data: ChartData, *, is_joined: bool
) -> list[Column]:
    """A column for each of ``bars``, which are those of ``series`` or, where ``is_joined``, several of them in one;
    with the dated events and the ``limit_days`` of its days."""
    columns: list[Column] = []
    before, first = series.previous_close, 0
    starts = [local(bar.when, series.zone) for bar in series.bars] if is_joined and not _is_timed(bars) else []
    events = _events_by_bar(series, bars, data)
    for index, (when, opened, high, low, close, volume, _, _) in enumerate(bars):
        last = local(when, series.zone)
        begins = last
        if starts:
            begins = starts[first]
            first = bisect_left(starts, last + timedelta(days=1), lo=first)
        sign, words = events.get(index, ("", ()))
        limit = 0
        if limit_days and begins == last:
            limit = limit_days.get(last.date(), 0)
        elif limit_days:
            limit = next((limit_days[day] for day in _days_of(begins, last) if day in limit_days), 0)
        shares = None if volume is None else float(volume)
        columns.append(Column(begins, last, Candle(opened, high, low, close), shares, before, limit, sign, words))
        before = close
    return columns


def _is_timed(bars: Sequence[Bar]) -> bool:
    return bool(bars) and isinstance(bars[0].when, datetime)


def _days_of(first: datetime, last: datetime) -> Iterable[date]:
    return (first.date() + timedelta(days=step) for step in range((last - first).days + 1))


def _events_by_bar(series: Series, bars: Sequence[Bar], data: ChartData) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Sign and words of the dated events, by the first bar on or after their day."""
    if not bars:
        return {}
    days = [series.day_of(bar) for bar in bars]
    begin = series.day_of(series.bars[0])
    marks: dict[int, tuple[str, tuple[str, ...]]] = {}
    dated = [(event.day, *_event_words(event, series.currency)) for event in series.events]
    dated += [(event.day, LEDGER, event.words) for event in data.events]
    for day, sign, words in sorted(dated):
        index = bisect_left(days, day)
        if begin <= day and index < len(days):
            had_sign, had = marks.get(index, ("", ()))
            marks[index] = (LEDGER if LEDGER in (had_sign, sign) else sign, (*had, f"{sign} {words}"))
    return marks


def _event_words(event: Event, currency: str) -> tuple[str, str]:
    if event.kind is EventKind.DIVIDEND:
        return DIVIDEND, f"ex-dividend {price(event.value, 3).rstrip('0').rstrip('.')} {currency}".rstrip()
    return SPLIT, f"split {event.value:g} for 1"


def limit_days_of(series: Series, decimals: int) -> dict[date, int]:
    """The days of ``series`` that closed at their limit, by the rule for the symbol, on unadjusted prices: 1 for limit
    up, -1 for limit down. Nothing where no rule gives a limit, and for the first days of a listing."""
    symbol, percent = series.symbol, series.symbol.daily_limit
    if not percent or series.basis is not Basis.UNADJUSTED or series.interval is not Interval.DAY:
        return {}
    free = FREE_SESSIONS if series.complete_from is None else 0
    half_tick = 0.5 * 10.0**-decimals
    steps = factors(series)
    limits: dict[date, int] = {}
    for at in range(max(1, free), len(series.bars)):
        bar = series.bars[at]
        reference = series.bars[at - 1].close * steps[at - 1] / steps[at]
        if abs(bar.close - reference) * 100 <= reference * percent * _NEAR_LIMIT:
            continue
        upper, lower = limit_prices(reference, percent, decimals, inwards=symbol.exchange is BSE)
        limit = 1 if bar.close >= upper - half_tick else -1 if bar.close <= lower + half_tick else 0
        if limit:
            limits[series.day_of(bar)] = limit
    return limits
