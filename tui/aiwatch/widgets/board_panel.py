"""The panel of the watchlists: their tabs, the board of the chosen one, its filter and its summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input

from aiwatch.market.desk import Desk
from aiwatch.market.summary import Move, Summary, move_of, summarise_moves
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Watchlist
from aiwatch.widgets.board import Board
from aiwatch.widgets.overview import ListRow, Overview
from aiwatch.widgets.second import every_second
from aiwatch.widgets.stock_detail import StockBrief
from aiwatch.widgets.summary_line import SummaryLine
from aiwatch.widgets.tab_line import TabLine
from aiwatch.widgets.tone import Convention

ALL_LISTS = "*"
"""The key of the tab that shows every list as one row."""

SORTS = ("", "change_percent", "turnover", "turnover_rate", "volume_ratio", "to_limit", "symbol")
"""The columns that the sort key walks through; any other is sorted by a click on its head."""

_SMALLEST_FIRST = ("", "symbol", "to_limit")


class BoardPanel(Vertical):
    """One watchlist at a time, or all of them as a row each."""

    DEFAULT_CSS = """
    BoardPanel {
        & ContentSwitcher { height: 1fr; }
        & #filter { display: none; border: none; height: 1; padding: 0 1; background: $panel; }
        & #filter.-shown { display: block; }
        & #brief { display: none; }
    }
    """

    chosen: reactive[str] = reactive("", init=False)
    """The key of the list shown, or `ALL_LISTS`."""
    convention: reactive[str] = reactive("auto", init=False)
    language: reactive[str] = reactive("english", init=False)

    board = getters.query_one("#board", Board)
    overview = getters.query_one("#overview", Overview)
    switcher = getters.query_one(ContentSwitcher)
    summary = getters.query_one(SummaryLine)
    tab_line = getters.query_one(TabLine)
    filter_box = getters.query_one("#filter", Input)
    brief = getters.query_one("#brief", StockBrief)

    class Changed(Message):
        """Another list is shown; ``name`` is its title."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, desk: Desk, lists: Sequence[Watchlist], *, id: str | None = None, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._desk = desk
        self._lists = {one.key: one for one in lists}
        self._moves: dict[Symbol, Move] = {}

    def compose(self) -> ComposeResult:
        yield TabLine()
        yield Input(placeholder="show only what matches: symbol, name, role", id="filter", compact=True)
        with ContentSwitcher(initial="board"):
            yield Board(self._desk, id="board")
            yield Overview(id="overview")
        yield SummaryLine()
        yield StockBrief(id="brief")

    def on_mount(self) -> None:
        """Name the tabs; figures of groups move on by themselves."""
        self._name_tabs()
        every_second(self, self.sum_up)

    def _name_tabs(self) -> None:
        self.tab_line.tabs = (*((one.key, one.name) for one in self._lists.values()), (ALL_LISTS, "All lists"))

    def take(self, lists: Sequence[Watchlist]) -> None:
        """Show ``lists`` in place of those before; the chosen one stays, its cursor and its place on the board too.
        Where it is gone, the list that now stands in its place is shown."""
        before = self._lists
        self._lists = {one.key: one for one in lists}
        self._name_tabs()
        if self.chosen == ALL_LISTS:
            self.sum_up()
        elif self.chosen not in self._lists:
            keys = list(self._lists)
            at = list(before).index(self.chosen) if self.chosen in before else 0
            self.open(keys[min(at, len(keys) - 1)] if keys else "")
        elif self._lists[self.chosen] != before[self.chosen]:
            self.watch_chosen(self.chosen)

    @property
    def front(self) -> Widget:
        """What takes the keys: the board, or the rows of all lists."""
        return self.overview if self.chosen == ALL_LISTS else self.board

    def open(self, key: str) -> None:
        """Show the list called ``key``; the first one, when there is none of that name."""
        self.chosen = key if key in self._lists else next(iter(self._lists), ALL_LISTS)

    def step(self, by: int) -> None:
        """Show the list that many tabs further on, round and round."""
        keys = [key for key, _ in self.tab_line.tabs]
        self.chosen = keys[(keys.index(self.chosen) + by) % len(keys)]

    def mark(self, changed: Iterable[Symbol]) -> None:
        """The desk has new quotes of ``changed``."""
        quotes = self._desk.quotes
        for symbol in changed:
            self._moves[symbol] = move_of(quotes[symbol])
        self.board.mark(changed)

    def sum_up(self) -> None:
        """Work the figures of the shown group out again, or those of every list."""
        if self.chosen == ALL_LISTS:
            self.overview.show([ListRow(one.key, one.name, self._summary(one)) for one in self._lists.values()])
        elif self.chosen:
            self.summary.summary = self._summary(self._lists[self.chosen])

    def _summary(self, one: Watchlist) -> Summary:
        return summarise_moves(self._moves.get(stock.symbol) for stock in one.stocks)

    def watch_chosen(self, key: str) -> None:
        """Show the list, or the row of every list."""
        had_focus = self.has_focus_within
        everything = key == ALL_LISTS
        self.tab_line.chosen = key
        self.switcher.current = "overview" if everything else "board"
        self.summary.display = not everything
        if not everything:
            self.board.show(self._lists[key].stocks)
        self.sum_up()
        if had_focus:
            self.front.focus()
        self.post_message(self.Changed("All lists" if everything else self._lists[key].name))

    def watch_convention(self, convention: str) -> None:
        """Colour gains and losses anew."""
        self.board.colours = cast(Convention, convention)
        self.summary.convention = convention
        self.overview.convention = convention
        self.overview.redraw()

    def watch_language(self, language: str) -> None:
        """Name the stocks in the other language."""
        self.board.names = "chinese" if language == "chinese" else "english"

    @on(TabLine.Picked)
    def pick_list(self, event: TabLine.Picked) -> None:
        """Show the list whose tab was clicked."""
        event.stop()
        self.chosen = event.key

    @on(Overview.Opened)
    def open_list(self, event: Overview.Opened) -> None:
        """Show the list of the row."""
        event.stop()
        self.chosen = event.key

    def show_filter(self) -> None:
        """Open the box that narrows the board."""
        if self.chosen == ALL_LISTS:
            self.open("")
        self.filter_box.add_class("-shown")
        self.filter_box.focus()

    def clear_filter(self) -> None:
        """Show every row again."""
        self.filter_box.value = ""
        self.filter_box.remove_class("-shown")

    @on(Input.Changed, "#filter")
    def narrow(self, event: Input.Changed) -> None:
        """Show only what matches, as it is typed."""
        event.stop()
        self.board.filter_text = event.value

    @on(Input.Submitted, "#filter")
    def leave_filter(self, event: Input.Submitted) -> None:
        """Keep what is typed and go back to the rows."""
        event.stop()
        self.board.focus()
        if not event.value:
            self.clear_filter()

    def sort_by_next(self) -> None:
        """Sort by the next column, the most interesting end first."""
        at = SORTS.index(self.board.sort_key) if self.board.sort_key in SORTS else 0
        key = SORTS[(at + 1) % len(SORTS)]
        self.board.sort_key, self.board.sort_reverse = key, key not in _SMALLEST_FIRST

    def reverse(self) -> None:
        """Turn the order round."""
        self.board.sort_reverse = not self.board.sort_reverse
