"""The quote board as a widget: cursor, sort, filter, flash, and that only what changed on screen is painted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.message import Message
from textual.widgets import Input

from aiwatch.market.quote import Trading
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.themes import MEANINGS
from aiwatch.watchlist import Stock
from aiwatch.widgets.beat import TICKS_A_SECOND
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.flash import LASTS, WAITS
from aiwatch.widgets.board.painter import look
from tests.board.fixtures import NOW, HandClock, desk_of, quote, stock

STOCKS = [
    stock("002837.SZ", "Envicool", "英维克", role="liquid cooling"),
    stock("603757.SS", "Dayuan Pumps", "大元泵业", role="pumps"),
    stock("300870.SZ", "Honor Electronic", "欧陆通", role="power"),
    stock("NVDA", "NVIDIA", "英伟达", role="chips"),
    stock("0700.HK", "Tencent", "腾讯控股", role="cloud"),
]
ENVICOOL, DAYUAN, HONOR, NVIDIA, TENCENT = (one.symbol for one in STOCKS)


class HandBoard(Board):
    """A board that ticks only when told to."""

    def begin_ticking(self) -> None:
        """Do not tick by the clock on the wall."""


class BoardApp(App[None]):
    """A board above an input that can take its focus; it keeps the messages."""

    def __init__(self, stocks: list[Stock] | None = None) -> None:
        super().__init__()
        self.clock = HandClock()
        self.desk = desk_of(self.clock)
        self.board = HandBoard(self.desk, id="board")
        self.stocks = STOCKS if stocks is None else stocks
        self.heard: list[tuple[str, Symbol]] = []
        self.ticks = TICKS_A_SECOND // 2
        self.desk.take(
            [
                quote("002837.SZ", 63.80, 58.02),
                quote("603757.SS", 47.10, 42.86),
                quote("300870.SZ", 248.50, 221.27),
                quote("NVDA", 178.88, 180.64),
            ]
        )

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours a theme of aiwatch has."""
        return MEANINGS

    def compose(self) -> ComposeResult:
        """The board and an input."""
        yield self.board
        yield Input()

    def on_mount(self) -> None:
        """Show the stocks."""
        self.board.show(self.stocks)

    def on_board_highlighted(self, message: Board.Highlighted) -> None:
        """Keep it."""
        assert message.control is self.board
        self.heard.append(("highlighted", message.symbol))

    def on_board_chosen(self, message: Board.Chosen) -> None:
        """Keep it."""
        assert message.control is self.board
        self.heard.append(("chosen", message.symbol))

    def give(self, text: str, last: float, **more: object) -> None:
        """A newer quote of ``text`` to the desk and the board."""
        held = self.desk.quotes[parse_symbol(text)]
        self.board.mark(self.desk.take([replace(held, last=last, **more)]))

    def line(self, y: int) -> str:
        """What stands in a line of the board."""
        return self.board.render_line(y).text

    def lit(self, y: int) -> str:
        """The characters of a line that have the background of a flash."""
        flashes = {look(self.board, f"flash-{way}", "").bgcolor for way in ("up", "down")}
        strip = self.board.render_line(y)
        return "|".join(part.text for part in strip if part.style and part.style.bgcolor in flashes)

    def tick(self, times: int = 1) -> None:
        """Tick the board; the first tick comes when half a second has passed."""
        for _ in range(times):
            self.ticks += 1
            self.board.tick(self.ticks % TICKS_A_SECOND)


def codes(board: Board) -> list[str]:
    """The codes of the rows shown."""
    return [one.symbol.code for one in board.shown]


async def test_keys_move_the_cursor_and_say_so() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)) as pilot:
        await pilot.press("down", "j", "k", "G", "g", "end", "home", "pagedown", "pageup", "up", "enter")
        symbols = [symbol for what, symbol in app.heard if what == "highlighted"]
        assert symbols == [ENVICOOL, DAYUAN, HONOR, DAYUAN, TENCENT, ENVICOOL, TENCENT, ENVICOOL, TENCENT, ENVICOOL]
        assert app.heard[-1] == ("chosen", ENVICOOL)


