"""Sina's codes for symbols.

``sh``, ``sz`` and ``bj`` with six digits for mainland China; ``rt_hk`` with five digits for Hong Kong in real time;
``gb_`` with the ticker in small letters for the US (a share class after ``$``); ``fx_s`` with both currencies.
"""

from __future__ import annotations

from aiwatch.market.symbol import BSE, FX, HKEX, SSE, SZSE, US, Board, Symbol

REAL_TIME = "rt_"
"""Begins the code of a Hong Kong price in real time; without it, the price is a quarter of an hour late."""

_PREFIXES = {SSE.code: "sh", SZSE.code: "sz", BSE.code: "bj"}
_INDEX_CODES = {
    "^HSI": f"{REAL_TIME}hkHSI",
    "^HSCE": f"{REAL_TIME}hkHSCEI",
    "^HSTECH": f"{REAL_TIME}hkHSTECH",
    "HSTECH.HK": f"{REAL_TIME}hkHSTECH",
    "^IXIC": "gb_ixic",
    "^GSPC": "gb_inx",
    "^DJI": "gb_dji",
}


def code_of(symbol: Symbol) -> str | None:
    """Sina's code of ``symbol``: ``gb_brk$b`` of ``BRK-B``; ``None`` for what Sina does not carry."""
    if symbol.exchange.code in _PREFIXES:
        return _PREFIXES[symbol.exchange.code] + symbol.code
    if symbol.board is Board.INDEX:
        return _INDEX_CODES.get(symbol.text)
    if symbol.exchange == HKEX:
        return f"{REAL_TIME}hk{symbol.code:0>5}"
    if symbol.exchange == US:
        return "gb_" + symbol.text.replace("-", "$").lower()
    if symbol.exchange == FX:
        return "fx_s" + "".join(symbol.pair).lower()
    return None


def page_of(symbol: Symbol) -> str | None:
    """The address of the page of ``symbol``; ``None`` of an index by Yahoo's name, a rate, or another market."""
    if symbol.text.startswith("^"):
        return None
    if symbol.exchange.code in _PREFIXES:
        return f"https://finance.sina.com.cn/realstock/company/{code_of(symbol)}/nc.shtml"
    if symbol.exchange == HKEX:
        return f"https://stock.finance.sina.com.cn/hkstock/quotes/{symbol.code:0>5}.html"
    if symbol.exchange == US:
        return f"https://stock.finance.sina.com.cn/usstock/quotes/{symbol.text.replace('-', '.')}.html"
    return None
