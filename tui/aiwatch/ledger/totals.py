"""Totals that do not lie: each says what it holds, what it leaves out, and why.

Left out are umbrellas and forecasts, upper bounds, parts of a counted record, records of the same money, and yearly
rates without a term. Equal amounts are never taken for the same money, currencies are never mixed, and there is no
grand total: one dollar may show up as equity, then in a computing contract, then as a purchase of chips.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from aiwatch.ledger.amounts import Converted, Rate, convert_all
from aiwatch.ledger.links import ancestors, conflicts_of, kept, region_of, same_money
from aiwatch.ledger.records import KINDS, Commitment, Ledger

WAYS = ("kind", "payer", "recipient", "region")
"""The ways in which commitments can be totalled."""


class Omitted(Struct, frozen=True):
    """A record that a total does not hold, and why."""

    record: Commitment
    reason: str


class Total(Struct, frozen=True, dict=True):
    """A sum by currency, in whole units, of the ``included`` records; ``unknown`` ones print no sum, ``beside`` are
    those of others in which the same party has a share that is not printed."""

    label: str
    sums: tuple[tuple[str, Decimal], ...]
    included: tuple[Commitment, ...]
    left_out: tuple[Omitted, ...]
    unknown: tuple[Omitted, ...]
    beside: tuple[Omitted, ...] = ()

    @cached_property
    def cautions(self) -> tuple[str, ...]:
        """What to bear in mind where kinds, periods or stages are mixed."""
        kinds = {record.kind for record in self.included}
        mixed = []
        if len(kinds) > 1:
            names = ", ".join(kind for kind in KINDS if kind in kinds)
            mixed.append(f"mixes {names}: the same money may show up in several")
        periods = dict.fromkeys(period_of(record) or "no period" for record in self.included)
        if len(periods) > 1:
            mixed.append(f"mixes periods: {', '.join(periods)}")
        stages = dict.fromkeys(record.status for record in self.included)
        if len(stages) > 1:
            mixed.append(f"mixes stages: {', '.join(stages)}")
        return tuple(mixed)

    def explanation(self) -> tuple[str, ...]:
        """What was counted, what was left out and why, what is unknown: one line each."""
        ids = ", ".join(record.id for record in self.included)
        lines = [f"counted: {ids}" if ids else "counted: nothing"]
        groups = (("left out", self.left_out), ("unknown", self.unknown), ("beside", self.beside))
        lines += [f"{name}: {omitted.record.id}, {omitted.reason}" for name, group in groups for omitted in group]
        return (*lines, *(f"caution: {caution}" for caution in self.cautions))

    def converted(self, currency: str, rates: Iterable[Rate]) -> tuple[Converted, ...] | None:
        """Each counted record in ``currency``; ``None`` when a rate is missing, since a part is no total."""
        return convert_all(self.included, currency, rates)


def period_of(commitment: Commitment) -> str:
    """The commitment's period in few words: ``2026``, ``2025–2028``, ``4 years``, ``since 2019``, ``a year``."""
    start, end = commitment.period_start, commitment.period_end
    if commitment.period_printed:
        return commitment.period_printed
    if start and end and start != end:
        return f"{start}–{end}"
    if start or end:
        return start or f"until {end}"
    if commitment.period_years:
        years = f"{commitment.period_years.normalize():f}"
        return f"{years} year{'' if years == '1' else 's'}"
    return "a year" if commitment.annual else ""


def total(
    ledger: Ledger,
    label: str,
    commitments: Iterable[Commitment],
    beside: Iterable[Omitted] = (),
    *,
    bounds: bool = False,
) -> Total:
    """The total of ``commitments``: a part counts only where what it is part of is not among them. Upper bounds count
    where ``bounds`` says that they alone are totalled."""
    records = tuple(commitments)
    left_out, unknown, countable = [], [], {}
    for record in records:
        if record.amount is None:
            unknown.append(Omitted(record, record.qualifier or "sum not stated"))
        elif reason := own_reason(ledger, record, bounds=bounds):
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
    return Total(label, tuple(sums.items()), tuple(included.values()), tuple(left_out), tuple(unknown), tuple(beside))


def totals_by(ledger: Ledger, way: str, commitments: Iterable[Commitment] | None = None) -> tuple[Total, ...]:
    """Totals by ``way``, one of `WAYS`, of ``commitments`` (all current ones when ``None``).

    Those of all current ones are worked out once a ledger. A company's own total holds what it alone pays, or gets from
    one named payer; what several pay together, or nobody who is named, makes groups of its own, and is mentioned
    beside. Kinds come in their order, other groups by their first record.
    """
    if commitments is None:
        totals: tuple[Total, ...] = kept(ledger, f"totals by {way}", lambda ledger: _totals_by(ledger, way))
        return totals
    return _totals_by(ledger, way, tuple(commitments))


