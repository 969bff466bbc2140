"""Which commitments a text about a company is to be read beside."""

from __future__ import annotations

import pytest

from aiwatch.ledger.reports.parties import records_named, records_of
from tests.ledger.bundled import bundled_ledger


def _named(symbol: str, text: str) -> list[tuple[str, ...]]:
    """The names of the payers and recipients of the records, the nearest first."""
    ledger = bundled_ledger()
    return [
        tuple(
            ledger.entities[party].name
            for party in (*ledger.commitments[id].payers, *ledger.commitments[id].recipients)
        )
        for id in records_named(ledger, symbol, text)
    ]


def test_a_company_has_the_records_of_which_it_is_a_party() -> None:
    ledger = bundled_ledger()
    ids = records_of(ledger, "MSFT")
    assert "C011" in ids
    assert records_of(ledger, "NOSUCH") == records_of(ledger, "002837.SZ") == ()
    assert records_named(ledger, "MSFT", "Results of Operations") == ids


def test_what_a_company_shares_with_the_party_that_is_named_stands_first() -> None:
    ledger = bundled_ledger()
    shared = {id for id in records_of(ledger, "ORCL") if id in records_of(ledger, "NVDA")}
    named = _named("ORCL", "Agreement with OpenAI")
    assert {"OpenAI", "Oracle"} <= set(named[0])
    assert records_named(ledger, "ORCL", "Agreement with NVIDIA")[: len(shared)] == tuple(
        id for id in records_named(ledger, "ORCL", "NVIDIA") if id in shared
    )


@pytest.mark.parametrize(
    "text",
    [
        "Supply for OpenAI",
        "SUPPLY FOR OPENAI (I)",
        "关于与OpenAI签订合同的公告",
        "Oracle: results",
        "关于向甲骨文供货的公告",
    ],
)
def test_a_party_is_found_by_its_name_in_a_text_about_another_company(text: str) -> None:
    assert records_named(bundled_ledger(), "002837.SZ", text)


@pytest.mark.parametrize("text", ["", "an oracle of coherent meta words", "OpenAIs", "Quarterly Report", "x" * 5000])
def test_what_only_looks_like_a_name_marks_nothing(text: str) -> None:
    assert records_named(bundled_ledger(), "002837.SZ", text) == ()
