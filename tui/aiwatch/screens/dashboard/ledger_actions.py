"""What is done with the ledger: its files looked at, records of the reader's own, and what companies report."""

from __future__ import annotations

from functools import partial

from textual.worker import Worker

from aiwatch.errors import EditError
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.session.dependencies import ListHistory
from aiwatch.widgets.ledger.panel import LedgerRequest
from aiwatch.widgets.stock.fields import mention_rows

POLL_SECONDS = 2.0
"""How often the user's ledger files are looked at."""
DELIVERED, CLAIMS, TIMELINE = "delivered", "claims", "timeline"
"""The views of the ledger that need more than the ledger: companies' reports, adjusted closes, a basket's prices."""


class LedgerActions:
    """Shows what is new in its files, asks for reports while they are looked at, has records added and taken back."""

    def __init__(self, parts: DashboardParts) -> None:
        self._update_notices = parts.update_notices
        self._parts = parts
        self._screen = parts.screen
        self._session = parts.session
        self._panels = parts.panels

    def begin(self) -> None:
        """Look from now on whether the ledger's files change."""
        if self._session.ledger.has_files:
            self.look_at_files()
            self._screen.set_interval(POLL_SECONDS, self.look_at_files)

    def look_at_files(self) -> Worker[None]:
        """Read the ledger if its files changed, in a worker, and show what is new."""
        return self._parts.begin(self._reread, "ledger")

    def show(self) -> None:
        """Show the ledger as it is now, cursors where they were."""
        self._panels.ledger.redraw()
        self._panels.record.redraw()
        if (stock := self._panels.stock.stock) is not None:
            self._panels.stock.show(stock, mention_rows(self._session.ledger.ledger, stock.symbol))

    async def _reread(self, *, after_edit: bool = False) -> None:
        change = await self._session.ledger.reload(after_edit=after_edit)
        if change.ledger:
            self.show()
            self.look(self._panels.ledger.view)
        if change.files:
            self._update_notices()

    def start(self, request: LedgerRequest) -> None:
        """Do what the panel asks for."""
        if request.wish == "look":
            self.look(request.view)
        else:
            self.edit(undo=request.wish == "undo")

    def look(self, view: str) -> None:
        """Ask for what ``view`` shows, in a worker; nothing when it shows something else."""
        feed = self._session.dependencies.feed
        if view == DELIVERED and feed.spending is not None:
            self._parts.begin(self._load, "delivered", exclusive=True)
        elif view == CLAIMS and feed.list_history is not None:
            self._parts.begin(partial(self._adjust_closes, feed.list_history), "claims", exclusive=True)
        elif view == TIMELINE and feed.history is not None:
            self._parts.begin(self._load_basket, "basket", exclusive=True)

    def edit(self, *, undo: bool) -> None:
        """Ask for a record of the reader's own and write it, or take the last one back."""
        if not self._session.ledger.is_editable:
            self._screen.notify("The ledger cannot be edited here", timeout=3)
            return
        self._parts.begin(self._undo if undo else self._add, "ask", exclusive=True)

    async def _add(self) -> None:
        from aiwatch.screens.dialogs.add_record import AddRecordDialog

        id = await self._screen.app.push_screen_wait(AddRecordDialog(self._session.ledger.add))
        if id:
            await self._reread(after_edit=True)
            self._panels.ledger.go_to(id)
            self._screen.notify(f"{id} is in your ledger", timeout=4, markup=False)

    async def _undo(self) -> None:
        try:
            id = await self._session.ledger.undo()
        except EditError as error:
            self._screen.notify(f"{error} {error.hint}".strip(), severity="error", timeout=8, markup=False)
            return
        if id:
            await self._reread(after_edit=True)
        words = f"{id} is taken back" if id else "Nothing was added to the ledger that could be taken back"
        self._screen.notify(words, timeout=4, markup=False)

    async def _load(self) -> None:
        feed, ledger = self._session.dependencies.feed, self._session.ledger
        if feed.spending is None:
            return
        spending = await feed.spending()
        async for _ in ledger.ask_spending(spending, feed.mark):
            if self._panels.ledger.view == DELIVERED:
                self._panels.ledger.redraw()

    async def _adjust_closes(self, history: ListHistory) -> None:
        """Hold the last prices against end closes that are adjusted, as far as history has them."""
        async for _ in self._session.ledger.ask_closes(history):
            if self._panels.ledger.view == CLAIMS:
                self._panels.ledger.redraw()
            self._panels.record.redraw()

    async def _load_basket(self) -> None:
        feed = self._session.dependencies.feed
        if feed.history is None:
            return
        await self._session.ledger.ask_basket(await feed.history(), feed.mark)
        if self._panels.ledger.view == TIMELINE:
            self._panels.ledger.redraw()
