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
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.runtime.history import OpenHistory
    from aiwatch.simulator.options import ExchangeUrls


class ChartHistory:
    """Opened with ``async with`` around the app. Nothing is imported, opened or asked before the first `service`.

    The hosts rest with those of ``feed``. With ``waits``, nothing is opened before `use_exchange` named it.
    """

    def __init__(self, settings: Settings, path: Path, clock: Clock, *, waits: bool = False) -> None:
        self.feed: Feed | None = None
        self._settings = settings
        self.path = path
        """The file of price history."""
        self._clock = clock
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._opened: OpenHistory | None = None
        self._spending: SpendingReports | None = None
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
        return (await self._open()).service

    async def spending(self) -> SpendingReports:
        """What companies report to have spent, opened by the first who asks; it is kept beside price history."""
        history = await self._open()
        async with self._opening:
            if self._spending is not None:
                return self._spending
            open_spending, name = await asyncio.to_thread(_spending_parts)
            path, cash_flow = self.path.with_name(name), history.questions.cash_flow
            opening = open_spending(self._settings, path, self._clock, cash_flow)
            opened: SpendingReports = await self._stack.enter_async_context(opening)
            self._spending = opened
            return opened

    async def _open(self) -> OpenHistory:
        await self._may_ask.wait()
        async with self._opening:
            if self._opened is not None:
                return self._opened
            open_history, day_of = await asyncio.to_thread(_parts)
            opening = open_history(self._settings, self.path, self._clock, day_of, self.feed)
            opened: OpenHistory = await self._stack.enter_async_context(opening)
            self._opened = opened
            return opened


def _spending_parts() -> tuple[Any, str]:
    from aiwatch.runtime.spending import FILE_NAME, open_spending

    return open_spending, FILE_NAME


def _parts() -> tuple[Any, Any]:
    from aiwatch.market.calendar.holidays import shipped_day
    from aiwatch.runtime.history import open_history

    return open_history, shipped_day
