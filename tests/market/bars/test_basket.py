"""Several series as one basket in equal parts."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from aiwatch.market.bars import Basis, equal_weight
from tests.market.bars.fixtures import closes_of, daily, dividend, split


def test_a_basket_has_the_mean_of_its_members_returns_day_by_day() -> None:
    basket = equal_weight([daily([10, 11, 11]), daily([20, 20, 30])])
    assert basket is not None
    assert closes_of(basket) == [105.0, pytest.approx(131.25)]
    assert (basket.basis, basket.previous_close) == (Basis.ADJUSTED, 100.0)


def test_a_member_without_a_session_is_left_out_of_that_day() -> None:
    suspended = daily([20, 20, 30])
    suspended = replace(suspended, bars=(suspended.bars[0], suspended.bars[2]))
    basket = equal_weight([daily([10, 11, 11]), suspended])
    assert basket is not None
    assert closes_of(basket) == [pytest.approx(110.0), pytest.approx(137.5)]


def test_a_young_member_joins_with_its_second_session() -> None:
    basket = equal_weight([daily([10, 11, 12.1, 12.1]), daily([5, 6], first=date(2025, 8, 6))])
    assert basket is not None
    assert closes_of(basket) == [pytest.approx(110), pytest.approx(121), pytest.approx(121 * 1.1)]


@pytest.mark.parametrize("event", [split(date(2025, 8, 5), 2), dividend(date(2025, 8, 5), 5)])
def test_returns_are_those_of_a_holder(event: object) -> None:
    basket = equal_weight([daily([10, 5, 5], [event])])  # type: ignore[list-item]
    assert basket is not None
    assert closes_of(basket) == [pytest.approx(100), pytest.approx(100)]


@pytest.mark.parametrize("closes", [[], [10.0]])
def test_without_a_return_there_is_no_basket(closes: list[float]) -> None:
    assert equal_weight([daily(closes)]) is None
