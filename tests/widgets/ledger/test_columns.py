"""Columns of texts and figures: who gives way, and that no figure is ever cut."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from aiwatch.widgets.table import Column, cell, head, line, widths_of

COLUMNS = (
    Column(("Name",), least=6),
    Column(("Amount",), right=True),
    Column(("Status",), rank=2, least=7, most=20),
    Column(("Source", "Src"), rank=1, right=True),
)
ROWS = [
    [cell("Nvidia and others"), cell("$500 bn (¥3.5 trn)", "$500 bn"), cell("announced"), cell("000")],
    [cell("中国银行 Bank"), cell("$1.022 trn"), cell("contracted"), cell("003")],
]


@pytest.mark.parametrize("width", range(18, 80))
def test_rows_are_as_wide_as_asked_for_and_figures_whole(width: int) -> None:
    widths = widths_of(COLUMNS, ROWS, width)
    for row in ROWS:
        text = line(COLUMNS, widths, row).plain
        assert cell_len(text) <= width
        assert any(form in text for form in row[1].forms), "an amount in one of its forms"
    assert cell_len(head(COLUMNS, widths).plain) <= width


def test_the_highest_rank_goes_first() -> None:
    def titles(width: int) -> str:
        return head(COLUMNS, widths_of(COLUMNS, ROWS, width)).plain

    assert titles(60).split() == ["Name", "Amount", "Status", "Source"]
    assert titles(22).split() == ["Name", "Amount", "Src"]
    assert titles(18).split() == ["Name", "Amount"]


def test_the_longest_form_that_fits_is_taken() -> None:
    def first(width: int) -> str:
        return line(COLUMNS, widths_of(COLUMNS, ROWS, width), ROWS[0]).plain

    assert "$500 bn (¥3.5 trn)" in first(70)
    assert "$500 bn" in first(40)
    assert "¥3.5 trn" not in first(40)


def test_an_empty_column_is_not_there() -> None:
    rows = [[cell("a"), cell("1"), cell(), cell("000")]]
    widths = widths_of(COLUMNS, rows, 40)
    assert widths[2] == 0
    assert head(COLUMNS, widths).plain.split() == ["Name", "Amount", "Source"]


def test_the_sorted_title_has_an_arrow() -> None:
    widths = widths_of(COLUMNS, ROWS, 60)
    assert "Amount↓" in head(COLUMNS, widths, sorted_by="Amount↓").plain
