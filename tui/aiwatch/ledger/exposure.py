"""From a record to the listed companies it touches, and from a symbol to the records that touch it, each with a reason.

A record touches a company that it names, that takes part in a programme it names, or that stands in the same link of
the value chain; spending also reaches the links to which its source says that it goes. All of this rests on ids and
words written in the files, never on a likeness of texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from aiwatch.ledger.links import kept
from aiwatch.ledger.records import Claim, Commitment, Entity, Ledger, Signal, Spending

LedgerRecord = Commitment | Signal | Claim


class Touch(Struct, frozen=True):
    """A listed company that a record names, by its main ``symbol``; ``reason`` is its part, such as ``payer``."""

    symbol: str
    entity: str
    reason: str


class Mention(Struct, frozen=True):
    """A record that touches a symbol; ``direct`` when it names the company, ``by_source`` when only a source says that
    such spending reaches its part of the chain. ``sign`` is ``+`` or ``-`` where a signal is good or bad for it."""

    record: LedgerRecord
    direct: bool
    reason: str
    by_source: bool = False
    sign: str = ""


class _Exposure(Struct):
    """The records by what reaches them: an entity's id, a symbol, a link of the chain, a link by its source."""

    named: dict[str, list[tuple[LedgerRecord, str, bool]]] = field(default_factory=dict)
    claimed: dict[str, list[Claim]] = field(default_factory=dict)
    chain: dict[str, list[LedgerRecord]] = field(default_factory=dict)
    spent: dict[str, list[tuple[Commitment, Spending]]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


def touches(ledger: Ledger, record: LedgerRecord) -> tuple[Touch, ...]:
    """The listed companies that ``record`` names or whose programme it names, each once, in the order of its text."""
    touched: dict[str, Touch] = {}
    for id, reason in _named(ledger, record):
        for symbol in ledger.entities[id].symbols[:1]:
            touched.setdefault(symbol, Touch(symbol, id, reason))
    for symbol in record.symbols if isinstance(record, Claim) else ():
        if not any(symbol in ledger.entities[touch.entity].symbols for touch in touched.values() if touch.entity):
            touched.setdefault(symbol, Touch(symbol, "", "named"))
    return tuple(touched.values())


def tickers(ledger: Ledger, record: LedgerRecord) -> tuple[str, ...]:
    """The main symbols of `touches`."""
    return tuple(touch.symbol for touch in touches(ledger, record))


def entities_of(ledger: Ledger, symbol: str) -> tuple[Entity, ...]:
    """The entities listed as ``symbol`` (any of their listings), or owned by a company that is."""
    return tuple(
        entity for entity in ledger.entities.values() if symbol in entity.symbols or symbol in entity.parent_symbols
    )


def mentions(ledger: Ledger, symbol: str) -> tuple[Mention, ...]:
    """The commitments, signals and claims that touch ``symbol``: those that name the company first, then those that
    reach it by programme or chain, then the spending that a source says goes to its part of the chain."""
    exposure: _Exposure = kept(ledger, "exposure", _exposed)
    entities = entities_of(ledger, symbol)
    best: dict[str, Mention] = {}
    for entity in entities:
        by_owner = "" if symbol in entity.symbols else ", through its owner"
        for record, reason, direct in exposure.named.get(entity.id, ()):
            if record.id not in best:
                best[record.id] = Mention(record, direct, reason + by_owner, sign=sign_for(record, entity))
    for claim in exposure.claimed.get(symbol, ()):
        best.setdefault(claim.id, Mention(claim, True, "named"))
    listed = [entity for entity in entities if symbol in entity.symbols]
    for record, links in _by_chain(exposure, listed).values():
        sign = sign_for(record, *listed)
        best.setdefault(record.id, Mention(record, False, f"value chain: {', '.join(links)}", sign=sign))
    for link in (link for entity in listed for link in entity.chain):
        for spent, spending in exposure.spent.get(link, ()):
            reason = f"{link}: by source {spending.source}, lines {_lines(spending)}"
            best.setdefault(spent.id, Mention(spent, False, reason, by_source=True))
    order = exposure.places
    ranked = sorted(best.values(), key=lambda mention: order[mention.record.id])
    return tuple(sorted(ranked, key=lambda mention: (not mention.direct, mention.by_source)))


def naming(ledger: Ledger, entity: str) -> tuple[tuple[LedgerRecord, str], ...]:
    """The commitments, signals and claims that name ``entity`` themselves, each with the part it plays there."""
    exposure: _Exposure = kept(ledger, "exposure", _exposed)
    return tuple((record, part) for record, part, direct in exposure.named.get(entity, ()) if direct)


def parties(ledger: Ledger, record: LedgerRecord) -> dict[str, str]:
    """The entities that ``record`` names, by id, and in which part: ``as payer, as partner``."""
    named: dict[str, list[str]] = {}
    for id, part in _parts(record):
        named.setdefault(id, []).append(part)
    return {id: ", ".join(dict.fromkeys(several)) for id, several in named.items()}


def sign_for(record: LedgerRecord, *companies: Entity) -> str:
    """``+`` where a signal is good for one of ``companies``, ``-`` where it is bad for it or a rival's gain; empty
    where the record does not say."""
    if not isinstance(record, Signal):
        return ""
    ids = {company.id for company in companies}
    if ids & set(record.gains):
        return "+"
    if ids & set(record.loses):
        return "-"
    rivals = record.zero_sum and any(set(company.chain) & set(record.chain) for company in companies)
    return "-" if rivals else ""


def spending_of(ledger: Ledger, record: Commitment) -> tuple[Spending, ...]:
    """What the source of ``record`` says of where spending of its kind goes."""
    return tuple(
        spending
        for spending in ledger.spending.values()
        if spending.source == record.source and record.kind in spending.kinds
    )


def _by_chain(exposure: _Exposure, listed: list[Entity]) -> dict[str, tuple[LedgerRecord, list[str]]]:
    reached: dict[str, tuple[LedgerRecord, list[str]]] = {}
    for link in (link for entity in listed for link in entity.chain):
        for record in exposure.chain.get(link, ()):
            reached.setdefault(record.id, (record, []))[1].append(link)
    return reached


def _exposed(ledger: Ledger) -> _Exposure:
    exposure = _Exposure()
    for place, record in enumerate(_all_records(ledger)):
        exposure.places[record.id] = place
        parts = {id for id, _ in _parts(record)}
        for id, reason in dict(reversed(list(_named(ledger, record)))).items():
            exposure.named.setdefault(id, []).append((record, reason, id in parts))
        for symbol in record.symbols if isinstance(record, Claim) else ():
            exposure.claimed.setdefault(symbol, []).append(record)  # type: ignore[arg-type]
        for link in () if isinstance(record, Claim) else record.chain:
            exposure.chain.setdefault(link, []).append(record)
        for spending in spending_of(ledger, record) if isinstance(record, Commitment) else ():
            for link in spending.chain:
                exposure.spent.setdefault(link, []).append((record, spending))  # type: ignore[arg-type]
    return exposure


def _lines(spending: Spending) -> str:
    lines = sorted((spending.line, *spending.also_lines))
    return f"{lines[0]}-{lines[-1]}" if len(lines) > 1 else str(lines[0])


def _all_records(ledger: Ledger) -> Iterator[LedgerRecord]:
    yield from ledger.commitments.values()
    yield from ledger.signals.values()
    yield from ledger.claims.values()


def _named(ledger: Ledger, record: LedgerRecord) -> Iterator[tuple[str, str]]:
    """The entity ids that ``record`` names with the part each plays, then the members of those that have some."""
    named = list(_parts(record))
    yield from named
    for id, _ in named:
        entity = ledger.entities[id]
        for member in entity.members:
            yield member, f"takes part in {entity.name}" if entity.type == "programme" else f"owns {entity.name}"


def _parts(record: LedgerRecord) -> Iterator[tuple[str, str]]:
    if isinstance(record, Commitment):
        sides = (
            ("as payer", record.payers),
            ("as recipient", record.recipients),
            ("as partner", record.partners),
            ("as supplier", record.suppliers),
        )
        for reason, ids in sides:
            for id in ids:
                yield id, reason
        if record.programme_entity:
            yield record.programme_entity, "programme"
        return
    for id in record.entities:
        yield id, "named"
