"""All lists at a glance on a large screen: when they are there, what they show, and that a click goes there."""

from __future__ import annotations

from aiwatch.widgets.board.glance import GlancePanel
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
