"""Yahoo's search: every market, by symbol or English name.

``GET /v1/finance/search?q=…`` answers ``{"quotes": [{"symbol", "shortname", "longname", "exchDisp", "quoteType",
"isYahooFinance"}], …}``. Companies that are not listed come without a symbol.
"""

from __future__ import annotations

from typing import Any

from aiwatch.errors import Garbled, Refused, SymbolError
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import Board
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import plain
from aiwatch.sources.search import LONGEST_NAME, MOST_ENTRIES, StockMatch, searchable
from aiwatch.sources.yahoo import spark as yahoo_spark
from aiwatch.watchlist.pinyin import has_han

PATH = "/v1/finance/search"
_QUESTION = {"quotesCount": "10", "newsCount": "0", "listsCount": "0", "enableFuzzyQuery": "false"}
_KINDS = ("EQUITY", "ETF", "INDEX", "CURRENCY", "MUTUALFUND", "FUTURE", "CRYPTOCURRENCY")
_BAD_REQUEST = 400


class YahooSearch(HttpSource):
    """The `Search` of Yahoo; see `HttpSource` for how it is made, opened and closed."""

    name = "yahoo"

    async def find(self, text: str) -> tuple[StockMatch, ...]:
        """Ask once for ``text``; see `Search.find`. Yahoo knows no Chinese names and refuses some texts, which find
        nothing."""
        words = searchable(text)
        if not words or has_han(words):
            return ()
        try:
            return parse(await self.get(PATH, {"q": words, **_QUESTION}), self.host)
        except Refused as refused:
            if refused.status == _BAD_REQUEST:
                return ()
            raise


@raises_garbled
def parse(body: bytes, host: str) -> tuple[StockMatch, ...]:
    """The stocks of an answer that aiwatch can follow, each once. Raises `Garbled` when it is no such answer."""
    quotes = yahoo_spark.decoded(body, host).get("quotes")
    if not isinstance(quotes, list):
        raise Garbled(host, "an answer without a list of quotes")
    matches: dict[str, StockMatch] = {}
    for quote in quotes[:MOST_ENTRIES]:
        stock = _stock(quote) if isinstance(quote, dict) else None
        if stock is not None:
            matches.setdefault(stock.symbol.text, stock)
    return tuple(matches.values())


def _stock(quote: dict[str, Any]) -> StockMatch | None:
    if quote.get("quoteType") not in _KINDS:
        return None
    name = _text(quote, "longname") or _text(quote, "shortname")
    try:
        symbol = symbol_of(_text(quote, "symbol"))
    except SymbolError:
        return None
    if not name or (quote["quoteType"] == "FUTURE" and symbol.board is not Board.FUTURE):
        return None
    return StockMatch(symbol, name, "", _text(quote, "exchDisp") or symbol.exchange.title, YahooSearch.name)


def _text(quote: dict[str, Any], key: str) -> str:
    value = quote.get(key)
    return plain(value, LONGEST_NAME) if isinstance(value, str) else ""
