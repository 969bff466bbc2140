"""Limit prices, against figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.market.quote import limit_prices


@pytest.mark.parametrize(
    ("close", "percent", "up", "down"),
    [
        (58.02, 10, 63.82, 52.22),  # 63.822 and 52.218
        (12.35, 10, 13.59, 11.12),  # 13.585 and 11.115, both halves go up
        (10.05, 10, 11.06, 9.05),  # 11.055 and 9.045: a binary float would give 11.05 and 9.04 or 9.05
        (10.15, 10, 11.17, 9.14),  # 11.165 and 9.135
        (1.15, 10, 1.27, 1.04),  # 1.265 and 1.035
        (100.00, 10, 110.00, 90.00),
        (33.33, 20, 40.00, 26.66),  # 39.996 and 26.664
        (152.28, 20, 182.74, 121.82),  # 182.736 and 121.824
        (7.77, 30, 10.10, 5.44),  # 10.101 and 5.439
        (0.04, 10, 0.05, 0.03),  # less than a cent of room: at least one step (SSE 3.3.17, SZSE 3.3.16)
        (0.01, 10, 0.02, 0.01),  # and never below one step
    ],
)
def test_limits_are_rounded_half_up_to_the_cent(close: float, percent: int, up: float, down: float) -> None:
    assert limit_prices(close, percent) == (up, down)


def test_a_fund_has_three_decimals() -> None:
    assert limit_prices(3.945, 10, 3) == (4.340, 3.551)  # 4.3395 and 3.5505


@pytest.mark.parametrize(
    ("close", "up", "down"),
    [
        (52.32, 68.01, 36.63),  # recorded on 30 September 2026: 68.016 and 36.624
        (23.46, 30.49, 16.43),  # 30.498 and 16.422
        (7.77, 10.10, 5.44),  # 10.101 and 5.439
        (10.00, 13.00, 7.00),
        (0.02, 0.03, 0.01),
    ],
)
def test_beijing_cuts_off_towards_the_inside(close: float, up: float, down: float) -> None:
    assert limit_prices(close, 30, inwards=True) == (up, down)


@given(cents=st.integers(6, 10_000_000), percent=st.sampled_from((10, 20, 30)))
def test_limits_are_within_half_a_cent_of_the_rule(cents: int, percent: int) -> None:
    """In whole numbers: a hundred times the limit in cents against the rule's exact value."""
    up, down = (round(limit * 100) for limit in limit_prices(cents / 100, percent))
    assert -50 < up * 100 - cents * (100 + percent) <= 50
    assert -50 < down * 100 - cents * (100 - percent) <= 50


@given(
    cents=st.integers(1, 10_000_000),
    percent=st.sampled_from((10, 20, 30)),
    decimals=st.sampled_from((2, 3)),
    inwards=st.booleans(),
)
def test_limits_leave_a_step_on_both_sides(cents: int, percent: int, decimals: int, inwards: bool) -> None:
    up, down = limit_prices(cents / 10**decimals, percent, decimals, inwards=inwards)
    assert round(up * 10**decimals) >= cents + 1
    assert 1 <= round(down * 10**decimals) <= max(1, cents - 1)
