"""The bundled facts are complete, and every sum the articles print is accounted for."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from aiwatch.ledger.links import cites
from aiwatch.ledger.records import CHAIN, CONFLICT_KINDS, KINDS
from tests.ledger.bundled import bundled_ledger

Printed = tuple[str, int, str, Decimal]


def printed_sums() -> list[Printed]:
    with (Path(__file__).parent / "money.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["source"], int(row["line"]), row["currency"], Decimal(row["value"])) for row in csv.DictReader(file)
        ]


def recorded_sums() -> set[Printed]:
    ledger = bundled_ledger()
    hits: set[Printed] = set()
    for record in ledger.commitments.values():
        for currency, amount in (*record.stated, *record.valuation):
            hits |= {(record.source, line, currency, amount) for line in (record.line, *record.also_lines)}
    for signal in ledger.signals.values():
        if signal.money is not None:
            hits |= {
                (signal.source, line, signal.money[1], signal.money[0]) for line in (signal.line, *signal.also_lines)
            }
    return hits


def test_all_facts_are_there() -> None:
    ledger = bundled_ledger()
    assert list(ledger.commitments) == [f"C{number:03}" for number in range(1, 50)]
    assert list(ledger.signals) == [f"S{number:03}" for number in range(1, 86)]
    assert list(ledger.claims) == [f"R{number:02}" for number in range(1, 15)]
    assert list(ledger.entities) == [f"E{number:03}" for number in range(1, 52)]
    assert list(ledger.fx) == [f"X{number:02}" for number in range(1, 17)]
    assert list(ledger.sources)[:4] == ["000", "001", "002", "003"]
    assert all(source.dated and source.kind for source in ledger.sources.values())
    without = {source.id for source in ledger.sources.values() if not source.origin}
    assert without == {"theregister-2026-03-07", "benzinga-2025-11-03"}
    gaps = {23, 32, 33, 35, 36}
    assert set(ledger.conflicts) == {f"K{number:02}" for number in range(1, 44) if number not in gaps}
    assert len(ledger.conflicts) == 38


def test_every_printed_sum_is_recorded_or_left_out_with_a_reason() -> None:
    left_out = {
        (item.source, item.line, item.currency, item.amount) for item in bundled_ledger().left_out if item.reason
    }
    printed = printed_sums()
    assert len(printed) == 79
    assert [item for item in printed if item not in recorded_sums() | left_out] == []
    assert left_out <= set(printed)
    assert len(left_out) == 3


def test_every_recorded_sum_is_printed_on_one_of_its_lines() -> None:
    printed = set(printed_sums())
    for record in bundled_ledger().commitments.values():
        for currency, amount in (*record.stated, *record.valuation):
            lines = (record.line, *record.also_lines)
            assert any((record.source, line, currency, amount) in printed for line in lines), (record.id, currency)


def test_every_record_cites_a_line() -> None:
    ledger = bundled_ledger()
    for records in (ledger.commitments, ledger.signals, ledger.claims, ledger.fx):
        assert [record.id for record in records.values() if not record.line] == []


def test_kinds_are_the_printed_ones() -> None:
    kinds = Counter(record.kind for record in bundled_ledger().commitments.values())
    assert set(kinds) == set(KINDS)
    assert kinds["sovereign pledge"] == 5
    assert kinds["compute contract"] == 6
    assert kinds["partnership"] == kinds["guarantee"] == 1


def test_every_link_of_the_chain_is_used() -> None:
    ledger = bundled_ledger()
    groups = (ledger.entities, ledger.commitments, ledger.signals, ledger.spending)
    linked = {link for records in groups for record in records.values() for link in record.chain}
    assert linked == set(CHAIN)


@pytest.mark.parametrize(
    ("conflict", "records"),
    [
        ("K01", {"C001", "C022", "C030", "C034"}),
        ("K03", {"C002", "C033", "S001"}),
        ("K09", {"C001", "C005", "C006", "C034"}),
        ("K17", {"C025", "C026", "C027", "C037"}),
        ("K18", {"C018", "C019", "C020", "C021"}),
        ("K31", {"C005", "C018", "C020", "C021", "C037", "C038", "C041", "C042", "C043", "C044", "S050"}),
    ],
)
def test_conflicts_name_the_records_involved(conflict: str, records: set[str]) -> None:
    assert set(bundled_ledger().conflicts[conflict].records) == records


def test_equal_amounts_of_k31_are_equal_and_stay_apart() -> None:
    ledger = bundled_ledger()
    of_fourteen = [record.id for record in ledger.commitments.values() if record.amount == 14_000_000_000]
    assert of_fourteen == ["C038", "C042", "C044"]
    assert ledger.signals["S050"].money == (Decimal(14_000_000_000), "USD")


def test_only_contradictions_mark_their_records() -> None:
    conflicts = bundled_ledger().conflicts.values()
    assert {conflict.kind for conflict in conflicts} == set(CONFLICT_KINDS)
    assert {conflict.kind for conflict in conflicts if conflict.marks_records} == {"contradiction"}
    unmarked = [
        conflict.id for conflict in conflicts if conflict.kind == "contradiction" and not conflict.marks_records
    ]
    assert unmarked == ["K12"], "it is about rates, not about sums"


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("C002", {"status": "contracted", "qualifier": "", "binding": "binding"}),
        ("C003", {"payers": (), "payer": "", "partners": ("E013", "E014", "E012", "E015", "E016")}),
        ("C013", {"maybe_part_of": "C014"}),
        ("C008", {"maybe_part_of": "C007"}),
        ("C018", {"status": "committed", "maybe_part_of": "C019"}),
        ("C019", {"payers": (), "recipients": ("E022",)}),
        ("C021", {"chain": ("liquid cooling", "chips")}),
        ("C031", {"also_lines": (26,)}),
        ("C034", {"payers": (), "payer": "", "partners": ("E011", "E012", "E015")}),
        ("C038", {"period_printed": "since 2019"}),
        ("C039", {"kind": "partnership", "payers": ()}),
        ("C040", {"kind": "guarantee", "binding": "guarantee", "qualifier": ""}),
        ("C043", {"status": "reported"}),
        ("C044", {"status": "reported"}),
        ("C045", {"period_printed": "by 2030", "annual": True}),
        ("C046", {"period_printed": "by 2030", "annual": False}),
    ],
)
def test_records_that_were_put_right(id: str, changed: dict[str, object]) -> None:
    record = bundled_ledger().commitments[id]
    assert {name: getattr(record, name) for name in changed} == changed


@pytest.mark.parametrize(("id", "lines"), [("C029", {16, 20, 26, 27}), ("C030", {15, 16, 17, 18, 20, 26, 27})])
def test_the_lines_of_the_pause_and_the_power_are_cited(id: str, lines: set[int]) -> None:
    record = bundled_ledger().commitments[id]
    assert {record.line, *record.also_lines} == lines


def test_the_words_and_the_figures_of_a_capacity_have_the_same_qualifier() -> None:
    for record in bundled_ledger().commitments.values():
        for name, word in record.figure_qualifiers:
            assert word in record.capacity, (record.id, name)


def test_only_one_bundled_record_is_marked_as_not_to_be_added() -> None:
    marked = [record.id for record in bundled_ledger().commitments.values() if not record.counts_in_totals]
    assert marked == ["C006"]


def test_the_articles_words_are_not_copied_into_printed_parties() -> None:
    for record in bundled_ledger().commitments.values():
        assert "(as printed)" not in record.payer + record.recipient + record.programme + record.status


def test_what_others_say_has_a_date_and_an_address() -> None:
    ledger = bundled_ledger()
    verified = {record.id for record in ledger.commitments.values() if record.verified}
    assert verified == {"C002", "C008", "C018", "C019", "C020", "C022", "C027", "C028", "C033", "C037"}
    settled = {conflict.id for conflict in ledger.conflicts.values() if conflict.verified}
    assert settled == {"K03", "K16", "K17", "K18", "K26", "K43"}


def test_claims_name_the_closes_they_were_checked_by() -> None:
    checked = [claim for claim in bundled_ledger().claims.values() if claim.checked_percent is not None]
    assert {claim.id: claim.fitting_pairs for claim in checked} == {"R01": 7, "R02": 2, "R03": 1, "R04": 8}
    assert all(claim.close_source and claim.base_date and claim.end_date for claim in checked)


def test_misprinted_names_keep_both_names_and_cbak_is_no_symbol() -> None:
    ledger = bundled_ledger()
    himile = ledger.entities["E002"]
    assert (himile.printed, himile.symbols) == (("Homag Technology",), ("002595.SZ",))
    everywhere = {symbol for entity in ledger.entities.values() for symbol in (*entity.symbols, *entity.parent_symbols)}
    assert "CBAT" not in everywhere
    assert not everywhere & {"601939.SS", "0939.HK"}


def test_the_checked_claims_follow_from_their_closes() -> None:
    for claim in bundled_ledger().claims.values():
        if claim.base_close and claim.end_close and claim.checked_percent is not None:
            move = (claim.end_close / claim.base_close - 1) * 100
            assert abs(move - claim.checked_percent) < Decimal("0.0005"), claim.id


def test_growth_bases_in_the_notes_follow_from_the_figures() -> None:
    ledger = bundled_ledger()
    for id, base in {"C011": "230.2", "C013": "11.13", "C015": "7.53", "C016": "14.40"}.items():
        record = ledger.commitments[id]
        assert record.amount is not None
        assert record.growth_percent is not None
        implied = record.amount / (1 + record.growth_percent / 100) / 10**9
        assert abs(implied - Decimal(base)) < Decimal("0.05" if id == "C011" else "0.005")
        assert base in record.note


def test_every_source_is_cited_by_a_record() -> None:
    ledger = bundled_ledger()
    records = (*ledger.commitments.values(), *ledger.signals.values(), *ledger.claims.values())
    assert {id for record in records for id in cites(record)} == set(ledger.sources)
