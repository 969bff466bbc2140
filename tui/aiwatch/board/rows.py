"""Which stocks the quote board shows, in which order, and which of them the cursor is on. Pure.

An order is of up to three columns, each rising or falling. What was worked out of quotes for sorting is kept until
others come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from aiwatch.board.cells import FilterContext, Quotes, RowView, shown_name
from aiwatch.board.column import Column, SortValue
from aiwatch.board.columns import BY_KEY
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

_SORTS, _WIDENS = 5, 7
"""The tick of a second at which rows are sorted, and from which on columns are widened; at the first, ages move on."""
WIDENED_AT_ONCE = 700
"""Stocks looked at in one tick for whether their columns have to be wider, so that none takes long."""

Passes = Callable[[Stock], bool]
"""Whether a row is to be shown."""


Order = tuple[tuple[str, bool], ...]
"""Columns to sort by, the one that counts most first, each with whether the largest come first. An empty key is the
file's order."""
MOST_KEYS = 3
"""Columns a list may be sorted by at once."""


class Figures:
    """The figures that ``stocks`` are sorted by, in the columns that are of a quote alone.

    Each stands at its stock's row and is worked out when a quote comes. So sorting thousands of rows touches neither
    their quotes nor their symbols, which would hold the event loop for longer than a frame.
    """

    def __init__(self, stocks: Sequence[Stock] = ()) -> None:
        self._stocks = stocks
        self.rows = {stock.symbol: row for row, stock in enumerate(stocks)}
        """The row of each symbol in ``stocks``."""
        self._quotes: Quotes = {}
        """What the figures are of."""
        self._held: dict[str, list[float | None]] = {}

    def of(self, key: str, context: FilterContext) -> list[float | None] | None:
        """The figures of all stocks in column ``key``; ``None`` where they are not of the quote alone. For as long as
        they are of the same ``quotes``, they are those of the last time or of the last `note`."""
        figure, quotes = BY_KEY[key].figure, context.quotes
        if figure is None:
            return None
        if quotes is not self._quotes:
            self._quotes = quotes
            self._held.clear()
        values = self._held.get(key)
        if values is None:
            priced = (quotes.get(stock.symbol) for stock in self._stocks)
            values = self._held[key] = [None if quote is None else figure(quote) for quote in priced]
        return values

    def note(self, symbols: Iterable[Symbol], quotes: Quotes) -> None:
        """Work out the figures of ``symbols`` anew: their quotes in ``quotes`` are others than before."""
        if quotes is not self._quotes:
            return
        for key, values in self._held.items():
            figure = BY_KEY[key].figure
            assert figure is not None
            for symbol in symbols:
                row = self.rows.get(symbol)
                if row is not None:
                    quote = quotes.get(symbol)
                    values[row] = None if quote is None else figure(quote)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget the figures of all other columns than ``keys``."""
        for key in self._held.keys() - set(keys):
            del self._held[key]


def in_order(stocks: Sequence[Stock], order: Order, context: FilterContext) -> list[Stock]:
    """``stocks`` by each column of ``order``: those of which the first says nothing stand by the second, and so on.

    The sort is stable, what is missing stands at the end, and an empty key is the file's order.
    """
    rows = _rows_in_order(stocks, range(len(stocks)), order, context, Figures(stocks))
    return [stocks[row] for row in rows]


def _rows_in_order(
    stocks: Sequence[Stock], rows: Iterable[int], order: Order, context: FilterContext, figures: Figures
) -> list[int]:
    """`in_order` of ``rows`` of ``stocks``; ``figures`` remembers what was worked out of their quotes."""
    listed = list(rows)
    for key, reverse in reversed(order):
        if not key:
            listed = listed[::-1] if reverse else listed
            continue
        values = figures.of(key, context) or _values(stocks, listed, BY_KEY[key], context)
        with_value = [row for row in listed if values[row] is not None]
        without_value = [row for row in listed if values[row] is None] if len(with_value) < len(listed) else []
        with_value.sort(key=cast("Callable[[int], Any]", values.__getitem__), reverse=reverse)
        listed = with_value + without_value
    return listed


def _values(
    stocks: Sequence[Stock], rows: Iterable[int], column: Column, context: FilterContext
) -> dict[int, SortValue | None]:
    """What ``rows`` of ``stocks`` are sorted by in ``column``, by row."""
    listed, quotes = ((row, stocks[row]) for row in rows), context.quotes
    return {row: column.value_of(stock, quotes.get(stock.symbol), context) for row, stock in listed}


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
        self._is_unsorted = False
        self.unwidened: set[Symbol] = set()
        """The stocks of the list for which the columns may have to be wider."""
        self._minute = -1

    def waits(self, paused: bool) -> bool:
        """Whether anything is to be done before the next full second: on a board that is ``paused``, only to look at
        what has changed."""
        return bool(self.changed) or ((self._is_unsorted or bool(self.unwidened)) and not paused)

    def take(self, now: datetime, listed: Collection[Symbol], *, is_sorted: bool) -> set[Symbol]:
        """The stocks that have changed. Columns may have to be wider for those of them that are ``listed``, and for all
        of these in another minute, in which a session has ended; where the order ``is_sorted`` by figures, the rows are
        to be sorted."""
        changed, self.changed = self.changed, set()
        minute, self._minute = self._minute, int(now.timestamp() // 60)
        self.unwidened.update(listed if minute != self._minute else filter(listed.__contains__, changed))
        self._is_unsorted |= bool(changed) and is_sorted
        return changed

    def is_to_sort(self, in_second: int) -> bool:
        """Whether rows are to be sorted at this tick ``in_second``; asked once."""
        is_due = self._is_unsorted and in_second == _SORTS
        self._is_unsorted &= not is_due
        return is_due

    def to_widen(self, in_second: int) -> list[Symbol]:
        """The stocks that columns are to be widened for at this tick ``in_second``; of many, some at each tick."""
        count = min(WIDENED_AT_ONCE, len(self.unwidened)) if in_second >= _WIDENS else 0
        return [self.unwidened.pop() for _ in range(count)]


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

    def is_outside(self, symbols: Iterable[Symbol]) -> bool:
        """Whether any of ``symbols`` has a price outside its session now."""
        quotes, extended = self._seen.quotes, self._seen.extended
        priced = (symbol for symbol in symbols if (quote := quotes.get(symbol)) and quote.extended)
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
        self._listed: list[int] = []
        """Which of ``stocks`` each row shows."""
        self._next: list[int] | None = None
        """Which each is to show next."""
        self._figures = Figures()

    @property
    def symbols(self) -> Collection[Symbol]:
        """The symbols of ``stocks``."""
        return self._figures.rows.keys()

    def note(self, symbols: Iterable[Symbol], quotes: Quotes) -> None:
        """Work out what new quotes of ``symbols`` in ``quotes`` will be sorted by."""
        self._figures.note(symbols, quotes)

    def hold(self, stocks: Sequence[Stock]) -> None:
        """Keep ``stocks``, the first of each symbol; `arrange` shows them. A cursor whose symbol is gone
        keeps its row if most of the list is still there, and begins anew in another list."""
        first: dict[Symbol, Stock] = {}
        for stock in stocks:
            first.setdefault(stock.symbol, stock)
        if self.current not in first and 2 * sum(stock.symbol in first for stock in self.stocks) <= len(self.stocks):
            self.current = None
        self.stocks, self._next = tuple(first.values()), None
        self._figures = Figures(self.stocks)

    def arrange(self, passes: Passes | None, order: Order, context: FilterContext) -> None:
        """Filter and sort anew, and show it."""
        self.prepare(passes, order, context)
        self.show_next()

    def prepare(self, passes: Passes | None, order: Order, context: FilterContext) -> None:
        """Filter and sort anew for the next `show_next`."""
        stocks = self.stocks
        passing = range(len(stocks)) if passes is None else [row for row, stock in enumerate(stocks) if passes(stock)]
        self._figures.keep_only(key for key, _ in order)
        self._next = _rows_in_order(stocks, passing, order, context, self._figures)

    def coming(self, first: int, room: int) -> list[Stock]:
        """The stocks of the ``room`` rows from ``first`` on in what is prepared; where the cursor's symbol is not among
        them, of as many as end or begin with it."""
        listed = self._next or []
        place = self._place_in(listed, self.current)
        if place is not None:
            first = min(max(first, place - room + 1), place)
        return [self.stocks[row] for row in listed[first : first + room]]

    def show_next(self) -> bool:
        """Show what was prepared; returns whether anything was, and still is of these stocks. The cursor stays on its
        symbol, or on its row where the symbol is gone."""
        if self._next is None:
            return False
        place = self.cursor
        self._listed, self._next = self._next, None
        self.shown = list(map(self.stocks.__getitem__, self._listed))
        self._place = self._place_in(self._listed, self.current)
        if self._place is None:
            self._place = min(place, len(self.shown) - 1) if self.shown else None
            self.current = None if self._place is None else self.shown[self._place].symbol
        return True

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
        """The row of ``symbol``; ``None`` if it is not shown."""
        return self._place_in(self._listed, symbol)

    def _place_in(self, listed: list[int], symbol: Symbol | None) -> int | None:
        """The place of ``symbol`` among ``listed`` rows of the stocks; ``None`` if it is not there."""
        try:
            return None if symbol is None else listed.index(self._figures.rows[symbol])
        except (KeyError, ValueError):
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
