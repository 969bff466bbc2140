"""Sina's codes for symbols.

``sh``, ``sz`` and ``bj`` with six digits for mainland China; ``rt_hk`` with five digits for Hong Kong in real time;
``gb_`` with the ticker in small letters for the US (a share class after ``$``); ``fx_s`` with both currencies.
"""

from __future__ import annotations

from aiwatch.market.symbol import BSE, FX, HKEX, SSE, SZSE, US, Board, Symbol

_PREFIXES = {SSE.code: "sh", SZSE.code: "sz", BSE.code: "bj"}
_INDEX_CODES = {"^HSI": "rt_hkHSI", "^IXIC": "gb_ixic", "^GSPC": "gb_inx", "^DJI": "gb_dji"}


def code_of(symbol: Symbol) -> str | None:
    """Sina's code of ``symbol``: ``gb_brk$b`` of ``BRK-B``; ``None`` for what Sina does not carry."""
    if symbol.exchange.code in _PREFIXES:
        return _PREFIXES[symbol.exchange.code] + symbol.code
    if symbol.board is Board.INDEX:
        return _INDEX_CODES.get(symbol.text)
    if symbol.exchange == HKEX:
        return f"rt_hk{symbol.code:0>5}"
    if symbol.exchange == US:
        return "gb_" + symbol.text.replace("-", "$").lower()
    if symbol.exchange == FX:
        base, quoted = pair_of(symbol)
        return f"fx_s{base}{quoted}".lower()
    return None


def pair_of(symbol: Symbol) -> tuple[str, str]:
    """The two currencies of a rate, ISO 4217: one unit of the first costs the price in the second. ``CNY=X`` is
    Yahoo's short form of USD to CNY."""
    pair = symbol.text.removesuffix("=X")
    return (pair[:3], pair[3:]) if len(pair) == 6 else ("USD", pair)
