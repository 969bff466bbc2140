"""The views of the ledger beyond the first: claims, capacity, signals, conflicts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from msgspec.structs import replace
from textual.content import Content

from aiwatch.formatting.text import clip, signed, tone
from aiwatch.ledger import views
from aiwatch.ledger.amounts import SIGNS_OF_QUALIFIERS, printed_value
from aiwatch.ledger.links import place_words, sources_in, to_verify
from aiwatch.ledger.records import Claim, Commitment, Conflict, Ledger, Record, Signal
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.claims import printed_percent, since_then, verdict_forms
from aiwatch.widgets.ledger.context import FLAG, LedgerContext, figure
from aiwatch.widgets.ledger.delivered_view import delivered_view
from aiwatch.widgets.ledger.money_map import deals_view
from aiwatch.widgets.ledger.reference_views import sources_view, who_view
from aiwatch.widgets.ledger.rows import (
    BEING_READ,
    ListRow,
    Shown,
    ViewQuery,
    commitment_table,
    commitment_words,
    flag_cell,
    heading,
    matches,
    parties,
    source_cell,
    status_forms,
)
from aiwatch.widgets.ledger.time_views import timeline_view, years_view
from aiwatch.widgets.ledger.totals_view import totals_view
from aiwatch.widgets.table import Cell, Column, TableRows, cell

_CLAIMS = (
    Column(("Share",), least=12, most=36),
    Column(("Printed",), right=True),
    Column(("Window",), rank=2, least=8, most=14),
    Column(("Checked",), right=True),
    Column(("Since then", "Since"), right=True),
    Column((FLAG,), rank=3),
    Column(("Src",), rank=4, right=True),
)


SINCE_WORDS = "last price against the end close of the claim, unadjusted unless history says otherwise"


def claims_view(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """Every claim that matches: printed beside checked, and the move since then."""
    if not context.ledger.complete:
        return Shown((), BEING_READ)
    matching = [
        claim for claim in context.ledger.claims.values() if matches(query.text, *claim_words(context.ledger, claim))
    ]
    rows = TableRows(matching, partial(_claim_cells, context), _CLAIMS, width - 1, id_of)
    return Shown(rows, f"{len(matching)} claims · since then: {SINCE_WORDS}", rows.head)


def id_of(record: Record) -> str:
    """What the row of a record is called."""
    return record.id


def claim_words(ledger: Ledger, record: Claim) -> tuple[str, ...]:
    """Everything by which a claim can be found."""
    names = [f"{ledger.entities[id].name} {ledger.entities[id].name_zh}" for id in record.entities]
    return record.id, record.name, record.name_zh, record.verdict, record.note, *record.symbols, *names


def _claim_cells(context: LedgerContext, record: Claim) -> list[Cell]:
    change = since_then(record, context.quotes, context.adjusted_closes)
    symbol = parse_symbol(record.symbols[0]) if record.symbols else None
    checks = () if context.mark else context.checks(record.id)
    return [
        cell(f"{record.name_zh} {record.name}".strip()),
        cell(printed_percent(record)),
        cell(record.window, style="$quiet"),
        cell(*verdict_forms(record, checks), style="bold" if record.checked_percent is not None else "$quiet"),
        cell(f"{signed(change)} %", style=tone(change, symbol, context.convention))
        if change is not None
        else cell("–"),
        flag_cell(context, record),
        source_cell(context, record),
    ]


def _pledges(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    return commitment_table(context, views.pledges(context.ledger), query, width)


def _projections(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    shown = commitment_table(context, views.projections(context.ledger), query, width)
    return replace(shown, summary=f"{shown.summary} · nobody has committed to these: they enter no total")


def _verify(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    records = to_verify(context.ledger, context.today, context.stale_days)
    shown = commitment_table(context, records, ViewQuery(text=query.text), width, aged=True)
    what = f"newest source older than {context.stale_days} days, or undated"
    if not records:
        nothing = f"Nothing to verify: every commitment has a source of the last {context.stale_days} days"
        return Shown(
            (ListRow("", Content.styled(clip(nothing, width), "not bold $quiet")),), f"0 to verify again: {what}"
        )
    return replace(shown, summary=f"{len(records)} to verify again: {what}; the oldest first")


# Capacity

_FIGURES = ("gw", "mw", "mw_per_site", "gpus", "h100e", "eflops", "sites", "clusters", "kv")
_FIGURE_OF = {
    "GW": "gw", "MW": "mw_per_site", "GPUs": "gpus", "chips": "gpus", "EFLOPS": "eflops", "sites": "sites",
    "nodes": "sites", "clusters": "clusters", "kV": "kv",
}  # fmt: skip
_CAPACITY = (
    Column(("Who and where",), least=20, most=48),
    Column(("GW",), right=True),
    Column(("MW",), right=True),
    Column(("MW/site", "MW"), right=True),
    Column(("GPUs",), right=True),
    Column(("H100 eq.", "H100e"), right=True),
    Column(("EFLOPS", "EF"), right=True),
    Column(("Sites", "St"), right=True),
    Column(("Clusters", "Cl"), right=True),
    Column(("kV",), right=True),
    Column(("Status",), rank=3, least=9, most=26),
    Column((FLAG,)),
    Column(("Src",), rank=2, right=True),
)


def _capacity(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    ledger = context.ledger
    records = [record for record in views.capacity(ledger) if matches(query.text, commitment_words(ledger, record))]
    signals = [
        capacity_signal
        for capacity_signal in views.capacity_signals(ledger)
        if matches(query.text, signal_words(ledger, capacity_signal))
    ]
    items: list[Commitment | Signal | ListRow] = []
    for title, group in (("Commitments with a capacity", records), ("Signals of capacity", signals)):
        items += [heading(f"{title}  {len(group)}", width), *group] if group else []
    rows = TableRows(items, partial(_capacity_cells, context), _CAPACITY, width - 1, id_of)
    summary = f"{len(records)} commitments, {len(signals)} signals · {FLAG} figures that do not fit together: panel 4"
    return Shown(rows, summary, rows.head)


def qualified(forms: tuple[str, ...], word: str) -> tuple[str, ...]:
    """The forms of a figure with the word that goes with it: ``>2,000,000``, ``>2 M``, ``possible 100,000``,
    ``(100 k)``; every form keeps it."""
    if word in SIGNS_OF_QUALIFIERS or not word:
        return tuple(SIGNS_OF_QUALIFIERS.get(word, "") + form for form in forms)
    return (*(f"{word} {form}" for form in forms), f"({forms[-1]})")


def _capacity_cells(context: LedgerContext, record: Commitment | Signal) -> list[Cell]:
    if isinstance(record, Commitment):
        figures, words = dict(record.figures), dict(record.figure_qualifiers)
        who, status = parties(record), status_forms(context.ledger, record)
    else:
        name = _FIGURE_OF.get(record.unit)
        figures = {name: Decimal(record.value)} if name else {}
        words = {name: record.qualifier} if name else {}
        who = f"{record.subject}: {record.metric}" + ("" if name else f", {printed_value(record)}")
        status = (record.as_of,)
    cells = [cell(who)]
    cells += [
        cell(*qualified(figure(figures[name]), words.get(name, "")), style="bold") if name in figures else cell()
        for name in _FIGURES
    ]
    cells += [cell(*status, style="$quiet"), flag_cell(context, record), source_cell(context, record)]
    return cells


# Signals

_SIGNALS = (
    Column(("What",), least=18),
    Column(("Value",), right=True),
    Column(("Trend",), rank=2, least=8, most=9),
    Column(("As of",), rank=3, least=7, most=22),
    Column((FLAG,)),
    Column(("Src",), rank=1, right=True),
)


def signal_words(ledger: Ledger, record: Signal) -> str:
    """Everything by which a signal can be found."""
    names = [f"{ledger.entities[id].name} {ledger.entities[id].name_zh}" for id in record.entities]
    fields = (record.id, record.kind, record.group, record.subject, record.metric, record.value, record.unit)
    return " ".join((*fields, record.source, record.mark, record.note, *record.chain, *names))


def signal_value(record: Signal) -> tuple[str, ...]:
    """The value with its qualifier and unit; what is only explained of the unit goes first where there is no room."""
    unit, _, doubt = record.unit.partition(" (")
    if not record.value:
        return (record.unit,)
    if unit in ("year", "quarter"):
        return (record.value,)
    forms = figure(Decimal(record.value)) if record.value.isdecimal() and len(record.value) > 4 else (record.value,)
    short = "pp" if unit == "percentage points" else unit + ("?" if doubt else "")
    word = f"{record.qualifier} " if record.qualifier else ""
    fullest, shortest = f"{word}{forms[0]} {record.unit}".strip(), f"{forms[-1]} {short}".strip()
    if record.qualifier and record.qualifier not in SIGNS_OF_QUALIFIERS:
        return fullest, f"({shortest})"
    return fullest, f"{SIGNS_OF_QUALIFIERS.get(record.qualifier, '')}{shortest}"


def _signals(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    if not context.ledger.complete:
        return Shown((), BEING_READ)
    groups = {
        group: [record for record in records if matches(query.text, group, signal_words(context.ledger, record))]
        for group, records in views.signals_by_group(context.ledger).items()
    }
    items: list[Signal | ListRow] = []
    for group, records in groups.items():
        items += [heading(f"{group[:1].upper()}{group[1:]}  {len(records)}", width), *records] if records else []
    rows = TableRows(items, partial(_signal_cells, context), _SIGNALS, width - 1, id_of)
    many, risks = sum(map(len, groups.values())), len(groups.get(views.RISKS, ()))
    return Shown(rows, f"{many} signals, {risks} of them risks", rows.head)


def _signal_cells(context: LedgerContext, record: Signal) -> list[Cell]:
    return [
        cell(f"{record.subject}: {record.metric}"),
        cell(*signal_value(record), style="bold"),
        cell(record.direction),
        cell(record.as_of, style="$quiet"),
        flag_cell(context, record),
        source_cell(context, record),
    ]


# Conflicts


def _conflicts(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    ledger = context.ledger
    matching = [
        conflict for conflict in ledger.conflicts.values() if matches(query.text, *conflict_words(ledger, conflict))
    ]
    rows: list[ListRow] = []
    for at, conflict_shown in enumerate(matching):
        if at == 0 or matching[at - 1].topic != conflict_shown.topic:
            many = sum(each.topic == conflict_shown.topic for each in matching)
            rows.append(heading(f"{conflict_shown.topic}  {many}", width))
        rows.append(ListRow(conflict_shown.id, _conflict_lines(ledger, conflict_shown, width)))
    marking = sum(conflict.marks_records for conflict in matching)
    between = sum(len(sources_in(conflict)) > 1 for conflict in matching)
    plural = "" if len(matching) == 1 else "s"
    summary = f"{len(matching)} conflict{plural}, {between} between articles; {marking} mark their records"
    return Shown(tuple(rows), summary)


def conflict_words(ledger: Ledger, conflict: Conflict) -> tuple[str, ...]:
    """Everything by which a conflict can be found."""
    return (
        conflict.id,
        conflict.topic,
        conflict.kind,
        conflict.kind_word,
        conflict.title,
        conflict.show_as,
        *conflict.records,
        *(f"{side.says} {side.at} {place_words(ledger, side.at)}" for side in conflict.sides),
    )


def _conflict_lines(ledger: Ledger, conflict: Conflict, width: int) -> Content:
    """The title, then each side on a row of its own with the place at its end."""
    style = "$warning" if conflict.marks_records else "$quiet"
    rows = [
        Content.assemble(
            (f" {conflict.id} ", style), (clip(conflict.heading, width - len(conflict.id) - 2).rstrip(), "bold")
        )
    ]
    for side in conflict.sides:
        place = place_words(ledger, side.at)
        room = width - 7 - len(place)
        shown = clip(side.says, room) if room >= 16 else clip(side.says, width - 4)
        rows.append(Content.assemble("   ", shown, (f" [{place}]" if room >= 16 else "", "$quiet")))
    return Content("\n").join(rows)


FURTHER_VIEWS: dict[str, Callable[[LedgerContext, ViewQuery, int], Shown]] = {
    "pledges": _pledges,
    "deals": deals_view,
    "capacity": _capacity,
    "signals": _signals,
    "claims": claims_view,
    "conflicts": _conflicts,
    "totals": totals_view,
    "projections": _projections,
    "years": years_view,
    "delivered": delivered_view,
    "timeline": timeline_view,
    "who": who_view,
    "sources": sources_view,
    "verify": _verify,
}
