"""The SEC's company facts, asked for one company at a time: its capital spending by quarter.

Documented and without a key: https://www.sec.gov/search-filings/edgar-application-programming-interfaces. Whoever asks
is to say who they are, and to ask at most ten times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import httpx

from aiwatch.config.settings import ReportSettings, SourceSettings
from aiwatch.errors import Garbled, Refused
from aiwatch.ledger.delivered.companyfacts import PATH, FactsError, spending_in
from aiwatch.ledger.delivered.quarters import Quarter
from aiwatch.sources.http import HttpSource

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

    async def spending(self, cik: int) -> tuple[Quarter, ...]:
        """The quarters of the company with the number ``cik``, the earliest first.

        Raises a `SourceError`: `Refused` with a hint where the SEC wants to know who asks.
        """
        try:
            body = await self.get(PATH.format(cik=cik))
            return await asyncio.to_thread(spending_in, body)
        except Refused as error:
            hint = ASK_BY_NAME if error.status == FORBIDDEN else ""
            raise Refused(self.host, str(error), status=error.status, hint=hint) from None
        except FactsError as error:
            raise Garbled(self.host, str(error)) from None
