"""The bundled facts are complete, and every sum the articles print is accounted for."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from aiwatch.ledger.records import CHAIN, KINDS
from tests.ledger.bundled import bundled_ledger

Printed = tuple[str, int, str, Decimal]


def printed_sums() -> list[Printed]:
    with (Path(__file__).parent / "money.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["source"], int(row["line"]), row["currency"], Decimal(row["value"])) for row in csv.DictReader(file)
        ]


def recorded_sums() -> set[Printed]:
    ledger = bundled_ledger()
    found: set[Printed] = set()
    for record in ledger.commitments.values():
        for currency, amount in (*record.stated, *record.valuation):
            found |= {(record.source, line, currency, amount) for line in (record.line, *record.also_lines)}
    for signal in ledger.signals.values():
        if signal.money is not None:
            found.add((signal.source, signal.line, signal.money[1], signal.money[0]))
    return found


def test_all_facts_are_there() -> None:
    ledger = bundled_ledger()
    assert list(ledger.commitments) == [f"C{number:03}" for number in range(1, 47)]
    assert list(ledger.signals) == [f"S{number:03}" for number in range(1, 75)]
    assert list(ledger.claims) == [f"R{number:02}" for number in range(1, 14)]
    assert list(ledger.entities) == [f"E{number:03}" for number in range(1, 52)]
    assert list(ledger.fx) == [f"X{number:02}" for number in range(1, 17)]
    assert list(ledger.sources) == ["000", "001", "002", "003"]
    gaps = {23, 32, 33, 35, 36}
    assert set(ledger.conflicts) == {f"K{number:02}" for number in range(1, 38) if number not in gaps}
    assert len(ledger.conflicts) == 32


def test_every_printed_sum_is_recorded_or_left_out_with_a_reason() -> None:
    left_out = {(one.source, one.line, one.currency, one.amount) for one in bundled_ledger().left_out if one.reason}
    printed = printed_sums()
    assert len(printed) == 79
    assert [one for one in printed if one not in recorded_sums() | left_out] == []
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
    assert kinds["compute contract"] == 7


def test_seventeen_records_count_in_totals() -> None:
    counting = [record.id for record in bundled_ledger().commitments.values() if record.counts_in_totals]
    assert " ".join(counting) == (
        "C011 C012 C013 C014 C015 C016 C019 C025 C033 C035 C037 C038 C040 C041 C042 C043 C044"
    )


def test_every_link_of_the_chain_leads_to_a_listed_company_or_a_lab() -> None:
    linked = {link for entity in bundled_ledger().entities.values() for link in entity.chain}
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


def test_only_the_rounding_of_k21_leaves_no_mark() -> None:
    assert [one.id for one in bundled_ledger().conflicts.values() if not one.marks_records] == ["K21"]


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
