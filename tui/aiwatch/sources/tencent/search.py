"""Tencent's search: mainland China, Hong Kong and the US, by code, Chinese name or pinyin initials.

``GET /s3/?v=2&t=all&c=1&q=…`` answers ``v_hint="entry^entry"``, or ``v_hint="N"`` for nothing. An entry is ``market~
code~name~pinyin~kind``: names with ``\\uXXXX`` escapes, kinds such as ``GP-A`` and ``GP`` (shares), ``ETF``, ``LOF``,
``ZS`` (indices), ``BK`` (sectors), US codes small and with their market behind (``brk.b.n``).
"""

from __future__ import annotations

import re

from aiwatch.errors import Garbled
from aiwatch.market.symbol import US
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import plain
from aiwatch.sources.search import LONGEST_NAME, MOST_ENTRIES, StockMatch, searchable
from aiwatch.sources.tencent.codes import symbol_of
from aiwatch.watchlist.pinyin import has_han

PATH = "/s3/"
_ANSWER = re.compile(r'\s*+v_hint="(?P<entries>[^"]*+)";?\s*+')
_LONGEST_ESCAPED = 10 * LONGEST_NAME
"""Characters of a name as it is sent: an escape has six."""
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_KINDS = ("GP", "ETF", "LOF", "ZS", "QDII")
"""How the kinds begin that are traded or are indices."""
_US_MARKETS = {"OQ": "Nasdaq", "N": "NYSE", "A": "NYSE American", "AM": "NYSE American", "PS": "OTC"}


class TencentSearch(HttpSource):
    """The `Search` of Tencent; see `HttpSource` for how it is made, opened and closed."""

    name = "tencent"

    async def find(self, text: str) -> tuple[StockMatch, ...]:
        """Ask once for ``text``; see `Search.find`."""
        words = searchable(text)
        if not words:
            return ()
        return parse(await self.get(PATH, {"v": "2", "t": "all", "c": "1", "q": words}), self.host)


@raises_garbled
def parse(body: bytes, host: str) -> tuple[StockMatch, ...]:
    """The stocks of an answer that aiwatch can follow, each once. Raises `Garbled` when it is no such answer."""
    answer = _ANSWER.fullmatch(body.decode("utf-8", "replace"))
    if answer is None:
        raise Garbled(host, "an answer that is no list of search hints")
    entries = answer["entries"]
    matches: dict[str, StockMatch] = {}
    for entry in [] if entries == "N" else entries.split("^", MOST_ENTRIES)[:MOST_ENTRIES]:
        stock = _stock(entry.split("~"))
        if stock is not None:
            matches.setdefault(stock.symbol.text, stock)
    return tuple(matches.values())


def _stock(fields: list[str]) -> StockMatch | None:
    if len(fields) < 5 or not fields[4].startswith(_KINDS):
        return None
    market, code, name = fields[0], fields[1].upper(), plain(_unescaped(fields[2][:_LONGEST_ESCAPED]), LONGEST_NAME)
    place = ""
    if market == "us":
        code, _, place = code.rpartition(".") if code.count(".", 1) else (code, "", "")
    symbol = symbol_of(market + code)
    if symbol is None or not name:
        return None
    exchange = _US_MARKETS.get(place, US.title) if symbol.exchange is US else symbol.exchange.title
    is_chinese = has_han(name)
    return StockMatch(symbol, "" if is_chinese else name, name if is_chinese else "", exchange, TencentSearch.name)


def _unescaped(text: str) -> str:
    """``text`` with its escapes resolved; halves of a character beyond them are left out."""
    plain_text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    return plain_text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
