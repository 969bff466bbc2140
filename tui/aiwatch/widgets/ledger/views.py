"""The views of the ledger by name. The first view is made here; the others are loaded when one is asked for."""

from __future__ import annotations

from aiwatch.ledger.links import by_kind
from aiwatch.ledger.records import Ledger
from aiwatch.widgets.ledger.context import Reading
from aiwatch.widgets.ledger.rows import Asked, Shown, commitment_table

VIEWS = (
    ("all", "All"),
    ("pledges", "Pledges"),
    ("deals", "Deals"),
    ("capacity", "Capacity"),
    ("signals", "Signals"),
    ("claims", "Claims"),
    ("conflicts", "Conflicts"),
    ("totals", "Totals"),
    ("verify", "Re-verify"),
)
"""The views in the order of their tabs, with their titles."""

SORTED_VIEWS = ("all", "pledges", "deals")
"""The views with more than one order."""


def show(view: str, reading: Reading, asked: Asked, width: int) -> Shown:
    """What ``view`` shows in rows of ``width`` cells."""
    if view == "all":
        records = [record for group in by_kind(reading.ledger).values() for record in group]
        return commitment_table(reading, records, asked, width)
    from aiwatch.widgets.ledger.more_views import FURTHER_VIEWS

    return FURTHER_VIEWS[view](reading, asked, width)


def first_keys(ledger: Ledger) -> list[str]:
    """The keys of the first view's rows, empty for headings: what can be known before there is a width."""
    return [key for group in by_kind(ledger).values() for key in ("", *(record.id for record in group))]


def view_of(ledger: Ledger, key: str) -> str:
    """The first view that has a row called ``key``; empty when none has."""
    if key in ledger.commitments:
        return "all"
    for name, records in (("signals", ledger.signals), ("claims", ledger.claims), ("conflicts", ledger.conflicts)):
        if key in records:
            return name
    return {"total": "totals", "circle": "deals", "gets": "deals", "pays": "deals"}.get(key.partition(":")[0], "")
