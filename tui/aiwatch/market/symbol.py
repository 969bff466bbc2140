"""Symbols in Yahoo's spelling, and what follows from one: exchange, board, daily limit, lot.

The daily limits are those of the exchanges' trading rules: 10 % on the main boards of Shanghai and
Shenzhen, 20 % on ChiNext (since 24 August 2020) and STAR, 30 % in Beijing, none elsewhere. ST shares and
shares in their first days have others; a limit sent by a source always wins over these.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from aiwatch.errors import SymbolError


class Exchange(Struct, frozen=True):
    """A market place: ``code`` as people write it, its IANA ``zone`` and its trading ``currency`` (ISO 4217)."""

    code: str
    title: str
    zone: str
    currency: str
    city: str


class Board(StrEnum):
    """The tier of an exchange a symbol is listed on, or the kind of thing it is."""

    MAIN = "main"
    CHINEXT = "ChiNext"
    STAR = "STAR"
    BEIJING = "Beijing"
    FUND = "fund"
    INDEX = "index"
    CURRENCY = "currency"


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
_CHINA_INDEX = {SSE: re.compile(r"000[0-9]{3}"), SZSE: re.compile(r"399[0-9]{3}")}
_CHINA_FUND = {SSE: re.compile(r"5[0-9]{5}"), SZSE: re.compile(r"1[568][0-9]{4}")}
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

    ``daily_limit`` is in percent of the previous close (``None``: no limit); ``lot`` is the smallest
    round order in shares (``None``: set per stock, as in Hong Kong); ``currency`` is ISO 4217.
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
    def is_china(self) -> bool:
        """Whether it trades in mainland China, where red means up."""
        return self.exchange in (SSE, SZSE, BSE)


def _china_board(code: str, exchange: Exchange) -> Board:
    if exchange is BSE:
        return Board.BEIJING
    if _CHINA_INDEX[exchange].fullmatch(code):
        return Board.INDEX
    if _CHINA_FUND[exchange].fullmatch(code):
        return Board.FUND
    if exchange is SSE and code.startswith(("688", "689")):
        return Board.STAR
    if exchange is SZSE and code.startswith(("300", "301", "302")):
        return Board.CHINEXT
    return Board.MAIN


_LIMITS = {Board.MAIN: 10, Board.FUND: 10, Board.CHINEXT: 20, Board.STAR: 20, Board.BEIJING: 30}
_B_SHARES = {SSE: ("900", "USD"), SZSE: ("200", "HKD")}


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
    if exchange in (SSE, SZSE, BSE):
        board = _china_board(code, exchange)
        prefix, currency = _B_SHARES.get(exchange, ("", ""))
        foreign = bool(prefix) and code.startswith(prefix)
        return Symbol(text, exchange, board, currency if foreign else "CNY", _LIMITS.get(board), 100)
    lot = {HKEX: None, TSE: 100, TWSE: 1000}.get(exchange, 1)
    return Symbol(text, exchange, Board.MAIN, exchange.currency, None, lot)
