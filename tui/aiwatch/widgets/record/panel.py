"""The panel of what the ledger's cursor is on: every field, its conflicts, and its companies, live."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from aiwatch.ledger.records import Commitment
from aiwatch.market.state import MarketState
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.linked_rows import LinkedRows, Row

_FRAME = 2
_USUAL_LINES = 24
"""Lines of a text that has not been laid out yet."""


class RecordDetail(LinkedRows):
    """One record, conflict, total, circle, entity or source. ``context`` gives the ledger as it is to be read now,
    ``why_nothing`` what is said where none is shown."""

    DEFAULT_CSS = "RecordDetail { padding: 0 1; }"

    def __init__(
        self,
        market: MarketState,
        context: Callable[[], LedgerContext],
        why_nothing: Callable[[], str],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._market = market
        self._ledger_context = context
        self._why_nothing = why_nothing
        self.key = ""
        """What is shown: the key of a row of the ledger."""
        self._moved: object = None
        """What decided on the text of a commitment a second ago."""
        self._still: tuple[object, tuple[list[Row], list[Row]]] = None, ([], [])
        """What of that text does not move by itself, and what has decided it."""

    def show(self, key: str) -> str:
        """Show what the row called ``key`` stands for, without one why there is none; returns its title."""
        changed, self.key = key != self.key, key
        if changed:
            self.start_over()
        else:
            self.redraw()
        ledger = self._ledger_context().ledger
        if not key:
            return "Record"
        if key in ledger.commitments:
            from aiwatch.widgets.record.facts import commitment_title

            return commitment_title(ledger, ledger.commitments[key])
        from aiwatch.widgets.record.text import find, title_of  # the other kinds come after the first paint

        record = find(ledger, key)
        return title_of(ledger, key, record) if record is not None else ""

    def move_on(self) -> None:
        """A second is over: show the text as it is now. That of a commitment is worked out again only when something
        that it says is another."""
        context = self._ledger_context()
        record = context.ledger.commitments.get(self.key)
        if record is None:
            self.redraw()
            return
        from aiwatch.widgets.record.facts import companies_now

        moved = _reading(context, record), companies_now(context, self._market, record)
        if moved != self._moved:
            self._moved = moved
            self.redraw()

    def rows(self, width: int) -> Sequence[Row]:
        """The text as it is now, the same for every width."""
        if not self.key:
            return (Row(Content.styled(self._why_nothing(), "$quiet")),)
        context = self._ledger_context()
        if self.key in context.ledger.commitments:
            return self._commitment_rows(context, context.ledger.commitments[self.key])
        from aiwatch.widgets.record.text import find, text_of

        record = find(context.ledger, self.key)
        if record is None:
            return (Row(Content.styled(f"{self.key} is not in the ledger any more", "$quiet")),)
        return text_of(context, self._market, record)

    def _commitment_rows(self, context: LedgerContext, record: Commitment) -> Sequence[Row]:
        """The text of ``record``; of a text that was shown before, the companies alone are worked out again."""
        from aiwatch.widgets.record.facts import around_companies, commitment_text

        reading = _reading(context, record)
        if reading != self._still[0]:
            self._still = reading, around_companies(context, record)
        return commitment_text(context, self._market, record, self._still[1])


def _reading(context: LedgerContext, record: Commitment) -> tuple[object, ...]:
    """What decides on the text of ``record`` besides its companies' prices; rates, which move all the time, where sums
    are also said in a currency."""
    rates = context.rates if context.currency else ()
    read_by = (context.ledger, context.today, rates, context.currency, context.stale_days)
    return record, *read_by, context.convention, context.reports, context.claim_history, context.basket


class RecordPanel(Vertical):
    """One record, conflict, total or circle in full. ``context`` gives the ledger as it is to be read now,
    ``why_nothing`` what is said where none is shown."""

    def __init__(
        self,
        market: MarketState,
        context: Callable[[], LedgerContext],
        why_nothing: Callable[[], str],
        *,
        id: str | None = None,
        classes: str = "",
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.detail = RecordDetail(market, context, why_nothing, id="record")

    def compose(self) -> ComposeResult:
        yield self.detail

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
