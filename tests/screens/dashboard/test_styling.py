"""What a class of the layout, the focus or a screen above changes is styled, and nothing that it does not change."""

from __future__ import annotations

from typing import Any

import pytest
from textual.dom import DOMNode

from tests.screens.stage import Stage, on_stage

PANELS = ("2", "3", "4", "1", "w", "2", "4", "w", "T", "3", "n")
BOXES = ("slash", "a", "C", "colon", "m", "question_mark")
STEPS = (*PANELS, *(key for opener in BOXES for key in (opener, "escape")))
"""Keys that bring each panel to the front, beside the others and alone, and boxes and dialogs into focus."""


def styles(stage: Stage) -> dict[DOMNode, dict[str, Any]]:
    """The rules in force for every node of every screen."""
    nodes = (node for screen in stage.app.screen_stack for node in screen.walk_children(with_self=True))
    return {node: {**node.styles.base.get_rules()} for node in nodes}


@pytest.mark.parametrize("size", [(160, 45), (200, 60), (80, 24), (80, 70)])
async def test_no_step_leaves_a_widget_in_another_style_than_the_whole_sheet_gives_it(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        for key in ("start", *STEPS, "resize"):
            if key == "resize":
                await stage.resize(100, 30)
            elif key != "start":
                await stage.press(key)
            as_left = styles(stage)
            for screen in stage.app.screen_stack:
                stage.app.stylesheet.update(screen)
            as_whole = styles(stage)
            assert {node: rules for node, rules in as_left.items() if rules != as_whole[node]} == {}, key
