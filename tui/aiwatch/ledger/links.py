"""How records hang together: parts, same money, history, conflicts, sources, and the companies behind the names."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from msgspec import Struct

from aiwatch.ledger.records import KINDS, Commitment, Conflict, Entity, FxRate, Ledger, Record, Signal

STALE_AFTER_DAYS = 180
"""The age of a source, in days, after which its records should be verified again."""


class Related(Struct, frozen=True):
    """A record that hangs together with another, and how: ``part of``, ``same money as``, and so on."""

    record: Commitment
    how: str


def by_kind(ledger: Ledger) -> dict[str, tuple[Commitment, ...]]:
    """The current commitments by kind, kinds and records in their order."""
    groups: dict[str, list[Commitment]] = {kind: [] for kind in KINDS}
    for commitment in ledger.commitments.values():
        groups[commitment.kind].append(commitment)
    return {kind: tuple(group) for kind, group in groups.items() if group}


def current_id(ledger: Ledger, id: str) -> str:
    """``id``, or that of the record which supersedes it in the end."""
    while id in ledger.superseded:
        id = next(
            newer.id
            for records in (ledger.commitments, ledger.signals, ledger.superseded)
            for newer in records.values()
            if newer.supersedes == id
        )
    return id


def history(ledger: Ledger, record: Commitment | Signal) -> tuple[Commitment | Signal, ...]:
    """What ``record`` supersedes, the newest first."""
    found = []
    while record.supersedes in ledger.superseded:
        record = ledger.superseded[record.supersedes]
        found.append(record)
    return tuple(found)


def ids_of(ledger: Ledger, record: Record) -> set[str]:
    """The ids by which others may refer to ``record``: its own and those of its history."""
    past = history(ledger, record) if isinstance(record, Commitment | Signal) else ()
    return {record.id, *(older.id for older in past)}


def ancestors(ledger: Ledger, commitment: Commitment) -> Iterator[tuple[Commitment, bool]]:
    """What ``commitment`` is part of, the nearest first, and whether that is sure."""
    seen = {commitment.id}
    sure = True
    while parent_id := commitment.part_of or commitment.maybe_part_of:
        sure = sure and bool(commitment.part_of)
        parent = ledger.commitments.get(current_id(ledger, parent_id))
        if parent is None or parent.id in seen:
            return
        seen.add(parent.id)
        yield parent, sure
        commitment = parent


def children(ledger: Ledger, commitment: Commitment) -> tuple[Commitment, ...]:
    """The direct parts of ``commitment``, unsure ones included."""
    ids = ids_of(ledger, commitment)
    return tuple(part for part in ledger.commitments.values() if ids & {part.part_of, part.maybe_part_of})


def same_money(ledger: Ledger, commitment: Commitment) -> dict[str, bool]:
    """The ids of the current records that speak of the same money, in either direction, and whether that is sure."""
    own = ids_of(ledger, commitment)
    found: dict[str, bool] = {}
    for other in ledger.commitments.values():
        if other.id == commitment.id:
            continue
        theirs = ids_of(ledger, other)
        if theirs & set(commitment.same_money_as) or own & set(other.same_money_as):
            found[other.id] = True
        elif theirs & set(commitment.maybe_same_money_as) or own & set(other.maybe_same_money_as):
            found[other.id] = False
    return found


def related(ledger: Ledger, commitment: Commitment) -> tuple[Related, ...]:
    """Every commitment that hangs together with ``commitment``, its history last."""
    found = [
        Related(parent, "part of" if sure else "perhaps part of") for parent, sure in ancestors(ledger, commitment)
    ]
    found += [
        Related(part, "contains" if part.part_of else "perhaps contains") for part in children(ledger, commitment)
    ]
    found += [
        Related(ledger.commitments[id], "same money as" if sure else "perhaps same money as")
        for id, sure in same_money(ledger, commitment).items()
    ]
    past = history(ledger, commitment)
    found += [Related(older, "supersedes") for older in past if isinstance(older, Commitment)]
    return tuple(found)


def conflicts_of(ledger: Ledger, record: Record) -> tuple[Conflict, ...]:
    """The conflicts that name ``record`` or one that it supersedes."""
    ids = ids_of(ledger, record)
    return tuple(conflict for conflict in ledger.conflicts.values() if ids.intersection(conflict.records))


def is_marked(ledger: Ledger, record: Record) -> bool:
    """Whether ``record`` carries the mark of a conflict."""
    return any(conflict.marks_records for conflict in conflicts_of(ledger, record))


def conflicts_about(ledger: Ledger, entity: Entity) -> tuple[Conflict, ...]:
    """The conflicts that name ``entity``."""
    return tuple(conflict for conflict in ledger.conflicts.values() if entity.id in conflict.entities)


def implied_rates_of(ledger: Ledger, commitment: Commitment) -> tuple[FxRate, ...]:
    """The exchange rates hidden in the printed sums of ``commitment``."""
    return tuple(rate for rate in ledger.fx.values() if rate.commitment == commitment.id)


def age_in_days(ledger: Ledger, record: Record, today: datetime.date) -> int | None:
    """The age of the record's source on ``today``; ``None`` when the source has no date."""
    dated = ledger.sources[record.source].dated
    return None if dated is None else (today - dated).days


def is_stale(ledger: Ledger, record: Record, today: datetime.date, days: int = STALE_AFTER_DAYS) -> bool:
    """Whether the record's source is older than ``days`` on ``today``, or has no date at all."""
    age = age_in_days(ledger, record, today)
    return age is None or age > days


def to_verify(ledger: Ledger, today: datetime.date, days: int = STALE_AFTER_DAYS) -> tuple[Commitment, ...]:
    """The commitments that are stale on ``today``, the oldest source first."""
    stale = [commitment for commitment in ledger.commitments.values() if is_stale(ledger, commitment, today, days)]
    return tuple(sorted(stale, key=lambda commitment: ledger.sources[commitment.source].dated or datetime.date.min))


def status(ledger: Ledger, commitment: Commitment) -> str:
    """The status as printed and who printed it: ``paused, per 002``; with the source's confidence when that is low."""
    confidence = ledger.sources[commitment.source].confidence
    return f"{commitment.status}, per {commitment.source}{' (low confidence)' if confidence == 'low' else ''}"


def region_of(ledger: Ledger, commitment: Commitment) -> str:
    """The record's region: as given, else the payers' home, ``several`` with their names, or ``not stated``."""
    if commitment.region:
        return commitment.region
    homes = dict.fromkeys(ledger.entities[payer].region for payer in commitment.payers)
    homes.pop("", None)
    if not homes:
        return "not stated"
    return next(iter(homes)) if len(homes) == 1 else f"several: {', '.join(sorted(homes))}"
