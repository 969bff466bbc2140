"""How the bars of a chart come: those kept at once, then those of the hosts, again and again while it is looked at."""

from __future__ import annotations

import asyncio
from asyncio import sleep
from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from aiwatch.history.results import Bars
from aiwatch.history.service import HistoryService
from aiwatch.market.bars import Interval, Range
from aiwatch.screens.dashboard.chart.comparing import ComparedSeries, fetched_others, kept_others
from aiwatch.screens.dashboard.chart.inputs import ChartInputs, chart_data
from aiwatch.screens.dashboard.chart.waits import (
    DAYS_AGAIN,
    FAILED_AGAIN,
    MINUTES_AGAIN,
    NO_HISTORY,
    SETTLED,
    SOON,
    asked_range,
)
from aiwatch.screens.dialogs.compare import Comparison
from aiwatch.session.session import Session
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.widgets.chart.chart import Chart

PATIENCE, EVENTS_AGAIN = 1.5, 5.0
"""Seconds after which a slow way to a host is not waited for alone, nor dividends and splits of another source; and
after which it is seen whether those came."""
LATE, SLOW = 0.6, 5.0
"""Seconds without an answer after which the chart says that its bars are those kept, and that nobody answers."""
GIVEN_UP = 15
"""Seconds after which a host is given up."""
_SECONDS_UNDER = 120
"""A wait in seconds under which its end is said to the second."""


