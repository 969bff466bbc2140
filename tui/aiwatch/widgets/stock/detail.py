"""The selected stock: who it is, every figure of its quote, and the records that touch it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.widgets import Static

from aiwatch.market.quote import Quote
from aiwatch.market.state import MarketState
from aiwatch.watchlist import Stock
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.linked_rows import LinkedRows, Row
from aiwatch.widgets.stock.fields import brief, grid, place, quote_fields, status_line


class StockDetail(LinkedRows):
    """One stock in full. The screen tells it which, and when its quote changed."""

    DEFAULT_CSS = "StockDetail { padding: 0 1; }"

    def __init__(self, market: MarketState, *, currency: str = "", id: str | None = None) -> None:
        """``currency`` is what a position is said in too; empty for its own currency alone."""
        super().__init__(id=id)
        self._market = market
        self._stock: Stock | None = None
        self._why_nothing = "No stock selected"
        self._touches: tuple[Row, ...] = ()
        self._currency = currency
        self.rule_rows: Callable[[Stock, int], Sequence[Content]] = lambda stock, width: ()
        """Gives the rows, of so many cells, about the alerts of a stock."""
        self.is_ledger_alone = False
        """Whether only the records that touch it are shown, without its figures."""

    def show(self, stock: Stock | None, touches: Sequence[Row] = ()) -> None:
        """Show ``stock`` with rows about the records of the ledger that touch it."""
        changed = stock != self._stock
        self._stock, self._touches = stock, tuple(touches)
        if changed:
            self.start_over()
        else:
            self.redraw()

    def show_nothing(self, why: str) -> None:
        """Say ``why`` no stock is shown."""
        self._why_nothing = why
        self.show(None)

    def show_ledger_alone(self, alone: bool) -> None:
        """Show only the records that touch the stock, or its figures before them, from the top."""
        if alone != self.is_ledger_alone:
            self.is_ledger_alone = alone
            self.start_over()

    def rows(self, width: int) -> Sequence[Row]:
        """The stock as the market knows it now, its figures side by side in ``width`` cells."""
        stock = self._stock
        if stock is None:
            return (Row(Content.styled(self._why_nothing, "$quiet")),)
        if self.is_ledger_alone:
            nothing = f"Nothing in the ledger names {stock.name or stock.symbol.text} or touches its sector"
            return self._touches or (Row(Content.styled(nothing, "$quiet")),)
        quote = self._market.quotes.get(stock.symbol)
        rows = [Row(Content.assemble(place(stock.symbol, quote), (f" · {stock.role}" if stock.role else "", "$quiet")))]
        rows.extend(Row(part) for part in (*self._position(stock, quote, width), *self.rule_rows(stock, width)))
        if quote is not None:
            from aiwatch.widgets.stock.order_book import depth_rows

            extended = self._market.extended(stock.symbol)
            figures = grid(quote_fields(quote, self.convention, extended, self._market.status(stock.symbol)), width)
            rows.extend(Row(part) for part in (*figures.split("\n"), *depth_rows(quote)))
        rows.append(Row(status_line(self._market, stock, self._market.clock())))
        return (*rows, *self._touches)

    def _position(self, stock: Stock, quote: Quote | None, width: int) -> Sequence[Content]:
        """The rows of the position; none without one."""
        if not stock.quantity:
            return ()
        from aiwatch.watchlist.positions import position_of
        from aiwatch.widgets.stock.positions import position_rows, unpriced_row

        position = position_of(stock, quote)
        if position is None or quote is None:
            return (unpriced_row(stock),)
        return position_rows(position, quote, self._market.quotes, self._currency, self.convention, width)


BRIEF_ROWS = 2
"""Rows of a stock in brief."""


class StockBrief(Static):
    """The selected stock in two rows, for a narrow screen."""

    DEFAULT_CSS = """
    StockBrief { height: 2; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    StockBrief.-empty { height: 0; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Stock, MarketState, str] | None = None

    def on_mount(self) -> None:
        """The age of the quote moves on by itself."""
        every_second(self, self._draw)

    def on_resize(self) -> None:
        """Say as much as fits."""
        self._draw()

    def show(self, stock: Stock | None, market: MarketState, convention: str) -> None:
        """Show ``stock`` as the market knows it now."""
        self._shown = None if stock is None else (stock, market, convention)
        self.set_class(stock is None, "-empty")
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width
        if self._shown is None:
            self.update("", layout=False)
        elif width:
            stock, market, convention = self._shown
            self.update(brief(stock, market, convention, market.clock(), width), layout=False)
