"""A figure that contradicts another of its line is dropped; the quote stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.archive.rows import to_quote, to_row
from aiwatch.market.quote import coherent
from tests.market.quotes import make_quote

DAY: dict[str, Any] = {
    "open": 59.0,
    "high": 61.0,
    "low": 58.5,
    "vwap": 60.1,
    "bid": 59.99,
    "ask": 60.0,
    "bid_size": 100,
    "ask_size": 200,
    "bids": ((59.99, 100),),
    "asks": ((60.0, 200),),
    "high_52w": 70.0,
    "low_52w": 30.0,
    "limit_up": 63.82,
    "limit_down": 52.22,
}
ORDERS = {"bid", "ask", "bid_size", "ask_size"}


@pytest.mark.parametrize(
    ("changes", "dropped"),
    [
        ({}, set()),
        ({"open": 61.01}, set()),
        ({"bid": 60.0}, set()),
        ({"high_52w": 60.5}, set()),
        ({"open": 61.5}, {"open"}),
        ({"open": 50.0}, {"open"}),
        ({"vwap": 75.0}, {"vwap"}),
        ({"vwap": 10.0}, {"vwap"}),
        ({"bid": 60.01}, ORDERS),
        ({"high_52w": 20.0}, {"high_52w", "low_52w"}),
        ({"limit_up": 1.0, "limit_down": 0.5}, {"limit_up", "limit_down"}),
        ({"limit_up": 52.22, "limit_down": 63.82}, {"limit_up", "limit_down"}),
        ({"limit_up": 60.5}, {"limit_up", "limit_down"}),
        ({"limit_down": 59.0}, {"limit_up", "limit_down"}),
    ],
)
def test_what_contradicts_is_dropped_and_the_rest_stays(changes: dict[str, Any], dropped: set[str]) -> None:
    quote = make_quote(**(DAY | changes))
    stored = coherent(quote)
    assert {name for name in DAY if getattr(stored, name) is None} == dropped
    assert (stored is quote) == (not dropped)
    assert (stored.last, stored.change) == (60.0, 1.98)
    assert stored.limits is None or "limit_up" not in dropped
    if "bid" in dropped:
        assert (stored.bids, stored.asks) == ((), ())


@given(st.dictionaries(st.sampled_from(sorted(set(DAY) - {"bids", "asks"})), st.integers(1, 12_000)))
def test_nothing_that_is_left_contradicts(cents: dict[str, int]) -> None:
    values: dict[str, Any] = {name: value if name.endswith("size") else value / 100 for name, value in cents.items()}
    quote = coherent(make_quote(**values))
    if quote.low is not None and quote.high is not None:
        for price in (quote.open, quote.vwap):
            assert price is None or quote.low - 0.011 <= price <= quote.high + 0.011
    assert quote.bid is None or quote.ask is None or quote.bid <= quote.ask
    assert quote.low_52w is None or quote.high_52w is None or quote.low_52w <= quote.high_52w
    if quote.limits is not None:
        assert quote.limits[1] - 0.0051 <= quote.last <= quote.limits[0] + 0.0051
    assert coherent(quote) == quote


def test_what_the_archive_kept_is_read_as_closely() -> None:
    stored = to_quote(to_row(make_quote(limit_up=1.0, limit_down=0.5, high=61.0, low=58.0, open=70.0)))
    assert stored is not None
    assert (stored.last, stored.open, stored.limits, stored.at_limit) == (60.0, None, None, 0)
    first_days = to_quote(to_row(make_quote(daily_limit=0)))
    assert first_days is not None
    assert first_days.limits is None
