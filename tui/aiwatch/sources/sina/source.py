"""Sina's quote host: mainland China and Hong Kong without delay, the US and exchange rates; one request for all.

``GET /list=sh603308,rt_hk00700,gb_nvda,fx_susdcny`` with a Referer of its own pages, without which it answers 403;
GB18030 text, read by `sina_lines`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfo

from aiwatch.errors import Refused
from aiwatch.market.symbol import HKEX, SSE, US, Symbol
from aiwatch.sources import Answer
from aiwatch.sources.http import HttpSource
from aiwatch.sources.sina.codes import code_of
from aiwatch.sources.sina.lines import Batch, lines_of

FORBIDDEN = 403
_HINT = (
    "Sina answers only requests with a Referer of its own pages, and bans those that ask too often for a while: "
    "see that no proxy strips the Referer, and lengthen sources.sina.interval."
)


class Sina(HttpSource):
    """The `Source` of Sina's quote host; see `HttpSource` for how it is made, opened and closed."""

    name = "sina"
    title = "Sina"
    batch_limit = 650
    """Codes of at most twelve characters with their commas fit the 8 KiB that the host takes as an address."""
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({"Referer": "https://finance.sina.com.cn/"})

    def prepare(self) -> None:
        """Read the time zones of its markets."""
        for exchange in (SSE, HKEX, US):
            ZoneInfo(exchange.zone)

    def covers(self, symbol: Symbol) -> bool:
        """Whether ``symbol`` is listed in mainland China, Hong Kong or the US, one of their main indices, or a rate."""
        return code_of(symbol) is not None

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for ``symbols``; see `Source.fetch`."""
        codes = [code for symbol in symbols if (code := code_of(symbol))]
        if not codes:
            return Answer((), unknown=frozenset(symbols))
        try:
            body = await self.get("/list=" + ",".join(codes))
        except Refused as refused:
            if refused.status == FORBIDDEN:
                raise Refused(self.host, str(refused), status=FORBIDDEN, hint=_HINT) from refused
            raise
        return await Batch(symbols, self.clock()).read(lines_of(body), self.host)
