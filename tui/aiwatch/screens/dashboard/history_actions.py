"""Price history on the board: followed while a column of it is looked at, and kept new where it was lately."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any

from aiwatch.board.cells import shown_name
from aiwatch.board.query import needs_history
from aiwatch.formatting.text import index_title
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.session.dependencies import ListHistory
from aiwatch.session.list_history import HistoryFollower
from aiwatch.watchlist import Watchlist

FIRST_SECONDS = 10.0
"""How long after the first paint lists are kept new that nobody looks at: prices come first."""
_GROUP = "list-history"


class HistoryActions:
    """Looks each second at what the board shows of history, and follows the symbols that it shows it of."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts
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
        symbols = tuple(stock.symbol for stock in self._session.lists.stocks) if self._has_begun else ()
        self._parts.begin(partial(self._follower.follow, looked_at, symbols), _GROUP, exclusive=True)

    def compare(self, key: str) -> None:
        """Compare the stocks of the list ``key`` with its benchmark, else with the usual one of their market."""
        watchlist, history = self._session.lists.get(key), self._session.dependencies.feed.list_history
        if watchlist is None or not watchlist.stocks:
            self._screen.notify("There is no stock in this list to compare", title="Compare", timeout=4)
        elif history is None:
            self._screen.notify("Price history is not kept here", title="Compare", timeout=4)
        else:
            self._parts.begin(partial(self._open, watchlist, history), "compare", exclusive=True)

    async def _open(self, watchlist: Watchlist, history: ListHistory) -> None:
        kind, comparing, benchmarks = await asyncio.to_thread(_imported)
        symbols = tuple(dict.fromkeys(stock.symbol for stock in watchlist.stocks))
        benchmark = watchlist.benchmark or benchmarks.usual_benchmark(symbols)
        names = {stock.symbol.text: shown_name(stock, self._lists.language) for stock in watchlist.stocks}
        if benchmark is not None:
            names.setdefault(benchmark.text, index_title(benchmark.text))
        session = self._session
        screen = kind(
            watchlist.name,
            comparing.ComparisonQuery(symbols, benchmark=benchmark),
            names,
            comparing.ListComparison(history, session.market.clock),
            convention=self._lists.convention,
            provenance=session.dependencies.feed.provenance,
        )
        self._screen.app.push_screen(screen)

    def _redraw(self, symbols: Iterable[Symbol]) -> None:
        self._lists.board.invalidate(symbols, entirely=True)


def _imported() -> tuple[Any, Any, Any]:
    """What is needed for a comparison, imported beside the event loop."""
    from aiwatch.history.analysis import benchmarks
    from aiwatch.screens.comparison.screen import CompareScreen
    from aiwatch.session import comparing

    return CompareScreen, comparing, benchmarks