async def test_mouse_selects_chooses_and_sorts() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)) as pilot:
        await pilot.click(app.board, offset=(5, 3))
        assert app.board.current == HONOR
        assert ("chosen", HONOR) not in app.heard
        await pilot.click(app.board, offset=(5, 3))
        assert app.heard[-1] == ("chosen", HONOR)
        title = app.line(0).index("Chg %") + 2
        await pilot.click(app.board, offset=(title, 0))
        assert (app.board.sort_key, app.board.sort_reverse) == ("change_percent", True)
        await pilot.click(app.board, offset=(title, 0))
        assert (app.board.sort_key, app.board.sort_reverse) == ("change_percent", False)
        await pilot.click(app.board, offset=(title, 0))
        assert app.board.sort_key == ""
        await pilot.click(app.board, offset=(5, 9))
        assert app.board.current == HONOR


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


async def test_an_unknown_sort_key_is_refused() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        with pytest.raises(ValueError, match="change_percent"):
            app.board.sort_key = "colour"


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
        assert app.heard[-1] == ("highlighted", HONOR)


async def test_an_empty_list_says_so() -> None:
    app = BoardApp(stocks=[])
    async with app.run_test(size=(60, 12)):
        assert app.line(1).strip() == "No stock in this list"
        assert app.heard == []
        app.tick(TICKS_A_SECOND)


async def test_show_keeps_the_cursor_and_the_view() -> None:
    many = [stock(f"{600_000 + number}.SS") for number in range(100)]
    app = BoardApp(stocks=many)
    async with app.run_test(size=(80, 12)) as pilot:
        app.board.move_to(many[50].symbol)
        await pilot.pause()
        view = app.board.scroll_offset.y
        assert view > 0
        app.board.show([*many[:60], STOCKS[0]])
        await pilot.pause()
        assert app.board.current == many[50].symbol
        assert app.board.scroll_offset.y == view
        assert app.heard[-1] == ("highlighted", many[50].symbol)
        app.board.show(STOCKS)
        await pilot.pause()
        assert app.board.current == ENVICOOL
        assert app.board.scroll_offset.y == 0


async def test_titles_stay_while_the_rows_scroll() -> None:
    many = [stock(f"{600_000 + number}.SS") for number in range(100)]
    app = BoardApp(stocks=many)
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("G")
        assert app.line(0).split()[:2] == ["Symbol", "Name"]
        assert "600099.SS" in app.line(app.board.size.height - 1)
        await pilot.press("pageup")
        assert app.board.current == many[99 - (app.board.size.height - 2)].symbol


async def test_changed_digits_flash_and_go_out() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        app.line(1)
        app.give("002837.SZ", 63.81)
        app.tick()
        assert app.lit(1) == "1|8"
        app.tick(LASTS + WAITS - 1)
        assert app.lit(1) == "1|8"
        app.tick()
        assert app.lit(1) == ""
        assert "63.81" in app.line(1)


@pytest.mark.parametrize("begun", [5, 3])
async def test_a_flash_goes_out_with_the_next_paint(begun: int) -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        app.line(1)
        app.ticks = begun
        app.give("002837.SZ", 63.81)
        app.tick()
        app.tick(LASTS - 1)
        assert app.lit(1) == "1|8"
        if begun == 5:  # then the seventh tick is not that of a full second
            app.give("NVDA", 178.80)
        app.tick()
        assert app.lit(1) == ""


async def test_a_row_that_comes_into_view_does_not_flash() -> None:
    many = [stock(f"{600_000 + number}.SS") for number in range(100)]
    app = BoardApp(stocks=many)
    async with app.run_test(size=(80, 12)) as pilot:
        app.desk.take([quote("600099.SS", 8.0, 8.1)])
        await pilot.press("G", "g")
        app.give("600099.SS", 8.5)
        app.tick()
        await pilot.press("G")
        last = app.board.size.height - 1
        assert "8.50" in app.line(last)
        assert app.lit(last) == ""


