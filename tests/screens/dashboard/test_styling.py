"""What a class of the layout or the focus changes is styled, and nothing that it does not change."""

from __future__ import annotations

from typing import Any

import pytest
from textual.dom import DOMNode

from tests.screens.stage import Stage, on_stage

STEPS = ("2", "3", "4", "1", "w", "2", "4", "w", "slash", "escape", "f", "escape", "question_mark", "escape", "3", "n")
"""Keys that bring each panel to the front, beside the others and alone, and boxes and dialogs into focus."""


def styles(stage: Stage) -> dict[DOMNode, dict[str, Any]]:
    """The rules in force for every node of the dashboard."""
    nodes = stage.dashboard.walk_children(with_self=True)
    return {node: {**node.styles.base.get_rules()} for node in nodes}


@pytest.mark.parametrize("size", [(160, 45), (200, 60), (80, 24), (80, 70)])
async def test_no_step_leaves_a_widget_in_another_style_than_the_whole_sheet_gives_it(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        for key in (*STEPS, "resize"):
            if key == "resize":
                await stage.resize(100, 30)
            else:
                await stage.press(key)
            as_left = styles(stage)
            stage.app.stylesheet.update(stage.dashboard)
            as_whole = styles(stage)
            assert {node: rules for node, rules in as_left.items() if rules != as_whole[node]} == {}, key
