"""All lists at a glance: one row a watchlist, with the figures of its group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from aiwatch.market.summary import Summary
from aiwatch.market.symbol import Symbol
from aiwatch.widgets.cursor_keys import CURSOR_KEYS
from aiwatch.widgets.summary_line import at_limits, breadth, percent, single_market, turnover
from aiwatch.widgets.text import clip, flush


@dataclass(frozen=True, slots=True)
class ListRow:
    """A watchlist and what its group did."""

    key: str
    name: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: int
    right: bool
    least: int
    """The width of the whole table from which the column is shown."""


_COLUMNS = (
    _Column("List", 20, False, 0),
    _Column("Names", 6, True, 90),
    _Column("Mean %", 9, True, 0),
    _Column("Median %", 9, True, 48),
    _Column("▲ ▬ ▼", 12, False, 60),
    _Column("At limit", 12, False, 118),
    _Column("Turnover", 12, True, 76),
    _Column("Best", 20, False, 104),
    _Column("Worst", 20, False, 128),
)


class Overview(OptionList):
    """The lists' groups side by side; Enter opens the list."""

    DEFAULT_CSS = """
    Overview { border: none; padding: 0; background: $surface; height: 1fr; }
    Overview:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*CURSOR_KEYS, Binding("enter", "select", "open list", show=False)]

    @dataclass
    class Opened(Message):
        """A list was chosen."""

        key: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True)
        self._rows: tuple[ListRow, ...] = ()
        self.convention = "auto"

    def show(self, rows: Sequence[ListRow]) -> None:
        """Show ``rows``, keeping the cursor where it was."""
        new = tuple(rows)
        if new == self._rows and self.option_count:
            return
        self._rows = new
        self._fill()

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        self.redraw()

    def redraw(self) -> None:
        """Draw the rows anew."""
        self._fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the list of the chosen row."""
        event.stop()
        if event.option_id:
            self.post_message(self.Opened(event.option_id))

    def _fill(self) -> None:
        width = self.size.width - 2
        if width < 10:
            return
        highlighted = self.highlighted
        self.clear_options()
        self.add_option(Option(self._head(width), disabled=True))
        self.add_options(Option(self._row(row, width), id=row.key) for row in self._rows)
        self.highlighted = highlighted if highlighted is not None else (1 if self._rows else None)

    def _shown(self, width: int) -> list[tuple[_Column, int]]:
        shown = [column for column in _COLUMNS if width >= column.least]
        spare = width - sum(column.width + 2 for column in shown)
        return [(column, column.width + max(-8, spare) if column.title == "List" else column.width) for column in shown]

    def _head(self, width: int) -> Content:
        cells = [(flush if column.right else clip)(column.title, size) for column, size in self._shown(width)]
        return Content.styled("  ".join(cells), "$text-muted")

    def _row(self, row: ListRow, width: int) -> Content:
        summary = row.summary
        home = single_market(summary)
        cells = {
            "List": Content.styled(row.name, "bold"),
            "Names": Content(str(summary.names)),
            "Mean %": percent_cell(summary.mean, home, self.convention),
            "Median %": percent_cell(summary.median, home, self.convention),
            "▲ ▬ ▼": breadth(summary, home, self.convention),
            "At limit": at_limits(summary),
            "Turnover": Content(turnover(summary)),
            "Best": self._extreme(summary.best),
            "Worst": self._extreme(summary.worst),
        }
        return Content("  ").join(fit(cells[column.title], size, column.right) for column, size in self._shown(width))

    def _extreme(self, extreme: tuple[Symbol, float] | None) -> Content:
        if extreme is None:
            return Content("–")
        symbol, change = extreme
        return Content.assemble(f"{symbol} ", percent(change, symbol, self.convention))


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
