"""The watchlists under their tabs: the board of the chosen one, its filter and its summary."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from aiwatch.board.columns import BY_KEY
from aiwatch.board.query import ListLayouts
from aiwatch.errors import FilterError
from aiwatch.formatting.text import Convention
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS, ALL_STOCKS_NAME, Watchlist, all_stocks
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.cursor import HEADER
from aiwatch.widgets.board.summary import ListFigures, SummaryLine
from aiwatch.widgets.stock.detail import StockBrief
from aiwatch.widgets.tab_line import TabLine

if TYPE_CHECKING:
    from textual.widgets import Input

    from aiwatch.widgets.board.movers import MoverGroup
    from aiwatch.widgets.board.overview import ListRow, Overview
    from aiwatch.widgets.filter_box import FilterBox

SORTS = ("", "change_percent", "turnover", "turnover_rate", "volume_ratio", "to_limit", "symbol")
"""The columns that the sort key walks through first, those of them that are shown; the others that are follow."""
_MOST_AT_ONCE = 2000
"""Stocks of all lists at most that are summed up on the event loop."""

LISTS = "Lists"
"""What the tab of all lists is called."""


class ListsView(Vertical):
    """One watchlist at a time, or all of them as a row each."""

    DEFAULT_CSS = """
    ListsView {
        height: 1fr;
        & #brief { display: none; }
    }
    """

    chosen: reactive[str] = reactive("", init=False)
    """The key of the list shown, or `ALL_LISTS`."""
    convention: reactive[str] = reactive("auto", init=False)
    language: reactive[str] = reactive("english", init=False)

    board = getters.query_one("#board", Board)
    summary = getters.query_one(SummaryLine)
    tab_line = getters.query_one(TabLine)
    brief = getters.query_one("#brief", StockBrief)

    class Changed(Message):
        """Another list is shown, or another state of it: ``key`` is its key, ``name`` its title."""

        def __init__(self, key: str, name: str) -> None:
            super().__init__()
            self.key = key
            self.name = name

    class FilterOpened(Message):
        """The box that narrows the rows was opened."""

    def __init__(
        self,
        market: MarketState,
        lists: Sequence[Watchlist],
        *,
        currency: str = "",
        one_scale: bool = True,
    ) -> None:
        """``currency`` is what positions are summed up in too; empty for their own currencies alone. ``one_scale`` is
        as for `Board`."""
        super().__init__()
        self._market = market
        self._lists = {watchlist.key: watchlist for watchlist in lists}
        self._figures = ListFigures(market, currency)
        self._layouts = ListLayouts()
        self._one_scale = one_scale
        self._is_gathering = False
        self.glance: Overview | None = None
        """A second view of all lists, shown beside the board where there is room."""

    def compose(self) -> ComposeResult:
        yield TabLine()
        yield Board(self._market, one_scale=self._one_scale, id="board")
        yield SummaryLine()
        yield StockBrief(id="brief")

    def on_mount(self) -> None:
        """Name the tabs; figures of groups move on by themselves."""
        self._name_tabs()
        every_second(self, self.sum_up)

    def _name_tabs(self) -> None:
        self.tab_line.pinned = 2
        self.tab_line.tabs = (
            *((watchlist.key, watchlist.name) for watchlist in self._lists.values()),
            (ALL_STOCKS, ALL_STOCKS_NAME),
            (ALL_LISTS, LISTS),
        )

    def take(self, lists: Sequence[Watchlist]) -> None:
        """Show ``lists`` in place of those before; the chosen one stays, its cursor and its place on the board too.
        Where it is gone, the list that now stands in its place is shown."""
        before = self._lists
        self._lists = {watchlist.key: watchlist for watchlist in lists}
        vars(self).pop("_together", None)
        for key in [
            key for key, watchlist in self._lists.items() if key in before and watchlist.columns != before[key].columns
        ]:
            self._layouts.follow_file(key)
        self._name_tabs()
        if self.chosen == ALL_LISTS:
            self.sum_up()
        elif self.chosen == ALL_STOCKS:
            self.watch_chosen(ALL_STOCKS, ALL_STOCKS)
        elif self.chosen not in self._lists:
            keys = list(self._lists)
            at = list(before).index(self.chosen) if self.chosen in before else 0
            self.open(keys[min(at, len(keys) - 1)] if keys else "")
        elif self._lists[self.chosen] != before[self.chosen]:
            self.watch_chosen(self.chosen, self.chosen)

    @property
    def filter_box(self) -> FilterBox:
        """The box that narrows the board."""
        from aiwatch.widgets.filter_box import filter_box_of  # not in the first paint

        return filter_box_of(self, "filter", "words, or columns: change% > 3 and turnover > 1e8")

    @property
    def overview(self) -> Overview:
        """The rows of all lists, mounted when they are first asked for."""
        from aiwatch.widgets.board.overview import Overview  # not in the first paint

        for overview in self.query(Overview):
            return overview
        overview = Overview(id="overview")
        overview.convention = self.convention
        self.mount(overview, after=self.board)
        return overview

    @property
    def _overviews(self) -> Iterable[Overview]:
        """The rows of all lists, where they were asked for."""
        return [self.overview] if self.query("Overview") else []

    @property
    def front(self) -> Widget:
        """What takes the keys: the board, or the rows of all lists."""
        return self.overview if self.chosen == ALL_LISTS else self.board

    @property
    def current(self) -> Symbol | None:
        """The stock that the cursor is on: of the board, or of those below all lists. ``None`` where it is on none."""
        return self.overview.current_stock if self.chosen == ALL_LISTS else self.board.current

    @property
    def rows_needed(self) -> int:
        """The rows of all that is shown but the stock in brief: the whole list whatever the filter hides, and what is
        around it."""
        apart = (self.front, self.summary, self.brief)
        around = [child for child in self.children if child.display and child not in apart]
        if self.chosen == ALL_LISTS:
            rows = self.overview.rows_needed
        else:
            rows = HEADER + max(1, len(self.symbols)) + self.summary.rows_needed
        return sum(child.outer_size.height or 1 for child in around) + rows

    @property
    def keys(self) -> Collection[str]:
        """The keys of the lists."""
        return self._lists.keys()

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """What the list shown is of; nothing where that is all of them."""
        watchlist = self._list_of(self.chosen)
        return tuple(stock.symbol for stock in watchlist.stocks) if watchlist is not None else ()

    @cached_property
    def _together(self) -> Watchlist:
        """Every stock of every list; of long lists only made when it is looked at."""
        return all_stocks(self._lists.values())

    def _list_of(self, key: str) -> Watchlist | None:
        """The list called ``key``, which may be the one of all stocks."""
        return self._together if key == ALL_STOCKS else self._lists.get(key)

    def home_of(self, symbol: Symbol) -> str:
        """The key of the first list that has ``symbol``; empty for none."""
        has = (key for key, each in self._lists.items() if any(stock.symbol == symbol for stock in each.stocks))
        return next(has, "")

    def open(self, key: str) -> None:
        """Show the list called ``key``; the first one, when there is none of that name."""
        self.chosen = key

    def validate_chosen(self, key: str) -> str:
        """``key``; the first list where that one is gone since a row, the palette or a jump offered it."""
        is_known = key in self._lists or key in (ALL_LISTS, ALL_STOCKS)
        return key if is_known else next(iter(self._lists), ALL_LISTS)

    def step(self, by: int) -> None:
        """Show the list that many tabs further on, round and round."""
        keys = [key for key, _ in self.tab_line.tabs]
        self.chosen = keys[(keys.index(self.chosen) + by) % len(keys)]

    def mark(self, changed: Iterable[Symbol]) -> None:
        """The market has new quotes of ``changed``."""
        self._figures.note(changed)
        self.board.invalidate(changed)

    def sum_up(self) -> None:
        """Work the figures of the shown group out again, or those of every list."""
        if self.chosen == ALL_LISTS:
            self._show_overview(self.overview, filter(self._matches, self._lists.values()))
        elif self.glance is not None:
            self._show_overview(self.glance, self._lists.values())
        if (watchlist := self._list_of(self.chosen)) is not None:
            self.summary.holdings = self._figures.holdings(watchlist)
            self.summary.summary = self._figures.summary(watchlist)

    def _show_overview(self, overview: Overview, lists: Iterable[Watchlist]) -> None:
        """Show the figures of ``lists``; those of long ones are worked out in a thread, the loop goes on meanwhile."""
        from aiwatch.widgets.board.overview import gathered  # not in the first paint

        lists = tuple(lists)
        gather = partial(gathered, self._figures, lists, lambda: self._together, self.language)
        if sum(len(watchlist.stocks) for watchlist in lists) <= _MOST_AT_ONCE:
            overview.show(*gather())
        elif not self._is_gathering:
            self._is_gathering = True
            self._gather(overview, gather)

    @work(group="overview", exit_on_error=False)
    async def _gather(
        self, overview: Overview, gather: Callable[[], tuple[Sequence[ListRow], Sequence[MoverGroup]]]
    ) -> None:
        try:
            overview.show(*await asyncio.to_thread(gather))
        finally:
            self._is_gathering = False

    def _matches(self, watchlist: Watchlist) -> bool:
        """Whether the filter finds the list: by its name, or by any of its stocks."""
        text = self.board.filter_text.strip().casefold()
        return not text or text in watchlist.name.casefold() or self.board.finds(watchlist.stocks)

    def columns_of(self, key: str) -> tuple[str, ...]:
        """The columns of the list called ``key``: those chosen in this run, else its file's; none for the usual."""
        watchlist = self._list_of(key)
        return self._layouts.columns(watchlist) if watchlist is not None else ()

    def lay_out(self, key: str, columns: Sequence[str]) -> None:
        """Show ``columns`` in the list called ``key`` from now on, until its file names others."""
        self._layouts.lay_out(key, columns)
        if key == self.chosen:
            self.board.columns = tuple(columns)

    def watch_chosen(self, before: str, key: str) -> None:
        """Show the list, or the row of every list."""
        if self._list_of(before) is not None:
            self._layouts.keep_order(before, self.board.order)
        had_focus = self.has_focus_within
        watchlist = self._list_of(key)
        everything = watchlist is None
        self.tab_line.chosen = key
        self.board.display = not everything
        for overview in [self.overview] if everything else self._overviews:
            overview.display = everything
        self.summary.display = not everything
        if watchlist is not None:
            self.board.want(self._layouts.order(key), self.columns_of(key))
            self.board.show(watchlist.stocks, anew=key != before)
        if key == before:  # its file changed: of a long list, that is enough for one turn of the loop
            self.call_later(self.sum_up)
        else:
            self.sum_up()
        if had_focus:
            self.front.focus()
        self.post_message(self.Changed(key, LISTS if watchlist is None else watchlist.name))

    def watch_convention(self, convention: str) -> None:
        """Colour gains and losses anew."""
        self.board.colours = cast(Convention, convention)
        self.summary.convention = convention
        for overview in (*self._overviews, *([self.glance] if self.glance is not None else [])):
            overview.convention = convention
            overview.redraw()

    def watch_language(self, language: str) -> None:
        """Name the stocks in the other language."""
        self.board.names = "chinese" if language == "chinese" else "english"
        self.sum_up()

    @on(TabLine.Picked)
    def pick_list(self, event: TabLine.Picked) -> None:
        """Show the list whose tab was clicked."""
        event.stop()
        self.chosen = event.key

    def on_overview_opened(self, event: Overview.Opened) -> None:
        """Show the list of the row."""
        event.stop()
        self.chosen = event.key

    def show_filter(self) -> None:
        """Open the box that narrows the board, or the rows of all lists to those that have such a stock."""
        self.filter_box.open()
        self.post_message(self.FilterOpened())

    def clear_filter(self) -> bool:
        """Show every row again; returns whether some were hidden."""
        was_on, self.board.filter_text = bool(self.board.filter_text), ""
        self.sum_up()
        if self.query("#filter"):
            self.filter_box.close()
        return was_on

    def narrow_to(self, text: str) -> None:
        """Show only what matches ``text``, which was a filter before; every row again where it is empty."""
        if text:
            self.board.filter_text = text
            self.filter_box.hold(text)
        else:
            self.clear_filter()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only what matches, as it is typed."""
        event.stop()
        from aiwatch.widgets.filter_box import say_below

        trouble = self._narrow_lists(event.value) if self.chosen == ALL_LISTS else self.board.narrow(event.value)
        if trouble and self.board.filter_text:
            trouble += f" (still “{self.board.filter_text.strip()}”)"
        say_below(self.filter_box, trouble)

    def _narrow_lists(self, text: str) -> str:
        """Show only the lists that ``text`` finds. Returns what is wrong with it, or that it finds nothing."""
        try:
            self.board.filter_text = text
        except FilterError as error:
            return str(error)
        self.sum_up()
        return "" if any(map(self._matches, self._lists.values())) else f"No list has a stock that matches “{text}”"

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep what is typed and go back to the rows."""
        event.stop()
        self.front.focus()
        if not event.value:
            self.clear_filter()

    def sort_by_next(self) -> None:
        """Sort by the next column, the most interesting end first."""
        visible = self.board.columns_shown
        shown = ("", *(key for key in SORTS if key in visible), *(key for key in visible if key not in SORTS))
        at = shown.index(self.board.sort_key) if self.board.sort_key in shown else 0
        key = shown[(at + 1) % len(shown)]
        self.board.arrange_by(((key, BY_KEY[key].first_falls),) if key else ())

    def reverse(self) -> None:
        """Reverse the sort order."""
        self.board.turn_order()

    def walk(self, by: int) -> None:
        """Move the cursor by rows: of stocks, or of lists."""
        if self.chosen == ALL_LISTS:
            (self.overview.action_cursor_down if by > 0 else self.overview.action_cursor_up)()
        else:
            self.board.action_move(by)

    def go_to(self, symbol: Symbol) -> None:
        """Put the cursor on ``symbol``, whatever the filter hides."""
        if symbol not in [stock.symbol for stock in self.board.shown]:
            self.clear_filter()
        self.board.move_to(symbol)
