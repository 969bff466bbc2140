"""Which stocks the quote board shows, in which order, and which of them the cursor is on. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aiwatch.board.cells import FilterContext, Quotes, RowView, shown_name
from aiwatch.board.order import Figures, Order, in_order
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

Passes = Callable[[Stock], bool]
"""Whether a row is to be shown."""


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
        self._index: dict[Symbol, int] = {}
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
        self._index = {stock.symbol: row for row, stock in enumerate(self.shown)}
        if self.current not in self._index:
            self.current = self.shown[min(place, len(self.shown) - 1)].symbol if self.shown else None

    def why_empty(self, filter_text: str, hint: str = "") -> str:
        """The words that stand in place of rows, with a ``hint`` in a list without any; none where there are rows."""
        if self.shown:
            return ""
        return f"No stock matches “{filter_text}”" if self.stocks else f"No stock in this list{hint}"

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
