"""What a chart is compared with: the list's benchmark, the list as a basket, or another stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from aiwatch.formatting.text import index_title
from aiwatch.history.service import HistoryService
from aiwatch.market.bars import Interval, Range
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.chart.basket import kept_basket
from aiwatch.screens.dialogs.compare import Comparison, With
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.widgets.chart.data import Compared


class ComparedSeries(Struct, frozen=True):
    """The series to compare with, and ``words`` about what there is none of."""

    compared: tuple[Compared, ...] = ()
    words: tuple[str, ...] = ()


async def kept_others(
    service: HistoryService,
    comparison: Comparison | None,
    stock: Stock,
    watchlist: Watchlist | None,
    span: Range,
    quotes: Mapping[Symbol, Quote],
) -> ComparedSeries:
    """What is kept of the bars that ``stock`` is compared with; no host is asked."""
    if comparison is None:
        return ComparedSeries()
    if comparison.kind is With.LIST:
        return await _basket(service, watchlist, span, quotes)
    compared = [
        Compared(name, bars.series, is_live=True)
        for symbol, name in _symbols(comparison, stock, watchlist)
        if (bars := await service.kept(symbol, span)).series is not None
    ]
    return ComparedSeries(tuple(compared))


async def fetched_others(
    service: HistoryService,
    comparison: Comparison | None,
    stock: Stock,
    watchlist: Watchlist | None,
    span: Range,
    quotes: Mapping[Symbol, Quote],
) -> ComparedSeries:
    """The bars that ``stock`` is compared with, asked of the hosts; of a list what is kept."""
    if comparison is None or comparison.kind is With.LIST:
        return await kept_others(service, comparison, stock, watchlist, span, quotes)
    compared: list[Compared] = []
    words: list[str] = []
    for symbol, name in _symbols(comparison, stock, watchlist):
        bars = await service.bars(symbol, span)
        if bars.series is not None and bars.series.bars:
            compared.append(Compared(name, bars.series, is_live=True))
        else:
            words.append(f"not compared with {name}: {bars.problem or 'no source has its bars'}")
    return ComparedSeries(tuple(compared), tuple(words))


def _symbols(comparison: Comparison, stock: Stock, watchlist: Watchlist | None) -> Iterator[tuple[Symbol, str]]:
    """The symbol to compare with, and its name; none where that is the stock itself."""
    if comparison.kind is With.BENCHMARK and watchlist is not None and watchlist.benchmark is not None:
        yield watchlist.benchmark, index_title(watchlist.benchmark.text)
    elif comparison.stock is not None and comparison.stock.symbol != stock.symbol:
        yield comparison.stock.symbol, comparison.stock.name or comparison.stock.symbol.text


async def _basket(
    service: HistoryService, watchlist: Watchlist | None, span: Range, quotes: Mapping[Symbol, Quote]
) -> ComparedSeries:
    """The equal-weight basket of those of a list that days are kept of."""
    if watchlist is None or not watchlist.stocks:
        return ComparedSeries(words=("not compared: open a list first",))
    if span.interval is not Interval.DAY:
        return ComparedSeries(words=(f"not compared with {watchlist.name}: a list is compared over days, from 1M on",))
    basket = await kept_basket(service, [stock.symbol for stock in watchlist.stocks], span, quotes)
    if basket is None:
        return ComparedSeries(words=(f"not compared with {watchlist.name}: no history of its stocks is kept yet",))
    return ComparedSeries((Compared(f"{watchlist.name}, {basket.name}", basket.series),))
