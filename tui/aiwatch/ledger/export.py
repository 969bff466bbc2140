"""Records as plain values for JSON, CSV and Markdown: every field, amounts as decimal strings, days as ISO dates,
absent as null. The names are those of the files' keys."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from aiwatch.ledger.amounts import Converted, plain
from aiwatch.ledger.circles import Circle, Incoming, company_money
from aiwatch.ledger.exposure import tickers
from aiwatch.ledger.links import conflicts_of, sources_in
from aiwatch.ledger.records import Claim, Commitment, Conflict, Entity, Ledger, LeftOut, Record, Signal, SourceArticle
from aiwatch.ledger.totals import Omitted, Total, counted_as
from aiwatch.ledger.trust import trust_in

Exported = dict[str, Any]

_NAMES = {
    "payer": "from",
    "payers": "from_entities",
    "recipient": "to",
    "recipients": "to_entities",
    "mark": "provenance",
}
"""Fields that a file calls otherwise, and one that no file has: whether a record is bundled or yours."""

_SUMS = ("stated", "valuation", "figures", "figure_qualifiers")
_PERIOD = {"period_start": "start", "period_end": "end", "period_printed": "printed", "period_years": "years"}


def commitment(ledger: Ledger, record: Commitment) -> Exported:
    """A commitment, what it comes to in the totals, its conflicts, tickers, trust, and where its source is."""
    row = _fields(record)
    period = {name: row.pop(field) for field, name in _PERIOD.items()}
    return {**row, "period": period, "in_totals": counted_as(ledger, record), **_context(ledger, record)}


def signal(ledger: Ledger, record: Signal) -> Exported:
    """A signal; ``shown_in`` is the group under which it is shown."""
    return {
        **_fields(record),
        "shown_in": "risks" if record.kind == "risk" else record.group,
        **_context(ledger, record),
    }


def claim(ledger: Ledger, record: Claim) -> Exported:
    """A claim: as printed, then as checked, with the source and the days of the closes."""
    row = _fields(record)
    for name in ("base_close", "end_close"):
        row[name] = _number(getattr(record, name), as_written=True)
    return {**row, **_context(ledger, record)}


def conflict(record: Conflict) -> Exported:
    """A conflict with its sides, and the sources they are from."""
    return {**_fields(record), "sources": list(sources_in(record))}


def entity(ledger: Ledger, record: Entity) -> Exported:
    """An entity with what it gets and pays in the ledger."""
    own = company_money(ledger, record.id)
    return {**_fields(record), "gets": _sums(own.received), "pays": _sums(own.paid)}


def source(record: SourceArticle) -> Exported:
    """A source with its address and days."""
    return _fields(record)


def left_out(record: LeftOut) -> Exported:
    """A printed sum that is no part of the ledger."""
    return _fields(record)


def total(way: str, record: Total) -> Exported:
    """A total with what it holds, leaves out and does not know."""
    return {
        "by": way,
        "label": record.label,
        "sums": _sums(record),
        "counted": [counted.id for counted in record.included],
        "left_out": [_omitted(omitted) for omitted in record.left_out],
        "unknown": [_omitted(omitted) for omitted in record.unknown],
        "beside": [_omitted(omitted) for omitted in record.beside],
        "cautions": list(record.cautions),
    }


def circle(record: Circle) -> Exported:
    """A circle of money with its legs."""
    return {
        "circle": record.title,
        "legs": [
            {
                "leg": leg.total.label,
                "sums": _sums(leg.total),
                "counted": [counted.id for counted in leg.total.included],
                "left_out": [_omitted(omitted) for omitted in leg.total.left_out],
                "unknown": [_omitted(omitted) for omitted in leg.total.unknown],
            }
            for leg in record.legs
        ],
        "moved": {currency: plain(amount) for currency, amount in record.sums},
        "narrowest": None if record.narrowest is None else {record.narrowest[0]: plain(record.narrowest[1])},
    }


def incoming(ledger: Ledger, record: Incoming) -> Exported:
    """What a company gets, and the shares from those it pays, in percent with one decimal; a share is null where only
    unknown sums could make it, or where the company pays nobody in the ledger."""
    shares = {}
    for name, part in (("direct_percent", record.direct), ("round_about_percent", record.round_about)):
        worked_out = {currency: record.share(part, currency) for currency, _ in record.everything.sums}
        shares[name] = {currency: None if share is None else f"{share:.1f}" for currency, share in worked_out.items()}
    return {
        "company": ledger.entities[record.entity].name,
        "incoming": _sums(record.everything),
        "pays_anybody": record.pays,
        **shares,
        "unknown": [_omitted(omitted) for omitted in (*record.everything.unknown, *record.supplies)],
        "beside": [_omitted(omitted) for omitted in record.everything.beside],
    }


def converted(result: Converted | None, currency: str) -> Exported:
    """A converted sum with its rate, to whole units; null amounts where no rate is known. ``basis`` is ``printed``
    where the source prints that currency itself."""
    rate = result.rate if result else None
    return {
        "currency": currency,
        "amount": None if result is None else f"{result.amount:.0f}",
        "basis": None if result is None else "printed" if rate is None else "converted",
        "rate": None if rate is None else f"{plain(rate.rate)} {rate.quote} per {rate.base}",
        "rate_date": rate.day.isoformat() if rate and rate.day else None,
        "rate_basis": None if rate is None else rate.basis,
    }


def _context(ledger: Ledger, record: Commitment | Signal | Claim) -> Exported:
    """What the ledger knows of a record beside its own fields."""
    article = ledger.sources[record.source]
    trust = trust_in(ledger, record)
    return {
        "source_title": article.title,
        "source_address": article.origin or None,
        "source_date": article.dated.isoformat() if article.dated else None,
        "source_confidence": article.confidence,
        "conflicts": [conflict.id for conflict in conflicts_of(ledger, record)],
        "tickers": list(tickers(ledger, record)),
        "trust": trust.step,
        "trust_because": list(trust.reasons),
    }


def _fields(record: Record | Conflict | Entity | SourceArticle | LeftOut) -> Exported:
    """Every field of a record under its key in the files."""
    row: Exported = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        row[_NAMES.get(name, name)] = dict(_pairs(value)) if name in _SUMS else _plain(value)
    return row


def _pairs(value: tuple[tuple[str, Any], ...]) -> list[tuple[str, Any]]:
    return [(name, _plain(item)) for name, item in value]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, msgspec.Struct):
        return {name: _plain(item) for name, item in msgspec.structs.asdict(value).items()}
    if isinstance(value, Mapping):
        return dict(value)
    return value if isinstance(value, bool) else value or None


def _sums(total: Total) -> dict[str, str]:
    return {currency: plain(amount) for currency, amount in total.sums}


def _omitted(record: Omitted) -> dict[str, str]:
    return {"id": record.record.id, "why": record.reason}


def _number(number: Decimal | None, *, as_written: bool = False) -> str | None:
    if number is None:
        return None
    return f"{number:f}" if as_written else plain(number)
