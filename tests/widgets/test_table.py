"""Rows of a large table: made when they are seen, never cut, the same as those of a small one; and the list of them."""

from __future__ import annotations

import re
from functools import cache

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.content import Content

from aiwatch.ledger.records import Commitment, Ledger
from aiwatch.widgets.ledger.list import LedgerList
from aiwatch.widgets.ledger.panel import show
from aiwatch.widgets.ledger.rows import ViewQuery
from aiwatch.widgets.table import LARGE, SAMPLE, Cell, Column, ListRow, TableRows, cell
from tests.widgets.ledger.fixtures import context, whole

MANY = 5000
COLUMNS = (Column(("Who",), least=6), Column(("Sum",), right=True))


@cache
def large() -> Ledger:
    """The bundled ledger with thousands of commitments, all like one of its own."""
    like = whole().commitments["C041"]
    more = {f"m{at}": replace(like, id=f"m{at}", recipient=f"Site {at}", part_of="") for at in range(MANY)}
    return replace(whole(), commitments={**whole().commitments, **more})


def id_of(record: Commitment) -> str:
    return record.id


def records(many: int) -> list[Commitment]:
    return [replace(whole().commitments["C041"], id=f"m{at}") for at in range(many)]


def test_a_large_view_makes_only_the_rows_that_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    from aiwatch.widgets.ledger import rows

    made: list[str] = []
    real = rows._cells

    def counted(read: object, record: Commitment, **more: bool) -> list[Cell]:
        made.append(record.id)
        return real(read, record, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "_cells", counted)
    shown = show("all", context(ledger=large()), ViewQuery(), 76)
    assert len(shown.rows) > MANY
    sample = len(made)
    assert SAMPLE < sample < 3 * SAMPLE
    page = shown.rows[3000:3040]
    assert len(page) == 40
    assert sample < len(made) <= sample + 40
    seen = len(made)
    assert shown.rows[3000] == page[0]
    assert len(made) == seen, "a row is made once"


def test_rows_and_keys_agree() -> None:
    shown = show("all", context(ledger=large()), ViewQuery(), 76)
    assert isinstance(shown.rows, TableRows)
    assert shown.rows.keys == [row.key for row in shown.rows]
    assert set(shown.rows.heights) == {1}


def test_a_figure_beyond_the_sample_widens_its_column() -> None:
    items = records(LARGE + 100)

    def cells(record: Commitment) -> list[Cell]:
        return [cell("somebody"), cell("9" * (12 if record.id == f"m{LARGE + 51}" else 3))]

    rows = TableRows(items, cells, COLUMNS, 40, id_of)
    before = rows.widths[1]
    assert "9" * 12 in rows[LARGE + 51].content.plain
    assert rows.widths[1] > before
    assert re.search(r" 999$", rows[0].content.plain), "earlier rows are laid out anew"


def test_what_stands_beyond_the_sample_in_a_column_that_was_empty_is_not_left_out() -> None:
    def cells(record: Commitment) -> list[Cell]:
        return [cell("somebody"), cell("42" if record.id == f"m{LARGE + 51}" else "")]

    rows = TableRows(records(LARGE + 100), cells, COLUMNS, 40, id_of)
    assert rows.widths[1] == 0
    assert "42" in rows[LARGE + 51].content.plain
    assert rows.widths[1] > 0


@pytest.mark.parametrize("many", [3, LARGE + 1])
def test_rows_of_several_lines_may_follow(many: int) -> None:
    rows = TableRows(records(many), lambda record: [cell("a"), cell("1")], COLUMNS, 40, id_of)
    tall = ListRow("circle:x", Content("one\ntwo\nthree"))
    both = rows.followed_by([tall])
    assert both[len(both) - 1] == tall
    assert len(both) == many + 1


