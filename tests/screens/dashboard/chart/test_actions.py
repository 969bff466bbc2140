"""The chart of the selected stock: its view, the whole screen, its keys, and the rows it has."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.market.bars import Range
from aiwatch.session.layout import Panel, ScreenLayout
from tests.screens.dashboard.chart.charting import History, area, chart_of, charting, drawn
from tests.screens.stage import focused


async def test_the_chart_is_the_first_view_and_the_next_ones_are_by_the_key_of_views() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        panels = stage.dashboard.panels
        assert "▸Chart  Figures  Ledger" in stage.text("#stock-panel")
        await stage.press("3")
        assert focused(stage) == "chart"
        await stage.press("v")
        assert panels.stock.chart is None
        assert focused(stage) == "stock"
        assert "SSE main" in stage.text("#stock")
        await stage.press("v")
        assert "touching its sector" in stage.text("#stock").splitlines()[0]
        assert "SSE main" not in stage.text("#stock")
        await stage.press("V", "V")
        assert focused(stage) == "chart"
        await stage.press("1", "v")
        assert "▸Chart" in stage.text("#stock-panel"), "elsewhere the key is about the ledger's views"
        assert "▸Pledges" in stage.text("#commitments-panel")


async def test_a_click_on_a_name_shows_that_view() -> None:
    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        frame = stage.text("#stock-panel").splitlines()[0]
        await stage.pilot.click("#stock-panel", offset=(cell_len(frame[: frame.index("Figures")]) + 2, 0))
        await stage.until(lambda: "▸Figures" in stage.text("#stock-panel"))


async def test_without_history_there_is_no_view_of_it_and_the_key_says_why() -> None:
    async with charting(None) as stage:
        assert "▸Figures  Ledger" in stage.text("#stock-panel")
        await stage.press("i")
        await stage.until(lambda: "Price history is not kept here" in stage.text("#stock-panel"))
        await stage.press("i")
        assert "SSE main" in stage.text("#stock")


async def test_i_shows_the_chart_over_the_screen_and_goes_back() -> None:
    history = History()
    async with charting(history) as stage:
        await drawn(stage)
        before, panels = stage.current, stage.dashboard.panels
        await stage.press("i")
        assert stage.app.screen.query_one("#stock-panel").region.width == 120
        assert panels.front.name == "STOCK"
        assert focused(stage) == "chart"
        assert history.asked[0] == (before, Range.YEAR)
        assert history.used >= 1
        await stage.press("i")
        assert panels.front.name == "BOARD"
        assert focused(stage) == "board"
        assert stage.app.screen.query_one("#board-panel").region.area > 0


WAYS_OUT = (
    (("i", "1"), Panel.BOARD, False),
    (("i", "tab"), Panel.RECORD, False),
    (("2", "i", "i"), Panel.COMMITMENTS, False),
    (("3", "v", "i", "escape"), Panel.STOCK, False),
    (("i", "w"), Panel.STOCK, False),
    (("2", "w", "i", "4"), Panel.RECORD, True),
    (("i", "v"), Panel.STOCK, False),
)
"""Keys that show the chart over the screen and leave it; the panel in front then, and whether it has the screen."""


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_leaving_the_chart_gives_the_screen_back(size: tuple[int, int]) -> None:
    layouts: list[ScreenLayout] = []
    async with charting(History(), size, keep_layout=layouts.append) as stage:
        await drawn(stage)
        panels, is_narrow = stage.dashboard.panels, size[0] < 100
        for keys, front, is_full in WAYS_OUT:
            panels.full = False
            panels.stock.view = "chart"
            await stage.press("1", *keys)
            assert not panels.stock.is_whole, keys
            assert (panels.front, panels.full) == (front, is_full and not is_narrow), keys
            seen = [name for name in ("board", "commitments", "stock", "record") if area(stage, name)]
            if is_narrow:
                with_chart = {"board", "stock"} if front is Panel.BOARD else set()
                assert set(seen) == with_chart or seen == [front.name.lower()], keys
            else:
                assert len(seen) == (1 if is_full else 4), keys
            kept = stage.dashboard.kept_layout.now()
            assert (kept.panel, kept.full) == (panels.front, panels.full), keys


async def test_the_chart_over_the_screen_is_not_kept_but_views_and_looks_are() -> None:
    layouts: list[ScreenLayout] = []
    async with charting(History(), (160, 45), keep_layout=layouts.append) as stage:
        await drawn(stage)
        await stage.press("i", "full_stop", "vertical_line", "backslash")
        await stage.settle()
    assert layouts[-1] == ScreenLayout(
        list="liquid-cooling-rally",
        view="all",
        names="english",
        colours="auto",
        theme="aiwatch-dark",
        chart_range="ytd",
        chart_candles=False,
        chart_adjusted=False,
    )
    stored = replace(layouts[-1], chart_range="1mo", stock_view="ledger")
    async with charting(History(), (160, 45), layout=stored) as stage:
        assert "▸Ledger" in stage.text("#stock-panel")
        await stage.press("i")
        await drawn(stage)
        assert "▸1M" in stage.text("#chart")
        assert (chart_of(stage).view.candles, chart_of(stage).view.adjusted) == (False, False)


async def test_a_range_or_a_view_that_is_none_is_as_usual() -> None:
    async with charting(History(), (160, 45), layout=ScreenLayout(stock_view="gone", chart_range="2y")) as stage:
        await drawn(stage)
        assert "▸6M" in stage.text("#chart")


async def test_escape_leaves_the_crosshair_then_the_chart_then_the_panel() -> None:
    async with charting(History()) as stage:
        await drawn(stage)
        await stage.press("3", "i", "left")
        assert chart_of(stage).cursor_at is not None
        await stage.press("escape")
        assert chart_of(stage).cursor_at is None
        assert stage.dashboard.panels.stock.is_whole
        await stage.press("escape")
        assert not stage.dashboard.panels.stock.is_whole
        assert stage.dashboard.panels.front is Panel.STOCK
        await stage.press("escape")
        assert stage.dashboard.panels.front is Panel.BOARD


async def test_keys_of_the_chart_count_from_the_board_and_only_while_there_is_one() -> None:
    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        assert ", . range" in stage.text("#chart")
        await stage.press("vertical_line", "full_stop")
        assert focused(stage) == "board"
        assert (chart_of(stage).view.has_candles, chart_of(stage).range) == (False, Range.YEAR_TO_DATE)
        await stage.press("3")
        assert ", . range" in stage.text("KeyLine")
        await stage.press("3", "v")
        assert ", . range" not in stage.text("KeyLine")
        await stage.press("full_stop", "shift+left")
        assert stage.dashboard.panels.stock.look.range == "ytd"


async def test_up_and_down_in_the_chart_go_through_the_list() -> None:
    history = History()
    async with charting(history) as stage:
        await drawn(stage)
        await stage.press("i", "j")
        assert stage.current == "002837.SZ"
        await stage.until(lambda: history.asked[-1][0] == "002837.SZ")
        await stage.press("up")
        assert stage.current == "603757.SS"


@pytest.mark.parametrize(("size", "rows"), [((160, 45), 20), ((200, 60), 20), ((100, 30), 8), ((80, 24), 5)])
async def test_the_board_has_the_rows_of_its_list_and_the_chart_the_rest(size: tuple[int, int], rows: int) -> None:
    async with charting(History(), size) as stage:
        await drawn(stage)
        board, chart = stage.dashboard.panels.board.board, chart_of(stage)
        assert board.size.height == 1 + 4
        assert chart.size.height >= rows
        await stage.press("]")
        await stage.settle()
        needed = 1 + len(stage.dashboard.lists.symbols)
        assert board.size.height == needed or board.region.height >= (size[1] - 2) // 4


async def test_where_too_few_rows_are_left_the_board_has_them_all() -> None:
    async with charting(History(), (80, 20)) as stage:
        assert stage.app.screen.query_one("#stock-panel").region.area == 0
        assert stage.app.screen.query_one("#board-panel").region.height == 17
