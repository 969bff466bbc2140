"""What sessions say of bars: final or not, missing, today's; and the board's columns of history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from aiwatch.history.figures import figures_of
from aiwatch.history.results import HistoryFigures
from aiwatch.history.sessions import missing_sessions, settled, today_bar, with_today
from aiwatch.market.bars import Bar
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.quote import Trading
from tests.market.bars.fixtures import MONDAY, closes_of, daily, dividend, split, weekdays
from tests.market.quotes import make_quote

FRIDAY = date(2025, 8, 15)


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
