"""Every total, way by way: what was counted, what stands beside, what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from heapq import nlargest

from textual.content import Content

from aiwatch.ledger.amounts import money, plain
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.totals import WAYS, Total, totals_by
from aiwatch.widgets.ledger.context import LedgerContext, sums_forms
from aiwatch.widgets.ledger.rows import ListRow, Shown, ViewQuery, heading, matches
from aiwatch.widgets.table import LARGE, SAMPLE, Cell, Column, LateRows, cell, head, line, widths_of

_COLUMNS = (
    Column(("What",), least=12, most=44),
    Column(("Sum",), right=True),
    Column(("In USD",), right=True),
    Column(("Of", "Of"), right=True),
    Column(("Counts",), rank=1, least=10),
)
NOT_ADDED = "not added"
"""Said where every sum of a group stands by itself: umbrellas, forecasts, yearly rates."""
_MOST_IDS = 100
"""Records of a total named in its row: more than any row has room for."""


def total_key(way: str, label: str) -> str:
    """What a total's row is called."""
    return f"total:{way}:{label}"


def find_total(ledger: Ledger, key: str) -> Total | None:
    """The total of a row called ``key``, as the ledger stands now."""
    _, way, label = key.split(":", 2)
    return next((total for total in totals_by(ledger, way) if total.label == label), None)


def totals_view(context: LedgerContext, asked: ViewQuery, width: int) -> Shown:
    """Every total that matches, way by way."""
    totals = [
        (way, total)
        for way in WAYS
        for total in totals_by(context.ledger, way)
        if not asked.text or matches(asked.text, way, total.label, *(record.id for record in total.included))
    ]
    for _, total in totals:
        _ = total.cautions  # of thousands of records, looked at here and not when the row is reached
    columns = [*_COLUMNS]
    columns[2] = Column((f"In {context.currency}",), right=True)
    widths = widths_of(columns, [_cells(context, total) for _, total in _widest(totals)], width - 1)
    items: list[Total | str] = []
    keys: list[str] = []
    for at, (way, total) in enumerate(totals):
        if at == 0 or totals[at - 1][0] != way:
            items.append(f"By {way}")
            keys.append("")
        items.append(total)
        keys.append(total_key(way, total.label))

    def row_at(at: int) -> ListRow:
        item = items[at]
        if isinstance(item, str):
            return heading(item, width)
        return ListRow(keys[at], Content(" ") + line(columns, widths, _cells(context, item)))

    summary = (
        "Of: counted of all · what was left out, and why: panel 4 · no grand total: the same money may show up several "
        "times, in several periods"
    )
    return Shown(LateRows(keys, row_at), summary, Content(" ") + head(columns, widths))


def _widest(totals: Sequence[tuple[str, Total]]) -> Sequence[tuple[str, Total]]:
    """The totals that the columns are as wide as: all, or of a large table those whose sums take the most cells."""
    if len(totals) <= LARGE:
        return totals
    widest = nlargest(SAMPLE, totals, key=lambda named: (len(named[1].sums), bool(named[1].unknown), _size(named[1])))
    return [*totals[:SAMPLE], *widest]


def _size(total: Total) -> int:
    """The digits of the sums, without the noughts that a unit stands for."""
    return sum(len(plain(amount).rstrip("0")) for _, amount in total.sums)


def converted_total(context: LedgerContext, total: Total) -> str:
    """The sum in the currency asked for; ``no rate`` when a part cannot be converted."""
    if not total.sums:
        return ""
    parts = total.converted(context.currency, context.rates)
    if parts is None:
        return "no rate"
    return money(sum((part.amount for part in parts), Decimal(0)), context.currency, 4)


def sum_words(total: Total) -> tuple[str, ...]:
    """The sums with what is not known beside them: ``$128 bn + ?``; ``?`` where nothing is known at all; where none
    can be added, the largest that stands by itself."""
    tail = " + ?" if total.unknown else ""
    if total.sums:
        return tuple(form + tail for form in sums_forms(total.sums))
    alone = [omitted.record for omitted in total.left_out if omitted.record.amount is not None]
    if not alone:
        return ("?",)
    words = dict.fromkeys(money(record.amount or Decimal(0), record.currency) for record in alone)
    return f"{NOT_ADDED}: {', '.join(words)}", f"{NOT_ADDED}: {len(alone)}", "–"


def _cells(context: LedgerContext, total: Total) -> list[Cell]:
    everything = len(total.included) + len(total.left_out) + len(total.unknown)
    ids = " ".join(record.id for record in total.included[:_MOST_IDS])
    return [
        cell(total.label),
        cell(*sum_words(total), style="bold" if total.sums else "$quiet"),
        cell(converted_total(context, total) if context.currency else ""),
        cell(f"{len(total.included)}/{everything}", style="$quiet"),
        cell(" ".join(part for part in (ids or "none", _beside_words(total)) if part), style="$quiet"),
    ]


def _beside_words(total: Total) -> str:
    """The joint records in which the party has a share: ``and jointly C011 C025``."""
    ids = " ".join(omitted.record.id for omitted in total.beside)
    return f"and jointly {ids}" if ids else ""
