"""A run of prices as block characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.formatting.text import BLOCKS, sparkline


def test_rise_runs_from_lowest_to_highest_block() -> None:
    assert sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8) == BLOCKS


def test_few_prices_leave_the_rest_empty() -> None:
    assert sparkline([1.0, 2.0], 5) == "▁█   "


def test_a_price_that_never_moved_is_half_high() -> None:
    assert sparkline([9.0, 9.0, 9.0], 3) == "▄▄▄"


@pytest.mark.parametrize("width", [0, -1])
def test_no_room_is_nothing(width: int) -> None:
    assert sparkline([1.0], width) == ""


def test_no_prices_are_blank() -> None:
    assert sparkline([], 4) == "    "


def test_newest_price_is_the_last_cell() -> None:
    assert sparkline([*([5.0] * 100), 9.0], 6) == "▁▁▁▁▁█"


@given(st.lists(st.floats(0.01, 1e7), max_size=300), st.integers(0, 60))
def test_always_exactly_as_wide_as_asked(prices: list[float], width: int) -> None:
    assert len(sparkline(prices, width)) == width


def test_a_line_on_a_scale_is_half_high_in_its_middle() -> None:
    assert sparkline([-2.0, -0.5, 0.0, 0.5, 2.0, 9.0], 6, (-2.0, 2.0)) == "▁▃▄▅██"
    assert sparkline([0.0, 0.0], 2, (0.0, 0.0)) == "▄▄"
