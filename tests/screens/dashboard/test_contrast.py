"""Every text of the screen can be read: its colour against the ground that it is drawn on, in both themes."""

from __future__ import annotations

import pytest
from textual.color import Color

from aiwatch.themes import READABLE, contrast
from tests.screens.dashboard.test_pictures import fill
from tests.screens.stage import Stage, on_stage

DRAWN = "─│╭╮╰╯▁▂▃▄▅▆▇█▌▕▏┤━┃┄╎"
"""Frames, lines of prices and scrollbars: no text."""


def unreadable(stage: Stage) -> set[tuple[str, str, str, float]]:
    """The texts with too little contrast: words, colour, ground, contrast."""
    found = set()
    for strip in stage.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            words = text.translate({ord(sign): None for sign in DRAWN}).strip()
            if words and style is not None and style.color is not None and style.bgcolor is not None:
                front, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                if (value := contrast(front, ground)) < READABLE:
                    found.add((words[:30], front.hex, ground.hex, round(value, 2)))
    return found


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
