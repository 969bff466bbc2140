"""Timeline, money a year, editions, and the map as a graph."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from aiwatch.ledger import export
from aiwatch.ledger.reports import editions, graph
from aiwatch.ledger.reports.timeline import events
from aiwatch.ledger.reports.years import by_year, yearly_rates
from tests.ledger.bundled import bundled_ledger

BN = Decimal(10**9)


def test_events_go_from_the_earliest_to_the_latest_and_know_what_is_to_come() -> None:
    timeline = events(bundled_ledger())
    assert [event.date for event in timeline] == sorted(event.date for event in timeline)
    stages = {(event.record.id, event.stage): event.date for event in timeline}
    assert stages["C022", "building"] == "2026-06-01"
    assert stages["C033", "contracted"] == "2025-09-10"
    assert stages["C038", "begins"] == "2019"
    ahead = {event.record.id for event in timeline if event.is_planned("2026-11-27")}
    assert ahead == {"C010", "C040", "C045", "C046"}
    assert "C003" not in ahead, "a year that has begun is not to come"


def test_spending_by_year_says_which_quarters_it_has() -> None:
    sums = {(spent.year, spent.who): spent for spent in by_year(bundled_ledger())}
    assert sums["2025", "Tencent"].quarters == ("2025Q1",)
    assert sums["2024", "Tencent"].amount == Decimal("36.6") * BN
    assert sums["2025", "North American cloud providers"].is_forecast
    assert not sums["2025", "ByteDance"].is_forecast


def test_oracles_two_yearly_rates_stand_in_one_row() -> None:
    row = next(row for row in yearly_rates(bundled_ledger()) if row.label == "OpenAI → Oracle")
    assert [(rate.record.id, rate.amount / BN, rate.is_printed) for rate in row.rates] == [
        ("C002", Decimal(30), True),
        ("C033", Decimal(60), False),
    ]


def _row(**changed: Any) -> dict[str, Any]:
    ledger = bundled_ledger()
    return {**export.commitment(ledger, ledger.commitments["C022"]), **changed}


STEP = {"status": "announced", "date": "2025", "source": "000", "says": None}


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ({}, {}, []),
        ({"amount": "5"}, {}, ["changed"]),
        ({"verified": []}, {}, ["verified"]),
        (
            {"period": {"start": None, "end": "2026", "printed": None, "years": None}},
            {"period": {"start": None, "end": "2028", "printed": None, "years": None}},
            ["slipped"],
        ),
        ({"status_history": [STEP]}, {"status_history": [STEP, {**STEP, "status": "paused"}]}, ["slipped"]),
        ({"status_history": [STEP]}, {"status_history": [STEP, {**STEP, "status": "cancelled"}]}, ["cancelled"]),
        (
            {"status_history": [STEP], "amount": "1"},
            {"status_history": [STEP, {**STEP, "status": "cancelled"}], "amount": "2"},
            ["cancelled", "changed"],
        ),
    ],
)
def test_what_changed_between_editions(before: dict[str, Any], after: dict[str, Any], kinds: list[str]) -> None:
    old, new = editions.edition([_row(**before)]), editions.edition([_row(**after)])
    assert [change.kind for change in editions.changes(old, new)] == kinds


def test_added_and_removed_records() -> None:
    old, new = editions.edition([_row(), _row(id="gone")]), editions.edition([_row(id="new"), _row()])
    assert [(change.kind, change.id) for change in editions.changes(old, new)] == [
        ("added", "new"),
        ("removed", "gone"),
    ]


def test_a_graph_has_typed_edges_and_unknown_suppliers() -> None:
    edges = {(edge.payer, edge.recipient, edge.type): edge for edge in graph.edges(bundled_ledger())}
    assert edges["E013", "E011", "equity"].amount == "$100 bn + unknown"
    assert edges["E011", "E012", "services"].records == ("C033", "C002")
    assert edges["E012", "E013", "chips"].in_circle
    assert edges["E013", "E044", "guarantee"].amount == "at most $6.3 bn"
    assert edges["E044", "E013", "supply"].amount == "unknown"
    assert not edges["E024", "E011", "equity"].in_circle


def test_the_graphs_texts_name_every_node_once() -> None:
    ledger = bundled_ledger()
    values = graph.as_values(ledger)
    assert json.loads(json.dumps(values)) == values
    mermaid, dot = graph.as_mermaid(ledger), graph.as_dot(ledger)
    assert mermaid.startswith("flowchart LR\n")
    assert 'E013 -.->|"guarantee: at most $6.3 bn"| E044' in mermaid
    assert '"E044" -> "E013" [label="supply: unknown", style=dotted, color=red];' in dot
    for node in values["nodes"]:
        assert mermaid.count(f'  {node["id"]}["') == 1
        assert dot.count(f'  "{node["id"]}" [label=') == 1


def test_a_name_cannot_break_out_of_a_graph() -> None:
    ledger = bundled_ledger()
    entities = {**ledger.entities, "E013": export_named(ledger.entities["E013"], 'A"]; x --> "B\\')}
    from msgspec.structs import replace

    odd = replace(ledger, entities=entities)
    assert 'E013["A#quot;]; x --> #quot;B\\"]' in graph.as_mermaid(odd)
    assert '"E013" [label="A\\"]; x --> \\"B\\\\"];' in graph.as_dot(odd)


def export_named(entity: Any, name: str) -> Any:
    """``entity`` under another name."""
    from msgspec.structs import replace

    return replace(entity, name=name)
