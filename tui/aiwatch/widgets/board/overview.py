"""All lists at a glance: one row a watchlist with the figures of its group, and below them what moved most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from aiwatch.board.cells import shown_name
from aiwatch.formatting.text import clip, sparkline, tone
from aiwatch.formatting.widths import Track, narrowest
from aiwatch.ledger.views import STOCK, Target
from aiwatch.market.summary import Summary
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.watchlist import Watchlist
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.movers import MoverGroup, fitted, mean_path, mover_groups, mover_line, usual
from aiwatch.widgets.board.summary import ListFigures, ahead, at_limits, breadth, percent, single_market, turnover
from aiwatch.widgets.linked_rows import LinkedRows
from aiwatch.widgets.row_list import RowList

if TYPE_CHECKING:
    from aiwatch.watchlist.positions import Holdings


class ListRow(Struct, frozen=True):
    """A watchlist, what its group did, and its positions, if it has any. ``path`` is the mean of its day in percent,
    ``names`` what its best and its worst are called."""

    key: str
    name: str
    summary: Summary
    holdings: Holdings | None = None
    path: tuple[float, ...] = ()
    names: tuple[str, str] = ("", "")


_OF_POSITIONS = ("Value", "Day gain", "Gain")
"""The columns that are there when any list has positions."""

_AHEAD = "Vs bench."
"""The column that is there when any list has a benchmark."""

_OF_STOCK = "stock:"
"""How the ids of the rows begin that are stocks."""
_STRIP = 12
_LEAST_SCALE = 1.0

RIGHT = frozenset({"Stocks", "Avg %", "Median %", _AHEAD, "Turnover", *_OF_POSITIONS})
"""The columns whose figures stand on the right."""

COLUMNS = (
    "List",
    "Stocks",
    "Day",
    "Avg %",
    "Median %",
    _AHEAD,
    "▲ ▬ ▼",
    "At limit",
    "Turnover",
    *_OF_POSITIONS,
    "Best",
    "Worst",
)
"""Every column, in the order of the screen."""

_PRIORITY = (
    "List",
    "Avg %",
    "▲ ▬ ▼",
    "Day",
    _AHEAD,
    *_OF_POSITIONS,
    "Best",
    "Worst",
    "Turnover",
    "At limit",
    "Stocks",
    "Median %",
)
_DIGIT_MORE = ("Best", "Worst")
"""The columns that a cell is kept free for, so that a digit more moves no column."""
_GAP = 2
_SHORTEST_NAME = 8
_LONGEST_NAME = 16


def _row(figures: ListFigures, watchlist: Watchlist, names: str) -> ListRow:
    """The row of ``watchlist``, with names in the language ``names``."""
    summary, market = figures.summary(watchlist), figures.market
    stocks = {stock.symbol: stock for stock in watchlist.stocks}
    best, worst = (
        shown_name(stocks[extreme[0]], names, market.quotes.get(extreme[0])) if extreme else ""
        for extreme in summary.extremes
    )
    path = mean_path(stocks, market.quotes, market.prices)
    return ListRow(watchlist.key, watchlist.name, summary, figures.holdings(watchlist), path, (best, worst))


def gathered(
    figures: ListFigures, lists: Iterable[Watchlist], together: Callable[[], Watchlist], names: str
) -> tuple[list[ListRow], tuple[MoverGroup, ...]]:
    """What `Overview.show` shows: what ``figures`` make of ``lists``, and what of all stocks ``together`` moved most;
    ``names`` is the language of the names. Reads alone, so that a thread can do it."""
    rows = [_row(figures, watchlist, names) for watchlist in lists]
    return rows, mover_groups(together().stocks, figures.moves, figures.market.quotes, names)


class Overview(RowList):
    """The lists' groups side by side; Enter opens the list."""

    DEFAULT_CSS = """
    Overview { border: none; padding: 0 0 0 1; background: $surface; height: 1fr; scrollbar-size-vertical: 1; }
    Overview:focus { border: none; background-tint: $foreground 0%; }
    """

    class Opened(Message):
        """A list was chosen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Reached(Message):
        """The cursor came to the list called ``key``; empty where there is no list."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[ListRow, ...] = ()
        self._groups: tuple[MoverGroup, ...] = ()
        self._room: int | None = None
        """The rows that there are; ``None`` where it scrolls."""
        self._scale = _LEAST_SCALE
        """The percent up or down to which the lines of the day reach: one scale for all lists."""
        self.convention = "auto"

    @property
    def current(self) -> str:
        """The key of the list the cursor is on; empty where it is on none."""
        row = self._row_id
        return "" if row.startswith(_OF_STOCK) else row

    @property
    def current_stock(self) -> Symbol | None:
        """The symbol of the stock the cursor is on; ``None`` where it is on none."""
        row = self._row_id
        return parse_symbol(row.rpartition(":")[2]) if row.startswith(_OF_STOCK) else None

    @property
    def _row_id(self) -> str:
        option = self.highlighted_option
        return (option.id or "") if option is not None else ""

    def show(self, rows: Sequence[ListRow], groups: Sequence[MoverGroup] = ()) -> None:
        """Show ``rows`` and below them ``groups`` of stocks, keeping the cursor on its list or stock."""
        new = tuple(rows), tuple(groups)
        if new == (self._rows, self._groups) and self.option_count:
            return
        self._rows, self._groups = new
        self._fill()

    @property
    def rows_needed(self) -> int:
        """The rows of all that there is to show."""
        return 1 + len(self._rows) + sum(1 + len(group.movers) for group in self._shown_groups)

    @property
    def _shown_groups(self) -> list[MoverGroup]:
        if self._room is None:
            return usual(self._groups)
        return fitted(self._groups, max(0, self._room - 1 - len(self._rows)))

    def fit(self, rows: int) -> None:
        """Show as many movers as fill ``rows``, so that some of each group are among them."""
        if rows != self._room:
            self._room = rows
            self._fill()

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        self.redraw()

    def redraw(self) -> None:
        """Draw the rows anew."""
        self._fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the list of the chosen row, or go to its stock."""
        event.stop()
        if (symbol := self.current_stock) is not None:
            self.post_message(LinkedRows.Followed(Target(STOCK, symbol.text)))
        elif event.option_id:
            self.post_message(self.Opened(event.option_id))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say which list or stock the cursor came to."""
        event.stop()
        if (symbol := self.current_stock) is not None:
            self.post_message(Board.Highlighted(symbol))
        elif key := self.current:
            self.post_message(self.Reached(key))

    def _fill(self) -> None:
        width = self.size.width - 2
        if width < 10:
            return
        self._scale = max([_LEAST_SCALE, *(abs(point) for row in self._rows for point in row.path)])
        table = [self._cells(row) for row in self._rows]
        widths = self._widths(table, width)
        row = self._row_id
        self.clear_options()
        head = {title: Content.styled(title, "$quiet") for title in COLUMNS}
        self.add_option(Option(_line(head, widths), disabled=True))
        self.add_options(Option(_line(cells, widths), id=row.key) for row, cells in zip(self._rows, table, strict=True))
        for group in self._shown_groups:
            self.add_option(Option(Content.styled(group.heading, "bold $heading"), disabled=True))
            self.add_options(
                Option(mover_line(mover, width, self.convention), id=f"{_OF_STOCK}{group.heading}:{mover.symbol.text}")
                for mover in group.movers
            )
        if self.can_focus:
            ids = [option.id for option in self.options]
            self.highlighted = ids.index(row) if row and row in ids else (1 if self._rows else None)
            if self.highlighted is None:
                self.post_message(self.Reached(""))

    def _widths(self, table: Sequence[dict[str, Content]], width: int) -> dict[str, int]:
        """The cells of each column shown: as wide as its content, the most telling first."""
        has_positions = any(row.holdings is not None for row in self._rows)
        has_benchmark = any(row.summary.benchmark is not None for row in self._rows)
        tracks = []
        for title in COLUMNS:
            is_empty = (title in _OF_POSITIONS and not has_positions) or (title == _AHEAD and not has_benchmark)
            natural = max([Content(title).cell_length, *(cells[title].cell_length for cells in table)])
            natural += title in _DIGIT_MORE
            least = min(natural, max(_SHORTEST_NAME, width // 3)) if title == "List" else natural
            tracks.append(Track(0 if is_empty else least, _PRIORITY.index(title)))
        widths = narrowest(tracks, width, _GAP, fill=True)
        return {title: cells - (title in _DIGIT_MORE) for title, cells in zip(COLUMNS, widths, strict=True) if cells}

    def _cells(self, row: ListRow) -> dict[str, Content]:
        summary = row.summary
        home, (best, worst) = single_market(summary), summary.extremes
        path = sparkline(row.path, _STRIP, (-self._scale, self._scale))
        return {
            "List": Content.styled(row.name, "bold"),
            "Stocks": Content(str(summary.names)),
            "Day": Content.styled(path, tone(summary.mean, home, self.convention)),
            "Avg %": percent_cell(summary.mean, home, self.convention),
            "Median %": percent_cell(summary.median, home, self.convention),
            _AHEAD: ahead(summary, home, self.convention) if summary.benchmark is not None else Content(""),
            "▲ ▬ ▼": breadth(summary, home, self.convention),
            "At limit": at_limits(summary),
            "Turnover": Content(turnover(summary)),
            **self._position_cells(row.holdings, home),
            "Best": self._extreme(best, row.names[0]),
            "Worst": self._extreme(worst, row.names[1]),
        }

    def _position_cells(self, holdings: Holdings | None, home: Symbol | None) -> dict[str, Content]:
        """What the list's positions are worth: in the currency asked for, else in their own."""
        if holdings is None:
            return dict.fromkeys(_OF_POSITIONS, Content(""))
        from aiwatch.widgets.stock.positions import day_gains, gains, values

        sums = holdings.sums if holdings.converted is None else (holdings.converted,)
        convention = self.convention
        cells = Content(values(sums)), day_gains(sums, home, convention), gains(sums, home, convention)
        return dict(zip(_OF_POSITIONS, cells, strict=True))

    def _extreme(self, extreme: tuple[Symbol, float] | None, name: str) -> Content:
        if extreme is None:
            return Content("–")
        symbol, change = extreme
        words = name if cell_len(name) <= _LONGEST_NAME else clip(name, _LONGEST_NAME)
        return Content.assemble(f"{words or symbol} ", percent(change, symbol, self.convention))


def _line(cells: dict[str, Content], widths: dict[str, int]) -> Content:
    parts = [fit(cells[title], width, title in RIGHT) for title, width in widths.items()]
    return Content(" " * _GAP).join(parts)


def percent_cell(value: float | None, home: Symbol | None, convention: str) -> Content:
    """A percentage without its sign of percent, for a column headed with one."""
    text = percent(value, home, convention)
    return text[:-2] if value is not None else text


def fit(content: Content, width: int, right: bool) -> Content:
    """``content`` in exactly ``width`` cells, with an ellipsis where it does not fit."""
    room = width - content.cell_length
    if room < 0:
        return content.truncate(width, ellipsis=True)
    return Content(" " * room) + content if right else content + Content(" " * room)
