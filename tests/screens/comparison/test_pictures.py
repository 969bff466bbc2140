"""Pictures of the Compare screen at the sizes that people have."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from aiwatch.screens.comparison.screen import CompareScreen
from tests.screens.comparison.fixtures import FakeLists
from tests.screens.dashboard.test_pictures import Compare
from tests.screens.stage import Stage, lists, make_app

PICTURES: dict[str, tuple[tuple[int, int], str, tuple[str, ...], dict[str, Any]]] = {
    "80x24": ((80, 24), "cooling", ("j", "j", "j"), {}),
    "80x24-correlation": ((80, 24), "cooling", ("v",), {}),
    "160x45": ((160, 45), "cooling", ("j", "j"), {}),
    "200x60-monochrome": ((200, 60), "power", ("G",), {"colours": "monochrome"}),
    "160x45-light": ((160, 45), "liquid-cooling-rally", (), {"theme": "aiwatch-light", "colours": "red-up"}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Compare) -> None:
    size, key, keys, options = PICTURES[name]
    watchlists = tuple(watchlist for watchlist in lists() if watchlist.key == key)

    async def run_before(pilot: Pilot[None]) -> None:
        stage = Stage(pilot)
        await stage.press("I")
        await stage.until(lambda: isinstance(stage.app.screen, CompareScreen) and "average of" in stage.text())
        await stage.press(*keys)
        await pilot.pause()

    app = make_app(watchlists=watchlists, list_history=FakeLists(), **options)
    assert snap_compare(app, terminal_size=size, run_before=run_before)
