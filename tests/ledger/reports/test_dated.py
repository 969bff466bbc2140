"""The days that the ledger knows of a company."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from aiwatch.ledger.records import Ledger, StatusStep, Verification
from aiwatch.ledger.reports.dated import dated_records
from tests.ledger.bundled import bundled_ledger


def _with(**changed: object) -> Ledger:
    """The bundled ledger with a commitment of Oracle changed."""
    ledger = bundled_ledger()
    record = replace(ledger.commitments["C041"], **changed)
    return replace(ledger, commitments={**ledger.commitments, "C041": record})


def test_only_full_days_are_events_and_each_has_its_record_and_words() -> None:
    before = {record for record in dated_records(bundled_ledger(), "ORCL") if record.id == "C041"}
    ledger = _with(
        announced="2025-01-21",
        status_history=(StatusStep("announced", "2025", "000"), StatusStep("contracted", "2025-07-22", "000")),
        verified=(Verification("2025-08", "https://example.org", "by month"),),
    )
    days = [record for record in dated_records(ledger, "ORCL") if record.id == "C041" and record not in before]
    assert [record.day for record in days] == [date(2025, 1, 21), date(2025, 7, 22)]
    assert days[1].words.endswith(" contracted")


def test_a_claim_has_the_days_it_is_counted_between() -> None:
    result = [(record.day, record.id) for record in dated_records(bundled_ledger(), "603757.SS")]
    assert (date(2025, 7, 30), "R01") in result
    assert result == sorted(result)


def test_who_is_named_by_nothing_has_no_days() -> None:
    assert dated_records(bundled_ledger(), "600519.SS") == ()
