"""Yahoo's ``/v7/finance/quote`` as its host sends it: JSON, an entry a symbol, unknown symbols silently missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from aiwatch.market.symbol import Board
from aiwatch.simulator.faults import FaultKind, spoil_meta
from aiwatch.simulator.market import Market, Stock
from aiwatch.simulator.wire.yahoo import DELAYS, KINDS, MISSING_SYMBOLS

PATH = "/v7/finance/quote"


class YahooQuoteWire:
    """Writes the stocks of a market as Yahoo's richer quotes. With ``delayed``, their times are as old as the real
    host's; the market is always open, so there are no prices outside of its session."""

    name = "yahoo_quote"
    content_type = "application/json;charset=utf-8"

    def __init__(self, market: Market, *, delayed: bool = False) -> None:
        self._market = market
        self._delays = DELAYS if delayed else {}

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The symbols a request target asks for, none when the parameter is missing; ``None`` for other paths."""
        path, _, query = target.partition("?")
        if path != PATH:
            return None
        return tuple(text for text in parse_qs(query).get("symbols", [""])[0].split(",") if text)

    def refusal(self, symbols: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """400 for a request without symbols."""
        return None if symbols else (400, MISSING_SYMBOLS)

    def symbol_of(self, part: bytes) -> str:
        """The symbol of an entry."""
        return str(json.loads(part)["symbol"])

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """An entry with one thing wrong."""
        value = json.loads(part)
        spoil_meta(value, kind)
        return b"" if kind is FaultKind.UNKNOWN else json.dumps(value, ensure_ascii=False).encode()

    def parts(self, symbols: Sequence[str], now: datetime) -> list[bytes]:
        """An entry for each symbol that is known, in the order asked."""
        stocks = (stock for text in symbols if (stock := self._market.stock(text)) is not None)
        return [json.dumps(self._entry(stock, now), ensure_ascii=False).encode() for stock in stocks]

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        return b'{"quoteResponse":{"result":[' + b",".join(parts) + b'],"error":null}}'

    def _entry(self, stock: Stock, now: datetime) -> dict[str, Any]:
        listing = stock.listing
        symbol, scale, quiet = listing.symbol, 10**listing.decimals, stock.suspended
        delay = self._delays.get(symbol.exchange.code, 0)
        previous = listing.previous_close
        day = (stock.last, stock.open, stock.high, stock.low)
        last, opened, high, low = ((previous if quiet else points) / scale for points in day)
        change = round(last - previous / scale, listing.decimals)
        bid, ask = (None if points is None or quiet else points / scale for points in (stock.bid, stock.ask))
        entry = {
            "language": "en-US",
            "quoteType": KINDS.get(symbol.board, "EQUITY"),
            "quoteSourceName": "Delayed Quote",
            "currency": symbol.currency,
            "regularMarketTime": int((now - timedelta(minutes=delay)).timestamp()),
            "regularMarketPrice": last,
            "regularMarketChange": change,
            "regularMarketChangePercent": change / (previous / scale) * 100,
            "regularMarketOpen": opened,
            "regularMarketDayHigh": high,
            "regularMarketDayLow": low,
            "regularMarketVolume": 0 if quiet else stock.volume,
            "regularMarketPreviousClose": previous / scale,
            "bid": bid,
            "ask": ask,
            "bidSize": 1,
            "askSize": 1,
            "marketState": "REGULAR",
            "exchangeDataDelayedBy": delay,
            "exchange": listing.venue,
            "exchangeTimezoneName": symbol.zone,
            "priceHint": listing.decimals,
            "longName": listing.name_en,
            "shortName": "/".join(symbol.pair) if symbol.board is Board.CURRENCY else listing.name_en,
            "symbol": symbol.text,
        }
        return {key: value for key, value in entry.items() if value is not None}
