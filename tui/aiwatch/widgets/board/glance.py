"""All lists at a glance, and what moves in them, where a large screen has rows that no other panel can fill."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical

from aiwatch.watchlist import ALL_LISTS
from aiwatch.widgets.board.lists_view import LISTS, ListsView
from aiwatch.widgets.board.overview import Overview

COMFORT_ROWS = 22
"""Rows of the stock's panel that say enough: what is beyond them goes to all lists, if that is something."""
LEAST_ROWS = 9
"""Rows of the panel at least, its frame among them."""
_FRAME = 2


def rows_left(rows: int, upper: int, lower: int) -> int:
    """Of a column of ``rows`` whose two panels would fill ``upper`` and ``lower``, those left for all lists at a
    glance; 0 where too few are left to say anything."""
    left = rows - upper - min(lower, COMFORT_ROWS)
    return left if left >= LEAST_ROWS else 0


class GlancePanel(Vertical):
    """A row a list and the movers of them all, as the tab of ``lists`` shows them. It takes no keys; a click goes to
    the list or the stock."""

    overview = getters.query_one(Overview)

    def __init__(self, lists: ListsView) -> None:
        super().__init__(id="glance-panel", classes="panel")
        self.display = False
        self.border_title = f"{LISTS} and movers"
        self._lists = lists

    def compose(self) -> ComposeResult:
        overview = Overview(id="glance")
        overview.can_focus, overview.convention = False, self._lists.convention
        yield overview

    def fit(self, rows: int, upper: int, lower: int, *, has_room: bool) -> int:
        """Take those of the ``rows`` of a column that its two panels have no use for, and return how many they are;
        none unless it ``has_room``, or where the tab itself is shown."""
        left = rows_left(rows, upper, lower) if has_room and self._lists.chosen != ALL_LISTS and self.is_mounted else 0
        overview = self.overview if left else None
        if overview is not self._lists.glance:
            self._lists.glance = overview
            self._lists.sum_up()
        if left:
            self.overview.fit(left - _FRAME)
            left = min(left, _FRAME + self.overview.rows_needed)
        self.display = bool(left)
        self.styles.height = left
        return left
