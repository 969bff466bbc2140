"""Yahoo Finance: every market, US prices without delay and others 15 to 20 minutes late, in batches of twenty.

``GET /v7/finance/spark``, which asks for neither key nor cookie; read by `yahoo_spark`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiwatch.errors import Refused
from aiwatch.market.calendar.zones import read_zones
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer
from aiwatch.sources.http import HttpSource
from aiwatch.sources.yahoo.yahoo_spark import parse, zones_of

PATH = "/v7/finance/spark"
_NOT_FOUND = "HTTP 404: Not Found: "
"""How the refusal of Yahoo itself begins; a proxy's 404 has no code with a description."""
_QUESTION = {
    "range": "1d",
    "interval": "5m",
    "indicators": "close",
    "includeTimestamps": "false",
    "includePrePost": "false",
}


class Yahoo(HttpSource):
    """The `Source` of Yahoo Finance; see `HttpSource` for how it is made, opened and closed."""

    name = "yahoo"
    title = "Yahoo"
    batch_limit = 20

    def covers(self, symbol: Symbol) -> bool:
        """Yes: symbols are spelled Yahoo's way, so it may know any."""
        return True

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for ``symbols``; see `Source.fetch`."""
        if not symbols:
            return Answer(())
        try:
            body = await self.get(PATH, {"symbols": ",".join(symbol.text for symbol in symbols), **_QUESTION})
        except Refused as refused:
            # Asked for one symbol it does not know, Yahoo says 404; that is an answer, not an outage.
            if len(set(symbols)) == 1 and str(refused).startswith(_NOT_FOUND):
                return Answer((), unknown=frozenset(symbols))
            raise
        answer = parse(body, symbols, self.clock(), self.host)
        await asyncio.to_thread(read_zones, zones_of(answer))
        return answer
