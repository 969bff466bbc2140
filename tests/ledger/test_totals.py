"""Totals by hand arithmetic, and their explanations."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from aiwatch.files.bundled import bundled
from aiwatch.ledger.amounts import implied_rates
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.totals import WAYS, Total, total, totals_by
from tests.ledger.bundled import bundled_ledger

BN = Decimal(10**9)


def _totals(way: str) -> dict[str, Total]:
    return {found.label: found for found in totals_by(bundled_ledger(), way)}


def _sums(found: Total) -> dict[str, Decimal]:
    return {currency: amount / BN for currency, amount in found.sums}


def test_totals_by_kind() -> None:
    found = {label: _sums(one) for label, one in _totals("kind").items()}
    assert found == {
        "sovereign pledge": {},
        # 150 + 24.6 + 380 + 36.6 + 27.5 = 618.7
        "corporate capex": {"USD": Decimal(320), "CNY": Decimal("618.7")},
        "programme": {},
        "financing round": {"USD": Decimal(80 + 122)},
        "campus/facility": {},
        # 300 + 22 + 6.3 + 10 + 14
        "compute contract": {"USD": Decimal("352.3")},
        "chip purchase": {"USD": Decimal(40)},
        "equity investment": {"USD": Decimal(100 + 14 + 14)},
        "projection": {},
    }


@pytest.mark.parametrize(
    ("way", "label", "sums"),
    [
        ("payer", "NVIDIA", {"USD": Decimal("106.3")}),
        ("payer", "OpenAI", {"USD": Decimal(322)}),
        ("payer", "Meta Platforms", {"USD": Decimal(38)}),
        ("payer", "Alibaba Group", {"CNY": Decimal("404.6")}),
        ("payer", "Alphabet + Microsoft + Amazon + Meta Platforms (together)", {"USD": Decimal(320)}),
        ("payer", "Amazon", {}),
        ("recipient", "OpenAI", {"USD": Decimal(122 + 14)}),
        ("recipient", "CoreWeave", {"USD": Decimal("42.3")}),
        ("recipient", "Oracle", {"USD": Decimal(300)}),
        ("region", "China", {"CNY": Decimal("618.7")}),
        ("region", "several: Japan, United States", {"USD": Decimal(122)}),
        # 320 + 80 + 322 + 100 + 14 + 6.3 + 40 + 38
        ("region", "United States", {"USD": Decimal("920.3")}),
    ],
)
def test_totals_by_party_and_region(way: str, label: str, sums: dict[str, Decimal]) -> None:
    assert _sums(_totals(way)[label]) == sums


def test_every_record_is_accounted_for_once_in_every_way() -> None:
    ledger = bundled_ledger()
    for way in WAYS:
        ids: list[str] = []
        for found in totals_by(ledger, way):
            ids += [record.id for record in found.included]
            ids += [omitted.record.id for omitted in (*found.left_out, *found.unknown)]
            assert all(omitted.reason for omitted in (*found.left_out, *found.unknown))
        assert sorted(ids) == sorted(ledger.commitments)


def test_a_total_explains_itself() -> None:
    assert _totals("kind")["equity investment"].explanation() == (
        "counted: C037, C038, C042",
        "left out: C018, perhaps part of C019",
        "left out: C026, part of C025",
        "unknown: C027, not stated",
        "unknown: C028, not stated",
    )
    assert _totals("kind")["compute contract"].explanation()[1] == (
        "left out: C002, a yearly rate without a term, same money as C033"
    )
    assert "caution: mixes financing round, equity investment: the same money may show up in several" in (
        _totals("recipient")["OpenAI"].explanation()
    )


def test_nvidias_hundred_billion_is_not_added_to_the_round_it_may_be_part_of() -> None:
    reasons = {omitted.record.id: omitted.reason for omitted in _totals("recipient")["OpenAI"].left_out}
    assert reasons["C037"] == "perhaps same money as C027, part of C025, which is counted"


def test_equal_amounts_all_count() -> None:
    records = [bundled_ledger().commitments[id] for id in ("C038", "C042", "C044")]
    assert _sums(total(bundled_ledger(), "14 bn three times", records)) == {"USD": Decimal(42)}


def test_at_most_one_record_of_the_same_money_counts(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[[source]]\nid = "me"\ntitle = "t"\n'
        '[[commitment]]\nid = "again"\nsource = "me"\nkind = "compute contract"\nstatus = "announced"\n'
        'amount = 310_000_000_000\ncurrency = "USD"\nsame_money_as = ["C033"]\n'
        '[[commitment]]\nid = "part"\nsource = "me"\nkind = "compute contract"\nstatus = "announced"\n'
        'amount = 5_000_000_000\ncurrency = "USD"\npart_of = "C035"\n'
        '[[commitment]]\nid = "yearly"\nsource = "me"\nkind = "compute contract"\nstatus = "announced"\n'
        'amount = 7_000_000_000\ncurrency = "USD"\nannual = true\n',
        encoding="utf-8",
    )
    ledger = load_ledger(bundled("seeds"), tmp_path)
    found = next(one for one in totals_by(ledger, "kind") if one.label == "compute contract")
    assert _sums(found) == {"USD": Decimal("352.3")}
    reasons = {omitted.record.id: omitted.reason for omitted in found.left_out}
    assert reasons["again"] == "same money as C033, which is counted"
    assert reasons["part"] == "part of C035, which is counted"
    assert reasons["yearly"] == "a yearly rate without a term"


def test_conversion_takes_all_or_nothing() -> None:
    capex = _totals("kind")["corporate capex"]
    parts = capex.converted("USD", implied_rates(bundled_ledger()))
    assert parts is not None
    # 618.7 / 7.0 = 88.3857...
    assert sum(part.amount for part in parts) / BN == pytest.approx(Decimal("408.385714285714"))
    assert capex.converted("USD", []) is None
