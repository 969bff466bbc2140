"""What the ledger says of a company on a certain day: the events that a chart of its share can mark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from aiwatch.ledger.exposure import LedgerRecord, mentions
from aiwatch.ledger.records import Claim, Commitment, Ledger, Signal


class DatedRecord(NamedTuple):
    """What happened on ``day`` by the record called ``id``, in a few words."""

    day: date
    id: str
    words: str


def dated_records(ledger: Ledger, symbol: str) -> tuple[DatedRecord, ...]:
    """The days that records naming the company of ``symbol`` give in full, oldest first.

    A month or a year is no day, and the day of an article is not that of what it reports: neither is made one.
    """
    direct = (mention.record for mention in mentions(ledger, symbol) if mention.direct)
    records = {DatedRecord(day, record.id, words) for record in direct for day, words in _days_of(record)}
    return tuple(sorted(records))


def _days_of(record: LedgerRecord) -> Iterator[tuple[date, str]]:
    """The days of one record, each with its words."""
    texts: list[tuple[str, str]] = []
    if isinstance(record, Commitment):
        name = f"{record.payer or record.programme} → {record.recipient or record.programme}"
        texts = [(record.announced, f"{name} announced")]
        texts += [(step.date, f"{name} {step.status}") for step in record.status_history]
    elif isinstance(record, Signal):
        texts = [(record.as_of, f"{record.subject}: {record.metric}")]
    elif isinstance(record, Claim):
        ends = ((record.base_date, "starts here"), (record.end_date, "ends here"))
        move = f"claim of {record.percent} %" if record.percent is not None else "claim"
        yield from ((day, f"{move} {words}") for day, words in ends if day is not None)
    texts += [(check.date, f"checked: {check.says}") for check in record.verified]
    for text, words in texts:
        day = _day(text)
        if day is not None:
            yield day, words


def _day(text: str) -> date | None:
    """The day of an ISO date; ``None`` for a month, a year, or words."""
    try:
        return date.fromisoformat(text) if len(text) == len("2025-07-22") else None
    except ValueError:
        return None
