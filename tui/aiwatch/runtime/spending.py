"""Opens what companies report to have spent: the SEC's client, the worker that asks Yahoo, and the cache."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiwatch.config.settings import ReportSettings, Settings
from aiwatch.market.state import Clock
from aiwatch.runtime.hosts import leave_out_command_line

if TYPE_CHECKING:
    from aiwatch.history.spending.service import AskCashFlow, SpendingReports

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
    client, service, cache = await asyncio.to_thread(_parts, path)
    async with AsyncExitStack() as stack:
        sec = await stack.enter_async_context(client(settings.sec, clock)) if may_ask(settings.sec) else None
        second = cash_flow if settings.sources["yahoo"].enabled else None
        yield service(sec, second, cache, clock)


def _parts(path: Path) -> tuple[Any, Any, Any]:
    from aiwatch.history.spending.cache import ReportCache
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.ledger.delivered.quarters import Report
    from aiwatch.sources.sec import SecFacts

    return SecFacts, SpendingReports, ReportCache(path, Report)
