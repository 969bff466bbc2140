"""Pictures of the looks: colour schemes, dialogs over the board, a filter, and what hides everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.dashboard.test_pictures import Act, Compare, app_of, fill, then
from tests.screens.stage import Stage


async def stop_building(stage: Stage) -> None:
    """Hide everything, and let the clock on the wall print no further line."""
    await stage.press("x")
    for timer in list(stage.app.screen._timers):
        timer.stop()


def opened(key: str) -> Act:
    """Press ``key``, and wait until what it opens has its rows."""

    async def act(stage: Stage) -> None:
        await stage.press(key)
        await stage.rest()

    return act


SMALL = (60, 20)
PICTURES: dict[str, tuple[tuple[int, int], dict[str, Any], Callable[[Pilot[None]], Awaitable[None]]]] = {
    "colour-blind-120x36": ((120, 36), {"colours": "colour-blind"}, then(fill, keys=("j",))),
    "colour-blind-light-120x36": (
        (120, 36),
        {"colours": "colour-blind", "theme": "aiwatch-light"},
        then(fill, keys=("j",)),
    ),
    "monochrome-120x36": ((120, 36), {"colours": "monochrome"}, then(fill, keys=("2", "j"))),
    "stealth-80x24": ((80, 24), {}, then(fill, stop_building)),
    "columns-160x45": ((160, 45), {}, then(fill, opened("C"), keys=("j", "j"))),
    "columns-60x20": (SMALL, {}, then(fill, opened("C"), keys=("j", "j"))),
    "order-60x20": (SMALL, {}, then(fill, opened("O"), keys=("j", "j", "j", "enter", "j", "j", "j", "enter"))),
    "filter-80x24": ((80, 24), {}, then(fill, keys=("slash", *"change% > 3 and turnovr > 1bn"))),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Compare) -> None:
    size, options, run_before = PICTURES[name]
    assert snap_compare(app_of(options), terminal_size=size, run_before=run_before)
