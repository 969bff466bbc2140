"""Panel 4's text for a commitment: the first one is shown with the first paint, before the other kinds are loaded."""

from __future__ import annotations

from textual.content import Content

from aiwatch.ledger.links import current_id
from aiwatch.ledger.records import Commitment, Ledger, Signal
from aiwatch.market.state import MarketState
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.linked_rows import Row, Target
from aiwatch.widgets.record.facts import (
    commitment_facts,
    company_rows,
    conflict_rows_of,
    further_sources,
    history_rows,
    implied_rows,
    note_rows,
    related_rows,
    source_rows,
    trust_rows,
)


def commitment_title(ledger: Ledger, record: Commitment) -> str:
    """The heading of panel 4 for a commitment."""
    return f"{record.id} {record.kind}{', superseded' if record.id in ledger.superseded else ''}"


def commitment_text(context: LedgerContext, market: MarketState, record: Commitment) -> list[Row]:
    """Everything about ``record``, its companies as the desk knows them now."""
    rows = [
        *commitment_facts(context, record),
        *trust_rows(context, record),
        *source_rows(context, record, record.also_lines),
    ]
    rows += company_rows(context, market, record)
    rows += conflict_rows_of(context, record)
    rows += [*related_rows(context, record), *further_sources(context, record)]
    rows += [*history_rows(context, record), *superseded_by(context.ledger, record)]
    rows += implied_rows(context, record)
    return [*rows, *note_rows(record.note)]


def superseded_by(ledger: Ledger, record: Commitment | Signal) -> list[Row]:
    """A row to what took the place of ``record``; none when nothing did."""
    now = current_id(ledger, record.id)
    if now == record.id:
        return []
    return [Row(Content.assemble(("  superseded by ", "$quiet"), now), target=Target(now))]
