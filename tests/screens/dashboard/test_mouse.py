"""The same things done with the mouse."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.events import MouseMove, MouseScrollDown
from textual.screen import Screen
from textual.widgets import Tooltip

from aiwatch.screens.dialogs.help import HelpScreen
from tests.screens.stage import Stage, healthy, make_app, on_stage, priced


async def click(stage: Stage, widget: str, words: str, line: str = "") -> None:
    """Click on the first ``words`` to be seen in ``widget`` (in the line that holds ``line``)."""
    for y, row in enumerate(stage.text(widget).splitlines()):
        if words in row and line in row:
            x = cell_len(row[: row.index(words)])
            assert await stage.pilot.click(widget, offset=(x, y))
            return
    raise AssertionError(f"{words!r} is not to be seen in {widget}")


def title(stage: Stage, panel: str) -> str:
    return str(stage.app.screen.query_one(panel).border_title)


async def test_a_click_on_a_tab_opens_its_list() -> None:
    async with on_stage((240, 45)) as stage:
        await click(stage, "#board-panel TabLine", "Hyperscalers")
        assert title(stage, "#board-panel") == "1 Hyperscalers"
        assert "▸Hyperscalers" in stage.text("#board-panel")
        assert title(stage, "#stock-panel").startswith("3 微软 Microsoft")
        await click(stage, "#board-panel TabLine", "All stocks")
        assert title(stage, "#board-panel") == "1 All stocks"


@pytest.mark.parametrize("width", [60, 110])
async def test_every_tab_can_be_reached_where_not_all_fit(width: int) -> None:
    async with on_stage((width, 24), start_list="power") as stage:
        met = [title(stage, "#board-panel")]
        for name in ("Cooling", "Liquid-cooling", "Hyperscalers", "Chips", "Builders", "All stocks", "Lists"):
            tabs = "#board-panel TabLine"
            await click(stage, tabs, name if name in stage.text(tabs) else "›")
            met.append(title(stage, "#board-panel"))
        assert len(set(met)) == 8
        assert met[-1] == "1 Lists"
        while "‹" in stage.text("#board-panel TabLine"):
            await click(stage, "#board-panel TabLine", "‹")
        assert "Power" in stage.text("#board-panel TabLine")


@pytest.mark.parametrize("width", [60, 80, 100, 160])
async def test_all_stocks_and_lists_have_their_tabs_at_every_size(width: int) -> None:
    async with on_stage((width, 36), start_list="power") as stage:
        for name in ("All stocks", "Lists", "Power"):
            tabs = stage.text("#board-panel TabLine")
            assert all(tab in tabs for tab in ("All stocks", "Lists"))
            await click(stage, "#board-panel TabLine", name if name in tabs else "‹")
        assert title(stage, "#board-panel") == "1 Power"


async def test_a_click_on_a_row_selects_and_a_second_opens() -> None:
    async with on_stage() as stage:
        await click(stage, "#board", "300870.SZ")
        assert stage.current == "300870.SZ"
        assert "300870.SZ" in title(stage, "#stock-panel")
        await click(stage, "#board", "300870.SZ")
        assert stage.dashboard.panels.front == 3


async def test_a_click_on_a_head_sorts_turns_round_and_goes_back() -> None:
    async with on_stage() as stage:
        await stage.take(
            priced("603757.SS", 47.61, 47.14), priced("002837.SZ", 63.82, 58.02), priced("300870.SZ", 248.5, 240.0)
        )
        board = stage.dashboard.lists.board
        orders = []
        for _ in range(3):
            await click(stage, "#board", "Chg %")
            orders.append([stock.symbol.text[:6] for stock in board.shown])
        assert orders[0] == ["002837", "300870", "603757", "002536"]
        assert orders[1] == ["603757", "300870", "002837", "002536"]
        assert orders[2] == ["603757", "002837", "300870", "002536"]


async def test_a_click_on_a_panels_tab_brings_it_to_the_front() -> None:
    async with on_stage((80, 24)) as stage:
        for number, name in ((2, "Commitments"), (3, "Stock"), (4, "Record"), (1, "Board")):
            await click(stage, "#narrow-tabs", name)
            assert stage.dashboard.panels.front == number


async def test_a_click_on_a_commitment_opens_it() -> None:
    async with on_stage() as stage:
        await click(stage, "#commitments", "France")
        assert title(stage, "#record-panel").startswith("4 C008 ")
        assert stage.dashboard.panels.front == 4
        assert "France → " in stage.text("#record")


async def test_a_heading_of_the_commitments_cannot_be_chosen() -> None:
    async with on_stage() as stage:
        before = title(stage, "#record-panel")
        await click(stage, "#commitments", "Corporate capex")
        assert title(stage, "#record-panel") == before


async def test_a_click_on_a_list_of_all_opens_it() -> None:
    async with on_stage(start_list="named-in-the-articles") as stage:
        await stage.press("[")
        await click(stage, "#overview", "Chips")
        assert title(stage, "#board-panel") == "1 Chips"
        assert stage.current == "NVDA"


async def test_a_click_on_a_key_of_the_bottom_row_does_what_the_key_does() -> None:
    async with on_stage((320, 45)) as stage:
        await click(stage, "KeyLine", "n names")
        assert "英维克" in stage.row("002837.SZ")
        await click(stage, "KeyLine", "q quit")
        assert stage.app._exit


async def test_help_opens_from_the_bottom_row() -> None:
    async with on_stage((80, 24)) as stage:
        await click(stage, "KeyLine", "? help")
        screen: Screen[object] = stage.app.screen
        assert isinstance(screen, HelpScreen)


async def test_the_wheel_scrolls_the_commitments() -> None:
    async with on_stage((120, 36)) as stage:
        await stage.take(health=healthy())
        assert "Sovereign pledge" in stage.text("#commitments")
        for _ in range(12):
            await stage.pilot._post_mouse_events([MouseScrollDown], widget="#commitments", offset=(5, 5))
        await stage.until(lambda: "Sovereign pledge" not in stage.text("#commitments"))


def moved(x: int, y: int) -> MouseMove:
    """What a terminal says when the pointer comes to a cell."""
    return MouseMove(None, x, y, 0, 0, 0, False, False, False)


@pytest.mark.parametrize("is_covered", [False, True])
async def test_the_top_line_says_under_the_pointer_when_the_markets_open(is_covered: bool) -> None:
    """What shows it is not there before the pointer has moved: no start needs it."""
    app = make_app()
    app.TOOLTIP_DELAY = 0.01
    async with app.run_test(size=(120, 36), tooltips=True) as pilot:
        app._disable_tooltips = True  # as where no test runs
        stage = Stage(pilot)
        if is_covered:
            await stage.press("question_mark")
            await stage.until(lambda: isinstance(app.screen, HelpScreen))
        screen = app.screen
        await screen.query(Tooltip).remove()
        app.post_message(moved(30, 10))
        await stage.until(lambda: bool(screen.query(Tooltip)))
        app.post_message(moved(31, 10))
        await stage.rest()
        assert len(screen.query(Tooltip)) == 1
        if is_covered:
            await stage.press("escape")
        await stage.until(lambda: bool(stage.dashboard.status.tooltip))
        app.post_message(moved(30, 0))
        await stage.until(lambda: " here)" in stage.text())
        assert len(stage.dashboard.query(Tooltip)) == 1
