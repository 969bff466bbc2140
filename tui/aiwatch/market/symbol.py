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
from aiwatch.market.exchanges import (
    BSE,
    CRYPTO,
    ELSEWHERE,
    EXCHANGES,
    FUTURES,
    FX,
    HKEX,
    INDICES,
    KOSDAQ,
    KRX,
    LSE,
    SSE,
    SUFFIXES,
    SZSE,
    TPEX,
    TSE,
    TWSE,
    US,
    XAMS,
    XETRA,
    XPAR,
    Exchange,
)

__all__ = [
    "BSE",
    "CRYPTO",
    "ELSEWHERE",
    "EXCHANGES",
    "FUTURES",
    "FX",
    "HKEX",
    "KOSDAQ",
    "KRX",
    "LSE",
    "SSE",
    "SZSE",
    "TPEX",
    "TSE",
    "TWSE",
    "US",
    "XAMS",
    "XETRA",
    "XPAR",
    "Board",
    "Exchange",
    "Symbol",
    "parse_symbol",
]


class Board(StrEnum):
    """The tier of an exchange a symbol is listed on, or the kind of thing it is."""

    MAIN = "main"
    CHINEXT = "ChiNext"
    STAR = "STAR"
    BEIJING = "Beijing"
    FUND = "fund"
    INDEX = "index"
    CURRENCY = "currency"
    FUTURE = "future"
    CRYPTO = "crypto-currency"


_CHINA_INDEX = {SSE: re.compile(r"000[0-9]{3}"), SZSE: re.compile(r"399[0-9]{3}")}
_CHINA_FUND = {SSE: re.compile(r"5[0-9]{5}"), SZSE: re.compile(r"1[568][0-9]{4}")}
_CODE = {
    "SS": re.compile(r"[0-9]{6}"),
    "SZ": re.compile(r"[0-9]{6}"),
    "BJ": re.compile(r"[0-9]{6}"),
    "HK": re.compile(r"[0-9]{4}|[1-9][0-9]{4}|HS[A-Z]{1,6}"),
    "T": re.compile(r"[0-9]{3}[0-9A-Z]"),
    "TW": re.compile(r"[0-9]{4,6}[A-Z]?"),
    "TWO": re.compile(r"[0-9]{4,6}[A-Z]?"),
    "KS": re.compile(r"[0-9][0-9A-Z]{5}"),
    "KQ": re.compile(r"[0-9][0-9A-Z]{5}"),
}
_ANY_CODE = re.compile(r"(?=.{1,24}\.)[A-Z0-9]+([&-][A-Z0-9]+)*\.")
"""Of exchanges whose codes keep no form that is known, with the dot: tickers, numbers, funds' codes and ISINs, share
classes after a hyphen (``VOLV-B.ST``), and India's ``M&M.NS``."""
_CODE_FORM = {
    "SS": "six digits",
    "SZ": "six digits",
    "BJ": "six digits",
    "HK": "four digits, padded: 0700.HK",
    "T": "four characters: 9984.T",
    "TW": "four to six digits",
    "TWO": "four to six digits",
    "KS": "six characters: 005930.KS",
    "KQ": "six characters: 247540.KQ",
}
_PLAIN = re.compile(r"[A-Z][A-Z0-9]{0,5}(-[A-Z]{1,2})?")
_FUND = re.compile(r"0P[0-9A-Z]{8}")
_INDEX = re.compile(r"\^(?=.{2,24}\Z)[A-Z0-9]+([&-][A-Z0-9]+)*(\.[A-Z]{1,3})?")
_FUTURE = re.compile(r"[A-Z0-9]{1,8}=F")
_CRYPTO = re.compile(r"[A-Z0-9]{1,12}-(USD|EUR|GBP|JPY|KRW|CNY|HKD|TWD|INR|CAD|AUD|CHF|BRL|TRY|RUB|USDT|BTC|ETH)")
_CURRENCY = re.compile(r"([A-Z]{3}|[A-Z]{6})=X")
_FORMS = "aiwatch spells symbols as Yahoo does: 002837.SZ, 603757.SS, 0700.HK, NVDA, BRK-B, 9984.T"


