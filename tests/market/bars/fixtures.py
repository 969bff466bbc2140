"""Series for the tests of bars: closes on consecutive weekdays, or minutes of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from aiwatch.market.bars import Bar, Basis, Event, EventKind, Interval, Series
from aiwatch.market.symbol import parse_symbol

MONDAY = date(2025, 8, 4)
FETCHED = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)


def weekdays(first: date, count: int) -> list[date]:
    """``count`` weekdays from ``first`` on."""
    days = (first + timedelta(days=ahead) for ahead in range(count * 2 + 4))
    return [day for day in days if day.weekday() < 5][:count]


def bar_at(when: date | datetime, close: float, *, volume: int | None = 1000) -> Bar:
    """A bar that opens at its close and spans 1 % either way."""
    return Bar(when, close, close * 1.01, close * 0.99, close, volume)


def daily(
    closes: Sequence[float],
    events: Iterable[Event] = (),
    *,
    first: date = MONDAY,
    symbol: str = "002837.SZ",
) -> Series:
    """Bars with these closes on consecutive weekdays."""
    parsed = parse_symbol(symbol)
    return Series(
        symbol=parsed,
        interval=Interval.DAY,
        source="tencent",
        basis=Basis.UNADJUSTED,
        zone=parsed.zone,
        as_of=FETCHED,
        bars=tuple(bar_at(day, close) for day, close in zip(weekdays(first, len(closes)), closes, strict=True)),
        events=tuple(events),
        currency=parsed.currency,
    )


def minutes(starts: Iterable[datetime], closes: Iterable[float], *, symbol: str = "002837.SZ") -> Series:
    """Minute bars that begin at ``starts``, with these closes."""
    parsed = parse_symbol(symbol)
    bars = tuple(bar_at(start, close, volume=100) for start, close in zip(starts, closes, strict=True))
    return Series(
        symbol=parsed,
        interval=Interval.MINUTE,
        source="tencent",
        basis=Basis.UNADJUSTED,
        zone=parsed.zone,
        as_of=FETCHED,
        bars=bars,
        currency=parsed.currency,
    )


def dividend(day: date, cash: float) -> Event:
    """``cash`` a share with this ex-date."""
    return Event(day, EventKind.DIVIDEND, cash)


def split(day: date, ratio: float) -> Event:
    """``ratio`` shares for one with this ex-date."""
    return Event(day, EventKind.SPLIT, ratio)


def closes_of(series: Series) -> list[float]:
    """The closes, rounded as prices are printed."""
    return [round(bar.close, 4) for bar in series.bars]
