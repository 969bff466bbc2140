"""The views of the ledger by name. The first view is made here; the others are loaded when one is asked for."""

from __future__ import annotations

from aiwatch.ledger.records import Ledger
from aiwatch.ledger.views import SCREEN_VIEWS, everything, target_of
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.ledger.rows import Shown, ViewQuery, commitment_table, first_headings

VIEWS = tuple((view.key, view.title) for view in SCREEN_VIEWS)
"""The keys of the views in the order of their tabs, with their titles."""

SORTED_VIEWS = tuple(view.key for view in SCREEN_VIEWS if view.sorts)
"""The views with more than one order."""

_VIEW_OF = {
    "total": "totals",
    "circle": "deals",
    "gets": "deals",
    "pays": "deals",
    "entity": "who",
    "source": "sources",
    "event": "timeline",
    "year": "years",
    "rate": "years",
}


def show(view: str, context: LedgerContext, asked: ViewQuery, width: int) -> Shown:
    """What ``view`` shows in rows of ``width`` cells."""
    if view == "all":
        return commitment_table(context, everything(context.ledger), asked, width)
    from aiwatch.widgets.ledger.more_views import FURTHER_VIEWS

    return FURTHER_VIEWS[view](context, asked, width)


def first_keys(ledger: Ledger) -> list[str]:
    """The keys of the first view's rows, empty for headings: what can be known before there is a width."""
    return [key for records in first_headings(everything(ledger)) for key in ("", *(record.id for record in records))]


def view_of(ledger: Ledger, key: str) -> str:
    """The first view that has a row called ``key``; empty when none has."""
    if key in ledger.commitments:
        return "all"
    for name, records in (("signals", ledger.signals), ("claims", ledger.claims), ("conflicts", ledger.conflicts)):
        if key in records:
            return name
    return _VIEW_OF.get(target_of(key).kind, "")
