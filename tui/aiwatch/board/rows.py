"""Which stocks the quote board shows, in which order, and which of them the cursor is on. Pure.

What was worked out of quotes for sorting, kept as long as the quote is the same. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from aiwatch.board.cells import NO_MOVE, moved, range_place
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.format import POSITION_COLUMN_KEYS

Figure = Callable[[Quote], float | None]
"""Works one figure out of a quote."""
Reader = Callable[[Symbol, Quote], float | None]
"""Gives the figure of a symbol's quote, from memory where it can."""


class Figures:
    """The figures of one board, by column and symbol.

    Worked out when a quote comes, they cost little at a time; sorting thousands of rows then touches no quote, which
    would hold the event loop for longer than a frame.
    """

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._figures = figures
        self._held: dict[str, dict[Symbol, tuple[Quote, float | None]]] = {}

    def reader(self, key: str) -> Reader | None:
        """The reader of column ``key``; ``None`` when its figures are not of the quote alone."""
        figure = self._figures.get(key)
        if figure is None:
            return None
        held = self._held.setdefault(key, {})

        def read(symbol: Symbol, quote: Quote) -> float | None:
            known = held.get(symbol)
            if known is not None and known[0] is quote:
                return known[1]
            value = figure(quote)
            held[symbol] = quote, value
            return value

        return read

    def look_at(self, symbols: Iterable[Symbol], keys: Iterable[str], quotes: Mapping[Symbol, Quote]) -> None:
        """Work out the figures of ``symbols`` in columns ``keys``, and forget those in any other column."""
        readers = {key: reader for key in keys if (reader := self.reader(key)) is not None}
        self._held = {key: self._held[key] for key in readers}
        for symbol in symbols if readers else ():
            quote = quotes.get(symbol)
            if quote is not None:
                for read in readers.values():
                    read(symbol, quote)


Quotes = Mapping[Symbol, Quote]
Value = float | str | None
"""What a row is sorted by; ``None`` stands last, whichever way the list is sorted."""
Prices = Callable[[Symbol], Sequence[float]]
"""Gives the day's ticks of a symbol, oldest first."""
Passes = Callable[[Stock], bool]
"""Whether a row is to be shown."""
Order = tuple[tuple[str, bool], ...]
"""Columns to sort by, the one that counts most first, each with whether the largest come first."""


def shown_name(stock: Stock, names: str, quote: Quote | None = None) -> str:
    """The name of ``stock`` in the language ``names`` (``english`` or ``chinese``), fit for one line.

    The source's, from its ``quote``, where nobody else has a name for it.
    """
    name = (stock.name_zh or stock.name) if names == "chinese" else stock.name
    if name == stock.symbol.text and not stock.is_named and quote is not None:
        name = quote.name or name
    return name if name.isprintable() else "".join(letter for letter in name if letter.isprintable())


def of_day(prices: Sequence[float]) -> float | None:
    """The move from the first of a day's ticks to the last, as a fraction of the first."""
    return prices[-1] / prices[0] - 1 if len(prices) > 1 else None


BY_QUOTE: dict[str, Callable[[Quote], float | None]] = {
    "last": lambda quote: quote.last,
    "change_percent": lambda quote: None if quote.trading in NO_MOVE else quote.change_percent,
    "change": lambda quote: moved(quote)[0],
    "volume": lambda quote: quote.volume or None,
    "turnover": lambda quote: quote.turnover or None,
    "turnover_rate": lambda quote: quote.turnover_rate or None,
    "volume_ratio": lambda quote: quote.volume_ratio or None,
    "range": range_place,
    "to_limit": lambda quote: None if moved(quote)[0] is None else quote.to_limit_percent,
    "age": lambda quote: -quote.as_of.timestamp(),
    "open": lambda quote: quote.open,
    "high": lambda quote: quote.high,
    "low": lambda quote: quote.low,
    "previous_close": lambda quote: quote.previous_close,
    "amplitude": lambda quote: quote.amplitude,
    "bid": lambda quote: quote.bid,
    "ask": lambda quote: quote.ask,
    "vwap": lambda quote: quote.vwap,
    "high_52w": lambda quote: quote.high_52w,
    "low_52w": lambda quote: quote.low_52w,
    "pe": lambda quote: quote.pe,
    "market_cap": lambda quote: quote.market_cap or None,
}
"""The figure behind a cell that is the quote's alone."""


def position_figure(key: str, stock: Stock, quote: Quote | None) -> float | None:
    """The figure of column ``key`` of the position in ``stock`` (see `aiwatch.watchlist.positions`)."""
    if key in ("quantity", "cost"):
        return stock.quantity or None if key == "quantity" else stock.cost
    if not stock.quantity:
        return None
    from aiwatch.watchlist.positions import position_of

    position = position_of(stock, quote)
    return None if position is None else getattr(position, key)


