"""After a resize the picture is right at once, not when the next second has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.screens.dashboard.test_pictures import fill
from tests.screens.dashboard.test_sizes import quotes
from tests.screens.stage import Stage, healthy, on_stage

SIZES = ((240, 70), (160, 45), (80, 24), (200, 60), (100, 30), (60, 20), (120, 36), (240, 70), (80, 40), (150, 31))
"""Back and forth over every breakpoint, and with and without all lists at a glance."""
MOST_LAYOUTS = 5
"""For a resize: one with the rows as the widths before needed them, one as these need them, and more where a text needs
another row then, or a second begins."""


@contextmanager
def layouts(stage: Stage) -> Iterator[Callable[[], int]]:
    """Counts how often the dashboard is laid out."""
    compositor = stage.dashboard._compositor
    reflow, counted = compositor.reflow, 0

    def count(*arguments: Any) -> Any:
        nonlocal counted
        counted += 1
        return reflow(*arguments)

    compositor.reflow = count  # type: ignore[assignment, method-assign]
    yield lambda: counted


@pytest.mark.parametrize("key", ["chips", "named-in-the-articles"])
async def test_the_picture_is_right_at_once(key: str) -> None:
    async with on_stage((160, 45), start_list=key) as stage:
        await stage.take(*quotes(), health=healthy())
        await stage.rest()
        for size in SIZES:
            with layouts(stage) as count:
                await stage.resize(*size)
                assert count() <= MOST_LAYOUTS, size
            at_once = stage.lines()
            await stage.rest()
            assert stage.lines() == at_once, size


async def test_a_resize_under_a_dialog_counts_for_what_is_below() -> None:
    async with on_stage((160, 45)) as stage:
        await fill(stage)
        for opens, closes in (("question_mark", "escape"), ("a", "escape"), ("x", "x")):
            for size in ((80, 24), (160, 45)):
                await stage.press(opens)
                await stage.resize(*size)
                await stage.press(closes)
                at_once = stage.lines()
                assert stage.dashboard.has_class("-narrow") is (size[0] < 100), (opens, size)
                await stage.rest()
                assert stage.lines() == at_once, (opens, size)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (80, 40), (160, 45), (200, 60)])
async def test_what_is_wrong_takes_its_rows_from_the_panels(size: tuple[int, int]) -> None:
    """However long the sentences are, the panels fill just what is left."""
    long = "~/.config/aiwatch/watchlists/mine.toml:3: unknown key 'stok', did you mean 'stock'? (this list is left out)"
    async with on_stage(size, problems=(long, "short", *[long] * 3)) as stage:
        await fill(stage)
        notice, panels = stage.dashboard.notice, stage.dashboard.panels
        assert notice.rows_at(size[0]) == notice.region.height
        assert panels.rows == size[1] - 2 - notice.region.height
        for upper, lower in ((panels.board, panels.stock), (panels.ledger, panels.record)):
            if upper.region and lower.region and lower.region.y > upper.region.y:
                assert upper.region.height + lower.region.height <= panels.rows
                assert lower.region.bottom == size[1] - 1 or panels.query_one("#glance-panel").region
