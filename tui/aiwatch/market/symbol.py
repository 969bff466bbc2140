"""Symbols in Yahoo's spelling, and what follows from one: exchange, board, daily limit, lot.

What a security of mainland China or Hong Kong is follows from its code as `aiwatch.market.security` has it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from aiwatch.errors import SymbolError
from aiwatch.market.security import UNLIMITED, Security, security_of
from aiwatch.market.security import Board as Board


class Exchange(Struct, frozen=True):
    """A market place: ``code`` as people write it, its IANA ``zone`` and its trading ``currency`` (ISO 4217)."""

    code: str
    title: str
    zone: str
    currency: str
    city: str


SSE = Exchange("SSE", "Shanghai Stock Exchange", "Asia/Shanghai", "CNY", "Shanghai")
SZSE = Exchange("SZSE", "Shenzhen Stock Exchange", "Asia/Shanghai", "CNY", "Shenzhen")
BSE = Exchange("BSE", "Beijing Stock Exchange", "Asia/Shanghai", "CNY", "Beijing")
HKEX = Exchange("HKEX", "Hong Kong Exchanges", "Asia/Hong_Kong", "HKD", "Hong Kong")
US = Exchange("US", "NYSE and Nasdaq", "America/New_York", "USD", "New York")
TSE = Exchange("TSE", "Tokyo Stock Exchange", "Asia/Tokyo", "JPY", "Tokyo")
TWSE = Exchange("TWSE", "Taiwan Stock Exchange", "Asia/Taipei", "TWD", "Taipei")
XETRA = Exchange("XETRA", "Deutsche Börse Xetra", "Europe/Berlin", "EUR", "Frankfurt")
XAMS = Exchange("XAMS", "Euronext Amsterdam", "Europe/Amsterdam", "EUR", "Amsterdam")
XPAR = Exchange("XPAR", "Euronext Paris", "Europe/Paris", "EUR", "Paris")
LSE = Exchange("LSE", "London Stock Exchange", "Europe/London", "GBP", "London")
FX = Exchange("FX", "Foreign exchange", "Europe/London", "", "London")

EXCHANGES: dict[str, Exchange] = {
    exchange.code: exchange for exchange in (SSE, SZSE, BSE, HKEX, US, TSE, TWSE, XETRA, XAMS, XPAR, LSE, FX)
}

_SUFFIXES = {
    "SS": SSE,
    "SZ": SZSE,
    "BJ": BSE,
    "HK": HKEX,
    "T": TSE,
    "TW": TWSE,
    "DE": XETRA,
    "AS": XAMS,
    "PA": XPAR,
    "L": LSE,
}
_WORLD_INDEX = {
    "^HSI": HKEX,
    "^N225": TSE,
    "^TWII": TWSE,
    "^GDAXI": XETRA,
    "^AEX": XAMS,
    "^FCHI": XPAR,
    "^FTSE": LSE,
}
_CODE = {
    "SS": re.compile(r"[0-9]{6}"),
    "SZ": re.compile(r"[0-9]{6}"),
    "BJ": re.compile(r"[0-9]{6}"),
    "HK": re.compile(r"[0-9]{4}|[1-9][0-9]{4}"),
    "T": re.compile(r"[0-9]{3}[0-9A-Z]"),
    "TW": re.compile(r"[0-9]{4,6}[A-Z]?"),
}
_CODE_FORM = {
    "SS": "six digits",
    "SZ": "six digits",
    "BJ": "six digits",
    "HK": "four digits, padded: 0700.HK",
    "T": "four characters: 9984.T",
    "TW": "four to six digits",
}
_PLAIN = re.compile(r"[A-Z][A-Z0-9]{0,5}(-[A-Z]{1,2})?")
_INDEX = re.compile(r"\^[A-Z0-9]{2,8}")
_CURRENCY = re.compile(r"([A-Z]{3}|[A-Z]{6})=X")
_FORMS = "aiwatch spells symbols as Yahoo does: 002837.SZ, 603757.SS, 0700.HK, NVDA, BRK-B, 9984.T"


class Symbol(Struct, frozen=True, order=True, cache_hash=True, gc=False):
    """A thing with a price. ``text`` is Yahoo's spelling and its identity: all else follows from it.

    ``daily_limit`` is in percent of the previous close (``None``: none is known); ``lot`` is the smallest
    round order in shares (``None``: set per stock, as in Hong Kong, or no shares); ``currency`` is ISO 4217, empty
    where the spelling does not say it.
    """

    text: str
    exchange: Exchange
    board: Board
    currency: str
    daily_limit: int | None
    lot: int | None

    def __str__(self) -> str:
        return self.text

    @property
    def code(self) -> str:
        """The exchange's own code: the part before the suffix (``002837`` of ``002837.SZ``)."""
        return self.text.partition(".")[0]

    @property
    def zone(self) -> str:
        """The IANA time zone of the exchange."""
        return self.exchange.zone

    @property
    def pair(self) -> tuple[str, str]:
        """The currencies of an exchange rate, ISO 4217: one unit of the first costs the price in the second.

        Yahoo leaves the dollar out where it comes first: ``CNY=X`` is USD to CNY. Of anything else it means nothing.
        """
        code = self.text.removesuffix("=X")
        return (code[:3], code[3:]) if len(code) == 6 else ("USD", code)

    @property
    def has_limits(self) -> bool:
        """Whether its prices may have daily limits that a source or a rule tells."""
        return self.is_china and self.board not in (Board.INDEX, Board.BOND, Board.REPO)

    @property
    def is_unlimited(self) -> bool:
        """Whether it is certain that it has no daily limit."""
        return self.exchange.code in UNLIMITED or self.board is Board.INDEX or (self.is_china and not self.has_limits)

    @property
    def is_china(self) -> bool:
        """Whether it trades in mainland China, where red means up."""
        return self.exchange in (SSE, SZSE, BSE)


