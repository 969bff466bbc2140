"""Makes the search for stocks of a run: at the hosts of the settings, or at the demo's own exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from aiwatch.config.settings import Settings
from aiwatch.market.data_sources import polled
from aiwatch.market.state import Clock
from aiwatch.runtime.hosts import pointed_at

if TYPE_CHECKING:
    from aiwatch.feed.stock_search import Finder, Finding
    from aiwatch.simulator.options import ExchangeUrls
    from aiwatch.sources.search import Search
    from aiwatch.watchlist.directory import Entry


class StockSearch:
    """Looks for stocks at the hosts that can be searched. Opened with ``async with`` around the app.

    The clients are imported and opened when something is first looked for. With ``waits``, nothing is asked before
    `use_exchange` has named the exchange to ask.
    """

    def __init__(self, settings: Settings, clock: Clock, *, waits: bool = False) -> None:
        self._settings = settings
        self._clock = clock
        self._stack = AsyncExitStack()
        self._finder: Finder | None = None
        self._may_ask = asyncio.Event()
        if not waits:
            self._may_ask.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def use_exchange(self, urls: ExchangeUrls) -> None:
        """Ask the hosts of an exchange that has started."""
        self._settings = pointed_at(self._settings, urls)
        self._may_ask.set()

    async def find(self, text: str) -> Finding | None:
        """What the hosts know under ``text``; ``None`` when another text was looked for meanwhile."""
        await self._may_ask.wait()
        if self._finder is None:
            finder = await asyncio.to_thread(_finder_class)
            if self._finder is None:
                self._finder = finder(self._open)
                await self._stack.enter_async_context(self._finder)
        return await self._finder.find(text)

    async def entries(self, text: str) -> Sequence[Entry]:
        """`find` for a dialog: the stocks alone. Raises a `SourceError` when there are none because a host failed."""
        finding = await self.find(text)
        if finding is None:
            return ()
        if not finding.found and finding.failures:
            raise finding.failures[0]
        from aiwatch.watchlist.directory import Entry

        return [Entry(match.symbol, match.name or match.name_zh, match.name_zh) for match in finding.found]

    async def _open(self, stack: AsyncExitStack) -> Sequence[Search]:
        searches = await asyncio.to_thread(_searches, self._settings, self._clock)
        for search in searches:
            await stack.enter_async_context(search)
        return searches


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
