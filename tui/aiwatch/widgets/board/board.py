"""The quote board: the stocks of a list and what each is doing now.

A widget on Textual's Line API. A row's strip is kept until its quote changes, `Board.mark` only notes what
changed, and a tick ten times a second repaints the noted rows that are on screen, so that the cost follows the
rows one can see and not the rows one follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events, on
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from aiwatch.board.cells import Extent, RowView
from aiwatch.board.columns import Layout, lay_out, measured, widened
from aiwatch.board.rows import shown_name
from aiwatch.formatting.tone import is_red_up
from aiwatch.market.state import Desk
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.beat import every_tick
from aiwatch.widgets.board import painter as board_look
from aiwatch.widgets.board.cursor import HEADER
from aiwatch.widgets.board.order import BoardOrder
from aiwatch.widgets.board.painter import Painter

if TYPE_CHECKING:
    from aiwatch.board.filter.fields import Sight


_SORTS, _WIDENS = 5, 7
"""The ticks of a second at which rows are sorted and columns widened; at the first one, ages move on."""


class Board(BoardOrder):
    """A table of stocks; give it quotes with ``desk.take`` and then `mark`.

    Its parts are named for a market where green means up: a rise in a red-up row wears ``down``.
    The theme gives the variables ``up``, ``down``, ``flat``, ``stale``, ``closed``, ``limit``, ``flash-up`` and
    ``flash-down``.
    """

    DEFAULT_CSS = board_look.DEFAULT_CSS

    names = reactive("english", init=False)
    """The language of the names, ``english`` or ``chinese``; a stock without a Chinese name keeps its English one."""
    colours = reactive("auto", init=False)
    """Which colour a rise has: ``red-up``, ``green-up``, or ``auto`` for red in mainland China alone."""
    paused = reactive(False, init=False)
    """Whether the board keeps the quotes and the order of the moment it was paused; ages go on."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.desk = desk
        self._seen = desk
        """The desk whose quotes are shown: a copy of its state while paused."""
        self._painter = Painter(self._look)
        self._looks: dict[tuple[str, str], Style] = {}
        self._marked: set[Symbol] = set()
        self._unsorted = False
        self._ticks = 0
        self.alerted: frozenset[Symbol] = frozenset()
        """The stocks one of whose alerts fired this session."""
        self.picked: frozenset[Symbol] = frozenset()
        """The stocks that a person marked, to do something with them together."""
        self._extent = Extent()

    # What the screen calls

    def show(self, stocks: Sequence[Stock]) -> None:
        """Show ``stocks``; the cursor stays on its symbol if it is among them, and the view where it was."""
        self._rows.hold(stocks)
        self.picked &= {stock.symbol for stock in self._rows.stocks}
        self._measure()
        self._arrange(announce=False)
        self._announce()

    def mark(self, symbols: Iterable[Symbol]) -> None:
        """Note that the desk holds something new of ``symbols``; the next tick repaints those on screen."""
        news = tuple(symbols)
        self._marked.update(news)
        if self._moves and not self.paused:
            self._rows.look_at(news, self.order, self._seen.quotes)

    def show_alerted(self, symbols: frozenset[Symbol]) -> None:
        """Mark the rows of ``symbols``, and no others, as those whose alerts fired."""
        for symbol in self.alerted ^ symbols:
            self._painter.drop(symbol)
            self._marked.add(symbol)
        self.alerted = symbols

    def pick(self, symbols: frozenset[Symbol]) -> None:
        """Mark the rows of ``symbols``, and no others, as those to do something with."""
        self.picked = symbols & {stock.symbol for stock in self._rows.stocks}
        self.refresh()

    @property
    def columns_shown(self) -> tuple[str, ...]:
        """The keys of the columns that fit the width, left to right."""
        return self.fitting(self.columns)

    @property
    def rows_painted(self) -> int:
        """How many rows were painted anew since the start; a row taken from the cache does not count."""
        return self._painter.painted

    def fitting(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Those of ``columns`` (the usual ones, if empty) that this width would have room for."""
        return tuple(placed.key for placed in lay_out(self.size.width, self._extent, columns).columns)

    # The tick

    @on(events.Mount)
    def begin_ticking(self) -> None:
        """Tick ten times a second from now on."""
        every_tick(self, self.tick)

    def tick(self, in_second: int) -> None:
        """Repaint the rows on screen whose quote changed, whose flash ended or, at the first tick ``in_second``, whose
        age did; sort, and make room for what is not on screen, once a second, at ticks of their own.

        A flash ends with the next paint there is, so that its end mostly costs none.
        """
        self._ticks += 1
        look_at_ages = in_second == 0
        changed, self._marked = self._marked, set()
        self._unsorted = self._unsorted or bool(changed)
        flashes = self._painter.flashes
        if changed or look_at_ages or flashes.are_overdue(self._ticks):
            for symbol in flashes.expire(self._ticks):
                self._painter.drop(symbol)
                changed.add(symbol)
        if in_second == _SORTS and self._unsorted and not self.paused:
            self._unsorted = False
            if self._moves:
                self._arrange()
        if in_second == _WIDENS and not self.paused:
            self._widen(self._rows.stocks)
        self._painter.second += look_at_ages
        if self.size and (changed or look_at_ages):
            self._repaint(None if look_at_ages else changed)

    def _repaint(self, changed: set[Symbol] | None) -> None:
        """Paint the rows on screen among ``changed`` (all, if ``None``) that are not what they were."""
        first = self.scroll_offset.y
        window = self._rows.shown[first : first + self.size.height - HEADER]
        stocks = [
            (line, stock) for line, stock in enumerate(window, HEADER) if changed is None or stock.symbol in changed
        ]
        if self._widen([stock for _, stock in stocks]):
            return
        self._laid_out()
        painted = []
        for line, stock in stocks:
            before = self._painter.painted
            if self._kept(stock.symbol) is None:
                self._paint(stock, self._ticks)
            if self._painter.painted > before:
                painted.append(Region(0, line, self.size.width, 1))
        if painted:
            self.refresh(*painted)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """The titles, a row, or the words that stand in an empty list."""
        self._laid_out()
        if y < HEADER:
            return self._painter.header(self.order)
        row = y - HEADER + self.scroll_offset.y
        if row >= len(self._rows.shown):
            return self._painter.notice(self._rows.why_empty(self.filter_text) if y == HEADER else "")
        stock = self._rows.shown[row]
        return self._kept(stock.symbol) or self._paint(stock)

    def _kept(self, symbol: Symbol) -> Strip | None:
        return self._painter.kept(symbol, self._seen.quotes.get(symbol), self._ground(symbol))

    def _paint(self, stock: Stock, tick: int | None = None) -> Strip:
        red_up, ground = is_red_up(stock.symbol, self.colours), self._ground(stock.symbol)
        return self._painter.row(self._view(stock), red_up, ground, tick)

    def _ground(self, symbol: Symbol) -> str:
        current, picked = symbol == self.current, symbol in self.picked
        return board_look.ground_of(current=current, focused=self.has_focus, picked=picked)

    def notify_style_update(self) -> None:
        """Forget the styles and all that was painted in them."""
        self._looks.clear()
        self._painter.forget()
        super().notify_style_update()

    def _view(self, stock: Stock) -> RowView:
        symbol, desk = stock.symbol, self._seen
        differs = symbol in desk.disagreements
        standing, prices = desk.standing(symbol), desk.prices(symbol)
        quote, alerted = desk.quotes.get(symbol), symbol in self.alerted
        name = shown_name(stock, self.names, quote)
        return RowView(stock, name, quote, standing, prices, desk.clock(), differs, alerted=alerted)

    def _look(self, part: str, ground: str) -> Style:
        look = self._looks.get((part, ground))
        if look is None:
            look = self._looks[part, ground] = board_look.look(self, part, ground)
        return look

    def _laid_out(self) -> Layout:
        layout = self._painter.layout
        if layout is None or layout.width != self.size.width:
            layout = self._painter.layout = lay_out(self.size.width, self._extent, self.columns)
            self._painter.forget()
        return layout

    def _measure(self) -> None:
        """Take the widths anew from the list."""
        stocks = self._rows.stocks
        self._extent = measured(stocks, [shown_name(stock, self.names) for stock in stocks])
        self._painter.layout = None
        self._widen(stocks)

    def _widen(self, stocks: Iterable[Stock]) -> bool:
        """Make room for the prices of ``stocks``; returns whether that moved the columns."""
        extent = widened(self._extent, (self._seen.quotes.get(stock.symbol) for stock in stocks))
        if extent is self._extent:
            return False
        self._extent = extent
        self._painter.layout = None
        self.refresh()
        return True

    def _sight(self) -> Sight:
        from aiwatch.board.filter.fields import Sight

        return Sight(self._seen.quotes, self._seen.prices, self._seen.clock())

    def _arrange(self, *, announce: bool = True) -> None:
        """Filter and sort anew; a cursor that was on screen stays on screen."""
        before, in_sight = self.current, self._in_sight(self._rows.cursor)
        seen = self._seen
        self._rows.arrange(self._passes(), self.order, self.names, seen.quotes, seen.prices)
        self.virtual_size = Size(1, len(self._rows.shown) + HEADER)
        if in_sight:
            self._scroll_to_cursor()
        self.refresh()
        if announce and self.current != before:
            self._announce()

    def press_title(self, x: int) -> None:
        """Sort by the column whose title is at cell ``x``."""
        key = self._laid_out().at(x)
        if key:
            self.sort_by(key)

    # State

    def watch_names(self) -> None:
        """Show the other names."""
        self._measure()
        self._arrange()

    def watch_colours(self) -> None:
        """Paint all rows anew."""
        self._painter.forget()
        self.refresh()

    def watch_columns(self) -> None:
        """Lay the columns out anew."""
        self._painter.layout = None
        self.refresh()

    def watch_paused(self, paused: bool) -> None:
        """Keep the quotes of this moment, or show the present ones again."""
        self._seen = self.desk.frozen() if paused else self.desk
        self._painter.forget()
        if not paused:
            self._measure()
            self._arrange()
        self.refresh()
