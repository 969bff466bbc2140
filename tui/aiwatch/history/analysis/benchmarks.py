"""The index that shares are usually held against."""

from __future__ import annotations

from collections.abc import Sequence

from aiwatch.market.symbol import HKEX, US, Symbol, parse_symbol

CHINA = "000300.SS"
BY_EXCHANGE = {HKEX.code: "^HSI", US.code: "^IXIC"}


def usual_benchmark(symbols: Sequence[Symbol]) -> Symbol | None:
    """The usual index of the market of ``symbols``; ``None`` where they are of several, or it has none here."""
    if symbols and all(symbol.is_china for symbol in symbols):
        return parse_symbol(CHINA)
    codes = {symbol.exchange.code for symbol in symbols}
    usual = BY_EXCHANGE.get(codes.pop()) if len(codes) == 1 else None
    return None if usual is None else parse_symbol(usual)
