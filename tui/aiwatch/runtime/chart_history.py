"""Price history for the charts of a run: opened when the first chart is looked at, closed with the screen."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from aiwatch.config.settings import Settings
from aiwatch.feed.feed import Feed
from aiwatch.market.state import Clock
from aiwatch.runtime.hosts import pointed_at

if TYPE_CHECKING:
    from aiwatch.history.service import HistoryService
    from aiwatch.simulator.options import ExchangeUrls


class ChartHistory:
    """Opened with ``async with`` around the app. Nothing is imported, opened or asked before the first `service`.

    The hosts rest with those of ``feed``. With ``waits``, nothing is opened before `use_exchange` has named the exchange to
    ask.
    """

    def __init__(self, settings: Settings, path: Path, clock: Clock, *, waits: bool = False) -> None:
        self.feed: Feed | None = None
        self._settings = settings
        self._path = path
        self._clock = clock
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._service: HistoryService | None = None
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

    async def service(self) -> HistoryService:
        """Price history, opened by the first who asks."""
        await self._may_ask.wait()
        async with self._opening:
            if self._service is None:
                open_history, day_of = await asyncio.to_thread(_parts)
                opened = open_history(self._settings, self._path, self._clock, day_of, self.feed)
                self._service = (await self._stack.enter_async_context(opened)).service
            return self._service


def _parts() -> tuple[Any, Any]:
    from aiwatch.market.calendar.holidays import shipped_day
    from aiwatch.runtime.history import open_history

    return open_history, shipped_day
