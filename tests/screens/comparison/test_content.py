"""What a comparison is shown as: which lines, which rows, in which order."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aiwatch.screens.comparison.content import MOST_LINES, figure_rows, heat_of, heat_words, lines_of
from tests.screens.comparison.fixtures import comparison_of

SYMBOLS = ["603757.SS", "002837.SZ", "300870.SZ", "002536.SZ", "600519.SS", "000001.SZ"]
NAMES = {"002837.SZ": "Envicool"}
MARKET = comparison_of(SYMBOLS, "000300.SS")


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("", ["average of 6", "000300.SS", "603757.SS", "000001.SZ", "Envicool"]),
        ("600519.SS", ["average of 6", "000300.SS", "600519.SS", "603757.SS", "000001.SZ"]),
        ("000300.SS", ["average of 6", "000300.SS", "603757.SS", "000001.SZ", "Envicool"]),
        ("basket", ["average of 6", "000300.SS", "603757.SS", "000001.SZ", "Envicool"]),
    ],
)
def test_the_lines_are_basket_benchmark_the_chosen_one_and_both_ends(chosen: str, shown: list[str]) -> None:
    lines = lines_of(MARKET, NAMES, chosen)
    assert [line.name for line in lines] == shown
    assert all(len(line.values) == len(MARKET.days) for line in lines)


@pytest.mark.parametrize("count", range(1, 7))
def test_there_are_no_more_lines_than_stocks_and_no_line_twice(count: int) -> None:
    lines = lines_of(comparison_of(SYMBOLS[:count]), NAMES, SYMBOLS[0])
    assert len(lines) == len({line.name for line in lines}) == min(MOST_LINES, count + 1)


def test_the_rows_are_basket_benchmark_and_the_members_the_best_first() -> None:
    rows = figure_rows(MARKET, NAMES)
    assert [row.key for row in rows[:2]] == ["basket", "000300.SS"]
    members = [row.change for row in rows[2:]]
    assert members == sorted(members, reverse=True)
    assert MARKET.benchmark is not None
    assert rows[0].against == pytest.approx(rows[0].change - MARKET.benchmark.change)
    assert figure_rows(comparison_of(SYMBOLS[:2]), NAMES)[0].against is None


def test_the_heat_table_has_the_names_and_says_what_it_is_of() -> None:
    names, values = heat_of(MARKET, NAMES)
    assert names[1] == "Envicool"
    assert len(values) == len(names) == 6
    assert heat_words(MARKET) == "Correlation of daily returns; a pair shares 119"
    alone = replace(MARKET, correlation=None)
    assert heat_of(alone, NAMES) == ([], [])
    assert heat_words(alone) == "Two stocks with bars are needed to correlate"
