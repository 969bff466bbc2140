"""Every text of the screen can be read: its colour against the ground that it is drawn on, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.widget import Widget

from aiwatch.themes import READABLE, contrast
from tests.screens.dashboard.test_editing import editing
from tests.screens.dashboard.test_pictures import fill
from tests.screens.stage import Stage, healthy, on_stage, priced

DRAWN = "─│╭╮╰╯▁▂▃▄▅▆▇█▌▕▏┤━┃┄╎"
"""Frames, lines of prices and scrollbars: no text."""


def unreadable(stage: Stage, widget: Widget | None = None) -> set[tuple[str, str, str, float]]:
    """The texts with too little contrast, on all of the screen or in ``widget``: words, colour, ground, contrast."""
    hits = set()
    region = stage.app.screen.region if widget is None else widget.region
    for strip in stage.strips()[region.y : region.bottom]:
        for text, style, _ in strip.crop(region.x, region.right):
            words = text.translate({ord(sign): None for sign in DRAWN}).strip()
            if words and style is not None and style.color is not None and style.bgcolor is not None:
                front, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                if (value := contrast(front, ground)) < READABLE:
                    hits.add((words[:30], front.hex, ground.hex, round(value, 2)))
    return hits


@pytest.mark.parametrize("theme", ["aiwatch-dark", "aiwatch-light"])
async def test_every_text_is_readable_as_it_is_drawn(theme: str) -> None:
    async with on_stage((160, 45), theme=theme, start_list="named-in-the-articles") as stage:
        await fill(stage)
        met = unreadable(stage)
        for keys in (
            ("space", "j"),
            ("[",),
            ("]", "2", "j"),
            ("v",),
            ("4",),
            ("3",),
        ):
            await stage.press(*keys)
            await stage.settle()
            met |= unreadable(stage)
        assert met == set()


OPENERS = ("a", "f", "A", "m", "N", "R", "C", "O", "L", "H", "question_mark", "colon", "t")


@pytest.mark.parametrize("theme", ["aiwatch-dark", "aiwatch-light"])
async def test_every_text_of_a_dialog_is_readable(theme: str, tmp_path: Path) -> None:
    async with editing(tmp_path, theme=theme) as stage:
        await stage.take(priced("600406.SS", 11.0, 10.0), health=healthy())
        for opener in OPENERS:
            await stage.press(opener)
            await stage.until(lambda: len(stage.app.screen_stack) > 1)
            await stage.press("tab")
            assert unreadable(stage, stage.app.screen.children[0]) == set(), opener
            while len(stage.app.screen_stack) > 1:
                await stage.press("escape")
