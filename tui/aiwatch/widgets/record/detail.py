"""What the ledger's cursor is on, in full: its fields, its conflicts, and the listed companies it touches, live."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from aiwatch.market.state import MarketState
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.linked_rows import LinkedRows, Row


class RecordDetail(LinkedRows):
    """One record, conflict, total, circle, entity or source. ``context`` gives the ledger as it is to be read now."""

    DEFAULT_CSS = "RecordDetail { padding: 0 1; }"

    def __init__(self, market: MarketState, context: Callable[[], LedgerContext], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._market = market
        self._ledger_context = context
        self.key = ""
        """What is shown: the key of a row of the ledger."""

    def show(self, key: str) -> str:
        """Show what the row called ``key`` stands for; returns its title."""
        changed, self.key = key != self.key, key
        if changed:
            self.start_over()
        else:
            self.redraw()
        ledger = self._ledger_context().ledger
        if key in ledger.commitments:
            from aiwatch.widgets.record.commitment import commitment_title

            return commitment_title(ledger, ledger.commitments[key])
        from aiwatch.widgets.record.text import find, title_of  # the other kinds come after the first paint

        record = find(ledger, key)
        return title_of(ledger, key, record) if record is not None else ""

    def rows(self) -> Sequence[Row]:
        """The text as it is now."""
        if not self.key:
            return (Row(Content.styled("No record selected", "$quiet")),)
        context = self._ledger_context()
        if self.key in context.ledger.commitments:
            from aiwatch.widgets.record.commitment import commitment_text

            return commitment_text(context, self._market, context.ledger.commitments[self.key])
        from aiwatch.widgets.record.text import find, text_of

        record = find(context.ledger, self.key)
        if record is None:
            return (Row(Content.styled(f"{self.key} is not in the ledger any more", "$quiet")),)
        return text_of(context, self._market, record)
