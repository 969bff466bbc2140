"""The selected stock: who it is, every figure of its quote, and the commitments that name it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from aiwatch.market.desk import Desk
from aiwatch.watchlist import Stock
from aiwatch.widgets.stock_fields import brief, grid, place, quote_fields, standing_line
from aiwatch.widgets.trim import trimmed

SCROLL_KEYS = (
    Binding("j", "scroll_down", "down", show=False),
    Binding("k", "scroll_up", "up", show=False),
    Binding("g", "scroll_home", "top", show=False),
    Binding("G", "scroll_end", "bottom", show=False),
)


class StockDetail(VerticalScroll):
    """One stock in full. The screen tells it which, and when its quote changed."""

    DEFAULT_CSS = """
    StockDetail { padding: 0 1; height: 1fr; scrollbar-size-vertical: 1; }
    StockDetail Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*SCROLL_KEYS]

    convention: reactive[str] = reactive("auto")

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._stock: Stock | None = None
        self._touches: tuple[Content, ...] = ()
        self._text = Static()

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, stock: Stock | None, touches: Sequence[Content] = ()) -> None:
        """Show ``stock`` with rows about the commitments that touch it."""
        if stock != self._stock:
            self.scroll_home(animate=False)
        self._stock, self._touches = stock, tuple(touches)
        self.redraw()

    def on_mount(self) -> None:
        """The age of the quote moves on by itself."""
        self.set_interval(1.0, self.redraw)

    def on_resize(self) -> None:
        """Lay the figures out for the new width."""
        self.redraw()

    def watch_convention(self) -> None:
        """Colour the change anew."""
        self.redraw()

    def redraw(self) -> None:
        """Draw the stock as the desk knows it now."""
        if self.is_mounted and self.size.width > 4:
            self._text.update(self._content(self.scrollable_content_region.width))

    def _content(self, width: int) -> Content:
        stock = self._stock
        if stock is None:
            return Content.styled("No stock selected", "$quiet")
        quote = self._desk.quotes.get(stock.symbol)
        parts = [Content.assemble(place(stock.symbol), (f" · {stock.role}" if stock.role else "", "$quiet"))]
        if quote is not None:
            parts.append(grid(quote_fields(quote, self.convention), width))
        parts.append(standing_line(self._desk, stock, self._desk.clock()))
        parts.extend(trimmed(touch, width) for touch in self._touches)
        return Content("\n").join(parts)


class StockBrief(Static):
    """The selected stock in two rows, for a narrow screen."""

    DEFAULT_CSS = """
    StockBrief { height: 2; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._told: tuple[Stock, Desk, str] | None = None

    def on_mount(self) -> None:
        """The age of the quote moves on by itself."""
        self.set_interval(1.0, self._draw)

    def on_resize(self) -> None:
        """Say as much as fits."""
        self._draw()

    def show(self, stock: Stock | None, desk: Desk, convention: str) -> None:
        """Show ``stock`` as the desk knows it now."""
        self._told = None if stock is None else (stock, desk, convention)
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width
        if self._told is None:
            self.update("")
        elif width:
            stock, desk, convention = self._told
            self.update(brief(stock, desk, convention, desk.clock(), width))
