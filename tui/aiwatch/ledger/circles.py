"""Who pays whom, the circles in which money comes back to where it started, and what each company gets and pays.

A company's figures are those of `totals.totals_by`, so that no view gives another. Who is named as supplier is paid by
the one paid for the deal, a sum that nobody prints; a guarantee is the most that a party may have to pay.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from aiwatch.ledger.amounts import money
from aiwatch.ledger.links import kept
from aiwatch.ledger.records import DEAL_KINDS, Commitment, Ledger
from aiwatch.ledger.totals import Omitted, Total, by_party, total, totals_by

_NO_TOTAL = Total("", (), (), (), ())
_MOST_CIRCLES = 500
"""The circles that are listed: more than anybody reads."""
_MOST_STEPS = 200_000
"""From party to party in search of circles, some tenths of a second."""


class Leg(Struct, frozen=True):
    """All deals from one entity to another, by entity id. ``total`` holds what is known; a deal with several parties
    on a side counts as unknown, for their shares are not printed, and so does what a supplier is paid."""

    payer: str
    recipient: str
    total: Total

    @property
    def is_known(self) -> bool:
        """Whether at least one deal of the leg has a sum that counts."""
        return bool(self.total.included)

    @property
    def is_supply(self) -> bool:
        """Whether nothing but a supplier's part is known of the leg."""
        records = (*self.total.included, *(omitted.record for omitted in self.total.left_out))
        return not records and all(self.recipient in omitted.record.suppliers for omitted in self.total.unknown)

    def amount(self) -> str:
        """The known sum, with what is beside it: ``$100 bn + unknown``, ``at most $6.3 bn``, ``unknown``."""
        parts = [money(amount, currency) for currency, amount in self.total.sums]
        parts += [
            f"at most {money(omitted.record.amount, omitted.record.currency)}"
            for omitted in self.total.left_out
            if omitted.record.kind == "guarantee" and omitted.record.amount is not None
        ]
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
    """What an entity gets: ``everything`` from single named payers, ``direct`` from those it pays itself,
    ``round_about`` from those its money reaches through others too, ``supplies`` the deals of which it gets an unknown
    part as supplier. ``pays`` says whether the ledger has anybody whom it pays."""

    entity: str
    everything: Total
    direct: Total
    round_about: Total
    supplies: tuple[Omitted, ...] = ()
    pays: bool = True

    def share(self, part: Total, currency: str) -> Decimal | None:
        """The share of ``part`` in everything known, in percent; ``None`` when no sum is known in ``currency``, when
        the entity pays nobody in the ledger, or when nothing but unknown sums could make a share."""
        whole = dict(self.everything.sums).get(currency)
        if not whole or not self.pays:
            return None
        summed = dict(part.sums).get(currency, Decimal(0))
        return None if not summed and (part.unknown or part.left_out) else summed / whole * 100


class CompanyMoney(Struct, frozen=True):
    """What an entity gets from single named payers and what it alone pays."""

    received: Total
    paid: Total


def deals(ledger: Ledger) -> tuple[Commitment, ...]:
    """The commitments between two parties."""
    return tuple(record for record in ledger.commitments.values() if record.kind in DEAL_KINDS)


def company_money(ledger: Ledger, entity: str) -> CompanyMoney:
    """The totals of ``entity``, the ones that `totals_by` payer and recipient give."""
    totals = kept(ledger, "company totals", _company_totals)
    name = ledger.entities[entity].name
    return CompanyMoney(totals["recipient"].get(name, _NO_TOTAL), totals["payer"].get(name, _NO_TOTAL))


def _company_totals(ledger: Ledger) -> dict[str, dict[str, Total]]:
    return {way: {total.label: total for total in totals_by(ledger, way)} for way in ("payer", "recipient")}


def legs(ledger: Ledger) -> dict[tuple[str, str], Leg]:
    """Every pair of payer and recipient (entity ids) with its deals; the money map's cells."""
    pairs: dict[tuple[str, str], Leg] = kept(ledger, "legs", _legs)
    return pairs


def _legs(ledger: Ledger) -> dict[tuple[str, str], Leg]:
    pairs: dict[tuple[str, str], list[Commitment]] = {}
    supplies: dict[tuple[str, str], list[Omitted]] = {}
    for record in ledger.commitments.values():
        for pair in _paid_pairs(record):
            pairs.setdefault(pair, []).append(record)
        for buyer in record.recipients if record.kind in DEAL_KINDS else record.payers:
            for supplier in record.suppliers:
                if buyer != supplier:
                    part = Omitted(record, f"what {ledger.entities[supplier].name} gets as supplier is not stated")
                    supplies.setdefault((buyer, supplier), []).append(part)
    return {
        pair: Leg(*pair, _pair_total(ledger, pair, pairs.get(pair, []), supplies.get(pair, [])))
        for pair in (*pairs, *(pair for pair in supplies if pair not in pairs))
    }


def _paid_pairs(record: Commitment) -> Iterator[tuple[str, str]]:
    if record.kind not in DEAL_KINDS:
        return
    for payer in record.payers:
        for recipient in record.recipients:
            if payer != recipient:
                yield payer, recipient


def incomings(ledger: Ledger) -> tuple[Incoming, ...]:
    """What each company that gets money in deals gets, by its first deal; worked out once a ledger."""
    received: tuple[Incoming, ...] = kept(ledger, "incomings", _incomings)
    return received


def _incomings(ledger: Ledger) -> tuple[Incoming, ...]:
    receivers = dict.fromkeys(recipient for _, recipient in legs(ledger))
    return tuple(incoming(ledger, entity) for entity in receivers)


