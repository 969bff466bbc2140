"""Symbols in Yahoo's spelling, and what follows from one: exchange, board, daily limit, lot.

What a security of mainland China or Hong Kong is follows from its code as `aiwatch.market.security` has it.
"""

from __future__ import annotations

import re
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
from aiwatch.market.security import UNLIMITED, Board, Security, security_of

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
    "AmbiguousSymbol",
    "Board",
    "Exchange",
    "Symbol",
    "described",
    "parse_symbol",
]


# The forms are compiled when a symbol is first held against them: few of them are on anybody's lists.
_CODE = {
    "SS": r"[0-9]{6}",
    "SZ": r"[0-9]{6}",
    "BJ": r"[0-9]{6}",
    "HK": r"[0-9]{4}|[1-9][0-9]{4}|HS[A-Z]{1,6}",
    "T": r"[0-9]{3}[0-9A-Z][5-9]?",
    "TW": r"[0-9]{4,6}[A-Z]?",
    "TWO": r"[0-9]{4,6}[A-Z]?",
    "KS": r"[0-9][0-9A-Z]{5}",
    "KQ": r"[0-9][0-9A-Z]{5}",
}
_ANY_CODE = r"(?=.{1,24}\.)[A-Z0-9]+([&-][A-Z0-9]+)*\."
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
_PLAIN = r"[A-Z][A-Z0-9]{0,5}(-[A-Z]{1,2})?"
_FUND = r"0P[0-9A-Z]{8}"
_INDEX = r"\^(?=.{2,24}\Z)[A-Z0-9]+([&-][A-Z0-9]+)*(\.[A-Z]{1,3})?"
_FUTURE = r"[A-Z0-9]{1,8}=F"
_CRYPTO = r"[A-Z0-9]{1,12}-(USD|EUR|GBP|JPY|KRW|CNY|HKD|TWD|INR|CAD|AUD|CHF|BRL|TRY|RUB|USDT|BTC|ETH)"
_CURRENCY = r"([A-Z]{3}|[A-Z]{6})=X"
_FORMS = "aiwatch spells symbols as Yahoo does: 002837.SZ, 603757.SS, 0700.HK, NVDA, BRK-B, 9984.T"


class Symbol(Struct, frozen=True, order=True, cache_hash=True, gc=False):
    """A thing with a price. ``text`` is Yahoo's spelling and its identity: all else follows from it.

    ``daily_limit`` is in percent of the previous close (``None``: none is known); ``lot`` is the smallest
    round order in shares (``None``: set per stock, as in Hong Kong, not known, or no shares); ``currency`` is ISO 4217,
    empty where the spelling does not say it.
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


_TOKYO_UNITS = re.compile(r"1[3-6][0-9]{2}|89[5-8][0-9]")
"""Codes that funds and REITs have in Tokyo: they trade in ones and tens, shares in hundreds (since October 2018)."""
_LOTS = {TSE: 100, TWSE: 1000, TPEX: 1000, **dict.fromkeys((XETRA, XAMS, XPAR, LSE, KRX, KOSDAQ), 1)}


class AmbiguousSymbol(SymbolError):
    """A text that may mean more than one thing; ``candidates`` are what it may mean, the likeliest first."""

    title = "Ambiguous symbol"

    def __init__(self, message: str, candidates: tuple[Symbol, ...], *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.candidates = candidates


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
        if not re.fullmatch(_PLAIN, text):
            raise SymbolError(f"symbol {text!r} is not known", hint=_FORMS)
        return Symbol(text, US, Board.MAIN, "USD", None, 1)
    exchange_of_suffix = SUFFIXES.get(suffix)
    if exchange_of_suffix is None:
        raise SymbolError(f"symbol {text!r}: no exchange with the suffix .{suffix}", hint=_FORMS)
    pattern = _CODE.get(suffix)
    if not (re.fullmatch(pattern, code) if pattern else re.fullmatch(_ANY_CODE, code + dot)):
        form = _CODE_FORM.get(suffix, "up to 24 capitals and digits, a share class after a hyphen")
        raise SymbolError(f"symbol {text!r}: the code before .{suffix} has {form}", hint=_FORMS)
    return _listed(text, code, exchange_of_suffix)


def _of_its_own_kind(text: str) -> Symbol | None:
    """The symbol of a currency pair, an index, a future or a crypto-currency; ``None`` for anything else."""
    if text.endswith("=X") and re.fullmatch(_CURRENCY, text):
        return Symbol(text, FX, Board.CURRENCY, text[:-2][-3:], None, None)
    if text.startswith("^") and re.fullmatch(_INDEX, text):
        exchange = INDICES.get(text) or SUFFIXES.get(text.rpartition(".")[2], ELSEWHERE)
        return Symbol(text, exchange, Board.INDEX, exchange.currency, None, None)
    if text.endswith("=F") and re.fullmatch(_FUTURE, text):
        return Symbol(text, FUTURES, Board.FUTURE, "", None, None)
    if "-" in text and (pair := re.fullmatch(_CRYPTO, text)):
        return Symbol(text, CRYPTO, Board.CRYPTO, pair[1], None, None)
    if text.startswith("0P") and re.fullmatch(_FUND, text):
        return Symbol(text, ELSEWHERE, Board.FUND, "", None, None)
    return None


def _listed(text: str, code: str, exchange: Exchange) -> Symbol:
    security = security_of(exchange.code, code)
    if security is not None:
        return Symbol(text, exchange, security.board, security.currency, security.daily_limit, security.lot)
    lot = None if exchange is TSE and _TOKYO_UNITS.fullmatch(code) else _LOTS.get(exchange)
    return Symbol(text, exchange, Board.MAIN, exchange.currency, None, lot)


@lru_cache(maxsize=16_384)
def described(symbol: Symbol, kind: str = "", *names: str) -> Security:
    """What ``symbol`` is by a source's word for its ``kind`` and by the ``names`` the source sent, either may be empty.

    Where no rule tells more of an exchange, it is what its spelling says, or an index by Tencent's word.
    """
    security = None if symbol.text.startswith("^") else security_of(symbol.exchange.code, symbol.code, kind, names)
    if security is not None:
        return security
    board = Board.INDEX if kind == "ZS" else symbol.board
    return Security(board, symbol.currency, symbol.daily_limit, None if board is Board.INDEX else symbol.lot)
