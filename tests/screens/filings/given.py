"""Filings of the stage's stocks: as a run has them, from the embedded exchange or from hosts that a test sets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.errors import SourceError
from aiwatch.history.filings.service import FilingReports
from aiwatch.history.spending.cache import ReportCache
from aiwatch.market.filings.filing import Filing, FilingPage, FilingReport
from aiwatch.market.symbol import Symbol
from aiwatch.runtime.filings import open_filings
from aiwatch.runtime.hosts import pointed_at
from aiwatch.session.dependencies import OpenFilings
from aiwatch.simulator.server import Exchange


class FakeHosts:
    """A service whose one client lists two filings of every symbol, or raises ``error``; ``asked`` counts."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.asked: list[str] = []
        self.error: SourceError | None = None
        self.has_none = False
        self.has_news = False
        clients = dict.fromkeys(("sec", "cninfo", "hkex"), self)
        self._reports = FilingReports(clients, {}, ReportCache(path, FilingReport), clock)

    async def filings(self, symbol: Symbol) -> FilingPage:
        self.asked.append(symbol.text)
        if self.error is not None:
            raise self.error
        if self.has_none:
            return FilingPage()
        day = self.clock().date()
        link = f"https://www.sec.gov/Archives/edgar/data/{len(self.asked)}.htm"
        new = Filing(symbol.text, f"Supply agreement with OpenAI of {symbol}", "Some Company", day, None, "8-K", link)
        old = Filing(symbol.text, f"Quarterly report of {symbol}", "Some Company", date(2024, 11, 20), None, "10-Q")
        return FilingPage((new, old))

    async def open(self) -> FilingReports:
        """As a screen is given them."""
        return self._reports


@asynccontextmanager
async def of_exchange(
    exchange: Exchange, path: Path, clock: Callable[[], datetime], *, news: bool = False
) -> AsyncIterator[OpenFilings]:
    """What a demo's screen is given, with headlines where ``news`` switches them on."""
    settings = Settings()
    if news:
        filings = {name: replace(own, enabled=True) for name, own in settings.filings.items()}
        settings = replace(settings, filings=filings)
    async with open_filings(pointed_at(settings, exchange.urls), path, clock, {}) as reports:

        async def opened() -> FilingReports:
            return reports

        yield opened
