"""Which stocks the quote board shows, in which order, and which of them the cursor is on. Pure.

An order is of up to three columns, each rising or falling. What was worked out of quotes for sorting is kept as long as
the quote is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from aiwatch.board.cells import FilterContext, Quotes, RowView, shown_name
from aiwatch.board.column import SortValue
from aiwatch.board.columns import BY_KEY
from aiwatch.market.quote import Quote
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

_SORTS, _WIDENS = 5, 7
"""The ticks of a second at which rows are sorted and columns widened; at the first one, ages move on."""

Passes = Callable[[Stock], bool]
"""Whether a row is to be shown."""


Order = tuple[tuple[str, bool], ...]
"""Columns to sort by, the one that counts most first, each with whether the largest come first. An empty key is the
file's order."""
MOST_KEYS = 3
"""Columns a list may be sorted by at once."""


class Figures:
    """The figures of one board, by column and symbol.

    Worked out when a quote comes, they cost little at a time; sorting thousands of rows then touches no quote, which
    would hold the event loop for longer than a frame.
    """

    def __init__(self) -> None:
        self._held: dict[str, dict[Symbol, tuple[Quote, float | None]]] = {}

    def of(self, key: str, symbols: Iterable[Symbol], quotes: Quotes) -> list[float | None]:
        """The figure of each of ``symbols`` in column ``key``, one of those of the quote alone."""
        figure, held = _figure(key), self._held.setdefault(key, {})
        assert figure is not None
        values: list[float | None] = []
        for symbol in symbols:
            quote = quotes.get(symbol)
            if quote is None:
                values.append(None)
                continue
            known = held.get(symbol)
            if known is None or known[0] is not quote:
                known = held[symbol] = quote, figure(quote)
            values.append(known[1])
        return values

    def look_at(self, symbols: Iterable[Symbol], keys: Iterable[str], quotes: Quotes) -> None:
        """Work out the figures of ``symbols`` in columns ``keys``, and forget those in any other column."""
        self._held = {key: self._held.get(key, {}) for key in keys if _figure(key) is not None}
        news = tuple(symbols)
        for key in self._held:
            self.of(key, news, quotes)


def _figure(key: str) -> Callable[[Quote], float | None] | None:
    """What reads the figure of column ``key`` from a quote; ``None`` where it is not of the quote alone."""
    column = BY_KEY.get(key)
    return None if column is None else column.figure


def ordered(
    stocks: Sequence[Stock], key: str, reverse: bool, context: FilterContext, figures: Figures | None = None
) -> list[Stock]:
    """``stocks`` by column ``key`` (the file's order if it is empty), stable, with what is missing at the end.

    ``figures`` remembers what was worked out of a quote.
    """
    if not key:
        return list(reversed(stocks)) if reverse else list(stocks)
    column, quotes = BY_KEY[key], context.quotes
    values: Sequence[SortValue | None]
    if figures is not None and column.figure is not None:
        values = figures.of(key, [stock.symbol for stock in stocks], quotes)
    else:
        values = [column.value_of(stock, quotes.get(stock.symbol), context) for stock in stocks]
    rows = [row for row, value in enumerate(values) if value is not None]
    value_at = cast("Callable[[int], Any]", values.__getitem__)
    rows.sort(key=value_at, reverse=reverse)
    if len(rows) < len(stocks):
        rows += [row for row, value in enumerate(values) if value is None]
    return [stocks[row] for row in rows]


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


