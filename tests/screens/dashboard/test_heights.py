"""How the rows of a column are parted: by what the panels show, or as a person wants it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import groupby

import pytest
from textual.containers import Vertical
from textual.widget import Widget

from aiwatch.screens.dashboard.panel_layout import LEAST_BELOW
from aiwatch.session.layout import LEAST_ROWS, SLACK, Needs, ScreenLayout
from aiwatch.widgets.board.glance import LEAST_ROWS as LEAST_GLANCE
from aiwatch.widgets.board.glance import rows_left
from tests.screens.dashboard.chart.charting import History, charting
from tests.screens.dashboard.test_sizes import quotes
from tests.screens.stage import Stage, healthy, lists, on_stage

HALF = Fraction(1, 2)
SIZES = ((80, 24), (100, 30), (120, 36), (160, 45), (200, 60), (240, 70))


@pytest.mark.parametrize(
    ("rows", "upper", "lower", "of_upper"),
    [
        (40, 12, 20, 12),  # both fit
        (40, 12, 90, 12),  # the upper one fits its half
        (40, 90, 12, 28),  # the lower one does
        (40, 90, 19, 20),  # by so little that the split stays where it is
        (40, 90, 90, 20),  # neither does
        (40, 3, 90, LEAST_ROWS),
        (40, 90, 1, 40 - LEAST_ROWS),
        (8, 90, 90, 4),
    ],
)
def test_rows_go_to_the_panel_that_can_fill_them(rows: int, upper: int, lower: int, of_upper: int) -> None:
    assert Needs(rows, upper, lower, HALF).upper_rows() == of_upper


@pytest.mark.parametrize("rows", range(8, 70, 5))
def test_no_panel_is_blank_while_the_other_scrolls(rows: int) -> None:
    for part in (HALF, Fraction(2, 5)):
        for upper in range(LEAST_ROWS, 80):
            for lower in range(LEAST_ROWS, 80):
                of_upper = Needs(rows, upper, lower, part).upper_rows()
                of_lower = rows - of_upper
                assert not (of_upper - upper > SLACK and of_lower < lower), (rows, upper, lower)
                assert not (of_lower - lower > SLACK and of_upper < upper), (rows, upper, lower)


def test_a_step_goes_from_where_the_content_has_it_and_back() -> None:
    needs = Needs(40, 12, 90, HALF)
    assert [needs.step(0, 1), needs.step(35, 1), needs.step(35, -1), needs.step(20, -1), needs.step(80, 1)] == [
        35,
        40,
        0,
        20,
        80,
    ]
    assert needs.upper_rows(50) == 20


def blank_rows(stage: Stage, panel: Vertical) -> int:
    """The most rows below each other inside the frame of ``panel`` with nothing in them but a scrollbar; a plot has
    single ones between its lines."""
    rows = [bool(row[1:-2].strip()) for row in stage.text(panel).splitlines()[1:-1]]
    return max((len(list(run)) for is_used, run in groupby(rows) if not is_used), default=0)


def hidden_rows(panel: Vertical) -> int:
    """The rows of the ``panel``'s view that are scrolled out of sight; of a chart, which fills any number, none."""
    front: Widget = panel.front  # type: ignore[attr-defined]
    return max(0, front.virtual_size.height - front.scrollable_content_region.height)


async def check_columns(stage: Stage, key: str) -> None:
    """In neither column is a large area blank while the other panel of it scrolls, and none of the board's at all."""
    panels = stage.dashboard.panels
    for upper, lower in ((panels.board, panels.stock), (panels.ledger, panels.record)):
        if upper.region and lower.region:
            for blank_one, hidden_one in ((upper, lower), (lower, upper)):
                blank, hidden = blank_rows(stage, blank_one), hidden_rows(hidden_one)
                assert min(blank, hidden) <= SLACK, (stage.app.size, key, blank_one.id, blank, hidden)


async def check_every_list(stage: Stage, is_drawn: Callable[[], bool] = lambda: True) -> None:
    """Go through the bundled lists. Where nothing scrolls, less stays blank than another panel would take."""
    panels = stage.dashboard.panels
    for watchlist in lists():
        stage.dashboard.lists.open(watchlist.key)
        for _ in range(2):
            await stage.settle()
        await stage.until(is_drawn)
        await check_columns(stage, watchlist.key)
        for panel, least in ((panels.board, LEAST_BELOW), (panels.stock, LEAST_GLANCE)):
            if panel.region:
                assert blank_rows(stage, panel) < least, (stage.app.size, watchlist.key, panel.id)


@pytest.mark.parametrize("size", SIZES)
async def test_no_large_area_is_blank_without_history(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        await stage.take(*quotes(), health=healthy())
        await check_every_list(stage)


@pytest.mark.parametrize("size", SIZES)
async def test_no_large_area_is_blank_beside_a_chart(size: tuple[int, int]) -> None:
    async with charting(History(), size) as stage:
        await stage.take(*quotes(), health=healthy())
        await stage.until(lambda: stage.dashboard.panels.stock.chart is not None or size[0] < 100)
        panel = stage.dashboard.panels.stock
        await check_every_list(stage, lambda: not panel.region or "adjusted" in stage.text(panel))


@pytest.mark.parametrize(
    ("rows", "board", "stock", "left"),
    [
        (58, 16, 99, 20),
        (58, 16, 12, 30),
        (43, 16, 99, 0),  # five rows would say nothing
        (43, 16, 18, 9),
        (43, 30, 99, 0),
    ],
)
def test_all_lists_have_the_rows_that_no_panel_of_the_column_can_fill(
    rows: int, board: int, stock: int, left: int
) -> None:
    assert rows_left(rows, board, stock) == left


async def test_a_person_makes_the_upper_panel_taller_and_shorter() -> None:
    layouts: list[ScreenLayout] = []
    async with on_stage((160, 45), keep_layout=layouts.append) as stage:
        await stage.take(*quotes(), health=healthy())
        await stage.rest()
        board, ledger = stage.dashboard.panels.board, stage.dashboard.panels.ledger
        for number, panel in (("1", board), ("2", ledger)):
            await stage.press(number)
            usual = panel.region.height
            await stage.press("}", "}")
            taller = panel.region.height
            assert taller > usual
            await stage.press("{", "{", "{")
            assert panel.region.height < taller
            await stage.press("}")
            assert panel.region.height == usual
        await stage.press("}")
        assert (layouts[-1].left_height, layouts[-1].right_height > 0) == (0, True)
        height = ledger.region.height
    async with on_stage((160, 45), layout=layouts[-1]) as stage:
        assert stage.dashboard.panels.ledger.region.height == height


@pytest.mark.parametrize(("size", "keys"), [((100, 30), ("w",)), ((60, 20), ())])
async def test_a_list_has_no_rows_for_a_stock_in_brief(size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async with charting(History(), size, start_list="chips") as stage:
        await stage.press(*keys)
        await stage.settle()
        assert "NVIDIA" in stage.text("#brief")
        await stage.press("]", "]", "]")
        await stage.rest()
        assert stage.dashboard.lists.chosen == "*"
        assert stage.dashboard.lists.brief.region.height == 0
