"""Tencent's quote host: mainland China without delay, Hong Kong 15 minutes late, the US; one request for all.

``GET /q=sz002837,sh603757,hk00700,usNVDA``, no key and no cookie; GBK text, read by `tencent_lines`.

Tencent's answer, taken apart: which line is about which symbol, and what their sum says of those asked for.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import HKEX, SSE, US, Symbol
from aiwatch.sources import Answer, Refusal, parsing
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import LineBatch
from aiwatch.sources.tencent.codes import code_of, symbol_of
from aiwatch.sources.tencent.line_cache import LineCache
from aiwatch.sources.tencent.quote import quote_of, zone_of

NONE_MATCH = "pv_none_match"
"""The name of the one line sent when no code is known."""
_LINE = re.compile(rb'v_([\w.]++)=("?)([^"]*+)("?)[;\s]*+')


def lines_of(body: bytes, host: str) -> list[bytes]:
    """The lines of an answer of ``host``, empty ones left out. Raises `Garbled` for far too many."""
    if b'";v_' in body:
        body = body.replace(b'";v_', b'";\nv_')
    lines = body.split(b"\n", parsing.MOST_LINES + 1)
    parsing.check_lines(len(lines) - 1, host)
    return [line for line in lines if line and not line.isspace()]


@raises_garbled
def parse(body: bytes, symbols: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The whole answer ``body`` to a request for ``symbols``; see `Batch`."""
    batch = Batch(symbols, received_at)
    lines = lines_of(body, host)
    batch.check_count(lines, host)
    batch.take(lines)
    return batch.answer(host)


class Batch(LineBatch[bytes]):
    """The answer to one request; see `LineBatch`. ``known`` are the lines of answers before."""

    def __init__(self, symbols: Iterable[Symbol], received_at: datetime, cache: LineCache | None = None) -> None:
        super().__init__(symbols, received_at, code_of)
        self._codes = {b"v_" + code.encode(): code for code in self._asked}
        self._known = cache

    def take(self, lines: Sequence[bytes]) -> None:
        """Read ``lines`` of the answer."""
        for line in lines:
            start, _, content = line.partition(b'="')
            code = self._codes.get(start)
            if code and content.find(b'"') == len(content) - 2 and content.endswith(b'";'):  # as nearly every line
                self._keep(self._asked[code], code, content[:-2], whole=True)
                continue
            match = _LINE.fullmatch(line)
            if match is None:
                self._stray.append(Refusal("", f"no quote line: {parsing.plain(line[:40].decode('ascii', 'replace'))}"))
                continue
            name, opened, content, closed = match.groups()
            self._take_line(name.decode("ascii", "replace"), content, whole=len(opened) == len(closed))

    def _take_line(self, name: str, content: bytes, *, whole: bool) -> None:
        symbol = self._asked.get(name)
        if symbol is not None:
            self._keep(symbol, name, content, whole=whole)
            return
        if name == NONE_MATCH:
            self._found = dict.fromkeys(self._asked.values()) | self._found
            return
        short = name.startswith("s_")
        code = name[2:] if short or name.startswith("r_") else name
        symbol = self._asked.get(code)
        if symbol is None:
            listed = symbol_of(code)
            self._stray.append(Refusal(listed.text if listed else parsing.plain(code, 20), "was not asked for"))
        elif short:
            self._found[symbol] = Refusal(symbol.text, "a short line, which carries too little")
        else:
            self._keep(symbol, code, content, whole=whole)

    def _read(self, symbol: Symbol, code: str, content: bytes) -> Quote:
        if self._known is None:
            return quote_of(symbol, code, content, self._received_at)
        quote = self._known.again(symbol, code, content, self._received_at)
        if quote is None:
            quote = quote_of(symbol, code, content, self._received_at)
            self._known.note(content, quote)
        return quote


class Tencent(HttpSource):
    """The `Source` of Tencent's quote host; see `HttpSource` for how it is made, opened and closed."""

    name = "tencent"
    batch_limit = 800
    """About 900 codes fit the 8 KiB that the host takes as an address."""

    def prepare(self) -> None:
        """Read the time zones of its markets."""
        self._known = LineCache()
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
        lines = lines_of(body, self.host)
        await asyncio.sleep(0)
        batch = Batch(symbols, self.clock(), self._known)
        await asyncio.sleep(0)
        return await batch.read(lines, self.host)
