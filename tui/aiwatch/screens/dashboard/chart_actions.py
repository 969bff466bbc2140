"""The chart of the selected stock over the whole screen, and where its bars come from."""

from __future__ import annotations

import asyncio

from aiwatch.history.results import Bars
from aiwatch.history.service import HistoryService
from aiwatch.history.sessions import with_today
from aiwatch.market.bars import Interval, Range
from aiwatch.market.data_sources import title_of
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.panel_layout import DashboardParts
from aiwatch.session.layout import Panel
from aiwatch.watchlist import Stock
from aiwatch.widgets.chart.chart import Chart
from aiwatch.widgets.chart.data import ChartData, Compared
from aiwatch.widgets.stock.panel import ChartRequest

AGAIN_SECONDS = 60.0
"""How often the minutes of a day are asked for again while they are shown."""
_NO_HISTORY = "Price history is not kept here"


class ChartActions:
    """Shows the chart in the stock's panel. Kept bars come first, those of the hosts when they are there; what comes
    for a stock that is not selected any more is left out."""

    def __init__(self, parts: DashboardParts) -> None:
        self._screen = parts.screen
        self._session = parts.session
        self._panels = parts.panels
        self._came_from = Panel.BOARD
        self._was_full = False
        self._compares = False

    def start(self, request: ChartRequest) -> None:
        """Do what is wanted of the chart."""
        if request.compares:
            self.compare()
        elif request.needs_bars:
            self._get_bars()
        else:
            self.toggle()

    def toggle(self) -> None:
        """Show the chart over the whole screen, or go back to where it was asked for."""
        if self._panels.stock.chart is not None:
            self.close()
            return
        self._came_from, self._was_full = self._panels.front, self._panels.full
        chart = Chart(id="chart")
        chart.colours = self._panels.stock.figures.convention
        self._panels.stock.show_chart(chart)
        self._panels.front = Panel.STOCK
        self._panels.full = not self._screen.has_class("-narrow")
        self._screen.call_after_refresh(self._panels.go_to, Panel.STOCK)
        self.follow()

    def close(self) -> None:
        """Take the chart away."""
        self._screen.workers.cancel_group(self._screen, "history")
        self._panels.stock.hide_chart()
        self._panels.full = self._was_full
        self._panels.go_to(self._came_from)

    def follow(self) -> None:
        """Show the bars of the stock that is selected now, where a chart is shown."""
        chart, stock = self._panels.stock.chart, self._panels.stock.stock
        if chart is None or stock is None:
            return
        chart.clear()
        chart.show_loading(f"the price history of {stock.symbol}")
        self._get_bars()

    def _get_bars(self) -> None:
        """Have the bars fetched that the chart shows now."""
        chart, stock = self._panels.stock.chart, self._panels.stock.stock
        if chart is not None and stock is not None:
            work = self._load_or_say(chart, stock)
            self._screen.run_worker(work, group="history", exclusive=True, exit_on_error=False)

    def compare(self) -> None:
        """Compare the stock with the benchmark of the list in front, or no longer."""
        if not self._compares and self._benchmark is None:
            self._screen.notify("This list names no benchmark to compare with. Set `benchmark` in its file.", timeout=4)
            return
        self._compares = not self._compares
        self._get_bars()

    @property
    def _benchmark(self) -> Symbol | None:
        key = self._panels.board.lists.chosen
        return next((listed.benchmark for listed in self._session.lists.lists if listed.key == key), None)

    async def _load_or_say(self, chart: Chart, stock: Stock) -> None:
        try:
            await self._load(chart, stock)
        except Exception as error:  # whatever it is, the chart says it and the screen goes on
            chart.show_error("Price history", f"{type(error).__name__}: {error}", "Choose another range to try again.")

    async def _load(self, chart: Chart, stock: Stock) -> None:
        open_service = self._session.dependencies.feed.history
        if open_service is None:
            chart.show_nothing(_NO_HISTORY)
            return
        service = await open_service()
        span = chart.range if chart.range.interval is not Interval.DAY else max(chart.range, Range.YEAR, key=_reach)
        stored = await service.kept(stock.symbol, span)
        if stored.series is not None:
            chart.show(self._data(stock, stored))
        await service.note_use()
        while True:
            bars = await service.bars(stock.symbol, span)
            self._show(chart, stock, bars, await self._compared(service, span))
            if span.interval is Interval.DAY:
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _compared(self, service: HistoryService, span: Range) -> tuple[Compared, ...]:
        """The benchmark's bars, where they are wanted and can be had."""
        benchmark = self._benchmark
        if not self._compares or benchmark is None:
            return ()
        bars = await service.bars(benchmark, span)
        if bars.series is None:
            self._screen.notify(bars.problem, severity="warning", timeout=4)
            return ()
        series = with_today(bars.series, self._session.market.quotes.get(benchmark))
        return (Compared(str(benchmark), series),)

    def _show(self, chart: Chart, stock: Stock, bars: Bars, compared: tuple[Compared, ...]) -> None:
        if bars.series is not None and bars.series.bars:
            chart.show(self._data(stock, bars, compared))
        else:
            again = f"Next try at {bars.next_try:%H:%M} UTC" if bars.next_try is not None else ""
            chart.show_nothing(bars.problem or f"No source has bars of {stock.symbol}", again)

    def _data(self, stock: Stock, bars: Bars, compared: tuple[Compared, ...] = ()) -> ChartData:
        """What the chart is given: ``bars`` with the live day at their end."""
        series = bars.series
        assert series is not None
        quote = self._session.market.quotes.get(stock.symbol)
        provenance = self._session.dependencies.feed.provenance
        return ChartData(
            series=with_today(series, quote),
            name=stock.name,
            compared=compared,
            decimals=quote.decimals if quote is not None else 2,
            source=title_of(series.source),
            delay_minutes=(quote.delay_minutes or 0) if quote is not None else 0,
            previous_close=quote.previous_close if quote is not None else None,
            limits=quote.limits if quote is not None else None,
            is_kept=bars.is_kept,
            notes=(*((provenance,) if provenance else ()), *bars.notices),
        )


def _reach(span: Range) -> int:
    return list(Range).index(span)
