"""Money a year: spending by calendar year, and what runs at a yearly rate, printed or averaged over its years."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from aiwatch.ledger.links import kept, same_money
from aiwatch.ledger.records import Commitment, Ledger

_YEAR = re.compile(r"(?:FY)?((?:19|20)\d\d)(?:Q[1-4])?")
_SPENDING = ("corporate capex", "projection")


class YearSum(Struct, frozen=True):
    """What ``who`` spends in ``year``, in units of ``currency``; ``quarters`` are the printed ones when it is no whole
    year, ``is_forecast`` says that nobody has committed to it."""

    year: str
    who: str
    amount: Decimal
    currency: str
    records: tuple[Commitment, ...]
    quarters: tuple[str, ...] = ()
    is_forecast: bool = False


class YearRate(Struct, frozen=True):
    """What a commitment comes to a year, in units of ``currency``: as ``printed``, or its sum over its ``years``."""

    record: Commitment
    amount: Decimal
    currency: str
    years: Decimal | None = None

    @property
    def is_printed(self) -> bool:
        """Whether the rate itself is printed."""
        return self.years is None


class RateRow(Struct, frozen=True):
    """The yearly rates of one payer to one recipient: several where records speak of the same money."""

    label: str
    rates: tuple[YearRate, ...]


def by_year(ledger: Ledger) -> tuple[YearSum, ...]:
    """Spending by year and spender, the earliest first; quarters of one year are added up and named."""
    sums: tuple[YearSum, ...] = kept(ledger, "by year", _by_year)
    return sums


def _by_year(ledger: Ledger) -> tuple[YearSum, ...]:
    groups: dict[tuple[str, str, str, bool], list[Commitment]] = {}
    for record in ledger.commitments.values():
        start = _YEAR.fullmatch(record.period_start)
        if record.kind not in _SPENDING or record.amount is None or start is None:
            continue
        if record.period_start != record.period_end:
            continue
        key = start.group(1), _who(ledger, record), record.currency, record.kind == "projection"
        groups.setdefault(key, []).append(record)
    sums = [
        YearSum(
            year,
            who,
            sum((record.amount or Decimal(0) for record in records), Decimal(0)),
            currency,
            tuple(records),
            tuple(record.period_start for record in records if "Q" in record.period_start),
            forecast,
        )
        for (year, who, currency, forecast), records in groups.items()
    ]
    return tuple(sorted(sums, key=lambda spent: spent.year))


def yearly_rates(ledger: Ledger) -> tuple[RateRow, ...]:
    """What runs at a yearly rate, records of the same money in one row."""
    rows: tuple[RateRow, ...] = kept(ledger, "yearly rates", _yearly_rates)
    return rows


def _yearly_rates(ledger: Ledger) -> tuple[RateRow, ...]:
    rows: list[RateRow] = []
    seen: set[str] = set()
    for record in ledger.commitments.values():
        rate = yearly_rate(record)
        if rate is None or record.id in seen or record.kind == "projection":
            continue
        same = [ledger.commitments[id] for id, sure in same_money(ledger, record).items() if sure]
        rates = [
            rate,
            *(rate for rate in map(yearly_rate, same) if rate is not None and rate.record.payers == record.payers),
        ]
        seen.update(rate.record.id for rate in rates)
        rows.append(RateRow(f"{_who(ledger, record)} → {_to_whom(ledger, record)}", tuple(rates)))
    return tuple(rows)


def yearly_rate(record: Commitment) -> YearRate | None:
    """A commitment's sum a year: as printed, or its sum over its years; ``None`` without either, or for one year."""
    if record.amount is None:
        return None
    if record.annual and not record.period_start:
        return YearRate(record, record.amount, record.currency)
    if record.period_years is not None and record.period_years > 1:
        return YearRate(record, record.amount / record.period_years, record.currency, record.period_years)
    return None


def _who(ledger: Ledger, record: Commitment) -> str:
    return _names(ledger, record.payers) or record.payer


def _to_whom(ledger: Ledger, record: Commitment) -> str:
    """Who is paid; for what, where it is the payer itself."""
    is_own = record.recipients == record.payers
    return record.recipient if is_own else _names(ledger, record.recipients) or record.recipient


def _names(ledger: Ledger, ids: tuple[str, ...]) -> str:
    return " + ".join(ledger.entities[id].name for id in ids)
