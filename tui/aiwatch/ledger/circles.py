"""Who pays whom in the deals, and the circles in which money comes back to where it started."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from aiwatch.ledger.amounts import money
from aiwatch.ledger.records import Commitment, Ledger
from aiwatch.ledger.totals import Omitted, Total, total

DEAL_KINDS = ("compute contract", "chip purchase", "equity investment")
"""The kinds of commitment that one party pays to another."""


class Leg(Struct, frozen=True):
    """All deals from one entity to another, by entity id. ``total`` holds what is known; a deal with several parties
    on a side counts as unknown, for their shares are not printed."""

    payer: str
    recipient: str
    total: Total

    @property
    def is_known(self) -> bool:
        """Whether at least one deal of the leg has a sum that counts."""
        return bool(self.total.included)

    def amount(self) -> str:
        """The known sum, with what is beside it: ``$100 bn + unknown``, ``unknown``."""
        parts = [money(amount, currency) for currency, amount in self.total.sums]
        if self.total.unknown:
            parts.append("unknown")
        stated = ", ".join(
            f"{money(omitted.record.amount, omitted.record.currency)} ({omitted.record.id})"
            for omitted in self.total.left_out
            if omitted.record.amount is not None
        )
        return " + ".join(parts) or f"not counted: {stated}"


class Circle(Struct, frozen=True):
    """A way of money back to its start, as legs in payment order, beginning where equity enters."""

    legs: tuple[Leg, ...]
    names: tuple[str, ...]

    @property
    def title(self) -> str:
        """``NVIDIA → OpenAI → Oracle → NVIDIA``."""
        return " → ".join((*self.names, self.names[0]))

    @property
    def sums(self) -> tuple[tuple[str, Decimal], ...]:
        """The known sums of all legs by currency: money moved, not money added."""
        sums: dict[str, Decimal] = {}
        for leg in self.legs:
            for currency, amount in leg.total.sums:
                sums[currency] = sums.get(currency, Decimal(0)) + amount
        return tuple(sums.items())

    @property
    def narrowest(self) -> tuple[str, Decimal] | None:
        """The smallest leg, the most that can have gone all the way round; ``None`` when a leg has no known sum or
        currencies differ."""
        sums = [leg.total.sums for leg in self.legs]
        if any(len(part) != 1 for part in sums) or len({part[0][0] for part in sums}) != 1:
            return None
        return min((part[0] for part in sums), key=lambda part: part[1])


class Incoming(Struct, frozen=True):
    """What an entity gets in deals: ``everything``, ``direct`` from those it pays itself, ``round_about`` from those
    its money reaches through other deals too."""

    entity: str
    everything: Total
    direct: Total
    round_about: Total

    def share(self, part: Total, currency: str) -> Decimal | None:
        """The share of ``part`` in everything known, in percent; ``None`` when no sum is known in ``currency``."""
        whole = dict(self.everything.sums).get(currency)
        return None if not whole else dict(part.sums).get(currency, Decimal(0)) / whole * 100


def deals(ledger: Ledger) -> tuple[Commitment, ...]:
    """The commitments that one party pays to another."""
    return tuple(record for record in ledger.commitments.values() if record.kind in DEAL_KINDS)


def legs(ledger: Ledger) -> dict[tuple[str, str], Leg]:
    """Every pair of payer and recipient (entity ids) with its deals; the money map's cells."""
    pairs: dict[tuple[str, str], list[Commitment]] = {}
    for record in deals(ledger):
        for payer in record.payers:
            for recipient in record.recipients:
                if payer != recipient:
                    pairs.setdefault((payer, recipient), []).append(record)
    return {pair: Leg(*pair, _pair_total(ledger, pair, records)) for pair, records in pairs.items()}


def circles(ledger: Ledger) -> tuple[Circle, ...]:
    """Every circle of the deals, once each, the shortest first."""
    map_of_legs = legs(ledger)
    following: dict[str, list[str]] = {}
    for payer, recipient in map_of_legs:
        following.setdefault(payer, []).append(recipient)
    found = []
    for start in sorted(following):
        for way in _ways_back(start, (start,), following):
            around = [map_of_legs[pair] for pair in zip(way, (*way[1:], start), strict=True)]
            found.append(_circle(ledger, around))
    return tuple(sorted(found, key=lambda circle: (len(circle.legs), circle.title)))


def incoming(ledger: Ledger, entity: str) -> Incoming:
    """What the entity ``entity`` gets in deals, and from whom it pays."""
    pays: dict[str, set[str]] = {}
    received = []
    for record in deals(ledger):
        for payer in record.payers:
            pays.setdefault(payer, set()).update(record.recipients)
        if entity in record.recipients and entity not in record.payers:
            received.append(record)
    reached: set[str] = set()
    waiting = [entity]
    while waiting:
        for recipient in pays.get(waiting.pop(), set()) - reached:
            reached.add(recipient)
            waiting.append(recipient)
    direct = [record for record in received if pays.get(entity, set()) & set(record.payers)]
    round_about = [record for record in received if reached & set(record.payers)]
    return Incoming(
        entity,
        total(ledger, "everything", received),
        total(ledger, "from those it pays", direct),
        total(ledger, "from those its money reaches", round_about),
    )


def _pair_total(ledger: Ledger, pair: tuple[str, str], records: list[Commitment]) -> Total:
    label = " → ".join(ledger.entities[id].name for id in pair)
    alone = [record for record in records if len(record.payers) == len(record.recipients) == 1]
    joint = tuple(Omitted(record, "share of a joint deal not stated") for record in records if record not in alone)
    summed = total(ledger, label, alone)
    return Total(label, summed.sums, summed.included, summed.left_out, summed.unknown + joint)


def _ways_back(start: str, way: tuple[str, ...], following: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """The simple ways from the end of ``way`` back to ``start`` over entities after ``start`` in id order."""
    for entity in following.get(way[-1], ()):
        if entity == start:
            yield way
        elif entity > start and entity not in way:
            yield from _ways_back(start, (*way, entity), following)


def _circle(ledger: Ledger, around: list[Leg]) -> Circle:
    def has_equity(leg: Leg) -> bool:
        records = (*leg.total.included, *(omitted.record for omitted in (*leg.total.left_out, *leg.total.unknown)))
        return any(record.kind == "equity investment" for record in records)

    first = next((place for place, leg in enumerate(around) if has_equity(leg)), 0)
    turned = (*around[first:], *around[:first])
    return Circle(turned, tuple(ledger.entities[leg.payer].name for leg in turned))
