"""Keys of the chart where none is in sight: a comparison brings it there, the others name the key that does."""

from __future__ import annotations

import pytest

from tests.screens.dashboard.chart.charting import History, charting, drawn
from tests.screens.stage import Stage


def chart_text(stage: Stage) -> str:
    """What the chart shows; empty where none is in sight."""
    panel = stage.dashboard.panels.stock
    return stage.text(panel.chart) if panel.chart is not None and panel.region else ""


@pytest.mark.parametrize(
    ("size", "keys"),
    [((60, 20), ()), ((60, 20), ("2",)), ((80, 24), ("2",)), ((160, 45), ("3", "v", "1")), ((160, 45), ("2", "w"))],
)
async def test_a_chart_out_of_sight(size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async with charting(History(), size) as stage:
        await stage.press(*keys)
        assert not chart_text(stage)
        for key in ("comma", "full_stop", "vertical_line", "backslash", "plus", "minus"):
            stage.dashboard.query_one("KeyLine").be_silent()  # type: ignore[attr-defined]
            await stage.press(key)
            assert "No chart in sight: i shows it" in stage.text("KeyLine"), key
        stage.dashboard.query_one("KeyLine").be_silent()  # type: ignore[attr-defined]
        await stage.settle()
        assert "compare" not in stage.text("KeyLine")
        await stage.press("equals_sign", "enter")
        await stage.until(lambda: "2 CSI 300" in chart_text(stage))


async def test_a_comparison_of_nothing_says_why() -> None:
    async with charting(History(), (60, 20)) as stage:
        await stage.press("slash", *"xyzzy", "enter", "equals_sign")
        assert "No stock selected, none matches the filter: Esc shows all" in stage.text("KeyLine")
    async with charting(None, (60, 20)) as stage:
        await stage.press("equals_sign")
        assert "Price history is not kept here" in stage.text("KeyLine")


async def test_keys_of_a_chart_in_sight_are_named_as_before() -> None:
    async with charting(History(), (240, 45)) as stage:
        await drawn(stage)
        await stage.press("3")
        await stage.settle()
        assert "= compare" in stage.text("KeyLine")