def circles(ledger: Ledger) -> tuple[Circle, ...]:
    """The circles of the deals, once each, the shortest first. Among many parties that all deal with each other there
    are more than anybody could work out: `are_all_circles` says whether these are all."""
    around: tuple[Circle, ...] = kept(ledger, "circles", _circles)[0]
    return around


def are_all_circles(ledger: Ledger) -> bool:
    """Whether `circles` has every circle, and not the shortest ones alone."""
    complete: bool = kept(ledger, "circles", _circles)[1]
    return complete


def _circles(ledger: Ledger) -> tuple[tuple[Circle, ...], bool]:
    map_of_legs = legs(ledger)
    ways, complete = _ways_round(_following(ledger))
    circles_met = [
        _circle(ledger, [map_of_legs[pair] for pair in zip(way, (*way[1:], way[0]), strict=True)]) for way in ways
    ]
    return tuple(sorted(circles_met, key=lambda circle: (len(circle.legs), circle.title))), complete


def _following(ledger: Ledger) -> dict[str, list[str]]:
    """Whom each party pays, by entity id."""
    following: dict[str, list[str]] = kept(ledger, "following", _whom)
    return following


def _whom(ledger: Ledger) -> dict[str, list[str]]:
    following: dict[str, list[str]] = {}
    for payer, recipient in legs(ledger):
        following.setdefault(payer, []).append(recipient)
    return following


def incoming(ledger: Ledger, entity: str) -> Incoming:
    """What the entity ``entity`` gets, and how much of it comes from those whom it pays, or its money reaches."""
    pays = _following(ledger)
    supplies = kept(ledger, "supplies", _supplies).get(entity, [])
    reached: set[str] = set()
    waiting = [entity]
    while waiting:
        further = [recipient for recipient in pays.get(waiting.pop(), ()) if recipient not in reached]
        reached.update(further)
        waiting += further
    alone = [
        record
        for record in by_party(ledger)["recipient"].get(entity, ())
        if len(record.payers) == 1 and record.recipients == (entity,) and record.payers != (entity,)
    ]
    own = set(pays.get(entity, ()))
    parts = []
    for label, payers in (("from those it pays", own), ("from those its money reaches", reached)):
        of_suppliers = [omitted for omitted in supplies if payers & set(_buyers(omitted.record))]
        part = total(ledger, label, [record for record in alone if payers & set(record.payers)])
        parts.append(Total(label, part.sums, part.included, part.left_out, (*part.unknown, *of_suppliers)))
    everything = company_money(ledger, entity).received
    return Incoming(entity, everything, parts[0], parts[1], tuple(supplies), bool(own))


def _supplies(ledger: Ledger) -> dict[str, list[Omitted]]:
    """The deals of which an entity gets an unknown part as supplier, by its id."""
    supplies: dict[str, list[Omitted]] = {}
    for (_, supplier), leg in legs(ledger).items():
        parts = [omitted for omitted in leg.total.unknown if supplier in omitted.record.suppliers]
        if parts:
            supplies.setdefault(supplier, []).extend(parts)
    return supplies


def _buyers(record: Commitment) -> tuple[str, ...]:
    return record.recipients if record.kind in DEAL_KINDS else record.payers


def _pair_total(ledger: Ledger, pair: tuple[str, str], records: list[Commitment], supplies: list[Omitted]) -> Total:
    label = " → ".join(ledger.entities[id].name for id in pair)
    alone = [record for record in records if len(record.payers) == len(record.recipients) == 1]
    joint = tuple(Omitted(record, "share of a joint deal not stated") for record in records if record not in alone)
    summed = _part_by_part(ledger, label, alone)
    return Total(label, summed.sums, summed.included, summed.left_out, (*summed.unknown, *joint, *supplies))


def _part_by_part(ledger: Ledger, label: str, records: list[Commitment]) -> Total:
    bounds = [record for record in records if record.kind == "guarantee"]
    summed = total(ledger, label, [record for record in records if record.kind != "guarantee"])
    capped = tuple(Omitted(record, "a guarantee: the most it can come to") for record in bounds)
    return Total(label, summed.sums, summed.included, (*summed.left_out, *capped), summed.unknown)


def _ways_round(following: dict[str, list[str]]) -> tuple[list[tuple[str, ...]], bool]:
    """The simple ways round, each from its first entity in id order, the shortest first, as far as `_MOST_STEPS` lead;
    and whether these are all."""
    ways: list[tuple[str, ...]] = []
    begun: list[tuple[str, ...]] = [(start,) for start in sorted(following)]
    steps = 0
    while begun:
        longer = []
        for way in begun:
            for entity in following.get(way[-1], ()):
                steps += 1
                if entity == way[0]:
                    ways.append(way)
                elif entity > way[0] and entity not in way:
                    longer.append((*way, entity))
            if steps > _MOST_STEPS or len(ways) > _MOST_CIRCLES:
                return ways[:_MOST_CIRCLES], False
        begun = longer
    return ways, True


def _circle(ledger: Ledger, around: list[Leg]) -> Circle:
    def has_equity(leg: Leg) -> bool:
        records = (*leg.total.included, *(omitted.record for omitted in (*leg.total.left_out, *leg.total.unknown)))
        return any(record.kind == "equity investment" and leg.payer in record.payers for record in records)

    first = next((place for place, leg in enumerate(around) if has_equity(leg)), 0)
    turned = (*around[first:], *around[:first])
    return Circle(turned, tuple(ledger.entities[leg.payer].name for leg in turned))
