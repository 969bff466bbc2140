"""Price history for a run: opened when a chart, a comparison or a column of it is looked at, closed with the screen."""

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
    from aiwatch.history.opened import HistoryParts
    from aiwatch.history.service import HistoryService
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.simulator.options import ExchangeUrls


class ChartHistory:
    """Opened with ``async with`` around the app. Nothing is imported, opened or asked before it is asked for.

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
        self._parts: HistoryParts | None = None
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
        """The bars of a symbol, opened by the first who asks."""
        return (await self.parts()).service

    async def spending(self) -> SpendingReports:
        """What companies report to have spent, opened by the first who asks; it is kept beside price history."""
        history = await self.parts()
        async with self._opening:
            if self._spending is not None:
                return self._spending
            open_spending, name = await asyncio.to_thread(_spending_parts)
            path, cash_flow = self.path.with_name(name), history.questions.cash_flow
            opening = open_spending(self._settings, path, self._clock, cash_flow)
            opened: SpendingReports = await self._stack.enter_async_context(opening)
            self._spending = opened
            return opened

    async def parts(self) -> HistoryParts:
        """Price history, opened by the first who asks."""
        await self._may_ask.wait()
        async with self._opening:
            if self._parts is not None:
                return self._parts
            open_history, day_of = await asyncio.to_thread(_imported)
            opened = open_history(self._settings, self.path, self._clock, day_of, self.feed)
            parts: HistoryParts = await self._stack.enter_async_context(opened)
            self._parts = parts
            return parts

    async def was_used(self) -> bool:
        """Whether a chart, a comparison or a column of history was looked at within a week."""
        if not await asyncio.to_thread(self.path.exists):
            return False
        return await (await self.parts()).board.is_in_use()


def _spending_parts() -> tuple[Any, str]:
    from aiwatch.runtime.spending import FILE_NAME, open_spending

    return open_spending, FILE_NAME


def _imported() -> tuple[Any, Any]:
    from aiwatch.market.calendar.holidays import shipped_day
    from aiwatch.runtime.history import open_history

    return open_history, shipped_day
