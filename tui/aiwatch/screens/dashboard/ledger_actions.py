"""The ledger's half of the dashboard: views, currency, jumps between stocks and records, files that change."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.content import Content

from aiwatch.errors import FileError
from aiwatch.ledger.records import Ledger
from aiwatch.market.state import Desk
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.screens.dashboard.panels import PanelScreen
from aiwatch.session.dependencies import Dependencies
from aiwatch.widgets.board.panel import ALL_LISTS, BoardPanel
from aiwatch.widgets.ledger.context import CURRENCIES, Reading, read
from aiwatch.widgets.ledger.list import LedgerList
from aiwatch.widgets.ledger.panel import LedgerPanel
from aiwatch.widgets.linked_rows import LinkedRows
from aiwatch.widgets.record.detail import RecordDetail

if TYPE_CHECKING:
    from aiwatch.files.fingerprint import Stamp
    from aiwatch.session.navigation import Place, Trail

POLL_SECONDS = 2.0
"""How often the user's ledger files are looked at."""

CURRENCY_WORDS = {"": "Sums as printed", "USD": "Sums in US dollars", "CNY": "Sums in yuan", "EUR": "Sums in euros"}
"""How sums are shown, by the currency they are also shown in."""


class LedgerScreen(PanelScreen):
    """A screen with a board, a ledger and a record; knows how one leads to the other."""

    board_panel = getters.query_one("#board-panel", BoardPanel)
    ledger_panel = getters.query_one("#commitments-panel", LedgerPanel)
    commitments = getters.query_one("#commitments", LedgerList)
    record = getters.query_one("#record", RecordDetail)

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__()
        self._given = dependencies
        self.desk = Desk(dependencies.feed.clock, dependencies.feed.sessions)
        self.ledger = dependencies.files.ledger
        self.lists = dependencies.files.watchlists
        self.ledger_problems: tuple[str, ...] = ()
        """What is wrong with the user's ledger files now."""
        self.currency = ""
        self.colours_in_force = "auto"
        """Which colours gains and losses have now, everywhere on the screen: one of `tone.CONVENTIONS`."""
        self._stamp: Stamp | None = None
        self._reading_files = False

    def reading(self) -> Reading:
        """The ledger as its views are to read it now."""
        return read(
            self.ledger,
            self.desk,
            self.currency,
            stale_days=self._given.files.settings.stale_after_days,
            convention=self.colours_in_force,
            mark=self._given.feed.mark,
        )

    # Files

    def begin_reading(self) -> None:
        """Read the whole ledger now, and again whenever the user's files change."""
        if self._given.files.ledger_files is not None:
            self.look_at_ledger()
            self.set_interval(POLL_SECONDS, self.look_at_ledger)

    @work(group="ledger", exit_on_error=False)
    async def look_at_ledger(self) -> None:
        """Read the ledger, in a thread, if its files changed since; a bad file leaves the ledger as it was."""
        files = self._given.files.ledger_files
        if files is None or self._reading_files:
            return
        self._reading_files = True
        try:
            stamp = await asyncio.to_thread(files.stamp)
            if stamp == self._stamp:
                return
            self._stamp = stamp
            try:
                ledger = await asyncio.to_thread(files.load)
                problems: tuple[str, ...] = ()
            except FileError as error:
                problems = _problem_words(error)
                ledger = self.ledger if self.ledger.complete else await asyncio.to_thread(files.load, own=False)
            self.ledger_problems = problems
            if ledger is not self.ledger:
                self.take_ledger(ledger)
        finally:
            self._reading_files = False
        self._say()

    def take_ledger(self, ledger: Ledger) -> None:
        """Show another ledger in place of this one, cursors where they were."""
        self.ledger = ledger
        self.ledger_panel.redraw()
        self.record.redraw()
        self.show_mentions()

    def _say(self) -> None:
        """Say what is wrong now."""
        raise NotImplementedError

    def show_mentions(self) -> None:
        """Show anew which records touch the selected stock."""
        raise NotImplementedError

    # What the widgets say

    @on(LedgerList.Reached)
    def show_record(self, event: LedgerList.Reached) -> None:
        """Show what the ledger's cursor came to."""
        self._show_record(event.key)

    @on(LedgerList.Opened)
    def open_record(self, event: LedgerList.Opened) -> None:
        """Go to the record in full."""
        self._show_record(event.key)
        self.action_panel(4)

    def _show_record(self, key: str) -> None:
        title = self.record.show(key)
        self.query_one("#record-panel").border_title = Content(f"4 {title}")

    @on(LinkedRows.Followed)
    def jump(self, event: LinkedRows.Followed) -> None:
        """Go where a row of panel 3 or 4 leads, and remember the way."""
        event.stop()
        place = self._place()
        target = event.target
        if not target.is_stock:
            self._trail.leave(place)
            self._go_to_record(target.key)
            self.action_panel(4)
        elif self._go_to_stock(parse_symbol(target.key)):
            self._trail.leave(place)
            self.action_panel(1)
        else:
            self.notify(f"{target.key} is on none of your lists", timeout=3)

    @cached_property
    def _trail(self) -> Trail:
        """The way back."""
        from aiwatch.session.navigation import Trail

        return Trail()

    def _place(self) -> Place:
        from aiwatch.session.navigation import Place

        board = self.board_panel
        return Place(
            self.front, board.chosen, board.board.current, self.ledger_panel.view, self.commitments.key, self.record.key
        )

    def _go_to_record(self, key: str) -> None:
        self.ledger_panel.go_to(key)
        self._show_record(key)

    def _go_to_stock(self, symbol: Symbol) -> bool:
        """Open a list that holds ``symbol``, the present one if it does, and put the cursor on it."""
        lists = [one for one in self.lists if any(stock.symbol == symbol for stock in one.stocks)]
        if not lists:
            return False
        keys = [one.key for one in lists]
        if self.board_panel.chosen not in keys:
            self.board_panel.open(keys[0])
        if symbol not in [stock.symbol for stock in self.board_panel.board.shown]:
            self.board_panel.clear_filter()
        self.board_panel.board.move_to(symbol)
        return True

    # Keys

    def action_next_view(self) -> None:
        """Show the next view of the ledger."""
        self.ledger_panel.step(1)

    def action_previous_view(self) -> None:
        """Show the view of the ledger before."""
        self.ledger_panel.step(-1)

    def action_map(self) -> None:
        """Show who pays whom as a map, or as a table again."""
        self.ledger_panel.toggle_map()
        self.action_panel(2)

    def action_currency(self) -> None:
        """Show the ledger's sums as printed, or also in dollars, yuan or euros."""
        self.show_sums(CURRENCIES[(CURRENCIES.index(self.currency) + 1) % len(CURRENCIES)])

    def show_sums(self, currency: str) -> None:
        """Show the ledger's sums also in ``currency``; as printed alone, when that is empty."""
        self.currency = currency
        self.ledger_panel.redraw()
        self.record.redraw()
        self.notify(CURRENCY_WORDS[self.currency], title="Ledger", timeout=2)

    def action_jump_back(self) -> None:
        """Go back to where the last jump began."""
        place = self._trail.back()
        if place is None:
            self.notify("No jump to go back from", timeout=2)
            return
        if place.list_key == ALL_LISTS or place.list_key != self.board_panel.chosen:
            self.board_panel.chosen = place.list_key
        if place.symbol is not None:
            self.board_panel.board.move_to(place.symbol)
        self.ledger_panel.view = place.view
        if place.row:
            self.commitments.redraw(place.row)
        if place.record:
            self._show_record(place.record)
        self.action_panel(place.panel)


def _problem_words(error: FileError) -> tuple[str, ...]:
    """The first problem with its file and line, and how many more there are."""
    more = len(error.problems) - 1
    tail = f" (and {more} more: `aiwatch check` lists them)" if more else ""
    return (f"{error.problems[0]}{tail}; the ledger stays as it was",)
