"""Braille lines: every dot in its place, no hole, no extreme lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.formatting.braille import DOWN, DotGrid, braille_line

VALUES = st.lists(st.floats(min_value=-1e12, max_value=1e12), max_size=200)


@pytest.mark.parametrize(
    ("values", "width", "height", "rows"),
    [
        ([], 3, 1, ["   "]),
        ([5.0], 3, 1, ["⠂  "]),
        ([5.0, 5.0], 3, 1, ["⠒⠒⠒"]),
        ([0.0, 1.0], 2, 1, ["⡠⠊"]),
        ([1.0, 0.0], 2, 1, ["⠑⢄"]),
        ([0.0, 1.0, 0.0], 3, 2, ["⢀⠷⡀", "⡸ ⢣"]),
    ],
)
def test_small_lines(values: list[float], width: int, height: int, rows: list[str]) -> None:
    assert braille_line(values, width, height) == rows


@given(VALUES, st.integers(0, 40), st.integers(0, 8))
def test_a_line_fits_whatever_it_is_of(values: list[float], width: int, height: int) -> None:
    rows = braille_line(values, width, height)
    assert [len(row) for row in rows] == [width] * height


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=2, max_size=400), st.integers(1, 30))
def test_lowest_and_highest_are_on_the_first_and_last_row(values: list[float], width: int) -> None:
    top, *_, bottom = braille_line(values, width, 3)
    if max(values) > min(values):
        assert top.strip()
        assert bottom.strip()


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 15)), min_size=1, max_size=30))
def test_a_line_has_no_hole(points: list[tuple[int, int]]) -> None:
    grid = DotGrid(10, 4)
    grid.trace(sorted(points, key=lambda point: point[0]))
    columns = [x for x in range(20) if _dots(grid, x)]
    assert columns == list(range(columns[0], columns[-1] + 1))
    for left, right in pairwise(columns):
        first, second = _dots(grid, left), _dots(grid, right)
        assert min(abs(item - two) for item in first for two in second) <= 1


def _dots(grid: DotGrid, x: int) -> list[int]:
    bits = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))[x % 2]
    return [y for y in range(grid.height * DOWN) if grid.rows[y // DOWN][x // 2] & bits[y % DOWN]]


def test_a_dashed_line_leaves_dots_out_by_turns() -> None:
    grid = DotGrid(4, 1)
    grid.trace([(0, 0), (7, 0)], dash=(2, 2))
    assert grid.text(0) == "⠉ ⠉ "
