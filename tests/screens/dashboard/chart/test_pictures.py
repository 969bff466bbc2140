"""Pictures of board and chart together, as most people will see them: with price history, dark and light."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aiwatch.market.symbol import parse_symbol
from tests.screens.dashboard.chart.charting import History
from tests.screens.dashboard.test_pictures import fill, then
from tests.screens.stage import Stage, make_app

Compare = Callable[..., bool]
SIZES = ((80, 24), (160, 45), (200, 60))


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_picture(size: tuple[int, int], theme: str, snap_compare: Compare) -> None:
    history, stock = History(), parse_symbol("002536.SZ")

    async def open_history() -> History:
        return history

    async def draw(stage: Stage) -> None:
        """Go to a stock whose price is near that of its bars, and wait for all of them."""
        stage.dashboard.lists.board.move_to(stock)
        await stage.until(lambda: stock in history.fetched and "Tencent · adjusted" in stage.text("#stock-panel"))

    start = "liquid-cooling-rally" if size[0] < 100 else "named-in-the-articles"
    app = make_app(history=open_history, start_list=start, theme=f"aiwatch-{theme}", whole_ledger=True)
    assert snap_compare(app, terminal_size=size, run_before=then(fill, draw))
