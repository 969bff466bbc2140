"""Yahoo's richer quotes: bid and ask, prices outside the regular session, the delay of each; an extra that is off
unless the settings switch it on.

``GET /v7/finance/quote`` with a cookie and the crumb that belongs to it, see `yahoo_session`; read by `yahoo_rich`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import httpx

from aiwatch.config.settings import SessionSettings
from aiwatch.errors import Refused
from aiwatch.market.calendar.zones import read_zones
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer
from aiwatch.sources.http import HttpSource
from aiwatch.sources.yahoo.rich import parse
from aiwatch.sources.yahoo.session import YahooSession
from aiwatch.sources.yahoo.yahoo_spark import zones_of

PATH = "/v7/finance/quote"
UNAUTHORIZED = 401


class YahooQuote(HttpSource):
    """The `Source` of Yahoo's richer quotes; nothing is asked, not even for a cookie, before the first `fetch`."""

    name = "yahoo_quote"
    title = "Yahoo quote"
    batch_limit = 20
    keeps_cookies = True

    def __init__(
        self,
        settings: SessionSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock, transport=transport)
        self._session = YahooSession(self, settings)

    def covers(self, symbol: Symbol) -> bool:
        """Yes: symbols are spelled Yahoo's way, so it may know any."""
        return True

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for ``symbols``, and once more with a new session when Yahoo refuses the crumb; see
        `Source.fetch`."""
        if not symbols:
            return Answer(())
        try:
            body = await self._ask(symbols)
        except Refused as refused:
            if refused.status != UNAUTHORIZED:
                raise
            self._session.drop(str(refused))
            body = await self._again(symbols)
        answer = parse(body, symbols, self.clock(), self.host)
        await asyncio.to_thread(read_zones, zones_of(answer))
        return answer

    async def _ask(self, symbols: Sequence[Symbol]) -> bytes:
        crumb = await self._session.crumb()
        return await self.get(PATH, {"symbols": ",".join(symbol.text for symbol in symbols), "crumb": crumb})

    async def _again(self, symbols: Sequence[Symbol]) -> bytes:
        try:
            return await self._ask(symbols)
        except Refused as refused:
            if refused.status == UNAUTHORIZED:
                self._session.drop(str(refused))
            raise
