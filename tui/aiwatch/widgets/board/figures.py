"""The figures of whole lists: their sums, their rows among all lists, what moved most."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiwatch.board.cells import shown_name
from aiwatch.market.state import Desk
from aiwatch.market.summary import Move, Summary, move_of, summarise_moves
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Watchlist

if TYPE_CHECKING:
    from aiwatch.watchlist.positions import Holdings
    from aiwatch.widgets.board.movers import MoverGroup
    from aiwatch.widgets.board.overview import ListRow


class ListFigures:
    """Sums lists up by the quotes of ``market``; positions also in ``currency``, unless that is empty."""

    def __init__(self, market: Desk, currency: str) -> None:
        self._market = market
        self._currency = currency
        self._moves: dict[Symbol, Move] = {}

    def note(self, changed: Iterable[Symbol]) -> None:
        """The market has new quotes of ``changed``."""
        quotes = self._market.quotes
        for symbol in changed:
            self._moves[symbol] = move_of(quotes[symbol])

    def summary(self, watchlist: Watchlist) -> Summary:
        """What the stocks of ``watchlist`` did, and its benchmark."""
        summary = summarise_moves(self._moves.get(stock.symbol) for stock in watchlist.stocks)
        if watchlist.benchmark is None:
            return summary
        move = self._moves.get(watchlist.benchmark)
        return replace(summary, benchmark=(watchlist.benchmark, move.percent if move is not None else None))

    def row(self, watchlist: Watchlist, names: str) -> ListRow:
        """The row of ``watchlist`` among all lists, with names in the language ``names``."""
        from aiwatch.widgets.board.movers import mean_path  # not in the first paint
        from aiwatch.widgets.board.overview import ListRow

        summary, quotes = self.summary(watchlist), self._market.quotes
        stocks = {stock.symbol: stock for stock in watchlist.stocks}
        best, worst = (
            shown_name(stocks[extreme[0]], names, quotes.get(extreme[0])) if extreme else ""
            for extreme in (summary.best, summary.worst)
        )
        path = mean_path(stocks, quotes, self._market.prices)
        return ListRow(watchlist.key, watchlist.name, summary, self.holdings(watchlist), path, (best, worst))

    def movers(self, watchlist: Watchlist, names: str) -> tuple[MoverGroup, ...]:
        """What of ``watchlist`` moved most, and what is at its limit."""
        from aiwatch.widgets.board.movers import mover_groups  # not in the first paint

        return mover_groups(watchlist.stocks, self._market.quotes, names)

    def holdings(self, watchlist: Watchlist) -> Holdings | None:
        """The positions of ``watchlist``, added up; ``None`` for a list that has none."""
        if not any(stock.quantity for stock in watchlist.stocks):
            return None
        from aiwatch.watchlist.positions import holdings_of

        return holdings_of(watchlist.stocks, self._market.quotes, self._currency)
