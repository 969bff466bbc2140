"""Delivered against promised in words and as plain values: what screen and command say alike."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from aiwatch.ledger.amounts import money, plain
from aiwatch.ledger.delivered.quarters import Delivery, Part, Quarter, Reports, is_listed
from aiwatch.ledger.records import Ledger

DIGITS = 3
"""The significant digits of a reported sum."""
_YEAR = 4
"""The quarters of a year."""
BASIS = "capital spending as reported, by quarter; nothing converted, nothing estimated"


def sum_words(amount: Decimal, currency: str) -> str:
    """``$17.2 bn``; where no currency is said, that."""
    return money(amount, currency, DIGITS) if currency else f"{money(amount, '', DIGITS).strip()}, currency not said"


def spent_words(part: Part) -> str:
    """What a company has spent, a sum a currency; empty without a report."""
    return " + ".join(sum_words(amount, currency) for currency, amount in part.sums.items())


def percent_words(result: Delivery) -> str:
    """``96 %``; a dash where there is no percentage."""
    return f"{result.percent:.0f} %" if result.percent is not None else "–"


def progress_words(result: Delivery) -> str:
    """What is spent of what was promised, how many quarters that is, or why there is no percentage."""
    promised = money(result.promised, result.currency)
    if not any(part.quarters for part in result.parts):
        return f"not known, of {promised}"
    reported = sum(len(part.quarters) for part in result.parts)
    lengths = [part.expected for part in result.parts]
    expected = f" of {sum(length or 0 for length in lengths)}" if None not in lengths else ""
    quarters = "quarter" if reported == 1 else "quarters"
    words = f"{sum_words(result.delivered, result.currency)} of {promised}, {reported}{expected} {quarters}"
    if result.percent is None and not result.missing:
        return f"{words}; reported in another currency, so no percentage"
    return words if result.percent is not None else f"{words}; not all payers report, so no percentage"


def company_words(ledger: Ledger, part: Part, reports: Reports) -> str:
    """How a company counts its year, who says what it spent and when that was filed; or why nothing is known."""
    entity, problem = ledger.entities[part.entity], reports.problem_of(part.entity)
    if not part.quarters:
        if not is_listed(entity):
            return "not listed: it reports to nobody"
        report = reports.by_entity.get(part.entity)
        if report is None:
            return "not asked for yet"
        return problem or _outside_words(report.quarters)
    newest = part.quarters[-1]
    sources = ", ".join(dict.fromkeys(quarter.source for quarter in part.quarters))
    filed = f", filed {newest.filed}" if newest.filed else ""
    calendar = part.calendar or ("" if newest.fiscal_year else "fiscal year not said")
    return " · ".join(words for words in (calendar, f"{sources}{filed}", problem) if words)


def _outside_words(quarters: tuple[Quarter, ...]) -> str:
    if not quarters:
        return "no figure of capital spending"
    if quarters[-1].fiscal_year is None:
        return "its fiscal year is not said, so no quarter can be placed"
    return f"no quarter of that time: {quarters[0].source} has {quarters[0].ends} to {quarters[-1].ends}"


def year_rows(part: Part) -> list[tuple[str, list[tuple[str, Quarter | None]]]]:
    """The quarters by fiscal year, ``FY2025`` with ``Q1`` and so on, ``None`` for one that is missing of a pledged year
    or between two others; by the year and the month of their end where the fiscal year is not said."""
    if any(quarter.fiscal_year is None for quarter in part.quarters):
        by_end = groupby(part.quarters, key=lambda quarter: quarter.ends.year)
        return [(str(year), [(f"{quarter.ends:%b}", quarter) for quarter in group]) for year, group in by_end]
    rows = []
    for year, group in groupby(part.quarters, key=lambda quarter: quarter.fiscal_year):
        by_quarter: dict[int | None, Quarter] = {quarter.fiscal_quarter: quarter for quarter in group}
        numbers = sorted(filter(None, by_quarter))
        shown = range(1, 5) if part.expected == _YEAR else range(numbers[0], numbers[-1] + 1)
        rows.append((f"FY{year}", [(f"Q{number}", by_quarter.get(number)) for number in shown]))
    return rows


def as_values(ledger: Ledger, result: Delivery, reports: Reports) -> dict[str, Any]:
    """A delivery as plain values: amounts as decimal strings, days as ISO dates, what is not known as null."""
    record = result.record
    return {
        "id": record.id,
        "from": record.payer,
        "status": record.status,
        "period": result.period,
        "promised": plain(result.promised),
        "delivered": plain(result.delivered) if any(part.quarters for part in result.parts) else None,
        "currency": result.currency,
        "percent": f"{result.percent:.1f}" if result.percent is not None else None,
        "is_over": result.is_over,
        "mark": reports.mark or None,
        "companies": [_company(ledger, part, reports) for part in result.parts],
    }


def _company(ledger: Ledger, part: Part, reports: Reports) -> dict[str, Any]:
    report = reports.by_entity.get(part.entity)
    return {
        "entity": part.entity,
        "name": ledger.entities[part.entity].name,
        "fiscal_calendar": part.calendar or None,
        "says": company_words(ledger, part, reports),
        "asked": report.as_of.isoformat(timespec="seconds") if report and report.as_of else None,
        "quarters_expected": part.expected,
        "quarters": [_quarter(quarter) for quarter in part.quarters],
    }


def _quarter(quarter: Quarter) -> dict[str, Any]:
    return {
        "starts": quarter.starts.isoformat(),
        "ends": quarter.ends.isoformat(),
        "amount": plain(quarter.amount),
        "currency": quarter.currency or None,
        "fiscal_year": quarter.fiscal_year,
        "fiscal_quarter": quarter.fiscal_quarter,
        "source": quarter.source,
        "tag": quarter.tag or None,
        "filed": quarter.filed.isoformat() if quarter.filed else None,
    }


def flat_rows(values: dict[str, Any]) -> list[dict[str, Any]]:
    """A row a quarter, for CSV and Markdown: a company without any has one row all the same."""
    pledge = {f"pledge_{name}" if name == "currency" else name: value for name, value in values.items()}
    companies = pledge.pop("companies")
    empty = dict.fromkeys(
        ("starts", "ends", "amount", "currency", "fiscal_year", "fiscal_quarter", "source", "tag", "filed")
    )
    rows = []
    for company in companies:
        quarters = company["quarters"] or [empty]
        named = {name: value for name, value in company.items() if name != "quarters"}
        rows += [{**pledge, **named, **quarter} for quarter in quarters]
    return rows
