"""Which source of price history is asked first for a symbol, and which after it.

The order is by who has what, as seen in recordings and by users in 2026:

- Mainland China: Tencent has ten years unadjusted and the whole day by the minute, Sina the same days and never blocks.
  Yahoo has neither the unadjusted prices nor, of indices, every day (holes in 000300.SS), and is late.
- Beijing: Tencent has only the day of its newer codes, so Sina goes first.
- Hong Kong and the US: Yahoo's days come with dividends and splits, by yfinance first, which knows its ways, else by
  its chart. Hong Kong's day by the minute is a quarter of an hour late everywhere; Tencent has it whole. HSTECH has one
  day at Yahoo.
- Everything else is at Yahoo alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiwatch.market.bars import Interval
from aiwatch.market.symbol import BSE, HKEX, SSE, SZSE, US, Board, Symbol
from aiwatch.sources.bars import BarSource

YFINANCE = "yfinance"
"""The key of yfinance in its child process, which asks Yahoo's host too, beside the sources' own names."""
_TENCENT, _SINA, _YAHOO = "tencent", "sina", "yahoo"
TELLS_EVENTS = frozenset({_YAHOO})
"""The sources whose bars come with dividends and splits."""
_YAHOO_DAYS = (YFINANCE, _YAHOO)
_DAYS: Mapping[str, tuple[str, ...]] = {
    SSE.code: (_TENCENT, _SINA),
    SZSE.code: (_TENCENT, _SINA),
    BSE.code: (_SINA, _TENCENT),
    HKEX.code: (*_YAHOO_DAYS, _TENCENT),
    US.code: (*_YAHOO_DAYS, _TENCENT),
}
_INDEX_DAYS: Mapping[str, tuple[str, ...]] = {
    SSE.code: (_TENCENT, _SINA, *_YAHOO_DAYS),
    SZSE.code: (_TENCENT, _SINA, *_YAHOO_DAYS),
    HKEX.code: (_TENCENT, *_YAHOO_DAYS),
}
_MINUTES: Mapping[str, tuple[str, ...]] = {
    SSE.code: (_TENCENT, _SINA, _YAHOO),
    SZSE.code: (_TENCENT, _SINA, _YAHOO),
    BSE.code: (_SINA, _TENCENT),
    HKEX.code: (_TENCENT, _YAHOO),
    US.code: (_YAHOO, _TENCENT),
}


def order_of(symbol: Symbol, interval: Interval) -> tuple[str, ...]:
    """The names of the sources for bars of ``interval`` of ``symbol``, first choice first."""
    code = symbol.exchange.code
    if interval.is_intraday:
        return _MINUTES.get(code, (_YAHOO,))
    if symbol.board is Board.INDEX:
        return _INDEX_DAYS.get(code, _YAHOO_DAYS)
    return _DAYS.get(code, _YAHOO_DAYS)


class SourceChoice:
    """Chooses among the sources of bars that are there, by name; yfinance is there as `YFINANCE`."""

    def __init__(self, sources: Mapping[str, BarSource]) -> None:
        self._sources = dict(sources)

    def __call__(self, symbol: Symbol, interval: Interval) -> tuple[BarSource, ...]:
        """The sources to ask for bars of ``interval`` of ``symbol``, first choice first."""
        sources = (self._sources.get(name) for name in order_of(symbol, interval))
        return tuple(source for source in sources if source is not None and source.has_bars(symbol, interval))
