"""Reported spending by quarter, and how far a pledge has been kept.

A quarter says which currency it is in and how the company counts its fiscal year. Nothing is converted and nothing is
estimated: a company without a report is named, not left out silently.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from aiwatch.ledger.records import Commitment, Ledger

_PERIOD = re.compile(r"(FY)?((?:19|20)\d\d)(?:Q([1-4]))?")


class Quarter(Struct, frozen=True):
    """What a company spent from ``starts`` to ``ends``, both days included, in units of ``currency``.

    ``fiscal_year`` and ``fiscal_quarter`` are the company's own; ``source`` says who reports it and ``tag`` under which
    name; ``filed`` is the day of the report.
    """

    starts: datetime.date
    ends: datetime.date
    amount: Decimal
    currency: str
    fiscal_year: int
    fiscal_quarter: int
    source: str
    tag: str = ""
    filed: datetime.date | None = None


class Part(Struct, frozen=True):
    """What one company has spent of a pledge: its ``quarters`` inside the pledge's period, and how many there are to
    be when the period is over (``None``: its length is not known)."""

    entity: str
    quarters: tuple[Quarter, ...]
    expected: int | None

    @property
    def sums(self) -> dict[str, Decimal]:
        """The spending by currency."""
        sums: dict[str, Decimal] = {}
        for quarter in self.quarters:
            sums[quarter.currency] = sums.get(quarter.currency, Decimal(0)) + quarter.amount
        return sums

    @property
    def calendar(self) -> str:
        """Where the company's fiscal year ends, as far as its reports say: ``fiscal year to June``; else empty."""
        last = next((quarter for quarter in reversed(self.quarters) if quarter.fiscal_quarter == 4), None)
        return f"fiscal year to {last.ends:%B}" if last is not None else ""


class Delivery(Struct, frozen=True):
    """A pledge beside what has been reported since: ``promised`` in units of ``currency``, a part for each payer."""

    record: Commitment
    promised: Decimal
    currency: str
    period: str
    parts: tuple[Part, ...]

    @property
    def delivered(self) -> Decimal:
        """What has been spent in the pledge's own currency."""
        return sum((part.sums.get(self.currency, Decimal(0)) for part in self.parts), Decimal(0))

    @property
    def percent(self) -> Decimal | None:
        """What has been spent, in percent of the promise; ``None`` while a payer has reported nothing, or reports in
        another currency, for a share of a part is no share of the whole."""
        if self.missing or any(set(part.sums) - {self.currency} for part in self.parts):
            return None
        return self.delivered / self.promised * 100

    @property
    def missing(self) -> tuple[str, ...]:
        """The ids of the payers that have reported nothing for the period."""
        return tuple(part.entity for part in self.parts if not part.quarters)

    @property
    def is_over(self) -> bool:
        """Whether every payer has reported every quarter of the period."""
        return all(part.expected is not None and len(part.quarters) >= part.expected for part in self.parts)


def delivery(ledger: Ledger, record: Commitment, reported: Mapping[str, Sequence[Quarter]]) -> Delivery | None:
    """``record`` beside the ``reported`` quarters by entity id; ``None`` when it has no sum, no payer, or no period
    that says which quarters count."""
    if record.amount is None or not record.payers or record.kind != "corporate capex":
        return None
    first, last = _PERIOD.fullmatch(record.period_start), _PERIOD.fullmatch(record.period_end)
    since = _since(ledger, record)
    if (first is None or last is None) and since is None:
        return None
    parts = []
    for payer in record.payers:
        quarters = sorted(reported.get(payer, ()), key=lambda quarter: quarter.ends)
        if first is not None and last is not None:
            inside = [quarter for quarter in quarters if _within(quarter, first, last)]
            expected: int | None = 1 if first.group(3) else 4 * (int(last.group(2)) - int(first.group(2)) + 1)
        else:
            inside = [quarter for quarter in quarters if since is not None and quarter.starts >= since]
            expected = int(record.period_years * 4) if record.period_years is not None else None
            inside = inside[:expected]
        parts.append(Part(payer, tuple(inside), expected))
    period = record.period_start if first else f"from the first quarter that began after {since}"
    return Delivery(record, record.amount, record.currency, period, tuple(parts))


def _since(ledger: Ledger, record: Commitment) -> datetime.date | None:
    """The day of the source, from which a pledge over so many years is counted when nothing says its begin."""
    return ledger.sources[record.source].dated if record.period_years is not None else None


def _within(quarter: Quarter, first: re.Match[str], last: re.Match[str]) -> bool:
    """Whether ``quarter`` lies in a printed period: fiscal years by the company's own calendar, others by the day on
    which the quarter ends."""
    if first.group(1):
        year, number = quarter.fiscal_year, quarter.fiscal_quarter
    else:
        year, number = quarter.ends.year, (quarter.ends.month + 2) // 3
    if not int(first.group(2)) <= year <= int(last.group(2)):
        return False
    return first.group(3) is None or number == int(first.group(3))


def bar(result: Delivery, cells: int) -> str:
    """How much of the promise is spent, as a bar of ``cells`` cells: full ones for money spent, light ones for the
    rest; more than the promise fills it."""
    spent = min(Decimal(1), result.delivered / result.promised)
    full = int(spent * cells)
    return "█" * full + "░" * (cells - full)
