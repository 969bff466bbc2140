"""The ledger on a time axis: what each commitment came to, when it was verified, when its source is from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from aiwatch.ledger.links import kept
from aiwatch.ledger.records import Commitment, Ledger

_YEAR = re.compile(r"(?:19|20)\d\d")


class Event(Struct, frozen=True):
    """What happened to a commitment on ``date``, an ISO day, month or year, by which source; ``stage`` is a stage of
    its history, ``verified``, ``disputed``, ``printed`` (the day of its article), ``begins`` or ``ends``."""

    date: str
    record: Commitment
    stage: str
    says: str
    source: str

    def is_planned(self, today: str) -> bool:
        """Whether it lies after ``today``, an ISO day."""
        return self.date > today[: len(self.date)]


def events(ledger: Ledger) -> tuple[Event, ...]:
    """Every event of every current commitment, the earliest first; those of one day in the ledger's order. They are
    worked out once a ledger."""
    every: tuple[Event, ...] = kept(ledger, "events", _events)
    return every


def _events(ledger: Ledger) -> tuple[Event, ...]:
    return tuple(
        sorted(
            (event for record in ledger.commitments.values() for event in _of(ledger, record)),
            key=lambda event: event.date,
        )
    )


def _of(ledger: Ledger, record: Commitment) -> Iterator[Event]:
    for step in record.status_history:
        yield Event(step.date, record, step.status, step.says, step.source)
    for check in record.verified:
        stage = "disputed" if check.disputes else "verified"
        yield Event(check.date, record, stage, check.says, check.source or check.url)
    dated = ledger.sources[record.source].dated
    if dated is not None:
        yield Event(dated.isoformat(), record, "printed", record.status, record.source)
    for stage, period in (("begins", record.period_start), ("ends", record.period_end)):
        year = _YEAR.search(period)
        if year is not None and (stage == "begins" or record.period_end != record.period_start):
            yield Event(year.group(), record, stage, period, record.source)
