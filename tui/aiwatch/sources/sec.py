"""The SEC's company facts, asked for one company at a time: its capital spending by quarter.

Documented and without a key: https://www.sec.gov/search-filings/edgar-application-programming-interfaces. A client
is to say who they are, and to ask at most ten times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import httpx

from aiwatch.config.settings import ReportSettings, SourceSettings
from aiwatch.errors import Garbled, Refused
from aiwatch.ledger.delivered.companyfacts import PATH, FactsError, spending_in
from aiwatch.ledger.delivered.quarters import Quarter
from aiwatch.market.symbol import Symbol
from aiwatch.sources.http import HttpSource
from aiwatch.sources.sec_companies import CompanyNumbers

FORBIDDEN = 403
ASK_BY_NAME = 'Set sources.sec.user_agent to your name and e-mail address: "Jane Doe jane@example.org".'


class SecFacts(HttpSource):
    """Asks at the address of ``settings``, by the name that stands there; see `HttpSource`."""

    name = "sec"
    body_limit = 24 * 2**20
    """Bytes of an answer; while it is put together it takes twice as many."""

    def __init__(
        self,
        settings: ReportSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        asked_at = SourceSettings(settings.base_url, 0, 0, timeout=settings.timeout)
        super().__init__(asked_at, clock, transport=transport)
        self.title = "SEC"
        if settings.user_agent:
            self.user_agent = settings.user_agent
        self._numbers = CompanyNumbers(self, settings.tickers_url)

    async def number(self, symbol: Symbol) -> int:
        """The number under which the company of ``symbol`` reports, by the SEC's own list, which is asked for once.

        Raises a `SourceError` as `spending` does.
        """
        with self._said_by_name():
            return await self._numbers.number(symbol)

    async def spending(self, cik: int) -> tuple[Quarter, ...]:
        """The quarters of the company with the number ``cik``, the earliest first.

        Raises a `SourceError`: `Refused` with a hint where the SEC wants to know who asks.
        """
        with self._said_by_name():
            body = await self.get(PATH.format(cik=cik))
            try:
                return await asyncio.to_thread(spending_in, body)
            except FactsError as error:
                raise Garbled(self.host, str(error)) from None

    @contextmanager
    def _said_by_name(self) -> Iterator[None]:
        """Says what to do where the SEC wants to know who asks."""
        try:
            yield
        except Refused as error:
            hint = ASK_BY_NAME if error.status == FORBIDDEN else error.hint
            raise Refused(error.host, str(error), status=error.status, hint=hint) from None
