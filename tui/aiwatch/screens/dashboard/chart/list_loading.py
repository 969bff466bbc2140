"""How the chart of a list comes: the basket of its stocks against its benchmark, kept days first, then fetched."""

from __future__ import annotations

import asyncio
from asyncio import sleep
from collections.abc import Callable
from functools import partial

from aiwatch.formatting.text import index_title
from aiwatch.history.analysis.benchmarks import usual_benchmark
from aiwatch.history.service import HistoryService
from aiwatch.history.sessions import with_today
from aiwatch.market.bars import Interval, Range
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.chart.basket import Basket, kept_basket
from aiwatch.screens.dashboard.chart.waits import FAILED_AGAIN, MINUTES_AGAIN, NO_HISTORY, SETTLED, SOON, asked_range
from aiwatch.session.session import Session
from aiwatch.watchlist import Watchlist
from aiwatch.widgets.chart.chart import Chart
from aiwatch.widgets.chart.data import ChartData, Compared

BETWEEN_DRAWINGS = 1.0
"""Seconds between two drawings while days are fetched."""
EQUAL_WEIGHT = "equal weight, rebalanced daily"
"""What a basket is; not the mean of its rebased prices, which rises more where a few rise much."""
_DAYS_ALONE = "A list is shown over days, from 1M on"
_MOST_PROBLEMS = 2


class ListChartLoader:
    """Supplies ``chart`` with a list, for as long as ``is_seen``; what goes wrong is said on it, and nothing raises.

    ``hint`` gives the keys of an action, by its id, with words for what they do, behind a text before them.
    """

    def __init__(
        self, session: Session, chart: Chart, is_seen: Callable[[], bool], hint: Callable[[str, str, str], str]
    ) -> None:
        self._session = session
        self._chart = chart
        self._is_seen = is_seen
        self._hint = hint

    async def supply(self, watchlist: Watchlist) -> None:
        """Show ``watchlist`` for as long as the chart is to be seen, or until this is cancelled."""
        self._chart.clear()
        if self._session.dependencies.feed.history is None:
            self._chart.show_nothing(NO_HISTORY)
            return
        if not watchlist.stocks:
            self._chart.show_nothing(f"{watchlist.name} has no stock", self._hint("edit.add", "adds one", ""))
            return
        while True:
            try:
                wait = await self._load(watchlist)
            except Exception as error:  # whatever it is, the chart says it and the screen goes on
                wait = FAILED_AGAIN
                self._chart.show_error("Price history", f"{type(error).__name__}: {error}", "tried again in a minute")
            await sleep(wait)
            if not self._is_seen():
                return

    async def _load(self, watchlist: Watchlist) -> float:
        """Show what is kept, then fetch what lacks; returns the seconds after which to do it again."""
        if self._chart.range.interval is not Interval.DAY:
            self._chart.show_nothing(_DAYS_ALONE, self._hint("chart.longer", "shows a longer range", ""))
            return FAILED_AGAIN
        span = asked_range(self._chart.range)
        loading = partial(self._chart.show_loading, f"days of {len(watchlist.stocks)} stocks")
        soon = asyncio.get_running_loop().call_later(SOON, loading)
        try:
            open_service = self._session.dependencies.feed.history
            assert open_service is not None
            service = await open_service()
            await self._show(service, watchlist, span, ())
        finally:
            soon.cancel()
        await sleep(SETTLED)  # while a cursor passes by, nobody is asked
        problems = await self._fetch(service, watchlist, span)
        if not await self._show(service, watchlist, span, problems):
            why = problems or ("no source has days of its stocks",)
            self._chart.show_error("Price history", "; ".join(why), "tried again in a minute")
        return MINUTES_AGAIN

    async def _fetch(self, service: HistoryService, watchlist: Watchlist, span: Range) -> tuple[str, ...]:
        """Ask for the days that lack, one stock after the other; returns words on what could not be had."""
        await service.note_use()
        symbols, benchmark = _members(watchlist), _benchmark(watchlist)
        every = (*symbols, benchmark) if benchmark is not None else symbols
        first = span.first_day(self._session.market.clock().date())
        lacking = await service.lacking(every, first)
        problems: list[str] = []
        loop = asyncio.get_running_loop()
        drawn = loop.time()
        for number, symbol in enumerate(lacking):
            self._chart.show_loading(f"days of {symbol}", f"{number} of {len(lacking)}")
            bars = await service.bars(symbol, span)
            if bars.series is None:
                problems.append(bars.problem)
            if loop.time() - drawn > BETWEEN_DRAWINGS:
                await self._show(service, watchlist, span, ())
                drawn = loop.time()
        return _few(problems)

    async def _show(
        self, service: HistoryService, watchlist: Watchlist, span: Range, problems: tuple[str, ...]
    ) -> bool:
        """Draw what is kept of the list, and say ``problems``; returns whether there is any."""
        quotes, feed = self._session.market.quotes, self._session.dependencies.feed
        basket = await kept_basket(service, _members(watchlist), span, quotes)
        if basket is None:
            return False
        compared: tuple[Compared, ...] = ()
        notes = [feed.provenance, *problems, *_younger_words(basket)]
        if (benchmark := _benchmark(watchlist)) is not None:
            series = (await service.kept(benchmark, span)).series
            name = index_title(benchmark.text)
            if series is None:
                notes.append(f"not compared with {name}: no days of it are kept")
            else:
                compared = (Compared(name, with_today(series, quotes.get(benchmark))),)
        self._chart.show(
            ChartData(
                series=basket.series,
                name=basket.name,
                compared=compared,
                source=", ".join(basket.sources),
                basket=EQUAL_WEIGHT,
                notes=tuple(note for note in notes if note),
            )
        )
        return True


def _members(watchlist: Watchlist) -> tuple[Symbol, ...]:
    return tuple(dict.fromkeys(stock.symbol for stock in watchlist.stocks))


def _benchmark(watchlist: Watchlist) -> Symbol | None:
    """What the list is held against: its own benchmark, else the usual one of its market."""
    return watchlist.benchmark or usual_benchmark(_members(watchlist))


def _younger_words(basket: Basket) -> tuple[str, ...]:
    return (f"{basket.younger} joined later: no earlier day of them is kept",) if basket.younger else ()


def _few(problems: list[str]) -> tuple[str, ...]:
    left = len(problems) - _MOST_PROBLEMS
    return (*problems[:_MOST_PROBLEMS], *((f"{left} more could not be had",) if left > 0 else ()))
