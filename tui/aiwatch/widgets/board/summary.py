"""What a list did as a group, in a few rows under the board."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from aiwatch.formatting.text import NOTHING, index_title, money, signed, tone
from aiwatch.market.state import MarketState
from aiwatch.market.summary import Move, Summary, move_of, summarise_moves
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Watchlist
from aiwatch.widgets.linked_rows import flow

if TYPE_CHECKING:
    from aiwatch.watchlist.positions import Holdings

_MOST_ROWS, _MOST_POSITION_ROWS = 3, 6
"""Rows at most: of the group, and of its positions."""


def percent(value: float | None, symbol: Symbol | None, convention: str) -> Content:
    """A change in percent in its colour."""
    text = signed(value) + (" %" if value is not None else "")
    return Content.styled(text, tone(value, symbol, convention))


def breadth(summary: Summary, symbol: Symbol | None, convention: str) -> Content:
    """How many rose, stood and fell; a dash where no price says it of any."""
    if not summary.priced:
        return Content.styled(NOTHING, "$flat")
    return Content.assemble(
        (f"▲{summary.up}", tone(1, symbol, convention)),
        (f" ▬{summary.flat}", "$flat"),
        (f" ▼{summary.down}", tone(-1, symbol, convention)),
    )


def turnover(summary: Summary) -> str:
    """The turnover of each currency, never added across them; of how many the currency is not known."""
    sums = " + ".join(money(value, currency) for currency, value in sorted(summary.turnover.items())) or "–"
    return f"{sums}, without {summary.left_out} of unknown currency" if summary.left_out else sums


def at_limits(summary: Summary) -> Content:
    """How many stand at their limit prices; nothing where none does."""
    parts = []
    if summary.limit_up:
        parts.append(Content.styled(f"limit up {summary.limit_up}", "$limit"))
    if summary.limit_down:
        parts.append(Content.styled(f"limit down {summary.limit_down}", "$limit"))
    return Content(" ").join(parts)


def single_market(summary: Summary) -> Symbol | None:
    """A symbol whose market's colours the whole list follows: that of its best, when best and worst share one."""
    if summary.best and summary.worst and summary.best[0].is_china and summary.worst[0].is_china:
        return summary.best[0]
    return None


def ahead(summary: Summary, symbol: Symbol | None, convention: str) -> Content:
    """How far the mean is ahead of the benchmark, in percentage points; below 0 it is behind."""
    text = signed(summary.ahead) + (" pp" if summary.ahead is not None else "")
    return Content.styled(text, tone(summary.ahead, symbol, convention))


class SummaryLine(Widget):
    """The selected list's group figures; wraps where one row does not hold them."""

    DEFAULT_CSS = """
    SummaryLine { height: auto; max-height: 9; text-wrap: nowrap; padding: 0 1; background: $panel; }
    """

    class RowsChanged(Message):
        """The figures take another number of rows."""

    summary: reactive[Summary | None] = reactive(None)
    holdings: reactive[Holdings | None] = reactive(None)
    """The positions of the list, where it has any."""
    convention: reactive[str] = reactive("auto")

    def __init__(self) -> None:
        super().__init__()
        self._drawn: tuple[object, ...] = ()
        self._content = Content("")

    def watch_holdings(self) -> None:
        """As for the summary."""
        self.watch_summary()

    def watch_summary(self) -> None:
        """Lay the screen out anew only when another number of rows is needed: figures change every second."""
        if self.rows_needed != self.size.height:
            self.refresh(layout=True)
            self.post_message(self.RowsChanged())

    @property
    def rows_needed(self) -> int:
        """The rows that the figures take at the width there is."""
        return self.render().plain.count("\n") + 1

    def render(self) -> Content:
        drawn = self.summary, self.holdings, self.convention, self.outer_size.width
        if drawn != self._drawn:  # it is asked for its height and then for its rows
            self._drawn, self._content = drawn, self._rows(self.content_size.width or self.size.width)
        return self._content

    def _rows(self, width: int) -> Content:
        if self.summary is None:
            return Content("")
        rows = flow(self._parts(self.summary), width)[:_MOST_ROWS]
        rows += flow(self._positions(self.summary), width)[:_MOST_POSITION_ROWS]
        return Content("\n").join(row.truncate(width, ellipsis=True) for row in rows)

    def _positions(self, summary: Summary) -> list[Content]:
        """What the list's positions are worth; nothing for a list without any."""
        if self.holdings is None:
            return []
        from aiwatch.widgets.stock.positions import holdings_parts

        return holdings_parts(self.holdings, single_market(summary), self.convention)

    def _parts(self, summary: Summary) -> list[Content]:
        home = single_market(summary)
        names = Content.styled(f"{summary.names} stock{'' if summary.names == 1 else 's'}", "bold")
        if not (summary.priced or summary.turnover):
            return [names + ", none priced yet" if summary.names else names]
        if summary.priced < summary.names:
            names += Content.styled(f", {summary.priced} priced", "bold")
        parts = [
            names,
            Content.assemble(("average ", "$quiet"), percent(summary.mean, home, self.convention)),
            Content.assemble(("median ", "$quiet"), percent(summary.median, home, self.convention)),
            breadth(summary, home, self.convention),
            at_limits(summary),
            Content.assemble(("turnover ", "$quiet"), turnover(summary)),
            self._benchmark(summary, home),
        ]
        for word, extreme in zip(("best", "worst"), summary.extremes, strict=True):
            if extreme is not None:
                symbol, change = extreme
                parts.append(
                    Content.assemble((f"{word} ", "$quiet"), f"{symbol} ", percent(change, symbol, self.convention))
                )
        return [part for part in parts if part.cell_length]

    def _benchmark(self, summary: Summary, home: Symbol | None) -> Content:
        """The index that the list is held against and how far it is ahead; nothing while the index has no price."""
        symbol, change = summary.benchmark or (None, None)
        if symbol is None or change is None:
            return Content("")
        index = percent(change, symbol, self.convention)
        return Content.assemble(
            (f"vs {index_title(symbol.text)} (", "$quiet"),
            index,
            (") ", "$quiet"),
            ahead(summary, home, self.convention),
        )


class ListFigures:
    """Sums lists up by the quotes of ``market``; positions also in ``currency``, unless that is empty."""

    def __init__(self, market: MarketState, currency: str) -> None:
        self.market = market
        """Whose quotes are summed up."""
        self._currency = currency
        self.moves: dict[Symbol, Move] = {}
        """What each stock that has a price did."""

    def note(self, changed: Iterable[Symbol]) -> None:
        """The market has new quotes of ``changed``."""
        quotes = self.market.quotes
        for symbol in changed:
            self.moves[symbol] = move_of(quotes[symbol])

    def summary(self, watchlist: Watchlist) -> Summary:
        """What the stocks of ``watchlist`` did, and its benchmark."""
        summary = summarise_moves(self.moves.get(stock.symbol) for stock in watchlist.stocks)
        if watchlist.benchmark is None:
            return summary
        move = self.moves.get(watchlist.benchmark)
        return replace(summary, benchmark=(watchlist.benchmark, move.percent if move is not None else None))

    def holdings(self, watchlist: Watchlist) -> Holdings | None:
        """The positions of ``watchlist``, added up; ``None`` for a list that has none."""
        if not any(stock.quantity for stock in watchlist.stocks):
            return None
        from aiwatch.watchlist.positions import holdings_of

        return holdings_of(watchlist.stocks, self.market.quotes, self._currency)
