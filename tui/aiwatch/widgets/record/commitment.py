"""Panel 4's text for a commitment: the first one is shown with the first paint, before the other kinds are loaded."""

from __future__ import annotations

from textual.content import Content

from aiwatch.ledger.links import current_id
from aiwatch.ledger.records import Commitment, Ledger, Signal
from aiwatch.ledger.views import Target
from aiwatch.market.state import Desk
from aiwatch.widgets.ledger.context import Reading
from aiwatch.widgets.linked_rows import Row
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


def commitment_title(ledger: Ledger, one: Commitment) -> str:
    """The heading of panel 4 for a commitment."""
    return f"{one.id} {one.kind}{', superseded' if one.id in ledger.superseded else ''}"


def commitment_text(reading: Reading, desk: Desk, one: Commitment) -> list[Row]:
    """Everything about ``one``, its companies as the desk knows them now."""
    rows = [*commitment_facts(reading, one), *trust_rows(reading, one), *source_rows(reading, one, one.also_lines)]
    rows += company_rows(reading, desk, one)
    rows += conflict_rows_of(reading, one)
    rows += [*related_rows(reading, one), *further_sources(reading, one)]
    rows += [*history_rows(reading, one), *superseded_by(reading.ledger, one)]
    rows += implied_rows(reading, one)
    return [*rows, *note_rows(one.note)]


def superseded_by(ledger: Ledger, one: Commitment | Signal) -> list[Row]:
    """A row to what took the place of ``one``; none when nothing did."""
    now = current_id(ledger, one.id)
    if now == one.id:
        return []
    return [Row(Content.assemble(("  superseded by ", "$quiet"), now), target=Target("record", now))]
