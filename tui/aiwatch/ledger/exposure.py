"""From a record to the listed companies it touches, and from a symbol to the records that touch it, each with a reason.

A record touches a company that it names, that takes part in a programme it names, or that stands in the same link of
the value chain. All three rest on ids and words written in the files, never on a likeness of texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from aiwatch.ledger.records import Claim, Commitment, Entity, Ledger, Signal

LedgerRecord = Commitment | Signal | Claim


class Touch(Struct, frozen=True):
    """A listed company that a record names, by its main ``symbol``; ``reason`` is its part, such as ``payer``."""

    symbol: str
    entity: str
    reason: str


class Mention(Struct, frozen=True):
    """A record that touches a symbol; ``direct`` when it names the company, else by a programme or the value chain."""

    record: LedgerRecord
    direct: bool
    reason: str


def touches(ledger: Ledger, record: LedgerRecord) -> tuple[Touch, ...]:
    """The listed companies that ``record`` names or whose programme it names, each once, in the order of its text."""
    found: dict[str, Touch] = {}
    for id, reason in _named(ledger, record):
        for symbol in ledger.entities[id].symbols[:1]:
            found.setdefault(symbol, Touch(symbol, id, reason))
    for symbol in record.symbols if isinstance(record, Claim) else ():
        if not any(symbol in ledger.entities[touch.entity].symbols for touch in found.values() if touch.entity):
            found.setdefault(symbol, Touch(symbol, "", "claimed of"))
    return tuple(found.values())


def tickers(ledger: Ledger, record: LedgerRecord) -> tuple[str, ...]:
    """The main symbols of `touches`."""
    return tuple(touch.symbol for touch in touches(ledger, record))


def entities_of(ledger: Ledger, symbol: str) -> tuple[Entity, ...]:
    """The entities listed as ``symbol`` (any of their listings), or owned by a company that is."""
    return tuple(
        entity for entity in ledger.entities.values() if symbol in entity.symbols or symbol in entity.parent_symbols
    )


def mentions(ledger: Ledger, symbol: str) -> tuple[Mention, ...]:
    """The commitments, signals and claims that touch ``symbol``: those that name the company first."""
    own = {entity.id: entity for entity in entities_of(ledger, symbol)}
    chain = [link for entity in own.values() if symbol in entity.symbols for link in entity.chain]
    direct: list[Mention] = []
    through: list[Mention] = []
    for record in _all_records(ledger):
        reason, is_named = _reason(ledger, record, symbol, own)
        if reason:
            (direct if is_named else through).append(Mention(record, is_named, reason))
            continue
        links = [] if isinstance(record, Claim) else [link for link in chain if link in record.chain]
        if links:
            through.append(Mention(record, False, f"value chain: {', '.join(links)}"))
    return (*direct, *through)


def _all_records(ledger: Ledger) -> Iterator[LedgerRecord]:
    yield from ledger.commitments.values()
    yield from ledger.signals.values()
    yield from ledger.claims.values()


def _reason(ledger: Ledger, record: LedgerRecord, symbol: str, own: dict[str, Entity]) -> tuple[str, bool]:
    """Why ``record`` touches ``symbol``, and whether it names it or only its programme; empty when it does not."""
    parts = {id for id, _ in _parts(record)}
    for id, reason in _named(ledger, record):
        if id in own:
            by_owner = symbol not in own[id].symbols
            return f"{reason}, through its owner" if by_owner else reason, id in parts
    if isinstance(record, Claim) and symbol in record.symbols:
        return "claimed of", True
    return "", False


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
        for reason, ids in (("payer", record.payers), ("recipient", record.recipients), ("supplier", record.suppliers)):
            for id in ids:
                yield id, reason
        if record.programme_entity:
            yield record.programme_entity, "programme"
        return
    for id in record.entities:
        yield id, "claimed of" if isinstance(record, Claim) else "named"
