"""Records as plain values for JSON, CSV and Markdown: amounts as decimal strings, days as ISO dates, absent as null."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiwatch.ledger.amounts import Converted, plain
from aiwatch.ledger.circles import Circle, Incoming
from aiwatch.ledger.exposure import tickers
from aiwatch.ledger.links import conflicts_of
from aiwatch.ledger.records import Claim, Commitment, Conflict, Ledger, Signal
from aiwatch.ledger.totals import Omitted, Total

Exported = dict[str, Any]


def commitment(ledger: Ledger, record: Commitment) -> Exported:
    """A commitment; an id that is not sure to be the same money, or what it is part of, has ``(unclear)`` after it."""
    part_of = record.part_of or (f"{record.maybe_part_of} (unclear)" if record.maybe_part_of else None)
    return {
        "id": record.id,
        "kind": record.kind,
        "from": record.payer or None,
        "to": record.recipient or None,
        "programme": record.programme or None,
        "amount": _number(record.amount),
        "currency": record.currency or None,
        "stated": {currency: plain(amount) for currency, amount in record.stated},
        "period": {
            "start": record.period_start or None,
            "end": record.period_end or None,
            "years": _number(record.period_years),
        },
        "annual": record.annual,
        "announced": record.announced or None,
        "status": record.status,
        "growth_percent": _number(record.growth_percent),
        "capacity": record.capacity or None,
        "source": record.source,
        "line": record.line or None,
        "same_money_as": [*record.same_money_as, *(f"{id} (unclear)" for id in record.maybe_same_money_as)],
        "part_of": part_of,
        "counts_in_totals": record.counts_in_totals,
        "conflicts": [conflict.id for conflict in conflicts_of(ledger, record)],
        "tickers": list(tickers(ledger, record)),
        "note": record.note or None,
    }


def signal(ledger: Ledger, record: Signal) -> Exported:
    """A signal; ``group`` is where it is shown."""
    return {
        "id": record.id,
        "kind": record.kind,
        "group": "risks" if record.kind == "risk" else record.group,
        "sectors": list(record.sectors),
        "subject": record.subject,
        "metric": record.metric,
        "value": record.value or None,
        "unit": record.unit or None,
        "direction": record.direction or None,
        "as_of": record.as_of or None,
        "source": record.source,
        "line": record.line or None,
        "commitments": list(record.commitments),
        "conflicts": [conflict.id for conflict in conflicts_of(ledger, record)],
        "tickers": list(tickers(ledger, record)),
        "note": record.note or None,
    }


def claim(ledger: Ledger, record: Claim) -> Exported:
    """A claim: as printed, then as checked."""
    return {
        "id": record.id,
        "name": record.name,
        "name_zh": record.name_zh or None,
        "symbols": list(record.symbols),
        "percent": _number(record.percent),
        "operator": record.operator or None,
        "window": record.window,
        "repeats": record.repeats or None,
        "base_date": record.base_date.isoformat() if record.base_date else None,
        "end_date": record.end_date.isoformat() if record.end_date else None,
        "sessions": record.sessions or None,
        "base_close": _number(record.base_close, as_written=True),
        "end_close": _number(record.end_close, as_written=True),
        "checked_percent": _number(record.checked_percent),
        "basis": record.basis or None,
        "verdict": record.verdict,
        "source": record.source,
        "line": record.line or None,
        "conflicts": [conflict.id for conflict in conflicts_of(ledger, record)],
        "note": record.note or None,
    }


def conflict(record: Conflict) -> Exported:
    """A conflict with its sides."""
    return {
        "id": record.id,
        "topic": record.topic,
        "title": record.title,
        "sides": [{"says": side.says, "at": side.at} for side in record.sides],
        "show_as": record.show_as,
        "outside": record.outside or None,
        "records": list(record.records),
        "entities": list(record.entities),
        "marks_records": record.marks_records,
    }


def total(way: str, record: Total) -> Exported:
    """A total with what it holds, leaves out and does not know."""
    return {
        "by": way,
        "label": record.label,
        "sums": {currency: plain(amount) for currency, amount in record.sums},
        "counted": [one.id for one in record.included],
        "left_out": [_omitted(one) for one in record.left_out],
        "unknown": [_omitted(one) for one in record.unknown],
        "caution": record.caution or None,
    }


def circle(record: Circle) -> Exported:
    """A circle of money with its legs."""
    return {
        "circle": record.title,
        "legs": [
            {
                "leg": leg.total.label,
                "sums": {currency: plain(amount) for currency, amount in leg.total.sums},
                "counted": [one.id for one in leg.total.included],
                "left_out": [_omitted(one) for one in leg.total.left_out],
                "unknown": [_omitted(one) for one in leg.total.unknown],
            }
            for leg in record.legs
        ],
        "moved": {currency: plain(amount) for currency, amount in record.sums},
        "narrowest": None if record.narrowest is None else {record.narrowest[0]: plain(record.narrowest[1])},
    }


def incoming(ledger: Ledger, record: Incoming) -> Exported:
    """What a company gets in deals, and the shares from those it pays, in percent with one decimal."""
    shares = {}
    for name, part in (("direct_percent", record.direct), ("round_about_percent", record.round_about)):
        found = {currency: record.share(part, currency) for currency, _ in record.everything.sums}
        shares[name] = {currency: f"{share:.1f}" for currency, share in found.items() if share is not None}
    return {
        "company": ledger.entities[record.entity].name,
        "incoming": {currency: plain(amount) for currency, amount in record.everything.sums},
        **shares,
        "unknown": [_omitted(one) for one in record.everything.unknown],
    }


def converted(found: Converted | None, currency: str) -> Exported:
    """A converted sum with its rate, to whole units; null amounts where no rate is known."""
    rate = found.rate if found else None
    return {
        "currency": currency,
        "amount": None if found is None else f"{found.amount:.0f}",
        "rate": None if rate is None else f"{plain(rate.rate)} {rate.quote} per {rate.base}",
        "rate_date": rate.day.isoformat() if rate and rate.day else None,
        "rate_basis": None if rate is None else rate.basis,
    }


def _omitted(record: Omitted) -> dict[str, str]:
    return {"id": record.record.id, "why": record.reason}


def _number(number: Decimal | None, *, as_written: bool = False) -> str | None:
    if number is None:
        return None
    return f"{number:f}" if as_written else plain(number)
