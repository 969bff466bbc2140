"""The board's cursor on its screen: which rows are in sight, moving over them, and scrolling so that it stays there."""

from __future__ import annotations

from collections.abc import Collection

from textual.geometry import Region
from textual.scroll_view import ScrollView

from aiwatch.board.rows import Rows
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

HEADER = 1
"""Lines of titles above the rows; they stay while the rows scroll."""


MOVES = {
    "open": "choose",
    "up": "move(-1)",
    "down": "move(1)",
    "page-up": "page(-1)",
    "page-down": "page(1)",
    "half-up": "half_page(-1)",
    "half-down": "half_page(1)",
    "first": "go(0)",
    "last": "go(-1)",
}
"""What the keys that move in every list do on the board."""


class BoardCursor:
    """Moves the cursor of ``rows`` in ``view``, which shows them below its titles. Each move returns whether the cursor
    came to another row."""

    def __init__(self, view: ScrollView, rows: Rows) -> None:
        self._view = view
        self._rows = rows

    @property
    def room(self) -> int:
        """Rows that there is room for on screen, at least one."""
        return max(1, self._view.size.height - HEADER)

    def move_to(self, row: int) -> bool:
        """Put the cursor on ``row``, or the nearest there is."""
        before = self._rows.cursor
        if not self._rows.move_to(row):
            return False
        self._redraw(before)
        self.redraw()
        self.scroll_into_sight()
        return True

    def move_by(self, rows: int) -> bool:
        """Move the cursor by ``rows``."""
        return self.move_to(self._rows.cursor + rows)

    def is_in_sight(self) -> bool:
        """Whether the cursor's row is on screen."""
        return self._is_in_sight(self._rows.cursor)

    def scroll_into_sight(self) -> None:
        """Scroll no further than it takes to show the cursor."""
        row, first, room = self._rows.cursor, self._view.scroll_offset.y, self.room
        if row < first:
            self._view.scroll_to(y=row, animate=False)
        elif row >= first + room:
            self._view.scroll_to(y=row - room + 1, animate=False)

    def redraw(self) -> None:
        """Draw the cursor's row anew."""
        self._redraw(self._rows.cursor)

    def row_at(self, line: int) -> int:
        """The row in ``line`` of the view; negative above the rows."""
        return -1 if line < HEADER else line - HEADER + self._view.scroll_offset.y

    def in_sight(self, height: int, among: Collection[Symbol] | None) -> list[tuple[int, Stock]]:
        """The stocks on screen where the view has ``height`` lines, each with its line of the view; those ``among``
        some, or all."""
        first = self._view.scroll_offset.y
        rows = enumerate(self._rows.shown[first : first + max(0, height - HEADER)], HEADER)
        return [(line, stock) for line, stock in rows if among is None or stock.symbol in among]

    def _is_in_sight(self, row: int) -> bool:
        return 0 <= row - self._view.scroll_offset.y < self.room

    def _redraw(self, row: int) -> None:
        if self._is_in_sight(row):
            line = HEADER + row - self._view.scroll_offset.y
            self._view.refresh(Region(0, line, self._view.size.width, 1))
