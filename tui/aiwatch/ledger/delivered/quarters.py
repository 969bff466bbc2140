"""Reported spending by quarter, and how far a pledge has been kept.

A quarter says which currency it is in and how the company counts its fiscal year. Nothing is converted and nothing is
estimated: a company without a report is named, not left out silently.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from aiwatch.ledger.records import Commitment, Entity, Ledger

_PERIOD = re.compile(r"(FY)?((?:19|20)\d\d)(?:Q([1-4]))?")


class Quarter(Struct, frozen=True):
    """What a company spent from ``starts`` to ``ends``, both days included, in units of ``currency``.

    ``fiscal_year`` and ``fiscal_quarter`` are the company's own (``None``: who reports does not say how it counts its
    years); ``currency`` is empty where it is not said. ``source`` says who reports it and ``tag`` under which name;
    ``filed`` is the day of the report.
    """

    starts: datetime.date
    ends: datetime.date
    amount: Decimal
    currency: str
    fiscal_year: int | None
    fiscal_quarter: int | None
    source: str
    tag: str = ""
    filed: datetime.date | None = None


class Report(Struct, frozen=True):
    """What a company, by its entity's id, is known to have spent, the earliest quarter first, looked at on ``as_of``.
    ``problem`` is a sentence on why it is not known, or not anew."""

    entity: str
    quarters: tuple[Quarter, ...] = ()
    as_of: Annotated[datetime.datetime, Meta(tz=True)] | None = None
    problem: str = ""


class Reports(Struct, frozen=True):
    """All that is known, by entity id. ``asking`` is the name of the company that is asked for now, the one after
    ``done`` of ``total``; ``mark`` is a word for figures that are made up (``DEMO``)."""

    by_entity: Mapping[str, Report] = {}
    asking: str = ""
    done: int = 0
    total: int = 0
    mark: str = ""

    @property
    def quarters(self) -> dict[str, tuple[Quarter, ...]]:
        """The quarters of each company."""
        return {id: report.quarters for id, report in self.by_entity.items()}

    def problem_of(self, entity: str) -> str:
        """Why nothing, or nothing new, is known of a company; empty when nothing is wrong."""
        report = self.by_entity.get(entity)
        return report.problem if report is not None else ""

    def with_report(self, report: Report) -> Reports:
        """The same with ``report`` in its place."""
        return msgspec.structs.replace(self, by_entity={**self.by_entity, report.entity: report})


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
    period = record.period_start if first else f"quarters begun after {since}"
    return Delivery(record, record.amount, record.currency, period, tuple(parts))


def _since(ledger: Ledger, record: Commitment) -> datetime.date | None:
    """The day of the source, from which a pledge over so many years is counted when nothing says its begin."""
    return ledger.sources[record.source].dated if record.period_years is not None else None


def _within(quarter: Quarter, first: re.Match[str], last: re.Match[str]) -> bool:
    """Whether ``quarter`` lies in a printed period: fiscal years by the company's own calendar, others by the day on
    which the quarter ends."""
    year, number = quarter.ends.year, (quarter.ends.month + 2) // 3
    if first.group(1):
        if quarter.fiscal_year is None or quarter.fiscal_quarter is None:
            return False
        year, number = quarter.fiscal_year, quarter.fiscal_quarter
    if not int(first.group(2)) <= year <= int(last.group(2)):
        return False
    return first.group(3) is None or number == int(first.group(3))


def deliveries(ledger: Ledger, reports: Reports) -> tuple[Delivery, ...]:
    """Every pledge of capital spending beside what has been reported of it, in the order of the ledger."""
    quarters = reports.quarters
    results = (delivery(ledger, record, quarters) for record in ledger.commitments.values())
    return tuple(result for result in results if result is not None)


def companies(ledger: Ledger) -> tuple[Entity, ...]:
    """The payers of those pledges that have to report, because they are listed, each once."""
    payers = dict.fromkeys(part.entity for result in deliveries(ledger, Reports()) for part in result.parts)
    return tuple(ledger.entities[id] for id in payers if is_listed(ledger.entities[id]))


def is_listed(entity: Entity) -> bool:
    """Whether there is somebody who can be asked for what ``entity`` reports."""
    return bool(entity.cik or entity.symbols)


def bar(result: Delivery, cells: int) -> str:
    """How much of the promise is spent, as a bar of ``cells`` cells: full ones for money spent, light ones for the
    rest; more than the promise fills it."""
    spent = min(Decimal(1), result.delivered / result.promised)
    full = int(spent * cells)
    return "█" * full + "░" * (cells - full)
