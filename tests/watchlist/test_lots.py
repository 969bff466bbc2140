"""Positions from lots: one quantity at one average cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.watchlist.positions import Holding, Lot, holding_of


def lots(*pairs: tuple[str, str | None]) -> list[Lot]:
    return [Lot(Decimal(quantity), None if cost is None else Decimal(cost)) for quantity, cost in pairs]


@pytest.mark.parametrize(
    ("pairs", "position"),
    [
        ([], None),
        ([("35", "146")], Holding(35.0, 146.0)),
        ([("20", "152.25"), ("20", "145.35")], Holding(40.0, 148.8)),
        ([("10", "10"), ("-4", "99")], Holding(6.0, 10.0)),
        ([("10", "10"), ("-10", "99")], None),
        ([("10", "10"), ("-10", "99"), ("5", "7")], Holding(5.0, 7.0)),
        ([("10", "10"), ("-15", "12")], Holding(-5.0, 12.0)),
        ([("-10", "10"), ("-10", "20")], Holding(-20.0, 15.0)),
        ([("-10", "10"), ("4", "3")], Holding(-6.0, 10.0)),
        ([("10", None)], Holding(10.0, None)),
        ([("10", "10"), ("10", None)], Holding(20.0, None)),
        ([("10", None), ("-10", "3"), ("1", "2")], Holding(1.0, 2.0)),
        ([("1", "1"), ("2", "2")], Holding(3.0, 1.666667)),
        ([("0.1", "0.0000001")], Holding(0.1, 0.0000001)),
    ],
)
def test_what_is_held_after_lots(pairs: list[tuple[str, str | None]], position: Holding | None) -> None:
    assert holding_of(lots(*pairs)) == position


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 10_000)), min_size=1, max_size=20))
def test_the_cost_of_purchases_lies_between_the_least_and_the_greatest(pairs: list[tuple[int, int]]) -> None:
    position = holding_of(Lot(Decimal(quantity), Decimal(cost)) for quantity, cost in pairs)
    assert position is not None
    assert position.cost is not None
    assert position.quantity == sum(quantity for quantity, _ in pairs)
    assert min(cost for _, cost in pairs) - 1e-4 <= position.cost <= max(cost for _, cost in pairs) + 1e-4
