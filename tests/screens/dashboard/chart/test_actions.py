"""The chart of the selected stock: shown and left, with the bars that there are, and in words where there are none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from aiwatch.history.results import Bars
from aiwatch.market.bars import Basis, Interval, Range, Series
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.session.layout import Panel
from aiwatch.widgets.chart.chart import Chart
from tests.screens.stage import Stage, on_stage, priced
from tests.widgets.chart.fixtures import NOW, SHANGHAI, walk


class History:
    """Bars under the test's control: those ``kept``, and those that hosts give once ``gate`` is open."""

    def __init__(self, kept: str = "", asked: str = "") -> None:
        self.problems = {"kept": kept, "asked": asked}
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[tuple[str, Range]] = []
        self.used = 0

    def _bars(self, symbol: Symbol, count: int, problem: str) -> Bars:
        if problem:
            return Bars(symbol, Interval.DAY, problem=problem, next_try=datetime(2025, 8, 15, 9, 30, tzinfo=UTC))
        bars = tuple(walk(count))
        series = Series(
            symbol=symbol,
            interval=Interval.DAY,
            source="tencent",
            basis=Basis.UNADJUSTED,
            zone=SHANGHAI,
            as_of=NOW,
            bars=bars,
            complete_from=date(2025, 1, 1),
        )
        return Bars(symbol, Interval.DAY, series)

    async def kept(self, symbol: Symbol, span: Range) -> Bars:
        return replace(self._bars(symbol, 40, self.problems["kept"]), is_kept=True)

    async def bars(self, symbol: Symbol, span: Range) -> Bars:
        self.asked.append((str(symbol), span))
        await self.gate.wait()
        return self._bars(symbol, 120, self.problems["asked"])

    async def note_use(self) -> None:
        self.used += 1


@asynccontextmanager
async def charting(history: History | None, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Stage]:
    """The screen with ``history``, before the chart is asked for."""

    async def open_history() -> History:
        assert history is not None
        return history

    async with on_stage(size, history=open_history if history else None) as stage:
        await stage.take(priced("002837.SZ", 60.0, 58.02))
        yield stage


def chart_of(stage: Stage) -> Chart:
    chart = stage.dashboard.panels.stock.chart
    assert chart is not None
    return chart


async def test_i_shows_the_chart_over_the_screen_and_goes_back() -> None:
    history = History()
    async with charting(history) as stage:
        before = stage.current
        await stage.press("i")
        await stage.until(lambda: "Tencent" in stage.text("#chart"))
        assert stage.dashboard.panels.front is Panel.STOCK
        assert stage.dashboard.panels.full
        assert stage.app.focused is chart_of(stage)
        assert history.asked == [(before, Range.YEAR)]
        assert history.used == 1
        await stage.press("i")
        assert stage.dashboard.panels.stock.chart is None
        assert not stage.dashboard.panels.full
        assert stage.dashboard.panels.front is Panel.BOARD
        assert stage.dashboard.panels.stock.figures.display
        assert "SSE main" in stage.text("#stock")


async def test_escape_leaves_the_chart_before_the_panel() -> None:
    async with charting(History()) as stage:
        await stage.press("3", "i")
        await stage.until(lambda: "Tencent" in stage.text("#chart"))
        await stage.press("escape")
        assert stage.dashboard.panels.stock.chart is None
        assert stage.dashboard.panels.in_front is stage.dashboard.panels.stock
        await stage.press("escape")
        assert stage.dashboard.panels.front is Panel.BOARD


async def test_what_is_kept_is_there_before_a_host_answers() -> None:
    history = History()
    history.gate.clear()
    async with charting(history) as stage:
        await stage.press("i")
        await stage.until(lambda: "Tencent" in stage.text("#chart"))
        assert "kept" in stage.text("#chart").casefold()
        history.gate.set()
        await stage.until(lambda: "kept" not in stage.text("#chart").casefold())


async def test_without_bars_it_says_why_and_when_it_is_tried_again() -> None:
    async with charting(History(kept="nothing", asked="Tencent: no connection")) as stage:
        await stage.press("i")
        await stage.until(lambda: "Tencent: no connection" in stage.text("#chart"))
        assert "Next try at 09:30 UTC" in stage.text("#chart")
        await stage.press("i", "j")
        assert stage.app._exception is None


async def test_where_no_history_is_kept_it_says_so() -> None:
    async with charting(None) as stage:
        await stage.press("i")
        await stage.until(lambda: "Price history is not kept here" in stage.text("#chart"))


@pytest.mark.parametrize(
    ("keys", "span"), [((), Range.YEAR), (("full_stop", "full_stop", "full_stop"), Range.FIVE_YEARS)]
)
async def test_a_longer_range_is_asked_for(keys: tuple[str, ...], span: Range) -> None:
    history = History()
    async with charting(history) as stage:
        await stage.press("i")
        await stage.until(lambda: "Tencent" in stage.text("#chart"))
        await stage.press(*keys)
        await stage.until(lambda: history.asked[-1][1] is span)


async def test_the_chart_is_compared_with_the_lists_benchmark_and_no_longer() -> None:
    history = History()
    async with charting(history) as stage:
        await stage.press("i")
        await stage.until(lambda: "Tencent" in stage.text("#chart"))
        await stage.press("equals_sign")
        await stage.until(lambda: len(history.asked) >= 3)
        assert history.asked[-1][0] == "000300.SS"
        await stage.until(lambda: "000300.SS" in stage.text("#chart"))
        await stage.press("equals_sign")
        await stage.until(lambda: "000300.SS" not in stage.text("#chart"))


async def test_a_stock_selected_meanwhile_has_its_own_bars() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await stage.press("i")
        await stage.until(lambda: "Tencent" in stage.text("#chart"))
        other = next(stock.symbol for stock in stage.dashboard.lists.board.shown if str(stock.symbol) != stage.current)
        stage.dashboard.select(other)
        await stage.until(lambda: history.asked[-1][0] == str(other))


@pytest.mark.parametrize(("up", "limits"), [(63.82, (63.82, 52.22)), (59.0, None)])
async def test_limits_that_a_price_proves_wrong_are_not_drawn(up: float, limits: tuple[float, float] | None) -> None:
    history = History()
    async with charting(history) as stage:
        await stage.take(priced("002837.SZ", 60.0, 58.02, limit_up=up, limit_down=52.22))
        stage.dashboard.select(parse_symbol("002837.SZ"))
        stock = stage.dashboard.panels.stock.stock
        assert stock is not None
        bars = await history.kept(stock.symbol, Range.YEAR)
        assert stage.dashboard.actions.chart._data(stock, bars).limits == limits
