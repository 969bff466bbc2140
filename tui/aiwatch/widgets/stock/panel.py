"""The panel of the selected stock: one view of it at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from aiwatch.market.state import Desk
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.linked_rows import Row
from aiwatch.widgets.stock.detail import StockDetail


class StockPanel(Vertical):
    """Shows a stock's figures. A further view is a widget beside them: `front` gives the one that is shown."""

    figures = getters.query_one("#stock", StockDetail)

    def __init__(self, market: Desk, currency: str, *, id: str | None = None, classes: str = "") -> None:
        """``currency`` is what a position is also said in; empty for its own currency alone."""
        super().__init__(id=id, classes=classes)
        self._market = market
        self._currency = currency
        self.stock: Stock | None = None
        """The stock shown."""

    def compose(self) -> ComposeResult:
        yield StockDetail(self._market, currency=self._currency, id="stock")

    @property
    def front(self) -> Widget:
        """What takes the keys: the view shown."""
        return self.figures

    @property
    def symbol(self) -> Symbol | None:
        """The symbol of the stock shown."""
        return self.stock.symbol if self.stock is not None else None

    def show(self, stock: Stock, touches: Sequence[Row]) -> None:
        """Show ``stock`` with rows about the records of the ledger that touch it."""
        self.stock = stock
        self.figures.show(stock, touches)

    def show_rules(self, rule_rows: Callable[[Stock, int], Sequence[Content]]) -> None:
        """Take what ``rule_rows`` gives, for a stock and a width in cells, as the rows about its alerts."""
        self.figures.rule_rows = rule_rows
        self.redraw()

    def redraw(self) -> None:
        """Show the stock as it is now."""
        self.figures.redraw()

    def colour(self, convention: str) -> None:
        """Colour gains and losses by ``convention``."""
        self.figures.convention = convention

    def step_back(self) -> bool:
        """Nothing here is left before the panel itself is."""
        return False

    @property
    def plain(self) -> str:
        """The text of the view."""
        return self.figures.plain
