"""The searches of Tencent and Yahoo as their hosts answer them, over what the exchange lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.listings import Listing
from aiwatch.simulator.market import Market
from aiwatch.simulator.wire.tencent import KINDS as TENCENT_KINDS
from aiwatch.simulator.wire.tencent import US_SUFFIXES, code_of
from aiwatch.simulator.wire.yahoo import KINDS as YAHOO_KINDS
from aiwatch.simulator.wire.yahoo import VENUES

TENCENT_PATH = "/s3/"
YAHOO_PATH = "/v1/finance/search"
_MOST = 10
_MISSING_TEXT = (
    b'{"finance":{"result":null,"error":{"code":"Bad Request","description":"Missing required query parameter=q"}}}'
)


class TencentSearchWire:
    """Answers ``/s3/?q=`` with hints. The pinyin of a hint is empty: the exchange knows none."""

    name = "tencent_search"
    content_type = "text/html; charset=UTF-8"

    def __init__(self, market: Market) -> None:
        listings = [stock.listing for stock in market.stocks.values()]
        self._listings = [listing for listing in listings if code_of(listing.symbol)]

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The text that is looked for, none when it is missing; ``None`` for other paths."""
        return _asked(target, TENCENT_PATH)

    def refusal(self, texts: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """Never: without a text, nothing is found."""
        return None

    def parts(self, texts: Sequence[str], now: datetime) -> list[bytes]:
        """A hint for each listing that fits."""
        return [self._hint(listing) for listing in _fitting(self._listings, texts)]

    def symbol_of(self, part: bytes) -> str:
        """The code of a hint."""
        market, code = part.decode().split("~")[:2]
        return market + code

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """A hint with one thing wrong."""
        if kind is FaultKind.UNKNOWN:
            return b""
        return b"~".join(part.split(b"~")[:3]) if kind is FaultKind.FIELD_COUNT else part

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        return b'v_hint="' + (b"^".join(parts) or b"N") + b'";'

    def _hint(self, listing: Listing) -> bytes:
        code = code_of(listing.symbol) or ""
        market, rest = code[:2], code[2:].lower()
        if market == "us" and not rest.startswith("."):
            rest += US_SUFFIXES.get(listing.venue, "").lower()
        name = "".join(char if char.isascii() else f"\\u{ord(char):04x}" for char in listing.name_zh)
        kind = TENCENT_KINDS.get(listing.symbol.board, "GP-A" if listing.symbol.is_china else "GP")
        return "~".join((market, rest, name, "", kind)).encode()


class YahooSearchWire:
    """Answers ``/v1/finance/search?q=`` with quotes."""

    name = "yahoo_search"
    content_type = "application/json;charset=utf-8"

    def __init__(self, market: Market) -> None:
        self._listings = [stock.listing for stock in market.stocks.values()]

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The text that is looked for, none when it is missing; ``None`` for other paths."""
        return _asked(target, YAHOO_PATH)

    def refusal(self, texts: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """400 for a request without a text."""
        return None if texts else (400, _MISSING_TEXT)

    def parts(self, texts: Sequence[str], now: datetime) -> list[bytes]:
        """An entry for each listing that fits."""
        return [json.dumps(_entry(listing)).encode() for listing in _fitting(self._listings, texts)]

    def symbol_of(self, part: bytes) -> str:
        """The symbol of an entry."""
        return str(json.loads(part)["symbol"])

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """An entry with one thing wrong."""
        if kind is FaultKind.UNKNOWN:
            return b""
        entry = json.loads(part)
        if kind is FaultKind.FIELD_COUNT:
            del entry["symbol"]
        return json.dumps(entry).encode()

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        count = str(len(parts)).encode()
        return b'{"explains":[],"count":' + count + b',"quotes":[' + b",".join(parts) + b'],"news":[]}'


def _asked(target: str, path: str) -> tuple[str, ...] | None:
    there, _, query = target.partition("?")
    return tuple(parse_qs(query).get("q", [])[:1]) if there == path else None


def _fitting(listings: Iterable[Listing], texts: Sequence[str]) -> list[Listing]:
    """The first listings whose symbol or code begins with a text, or whose names have it in them."""
    texts_sought = [text.casefold().strip() for text in texts if text.strip()]
    return [listing for listing in listings if any(_fits(listing, text) for text in texts_sought)][:_MOST]


def _fits(listing: Listing, text: str) -> bool:
    spellings = (listing.symbol.text.casefold(), listing.symbol.text.casefold().lstrip("0^"), code_of(listing.symbol))
    names = (listing.name_zh.casefold(), listing.name_en.casefold())
    return any(spelling and spelling.startswith(text) for spelling in spellings) or any(text in name for name in names)


def _entry(listing: Listing) -> dict[str, Any]:
    kind = YAHOO_KINDS.get(listing.symbol.board, "EQUITY")
    return {
        "exchange": listing.venue,
        "shortname": listing.name_en,
        "quoteType": kind,
        "symbol": listing.symbol.text,
        "index": "quotes",
        "typeDisp": kind.capitalize(),
        "longname": listing.name_en,
        "exchDisp": VENUES.get(listing.venue, listing.venue),
        "isYahooFinance": True,
    }
