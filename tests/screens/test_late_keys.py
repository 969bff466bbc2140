"""Keys that come while the program ends: they do nothing, and nothing fails."""

from __future__ import annotations

import pytest
from textual import events

from aiwatch.widgets.beat import Beats
from tests.screens.stage import on_stage


@pytest.mark.parametrize("front", ["1", "2", "3", "4"])
async def test_a_panel_that_is_taken_down_has_no_keys(front: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Beats, "beat", lambda _: None)  # a full second would look for panels that are gone
    async with on_stage((120, 36)) as stage:
        await stage.press(front)
        stage.dashboard.set_focus(None)
        assert "s" in stage.dashboard.active_bindings or front in "34"
        with stage.app.batch_update():
            await stage.dashboard.remove_children()
            keys = stage.dashboard.active_bindings
        assert "q" in keys
        assert "s" not in keys


async def test_a_key_after_the_end_does_nothing() -> None:
    async with on_stage((120, 36)) as stage:
        stage.dashboard.set_focus(None)
        before = stage.dashboard.lists.chosen
        stage.app.exit()
        for key in ("right_square_bracket", "2", "s", "escape", "q", "j"):
            event = events.Key(key, None)
            assert not stage.app.input_gate.admits(event)
            stage.app.post_message(event)
        assert stage.app.input_gate.is_at_rest
        assert stage.dashboard.lists.chosen == before
