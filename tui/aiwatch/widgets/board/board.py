"""The quote board: the stocks of a list and what each is doing now.

A widget on Textual's Line API. A row's strip is kept until its quote changes; `Board.invalidate` only notes what
changed, and ten times a second the noted rows that are on screen are repainted: the cost follows those alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from aiwatch.board.layout import LayoutCache
from aiwatch.board.query import Query, problem_of
from aiwatch.board.rows import Order, Pending, Rows, RowSource, pressed
from aiwatch.formatting.text import is_red_up
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.beat import every_tick, hurry, repaint
from aiwatch.widgets.board.cursor import HEADER, MOVES, BoardCursor
from aiwatch.widgets.board.painter import DEFAULT_CSS, LOOKS, Painter, ground_of
from aiwatch.widgets.looks import Looks
from aiwatch.widgets.row_keys import cursor_keys


class Board(ScrollView, can_focus=True, inherit_bindings=False):
    """A table of stocks; give its market quotes with ``apply`` and then `invalidate`.

    It has a query (order, filter, columns), rows, a cursor over them, and a painter. Its parts are named for a market
    where green means up: a rise in a red-up row wears ``down``. The theme gives the variables ``up``, ``down``,
    ``flat``, ``stale``, ``closed``, ``limit``, ``flash-up`` and ``flash-down``.
    """

    DEFAULT_CSS = DEFAULT_CSS
    BINDINGS: ClassVar[list[BindingType]] = [*cursor_keys(MOVES)]

    names = reactive("english", init=False)
    """The language of the names, ``english`` or ``chinese``; a stock without a Chinese name keeps its English one."""
    colours = reactive("auto", init=False)
    """Which colour a rise has: ``red-up``, ``green-up``, or ``auto`` for red in mainland China alone."""
    paused = reactive(False, init=False)
    """Whether the board keeps the quotes and the order of the moment it was paused; ages go on."""

    class Highlighted(Message):
        """The cursor came to a stock, by a key, the mouse or a new list; ``symbol`` is ``None`` where there is none."""

        def __init__(self, symbol: Symbol | None) -> None:
            super().__init__()
            self.symbol = symbol

    class Chosen(Message):
        """A stock was chosen: Enter, or a click on the cursor's row."""

        def __init__(self, symbol: Symbol) -> None:
            super().__init__()
            self.symbol = symbol

    def __init__(self, market: MarketState, *, one_scale: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.market = market
        self._source = RowSource(market)
        self._query = Query()
        self._rows = Rows()
        self._cursor = BoardCursor(self, self._rows)
        self._layouts = LayoutCache(one_scale=one_scale)  # whether the day's lines of all rows have one
        self._looks = Looks(self, LOOKS)
        self._painter = Painter(self._looks)
        self._pending = Pending()
        self.hints = ("", "")
        """The keys that help where a list is empty, and where the filter hides every row."""
        self.alerted: frozenset[Symbol] = frozenset()
        """The stocks one of whose alerts fired this session."""
        self.picked: frozenset[Symbol] = frozenset()
        """The stocks that a person picked, to do something with them together."""

    # What is shown

    @property
    def current(self) -> Symbol | None:
        """The symbol the cursor is on; ``None`` in an empty list."""
        return self._rows.current

    @property
    def shown(self) -> tuple[Stock, ...]:
        """The stocks shown, filtered and sorted, top to bottom."""
        return tuple(self._rows.shown)

    @property
    def columns_shown(self) -> tuple[str, ...]:
        """The keys of the columns that fit the width, left to right."""
        return self.fitting(self.columns)

    def fitting(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Those of ``columns`` (the usual ones, if empty) that this width would have room for."""
        return self._layouts.fitting(self.size.width, columns)

    def show(self, stocks: Sequence[Stock], *, anew: bool = True) -> None:
        """Show ``stocks``; the cursor stays on its symbol if it is among them, and the view where it was. Unless
        ``anew``, they are another state of those before, and no column gets narrower."""
        self._rows.hold(stocks)
        self.picked = frozenset(symbol for symbol in self.picked if symbol in self._rows.symbols)
        self._layouts.measure(self._rows.stocks, self._source.name, self._source.quotes, anew=anew)
        self._pending.unwidened.clear()
        self._layouts.show_outside(self._source.is_outside(self._rows.symbols))
        self._arrange(announce=False)
        self._announce()

    def invalidate(self, symbols: Iterable[Symbol], *, entirely: bool = False) -> None:
        """Note that the market has something new of ``symbols``; the next tick repaints those on screen. ``entirely``:
        it is no quote, so their rows are painted anew in any case."""
        news = tuple(symbols)
        self._pending.changed.update(news)
        for symbol in news if entirely else ():
            self._painter.drop(symbol)
        self._rows.note(news, self.market.quotes)
        if news and self.is_mounted:
            hurry(self)

    def show_alerted(self, symbols: frozenset[Symbol]) -> None:
        """Mark the rows of ``symbols``, and no others, as those whose alerts fired."""
        changed, self.alerted = self.alerted ^ symbols, symbols
        self.invalidate(changed, entirely=True)

    def pick(self, symbols: frozenset[Symbol]) -> None:
        """Pick the rows of ``symbols``, and no others, to do something with."""
        self.picked = frozenset(symbol for symbol in symbols if symbol in self._rows.symbols)
        self.refresh()

    def move_to(self, symbol: Symbol) -> None:
        """Put the cursor on ``symbol``; a symbol that is not shown is left alone."""
        row = self._rows.row_of(symbol)
        if row is not None:
            self._announce(self._cursor.move_to(row))

    # The query

    @property
    def order(self) -> Order:
        """What the rows are sorted by, the column that counts most first; nothing for the file's order."""
        return self._query.order

    @property
    def sort_key(self) -> str:
        """The column sorted by first; empty for the file's order."""
        return self._query.sort_key

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the columns wanted, in their order; empty for the usual ones. ``ValueError`` refuses others."""
        return self._query.columns

    @columns.setter
    def columns(self, columns: Sequence[str]) -> None:
        self._query.columns = tuple(columns)
        self.refresh()

    @property
    def filter_text(self) -> str:
        """What rows must match. Setting what cannot be read raises `FilterError` and changes nothing."""
        return self._query.filter_text

    @filter_text.setter
    def filter_text(self, text: str) -> None:
        if text != self._query.filter_text:
            self._query.filter_text = text
            self._arrange()

    def arrange_by(self, order: Order) -> None:
        """Sort by ``order``, of which the first `MOST_KEYS` count."""
        if self.order != order:
            self._query.order = order
            self._arrange()

    def sort_by(self, key: str) -> None:
        """Sort by column ``key`` alone; asked again turn the order round, and then go back to the file's order. Raises
        ``KeyError`` for a key that is no column's."""
        self.arrange_by(pressed(self.order, key))

    def turn_order(self) -> None:
        """Turn round the order by the column that counts most."""
        self.arrange_by(((self.sort_key, not self._query.sort_reverse), *self.order[1:]))

    def want(self, order: Order, columns: Sequence[str]) -> None:
        """Sort by ``order`` and lay ``columns`` out from the next `show` on."""
        self._query.order = order
        self._query.columns = tuple(columns)

    def narrow(self, text: str) -> str:
        """Show only what ``text`` matches. Returns what is wrong with it, or unfinished in it; then nothing changes."""
        problem = problem_of(text, self._rows.stocks, self._source.context())
        if not problem:
            self.filter_text = text
        return problem

    def finds(self, stocks: Iterable[Stock]) -> bool:
        """Whether any of ``stocks``, of whichever list, matches the filter; any does where there is none."""
        return self._query.finds(stocks, self._source.context())

    def filter_again(self) -> None:
        """Look at the rows anew, after something that a filter finds was learnt."""
        if self._query.has_filter:
            self._arrange()

    def _arrange(self, *, announce: bool = True, in_turns: bool = False) -> None:
        """Filter and sort anew; ``in_turns`` of the loop, paint what comes into sight, and show it then."""
        context = self._source.context()
        self._rows.prepare(self._query.passes(context), self.order, context)
        if in_turns:
            self._lay_out()
            coming = self._rows.coming(self.scroll_offset.y, self._cursor.room)
            self._painter.paint_in_turns(coming, self._strip, self._show_next, self.set_timer)
        else:
            self._show_next(announce=announce)

    def _show_next(self, *, announce: bool = True) -> None:
        """Show the rows as they were filtered and sorted; a cursor that was on screen stays on screen."""
        before, is_in_sight = self.current, self._cursor.is_in_sight()
        if not self._rows.show_next():
            return
        self.virtual_size = Size(1, len(self._rows.shown) + HEADER)
        if is_in_sight:
            self._cursor.scroll_into_sight()
        self.refresh()
        self._announce(announce and self.current != before)

    # The tick

    @on(events.Mount)
    def begin_ticking(self) -> None:
        """Tick ten times a second from now on."""
        every_tick(
            self,
            self.tick,
            lambda: self._pending.waits(self.paused) or self._painter.flashes.are_under_way or self._layouts.has_more,
        )

    def tick(self, in_second: int) -> None:
        """Repaint the rows on screen whose quote changed, whose flash ended or, at the first tick ``in_second``, whose
        age did; sort, and make room for what is not on screen, once a second, at ticks of their own."""
        look_at_ages = in_second == 0
        changed = self._pending.take(self.market.clock(), self._rows.symbols, is_sorted=self._query.depends_on_quotes)
        changed = self._painter.tick(changed, is_new_second=look_at_ages)
        has_grown = self._layouts.measure_more(self._source.name, self._source.quotes)
        if not has_grown and not self.paused:
            symbols = self._pending.to_widen(in_second)
            has_grown = self._layouts.make_room(symbols, self._rows.symbols, self._source)
        if has_grown:
            self.refresh()
        if changed or look_at_ages:
            self._repaint(None if look_at_ages else changed)
        if not self.paused and self._pending.is_to_sort(in_second):
            self._arrange(in_turns=True)

    def _repaint(self, changed: set[Symbol] | None) -> None:
        """Paint the rows on screen among ``changed`` (all, if ``None``) that are not what they were."""
        rows = self._cursor.in_sight(self.outer_size.height, changed)
        if self._layouts.widen([self._source.quotes.get(stock.symbol) for _, stock in rows]):
            self.refresh()
            return
        self._lay_out()
        lines = self._painter.paint(rows, partial(self._strip, flashing=True, ages=changed is None))
        if lines:
            repaint(self, *(Region(0, line, self._painter.room, 1) for line in lines))

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of ``crop`` as they are: there is nothing around them that Textual would have to style."""
        if self.get_line_filters():
            return super().render_lines(crop)
        return [self.render_line(line).crop_extend(crop.x, crop.right, None) for line in crop.line_range]

    def render_line(self, y: int) -> Strip:
        """The titles, a row, or the words that stand in an empty list."""
        self._lay_out()
        if y < HEADER:
            return self._painter.header(self.order)
        row = self._cursor.row_at(y)
        if row >= len(self._rows.shown):
            return self._painter.notice(self._rows.why_empty(self.filter_text, *self.hints) if y == HEADER else "")
        return self._strip(self._rows.shown[row])

    def _strip(self, stock: Stock, *, flashing: bool = False, ages: bool = True) -> Strip:
        """The row of ``stock``, as it was painted before where it is still the same."""
        symbol = stock.symbol
        current = symbol == self._rows.current
        ground = ground_of(current=current, focused=current and self.has_focus, picked=symbol in self.picked)
        strip = self._painter.kept(symbol, self._source.quotes.get(symbol), ground)
        if strip is None:
            view = self._source.view(stock, alerted=symbol in self.alerted)
            strip = self._painter.row(view, is_red_up(symbol, self.colours), ground, flashing=flashing, ages=ages)
        return strip

    def notify_style_update(self) -> None:
        """Forget the styles and all that was painted in them."""
        self._looks.forget()
        self._painter.forget()
        super().notify_style_update()

    def _lay_out(self) -> None:
        width = self.outer_size.width
        self._painter.layout = self._layouts.get(width, self._query.columns)
        self._painter.room = width - self.show_vertical_scrollbar  # which is a cell wide

    # State, keys and mouse

    def watch_names(self, names: str) -> None:
        """Show the other names."""
        self._source.names = names
        self.show(self._rows.stocks)

    def watch_colours(self) -> None:
        """Paint all rows anew."""
        self._painter.forget()
        self.refresh()

    def watch_paused(self, paused: bool) -> None:
        """Keep the quotes of this moment, or show the present ones again."""
        self._source.pause(paused)
        self._painter.forget()
        if not paused:
            self.show(self._rows.stocks)
        self.refresh()

    def _announce(self, is_news: bool = True) -> None:
        if is_news:
            # Without a sender, a message of the widget that is at work now would go no further than that widget.
            self.post_message(self.Highlighted(self.current).set_sender(self))

    def action_move(self, rows: int) -> None:
        """Move the cursor by ``rows``."""
        self._announce(self._cursor.move_by(rows))

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is on screen, less a row."""
        self._announce(self._cursor.move_by(pages * max(1, self._cursor.room - 1)))

    def action_half_page(self, pages: int) -> None:
        """Move the cursor by half of what is on screen."""
        self._announce(self._cursor.move_by(pages * max(1, self._cursor.room // 2)))

    def action_go(self, row: int) -> None:
        """Move the cursor to ``row``; -1 is the last."""
        self._announce(self._cursor.move_to(row if row >= 0 else len(self._rows.shown) + row))

    def action_choose(self) -> None:
        """Choose the cursor's stock."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current).set_sender(self))

    @on(events.Click)
    def sort_or_select(self, event: events.Click) -> None:
        """A title sorts; a row takes the cursor, and is chosen if it has it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        row, key = self._cursor.row_at(offset.y), self._painter.layout.at(offset.x)
        if row < 0 and key:
            self.sort_by(key)
        elif row == self._rows.cursor:
            self.action_choose()
        elif 0 <= row < len(self._rows.shown):
            self._announce(self._cursor.move_to(row))

    @on(events.Focus)
    @on(events.Blur)
    def show_focus(self) -> None:
        """Draw the cursor's row anew."""
        self._cursor.redraw()

    @on(events.Resize)
    def keep_cursor_in_sight(self) -> None:
        """Scroll so that a smaller board still shows the cursor."""
        self._cursor.scroll_into_sight()
