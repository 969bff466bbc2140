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
from aiwatch.runtime.hosts import OpenedLate

if TYPE_CHECKING:
    from aiwatch.history.service import HistoryService


class ChartHistory:
    """Opened with ``async with`` around the app. Nothing is imported, opened or asked before the first `service`.

    The hosts rest with those of ``feed``. ``waits`` is as for `OpenedLate`.
    """

    def __init__(self, settings: Settings, path: Path, clock: Clock, *, waits: bool = False) -> None:
        self.feed: Feed | None = None
        self._path = path
        self._clock = clock
        self._late = OpenedLate(settings, self._open, waits=waits)
        self.told = self._late.told
        self.service = self._late.get

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._late.__aexit__(kind, error, trace)

    async def _open(self, settings: Settings, stack: AsyncExitStack) -> HistoryService:
        open_history, day_of = await asyncio.to_thread(_parts)
        opened = open_history(settings, self._path, self._clock, day_of, self.feed)
        history: HistoryService = (await stack.enter_async_context(opened)).service
        return history


def _parts() -> tuple[Any, Any]:
    from aiwatch.market.calendar.holidays import shipped_day
    from aiwatch.runtime.history import open_history

    return open_history, shipped_day
