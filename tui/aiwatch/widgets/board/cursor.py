"""The board's cursor, keys and mouse: a view over rows with a line of titles that stays."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.scroll_view import ScrollView

from aiwatch.board.rows import Rows
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.board import keys

HEADER = 1
"""Lines of titles above the rows; they stay while the rows scroll."""


class BoardScroll(ScrollView, can_focus=True):
    """Moves a cursor over `Rows` and says so; what a line looks like is its subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = keys.BINDINGS
    HELP = keys.HELP

    class Highlighted(Message, namespace="board"):
        """The cursor came to a stock, by a key, the mouse or a new list."""

        def __init__(self, symbol: Symbol, board: BoardScroll | None = None) -> None:
            super().__init__()
            self.symbol = symbol
            self.board = board

        @property
        def control(self) -> BoardScroll | None:
            """The board."""
            return self.board

    class Chosen(Message, namespace="board"):
        """A stock was chosen: Enter, or a click on the cursor's row."""

        def __init__(self, symbol: Symbol, board: BoardScroll | None = None) -> None:
            super().__init__()
            self.symbol = symbol
            self.board = board

        @property
        def control(self) -> BoardScroll | None:
            """The board."""
            return self.board

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows = Rows()

    @property
    def current(self) -> Symbol | None:
        """The symbol the cursor is on; ``None`` in an empty list."""
        return self._rows.current

    @property
    def shown(self) -> tuple[Stock, ...]:
        """The stocks shown, filtered and sorted, top to bottom."""
        return tuple(self._rows.shown)

    def move_to(self, symbol: Symbol) -> None:
        """Put the cursor on ``symbol``; a symbol that is not shown is left alone."""
        row = self._rows.row_of(symbol)
        if row is not None:
            self._put_cursor(row)

    def press_title(self, x: int) -> None:
        """What a click on the line of titles, ``x`` cells in, does."""
        raise NotImplementedError

    def _announce(self) -> None:
        if self.current is not None:
            self.post_message(self.Highlighted(self.current, self))

    def _in_sight(self, row: int) -> bool:
        return 0 <= row - self.scroll_offset.y < max(1, self.size.height - HEADER)

    def _scroll_to_cursor(self) -> None:
        row, first, room = self._rows.cursor, self.scroll_offset.y, max(1, self.size.height - HEADER)
        if row < first:
            self.scroll_to(y=row, animate=False)
        elif row >= first + room:
            self.scroll_to(y=row - room + 1, animate=False)

    def _put_cursor(self, row: int) -> None:
        before = self._rows.cursor
        if self._rows.move_to(row):
            self._refresh_rows(before, self._rows.cursor)
            self._scroll_to_cursor()
            self._announce()

    def _refresh_rows(self, *rows: int) -> None:
        top = HEADER - self.scroll_offset.y
        self.refresh(*[Region(0, top + row, self.size.width, 1) for row in rows if self._in_sight(row)])

    # Keys and mouse

    def action_move(self, rows: int) -> None:
        """Move the cursor by ``rows``."""
        self._put_cursor(self._rows.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is on screen, less a row."""
        self._put_cursor(self._rows.cursor + pages * max(1, self.size.height - HEADER - 1))

    def action_half_page(self, pages: int) -> None:
        """Move the cursor by half of what is on screen."""
        self._put_cursor(self._rows.cursor + pages * max(1, (self.size.height - HEADER) // 2))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._put_cursor(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._put_cursor(len(self._rows.shown) - 1)

    def action_choose(self) -> None:
        """Choose the cursor's stock."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current, self))

    @on(events.Click)
    def sort_or_select(self, event: events.Click) -> None:
        """A title sorts; a row takes the cursor, and is chosen if it has it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        row = offset.y - HEADER + self.scroll_offset.y
        if offset.y < HEADER:
            self.press_title(offset.x)
        elif row == self._rows.cursor:
            self.action_choose()
        elif row < len(self._rows.shown):
            self._put_cursor(row)

    @on(events.Focus)
    @on(events.Blur)
    def show_focus(self) -> None:
        """Draw the cursor's row anew."""
        self._refresh_rows(self._rows.cursor)

    @on(events.Resize)
    def keep_cursor_in_sight(self) -> None:
        """Scroll so that a smaller board still shows the cursor."""
        self._scroll_to_cursor()
