"""Three steps of trust, made of the kind of source, its date, and conflicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.ledger.links import age_in_days, is_stale, last_checked
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.trust import trust_in
from tests.ledger.bundled import bundled_ledger

RECORD = '[[commitment]]\nid = "mine"\nsource = "me"\nkind = "corporate capex"\nstatus = "announced"\n'
VERIFIED = 'verified = [{{ date = "2026-02", url = "https://example.org/x", says = "so it is", kind = "{}" }}]\n'


def _ledger(folder: Path, source: str, record: str = "") -> Ledger:
    text = f'[[source]]\nid = "me"\ntitle = "t"\n{source}{RECORD}{record}'
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return load_ledger(bundled("seeds"), folder)


@pytest.mark.parametrize(
    ("source", "record", "dots"),
    [
        ('kind = "filing"\ndated = 2026-01-01\n', "", "●●●"),
        ('kind = "company"\ndated = 2026-01-01\n', "", "●●●"),
        ('kind = "named press"\ndated = 2026-01-01\n', "", "●●○"),
        ('kind = "unnamed"\ndated = 2026-01-01\n', "", "●○○"),
        ('kind = "own inference"\ndated = 2026-01-01\n', "", "●○○"),
        ("dated = 2026-01-01\n", "", "●○○"),
        ('kind = "filing"\n', "", "●○○"),
        ('kind = "filing"\ndated = 2026-01-01\nconfidence = "low"\n', "", "●○○"),
        ("", VERIFIED.format("filing"), "●●●"),
        ("", VERIFIED.format("unnamed"), "●○○"),
        ("", VERIFIED.format("filing").replace(" }", ", disputes = true }"), "●○○"),
        ("", 'also_sources = ["elysee-2025-02-11"]\n', "●●●"),
    ],
)
def test_the_best_source_counts(tmp_path: Path, source: str, record: str, dots: str) -> None:
    ledger = _ledger(tmp_path, source, record)
    assert trust_in(ledger, ledger.commitments["mine"]).dots == dots


def test_a_conflict_that_marks_its_records_takes_a_step_off_and_another_none() -> None:
    ledger = bundled_ledger()
    assert trust_in(ledger, ledger.commitments["C033"]).step == 1
    assert "conflict: K03" in trust_in(ledger, ledger.commitments["C033"]).reasons
    assert "conflicts: K04, K10" in trust_in(ledger, ledger.commitments["C004"]).reasons
    assert trust_in(ledger, ledger.commitments["C014"]).step == 2, "K12 marks no record"


def test_a_verification_makes_a_record_younger_and_changes_nothing_else() -> None:
    ledger = bundled_ledger()
    lease = ledger.commitments["C033"]
    checked = last_checked(ledger, lease)
    assert checked is not None
    assert checked.isoformat() == "2026-03-07"
    assert age_in_days(ledger, lease, checked) == 0
    article = ledger.sources["003"].dated
    assert article is not None
    assert checked > article
    assert not is_stale(ledger, lease, checked)
    assert str(lease.amount) == "300000000000"


def test_who_says_otherwise_raises_no_trust_and_is_named() -> None:
    ledger = bundled_ledger()
    disputed = [
        record.id
        for records in (ledger.commitments, ledger.signals, ledger.claims)
        for record in records.values()
        if any(check.disputes for check in record.verified)
    ]
    assert disputed == ["C008", "C037", "S045"]
    france = trust_in(ledger, ledger.commitments["C008"])
    assert (france.step, france.reasons[-1]) == (2, "disputed 2025-02-11")
