"""All lists at a glance on a large screen: when they are there, what they show, and that a click goes there."""

from __future__ import annotations

import pytest

from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.board.glance import GlancePanel
from aiwatch.widgets.board.movers import AT_LIMIT, Mover, MoverGroup, fitted, mover_line
from tests.screens.dashboard.test_mouse import click
from tests.screens.dashboard.test_pictures import fill
from tests.screens.stage import Stage, board_title, colour_in, on_stage


def glance(stage: Stage) -> str:
    """What is to be seen of the panel; empty where it is not there."""
    panel = next(iter(stage.dashboard.query(GlancePanel)), None)
    return stage.text(panel) if panel is not None and panel.region.area else ""


async def filled(stage: Stage) -> None:
    """Let the day happen, and the panels share their rows."""
    await fill(stage)
    await stage.rest()


async def test_a_large_screen_shows_every_list_and_what_moves() -> None:
    async with on_stage((200, 60), start_list="named-in-the-articles") as stage:
        await filled(stage)
        shown = glance(stage)
        for words in ("Power", "Chips", "At their daily limit", "Up most", "Down most", "Honor Electronic"):
            assert words in shown, words
        await stage.press("[")
        assert glance(stage) == "", "the tab has all of it"
        await stage.press("]")
        await stage.settle()
        assert glance(stage)
        await stage.press("w")
        assert glance(stage) == "", "one panel has the whole screen"
        await stage.press("w")
        await stage.settle()
        assert glance(stage)
        for size in ((149, 60), (80, 24)):
            await stage.resize(*size)
            await stage.settle()
            assert glance(stage) == "", size
        await stage.resize(160, 60)
        await stage.settle()
        assert glance(stage)


async def test_a_click_goes_to_the_list_or_the_stock_and_no_key_does() -> None:
    async with on_stage((200, 60), start_list="named-in-the-articles") as stage:
        await filled(stage)
        await click(stage, "#glance", "Power")
        assert board_title(stage) == "1 Power"
        await stage.settle()
        await click(stage, "#glance", "AMZN")
        assert (stage.current, board_title(stage)) == ("AMZN", "1 Hyperscalers")
        for _ in range(5):
            await stage.press("tab")
            assert stage.app.focused is not None
            assert stage.app.focused.id != "glance"


async def test_it_has_the_colours_of_the_screen() -> None:
    async with on_stage((200, 60), start_list="hyperscalers") as stage:
        await filled(stage)
        green = stage.app.theme_variables["up"].lower()
        assert colour_in(stage, "#glance", "+", "Envicool") == green
        await stage.press("u")
        await stage.settle()
        assert colour_in(stage, "#glance", "+", "Envicool") != green


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        (0, []),
        (1, []),
        (2, [1]),
        (3, [2]),
        (5, [2, 1]),
        (6, [1, 1, 1]),
        (8, [2, 2, 1]),
        (12, [3, 3, 3]),
        (30, [3, 4, 9]),
    ],
)
def test_movers_fill_the_rows_and_no_heading_stands_alone(rows: int, counts: list[int]) -> None:
    groups = [group_of(AT_LIMIT, 3), group_of("Up most", 4), group_of("Down most", 9)]
    shown = fitted(groups, rows)
    assert [len(group.movers) for group in shown] == counts
    assert sum(1 + len(group.movers) for group in shown) <= rows


def group_of(heading: str, count: int) -> MoverGroup:
    movers = (Mover(parse_symbol(f"6000{number:02}.SS"), "x", "1.00", 1.0, 0, ()) for number in range(count))
    return MoverGroup(heading, tuple(movers))


@pytest.mark.parametrize("width", range(55, 121, 3))
def test_a_mover_says_its_limit_whole_and_its_lists_as_far_as_they_fit(width: int) -> None:
    for limit, words in ((1, "limit up"), (-1, "limit down"), (0, "")):
        mover = Mover(parse_symbol("002158.SZ"), "Honor Electronic", "123456.78", 9.99, limit, ("Cooling",))
        line = mover_line(mover, width, "auto").plain
        assert len(line) <= width
        assert f"+9.99 %  {words}" in line
        assert line.endswith(("Cooling", "…", "limit down"))
        assert line.endswith("Cooling") or width < 76
