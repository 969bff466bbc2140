"""The order of the board's rows: by up to three columns, each rising or falling; how it is chosen, and how it sorts.

What was worked out of quotes for sorting is kept as long as the quote is the same. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

from aiwatch.board.cells import FilterContext, Quotes
from aiwatch.board.column import SortValue
from aiwatch.board.columns import BY_KEY
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

Order = tuple[tuple[str, bool], ...]
"""Columns to sort by, the one that counts most first, each with whether the largest come first. An empty key is the
file's order."""
MOST_KEYS = 3
"""Columns a list may be sorted by at once."""

Reader = Callable[[Symbol, Quote], float | None]
"""Gives the figure of a symbol's quote, from memory where it can."""


class Figures:
    """The figures of one board, by column and symbol.

    Worked out when a quote comes, they cost little at a time; sorting thousands of rows then touches no quote, which
    would hold the event loop for longer than a frame.
    """

    def __init__(self) -> None:
        self._held: dict[str, dict[Symbol, tuple[Quote, float | None]]] = {}

    def reader(self, key: str) -> Reader | None:
        """The reader of column ``key``; ``None`` when its figures are not of the quote alone."""
        column = BY_KEY.get(key)
        figure = None if column is None else column.figure
        if figure is None:
            return None
        held = self._held.setdefault(key, {})

        def read(symbol: Symbol, quote: Quote) -> float | None:
            known_figure = held.get(symbol)
            if known_figure is not None and known_figure[0] is quote:
                return known_figure[1]
            value = figure(quote)
            held[symbol] = quote, value
            return value

        return read

    def look_at(self, symbols: Iterable[Symbol], keys: Iterable[str], quotes: Quotes) -> None:
        """Work out the figures of ``symbols`` in columns ``keys``, and forget those in any other column."""
        readers = {key: reader for key in keys if (reader := self.reader(key)) is not None}
        self._held = {key: self._held[key] for key in readers}
        for symbol in symbols if readers else ():
            quote = quotes.get(symbol)
            if quote is not None:
                for read in readers.values():
                    read(symbol, quote)


def ordered(
    stocks: Sequence[Stock], key: str, reverse: bool, context: FilterContext, figures: Figures | None = None
) -> list[Stock]:
    """``stocks`` by column ``key`` (the file's order if it is empty), stable, with what is missing at the end.

    ``figures`` remembers what was worked out of a quote.
    """
    if not key:
        return list(reversed(stocks)) if reverse else list(stocks)
    column, quotes = BY_KEY[key], context.quotes
    read = figures.reader(key) if figures is not None else None
    present: list[tuple[SortValue, Stock]] = []
    missing: list[Stock] = []
    for stock in stocks:
        quote = quotes.get(stock.symbol)
        if read is None:
            value = column.value_of(stock, quote, context)
        else:
            value = None if quote is None else read(stock.symbol, quote)
        if value is None:
            missing.append(stock)
        else:
            present.append((value, stock))
    present.sort(key=itemgetter(0), reverse=reverse)
    return [stock for _, stock in present] + missing


def in_order(
    stocks: Sequence[Stock], order: Order, context: FilterContext, figures: Figures | None = None
) -> list[Stock]:
    """``stocks`` by each column of ``order``: those of which the first says nothing stand by the second, and so on."""
    listed = list(stocks)
    for key, reverse in reversed(order):
        listed = ordered(listed, key, reverse, context, figures)
    return listed


def pressed(order: Order, key: str) -> Order:
    """``order`` after the title of column ``key`` was pressed: by that column alone; pressed again, turned round, and
    then the file's order again. Raises ``KeyError`` for a key that is no column's."""
    falls = BY_KEY[key].first_falls
    first, reverse = order[0] if order else ("", False)
    if first != key:
        return ((key, falls),)
    return ((key, not falls),) if reverse is falls else ()


def added(order: Order, key: str) -> Order:
    """``order`` with the column ``key`` at its end, in place of the last where it is full; turned round if it is in it
    already. Nothing changes where ``key`` is no column."""
    if key not in BY_KEY:
        return order
    if key in places(order):
        return turned(order, key)
    return (*_named(order)[: MOST_KEYS - 1], (key, BY_KEY[key].first_falls))


def placed(order: Order, key: str, place: int) -> Order:
    """``order`` with the column ``key`` at ``place``, counted from 1; those from there on count less than before.
    Nothing changes where ``key`` is no column."""
    if key not in BY_KEY:
        return order
    falls = dict(order).get(key, BY_KEY[key].first_falls)
    keys = [step for step in _named(order) if step[0] != key]
    keys.insert(place - 1, (key, falls))
    return tuple(keys[:MOST_KEYS])


def turned(order: Order, key: str) -> Order:
    """``order`` with the column ``key`` the other way round."""
    return tuple((name, not falls if name == key else falls) for name, falls in order)


def without(order: Order, key: str) -> Order:
    """``order`` without the column ``key``; without its last one if that is not in it."""
    return tuple(step for step in order if step[0] != key) if key in places(order) else order[:-1]


def places(order: Order) -> dict[str, int]:
    """The place of each column of ``order``, counted from 1."""
    return {key: place for place, (key, _) in enumerate(order, 1) if key}


def _named(order: Order) -> Order:
    """``order`` without the file's own, which is no column's."""
    return tuple(step for step in order if step[0])
