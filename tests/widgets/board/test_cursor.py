"""The cursor of the quote board: keys, mouse, and the view that follows it."""

from __future__ import annotations

from textual.widgets import Input

from tests.board.fixtures import stock
from tests.widgets.board.board_app import DAYUAN, ENVICOOL, HONOR, NVIDIA, STOCKS, TENCENT, BoardApp


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
        assert app.board.order == (("change_percent", True),)
        await pilot.click(app.board, offset=(title, 0))
        assert app.board.order == (("change_percent", False),)
        await pilot.click(app.board, offset=(title, 0))
        assert app.board.sort_key == ""
        await pilot.click(app.board, offset=(5, 9))
        assert app.board.current == HONOR


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


async def test_a_smaller_board_still_shows_the_cursor() -> None:
    many = [stock(f"{600_000 + number}.SS") for number in range(100)]
    app = BoardApp(stocks=many)
    async with app.run_test(size=(80, 30)) as pilot:
        app.board.move_to(many[20].symbol)
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        shown = "".join(app.line(y) for y in range(1, app.board.size.height))
        assert "▌600020.SS" in shown


async def test_half_pages_and_a_symbol_that_is_not_shown() -> None:
    many = [stock(f"{600_000 + number}.SS") for number in range(100)]
    app = BoardApp(stocks=many)
    async with app.run_test(size=(80, 12)) as pilot:
        room = app.board.size.height - 1
        await pilot.press("ctrl+d", "ctrl+d", "ctrl+u")
        assert app.board.current == many[room // 2].symbol
        app.board.move_to(NVIDIA)
        assert app.board.current == many[room // 2].symbol