class ChartLoader:
    """Supplies ``chart``; ``watchlist`` gives the list in front, ``is_seen`` whether the chart still is to be seen.

    What can go wrong is said on the chart, with the next try; nothing here raises.
    """

    def __init__(
        self, session: Session, chart: Chart, watchlist: Callable[[], Watchlist | None], is_seen: Callable[[], bool]
    ) -> None:
        self._session = session
        self._chart = chart
        self._watchlist = watchlist
        self._is_seen = is_seen
        self._inputs: ChartInputs | None = None
        self._quotes: tuple[object, ...] = ()
        self._failed = ("", "")
        """The symbol of which there were no bars, and why."""
        self._asked_at = float("-inf")
        self.comparison: Comparison | None = None
        """What charts are compared with; ``None`` for nothing."""

    async def supply(self, stock: Stock) -> None:
        """Show ``stock`` for as long as the chart is to be seen, or until this is cancelled."""
        if self._session.dependencies.feed.history is None:
            self._chart.clear()
            self._chart.show_nothing(NO_HISTORY)
            return
        while True:
            try:
                wait = await self._load(stock)
            except Exception as error:  # whatever it is, the chart says it and the screen goes on
                wait = FAILED_AGAIN
                self._fail(stock, f"{type(error).__name__}: {error}")
            await sleep(wait)
            if not self._is_seen():
                return

    def leave(self) -> None:
        """Something else than a stock is shown from now on."""
        self._inputs = None

    def move(self) -> None:
        """Let the last bar follow the live price."""
        inputs, quotes = self._inputs, self._session.market.quotes
        if inputs is None or inputs.bars.series is None:
            return
        now = tuple(quotes.get(symbol) for symbol in inputs.symbols)
        if any(quote is not before for quote, before in zip(now, self._quotes, strict=True)):
            self._show(inputs)

    async def _load(self, stock: Stock) -> float:
        """Show what is kept, then what the hosts have; returns the seconds after which to do it again."""
        loop, chart, quotes = asyncio.get_running_loop(), self._chart, self._session.market.quotes
        is_hasty = loop.time() - self._asked_at < SETTLED
        self._asked_at = loop.time()
        soon = loop.call_later(SOON, self._say_loading, stock)
        try:
            open_service = self._session.dependencies.feed.history
            assert open_service is not None
            service = await open_service()
            span = asked_range(chart.range)
            stored = await service.kept(stock.symbol, span)
            comparison = await kept_others(service, self.comparison, stock, self._watchlist(), span, quotes)
        finally:
            soon.cancel()
        inputs = ChartInputs(stock, stored, comparison.compared, comparison.words)
        if stored.series is not None:
            self._show(inputs)
        else:
            self._say_loading(stock)
        if is_hasty:
            await sleep(SETTLED)
        return await self._ask(service, inputs, span)

    async def _ask(self, service: HistoryService, inputs: ChartInputs, span: Range) -> float:
        """Ask the hosts, and say meanwhile how that stands."""
        loop, stock, quotes = asyncio.get_running_loop(), inputs.stock, self._session.market.quotes
        timers = [loop.call_later(LATE, self._say_late, inputs), loop.call_later(SLOW, self._say_slow, inputs)]
        try:
            await service.note_use()
            bars = await service.bars(stock.symbol, span, patience=PATIENCE)
            comparison = await fetched_others(service, self.comparison, stock, self._watchlist(), span, quotes)
        finally:
            for timer in timers:
                timer.cancel()
        return self._take(stock, bars, comparison)

    def _take(self, stock: Stock, bars: Bars, comparison: ComparedSeries) -> float:
        """Show what came, and work out when to ask again."""
        wait = FAILED_AGAIN
        now = self._session.market.clock()
        if bars.next_try is not None:
            wait = max(1.0, (bars.next_try - now).total_seconds())
        inputs = ChartInputs(stock, bars, comparison.compared, comparison.words)
        if bars.series is None or not bars.series.bars:
            self._fail(stock, bars.problem or f"No source has bars of {stock.symbol}", wait)
            return wait
        if inputs.is_failed:
            self._show(replace(inputs, words=(*inputs.words, self._next_try(wait))))
            return wait
        self._show(inputs)
        if bars.awaits_events:
            return EVENTS_AGAIN
        return MINUTES_AGAIN if self._chart.range.interval is not Interval.DAY else DAYS_AGAIN

    # What is said

    def _show(self, inputs: ChartInputs) -> None:
        quotes, dependencies = self._session.market.quotes, self._session.dependencies
        self._inputs, self._failed = inputs, ("", "")
        self._quotes = tuple(quotes.get(symbol) for symbol in inputs.symbols)
        self._chart.show(chart_data(inputs, quotes, self._session.ledger.ledger, dependencies.feed.provenance))

    def _say_loading(self, stock: Stock) -> None:
        if not self._shows(stock):
            self._inputs = None
            self._chart.clear()
            symbol, why = self._failed
            before = f"before: {why}" if symbol == stock.symbol.text else ""
            self._chart.show_loading(f"the price history of {stock.symbol}", before)

    def _say_late(self, inputs: ChartInputs) -> None:
        if inputs.bars.series is not None:
            self._show(replace(inputs, is_waiting=True))

    def _say_slow(self, inputs: ChartInputs) -> None:
        words = f"no answer for {SLOW:.0f} s, each host is given {GIVEN_UP} s"
        if inputs.bars.series is not None:
            self._show(replace(inputs, is_waiting=True, words=(*inputs.words, words)))
        else:
            self._chart.show_loading(f"the price history of {inputs.stock.symbol}", words)

    def _fail(self, stock: Stock, why: str, wait: float = FAILED_AGAIN) -> None:
        """Say why there are no bars, or no newer ones, and when it is tried again."""
        if not self._shows(stock):
            self._inputs = None
            self._chart.clear()
        self._failed = (stock.symbol.text, why)
        self._chart.show_error("Price history", why, self._next_try(wait))

    def _next_try(self, wait: float) -> str:
        """When it is tried again, in local time; to the second where that is soon."""
        when = (self._session.market.clock() + timedelta(seconds=wait)).astimezone()
        return f"next try at {when:%H:%M:%S}" if wait < _SECONDS_UNDER else f"next try at {when:%H:%M}"

    def _shows(self, stock: Stock) -> bool:
        return self._inputs is not None and self._inputs.stock.symbol == stock.symbol
