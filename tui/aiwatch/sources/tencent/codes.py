"""Tencent's codes for symbols, and back.

A code is a market prefix and the exchange's own code: ``sh``, ``sz`` and ``bj`` with six digits, ``hk`` with five,
``us`` with the ticker (a share class after a dot). Indices have codes of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aiwatch.errors import SymbolError
from aiwatch.market.symbol import BSE, HKEX, SSE, SZSE, US, Board, Symbol, parse_symbol

_PREFIXES = {SSE.code: "sh", SZSE.code: "sz", BSE.code: "bj"}
_SUFFIXES = {"sh": "SS", "sz": "SZ", "bj": "BJ"}
_INDEX_CODES = {
    "^HSI": "hkHSI",
    "^HSCE": "hkHSCEI",
    "^HSTECH": "hkHSTECH",
    "HSTECH.HK": "hkHSTECH",
    "^IXIC": "us.IXIC",
    "^GSPC": "us.INX",
    "^DJI": "us.DJI",
}
_INDEX_SYMBOLS = {code: text for text, code in reversed(_INDEX_CODES.items())}
_TICKER = re.compile(r"[A-Z][A-Z0-9]{0,5}(\.[A-Z]{1,2})?")


@lru_cache(maxsize=16_384)
def code_of(symbol: Symbol) -> str | None:
    """Tencent's code of ``symbol``: ``sz002837`` of ``002837.SZ``; ``None`` for what Tencent does not carry."""
    if symbol.exchange.code in _PREFIXES:
        return _PREFIXES[symbol.exchange.code] + symbol.code
    if symbol.board is Board.INDEX:
        return _INDEX_CODES.get(symbol.text)
    if symbol.exchange == HKEX:
        return f"hk{symbol.code:0>5}"
    if symbol.exchange == US:
        return "us" + symbol.text.replace("-", ".")
    return None


def page_of(symbol: Symbol) -> str | None:
    """The address of the page of ``symbol``, of mainland China or Hong Kong."""
    if symbol.exchange.code not in _PREFIXES and symbol.exchange != HKEX:
        return None
    code = code_of(symbol)
    return f"https://gu.qq.com/{code}" if code else None


@lru_cache(maxsize=16_384)
def symbol_of(code: str) -> Symbol | None:
    """The symbol of Tencent's ``code``: ``0700.HK`` of ``hk00700``; ``None`` for a code aiwatch has no symbol for."""
    text = _INDEX_SYMBOLS.get(code) or _spelling(code[:2], code[2:])
    try:
        return parse_symbol(text) if text else None
    except SymbolError:
        return None


def _spelling(prefix: str, rest: str) -> str:
    if prefix in _SUFFIXES:
        return f"{rest}.{_SUFFIXES[prefix]}"
    if prefix == "hk" and len(rest) == 5 and rest.isascii() and rest.isdigit():
        return f"{rest.removeprefix('0')}.HK"
    if prefix == "us" and _TICKER.fullmatch(rest):
        return rest.replace(".", "-")
    return ""