class Pending:
    """What new quotes leave to be done with the rows of a board at later ticks of a second, one thing a tick."""

    def __init__(self) -> None:
        self.changed: set[Symbol] = set()
        """The stocks that have changed since `take`."""
        self._is_unsorted = self._is_unwidened = False
        self._minute = -1

    def waits(self, paused: bool) -> bool:
        """Whether anything is to be done before the next full second: on a board that is ``paused``, only to look at
        what has changed."""
        return bool(self.changed) or ((self._is_unsorted or self._is_unwidened) and not paused)

    def take(self, now: datetime, *, is_sorted: bool) -> set[Symbol]:
        """The stocks that have changed. Their columns may have to be wider, and so they may in another minute, in which
        a session has ended; where the order ``is_sorted`` by figures, the rows are to be sorted."""
        changed, self.changed = self.changed, set()
        minute, self._minute = self._minute, int(now.timestamp() // 60)
        self._is_unwidened |= bool(changed) or minute != self._minute
        self._is_unsorted |= bool(changed) and is_sorted
        return changed

    def is_to_sort(self, in_second: int) -> bool:
        """Whether rows are to be sorted at this tick ``in_second``; asked once."""
        is_due = self._is_unsorted and in_second == _SORTS
        self._is_unsorted &= not is_due
        return is_due

    def is_to_widen(self, in_second: int) -> bool:
        """Whether columns are to be widened at this tick ``in_second``; asked once."""
        is_due = self._is_unwidened and in_second == _WIDENS
        self._is_unwidened &= not is_due
        return is_due


class RowSource:
    """What the rows are made of: the quotes of ``market``, or of the moment it was paused, and the language of the
    ``names``, ``english`` or ``chinese``."""

    def __init__(self, market: MarketState) -> None:
        self.names = "english"
        self._market = market
        self._seen = market

    def pause(self, paused: bool) -> None:
        """Keep the quotes of this moment, or give the present ones again."""
        self._seen = self._market.frozen() if paused else self._market

    @property
    def quotes(self) -> Quotes:
        """The quotes that are shown."""
        return self._seen.quotes

    def name(self, stock: Stock) -> str:
        """What ``stock`` is called before any source has named it."""
        return shown_name(stock, self.names)

    def context(self) -> FilterContext:
        """What rows are filtered and sorted with now."""
        seen = self._seen
        return FilterContext(seen.quotes, seen.prices, seen.clock(), self.names, seen.history.get, seen.extended)

    def is_outside(self, stocks: Iterable[Stock]) -> bool:
        """Whether any of ``stocks`` has a price outside its session now."""
        quotes, extended = self._seen.quotes, self._seen.extended
        priced = (stock.symbol for stock in stocks if (quote := quotes.get(stock.symbol)) and quote.extended)
        return any(extended(symbol) is not None for symbol in priced)

    def view(self, stock: Stock, *, alerted: bool) -> RowView:
        """The row of ``stock`` as it is now."""
        symbol, seen = stock.symbol, self._seen
        quote = seen.quotes.get(symbol)
        name, differs = shown_name(stock, self.names, quote), symbol in seen.disagreements
        status, prices = seen.status(symbol), seen.prices(symbol)
        return RowView(
            stock,
            name,
            quote,
            status,
            prices,
            seen.clock(),
            differs,
            alerted=alerted,
            history=seen.history.get(symbol),
            extended=seen.extended(symbol),
        )


class Rows:
    """The rows of the board: ``stocks`` as given, ``shown`` as filtered and sorted, and the cursor's symbol."""

    def __init__(self) -> None:
        self.stocks: tuple[Stock, ...] = ()
        self.shown: list[Stock] = []
        self.current: Symbol | None = None
        self._place: int | None = None
        """The row of the cursor's symbol."""
        self._figures = Figures()

    def look_at(self, symbols: Iterable[Symbol], order: Order, quotes: Quotes) -> None:
        """Work out what new quotes of ``symbols`` will be sorted by."""
        self._figures.look_at(symbols, (key for key, _ in order), quotes)

    def hold(self, stocks: Sequence[Stock]) -> None:
        """Keep ``stocks``, the first of each symbol; `arrange` shows them. A cursor whose symbol is gone
        keeps its row if most of the list is still there, and begins anew in another list."""
        first: dict[Symbol, Stock] = {}
        for stock in stocks:
            first.setdefault(stock.symbol, stock)
        if self.current not in first and 2 * sum(stock.symbol in first for stock in self.stocks) <= len(self.stocks):
            self.current = None
        self.stocks = tuple(first.values())

    def arrange(self, passes: Passes | None, order: Order, context: FilterContext) -> None:
        """Filter and sort anew. The cursor stays on its symbol, or on its row where the symbol is gone."""
        place = self.cursor
        passing = self.stocks if passes is None else list(filter(passes, self.stocks))
        self.shown = in_order(passing, order, context, self._figures)
        self._place = None if self.current is None else self.row_of(self.current)
        if self._place is None:
            self._place = min(place, len(self.shown) - 1) if self.shown else None
            self.current = None if self._place is None else self.shown[self._place].symbol

    def why_empty(self, filter_text: str, hint: str = "", filter_hint: str = "") -> str:
        """The words that stand in place of rows, with a ``hint`` in a list without any and a ``filter_hint`` where the
        filter hides them all; none where there are rows."""
        if self.shown:
            return ""
        return f"No stock matches “{filter_text}”{filter_hint}" if self.stocks else f"No stock in this list{hint}"

    @property
    def cursor(self) -> int:
        """The cursor's row, 0 in an empty list."""
        return 0 if self.current is None else self._place or 0

    def row_of(self, symbol: Symbol) -> int | None:
        """The row of ``symbol``; ``None`` if it is not shown. A look along the rows costs a tenth of an index of them,
        which every sorting would have to make anew."""
        try:
            return [stock.symbol for stock in self.shown].index(symbol)
        except ValueError:
            return None

    def move_to(self, row: int) -> bool:
        """Put the cursor on ``row``, or the nearest there is; returns whether it moved."""
        if not self.shown:
            return False
        self._place = min(max(0, row), len(self.shown) - 1)
        symbol = self.shown[self._place].symbol
        moved_away = symbol != self.current
        self.current = symbol
        return moved_away
