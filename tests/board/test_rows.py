"""Rows as they are filtered and sorted, and the cursor's symbol."""

from __future__ import annotations

from aiwatch.board.cells import FilterContext
from aiwatch.board.rows import Rows
from tests.board.fixtures import NOW, QUOTES, STOCKS


def arranged(rows: Rows, filter_text: str = "", key: str = "", reverse: bool = False) -> None:
    """Arrange ``rows`` by QUOTES, those with ``filter_text`` in their names."""
    order = ((key, reverse),) if key else ()
    context = FilterContext(QUOTES, lambda symbol: (), NOW)
    rows.arrange(lambda stock: filter_text in stock.name.casefold(), order, context)


def test_cursor_stays_with_its_symbol() -> None:
    rows = Rows()
    rows.hold(STOCKS)
    arranged(rows)
    assert rows.cursor == 0
    assert rows.move_to(2)
    arranged(rows, key="change_percent", reverse=True)
    assert str(rows.current) == "0700.HK"
    assert rows.cursor == 1


def test_cursor_takes_its_row_when_its_symbol_goes() -> None:
    rows = Rows()
    rows.hold(STOCKS)
    arranged(rows)
    rows.move_to(4)
    arranged(rows, "i")
    arranged(rows, "nvidia")
    assert str(rows.current) == "NVDA"
    arranged(rows, "nothing")
    assert rows.current is None
    assert not rows.move_to(3)


def test_cursor_begins_anew_in_another_list_and_each_symbol_stands_once() -> None:
    rows = Rows()
    rows.hold(STOCKS[:3])
    arranged(rows)
    rows.move_to(2)
    rows.hold([*STOCKS[3:], STOCKS[3]])
    arranged(rows)
    assert rows.cursor == 0
    assert [item.symbol.code for item in rows.shown] == ["600487", "SIE"]


def test_moving_past_an_end_stops_there() -> None:
    rows = Rows()
    rows.hold(STOCKS)
    arranged(rows)
    assert not rows.move_to(-5)
    assert rows.move_to(99)
    assert rows.cursor == 4
