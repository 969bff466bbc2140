"""The orders that hold a stock at its limit."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from aiwatch.market.order_book import Seal, seal
from tests.feed.fakes import quote, symbols

(ENVICOOL,) = symbols("002837.SZ")
UP = quote(ENVICOOL, 11.00, bid=11.00, bid_size=2_130_050, bids=((11.00, 2_130_050), (10.99, 900)))
DOWN = quote(ENVICOOL, 9.00, asks=((9.00, 500),), ask=9.00, ask_size=500)


def test_buyers_without_a_seller_seal_the_limit_up() -> None:
    assert seal(UP) == Seal(1, 11.00, 2_130_050, 21_300, 23_430_550.0, "CNY")


def test_sellers_without_a_buyer_seal_the_limit_down() -> None:
    assert seal(DOWN) == Seal(-1, 9.00, 500, 5, 4500.0, "CNY")


def test_the_best_order_is_enough() -> None:
    assert seal(replace(UP, bids=())) == seal(UP)


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        (UP, {"asks": ((11.00, 100),)}),
        (UP, {"ask": 11.00}),
        (UP, {"last": 10.50}),
        (UP, {"bids": ((10.99, 100),)}),
        (UP, {"bids": ((11.00, None),)}),
        (UP, {"bids": (), "bid_size": None}),
        (DOWN, {"bids": ((9.00, 100),)}),
        (DOWN, {"bid": 9.00}),
        (DOWN, {"asks": (), "ask": None}),
    ],
)
def test_nothing_else_is_a_seal(item: Any, changes: dict[str, Any]) -> None:
    assert seal(replace(item, **changes)) is None


def test_a_lot_that_is_not_known_counts_no_lots() -> None:
    (tencent,) = symbols("0700.HK")
    parsed = quote(tencent, 11.0, limit_up=11.0, limit_down=9.0, bids=((11.0, 300),))
    assert seal(parsed) == Seal(1, 11.0, 300, None, 3300.0, "HKD")