def _totals_by(ledger: Ledger, way: str, commitments: tuple[Commitment, ...] | None = None) -> tuple[Total, ...]:
    records = tuple(ledger.commitments.values()) if commitments is None else commitments
    groups: dict[str, list[Commitment]] = {}
    for record in records:
        groups.setdefault(_group(ledger, way, record), []).append(record)
    labels = [kind for kind in KINDS if kind in groups] if way == "kind" else list(groups)
    return tuple(
        total(
            ledger,
            label,
            groups[label],
            _beside(ledger, way, groups[label], records),
            bounds=way == "kind" and label == "guarantee",
        )
        for label in labels
    )


def own_reason(ledger: Ledger, record: Commitment, *, bounds: bool = False) -> str:
    """Why ``record`` counts in no total whatever else is there; empty when it may count. ``bounds`` says that only
    upper bounds are totalled."""
    if record.kind == "projection":
        return "a forecast, not a commitment"
    if record.kind == "programme":
        return "an umbrella figure"
    if record.kind == "guarantee" and not bounds:
        return "a guarantee: the most it can come to"
    if record.annual and record.period_years is None:
        same = f", same money as {', '.join(record.same_money_as)}" if record.same_money_as else ""
        return f"a yearly rate without a term{same}"
    if not record.counts_in_totals:
        return _marked_reason(ledger, record)
    for parent, sure in ancestors(ledger, record):
        if not parent.counts_in_totals:
            return f"{'part' if sure else 'perhaps part'} of {parent.id}, which is {_marked_reason(ledger, parent)}"
    return ""


def counted_as(ledger: Ledger, record: Commitment) -> str:
    """How a record stands to the totals: ``counted``, ``counted where C025 is not``, ``not counted: an umbrella``."""
    if record.amount is None:
        return "not in the totals: no sum"
    if reason := own_reason(ledger, record):
        return f"not in the totals: {reason}"
    holders = [f"{'' if sure else 'perhaps '}part of {parent.id}" for parent, sure in ancestors(ledger, record)]
    holders += [f"{'' if sure else 'perhaps '}same as {id}" for id, sure in same_money(ledger, record).items()]
    return f"counted where what it repeats is not: {', '.join(holders)}" if holders else "counted"


def _marked_reason(ledger: Ledger, record: Commitment) -> str:
    why = []
    if parent := record.part_of or record.maybe_part_of:
        why.append(f"{'part' if record.part_of else 'perhaps part'} of {parent}")
    if record.same_money_as:
        why.append(f"same money as {', '.join(record.same_money_as)}")
    numbers = ", ".join(conflict.id for conflict in conflicts_of(ledger, record))
    return "; ".join(why) or f"marked as not to be added{f', see {numbers}' if numbers else ''}"


def _double(
    ledger: Ledger, record: Commitment, countable: dict[str, Commitment], counted: dict[str, Commitment]
) -> str:
    """The reason why counting ``record`` would count money twice; empty when it would not."""
    for parent, sure in ancestors(ledger, record):
        if parent.id in countable:
            return f"{'part' if sure else 'perhaps part'} of {parent.id}, which is counted"
    for id, sure in same_money(ledger, record).items():
        if id in counted:
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
    if way == "payer":
        return _names(ledger, record.payers) or record.payer or "payer not stated"
    names = _names(ledger, record.recipients)
    if not names or record.payers == record.recipients:
        return f"{names}: its own spending" if names else record.recipient or "recipient not stated"
    if len(record.payers) == 1:
        return names
    return f"{names}: {'from several together' if record.payers else 'payer not named'}"


def _names(ledger: Ledger, ids: tuple[str, ...]) -> str:
    names = " + ".join(ledger.entities[id].name for id in ids)
    return f"{names} (together)" if len(ids) > 1 else names


def _beside(ledger: Ledger, way: str, group: list[Commitment], records: tuple[Commitment, ...]) -> tuple[Omitted, ...]:
    """The joint records in which the one party of ``group`` has a share."""
    if way not in ("payer", "recipient"):
        return ()
    parties = group[0].payers if way == "payer" else group[0].recipients
    if len(parties) != 1 or (way == "recipient" and len(group[0].payers) != 1):
        return ()
    inside = {record.id for record in group}
    included = (
        {record.id for record in records} if len(records) != len(ledger.commitments) else ledger.commitments.keys()
    )
    return tuple(
        Omitted(record, _share_words(way, record))
        for record in by_party(ledger)[way].get(parties[0], ())
        if record.id not in inside and record.id in included
    )


def by_party(ledger: Ledger) -> dict[str, dict[str, list[Commitment]]]:
    """The commitments in which an entity is ``payer`` or ``recipient``, alone or with others, by its id."""
    parties: dict[str, dict[str, list[Commitment]]] = kept(ledger, "parties", _by_party)
    return parties


def _by_party(ledger: Ledger) -> dict[str, dict[str, list[Commitment]]]:
    parties: dict[str, dict[str, list[Commitment]]] = {"payer": {}, "recipient": {}}
    for record in ledger.commitments.values():
        for way, ids in (("payer", record.payers), ("recipient", record.recipients)):
            for id in ids:
                parties[way].setdefault(id, []).append(record)
    return parties


def _share_words(way: str, record: Commitment) -> str:
    if way == "recipient" and not record.payers:
        return "the payer is not named"
    if record.payers == record.recipients:
        return "its own spending"
    return "joint, and the shares are not printed"
