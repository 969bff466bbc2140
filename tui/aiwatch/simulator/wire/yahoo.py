"""Yahoo's ``/v7/finance/spark`` as its host sends it: JSON, an entry a symbol, unknown symbols silently missing.

Yahoo's ``/v7/finance/quote`` as its host sends it: JSON, an entry a symbol, unknown symbols silently missing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from aiwatch.market.symbol import Board
from aiwatch.simulator.faults import FaultKind, spoil_entry, spoil_meta
from aiwatch.simulator.market import Market, Stock

MISSING_SYMBOLS = (
    b'{"finance":{"result":null,"error":{"code":"Bad Request",'
    b'"description":"Missing required query parameter=symbols"}}}'
)
"""The body of the 400 for a request without symbols; its key is not ``spark``."""

DELAYS = {
    "SSE": 15, "SZSE": 15, "BSE": 15, "HKEX": 15, "TSE": 20, "TWSE": 20, "XETRA": 15, "XAMS": 15, "XPAR": 15, "LSE": 20,
    "TPEX": 20, "KRX": 20, "KOSDAQ": 20,
}  # fmt: skip
"""Minutes the real host is late by, by exchange; those not named are not late."""

_PATH = "/v7/finance/spark"
VENUES = {
    "NMS": "NasdaqGS",
    "NYQ": "NYSE",
    "NIM": "Nasdaq GIDS",
    "SHH": "Shanghai",
    "SHZ": "Shenzhen",
    "HKG": "HKSE",
    "JPX": "Tokyo",
    "OSA": "Osaka",
    "TAI": "Taiwan",
    "GER": "XETRA",
    "AMS": "Amsterdam",
    "PAR": "Paris",
}
"""Market places by their codes, in Yahoo's words."""
KINDS = {Board.INDEX: "INDEX", Board.CURRENCY: "CURRENCY", Board.FUND: "ETF"}
"""What Yahoo calls a listing of each board; anything else is ``EQUITY``."""
RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]
_CLOSED_FOR = timedelta(hours=1)
"""How long ago the session stopped of a share that trades outside it."""
_OUTSIDE = {"pre": "PRE", "post": "POST"}
_TIME = "@"
"""Stands for the time in an entry that is kept. As a whole JSON string it cannot be part of another one."""


class YahooWire:
    """Writes the stocks of a market as Yahoo does; each entry is kept until its stock or its day changes.

    With ``delayed``, entries carry the time of the real host's delay. The simulated market is always open, so the
    regular trading period of an entry is its whole local day.
    """

    name = "yahoo"
    content_type = "application/json;charset=utf-8"

    def __init__(self, market: Market, *, delayed: bool = False) -> None:
        self._market = market
        self._delays = DELAYS if delayed else {}
        self._entries: dict[str, tuple[int, int, list[bytes]]] = {}
        self._zones = {
            stock.listing.symbol.zone: YahooZone(stock.listing.symbol.zone) for stock in market.stocks.values()
        }

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The symbols a request target asks for, none when the parameter is missing; ``None`` for other paths."""
        path, _, query = target.partition("?")
        if path != _PATH:
            return None
        texts = parse_qs(query).get("symbols", [""])[0].split(",")
        return tuple(text for text in texts if text)

    def refusal(self, symbols: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """404 for other paths, 400 for a request without symbols."""
        if symbols is None:
            return 404, b"<html>404 Not Found</html>"
        return None if symbols else (400, MISSING_SYMBOLS)

    def symbol_of(self, part: bytes) -> str:
        """The symbol of an entry."""
        return str(json.loads(part)["symbol"])

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """An entry with one thing wrong."""
        return spoil_entry(part, kind)

    def parts(self, symbols: Sequence[str], now: datetime) -> list[bytes]:
        """An entry for each symbol that is known, in the order asked."""
        parts = []
        for text in symbols:
            stock = self._market.stock(text)
            if stock is None:
                continue
            symbol = stock.listing.symbol
            extended = self._market.extended_of(stock)
            moment = now - timedelta(minutes=self._delays.get(symbol.exchange.code, 0))
            moment -= _CLOSED_FOR if extended else timedelta(0)
            zone = self._zones.get(symbol.zone) or self._zones.setdefault(symbol.zone, YahooZone(symbol.zone))
            midnight = zone.midnight(moment)
            held = self._entries.get(text)
            if held is None or held[:2] != (stock.version, midnight):
                entry = json.dumps(
                    _entry(stock, zone, midnight, is_closed=bool(extended)), ensure_ascii=False, separators=(",", ":")
                )
                held = self._entries[text] = (stock.version, midnight, entry.encode().split(b'"%s"' % _TIME.encode()))
            parts.append((b"%d" % int(moment.timestamp())).join(held[2]))
        return parts

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        return b'{"spark":{"result":[' + b",".join(parts) + b'],"error":null}}'


class YahooZone:
    """A time zone and its present day."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.zone = ZoneInfo(name)
        self.offset = 0
        self.short = ""
        self.end = 0
        self._midnight = 0

    def midnight(self, moment: datetime) -> int:
        """The unix time at which the local day of ``moment`` began."""
        if not self._midnight <= moment.timestamp() < self.end:
            local = moment.astimezone(self.zone)
            start = local.replace(hour=0, minute=0, second=0, microsecond=0)
            self._midnight = int(start.timestamp())
            self.end = int((start + timedelta(days=1)).timestamp())
            self.offset = int((local.utcoffset() or timedelta(0)).total_seconds())
            self.short = local.tzname() or ""
        return self._midnight

    def period(self, start: int, end: int) -> dict[str, Any]:
        """A trading period of the present day, in unix times."""
        return {"timezone": self.short, "end": end, "start": start, "gmtoffset": self.offset}


