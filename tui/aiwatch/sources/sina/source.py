"""Sina's quote host: mainland China and Hong Kong without delay, the US and exchange rates; one request for all.

``GET /list=sh603308,rt_hk00700,gb_nvda,fx_susdcny`` with a Referer of its own pages, without which it answers 403;
GB18030 text, read by `sina_lines`.

Sina's answer, taken apart: which line is about which symbol, and what their sum says of those asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfo

from aiwatch.errors import Refused
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import HKEX, SSE, US, Symbol
from aiwatch.sources import Answer, Refusal, parsing
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import LineBatch
from aiwatch.sources.sina.codes import REAL_TIME, code_of
from aiwatch.sources.sina.quote import quote_of

_LINE = re.compile(r'var hq_str_([\w$.^]++)=("?)([^"]*+)("?)[;\s]*+', re.ASCII)


def text_of(body: bytes) -> str:
    """The text of an answer: UTF-8 where it is that without a fault, else GB18030, which the host usually sends."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def lines_of(body: bytes, host: str) -> list[str]:
    """The lines of an answer of ``host``, empty ones left out. Raises `Garbled` for far too many."""
    parsing.check_lines(body.count(b"\n") + body.count(b'";var'), host)
    return [line for line in text_of(body).replace('";var', '";\nvar').split("\n") if line and not line.isspace()]


@raises_garbled
def parse(body: bytes, symbols: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The whole answer ``body`` to a request for ``symbols``; see `Batch`."""
    batch = Batch(symbols, received_at)
    lines = lines_of(body, host)
    batch.check_count(lines, host)
    batch.take(lines)
    return batch.answer(host)


class Batch(LineBatch[str]):
    """The answer to one request; see `LineBatch`. A line of Hong Kong's delayed prices stands for one in real time."""

    def __init__(self, symbols: Iterable[Symbol], received_at: datetime) -> None:
        super().__init__(symbols, received_at, code_of)

    def take(self, lines: Sequence[str]) -> None:
        """Read ``lines`` of the answer."""
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                self._stray.append(Refusal("", f"no quote line: {parsing.plain(line, 40)}"))
                continue
            code, opened, content, closed = match.groups()
            symbol = self._asked.get(code) or self._asked.get(REAL_TIME + code)
            if symbol is None:
                self._stray.append(Refusal(parsing.plain(code, 20), "was not asked for"))
                continue
            self._keep(symbol, code, content, whole=bool(opened and closed))

    def _read(self, symbol: Symbol, code: str, content: str) -> Quote | None:
        return quote_of(symbol, code, content, self._received_at)


FORBIDDEN = 403
_HINT = (
    "Sina answers only requests with a Referer of its own pages, and bans those that ask too often for a while: "
    "see that no proxy strips the Referer, and lengthen sources.sina.interval."
)


class Sina(HttpSource):
    """The `Source` of Sina's quote host; see `HttpSource` for how it is made, opened and closed."""

    name = "sina"
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
        return await Batch(symbols, self.clock()).read(lines_of(body, self.host), self.host)
