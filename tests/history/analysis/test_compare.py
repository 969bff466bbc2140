"""Comparisons of kept closes: by figures that can be worked out by hand."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
import pytest

from aiwatch.history.analysis import figures
from aiwatch.history.analysis.compare import compare_stored
from aiwatch.history.analysis.frames import adjusted_closes, pairs_for
from aiwatch.history.analysis.results import ComparisonRequest
from aiwatch.market.bars import Event, adjusted
from aiwatch.market.symbol import parse_symbol
from tests.history.analysis.closes import keep, leveraged, wave
from tests.market.bars.fixtures import MONDAY, daily, dividend, split, weekdays


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


def test_lines_start_where_all_have_a_session_and_the_younger_is_named(path: Path) -> None:
    keep(path, "002837.SZ", [10 + at for at in range(40)])
    keep(path, "300870.SZ", [20, 22, 21], first=weekdays(MONDAY, 38)[-1])
    comparison = compare_stored(path, ComparisonRequest(["002837.SZ", "300870.SZ", "603757.SS"]))
    assert comparison.start == weekdays(MONDAY, 38)[-1]
    assert comparison.shared == 3
    assert comparison.lacking == ["603757.SS"]
    assert comparison.lines[1] == [100, 110, 105]
    assert comparison.lines[0][0] == 100
    assert any("300870.SZ came later" in note for note in comparison.notes)
    assert comparison.rows[1].change == pytest.approx(5)
    assert comparison.rows[1].drawdown == pytest.approx((21 / 22 - 1) * 100)
    assert comparison.rows[1].volatility is None, "two returns are none"
    assert comparison.rows[0].returns[0] == pytest.approx((49 / 44 - 1) * 100)
    assert [row.ranks for row in comparison.rows] == [[1, 1, None, None, None], [None] * 5]


def test_the_basket_chains_the_mean_of_daily_returns_and_leaves_out_who_did_not_trade(path: Path) -> None:
    keep(path, "002837.SZ", [10, 11, 11, 12.1])
    keep(path, "300870.SZ", [20, 20, 22, 22])
    comparison = compare_stored(path, ComparisonRequest(["002837.SZ", "300870.SZ"]))
    assert comparison.basket == [100, 105, 110.25, 115.7625]
    mean_of_rebased = (121 + 110) / 2
    assert comparison.basket[-1] != pytest.approx(mean_of_rebased)


def test_adjusted_closes_are_those_of_the_bars(path: Path) -> None:
    events = [dividend(weekdays(MONDAY, 3)[2], 1), split(weekdays(MONDAY, 5)[4], 2), dividend(date(2030, 1, 1), 3)]
    series = daily([10, 11, 10, 12, 6, 7], events)
    index = pd.to_datetime([bar.when for bar in series.bars])
    closes = pd.Series([bar.close for bar in series.bars], index=index)
    assert list(adjusted_closes(closes, events)) == pytest.approx([bar.close for bar in adjusted(series).bars])
    keep(path, "002837.SZ", [10, 11, 10, 12, 6, 7], events)
    raw = compare_stored(path, ComparisonRequest(["002837.SZ"], adjusted=False)).rows[0].change
    both = compare_stored(path, ComparisonRequest(["002837.SZ"])).rows[0].change
    assert raw == pytest.approx(-30)
    assert both == pytest.approx((7 / (10 * (10 / 11) / 2) - 1) * 100)


def test_beta_and_volatility_against_a_benchmark_of_the_same_market(path: Path) -> None:
    market = wave(300)
    keep(path, "000300.SS", market)
    keep(path, "002837.SZ", leveraged(market, 1.5))
    keep(path, "NVDA", leveraged(market, 2.0))
    request = ComparisonRequest(["002837.SZ", "NVDA"], benchmark="000300.SS")
    comparison = compare_stored(path, request)
    assert comparison.benchmark is not None
    own, foreign = comparison.rows
    assert own.beta == pytest.approx(1.5, abs=0.01)
    assert own.beta_sessions == 250
    assert own.against == pytest.approx(own.change - comparison.benchmark.change)
    assert foreign.beta is None
    assert any("other markets" in note for note in comparison.notes)
    assert own.volatility is not None
    assert comparison.benchmark.volatility is not None
    assert own.volatility / comparison.benchmark.volatility == pytest.approx(1.5, rel=0.01)
    returns = figures.log_returns(pd.Series(market))
    assert comparison.benchmark.volatility == pytest.approx(returns.std() * math.sqrt(244) * 100, rel=1e-3)


@pytest.mark.parametrize(
    ("symbols", "asked", "weekly"),
    [
        (["002837.SZ", "603757.SS"], None, False),
        (["002837.SZ", "NVDA"], None, True),
        (["002837.SZ", "NVDA"], False, False),
        (["002837.SZ", "603757.SS"], True, True),
    ],
)
def test_returns_are_weekly_across_markets_unless_asked_otherwise(
    path: Path, symbols: list[str], asked: bool | None, weekly: bool
) -> None:
    market = wave(300)
    for symbol in symbols:
        keep(path, symbol, market)
    correlation = compare_stored(path, ComparisonRequest(symbols, weekly=asked)).correlation
    assert correlation is not None
    assert correlation.weekly is weekly
    assert correlation.values[0][1] == pytest.approx(1)
    assert correlation.counts[0][1] == (59 if weekly else 299)


def test_each_pair_counts_its_own_returns_and_too_few_are_none() -> None:
    index = pd.to_datetime(weekdays(MONDAY, 60))
    frame = pd.DataFrame({"A": wave(60), "B": leveraged(wave(60), -1)}, index=index)
    frame["C"] = pd.Series(wave(15), index=index[-15:])
    result = figures.correlation(frame, weekly=False)
    assert result.values[0][1] == pytest.approx(-1, abs=0.001)
    assert result.values[0][2] is None
    assert result.counts == [[59, 59, 14], [59, 59, 14], [14, 14, 14]]


def test_prices_of_another_currency_are_turned_at_the_days_rate(path: Path) -> None:
    keep(path, "002837.SZ", [70, 72, 77])
    keep(path, "NVDA", [100, 101, 110])
    keep(path, "CNY=X", [7.0, 7.2, 7.0])
    quoted = compare_stored(path, ComparisonRequest(["002837.SZ", "NVDA"]))
    assert any("several currencies" in note for note in quoted.notes)
    dollars = compare_stored(path, ComparisonRequest(["002837.SZ", "NVDA"], currency="USD"))
    assert dollars.lines[0] == pytest.approx([100, 100, 110])
    assert [row.currency for row in dollars.rows] == ["USD", "USD"]
    euros = compare_stored(path, ComparisonRequest(["002837.SZ", "NVDA"], currency="EUR"))
    assert euros.rows == []
    assert any("No rate to EUR" in note for note in euros.notes)


@pytest.mark.parametrize(
    ("currencies", "target", "pairs"),
    [
        (["CNY", "USD"], "USD", ["CNY=X"]),
        (["CNY", "HKD"], "EUR", ["CNY=X", "EUR=X", "HKD=X"]),
        (["USD"], "USD", []),
        (["USD"], "CNY", ["CNY=X"]),
        (["CNY"], "", []),
    ],
)
def test_the_rates_that_a_currency_needs(currencies: list[str], target: str, pairs: list[str]) -> None:
    assert pairs_for(currencies, target) == pairs


@pytest.mark.parametrize(
    ("symbol", "closes", "events", "longest"),
    [
        ("002837.SZ", [10, 11, 12.1, 13.31, 13.3], [], 3),
        ("002837.SZ", [10, 11, 12.1, 12.1, 13.31], [], 2),
        ("002837.SZ", [10, 11.01, 12], [], 0),
        ("300870.SZ", [10, 12, 14.4], [], 2),
        ("002837.SZ", [10, 9.9], [dividend(MONDAY + timedelta(days=1), 1)], 1),  # 9.00 after the ex-date
        ("NVDA", [10, 11], [], None),
    ],
)
def test_days_at_the_limit_are_counted_on_prices_as_paid(
    symbol: str, closes: list[float], events: list[Event], longest: int | None
) -> None:
    raw = pd.Series(closes, index=pd.to_datetime(weekdays(MONDAY, len(closes))))
    assert figures.limit_streak(parse_symbol(symbol), raw, events, from_listing=False) == longest


def test_the_first_sessions_of_a_listing_have_no_limit() -> None:
    closes = [10, 11, 12.1, 13.31, 14.64, 16.1, 17.71]
    raw = pd.Series(closes, index=pd.to_datetime(weekdays(MONDAY, len(closes))))
    assert figures.limit_streak(parse_symbol("603757.SS"), raw, (), from_listing=True) == 2
    assert figures.limit_streak(parse_symbol("603757.SS"), raw, (), from_listing=False) == 6
