"""The totals: by kind, payer, recipient and region, each with what it counts and what it leaves out."""

from __future__ import annotations

from decimal import Decimal

from textual.content import Content

from aiwatch.ledger.amounts import money
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.totals import WAYS, Total, totals_by
from aiwatch.widgets.ledger.context import Reading, sums_forms
from aiwatch.widgets.ledger.rows import Asked, ListRow, Shown, heading, matches
from aiwatch.widgets.table import Cell, Column, cell, head, line, widths_of

_COLUMNS = (
    Column(("What",), least=12, most=44),
    Column(("Sum",), right=True),
    Column(("In USD",), right=True),
    Column(("Of", "Of"), right=True),
    Column(("Counts",), rank=1, least=10),
)
NOTHING_TO_ADD = "nothing to add"


def total_key(way: str, label: str) -> str:
    """What a total's row is called."""
    return f"total:{way}:{label}"


def find_total(ledger: Ledger, key: str) -> Total | None:
    """The total of a row called ``key``, as the ledger stands now."""
    _, way, label = key.split(":", 2)
    return next((total for total in totals_by(ledger, way) if total.label == label), None)


def totals_view(reading: Reading, asked: Asked, width: int) -> Shown:
    """Every total that matches, way by way."""
    found = [
        (way, total)
        for way in WAYS
        for total in totals_by(reading.ledger, way)
        if matches(asked.text, way, total.label, *(record.id for record in total.included))
    ]
    columns = [*_COLUMNS]
    columns[2] = Column((f"In {reading.currency}",), right=True)
    table = [_cells(reading, total) for _, total in found]
    widths = widths_of(columns, table, width - 1)
    rows: list[ListRow] = []
    for at, ((way, total), cells) in enumerate(zip(found, table, strict=True)):
        if at == 0 or found[at - 1][0] != way:
            rows.append(heading(f"By {way}", width))
        rows.append(ListRow(total_key(way, total.label), Content(" ") + line(columns, widths, cells)))
    return Shown(
        tuple(rows), "Of: counted of all · what was left out, and why: panel 4 · no grand total: the same money may "
        "show up several times", Content(" ") + head(columns, widths),
    )  # fmt: skip


def converted_total(reading: Reading, total: Total) -> str:
    """The sum in the currency asked for; ``no rate`` when a part cannot be converted."""
    if not total.sums:
        return ""
    parts = total.converted(reading.currency, reading.rates)
    if parts is None:
        return "no rate"
    return money(sum((part.amount for part in parts), Decimal(0)), reading.currency, 4)


def sum_words(total: Total) -> tuple[str, ...]:
    """The sums with what is not known beside them: ``$128 bn + ?``; ``?`` where nothing is known at all."""
    tail = " + ?" if total.unknown else ""
    if total.sums:
        return tuple(form + tail for form in sums_forms(total.sums))
    return ("?",) if total.unknown and not total.left_out else (NOTHING_TO_ADD, "–")


def _cells(reading: Reading, total: Total) -> list[Cell]:
    everything = len(total.included) + len(total.left_out) + len(total.unknown)
    ids = " ".join(record.id for record in total.included)
    return [
        cell(total.label),
        cell(*sum_words(total), style="bold" if total.sums else "$quiet"),
        cell(converted_total(reading, total) if reading.currency else ""),
        cell(f"{len(total.included)}/{everything}", style="$quiet"),
        cell(ids or "left out, see panel 4", style="$quiet"),
    ]
