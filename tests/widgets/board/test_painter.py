"""Rows of the quote board as they are painted: colours, flashes, and only what changed on screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.beat import TICKS_A_SECOND
from aiwatch.widgets.board.flash import LASTS, WAITS
from aiwatch.widgets.board.painter import LOOKS
from aiwatch.widgets.looks import Looks
from tests.board.fixtures import quote, stock
from tests.widgets.board.board_app import BoardApp


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
        app.market.apply([quote("600099.SS", 8.0, 8.1)])
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
        app.market.apply([quote(item.symbol.text, 10.0, 9.9) for item in many])
        app.board.invalidate([item.symbol for item in many])
        app.tick()
        await pilot.pause()
        before = app.rows_painted
        app.board.invalidate(app.market.apply([quote(item.symbol.text, 10.0, 9.9, seconds=2) for item in many[500:]]))
        app.tick()
        await pilot.pause()
        assert app.rows_painted == before
        app.give("600003.SS", 10.01)
        app.give("600003.SS", 10.02)
        app.tick()
        await pilot.pause()
        assert app.rows_painted == before + 1
        assert "10.02" in app.line(4)
        app.tick(LASTS + WAITS)
        await pilot.pause()
        assert app.rows_painted == before + 2


async def test_ages_go_on_once_a_second_without_quotes() -> None:
    app = BoardApp()
    app.clock.advance(3)
    async with app.run_test(size=(120, 12)) as pilot:
        assert app.line(1).split()[-1] == "6s"
        await pilot.pause()
        before = app.rows_painted
        app.clock.advance(1)
        app.tick(TICKS_A_SECOND)
        await pilot.pause()
        assert app.line(1).split()[-1] == "7s"
        assert app.rows_painted == before + 4
        app.clock.advance(600)
        app.tick(TICKS_A_SECOND)
        assert app.line(1).split()[-1] == "!10m"


async def test_a_quote_that_shows_the_same_is_not_painted_again() -> None:
    app = BoardApp()
    app.clock.advance(3)
    async with app.run_test(size=(120, 12)) as pilot:
        app.line(1)
        await pilot.pause()
        before, line, held = app.rows_painted, app.line(1), app.market.quotes[parse_symbol("002837.SZ")]
        app.board.invalidate(app.market.apply([replace(held, received_at=held.received_at + timedelta(seconds=1))]))
        app.tick()
        await pilot.pause()
        assert (app.rows_painted, app.line(1)) == (before, line)
        app.clock.advance(1)
        app.tick(TICKS_A_SECOND)
        assert app.line(1).split()[-1] == "7s"


async def test_rise_is_red_in_mainland_china_and_green_elsewhere() -> None:
    app = BoardApp()
    async with app.run_test(size=(120, 12)):
        up, down = (Looks(app.board, LOOKS)(way, "").color for way in ("up", "down"))

        def colour(y: int, text: str) -> object:
            return next(part.style.color for part in app.board.render_line(y) if text in part.text and part.style)

        assert colour(1, "63.80") == down
        assert colour(4, "178.88") == down
        app.board.colours = "green-up"
        assert colour(1, "63.80") == up
        app.board.colours = "red-up"
        assert colour(1, "63.80") == down
        assert colour(4, "178.88") == up


async def test_an_age_alone_waits_for_the_full_second() -> None:
    app = BoardApp()
    app.clock.advance(3)
    async with app.run_test(size=(120, 12)) as pilot:
        assert app.line(1).split()[-1] == "6s"
        await pilot.pause()
        before, held = app.rows_painted, app.market.quotes[parse_symbol("002837.SZ")]
        app.board.invalidate(app.market.apply([replace(held, as_of=held.as_of + timedelta(seconds=2))]))
        app.tick()
        assert app.rows_painted == before, "the next full second shows all ages"
        app.tick(TICKS_A_SECOND)
        assert app.line(1).split()[-1] == "now"


@pytest.mark.parametrize("columns", [(), ("symbol", "age", "last"), ("age",), ("symbol", "last", "age")])
async def test_a_row_whose_age_moved_on_is_what_it_would_be_painted_anew(columns: tuple[str, ...]) -> None:
    app = BoardApp()
    app.clock.advance(3)
    async with app.run_test(size=(120, 12)):
        app.board.columns = columns
        before = app.line(1)
        app.clock.advance(1)
        app.tick(TICKS_A_SECOND)
        moved = app.board.render_line(1)
        app.board.notify_style_update()
        anew = app.board.render_line(1)
        assert moved.text != before
        assert moved.simplify() == anew.simplify()
        assert moved.cell_length == anew.cell_length
