"""Totals that do not lie: each says what it holds, what it leaves out, and why.

Left out are umbrellas and forecasts, parts of a counted record, records of the same money, and yearly rates without a
term. Equal amounts are never taken for the same money, currencies are never mixed, and there is no grand total: one
dollar may show up as equity, then in a computing contract, then as a purchase of chips.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from aiwatch.ledger.amounts import Converted, Rate, convert
from aiwatch.ledger.links import ancestors, conflicts_of, region_of, same_money
from aiwatch.ledger.records import KINDS, Commitment, Ledger

WAYS = ("kind", "payer", "recipient", "region")
"""The ways in which commitments can be totalled."""


class Omitted(Struct, frozen=True):
    """A record that a total does not hold, and why."""

    record: Commitment
    reason: str


class Total(Struct, frozen=True):
    """A sum by currency, in whole units, of the ``included`` records; ``unknown`` ones print no sum."""

    label: str
    sums: tuple[tuple[str, Decimal], ...]
    included: tuple[Commitment, ...]
    left_out: tuple[Omitted, ...]
    unknown: tuple[Omitted, ...]

    @property
    def caution(self) -> str:
        """What to bear in mind when kinds are mixed; empty when they are not."""
        kinds = {record.kind for record in self.included}
        if len(kinds) < 2:
            return ""
        return f"mixes {', '.join(kind for kind in KINDS if kind in kinds)}: the same money may show up in several"

    def explanation(self) -> tuple[str, ...]:
        """What was counted, what was left out and why, what is unknown: one line each."""
        ids = ", ".join(record.id for record in self.included)
        lines = [f"counted: {ids}" if ids else "counted: nothing"]
        lines += [f"left out: {omitted.record.id}, {omitted.reason}" for omitted in self.left_out]
        lines += [f"unknown: {omitted.record.id}, {omitted.reason}" for omitted in self.unknown]
        if self.caution:
            lines.append(f"caution: {self.caution}")
        return tuple(lines)

    def converted(self, currency: str, rates: Iterable[Rate]) -> tuple[Converted, ...] | None:
        """Each sum in ``currency`` with its rate; ``None`` when a rate is missing, since a part is no total."""
        known = tuple(rates)
        found = [convert(amount, own, currency, known) for own, amount in self.sums]
        return None if None in found else tuple(part for part in found if part is not None)


def total(ledger: Ledger, label: str, commitments: Iterable[Commitment]) -> Total:
    """The total of ``commitments``: a part counts only where what it is part of is not among them."""
    records = tuple(commitments)
    left_out, unknown, countable = [], [], {}
    for record in records:
        if record.amount is None:
            unknown.append(Omitted(record, record.qualifier or "sum not stated"))
        elif reason := _own_reason(ledger, record):
            left_out.append(Omitted(record, reason))
        else:
            countable[record.id] = record
    included: dict[str, Commitment] = {}
    for record in countable.values():
        if reason := _double(ledger, record, countable, included):
            left_out.append(Omitted(record, reason))
        else:
            included[record.id] = record
    sums: dict[str, Decimal] = {}
    for record in included.values():
        sums[record.currency] = sums.get(record.currency, Decimal(0)) + (record.amount or 0)
    order = {record.id: place for place, record in enumerate(records)}
    left_out.sort(key=lambda omitted: order[omitted.record.id])
    return Total(label, tuple(sums.items()), tuple(included.values()), tuple(left_out), tuple(unknown))


def totals_by(ledger: Ledger, way: str, commitments: Iterable[Commitment] | None = None) -> tuple[Total, ...]:
    """Totals by ``way``, one of `WAYS`, of ``commitments`` (all current ones when ``None``).

    Joint parties make a group of their own, for their shares are not printed. Kinds come in their order, other groups
    by their first record.
    """
    groups: dict[str, list[Commitment]] = {}
    for record in ledger.commitments.values() if commitments is None else commitments:
        groups.setdefault(_group(ledger, way, record), []).append(record)
    labels = [kind for kind in KINDS if kind in groups] if way == "kind" else list(groups)
    return tuple(total(ledger, label, groups[label]) for label in labels)


def _own_reason(ledger: Ledger, record: Commitment) -> str:
    """Why ``record`` counts in no total whatever else is there; empty when it may count."""
    if record.kind == "projection":
        return "a forecast, not a commitment"
    if record.annual and record.period_years is None:
        same = f", same money as {', '.join(record.same_money_as)}" if record.same_money_as else ""
        return f"a yearly rate without a term{same}"
    if record.counts_in_totals:
        return ""
    why = []
    if parent := record.part_of or record.maybe_part_of:
        why.append(f"{'part' if record.part_of else 'perhaps part'} of {parent}")
    if record.same_money_as:
        why.append(f"same money as {', '.join(record.same_money_as)}")
    if record.kind == "programme":
        why.insert(0, "an umbrella figure")
    doubts = ", ".join(conflict.id for conflict in conflicts_of(ledger, record))
    return "; ".join(why) or f"marked as not to be added{f', see {doubts}' if doubts else ''}"


def _double(ledger: Ledger, record: Commitment, countable: dict[str, Commitment], kept: dict[str, Commitment]) -> str:
    """The reason why counting ``record`` would count money twice; empty when it would not."""
    for parent, sure in ancestors(ledger, record):
        if parent.id in countable:
            return f"{'part' if sure else 'perhaps part'} of {parent.id}, which is counted"
    for id, sure in same_money(ledger, record).items():
        if id in kept:
            return f"{'same' if sure else 'perhaps same'} money as {id}, which is counted"
        for parent, _ in ancestors(ledger, ledger.commitments[id]):
            if parent.id in countable and parent.id != record.id:
                return f"{'same' if sure else 'perhaps same'} money as {id}, part of {parent.id}, which is counted"
    return ""


def _group(ledger: Ledger, way: str, record: Commitment) -> str:
    if way == "kind":
        return record.kind
    if way == "region":
        return region_of(ledger, record)
    entities, printed = {"payer": (record.payers, record.payer), "recipient": (record.recipients, record.recipient)}[
        way
    ]
    names = " + ".join(ledger.entities[id].name for id in entities)
    return f"{names} (together)" if len(entities) > 1 else names or printed or "not stated"