async def test_only_changed_rows_on_screen_are_painted() -> None:
    many = [stock(f"{600_000 + number}.SS") for number in range(1_000)]
    app = BoardApp(stocks=many)
    async with app.run_test(size=(80, 12)) as pilot:
        app.desk.take([quote(one.symbol.text, 10.0, 9.9) for one in many])
        app.board.mark([one.symbol for one in many])
        app.tick()
        await pilot.pause()
        before = app.board.rows_painted
        app.board.mark(app.desk.take([quote(one.symbol.text, 10.0, 9.9, seconds=2) for one in many[500:]]))
        app.tick()
        await pilot.pause()
        assert app.board.rows_painted == before
        app.give("600003.SS", 10.01)
        app.give("600003.SS", 10.02)
        app.tick()
        await pilot.pause()
        assert app.board.rows_painted == before + 1
        assert "10.02" in app.line(4)
        app.tick(LASTS + WAITS)
        await pilot.pause()
        assert app.board.rows_painted == before + 2


async def test_ages_go_on_once_a_second_without_quotes() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)) as pilot:
        assert app.line(1).split()[-1] == "3s"
        await pilot.pause()
        before = app.board.rows_painted
        app.clock.advance(1)
        app.tick(TICKS_A_SECOND)
        await pilot.pause()
        assert app.line(1).split()[-1] == "4s"
        assert app.board.rows_painted == before + 4
        app.clock.advance(600)
        app.tick(TICKS_A_SECOND)
        assert app.line(1).split()[-2:] == ["stale", "10m"]


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
        assert app.line(1).split()[-1] == "1s"


async def test_rise_is_red_in_mainland_china_and_green_elsewhere() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        up, down = (look(app.board, way, "").color for way in ("up", "down"))

        def colour(y: int, text: str) -> object:
            return next(part.style.color for part in app.board.render_line(y) if text in part.text and part.style)

        assert colour(1, "63.80") == down
        assert colour(4, "178.88") == down
        app.board.colours = "green-up"
        assert colour(1, "63.80") == up
        app.board.colours = "red-up"
        assert colour(1, "63.80") == down
        assert colour(4, "178.88") == up


async def test_names_change_language() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        assert "Envicool" in app.line(1)
        app.board.names = "chinese"
        assert "英维克" in app.line(1)
        assert "Envicool" not in app.line(1)


async def test_cursor_looks_different_without_focus_and_is_marked_without_colour() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)) as pilot:
        focused = app.board.render_line(1)
        app.query_one(Input).focus()
        await pilot.pause()
        away = app.board.render_line(1)
        assert focused.text == away.text
        assert focused.text[0] == "▌"
        assert {part.style.bgcolor for part in focused if part.style} != {
            part.style.bgcolor for part in away if part.style
        }


async def test_standings_are_said_in_words() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        assert app.line(5).split()[-1] == "waiting"
        app.desk.lose([TENCENT])
        app.board.mark([TENCENT])
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


@pytest.mark.parametrize("width", [40, 56, 78, 110, 150, 200])
async def test_every_line_is_as_wide_as_the_board(width: int) -> None:
    app = BoardApp()
    async with app.run_test(size=(width, 12)):
        app.board.names = "chinese"
        assert {app.board.render_line(y).cell_length for y in range(8)} == {width}
        assert {"last", "change_percent", "age"} <= set(app.board.columns_shown)


async def test_a_smaller_board_still_shows_the_cursor() -> None:
    many = [stock(f"{600_000 + number}.SS") for number in range(100)]
    app = BoardApp(stocks=many)
    async with app.run_test(size=(80, 30)) as pilot:
        app.board.move_to(many[20].symbol)
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        shown = "".join(app.line(y) for y in range(1, app.board.size.height))
        assert "▌600020.SS" in shown


def test_messages_are_messages() -> None:
    assert issubclass(Board.Highlighted, Message)
    assert Board.Chosen(NVIDIA).control is None
