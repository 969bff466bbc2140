"""Opens what companies file, headlines about them, and what they report to have spent: the clients of the hosts that
may be asked, and the caches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiwatch.config.settings import ReportSettings, Settings
from aiwatch.ledger.records import Ledger
from aiwatch.market.data_sources import CNINFO, HKEX_NEWS, NEWS_HOSTS, SEC
from aiwatch.market.state import Clock
from aiwatch.runtime.hosts import OpenedLate, import_httpx

if TYPE_CHECKING:
    from aiwatch.feed.backoff import SharedSilence
    from aiwatch.history.filings.service import FilingReports
    from aiwatch.history.spending.service import AskCashFlow, SpendingReports

FILE_NAME = "filings.msgpack"
"""What the file of the filings is called, beside that of price history."""
REPORTS_FILE = "reports.msgpack"
"""What the file of the reports is called, beside that of price history."""
UNNAMED = "the SEC is not asked: it wants to know who asks; set sources.sec.user_agent to your name and e-mail address"


def may_ask(settings: ReportSettings) -> bool:
    """Whether the SEC may be asked: it wants to know who asks. Another host in its place need not."""
    return bool(settings.user_agent) or settings.base_url != ReportSettings().base_url


def ciks_of(ledger: Ledger | None) -> dict[str, int]:
    """The numbers at the SEC that ``ledger`` knows, by symbol."""
    entities = ledger.entities.values() if ledger is not None else ()
    return {symbol: entity.cik for entity in entities if entity.cik is not None for symbol in entity.symbols}


def wants_news(settings: Settings) -> bool:
    """Whether any host of headlines is switched on."""
    return any(settings.filings[host.name].enabled for host in NEWS_HOSTS)


@asynccontextmanager
async def open_filings(
    settings: Settings,
    path: Path,
    clock: Clock,
    ciks: Mapping[str, int],
    silence: SharedSilence | None = None,
    *,
    news: bool = True,
) -> AsyncIterator[FilingReports]:
    """The filings kept in the file at ``path``, asked at the addresses of ``settings``; ``ciks`` are the numbers at the
    SEC that are known, by symbol. With ``news``, headlines too where a host of them is switched on. No request before
    something is asked for. A demo gives a path of its own. ``silence`` is the feed of a screen, whose hosts rest with
    those of headlines."""
    await asyncio.to_thread(import_httpx)
    service, cache, made = await asyncio.to_thread(_parts, settings, path, clock, ciks, news)
    unasked = {
        host.name: f"{host.title} is switched off: set sources.{host.name}.enabled" for host in (CNINFO, HKEX_NEWS)
    }
    async with AsyncExitStack() as stack:
        clients = {name: await stack.enter_async_context(client) for name, client in made.items()}
        yield service(clients, unasked | {SEC.name: UNNAMED}, cache, clock, silence=silence)


def run_filings(
    settings: Settings, path: Path, clock: Clock, ledger: Ledger, silence: SharedSilence | None, *, waits: bool
) -> OpenedLate[FilingReports]:
    """The filings of a run, opened when they are first wanted; ``silence`` is as for `open_filings`, ``waits`` as for
    `OpenedLate`."""

    async def opened(settings: Settings, stack: AsyncExitStack) -> FilingReports:
        return await stack.enter_async_context(open_filings(settings, path, clock, ciks_of(ledger), silence))

    return OpenedLate(settings, opened, waits=waits)


def _parts(
    settings: Settings, path: Path, clock: Clock, ciks: Mapping[str, int], news: bool
) -> tuple[Any, Any, dict[str, Any]]:
    """The service, the cache, and the clients of the hosts that may be asked, by name; their code is imported here."""
    from aiwatch.history.filings.service import FilingReports
    from aiwatch.history.spending.cache import ReportCache
    from aiwatch.market.filings.filing import FilingReport
    from aiwatch.sources.filings.sec import SecFilings
    from aiwatch.sources.network.curl_transport import transport_of
    from aiwatch.sources.registry import loaded

    clients: dict[str, Any] = {}
    if may_ask(settings.sec):
        clients[SEC.name] = SecFilings(settings.sec, clock, ciks)
    for host in (CNINFO, HKEX_NEWS, *(NEWS_HOSTS if news else ())):
        own = settings.filings[host.name]
        if own.enabled:
            clients[host.name] = loaded(host.load)(own, clock, transport=transport_of(settings.transport))
    return FilingReports, ReportCache(path, FilingReport), clients


@asynccontextmanager
async def open_spending(
    settings: Settings, path: Path, clock: Clock, cash_flow: AskCashFlow | None
) -> AsyncIterator[SpendingReports]:
    """The reports kept in the file at ``path``, asked at the addresses of ``settings``; ``cash_flow`` asks Yahoo.

    No request before something is asked for. A demo gives a path of its own, so that nothing made up is kept among what
    companies report.
    """
    await asyncio.to_thread(import_httpx)
    client, service, cache = await asyncio.to_thread(_spending_parts, path)
    async with AsyncExitStack() as stack:
        sec = await stack.enter_async_context(client(settings.sec, clock)) if may_ask(settings.sec) else None
        second = cash_flow if settings.sources["yahoo"].enabled else None
        yield service(sec, second, cache, clock)


def _spending_parts(path: Path) -> tuple[Any, Any, Any]:
    from aiwatch.history.spending.cache import ReportCache
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.ledger.delivered.quarters import Report
    from aiwatch.sources.sec import SecFacts

    return SecFacts, SpendingReports, ReportCache(path, Report)