def sort_value(stock: Stock, key: str, names: str, quotes: Quotes, prices: Prices) -> Value:
    """What ``stock`` is sorted by in column ``key``: the number behind the cell, or a text to compare.

    ``day`` is the move from the first tick to the last; ``age`` is the youngest first.
    """
    if key == "symbol":
        return stock.symbol.text
    if key in ("role", "tags"):
        return (stock.role if key == "role" else ", ".join(stock.tags)).casefold() or None
    if key == "name":
        return shown_name(stock, names).casefold()
    if key in POSITION_COLUMN_KEYS:
        return position_figure(key, stock, quotes.get(stock.symbol))
    if key == "day":
        return of_day(prices(stock.symbol))
    quote = quotes.get(stock.symbol)
    return None if quote is None else BY_QUOTE[key](quote)


def ordered(
    stocks: Sequence[Stock],
    key: str,
    reverse: bool,
    names: str,
    quotes: Quotes,
    prices: Prices,
    figures: Figures | None = None,
) -> list[Stock]:
    """``stocks`` by column ``key`` (the file's order if it is empty), stable, with what is missing at the end.

    ``figures`` remembers what was worked out of a quote.
    """
    if not key:
        return list(reversed(stocks)) if reverse else list(stocks)
    read = figures.reader(key) if figures is not None else None
    present: list[tuple[Value, Stock]] = []
    missing: list[Stock] = []
    for stock in stocks:
        if read is None:
            value = sort_value(stock, key, names, quotes, prices)
        else:
            quote = quotes.get(stock.symbol)
            value = None if quote is None else read(stock.symbol, quote)
        if value is None:
            missing.append(stock)
        else:
            present.append((value, stock))
    present.sort(key=itemgetter(0), reverse=reverse)
    return [stock for _, stock in present] + missing


def in_order(
    stocks: Sequence[Stock],
    order: Order,
    names: str,
    quotes: Quotes,
    prices: Prices,
    figures: Figures | None = None,
) -> list[Stock]:
    """``stocks`` by each column of ``order``: those of which the first says nothing stand by the second, and so on."""
    listed = list(stocks)
    for key, reverse in reversed(order):
        listed = ordered(listed, key, reverse, names, quotes, prices, figures)
    return listed


class Rows:
    """The rows of the board: ``stocks`` as given, ``shown`` as filtered and sorted, and the cursor's symbol."""

    def __init__(self) -> None:
        self.stocks: tuple[Stock, ...] = ()
        self.shown: list[Stock] = []
        self.current: Symbol | None = None
        self._index: dict[Symbol, int] = {}
        self._figures = Figures(BY_QUOTE)

    def look_at(self, symbols: Iterable[Symbol], order: Order, quotes: Quotes) -> None:
        """Work out what new quotes of ``symbols`` will be sorted by."""
        self._figures.look_at(symbols, (key for key, _ in order), quotes)

    def hold(self, stocks: Sequence[Stock]) -> None:
        """Keep ``stocks``, the first of each symbol; `arrange` shows them. A cursor whose symbol is gone
        keeps its row if most of the list is still there, and begins anew in another list."""
        first: dict[Symbol, Stock] = {}
        for stock in stocks:
            first.setdefault(stock.symbol, stock)
        staying = sum(stock.symbol in first for stock in self.stocks)
        if self.current not in first and 2 * staying <= len(self.stocks):
            self.current = None
        self.stocks = tuple(first.values())

    def arrange(self, passes: Passes | None, order: Order, names: str, quotes: Quotes, prices: Prices) -> bool:
        """Filter and sort anew. The cursor stays on its symbol, or on its row where the symbol is gone.

        Returns whether any row changed its place.
        """
        place = self.cursor
        before = self.shown
        kept = self.stocks if passes is None else list(filter(passes, self.stocks))
        self.shown = in_order(kept, order, names, quotes, prices, self._figures)
        self._index = {stock.symbol: row for row, stock in enumerate(self.shown)}
        if self.current not in self._index:
            self.current = self.shown[min(place, len(self.shown) - 1)].symbol if self.shown else None
        return self.shown != before

    def why_empty(self, filter_text: str) -> str:
        """The words that stand in place of rows; none where there are rows."""
        if self.shown:
            return ""
        return f"No stock matches “{filter_text}”" if self.stocks else "No stock in this list"

    @property
    def cursor(self) -> int:
        """The cursor's row, 0 in an empty list."""
        return self._index.get(self.current, 0) if self.current is not None else 0

    def row_of(self, symbol: Symbol) -> int | None:
        """The row of ``symbol``; ``None`` if it is not shown."""
        return self._index.get(symbol)

    def move_to(self, row: int) -> bool:
        """Put the cursor on ``row``, or the nearest there is; returns whether it moved."""
        if not self.shown:
            return False
        symbol = self.shown[min(max(0, row), len(self.shown) - 1)].symbol
        moved_away = symbol != self.current
        self.current = symbol
        return moved_away
