"""The dashboard with price history under the control of a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from aiwatch.history.results import Bars
from aiwatch.market.bars import Basis, Interval, Range, Series
from aiwatch.market.symbol import Symbol
from aiwatch.widgets.chart.chart import Chart
from tests.screens.stage import MORNING, Stage, on_stage, priced
from tests.widgets.chart.fixtures import NOW, SHANGHAI, walk


class History:
    """Bars under the test's control: those ``kept``, and those that hosts give once ``gate`` is open."""

    def __init__(self, stored: str = "", asked: str = "", wait: float = 27_000) -> None:
        self.problems = {"kept": stored, "asked": asked}
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[tuple[str, Range]] = []
        self.fetched: set[Symbol] = set()
        self.used = 0
        self.breaks = 0
        self.notices: tuple[str, ...] = ()
        self.unknown: dict[str, str] = {}
        self._wait = wait

    def _bars(self, symbol: Symbol, count: int, problem: str) -> Bars:
        problem = self.unknown.get(str(symbol), problem)
        if problem:
            return Bars(symbol, Interval.DAY, problem=problem, next_try=MORNING + timedelta(seconds=self._wait))
        bars = walk(count)
        series = Series(
            symbol=symbol,
            interval=Interval.DAY,
            source="tencent",
            basis=Basis.UNADJUSTED,
            zone=SHANGHAI,
            as_of=NOW,
            bars=(*bars[:-1], bars[-1]._replace(final=False)),
            complete_from=date(2025, 1, 1),
        )
        return Bars(symbol, Interval.DAY, series, notices=self.notices)

    async def kept(self, symbol: Symbol, span: Range) -> Bars:
        return replace(self._bars(symbol, 40, self.problems["kept"]), is_kept=True, notices=())

    async def bars(self, symbol: Symbol, span: Range, *, patience: float | None = None) -> Bars:
        self.asked.append((str(symbol), span))
        await self.gate.wait()
        self.fetched.add(symbol)
        self.breaks -= 1
        if self.breaks >= 0:
            raise RuntimeError("out of order")
        return self._bars(symbol, 120, self.problems["asked"])

    async def lacking(self, symbols: Sequence[Symbol], first: date | None) -> tuple[Symbol, ...]:
        return tuple(symbol for symbol in symbols if symbol not in self.fetched)

    async def note_use(self) -> None:
        self.used += 1


@asynccontextmanager
async def charting(history: History | None, size: tuple[int, int] = (120, 36), **more: Any) -> AsyncIterator[Stage]:
    """The screen with ``history``."""

    async def open_history() -> History:
        assert history is not None
        return history

    async with on_stage(size, history=open_history if history else None, **more) as stage:
        await stage.take(priced("002837.SZ", 60.0, 58.02))
        yield stage


def chart_of(stage: Stage) -> Chart:
    chart = stage.dashboard.panels.stock.chart
    assert chart is not None
    return chart


async def drawn(stage: Stage) -> None:
    """Wait until there are bars on the chart."""
    await stage.until(lambda: "Tencent" in stage.text("#stock-panel"))


def area(stage: Stage, name: str) -> int:
    return stage.app.screen.query_one(f"#{name}-panel").region.area
