"""Totals by hand arithmetic, and their explanations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.config.paths import bundled
from aiwatch.ledger import export
from aiwatch.ledger.amounts import implied_rates
from aiwatch.ledger.circles import company_money, incoming, legs
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import DEAL_KINDS
from aiwatch.ledger.totals import WAYS, Total, counted_as, total, totals_by
from tests.ledger.bundled import bundled_ledger

BN = Decimal(10**9)


def _totals(way: str) -> dict[str, Total]:
    return {match.label: match for match in totals_by(bundled_ledger(), way)}


def _sums(total: Total) -> dict[str, Decimal]:
    return {currency: amount / BN for currency, amount in total.sums}


def test_totals_by_kind() -> None:
    result = {label: _sums(item) for label, item in _totals("kind").items()}
    assert result == {
        # the bank, and the European Union with whatever France has of it
        "sovereign pledge": {"CNY": Decimal(1000), "EUR": Decimal(200)},
        # 150 + 380 + 36.6 + 27.5; Alibaba's quarter is perhaps part of its three years
        "corporate capex": {"USD": Decimal(320), "CNY": Decimal("594.1")},
        "programme": {},
        "financing round": {"USD": Decimal(80 + 122)},
        # Alphabet's three sites and the Stargate campus
        "campus/facility": {"USD": Decimal(40 + 16)},
        # 300 + 22 + 10 + 14
        "compute contract": {"USD": Decimal(346)},
        "chip purchase": {"USD": Decimal(40)},
        "equity investment": {"USD": Decimal(10 + 50 + 100 + 14 + 14)},
        "partnership": {},
        "guarantee": {"USD": Decimal("6.3")},
        "projection": {},
    }


@pytest.mark.parametrize(
    ("way", "label", "sums"),
    [
        ("payer", "NVIDIA", {"USD": Decimal(100)}),
        ("payer", "OpenAI", {"USD": Decimal(322)}),
        ("payer", "Meta Platforms", {"USD": Decimal(38)}),
        ("payer", "Alibaba Group", {"CNY": Decimal(380)}),
        ("payer", "Alphabet + Microsoft + Amazon + Meta Platforms (together)", {"USD": Decimal(320)}),
        ("payer", "Amazon", {"USD": Decimal(50)}),
        ("payer", "Berkshire Hathaway", {"USD": Decimal(10)}),
        ("payer", "Bank of China", {"CNY": Decimal(1000)}),
        ("recipient", "OpenAI", {"USD": Decimal(50 + 100 + 14)}),
        ("recipient", "OpenAI: from several together", {"USD": Decimal(122)}),
        ("recipient", "Alphabet", {"USD": Decimal(10 + 10)}),
        ("recipient", "Alphabet: payer not named", {"USD": Decimal(80)}),
        ("recipient", "CoreWeave", {"USD": Decimal(36)}),
        ("recipient", "Oracle", {"USD": Decimal(300)}),
        ("region", "China", {"CNY": Decimal("1594.1")}),
        ("region", "several: Japan, United States", {"USD": Decimal(122)}),
        # 320 + 10 + 40 + 16 + 50 + 322 + 100 + 14 + 40 + 38
        ("region", "United States", {"USD": Decimal(950)}),
    ],
)
def test_totals_by_party_and_region(way: str, label: str, sums: dict[str, Decimal]) -> None:
    assert _sums(_totals(way)[label]) == sums


def test_every_record_is_accounted_for_once_in_every_way() -> None:
    ledger = bundled_ledger()
    for way in WAYS:
        ids: list[str] = []
        for match in totals_by(ledger, way):
            ids += [record.id for record in match.included]
            ids += [omitted.record.id for omitted in (*match.left_out, *match.unknown)]
            assert all(omitted.reason for omitted in (*match.left_out, *match.unknown))
        assert sorted(ids) == sorted(ledger.commitments)


def test_a_total_explains_itself() -> None:
    assert _totals("kind")["equity investment"].explanation() == (
        "counted: C018, C026, C037, C038, C042",
        "unknown: C027, not stated",
        "unknown: C028, not stated",
        "caution: mixes periods: no period, since 2019",
        "caution: mixes stages: committed, announced, invested",
    )
    assert _totals("kind")["compute contract"].explanation()[1] == (
        "left out: C002, a yearly rate without a term, same money as C033"
    )
    assert "caution: mixes periods: FY2025, 2025, 3 years, 2024Q4, 2025Q1" in (
        _totals("kind")["corporate capex"].explanation()
    )
    assert "beside: C025, joint, and the shares are not printed" in _totals("payer")["Amazon"].explanation()
    assert "left out: C005, part of C006, which is same money as C001, C034" in (
        _totals("kind")["sovereign pledge"].explanation()
    )


def test_nvidias_hundred_billion_is_not_added_to_the_round_it_may_be_part_of() -> None:
    ledger = bundled_ledger()
    everything = total(ledger, "all", [ledger.commitments[id] for id in ("C025", "C026", "C027", "C037")])
    reasons = {omitted.record.id: omitted.reason for omitted in everything.left_out}
    assert reasons["C026"] == "part of C025, which is counted"
    assert reasons["C037"] == "perhaps same money as C027, part of C025, which is counted"


@pytest.mark.parametrize("way", WAYS)
def test_where_something_is_printed_and_not_added_the_reason_is_an_umbrella_a_forecast_or_a_bound(way: str) -> None:
    for sums in totals_by(bundled_ledger(), way):
        if not sums.sums:
            for omitted in sums.left_out:
                assert re.search("umbrella|forecast|guarantee|same money as C001", omitted.reason), (
                    sums.label,
                    omitted,
                )


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("C011", "counted"),
        ("C026", "counted where what it repeats is not: part of C025"),
        ("C022", "counted where what it repeats is not: perhaps part of C001"),
        ("C002", "not in the totals: a yearly rate without a term, same money as C033"),
        ("C040", "not in the totals: a guarantee: the most it can come to"),
        ("C009", "not in the totals: a forecast, not a commitment"),
        ("C005", "not in the totals: part of C006, which is same money as C001, C034"),
        ("C036", "not in the totals: no sum"),
    ],
)
def test_a_record_says_how_it_stands_to_the_totals(id: str, words: str) -> None:
    assert counted_as(bundled_ledger(), bundled_ledger().commitments[id]) == words


def test_no_view_gives_a_company_another_figure_than_another() -> None:
    ledger = bundled_ledger()
    received = {sums.label: sums.sums for sums in totals_by(ledger, "recipient")}
    paid = {sums.label: sums.sums for sums in totals_by(ledger, "payer")}
    for entity in ledger.entities.values():
        own, coming = company_money(ledger, entity.id), incoming(ledger, entity.id)
        assert own.received.sums == coming.everything.sums == received.get(entity.name, ()), entity.name
        assert own.paid.sums == paid.get(entity.name, ()), entity.name
        into = [leg for pair, leg in legs(ledger).items() if pair[1] == entity.id]
        dealt = total(ledger, "", [record for record in own.received.included if record.kind in DEAL_KINDS])
        assert _together(leg.total for leg in into) == dict(dealt.sums), entity.name
        out = _together(leg.total for pair, leg in legs(ledger).items() if pair[0] == entity.id)
        spent = total(ledger, "", [record for record in own.paid.included if record.kind not in DEAL_KINDS])
        assert _together([spent]) == {
            currency: amount - out.get(currency, 0)
            for currency, amount in own.paid.sums
            if amount != out.get(currency, 0)
        }, entity.name
        row = export.entity(ledger, entity)
        assert row["gets"] == export.incoming(ledger, coming)["incoming"]


def _together(totals: Iterable[Total]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for part in totals:
        for currency, amount in part.sums:
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


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
    result = next(item for item in totals_by(ledger, "kind") if item.label == "compute contract")
    assert _sums(result) == {"USD": Decimal(346)}
    reasons = {omitted.record.id: omitted.reason for omitted in result.left_out}
    assert reasons["again"] == "same money as C033, which is counted"
    assert reasons["part"] == "part of C035, which is counted"
    assert reasons["yearly"] == "a yearly rate without a term"


def test_conversion_takes_all_or_nothing() -> None:
    capex = _totals("kind")["corporate capex"]
    parts = capex.converted("USD", implied_rates(bundled_ledger()))
    assert parts is not None
    # printed: 320 + 20.64 + 52.28; at 7.0: (36.6 + 27.5) / 7 = 9.157...
    assert sum(part.amount for part in parts) / BN == pytest.approx(Decimal("402.077142857143"))
    assert [part.printed for part in parts] == [False, True, True, False, False]
    assert capex.converted("USD", []) is None


def test_the_cautions_of_a_total_are_worked_out_once() -> None:
    capex = _totals("kind")["corporate capex"]
    assert capex.cautions is capex.cautions
    assert capex == replace(capex)
