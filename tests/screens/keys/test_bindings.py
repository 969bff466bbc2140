"""The keys that move: between panels, rows, lists, and into what the cursor is on."""

from __future__ import annotations

import pytest

from tests.screens.stage import board_title, focused, on_stage, shown

PANELS = {1: "board", 2: "commitments", 3: "stock", 4: "record"}
NARROW = (80, 24)
RALLY = ["603757.SS", "002837.SZ", "300870.SZ", "002536.SZ"]
TITLES = [
    "Named in the articles",
    "Power",
    "Cooling",
    "Liquid-cooling rally",
    "Hyperscalers",
    "Chips",
    "Builders and backers",
    "All stocks",
    "Lists",
]


@pytest.mark.parametrize(("number", "panel"), PANELS.items())
async def test_a_number_goes_to_its_panel(number: int, panel: str) -> None:
    async with on_stage() as stage:
        await stage.press("4" if number == 1 else "1", str(number))
        assert focused(stage) == panel
        assert stage.dashboard.panels.front == number


async def test_tab_goes_round_the_panels_and_back() -> None:
    async with on_stage() as stage:
        order = []
        for _ in range(4):
            await stage.press("tab")
            order.append(focused(stage))
        assert order == ["commitments", "stock", "record", "board"]
        back = []
        for _ in range(4):
            await stage.press("shift+tab")
            back.append(focused(stage))
        assert back == ["record", "stock", "commitments", "board"]


async def test_on_a_narrow_screen_a_number_shows_its_panel_alone_but_for_the_stock_under_a_short_list() -> None:
    async with on_stage(NARROW) as stage:
        for number, label in {2: "Sovereign pledge", 3: "SSE main, ±10 %", 4: "as printed", 1: "603757.SS"}.items():
            await stage.press(str(number))
            names = {panel: stage.app.screen.query_one(f"#{panel}").region.area > 0 for panel in PANELS.values()}
            expected = {PANELS[number], PANELS[3]} if number == 1 else {PANELS[number]}
            assert names == {panel: panel in expected for panel in PANELS.values()}
            assert label in stage.text()
            assert f"▸{number} {['Board', 'Commitments', 'Stock', 'Record'][number - 1]}" in stage.text("#narrow-tabs")


@pytest.mark.parametrize(("down", "up"), [("down", "up"), ("j", "k")])
async def test_the_cursor_moves_over_the_stocks(down: str, up: str) -> None:
    async with on_stage() as stage:
        met = [stage.current]
        for key in (down, down, up, up, up):
            await stage.press(key)
            met.append(stage.current)
        assert met == [RALLY[row] for row in (0, 1, 2, 1, 0, 0)]
        await stage.press(down)
        assert "3 英维克 Envicool" in stage.text()
        assert stage.row("002837.SZ").lstrip().startswith("▌")


@pytest.mark.parametrize(("down", "up"), [("down", "up"), ("j", "k")])
async def test_the_cursor_moves_over_the_commitments(down: str, up: str) -> None:
    async with on_stage() as stage:
        await stage.press("2", down)
        second = str(stage.app.screen.query_one("#record-panel").border_title)
        await stage.press(up)
        first = str(stage.app.screen.query_one("#record-panel").border_title)
        assert first.startswith("4 C004 ")
        assert second.startswith("4 C")
        assert second != first
        assert first in stage.text()


async def test_first_and_last_row() -> None:
    async with on_stage() as stage:
        await stage.press("G")
        assert stage.current == RALLY[-1]
        await stage.press("g")
        assert stage.current == RALLY[0]
        await stage.press("2", "G")
        last = stage.dashboard.panels.ledger.list.highlighted
        assert last == stage.dashboard.panels.ledger.list.option_count - 1
        await stage.press("g")
        assert stage.dashboard.panels.ledger.list.highlighted == 1, "the first row is a heading"


@pytest.mark.parametrize("number", [3, 4])
async def test_a_long_text_scrolls_by_the_same_keys(number: int) -> None:
    async with on_stage((100, 24), start_list="chips") as stage:
        await stage.press("2", "j", "j", str(number))
        panel = stage.app.screen.query_one(f"#{PANELS[number]}")
        assert panel.max_scroll_y > 1
        for key, place in (("j", 1), ("j", 2), ("k", 1), ("G", panel.max_scroll_y), ("g", 0)):
            await stage.press(key)
            await stage.until(lambda place=place: panel.scroll_y == place)  # type: ignore[misc]


async def test_brackets_go_through_the_lists_and_round() -> None:
    async with on_stage() as stage:
        assert board_title(stage) == "1 Liquid-cooling rally"
        met = []
        for _ in TITLES:
            await stage.press("]")
            met.append(board_title(stage).removeprefix("1 "))
            assert f"▸{met[-1]}" in stage.text("#board-panel")
        assert met == TITLES[4:] + TITLES[:4]
        await stage.press("[")
        assert board_title(stage) == "1 Cooling"
        assert shown(stage)[0] == "000811.SZ"


async def test_another_list_brings_its_first_stock_to_the_stock_panel() -> None:
    async with on_stage() as stage:
        await stage.press("j", "]")
        assert stage.current == "MSFT"
        assert "3 微软 Microsoft · MSFT" in stage.text()


@pytest.mark.parametrize("size", [NARROW, (160, 45)])
async def test_enter_on_a_stock_opens_it_in_full(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        await stage.press("j", "enter")
        assert focused(stage) == "stock"
        assert "Liquid cooling from the cold plate to the plant" in stage.text("#stock-panel")
        await stage.press("escape")
        assert focused(stage) == "board"
        assert stage.current == "002837.SZ"


@pytest.mark.parametrize("size", [NARROW, (160, 45)])
async def test_enter_on_a_commitment_opens_it_in_full(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        await stage.press("2", "enter")
        assert focused(stage) == "record"
        assert "China AI industry" in stage.text("#record-panel")
        await stage.press("escape")
        assert focused(stage) == "board"


async def test_enter_on_a_list_opens_it() -> None:
    async with on_stage(start_list="named-in-the-articles") as stage:
        await stage.press("[", "j", "j", "enter")
        assert board_title(stage) == "1 Cooling"
        assert focused(stage) == "board"
        assert shown(stage)[0] == "000811.SZ"
