"""Columns of price history on the board: followed while they are looked at, and never before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from aiwatch.market.history_figures import HistoryFigures, References
from aiwatch.market.quote import Extended
from aiwatch.market.symbol import Symbol, parse_symbol
from tests.screens.stage import MORNING, NIGHT, Stage, lists, on_stage, priced
from tests.session.test_list_history import FakeHistory

FIGURES = HistoryFigures(
    date(2025, 8, 14),
    58.02,
    date(2025, 8, 15),
    References(),
    References(five_days=50.0, month=48.0, half_year=30.0, year=None, high=64.0, closes=tuple(range(40, 59))),
)
KEYS = ("symbol", "last", "change_5d", "change_1m", "change_6m", "change_1y", "from_high", "closes")


class KeptBars(FakeHistory):
    """Figures of one stock are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.known = {parse_symbol("002837.SZ"): FIGURES}
        self.looked_at: list[tuple[Symbol, ...]] = []

    async def figures(self, symbols: Any) -> dict[Symbol, HistoryFigures]:
        self.looked_at.append(tuple(symbols))
        return await super().figures(symbols)


def look(stage: Stage) -> None:
    """Let the second come at which the board is looked at."""
    stage.dashboard.actions.history.look()


async def test_a_column_of_history_is_filled_while_it_is_looked_at() -> None:
    history = KeptBars()
    async with on_stage(list_history=history) as stage:
        await stage.take(priced("002837.SZ", 60.0, 58.02))
        look(stage)
        await stage.settle()
        assert history.opened == 0, "nobody asked for a column of history"
        stage.dashboard.lists.lay_out(stage.dashboard.lists.chosen, KEYS)
        look(stage)
        await stage.until(lambda: bool(history.looked_at))
        await stage.settle()
        cells = stage.row("002837.SZ").replace("+ ", "+").replace("- ", "-").split()
        assert cells[1:6] == ["60.00", "+20.00", "+25.00", "+100.00", "–"], "the year is not reached"
        assert cells[6:8] == ["-6.25", "▁▂▂▃▄▅▅▆▇█"]
        assert history.used == 1
        await stage.take(priced("002837.SZ", 55.0, 58.02, MORNING + timedelta(seconds=3)))
        assert "+10.00" in stage.row("002837.SZ"), "the last point moves with the price"


@pytest.mark.parametrize("how", ["order", "filter"])
async def test_sorting_and_filtering_by_history_look_at_it_too(how: str) -> None:
    history = KeptBars()
    async with on_stage(list_history=history) as stage:
        await stage.take(priced("002837.SZ", 60.0, 58.02))
        board = stage.dashboard.lists.board
        if how == "order":
            board.arrange_by((("change_5d", True),))
        else:
            board.filter_text = "5d% > 3"
        look(stage)
        await stage.until(lambda: bool(history.looked_at))
        await stage.settle()
        assert str(board.shown[0].symbol) == "002837.SZ"
        assert len(board.shown) == (1 if how == "filter" else len(stage.dashboard.lists.symbols))


async def test_another_list_is_followed_in_the_place_of_the_first() -> None:
    history = KeptBars()
    async with on_stage(list_history=history) as stage:
        board = stage.dashboard.lists
        for key in (lists()[0].key, lists()[1].key):
            board.lay_out(key, KEYS)
            board.open(key)
            look(stage)
            await stage.until(lambda: bool(history.looked_at) and history.looked_at[-1] == board.symbols)
        assert len(history.looked_at) == 2


async def test_a_price_outside_the_session_is_shown_and_goes_with_it() -> None:
    shares = tuple(replace(each, columns=("symbol", "last", "extended", "extended_percent")) for each in lists())
    chips = next(each for each in shares if any(str(stock.symbol) == "NVDA" for stock in each.stocks))
    now = NIGHT
    async with on_stage(clock=lambda: now, watchlists=(chips,)) as stage:
        close = NIGHT - timedelta(hours=2)
        extended = Extended("post", 181.8, NIGHT - timedelta(minutes=3))
        await stage.take(priced("NVDA", 180.0, 178.0, close, source="stream", extended=extended))
        assert "181.80" in stage.row("NVDA")
        assert "+ 1.00" in stage.row("NVDA")
        await stage.press("3")
        await stage.until(lambda: "After hours" in stage.text("#stock") or "181.80" not in stage.text("#stock"))
        now = NIGHT + timedelta(hours=1, minutes=1)
        await stage.settle()
        assert "181.80" not in stage.row("NVDA"), "stale while others trade"
