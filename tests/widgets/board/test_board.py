"""The quote board as a widget: its order, its filter, and what it says of each row."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.pilot import Pilot
from textual.widgets import Input

from aiwatch.market.quote import Trading
from aiwatch.widgets.beat import TICKS_A_SECOND
from aiwatch.widgets.board.board import Board
from tests.board.fixtures import NOW, quote, stock
from tests.widgets.board.board_app import HONOR, NVIDIA, STOCKS, TENCENT, BoardApp, codes


async def test_sorting_keeps_the_cursor_on_its_symbol() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        app.board.move_to(NVIDIA)
        app.board.sort_by("change_percent")
        assert codes(app.board) == ["300870", "002837", "603757", "NVDA", "0700"]
        assert app.board.current == NVIDIA
        assert app.line(4).startswith("▌NVDA")
        assert "↓Chg %" in app.line(0)


async def test_sorts_anew_at_most_once_a_second() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        app.board.sort_by("last")
        assert codes(app.board)[:2] == ["300870", "NVDA"]
        app.give("NVDA", 300.0)
        app.tick(TICKS_A_SECOND - 1)
        assert codes(app.board)[:2] == ["300870", "NVDA"]
        app.tick()
        assert codes(app.board)[:2] == ["NVDA", "300870"]


LONG = [stock(f"{600_000 + row}.SS", f"Company {row}") for row in range(101)]
"""A list that is longer than the board is high."""


async def mix_up(app: BoardApp, pilot: Pilot[None]) -> None:
    """Sort LONG by price and show it, then give it other prices and let the board begin to sort it anew."""
    symbols = [each.symbol.text for each in LONG]
    app.market.apply([quote(text, 10.0 + row, 10.0) for row, text in enumerate(symbols)])
    app.board.sort_by("last")
    app.board.show(LONG)
    await pilot.pause()
    fresh = [quote(text, 10.0 + (row + 1) * 37 % 101, 10.0) for row, text in enumerate(symbols)]
    app.board.invalidate(app.market.apply(fresh))
    app.tick(TICKS_A_SECOND)


async def test_a_screen_of_rows_from_elsewhere_is_painted_in_turns_and_then_shown() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await mix_up(app, pilot)
        before, painted = codes(app.board), [app.rows_painted]
        while codes(app.board) == before:
            await asyncio.sleep(0)
            if app.rows_painted != painted[-1]:
                painted.append(app.rows_painted)
        prices = [app.market.quotes[each.symbol].last for each in app.board.shown]
        assert (before[0], prices) == ("600100", sorted(prices, reverse=True))
        assert len(painted) > 1
        assert all(later - earlier <= 10 for earlier, later in pairwise(painted)), "a few in a turn"
        await pilot.pause()
        assert app.rows_painted == painted[-1], "all that came into sight"


async def test_what_was_sorted_of_another_list_is_not_shown() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await mix_up(app, pilot)
        app.board.show(STOCKS)
        shown = codes(app.board)
        await pilot.pause(0.05)
        assert codes(app.board) == shown


async def test_columns_are_laid_out_as_they_are_asked_for() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        app.board.columns = ("name", "open", "last")
        assert app.line(0).split() == ["Name", "Open", "Last", "Age"]
        with pytest.raises(ValueError, match="'colour': one of symbol"):
            app.board.columns = ("name", "colour")
        with pytest.raises(ValueError, match="'colour': one of symbol"):
            app.board.arrange_by((("colour", True),))
        assert app.board.columns == ("name", "open", "last")


async def test_a_filter_that_cannot_be_used_is_told_and_changes_nothing() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        assert app.board.narrow("power") == ""
        assert codes(app.board) == ["300870"]
        assert app.board.narrow("last >") == "character 7: a value is missing after >"
        assert app.board.narrow("turno") == "no stock is called 'turno'; a column is compared, as in turnover > 3"
        assert (app.board.filter_text, codes(app.board)) == ("power", ["300870"])
        assert app.board.finds(STOCKS)
        assert not app.board.finds(STOCKS[:2])


async def test_filter_shows_what_matches_and_says_when_nothing_does() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)) as pilot:
        app.board.filter_text = "POWER honor"
        assert codes(app.board) == ["300870"]
        await pilot.pause()
        assert app.heard[-1] == ("highlighted", HONOR)
        app.board.filter_text = "xyz"
        assert app.line(1).strip() == "No stock matches “xyz”"
        assert app.board.current is None
        await pilot.press("enter", "down")
        heard: list[object] = [*app.heard]
        assert heard[-1] == ("highlighted", None)


async def test_an_empty_list_says_so() -> None:
    app = BoardApp(stocks=[])
    async with app.run_test(size=(60, 12)):
        assert app.line(1).strip() == "No stock in this list"
        assert app.heard == [("highlighted", None)]
        app.tick(TICKS_A_SECOND)


async def test_paused_keeps_quotes_and_order_while_ages_go_on() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        app.board.sort_by("last")
        app.board.paused = True
        app.give("NVDA", 300.0, as_of=NOW + timedelta(seconds=1))
        app.clock.advance(2)
        app.tick(TICKS_A_SECOND)
        assert codes(app.board)[:2] == ["300870", "NVDA"]
        assert "178.88" in app.line(2)
        assert app.line(2).split()[-1] == "5s"
        app.board.paused = False
        assert codes(app.board)[0] == "NVDA"
        assert "300.00" in app.line(1)
        assert app.line(1).split()[-1] == "now"


async def test_names_change_language() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        assert "Envicool" in app.line(1)
        app.board.names = "chinese"
        assert "英维克" in app.line(1)
        assert "Envicool" not in app.line(1)


async def test_standings_are_said_in_words() -> None:
    app = BoardApp()
    async with app.run_test(size=(150, 12)):
        assert app.line(5).split()[-1] == "waiting"
        app.market.mark_unknown([TENCENT])
        app.board.invalidate([TENCENT])
        app.tick(TICKS_A_SECOND)
        assert app.line(5).split()[-1] == "unknown"
        app.give("NVDA", 178.88, trading=Trading.SUSPENDED)
        app.tick()
        assert app.line(4).split()[-1] == "suspended"
        assert "-100" not in app.line(4)


async def test_a_wider_price_moves_the_columns_at_once() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)) as pilot:
        app.give("603757.SS", 12_345.67, previous_close=12_000.0)
        app.tick()
        await pilot.pause()
        points = {app.line(y).index(".", 10) for y in (2, 4)}
        assert "12345.67" in app.line(2)
        assert len(points) == 1


async def test_a_price_of_another_list_leaves_the_columns_where_they_are() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        app.tick(TICKS_A_SECOND)
        before = app.line(2)
        app.board.invalidate(app.market.apply([quote("MSFT", 123_456.789, 123_000.0, decimals=4)]))
        app.tick(2 * TICKS_A_SECOND)
        assert app.line(2) == before


@pytest.mark.parametrize("width", [40, 56, 78, 110, 150, 200])
async def test_every_line_is_as_wide_as_the_board(width: int) -> None:
    app = BoardApp()
    async with app.run_test(size=(width, 12)):
        app.board.names = "chinese"
        assert {app.board.render_line(y).cell_length for y in range(8)} == {width}
        assert {"last", "change_percent", "age"} <= set(app.board.columns_shown)


class Panel(Vertical):
    """A panel that narrows its board while it handles a message of another widget."""

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Narrow the board."""
        self.query_one(Board).narrow(event.value)


class PanelApp(BoardApp):
    """A board in a panel, which says nothing of the board's messages."""

    def compose(self) -> ComposeResult:
        """The panel."""
        with Panel():
            yield self.board
            yield Input()


async def test_the_cursor_is_announced_beyond_the_widget_that_moved_it() -> None:
    app = PanelApp()
    async with app.run_test(size=(120, 12)) as pilot:
        app.query_one(Input).focus()
        await pilot.press(*"power")
        assert app.heard[-1] == ("highlighted", HONOR)
