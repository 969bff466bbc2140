"""The panel of the record that the ledger's cursor is on."""

from __future__ import annotations

from collections.abc import Callable

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from aiwatch.market.state import MarketState
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.record.detail import RecordDetail

_FRAME = 2
_USUAL_LINES = 24
"""Lines of a text that has not been laid out yet."""


class RecordPanel(Vertical):
    """One record, conflict, total or circle in full. ``context`` gives the ledger as it is to be read now."""

    detail = getters.query_one("#record", RecordDetail)

    def __init__(
        self, market: MarketState, context: Callable[[], LedgerContext], *, id: str | None = None, classes: str = ""
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._market = market
        self._ledger_context = context

    def compose(self) -> ComposeResult:
        yield RecordDetail(self._market, self._ledger_context, id="record")

    @property
    def rows_needed(self) -> int:
        """The rows of a panel that shows all of the record."""
        return _FRAME + (self.detail.line_count or _USUAL_LINES)

    @property
    def front(self) -> Widget:
        """What takes the keys."""
        return self.detail

    @property
    def key(self) -> str:
        """The key of the ledger's row that is shown; empty for none."""
        return self.detail.key

    def show(self, key: str) -> str:
        """Show what the ledger's row called ``key`` stands for; returns its title."""
        return self.detail.show(key)

    def redraw(self) -> None:
        """Show the record as it is now."""
        self.detail.redraw()

    def colour(self, convention: str) -> None:
        """Colour gains and losses by ``convention``."""
        self.detail.convention = convention

    def step_back(self) -> bool:
        """Nothing here is left before the panel itself is."""
        return False

    @property
    def plain(self) -> str:
        """The text of the record."""
        return self.detail.plain