def _entry(stock: Stock, zone: YahooZone, midnight: int, *, is_closed: bool = False) -> dict[str, Any]:
    meta = (
        figures(stock, zone)
        | (_at_close(stock) if is_closed else {})
        | {
            "currentTradingPeriod": {
                "pre": zone.period(midnight, midnight),
                "regular": zone.period(midnight, zone.end),
                "post": zone.period(zone.end, zone.end),
            },
            "tradingPeriods": [[zone.period(midnight, zone.end)]],
            "dataGranularity": "5m",
            "range": "1d",
            "validRanges": RANGES,
        }
    )
    indicators = {"quote": [{"close": [meta["regularMarketPrice"]]}]}
    answer = {"meta": meta, "timestamp": [_TIME], "indicators": indicators}
    return {"symbol": stock.listing.symbol.text, "response": [answer]}


def _at_close(stock: Stock) -> dict[str, Any]:
    """A session that stands at the previous close."""
    close = stock.listing.previous_close / 10**stock.listing.decimals
    return dict.fromkeys(("regularMarketPrice", "regularMarketDayHigh", "regularMarketDayLow"), close)


def figures(stock: Stock, zone: YahooZone) -> dict[str, Any]:
    """The ``meta`` of an entry, without its periods. A suspended stock stands at its previous close."""
    listing = stock.listing
    symbol, decimals, quiet = listing.symbol, listing.decimals, stock.suspended
    scale = 10**decimals
    previous = listing.previous_close / scale
    last, high, low = (previous if quiet else points / scale for points in (stock.last, stock.high, stock.low))
    year_low, year_high = stock.year_range
    return {
        "currency": symbol.currency,
        "symbol": symbol.text,
        "exchangeName": listing.venue,
        "fullExchangeName": VENUES.get(listing.venue, listing.venue),
        "instrumentType": KINDS.get(symbol.board, "EQUITY"),
        "regularMarketTime": _TIME,
        "hasPrePostMarketData": symbol.exchange.code == "US" and symbol.board is Board.MAIN,
        "gmtoffset": zone.offset,
        "timezone": zone.short,
        "exchangeTimezoneName": zone.name,
        "regularMarketPrice": last,
        "fiftyTwoWeekHigh": round(year_high / scale, decimals),
        "fiftyTwoWeekLow": round(year_low / scale, decimals),
        "regularMarketDayHigh": high,
        "regularMarketDayLow": low,
        "regularMarketVolume": 0 if quiet else stock.volume,
        "longName": listing.name_en,
        "shortName": listing.name_en,
        "chartPreviousClose": previous,
        "previousClose": previous,
        "scale": 3,
        "priceHint": decimals,
    }


PATH = "/v7/finance/quote"


class YahooQuoteWire:
    """Writes the stocks of a market as Yahoo's richer quotes. With ``delayed``, their times are as old as the real
    host's. The market is always open, unless `Market.extended` says that New York trades outside its session."""

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
        entry |= _outside(stock, self._market.extended_of(stock), now)
        return {key: value for key, value in entry.items() if value is not None}


def _outside(stock: Stock, extended: str, now: datetime) -> dict[str, Any]:
    """The fields that are others outside the session: that stands at the previous close, where no orders are shown."""
    if not extended:
        return {}
    scale = 10**stock.listing.decimals
    last, close = stock.last / scale, stock.listing.previous_close / scale
    return _at_close(stock) | {
        "regularMarketOpen": close,
        "regularMarketTime": int((now - _CLOSED_FOR).timestamp()),
        "regularMarketChange": 0.0,
        "regularMarketChangePercent": 0.0,
        "marketState": _OUTSIDE[extended],
        f"{extended}MarketPrice": last,
        f"{extended}MarketTime": int(now.timestamp()),
        f"{extended}MarketChange": round(last - close, stock.listing.decimals),
        f"{extended}MarketChangePercent": (last / close - 1) * 100,
        "bid": None,
        "ask": None,
    }
