"""Rows as they are filtered and sorted, and the cursor's symbol."""

from __future__ import annotations

from datetime import timedelta

from aiwatch.board.cells import FilterContext
from aiwatch.board.rows import WIDENED_AT_ONCE, Pending, Rows
from aiwatch.market.symbol import parse_symbol
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


def test_the_columns_of_many_rows_are_widened_in_slices_at_the_last_ticks_of_a_second() -> None:
    pending = Pending()
    listed = {parse_symbol(f"{600_000 + row}.SS") for row in range(3 * WIDENED_AT_ONCE)}
    pending.take(NOW, (), is_sorted=False)
    changed = {parse_symbol(f"{600_000 + row}.SS") for row in range(2 * WIDENED_AT_ONCE + 1)}
    elsewhere = {parse_symbol("NVDA")}
    pending.changed |= changed | elsewhere
    assert pending.take(NOW, listed, is_sorted=False) == changed | elsewhere
    assert pending.waits(paused=False)
    assert not pending.waits(paused=True)
    slices = [pending.to_widen(tick) for tick in range(10)]
    assert [len(part) for part in slices] == [0] * 7 + [WIDENED_AT_ONCE, WIDENED_AT_ONCE, 1]
    assert {symbol for part in slices for symbol in part} == changed
    assert not pending.waits(paused=False)


def test_another_minute_has_all_columns_looked_at() -> None:
    pending = Pending()
    listed = {stock.symbol for stock in STOCKS}
    for now, expected in ((NOW, listed), (NOW, set()), (NOW + timedelta(minutes=1), listed)):
        pending.take(now, listed, is_sorted=False)
        assert set(pending.to_widen(9)) == expected


def test_what_comes_into_sight_is_known_before_it_is_shown() -> None:
    rows = Rows()
    rows.hold(STOCKS)
    arranged(rows)
    rows.move_to(4)
    for order, first in (((), 3), ((("", True),), 0)):
        rows.prepare(None, order, FilterContext(QUOTES, lambda symbol: (), NOW))
        coming = rows.coming(1, 2)
        assert rows.show_next()
        assert coming == rows.shown[first : first + 2], "the rows about the cursor, which stays on screen"
    assert not rows.show_next()
