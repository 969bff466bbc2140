"""The panel of the selected stock: its figures, or its chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from aiwatch.formatting.widths import UNBOUNDED
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.linked_rows import Row
from aiwatch.widgets.stock.detail import StockDetail

if TYPE_CHECKING:
    from aiwatch.widgets.chart.chart import Chart


_FRAME = 2
_USUAL_LINES = 12
"""Lines of a text that has not been laid out yet."""


class ChartRequest(Message):
    """Something is wanted of the chart: that it is shown or left, or bars of another range, or a comparison."""

    def __init__(self, *, needs_bars: bool = False, compares: bool = False) -> None:
        super().__init__()
        self.needs_bars = needs_bars
        self.compares = compares


class StockPanel(Vertical):
    """Shows a stock's figures, or in their place a chart that it is given: `front` is the one that is shown."""

    figures = getters.query_one("#stock", StockDetail)

    def __init__(self, market: MarketState, currency: str, *, id: str | None = None, classes: str = "") -> None:
        """``currency`` is what a position is also said in; empty for its own currency alone."""
        super().__init__(id=id, classes=classes)
        self._market = market
        self._currency = currency
        self.stock: Stock | None = None
        """The stock shown."""
        self.chart: Chart | None = None
        """The chart, while it is shown in place of the figures."""

    def compose(self) -> ComposeResult:
        yield StockDetail(self._market, currency=self._currency, id="stock")

    @property
    def rows_needed(self) -> int:
        """The rows of a panel that shows all of the text; a chart fills what it is given."""
        return UNBOUNDED if self.chart is not None else _FRAME + (self.figures.line_count or _USUAL_LINES)

    @property
    def front(self) -> Widget:
        """What takes the keys: the view shown."""
        return self.figures if self.chart is None else self.chart

    def show_chart(self, chart: Chart) -> None:
        """Show ``chart`` in place of the figures."""
        self.chart = chart
        self.figures.display = False
        self.mount(chart)

    def hide_chart(self) -> None:
        """Show the figures again."""
        chart, self.chart = self.chart, None
        self.figures.display = True
        if chart is not None:
            chart.remove()

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
        if self.chart is not None:
            self.chart.colours = convention

    def step_back(self) -> bool:
        """Leave the chart before the panel itself is."""
        if self.chart is None:
            return False
        self.post_message(ChartRequest())
        return True

    def on_chart_range_changed(self, event: Chart.RangeChanged) -> None:
        """Ask for what the chart has not: minutes are of now, days may not reach so far."""
        event.stop()
        if not event.is_covered or event.interval != "day":
            self.post_message(ChartRequest(needs_bars=True))

    def on_chart_compare_requested(self, event: Chart.CompareRequested) -> None:
        """Ask for what the stock is compared with."""
        event.stop()
        self.post_message(ChartRequest(compares=True))

    @property
    def plain(self) -> str:
        """The text of the view."""
        return self.figures.plain