@lru_cache(maxsize=16_384)
def parse_symbol(text: str) -> Symbol:
    """The symbol that ``text`` spells in Yahoo's way.

    Raises `SymbolError`, naming the text and the accepted forms, for anything else.
    """
    if text != text.strip().upper():
        raise SymbolError(f"symbol {text!r}: write {text.strip().upper()!r}", hint=_FORMS)
    if _CURRENCY.fullmatch(text):
        pair = text[:-2]
        return Symbol(text, FX, Board.CURRENCY, pair[-3:], None, None)
    if _INDEX.fullmatch(text):
        exchange = _WORLD_INDEX.get(text, US)
        return Symbol(text, exchange, Board.INDEX, exchange.currency, None, None)
    code, dot, suffix = text.rpartition(".")
    if not dot:
        if not _PLAIN.fullmatch(text):
            raise SymbolError(f"symbol {text!r} is not known", hint=_FORMS)
        return Symbol(text, US, Board.MAIN, "USD", None, 1)
    exchange_of_suffix = _SUFFIXES.get(suffix)
    if exchange_of_suffix is None:
        raise SymbolError(f"symbol {text!r}: no exchange with the suffix .{suffix}", hint=_FORMS)
    pattern = _CODE.get(suffix, re.compile(r"[A-Z0-9]{1,6}(-[A-Z]{1,2})?"))
    if not pattern.fullmatch(code):
        form = _CODE_FORM.get(suffix, "up to six capitals and digits, a share class after a hyphen")
        raise SymbolError(f"symbol {text!r}: the code before .{suffix} has {form}", hint=_FORMS)
    return _listed(text, code, exchange_of_suffix)


def _listed(text: str, code: str, exchange: Exchange) -> Symbol:
    security = security_of(exchange.code, code)
    if security is not None:
        return Symbol(text, exchange, security.board, security.currency, security.daily_limit, security.lot)
    lot = {TSE: 100, TWSE: 1000}.get(exchange, 1)
    return Symbol(text, exchange, Board.MAIN, exchange.currency, None, lot)


@lru_cache(maxsize=16_384)
def described(symbol: Symbol, kind: str = "", *names: str) -> Security:
    """What ``symbol`` is by a source's word for its ``kind`` and by the ``names`` the source sent, either may be empty.

    Where no rule tells more of an exchange, it is what its spelling says, or an index by Tencent's word.
    """
    security = security_of(symbol.exchange.code, symbol.code, kind, names)
    if security is not None:
        return security
    board = Board.INDEX if kind == "ZS" else symbol.board
    return Security(board, symbol.currency, symbol.daily_limit, None if board is Board.INDEX else symbol.lot)
