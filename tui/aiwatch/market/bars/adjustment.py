"""Adjusting a series for its dividends and splits, without pandas.

A price adjusted for later events is rewritten by every further event, so it is computed here, and never kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import chain
from math import prod

from msgspec.structs import replace

from aiwatch.market.bars.values import Bar, Basis, Event, EventKind, Series

LIMIT_SLACK = 0.6
"""Percentage points that a close may lie beyond the daily limit: limit prices are rounded to the cent."""
FREE_SESSIONS = 5
"""Sessions after a listing in mainland China that have no limit (SSE, SZSE; Beijing: one)."""


def undo_splits(series: Series) -> Series:
    """``series`` as it was paid, of one whose source divides all prices by the splits since, as Yahoo does.

    Its events must have every split up to ``as_of``. Dividends are undone too, for such a source divides them as well;
    one on the day of a split is taken to be divided by the later ones alone.
    """
    splits = sorted((event for event in series.events if event.kind is EventKind.SPLIT), reverse=True)
    if not splits:
        return series

    def ratio_after(day: date) -> float:
        ratio = 1.0
        for event in splits:
            if event.day <= day:
                break
            ratio *= event.value
        return ratio

    ratios = [ratio_after(series.day_of(bar)) for bar in series.bars]
    bars = tuple(_scaled(bar, ratio, 1 / ratio) for bar, ratio in zip(series.bars, ratios, strict=True))
    events = tuple(
        event._replace(value=event.value * ratio_after(event.day)) if event.kind is EventKind.DIVIDEND else event
        for event in series.events
    )
    previous = series.previous_close
    if previous is not None and bars:
        previous *= ratio_after(series.day_of(bars[0]) - timedelta(days=1))
    return replace(series, bars=bars, events=events, previous_close=previous)


def factors(series: Series) -> tuple[float, ...]:
    """The factor of each bar: adjusted price is unadjusted price times it. 1 after the last event.

    The product over later events of (previous close - cash) / previous close / ratio, where the previous close is the
    unadjusted one of the session before the ex-date. A dividend as large as the price cannot be adjusted for and is
    left out.
    """
    return tuple(price for price, _ in _both_factors(series))


def adjusted(series: Series) -> Series:
    """``series`` adjusted for its events; the last bars keep their prices. Volumes are in shares of the last day: they
    are multiplied by the splits since."""
    if series.basis is Basis.ADJUSTED:
        return series
    both = _both_factors(series)
    bars = tuple(_scaled(bar, price, volume) for bar, (price, volume) in zip(series.bars, both, strict=True))
    previous = series.previous_close
    if previous is not None and bars:
        first = series.day_of(series.bars[0])
        opening = [event for event in series.events if event.day == first]
        previous *= bars[0].close / series.bars[0].close * step_of(opening, previous)
    return replace(series, bars=bars, basis=Basis.ADJUSTED, previous_close=previous)


def _both_factors(series: Series) -> list[tuple[float, float]]:
    """The factor of each bar's prices, and of its volume, which splits alone change."""
    if series.basis is Basis.ADJUSTED or not series.events:
        return [(1.0, 1.0)] * len(series.bars)
    by_day = events_by_day(series.events)
    price, volume, end = 1.0, 1.0, len(series.bars)
    later: list[list[tuple[float, float]]] = []
    for day in sorted(by_day, reverse=True):
        first = bisect_left(series.bars, day, key=series.day_of)
        if 0 < first < len(series.bars):  # what comes after the last bar has not happened to any price yet
            later.append([(price, volume)] * (end - first))
            price *= step_of(by_day[day], series.bars[first - 1].close)
            volume *= _ratio(by_day[day])
            end = first
    return list(chain([(price, volume)] * end, *reversed(later)))


def events_by_day(events: Iterable[Event]) -> dict[date, list[Event]]:
    """``events`` by their ex-date."""
    by_day: dict[date, list[Event]] = {}
    for event in events:
        by_day.setdefault(event.day, []).append(event)
    return by_day


def step_of(events: Collection[Event], previous_close: float) -> float:
    """What the ``events`` of one ex-date do to a price of before: the exchanges' reference price over the close."""
    cash = sum(event.value for event in events if event.kind is EventKind.DIVIDEND)
    return ((previous_close - cash) / previous_close if 0 < cash < previous_close else 1.0) / _ratio(events)


def _ratio(events: Iterable[Event]) -> float:
    """How many shares one became by the splits among ``events``."""
    return prod(event.value for event in events if event.kind is EventKind.SPLIT and event.value > 0)


def _scaled(bar: Bar, price: float, volume: float) -> Bar:
    if price == volume == 1.0:
        return bar
    when, opened, high, low, close, shares, amount, final = bar
    scaled = None if shares is None else round(shares * volume)
    return Bar(when, opened * price, high * price, low * price, close * price, scaled, amount, final)
