"""Price history on the board: followed while a column of it is looked at, and kept new where it was lately."""

from __future__ import annotations

from collections.abc import Iterable

from aiwatch.board.query import needs_history
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.panel_layout import DashboardParts
from aiwatch.session.list_history import HistoryFollower

FIRST_SECONDS = 10.0
"""How long after the first paint lists are kept new that nobody looks at: prices come first."""
_GROUP = "list-history"


class HistoryActions:
    """Looks each second at what the board shows of history, and follows the symbols that it shows it of."""

    def __init__(self, parts: DashboardParts) -> None:
        self._screen = parts.screen
        self._session = parts.session
        self._lists = parts.panels.board.lists
        self._followed: object = None
        self._has_begun = False
        history = parts.session.dependencies.feed.list_history
        self._follower = None if history is None else HistoryFollower(parts.session.market, history, self._redraw)

    def begin(self) -> None:
        """Keep new from now on what was looked at lately."""
        self._has_begun = True
        self.look()

    def look(self) -> None:
        """Follow what is shown now; nothing happens while it is the same as before."""
        board = self._lists.board
        is_shown = needs_history(board.columns, board.order, board.filter_text)
        now = self._session.lists.lists, self._lists.chosen if is_shown else "", self._has_begun
        if self._follower is None or now == self._followed or not (is_shown or self._has_begun):
            return
        self._followed = now
        looked_at = self._lists.symbols if is_shown else ()
        others = tuple(stock.symbol for stock in self._session.lists.stocks) if self._has_begun else ()
        work = self._follower.follow(looked_at, others)
        self._screen.run_worker(work, group=_GROUP, exclusive=True, exit_on_error=False)

    def _redraw(self, symbols: Iterable[Symbol]) -> None:
        self._lists.board.invalidate(symbols, entirely=True)
