"""Delivered against promised: quarters out of SEC's sums, and pledges beside them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from aiwatch.ledger.delivered.companyfacts import TAGS, FactsError, capital_spending
from aiwatch.ledger.delivered.quarters import Quarter, bar, delivery
from tests.ledger.bundled import bundled_ledger

BN = Decimal(10**9)
BIG_FOUR = ("E022", "E023", "E024", "E025")


def _entry(start: str, end: str, value: int, filed: str = "2026-01-01", year: int = 2099) -> dict[str, Any]:
    return {"start": start, "end": end, "val": value, "fy": year, "fp": "Q1", "form": "10-Q", "filed": filed}


def _facts(*entries: dict[str, Any], tag: str = TAGS[0]) -> dict[str, Any]:
    return {"cik": 1, "entityName": "Acme", "facts": {"us-gaap": {tag: {"units": {"USD": list(entries)}}}}}


CALENDAR = (
    _entry("2025-01-01", "2025-03-31", 10),
    _entry("2025-01-01", "2025-06-30", 30),
    _entry("2025-01-01", "2025-09-30", 60),
    _entry("2025-01-01", "2025-12-31", 100),
)


def test_sums_from_the_begin_of_the_year_become_quarters() -> None:
    quarters = capital_spending(_facts(*reversed(CALENDAR)))
    assert [(quarter.ends.isoformat(), int(quarter.amount)) for quarter in quarters] == [
        ("2025-03-31", 10),
        ("2025-06-30", 20),
        ("2025-09-30", 30),
        ("2025-12-31", 40),
    ]
    assert [quarter.starts.isoformat() for quarter in quarters][1:3] == ["2025-04-01", "2025-07-01"]
    assert {quarter.fiscal_year for quarter in quarters} == {2025}, "the year of the figure, not of the filing"


def test_quarters_printed_by_themselves_change_nothing() -> None:
    own = (_entry("2025-04-01", "2025-06-30", 20), _entry("2025-10-01", "2025-12-31", 40))
    assert capital_spending(_facts(*CALENDAR, *own)) == capital_spending(_facts(*CALENDAR))


@pytest.mark.parametrize(
    ("start", "ends", "year"),
    [
        ("2024-07-01", ("2024-09-30", "2024-12-31", "2025-03-31", "2025-06-30"), 2025),
        ("2025-01-27", ("2025-04-27", "2025-07-27", "2025-10-26", "2026-01-25"), 2026),
        ("2024-12-29", ("2025-03-29", "2025-06-28", "2025-09-27", "2026-01-03"), 2025),
        ("2025-06-01", ("2025-08-31",), 2026),
    ],
)
def test_fiscal_years_are_called_by_the_year_in_which_they_end(start: str, ends: tuple[str, ...], year: int) -> None:
    quarters = capital_spending(_facts(*(_entry(start, end, 10 * place) for place, end in enumerate(ends, 1))))
    assert [(quarter.fiscal_year, quarter.fiscal_quarter, int(quarter.amount)) for quarter in quarters] == [
        (year, place, 10) for place in range(1, len(ends) + 1)
    ]


def test_the_newest_filing_counts_and_a_gap_makes_no_quarter() -> None:
    corrected = _entry("2025-01-01", "2025-03-31", 12, filed="2026-05-01")
    quarters = capital_spending(_facts(*CALENDAR, corrected))
    assert [int(quarter.amount) for quarter in quarters] == [12, 18, 30, 40]
    without = capital_spending(_facts(CALENDAR[0], CALENDAR[2], CALENDAR[3]))
    assert [quarter.ends.isoformat() for quarter in without] == ["2025-03-31", "2025-12-31"]


def test_a_sum_that_falls_makes_no_quarter() -> None:
    fallen = (_entry("2025-01-01", "2025-03-31", 10), _entry("2025-01-01", "2025-06-30", 5))
    assert [int(quarter.amount) for quarter in capital_spending(_facts(*fallen))] == [10]


def test_amazons_name_is_known_and_the_newer_one_wins() -> None:
    facts = _facts(*CALENDAR, tag=TAGS[1])
    facts["facts"]["us-gaap"][TAGS[0]] = {"units": {"USD": [_entry("2016-01-01", "2016-03-31", 1)]}}
    assert {quarter.tag for quarter in capital_spending(facts)} == {TAGS[1]}


@pytest.mark.parametrize(
    "facts", [{}, [], {"facts": {"us-gaap": []}}, _facts({"start": "x"}), {"facts": {"us-gaap": {}}}]
)
def test_what_are_no_facts_is_refused(facts: Any) -> None:
    with pytest.raises(FactsError):
        capital_spending(facts)


def _quarter(end: str, amount: Decimal, year: int, number: int, currency: str = "USD") -> Quarter:
    ends = datetime.date.fromisoformat(end)
    return Quarter(ends - datetime.timedelta(days=90), ends, amount, currency, year, number, "test")


def _year(amount: int, *, shift: int = 0) -> list[Quarter]:
    ends = ("2024-09-30", "2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31")
    expected = ends[0:4] if shift else ends[2:6]
    return [_quarter(end, amount * BN, 2025, place) for place, end in enumerate(expected, 1)]


def test_a_fiscal_years_guidance_is_held_against_each_companys_own_year() -> None:
    ledger = bundled_ledger()
    reported = {id: _year(20, shift=id == "E023") for id in BIG_FOUR}
    result = delivery(ledger, ledger.commitments["C011"], reported)
    assert result is not None
    assert (result.delivered, result.percent) == (320 * BN, Decimal(100))
    assert result.is_over
    assert {part.entity: part.calendar for part in result.parts}["E023"] == "fiscal year to June"
    assert bar(result, 10) == "██████████"


def test_a_company_that_has_not_reported_makes_no_percentage() -> None:
    ledger = bundled_ledger()
    result = delivery(ledger, ledger.commitments["C011"], {"E022": _year(20)})
    assert result is not None
    assert result.percent is None
    assert result.missing == ("E023", "E024", "E025")
    assert not result.is_over
    assert bar(result, 8) == "██░░░░░░"


def test_another_currency_makes_no_percentage() -> None:
    ledger = bundled_ledger()
    quarters = [_quarter("2025-12-31", 5 * BN, 2026, 3, "HKD")]
    result = delivery(ledger, ledger.commitments["C014"], {"E028": quarters})
    assert result is not None
    assert result.percent is None
    assert result.parts[0].sums == {"HKD": 5 * BN}
    assert result.parts[0].expected == 12
    assert result.period == "quarters begun after 2025-08-15"


@pytest.mark.parametrize("id", ["C017", "C033", "C036", "C004"])
def test_what_is_no_spending_of_a_company_has_nothing_to_deliver(id: str) -> None:
    assert delivery(bundled_ledger(), bundled_ledger().commitments[id], {}) is None


def test_a_printed_quarter_is_held_against_that_quarter_alone() -> None:
    ledger = bundled_ledger()
    quarters = [
        _quarter("2024-12-31", Decimal("36.6") * BN, 2024, 4, "CNY"),
        _quarter("2025-03-31", BN, 2025, 1, "CNY"),
    ]
    result = delivery(ledger, ledger.commitments["C015"], {"E029": quarters})
    assert result is not None
    assert result.percent == 100
    assert result.is_over
