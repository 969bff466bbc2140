"""What sessions say of bars: final or not, missing, today's; and the board's columns of history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from aiwatch.history.figures import figures_of
from aiwatch.history.results import HistoryFigures
from aiwatch.history.sessions import last_final_day, missing_sessions, settled, today_bar, with_live, with_today
from aiwatch.market.bars import Bar
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.quote import Trading
from aiwatch.market.symbol import parse_symbol
from tests.market.bars.fixtures import MONDAY, bar_at, closes_of, daily, dividend, minutes, split, weekdays
from tests.market.quotes import make_quote

FRIDAY = date(2025, 8, 15)


@pytest.mark.parametrize(
    ("symbol", "moment", "day"),
    [
        ("002837.SZ", datetime(2025, 8, 15, 7, 9, tzinfo=UTC), date(2025, 8, 14)),
        ("002837.SZ", datetime(2025, 8, 15, 7, 10, tzinfo=UTC), FRIDAY),
        ("002837.SZ", datetime(2025, 8, 17, 12, 0, tzinfo=UTC), FRIDAY),
        ("NVDA", datetime(2025, 8, 15, 20, 9, tzinfo=UTC), date(2025, 8, 14)),
        ("NVDA", datetime(2025, 8, 15, 20, 10, tzinfo=UTC), FRIDAY),
        ("9984.T", datetime(2025, 8, 15, 6, 40, tzinfo=UTC), FRIDAY),
        ("D05.SI", datetime(2025, 8, 15, 12, 0, tzinfo=UTC), date(2025, 8, 14)),  # no hours are known there
        ("D05.SI", datetime(2025, 8, 16, 6, 0, tzinfo=UTC), date(2025, 8, 15)),
    ],
)
def test_a_day_is_final_ten_minutes_after_its_close(symbol: str, moment: datetime, day: date) -> None:
    exchange = parse_symbol(symbol).exchange
    assert last_final_day(exchange, shipped_day, moment) == day


def test_a_row_of_today_from_before_the_open_is_dropped() -> None:
    series = daily([10, 11, 11], first=date(2025, 8, 13))
    flat = replace(series, bars=(*series.bars[:2], Bar(FRIDAY, 11, 11, 11, 11, 0)))
    before, after = datetime(2025, 8, 15, 1, 0, tzinfo=UTC), datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
    assert closes_of(settled(flat, shipped_day, before)) == [10, 11]
    live = settled(flat, shipped_day, after)
    assert [bar.final for bar in live.bars] == [True, True, False]


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


def test_the_columns_of_history_are_adjusted_and_count_back_on_the_calendar() -> None:
    closes = [float(100 + at) for at in range(400)]
    series = daily(closes, first=date(2024, 2, 5))  # to 15 August 2025, a Friday
    days = weekdays(date(2024, 2, 5), 400)
    assert days[-1] == FRIDAY
    figures = figures_of(series)
    at = dict(zip(days, closes, strict=True))
    assert figures.five_days == pytest.approx((499 / 494 - 1) * 100)
    assert figures.month == pytest.approx((499 / at[date(2025, 7, 15)] - 1) * 100)
    assert figures.half_year == pytest.approx((499 / at[date(2025, 2, 14)] - 1) * 100)
    assert figures.year_to_date == pytest.approx((499 / at[date(2024, 12, 31)] - 1) * 100)
    assert figures.year == pytest.approx((499 / at[date(2024, 8, 15)] - 1) * 100)
    assert figures.from_high == pytest.approx((499 / (499 * 1.01) - 1) * 100)
    assert figures.closes == tuple(closes[-20:])
    halved = figures_of(replace(series, events=(split(days[-3], 2),)))
    assert halved.five_days == pytest.approx((499 / (494 / 2) - 1) * 100)
    assert figures_of(series, last_close=510).five_days == pytest.approx((510 / 494 - 1) * 100)


def test_a_young_share_has_no_figure_of_a_time_before_it() -> None:
    figures = figures_of(daily([10, 11, 12, 13, 14, 15, 16], [dividend(MONDAY, 1)]))
    assert figures.five_days == pytest.approx((16 / 11 - 1) * 100)
    assert (figures.month, figures.year, figures.year_to_date, figures.from_high) == (None,) * 4
    assert figures_of(daily([])) == HistoryFigures()


def test_a_close_too_long_ago_stands_for_no_day() -> None:
    series = daily([10.0, 11.0], first=date(2025, 1, 2))
    later = daily([20.0, 21.0], first=date(2025, 8, 14))
    gap = replace(series, bars=series.bars + later.bars)
    assert figures_of(gap).month is None
    assert timedelta(days=15) < FRIDAY - date(2025, 1, 3)
