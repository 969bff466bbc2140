"""The ledger's views: which records each of them shows, in which order. Screen and command read the same lists."""

from __future__ import annotations

from collections.abc import Iterable

from aiwatch.ledger.circles import DEAL_KINDS, Incoming, incoming
from aiwatch.ledger.circles import deals as deals_of
from aiwatch.ledger.records import GROUPS, KINDS, Commitment, Ledger, Signal

PLEDGE_KINDS = tuple(kind for kind in KINDS if kind not in DEAL_KINDS)
"""The kinds shown as pledges: all that are not paid by one party to another."""

CAPACITY_UNITS = ("GW", "MW", "kV", "kW", "GPUs", "chips", "EFLOPS", "sites", "nodes", "clusters")
"""The units of the signals that are figures of capacity."""

RISKS = "risks"


def pledges(ledger: Ledger) -> tuple[Commitment, ...]:
    """Pledges, spending, programmes, financing, sites and forecasts, by kind."""
    return tuple(record for kind in PLEDGE_KINDS for record in ledger.commitments.values() if record.kind == kind)


def deals(ledger: Ledger) -> tuple[Commitment, ...]:
    """Computing contracts, purchases of chips and equity, by kind."""
    return tuple(sorted(deals_of(ledger), key=lambda record: DEAL_KINDS.index(record.kind)))


def capacity(ledger: Ledger) -> tuple[Commitment, ...]:
    """The commitments with a capacity."""
    return tuple(record for record in ledger.commitments.values() if record.capacity)


def capacity_signals(ledger: Ledger) -> tuple[Signal, ...]:
    """The signals that are figures of capacity."""
    return tuple(record for record in ledger.signals.values() if record.unit in CAPACITY_UNITS)


def signals_by_group(ledger: Ledger) -> dict[str, tuple[Signal, ...]]:
    """The signals by group in their order, all risks last in a group of their own."""
    groups: dict[str, list[Signal]] = {group: [] for group in (*GROUPS, RISKS)}
    for record in ledger.signals.values():
        groups[RISKS if record.kind == "risk" else record.group].append(record)
    return {group: tuple(records) for group, records in groups.items() if records}


def signals(ledger: Ledger) -> tuple[Signal, ...]:
    """All signals in the order of their groups."""
    return tuple(record for records in signals_by_group(ledger).values() for record in records)


def incomings(ledger: Ledger) -> tuple[Incoming, ...]:
    """What each company that gets money in deals gets, by its first deal."""
    receivers: Iterable[str] = dict.fromkeys(id for record in deals(ledger) for id in record.recipients)
    return tuple(incoming(ledger, entity) for entity in receivers)