class Symbol(Struct, frozen=True, order=True, cache_hash=True, gc=False):
    """A thing with a price. ``text`` is Yahoo's spelling and its identity: all else follows from it.

    ``daily_limit`` is in percent of the previous close (``None``: no limit); ``lot`` is the smallest
    round order in shares (``None``: set per stock, as in Hong Kong, or not known); ``currency`` is ISO 4217, and empty
    where only a source's answer says it.
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
_LOTS = {TSE: 100, TWSE: 1000, TPEX: 1000, **dict.fromkeys((XETRA, XAMS, XPAR, LSE, KRX, KOSDAQ), 1)}
_B_SHARES = {SSE: ("900", "USD"), SZSE: ("200", "HKD")}


@lru_cache(maxsize=16_384)
def parse_symbol(text: str) -> Symbol:
    """The symbol that ``text`` spells in Yahoo's way.

    Raises `SymbolError`, naming the text and the accepted forms, for anything else.
    """
    if text != text.strip().upper():
        raise SymbolError(f"symbol {text!r}: write {text.strip().upper()!r}", hint=_FORMS)
    if symbol := _of_its_own_kind(text):
        return symbol
    code, dot, suffix = text.rpartition(".")
    if not dot:
        if not _PLAIN.fullmatch(text):
            raise SymbolError(f"symbol {text!r} is not known", hint=_FORMS)
        return Symbol(text, US, Board.MAIN, "USD", None, 1)
    exchange_of_suffix = SUFFIXES.get(suffix)
    if exchange_of_suffix is None:
        raise SymbolError(f"symbol {text!r}: no exchange with the suffix .{suffix}", hint=_FORMS)
    pattern = _CODE.get(suffix)
    if not (pattern.fullmatch(code) if pattern else _ANY_CODE.fullmatch(code + dot)):
        form = _CODE_FORM.get(suffix, "up to 24 capitals and digits, a share class after a hyphen")
        raise SymbolError(f"symbol {text!r}: the code before .{suffix} has {form}", hint=_FORMS)
    return _listed(text, code, exchange_of_suffix)


def _of_its_own_kind(text: str) -> Symbol | None:
    """The symbol of a currency pair, an index, a future or a crypto-currency; ``None`` for anything else."""
    if _CURRENCY.fullmatch(text):
        return Symbol(text, FX, Board.CURRENCY, text[:-2][-3:], None, None)
    if _INDEX.fullmatch(text):
        exchange = INDICES.get(text) or SUFFIXES.get(text.rpartition(".")[2], ELSEWHERE)
        return Symbol(text, exchange, Board.INDEX, exchange.currency, None, None)
    if _FUTURE.fullmatch(text):
        return Symbol(text, FUTURES, Board.FUTURE, "", None, None)
    if pair := _CRYPTO.fullmatch(text):
        return Symbol(text, CRYPTO, Board.CRYPTO, pair[1], None, None)
    if _FUND.fullmatch(text):
        return Symbol(text, ELSEWHERE, Board.FUND, "", None, None)
    return None


def _listed(text: str, code: str, exchange: Exchange) -> Symbol:
    if exchange in (SSE, SZSE, BSE):
        board = _china_board(code, exchange)
        prefix, currency = _B_SHARES.get(exchange, ("", ""))
        foreign = bool(prefix) and code.startswith(prefix)
        return Symbol(text, exchange, board, currency if foreign else "CNY", _LIMITS.get(board), 100)
    if exchange is HKEX and code.isalpha():
        return Symbol(text, exchange, Board.INDEX, exchange.currency, None, None)
    return Symbol(text, exchange, Board.MAIN, exchange.currency, None, _LOTS.get(exchange))
