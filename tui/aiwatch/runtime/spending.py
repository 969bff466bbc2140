"""Opens what companies report to have spent: the SEC's client, the worker that asks Yahoo, and the cache."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from aiwatch.config.settings import ReportSettings, Settings
from aiwatch.market.state import Clock
from aiwatch.runtime.hosts import leave_out_command_line, pointed_at

if TYPE_CHECKING:
    from aiwatch.history.spending.service import AskCashFlow, SpendingReports
    from aiwatch.runtime.chart_history import ChartHistory
    from aiwatch.simulator.options import ExchangeUrls

FILE_NAME = "reports.msgpack"
"""What the file of the reports is called, beside that of price history."""


def may_ask(settings: ReportSettings) -> bool:
    """Whether the SEC may be asked: it wants to know who asks. Another host in its place need not."""
    return bool(settings.user_agent) or settings.base_url != ReportSettings().base_url


@asynccontextmanager
async def open_spending(
    settings: Settings, path: Path, clock: Clock, cash_flow: AskCashFlow | None
) -> AsyncIterator[SpendingReports]:
    """The reports kept in the file at ``path``, asked at the addresses of ``settings``; ``cash_flow`` asks Yahoo.

    No request before something is asked for. A demo gives a path of its own, so that nothing made up is kept among what
    companies report.
    """
    await asyncio.to_thread(leave_out_command_line)
    client, service, cache = await asyncio.to_thread(_parts)
    async with AsyncExitStack() as stack:
        sec = await stack.enter_async_context(client(settings.sec, clock)) if may_ask(settings.sec) else None
        asked = cash_flow if settings.sources["yahoo"].enabled else None
        yield service(sec, asked, cache(path), clock)


def _parts() -> tuple[Any, Any, Any]:
    from aiwatch.history.spending.cache import ReportCache
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.sources.sec import SecFacts

    return SecFacts, SpendingReports, ReportCache


class ScreenSpending:
    """The reports of a screen, opened with ``async with`` around the app: nothing is imported or opened before the
    first `reports`. Yahoo is asked by the worker of ``history``, whose folder has the file too. With ``waits``, nothing
    is opened before `told` has named the exchange to ask."""

    def __init__(self, settings: Settings, clock: Clock, history: ChartHistory, *, waits: bool = False) -> None:
        self._settings = settings
        self._clock = clock
        self._history = history
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._reports: SpendingReports | None = None
        self._may_ask = asyncio.Event()
        if not waits:
            self._may_ask.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def told(self, urls: ExchangeUrls) -> None:
        """Ask the hosts of an exchange that has started."""
        self._settings = pointed_at(self._settings, urls)
        self._may_ask.set()

    async def reports(self) -> SpendingReports:
        """The reports, opened by the first who asks."""
        await self._may_ask.wait()
        async with self._opening:
            if self._reports is None:
                questions = await self._history.questions()
                path = self._history.path.with_name(FILE_NAME)
                opened = open_spending(self._settings, path, self._clock, questions.cash_flow)
                self._reports = await self._stack.enter_async_context(opened)
            return self._reports
