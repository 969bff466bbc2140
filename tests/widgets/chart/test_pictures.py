"""Pictures of the chart alone: candles, line, minutes and comparison, in several colour schemes and sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from aiwatch.market.bars import Range
from aiwatch.widgets.chart.data import ChartData
from tests.widgets.chart.fixtures import ChartApp, basket, compared, daily, minute_data

Compare = Callable[..., bool]
_SMALL, _MIDDLE, _LARGE = (80, 24), (160, 45), (200, 60)
_NOTED = {"is_kept": True, "notes": ("Yahoo rests until 14:05 (429)",)}

PICTURES: dict[str, tuple[tuple[int, int], Callable[[], ChartData], dict[str, Any], tuple[str, ...]]] = {
    "candles-80x24": (_SMALL, lambda: daily(130, **_NOTED), {"span": Range.HALF_YEAR}, ("left", "left")),
    "candles-160x45": (_MIDDLE, lambda: daily(130), {"span": Range.MONTH}, ()),
    "candles-colour-blind-200x60": (_LARGE, lambda: daily(270), {"span": Range.YEAR, "scheme": "colour-blind"}, ()),
    "candles-monochrome-80x24": (_SMALL, lambda: daily(60), {"span": Range.MONTH, "scheme": "monochrome"}, ()),
    "line-160x45": (_MIDDLE, lambda: daily(270), {"span": Range.YEAR, "candles": False, "scheme": "red-up"}, ()),
    "minutes-80x24": (_SMALL, lambda: minute_data(150), {"span": Range.DAY, "candles": False}, ("left",)),
    "minutes-red-up-160x45": (_MIDDLE, lambda: minute_data(240), {"span": Range.DAY, "scheme": "red-up"}, ()),
    "candles-16-colours-80x24": (_SMALL, lambda: daily(130), {"span": Range.HALF_YEAR, "theme": "ansi-dark"}, ()),
    "basket-200x60": (_LARGE, lambda: basket(), {"span": Range.HALF_YEAR}, ()),
    "compare-160x45": (_MIDDLE, lambda: compared(), {"span": Range.HALF_YEAR}, ("left", "shift+left")),
    "compare-monochrome-80x24": (_SMALL, lambda: compared(), {"span": Range.HALF_YEAR, "scheme": "monochrome"}, ()),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Compare) -> None:
    size, data, look, keys = PICTURES[name]

    async def run_before(pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await pilot.pause()

    assert snap_compare(ChartApp(data(), **look), terminal_size=size, run_before=run_before)
