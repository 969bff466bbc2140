"""What sessions say of bars: final or not, missing, today's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from aiwatch.history.sessions import missing_sessions, settled, today_bar, with_live, with_today
from aiwatch.market.bars import Bar
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.quote import Trading
from tests.market.bars.fixtures import bar_at, closes_of, daily, minutes, weekdays
from tests.market.quotes import make_quote

FRIDAY = date(2025, 8, 15)


def test_a_row_of_today_from_before_the_open_is_dropped() -> None:
    series = daily([10, 11, 11], first=date(2025, 8, 13))
    flat = replace(series, bars=(*series.bars[:2], Bar(FRIDAY, 11, 11, 11, 11, 0)))
    before, after = datetime(2025, 8, 15, 1, 0, tzinfo=UTC), datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
    assert closes_of(settled(flat, shipped_day, before)) == [10, 11]
    live = settled(flat, shipped_day, after)
    assert [bar.final for bar in live.bars] == [True, True, False]


@pytest.mark.parametrize(
    ("symbol", "day", "at", "is_final"),
    [
        ("NVDA", date(2026, 11, 27), datetime(2026, 11, 27, 18, 9, tzinfo=UTC), False),
        ("NVDA", date(2026, 11, 27), datetime(2026, 11, 27, 18, 11, tzinfo=UTC), True),
        ("NVDA", date(2026, 11, 30), datetime(2026, 11, 30, 18, 11, tzinfo=UTC), False),
        ("0700.HK", date(2026, 12, 24), datetime(2026, 12, 24, 4, 21, tzinfo=UTC), True),
        ("0700.HK", date(2026, 12, 23), datetime(2026, 12, 23, 4, 21, tzinfo=UTC), False),
    ],
    ids=["ten minutes after an early close", "a minute later", "no half day", "Hong Kong, half a day", "Hong Kong"],
)
def test_the_bar_of_a_half_day_is_final_after_its_own_close(
    symbol: str, day: date, at: datetime, is_final: bool
) -> None:
    series = settled(daily([10.0], first=day, symbol=symbol), shipped_day, at)
    assert [bar.final for bar in series.bars] == [is_final]


def test_sessions_without_a_bar_are_named_and_holidays_are_none() -> None:
    days = weekdays(date(2026, 9, 21), 20)
    series = daily([10.0] * 20, first=days[0])
    holidays = {date(2026, 10, day) for day in (1, 2, 5, 6, 7)}
    dropped = holidays | {days[3], date(2026, 9, 25)}
    some = replace(series, bars=tuple(bar for bar in series.bars if bar.when not in dropped))
    missing = missing_sessions(some, shipped_day)
    assert days[3] in missing
    assert not holidays & set(missing)
    assert missing_sessions(replace(series, bars=()), shipped_day) == ()
    old = daily([10.0, 11.0, 12.0], first=date(2010, 1, 4))
    assert missing_sessions(replace(old, bars=(old.bars[0], old.bars[2])), shipped_day) == (), "no calendar goes so far"


def test_today_is_drawn_from_the_live_quote() -> None:
    quote = make_quote(open=58.5, high=61.0, low=58.0, volume=1000, turnover=6e4)
    bar = today_bar(quote)
    assert bar == Bar(FRIDAY, 58.5, 61.0, 58.0, 60.0, 1000, 6e4, final=False)
    series = daily([57, 58.02], first=date(2025, 8, 13))
    assert with_today(series, quote).bars[-1] == bar
    assert with_today(with_today(series, quote), quote).bars[2:] == (bar,)
    full = daily([57, 58.02, 60.5], first=date(2025, 8, 13))
    assert with_today(full, quote) is full, "a final bar stays"
    assert with_today(series, None) is series


@pytest.mark.parametrize("values", [{"open": None}, {"trading": Trading.SUSPENDED}, {"trading": Trading.UNTRADED}])
def test_without_a_trade_there_is_no_bar_of_today(values: dict[str, object]) -> None:
    quote = make_quote(open=58.5, high=61.0, low=58.0)
    assert today_bar(replace(quote, **values)) is None


def test_a_day_that_is_there_moves_with_a_price_that_comes_alone() -> None:
    series = daily([57, 58.02, 59], first=date(2025, 8, 13))
    bars = (*series.bars[:2], series.bars[2]._replace(final=False))
    alone = make_quote(last=62.0)
    moved = with_live(replace(series, bars=bars), alone).bars[-1]
    assert (moved.open, moved.high, moved.low, moved.close, moved.final) == (59, 62, bars[2].low, 62, False)
    assert with_live(series, alone) is series, "a final bar stays"
    assert with_live(daily([57, 58.02], first=date(2025, 8, 13)), alone).bars[-1].close == 58.02, "none is made up"


OPENED = datetime(2025, 8, 15, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "last", "closes", "ohlc"),
    [
        (65, 61.0, [60.0, 61.0], (60.5, 61.105, 59.895, 61.0)),
        (125, 61.0, [60.0, 60.5, 61.0], (61.0, 61.0, 61.0, 61.0)),
        (605, 59.0, [60.0, 60.5, 59.0], (59.0, 59.0, 59.0, 59.0)),
        (30, 59.0, [60.0, 60.5], (60.5, 61.105, 59.895, 60.5)),
    ],
    ids=["the minute under way", "the next", "after a pause", "an older price"],
)
def test_the_live_price_is_the_last_minute(
    seconds: int, last: float, closes: list[float], ohlc: tuple[float, ...]
) -> None:
    series = minutes([OPENED, OPENED + timedelta(minutes=1)], [60.0, 60.5])
    live = with_live(series, make_quote(last=last, as_of=OPENED + timedelta(seconds=seconds)))
    assert closes_of(live) == closes
    assert live.bars[-1][1:5] == pytest.approx(ohlc)
    assert live.bars[-1].when == OPENED + timedelta(minutes=max(1, seconds // 60))


@pytest.mark.parametrize(
    ("volume", "turnover", "expected"),
    [(250, 15_100.0, (150, 9_100.0)), (250, None, (150, None)), (90, 15_100.0, (None, None))],
    ids=["what the day has more", "no turnover", "less than the bars have"],
)
def test_a_live_minute_has_what_the_day_has_beyond_its_bars(
    volume: int, turnover: float | None, expected: tuple[int | None, float | None]
) -> None:
    first = bar_at(OPENED, 60.0, volume=100)._replace(amount=6_000.0)
    series = replace(minutes([OPENED], [60.0]), bars=(first,))
    quote = make_quote(volume=volume, turnover=turnover, as_of=OPENED + timedelta(seconds=70))
    bar = with_live(series, quote).bars[-1]
    assert (bar.volume, bar.amount) == expected


@pytest.mark.parametrize(
    "values", [{"as_of": OPENED + timedelta(days=3)}, {"trading": Trading.SUSPENDED}, {"trading": Trading.AUCTION}]
)
def test_no_minute_is_made_of_another_day_or_without_a_trade(values: dict[str, object]) -> None:
    series = minutes([OPENED], [60.0])
    assert with_live(series, replace(make_quote(as_of=OPENED + timedelta(minutes=2)), **values)) is series
