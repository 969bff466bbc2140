"""Makes the search for stocks and the price history of a run, each opened when it is first wanted: at the hosts of the
settings, or at the demo's own exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from aiwatch.config.settings import Settings
from aiwatch.market.data_sources import polled
from aiwatch.market.state import Clock
from aiwatch.runtime.hosts import OpenedLate

if TYPE_CHECKING:
    from pathlib import Path

    from aiwatch.feed.backoff import SharedSilence
    from aiwatch.feed.feed import Feed
    from aiwatch.feed.stock_search import Finder, Finding
    from aiwatch.history.opened import HistoryParts
    from aiwatch.history.service import HistoryService
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.simulator import ExchangeUrls
    from aiwatch.sources.search import Search
    from aiwatch.watchlist.directory import Entry


class StockSearch:
    """Looks for stocks at the hosts that can be searched. Opened with ``async with`` around the app.

    The clients are imported and opened when something is first looked for; ``silence`` is the feed of a screen, whose
    hosts rest with those that are searched, and ``waits`` is as for `OpenedLate`.
    """

    def __init__(
        self, settings: Settings, clock: Clock, silence: SharedSilence | None = None, *, waits: bool = False
    ) -> None:
        self._clock = clock
        self._silence = silence
        self._late = OpenedLate(settings, self._open, waits=waits)
        self.use_exchange = self._late.use_exchange

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._late.__aexit__(kind, error, trace)

    async def find(self, text: str) -> Finding | None:
        """What the hosts know under ``text``; ``None`` when another text was looked for meanwhile."""
        return await (await self._late.get()).find(text)

    async def entries(self, text: str) -> Sequence[Entry]:
        """`find` for a dialog: the stocks alone. Raises a `SourceError` when there are none because a host failed."""
        finding = await self.find(text)
        if finding is None:
            return ()
        if not finding.found and finding.failures:
            raise finding.failures[0]
        from aiwatch.watchlist.directory import Entry

        return [Entry(match.symbol, match.name or match.name_zh, match.name_zh) for match in finding.found]

    async def _open(self, settings: Settings, stack: AsyncExitStack) -> Finder:
        async def open_searches(own: AsyncExitStack) -> Sequence[Search]:
            searches = await asyncio.to_thread(_searches, settings, self._clock)
            for search in searches:
                await own.enter_async_context(search)
            return searches

        finder = await asyncio.to_thread(_finder_class)
        return await stack.enter_async_context(finder(open_searches, silence=self._silence))


class RunHistory:
    """Price history of a run, and what companies report to have spent, opened with ``async with`` around the app.
    Nothing is imported, opened or asked before it is wanted.

    The hosts rest with those of ``feed``. ``waits`` is as for `OpenedLate`.
    """

    def __init__(self, settings: Settings, path: Path, clock: Clock, *, waits: bool = False) -> None:
        self.feed: Feed | None = None
        self.path = path
        """The file of price history."""
        self._clock = clock
        self._late = OpenedLate(settings, self._open, waits=waits)
        self._late_spending = OpenedLate(settings, self._open_spending, waits=waits)
        self.parts = self._late.get
        self.spending = self._late_spending.get

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._late_spending.__aexit__(kind, error, trace)
        await self._late.__aexit__(kind, error, trace)

    def use_exchange(self, urls: ExchangeUrls) -> None:
        """Ask the hosts of an exchange that has started."""
        self._late.use_exchange(urls)
        self._late_spending.use_exchange(urls)

    async def service(self) -> HistoryService:
        """The bars of a symbol."""
        return (await self.parts()).service

    async def was_used(self) -> bool:
        """Whether a chart, a comparison or a column of history was looked at within a week."""
        if not await asyncio.to_thread(self.path.exists):
            return False
        return await (await self.parts()).board.is_in_use()

    async def _open(self, settings: Settings, stack: AsyncExitStack) -> HistoryParts:
        open_history, day_of = await asyncio.to_thread(_history_parts)
        opened = open_history(settings, self.path, self._clock, day_of, self.feed)
        history: HistoryParts = await stack.enter_async_context(opened)
        return history

    async def _open_spending(self, settings: Settings, stack: AsyncExitStack) -> SpendingReports:
        """Kept beside price history, whose worker is asked too."""
        history = await self.parts()
        open_spending, name = await asyncio.to_thread(_spending_parts)
        opened = open_spending(settings, self.path.with_name(name), self._clock, history.questions.cash_flow)
        spending: SpendingReports = await stack.enter_async_context(opened)
        return spending


def _spending_parts() -> tuple[Any, str]:
    from aiwatch.runtime.filings import REPORTS_FILE, open_spending

    return open_spending, REPORTS_FILE


def _history_parts() -> tuple[Any, Any]:
    from aiwatch.market.calendar.holidays import shipped_day
    from aiwatch.runtime.history import open_history

    return open_history, shipped_day


def _finder_class() -> type[Finder]:
    from aiwatch.feed.stock_search import Finder

    return Finder


def _searches(settings: Settings, clock: Clock) -> list[Search]:
    from msgspec.structs import replace

    from aiwatch.sources.network.curl_transport import transport_of
    from aiwatch.sources.registry import loaded

    made = []
    for spec in polled():
        own = settings.sources[spec.name]
        if spec.search and own.enabled:
            own = replace(own, base_url=own.addresses.get("search_url", own.base_url))
            made.append(loaded(spec.search)(own, clock, transport=transport_of(settings.transport)))
    return made
