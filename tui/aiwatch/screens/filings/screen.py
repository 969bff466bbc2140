"""The newest filings of all stocks of a list, and the headlines about them, merged by time."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from textual import events, getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from aiwatch.market.filings.filing import MarkedFiling
from aiwatch.market.symbol import Symbol
from aiwatch.screens.base import InfoDialog, is_key_of
from aiwatch.screens.dialogs.base import KeyWords, clickable
from aiwatch.session.filings import FilingsReader, ShownFilings
from aiwatch.widgets.filings.list import MARK, FilingList
from aiwatch.widgets.filings.words import words_above

AGAIN = 600.0
"""Seconds after which it is looked whether a host may be asked again, which none is within an hour."""


class ListFilings(Struct, frozen=True):
    """What the screen is given: a list by its ``name`` with the ``symbols`` of its stocks, who reads their filings,
    what shows the page of one, and what goes where one leads. ``mark`` says that nothing of it is real."""

    name: str
    symbols: tuple[Symbol, ...]
    reader: FilingsReader
    clock: Callable[[], datetime]
    show_page: Callable[[MarkedFiling | None], None]
    follow: Callable[[MarkedFiling], None]
    mark: str = ""


class FilingsScreen(InfoDialog):
    """Filings in rows that can be chosen, kept new while they are looked at."""

    CSS_PATH = "screen.tcss"
    OPENED_BY = "list.filings"

    filings = getters.query_one(FilingList)

    def __init__(self, listing: ListFilings) -> None:
        super().__init__()
        self._listing = listing

    def compose(self) -> ComposeResult:
        yield Static(id="filings-title")
        yield FilingList(of_list=True, id="filings-of-list")
        yield KeyWords(id="filings-keys")

    def on_mount(self) -> None:
        """Ask for them."""
        self.filings.focus()
        self.query_one("#filings-keys", Static).update(self._keys())
        self._show(ShownFilings(is_asking=True))
        self.run_worker(self._follow, group="list-filings", exclusive=True, exit_on_error=False)  # type: ignore[arg-type]

    async def _follow(self) -> None:
        listing = self._listing
        while True:
            await listing.reader.read(listing.symbols, self._show, settled=0)
            await sleep(AGAIN)

    def _show(self, shown: ShownFilings) -> None:
        many = f"{len(self._listing.symbols)} stocks"
        words = words_above(many, len(shown.rows), shown.problems, is_asking=shown.is_asking, mark=self._listing.mark)
        self.filings.show(shown.rows, words, self._listing.clock())
        self._entitle(len(shown.rows))

    def _entitle(self, count: int) -> None:
        mark = f" · {self._listing.mark}" if self._listing.mark else ""
        quiet = f" · filings of {len(self._listing.symbols)} stocks · {count} shown{mark}"
        self.query_one("#filings-title", Static).update(
            Content.assemble((self._listing.name, "bold"), (quiet, "$quiet"))
        )

    def _keys(self) -> Content:
        """The last row: what the keys do, and what the mark says."""
        keyed = (
            ("cursor.open", "opens the record, else the page", "open"),
            ("row.page", "page", "show_page"),
            ("dialog.close", "closes", "close"),
        )
        parts = [clickable(self.hint(name, "").strip(), words, action) for name, words, action in keyed]
        return Content("   ").join((*parts, Content(f"{MARK} a commitment of the ledger to read beside")))

    @on(FilingList.Opened)
    def open_filing(self, event: FilingList.Opened) -> None:
        """Leave for the record of a filing, else show its page."""
        if event.marked.records:
            self.action_close()
        self._listing.follow(event.marked)

    @on(events.Key)
    def take_page_key(self, event: events.Key) -> None:
        """Show the page by the key that shows one elsewhere."""
        if is_key_of(self, "row.page", event):
            event.stop()
            self.action_show_page()

    def action_open(self) -> None:
        """Open the filing under the cursor."""
        self.filings.action_select()

    def action_show_page(self) -> None:
        """Show the page of the filing under the cursor."""
        self._listing.show_page(self.filings.chosen)
