"""The money map, its circles, and what comes back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.ledger.circles import are_all_circles, circles, incoming, legs
from aiwatch.ledger.loader import load_ledger
from tests.ledger.bundled import bundled_ledger

BN = Decimal(10**9)
OPENAI, ORACLE, NVIDIA, COREWEAVE = "E011", "E012", "E013", "E044"


def _deal(id: str, payer: str, recipient: str, amount: str, kind: str = "compute contract") -> str:
    return (
        f'[[commitment]]\nid = "{id}"\nsource = "000"\nkind = "{kind}"\nstatus = "announced"\n'
        f'from_entities = ["{payer}"]\nto_entities = ["{recipient}"]\n{amount}'
    )


def test_suppliers_close_circles_too() -> None:
    assert [circle.title for circle in circles(bundled_ledger())] == [
        "NVIDIA → CoreWeave → NVIDIA",
        "NVIDIA → OpenAI → CoreWeave → NVIDIA",
        "NVIDIA → OpenAI → Oracle → NVIDIA",
    ]
    assert [leg.amount() for leg in circles(bundled_ledger())[0].legs] == ["at most $6.3 bn", "unknown"]
    assert legs(bundled_ledger())[COREWEAVE, NVIDIA].is_supply


def test_the_known_circle_is_found_with_its_sums() -> None:
    circle = circles(bundled_ledger())[2]
    assert circle.title == "NVIDIA → OpenAI → Oracle → NVIDIA"
    assert [dict(leg.total.sums)["USD"] / BN for leg in circle.legs] == [100, 300, 40]
    assert circle.sums == (("USD", 440 * BN),)
    assert circle.narrowest == ("USD", 40 * BN)
    assert [leg.amount() for leg in circle.legs] == ["$100 bn + unknown", "$300 bn", "$40 bn"]
    assert all(leg.is_known for leg in circle.legs)


def test_a_lease_counted_elsewhere_is_left_out_of_its_leg_with_the_reason() -> None:
    leg = legs(bundled_ledger())[OPENAI, ORACLE]
    assert [record.id for record in leg.total.included] == ["C033"]
    assert [omitted.record.id for omitted in leg.total.left_out] == ["C002"]


def test_unknown_sums_are_unknown_and_uncounted_ones_are_shown() -> None:
    cells = {leg.total.label: leg.amount() for leg in legs(bundled_ledger()).values()}
    assert cells["OpenAI → Alphabet"] == "unknown"
    assert cells["Amazon → OpenAI"] == "$50 bn"
    assert cells["NVIDIA → CoreWeave"] == "at most $6.3 bn"
    assert cells["Microsoft → NVIDIA"] == "unknown"
    assert not legs(bundled_ledger())[OPENAI, "E022"].is_known
    assert "OpenAI → Broadcom" not in cells, "a partnership pays nobody"
    assert len(cells) == 15


def test_a_second_circle_with_an_unknown_leg_has_no_narrowest(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(_deal("back", COREWEAVE, NVIDIA, "", "chip purchase"), encoding="utf-8")
    result = circles(load_ledger(bundled("seeds"), tmp_path))
    assert [circle.title for circle in result] == [
        "NVIDIA → CoreWeave → NVIDIA",
        "NVIDIA → OpenAI → CoreWeave → NVIDIA",
        "NVIDIA → OpenAI → Oracle → NVIDIA",
    ]
    assert [circle.narrowest for circle in result[:2]] == [None, None]
    assert dict(result[1].sums)["USD"] / BN == 122


def test_joint_deals_make_legs_of_unknown_shares(tmp_path: Path) -> None:
    joint = _deal("joint", f'{ORACLE}", "{OPENAI}', COREWEAVE, 'amount = 9_000_000_000\ncurrency = "USD"\n')
    (tmp_path / "own.toml").write_text(joint, encoding="utf-8")
    cells = legs(load_ledger(bundled("seeds"), tmp_path))
    assert cells[ORACLE, COREWEAVE].amount() == "unknown"
    assert cells[OPENAI, COREWEAVE].amount() == "$22 bn + unknown"


def test_shares_of_incoming_money() -> None:
    ledger = bundled_ledger()
    oracle = incoming(ledger, ORACLE)
    assert oracle.share(oracle.direct, "USD") == 0
    assert oracle.share(oracle.round_about, "USD") == 100
    openai = incoming(ledger, OPENAI)
    # 100 from NVIDIA comes round, 50 from Amazon and 14 from Microsoft do not
    assert openai.everything.sums == (("USD", 164 * BN),)
    share = openai.share(openai.round_about, "USD")
    assert share is not None
    assert round(share, 2) == Decimal("60.98")
    assert {omitted.record.id for omitted in openai.everything.unknown} == {"C027", "C028"}


@pytest.mark.parametrize("entity", ["E022", "E046"])
def test_who_pays_nobody_has_no_share_rather_than_none_of_it(entity: str) -> None:
    received = incoming(bundled_ledger(), entity)
    assert received.everything.sums
    assert not received.pays
    assert received.share(received.direct, "USD") is None
    assert received.share(received.round_about, "USD") is None


def test_an_unknown_part_is_never_nought() -> None:
    nvidia = incoming(bundled_ledger(), NVIDIA)
    assert {omitted.record.id for omitted in nvidia.supplies} == {"C023", "C035"}
    assert nvidia.share(nvidia.direct, "USD") is None, "CoreWeave pays it an unknown sum"
    assert nvidia.share(nvidia.round_about, "USD") == 100
    coreweave = incoming(bundled_ledger(), COREWEAVE)
    assert coreweave.everything.sums == (("USD", 36 * BN),), "the guarantee is apart"
    assert coreweave.share(coreweave.direct, "USD") is None


def test_the_direct_share_counts_payers_that_are_paid(tmp_path: Path) -> None:
    text = _deal("back", COREWEAVE, OPENAI, 'amount = 6_000_000_000\ncurrency = "USD"\n', "equity investment")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    openai = incoming(load_ledger(bundled("seeds"), tmp_path), OPENAI)
    assert openai.share(openai.direct, "USD") == Decimal(6) / Decimal(170) * 100


def test_where_all_deal_with_all_the_shortest_circles_are_listed_and_that_they_are_not_all(tmp_path: Path) -> None:
    many = 20
    entities = "".join(f'[[entity]]\nid = "n{at:02}"\nname = "N{at}"\ntype = "company"\n' for at in range(many))
    pairs = [(payer, to) for payer in range(many) for to in range(many) if payer != to]
    deals = "".join(f"{_deal(f'd{a}-{b}', f'n{a:02}', f'n{b:02}', '')}\n" for a, b in pairs)
    (tmp_path / "own.toml").write_text(f"{entities}\n{deals}", encoding="utf-8")
    ledger = load_ledger(bundled("seeds"), tmp_path)
    lengths = [len(circle.legs) for circle in circles(ledger)]
    assert lengths == sorted(lengths)
    assert lengths.count(2) == 1 + many * (many - 1) // 2
    assert len(lengths) == 500
    assert not are_all_circles(ledger)
    assert are_all_circles(bundled_ledger())
