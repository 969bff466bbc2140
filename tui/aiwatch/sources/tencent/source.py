"""Tencent's quote host: mainland China without delay, Hong Kong 15 minutes late, the US; one request for all.

``GET /q=sz002837,sh603757,hk00700,usNVDA``, no key and no cookie; GBK text, read by `tencent_lines`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiwatch.market.symbol import HKEX, SSE, US, Symbol
from aiwatch.sources import Answer
from aiwatch.sources.http import HttpSource
from aiwatch.sources.tencent.codes import code_of
from aiwatch.sources.tencent.line_cache import KnownLines
from aiwatch.sources.tencent.lines import Batch, lines_of
from aiwatch.sources.tencent.quote import zone_of


class Tencent(HttpSource):
    """The `Source` of Tencent's quote host; see `HttpSource` for how it is made, opened and closed."""

    name = "tencent"
    title = "Tencent"
    batch_limit = 800
    """About 900 codes fit the 8 KiB that the host takes as an address."""

    def prepare(self) -> None:
        """Read the time zones of its markets."""
        self._known = KnownLines()
        for exchange in (SSE, HKEX, US):
            zone_of(exchange.zone)

    def covers(self, symbol: Symbol) -> bool:
        """Whether ``symbol`` is listed in mainland China, Hong Kong or the US, or is one of their main indices."""
        return code_of(symbol) is not None

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for ``symbols``; see `Source.fetch`."""
        codes = [code for symbol in symbols if (code := code_of(symbol))]
        if not codes:
            return Answer((), unknown=frozenset(symbols))
        body = await self.get("/q=" + ",".join(codes))
        lines = lines_of(body)
        await asyncio.sleep(0)
        return await Batch(symbols, self.clock(), self._known).read(lines, self.host)
