"""The basket of those who pay or are paid: who is in it, and its level at the end of each month."""

from __future__ import annotations

from datetime import date

import pytest

from aiwatch.ledger.reports.basket import Basket, basket_of, party_symbols
from aiwatch.market.bars import Series
from tests.ledger.bundled import bundled_ledger
from tests.market.bars.fixtures import daily


def test_those_who_pay_or_are_paid_are_in_it_by_their_main_listing_once() -> None:
    symbols = party_symbols(bundled_ledger())
    assert len(symbols) == len(set(symbols))
    assert {"ORCL", "NVDA", "9988.HK", "0700.HK", "9984.T", "CRWV", "601988.SS"} <= set(symbols)
    assert "BABA" not in symbols, "a second listing"
    assert not {"AMD", "603757.SS", "CSCO"} & set(symbols), "named, and neither pays nor is paid"


def _series(symbol: str, closes: list[float], start: date = date(2025, 7, 30)) -> Series:
    return daily(closes, first=start, symbol=symbol)


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([], Basket(total=5, mark="DEMO")),
        ([_series("A", [10.0])], Basket(total=5, mark="DEMO")),
        (
            [_series("A", [10.0, 11.0, 22.0])],
            Basket((("2025-07", 110.0), ("2025-08", 220.0)), 1, 5, "DEMO"),
        ),
        (
            [_series("A", [10.0, 11.0, 22.0]), _series("B", [10.0, 13.0, 13.0]), _series("C", [1.0])],
            Basket((("2025-07", 120.0), ("2025-08", 180.0)), 2, 5, "DEMO"),
        ),
    ],
    ids=["nobody", "a single close", "one", "two, and a single close"],
)
def test_its_level_is_that_of_the_last_close_of_each_month(several: list[Series], expected: Basket) -> None:
    basket = basket_of(several, 5, "DEMO")
    assert [month for month, _ in basket.months] == [month for month, _ in expected.months]
    assert [level for _, level in basket.months] == pytest.approx([level for _, level in expected.months])
    assert (basket.companies, basket.total, basket.mark) == (expected.companies, 5, "DEMO")