class Rows(App[None]):
    """A list of rows by hand."""

    CSS = "LedgerList { height: 10; width: 60; }"

    def __init__(self, rows: list[ListRow]) -> None:
        super().__init__()
        self.rows = rows
        self.reached: list[str] = []
        self.opened: list[str] = []

    def get_css_variables(self) -> dict[str, str]:
        return {**super().get_css_variables(), "heading": "#ffffff", "quiet": "#888888"}

    def compose(self) -> ComposeResult:
        yield LedgerList(lambda width: self.rows, [row.key for row in self.rows], id="rows")

    def on_ledger_list_reached(self, event: LedgerList.Reached) -> None:
        self.reached.append(event.key)

    def on_ledger_list_opened(self, event: LedgerList.Opened) -> None:
        self.opened.append(event.key)


def some(many: int, tall: int = -1) -> list[ListRow]:
    """Headings before every tenth row; the row at ``tall`` has three lines."""
    rows = []
    for at in range(many):
        if at % 10 == 0:
            rows.append(ListRow("", Content(f"Group {at // 10}")))
        rows.append(ListRow(f"k{at}", Content(f"row {at}" + ("\nmore\nand more" if at == tall else ""))))
    return rows


async def test_the_cursor_passes_over_headings_and_round() -> None:
    app = Rows(some(25))
    async with app.run_test() as pilot:
        rows = app.query_one(LedgerList)
        rows.focus()
        await pilot.pause()
        assert rows.key == "k0"
        for keys, key in ((("up",), "k24"), (("down",), "k0"), (("end",), "k24"), (("home",), "k0")):
            await pilot.press(*keys)
            assert rows.key == key
        await pilot.press("pagedown")
        assert rows.key == "k9"
        await pilot.press("down", "enter")
        assert (rows.key, app.opened) == ("k10", ["k10"])
        assert app.reached[-1] == "k10"


async def test_the_cursor_stays_on_its_row_when_rows_change() -> None:
    app = Rows(some(25))
    async with app.run_test() as pilot:
        rows = app.query_one(LedgerList)
        await pilot.pause()
        rows.redraw("k12")
        assert rows.key == "k12"
        app.rows = [ListRow("new", Content("new")), *app.rows]
        rows.redraw()
        assert rows.key == "k12"
        app.rows = [row for row in app.rows if row.key != "k12"]
        rows.redraw()
        assert rows.key in ("k11", "k13")
        app.rows = []
        rows.redraw()
        await pilot.pause()
        assert (rows.key, rows.highlighted, rows.option_count) == ("", None, 1)
        assert not rows.render_line(0).text.strip(), "who makes the rows says why there are none"


async def test_rows_of_several_lines_are_one_row_for_cursor_and_pointer() -> None:
    app = Rows(some(8, tall=1))
    async with app.run_test() as pilot:
        rows = app.query_one(LedgerList)
        rows.focus()
        await pilot.pause()
        assert [rows.render_line(y).text.strip() for y in range(6)] == [
            "Group 0", "row 0", "row 1", "more", "and more", "row 2",
        ]  # fmt: skip
        await pilot.press("down", "down")
        assert rows.key == "k2"
        await pilot.click(LedgerList, offset=(2, 4))
        assert (rows.key, app.opened) == ("k1", ["k1"])
        await pilot.click(LedgerList, offset=(2, 0))
        assert app.opened == ["k1"], "a heading is no row to open"


async def test_thousands_of_rows_are_drawn_where_they_are_in_sight() -> None:
    app = Rows(some(MANY))
    async with app.run_test() as pilot:
        rows = app.query_one(LedgerList)
        rows.focus()
        await pilot.press("end")
        assert rows.key == f"k{MANY - 1}"
        assert f"row {MANY - 1}" in rows.render_line(rows.size.height - 1).text
        assert len(rows._strips) <= 2 * rows.size.height


async def test_a_line_is_as_wide_as_the_list_before_a_scroll_bar_that_comes_or_goes_is_heard_of() -> None:
    app = Rows(some(8))
    async with app.run_test(size=(60, 12)) as pilot:
        rows = app.query_one(LedgerList)
        await pilot.pause()
        widths = []
        for has_bar in (False, True, False):
            rows.show_vertical_scrollbar = has_bar
            widths.append(rows.scrollable_content_region.width)
            assert {rows.render_line(y).cell_length for y in range(8)} == {widths[-1]}
        assert widths == [60, 59, 60]
