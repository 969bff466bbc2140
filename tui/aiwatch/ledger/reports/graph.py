"""The map of money as a graph: companies as nodes, typed edges, written as Mermaid, Graphviz or JSON values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct

from aiwatch.ledger.circles import Leg, circles, legs
from aiwatch.ledger.records import Commitment, Ledger
from aiwatch.ledger.totals import Total

EDGE_TYPES = {
    "equity investment": "equity",
    "compute contract": "services",
    "chip purchase": "chips",
    "guarantee": "guarantee",
}
"""The types of edges by the kind of commitment; others are ``money``, a supplier's part is ``supply``."""

_LINES = {"equity": "bold", "supply": "dotted", "guarantee": "dashed"}


class Edge(Struct, frozen=True):
    """What one entity pays another, of one ``type``; ``amount`` is in words, ``records`` the ids behind it, and
    ``in_circle`` whether the money may come back."""

    payer: str
    recipient: str
    type: str
    amount: str
    records: tuple[str, ...]
    in_circle: bool


def edges(ledger: Ledger) -> tuple[Edge, ...]:
    """The edges of the map, a pair and type each."""
    around = {(leg.payer, leg.recipient) for circle in circles(ledger) for leg in circle.legs}
    drawn = []
    for pair, leg in legs(ledger).items():
        whole = leg.total
        records = [*whole.included, *(omitted.record for omitted in (*whole.left_out, *whole.unknown))]
        for name in dict.fromkeys(_type(record, pair[1]) for record in records):
            part = _of_type(leg, name)
            ids = [*part.total.included, *(left.record for left in (*part.total.left_out, *part.total.unknown))]
            numbers = tuple(dict.fromkeys(record.id for record in ids))
            drawn.append(Edge(*pair, name, part.amount(), numbers, pair in around))
    return tuple(drawn)


def as_mermaid(ledger: Ledger) -> str:
    """The map as a Mermaid flowchart."""
    drawn = edges(ledger)
    lines = ["flowchart LR"]
    lines += [f'  {id}["{_quoted(ledger.entities[id].name)}"]' for id in _nodes(drawn)]
    for edge in drawn:
        arrow = "-.->" if edge.type in ("supply", "guarantee") else "==>" if edge.in_circle else "-->"
        lines.append(f'  {edge.payer} {arrow}|"{_quoted(f"{edge.type}: {edge.amount}")}"| {edge.recipient}')
    return "\n".join(lines) + "\n"


def as_dot(ledger: Ledger) -> str:
    """The map as a Graphviz digraph."""
    drawn = edges(ledger)
    lines = ["digraph ledger {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  "{id}" [label="{_escaped(ledger.entities[id].name)}"];' for id in _nodes(drawn)]
    for edge in drawn:
        label, style = _escaped(f"{edge.type}: {edge.amount}"), _LINES.get(edge.type, "solid")
        colour = ", color=red" if edge.in_circle else ""
        lines.append(f'  "{edge.payer}" -> "{edge.recipient}" [label="{label}", style={style}{colour}];')
    return "\n".join([*lines, "}"]) + "\n"


def as_values(ledger: Ledger) -> dict[str, Any]:
    """The map as plain values: nodes and edges."""
    drawn = edges(ledger)
    entities = [ledger.entities[id] for id in _nodes(drawn)]
    return {
        "nodes": [
            {"id": entity.id, "name": entity.name, "type": entity.type, "symbols": list(entity.symbols)}
            for entity in entities
        ],
        "edges": [
            {
                "from": edge.payer,
                "to": edge.recipient,
                "type": edge.type,
                "amount": edge.amount,
                "records": list(edge.records),
                "in_circle": edge.in_circle,
            }
            for edge in drawn
        ],
    }


def _of_type(leg: Leg, name: str) -> Leg:
    """The part of ``leg`` whose deals are of one type."""
    whole = leg.total
    included = tuple(record for record in whole.included if _type(record, leg.recipient) == name)
    left_out, unknown = (
        tuple(omitted for omitted in group if _type(omitted.record, leg.recipient) == name)
        for group in (whole.left_out, whole.unknown)
    )
    sums: dict[str, Decimal] = {}
    for record in included:
        sums[record.currency] = sums.get(record.currency, Decimal(0)) + (record.amount or 0)
    return Leg(leg.payer, leg.recipient, Total(whole.label, tuple(sums.items()), included, left_out, unknown))


def _type(record: Commitment, recipient: str) -> str:
    if recipient in record.suppliers and recipient not in record.recipients:
        return "supply"
    return EDGE_TYPES.get(record.kind, "money")


def _nodes(drawn: tuple[Edge, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for edge in drawn for id in (edge.payer, edge.recipient)))


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
