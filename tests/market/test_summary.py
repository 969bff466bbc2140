"""The figures of a group: only priced stocks count, currencies are never mixed."""

from __future__ import annotations

import pytest

from aiwatch.market.quote import Trading
from aiwatch.market.summary import summarise
from aiwatch.market.symbol import parse_symbol
from tests.market.quotes import make_quote


def test_a_group_is_summed_up() -> None:
    summary = summarise(
        [
            make_quote("603757.SS", last=11.0, previous_close=10.0, turnover=100.0),
            make_quote("002837.SZ", last=10.3, previous_close=10.0, turnover=50.0),
            make_quote("300870.SZ", last=10.0, previous_close=10.0),
            make_quote("NVDA", last=9.5, previous_close=10.0, turnover=7.0),
            None,
        ]
    )
    assert (summary.names, summary.priced) == (5, 4)
    assert summary.mean == pytest.approx(2.0)
    assert summary.median == pytest.approx(1.5)
    assert (summary.up, summary.flat, summary.down) == (2, 1, 1)
    assert (summary.limit_up, summary.limit_down) == (1, 0)
    assert summary.turnover == {"CNY": 150.0, "USD": 7.0}
    assert summary.best == (parse_symbol("603757.SS"), 10.0)
    assert summary.worst == (parse_symbol("NVDA"), -5.0)


def test_the_median_of_an_odd_group_is_its_middle() -> None:
    quotes = [make_quote(last=10 + change, previous_close=10.0) for change in (-1.0, 0.2, 0.9)]
    assert summarise(quotes).median == 2.0


def test_limit_down_is_counted_apart() -> None:
    summary = summarise([make_quote(last=9.0, previous_close=10.0), make_quote("002595.SZ", last=52.22)])
    assert (summary.limit_up, summary.limit_down) == (0, 2)


def test_a_suspended_stock_is_named_but_not_priced() -> None:
    summary = summarise([make_quote(trading=Trading.SUSPENDED, last=58.02), make_quote("NVDA", previous_close=None)])
    assert (summary.names, summary.priced, summary.up, summary.flat, summary.down) == (2, 0, 0, 0, 0)
    assert (summary.mean, summary.median, summary.best, summary.worst) == (None, None, None, None)


def test_an_empty_group_has_no_figures() -> None:
    summary = summarise([])
    assert (summary.names, summary.priced, summary.mean, summary.best, summary.turnover) == (0, 0, None, None, {})


def test_a_turnover_in_an_unknown_currency_is_left_out_and_counted() -> None:
    quotes = [make_quote(turnover=5.0), make_quote("9067.HK", turnover=7.0, currency=""), make_quote("NVDA")]
    summary = summarise(quotes)
    assert (summary.turnover, summary.left_out) == ({"CNY": 5.0}, 1)


@pytest.mark.parametrize(
    ("lasts", "named"),
    [
        ((), (None, None)),
        ((11.0,), ("603757.SS", None)),
        ((9.0,), ("603757.SS", None)),
        ((11.0, 9.0), ("603757.SS", "002837.SZ")),
        ((9.0, 11.0), ("002837.SZ", "603757.SS")),
        ((11.0, 11.0), (None, None)),
        ((10.0, 10.0, 10.0), (None, None)),
        ((11.0, 11.0, 9.0), ("603757.SS", "NVDA")),
    ],
)
def test_no_stock_is_named_both_best_and_worst(lasts: tuple[float, ...], named: tuple[str | None, str | None]) -> None:
    symbols = ("603757.SS", "002837.SZ", "NVDA")
    quotes = [make_quote(symbol, last=last, previous_close=10.0) for symbol, last in zip(symbols, lasts, strict=False)]
    best, worst = summarise([*quotes, None]).extremes
    assert (best and best[0].text, worst and worst[0].text) == named
