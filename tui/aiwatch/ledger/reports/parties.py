"""Which commitments a text about a company is to be read beside: those of the company, and of who is named in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from aiwatch.ledger.links import kept
from aiwatch.ledger.records import Commitment, Entity, Ledger

_LEAST_NAME, _LEAST_CHINESE = 4, 2
"""Letters of a name that is looked for in texts: a shorter one is a word of its own too often."""


class _Parties(Struct):
    """The commitments by the entity that is a party, the entities by symbol and by name, and what finds a name."""

    commitments: dict[str, dict[str, None]]
    by_symbol: dict[str, list[str]]
    by_name: dict[str, list[str]]
    names: re.Pattern[str]


def records_of(ledger: Ledger, symbol: str) -> tuple[str, ...]:
    """The ids of the commitments of which the company listed as ``symbol`` pays, receives, takes part or supplies."""
    parties: _Parties = kept(ledger, "parties of filings", _parties)
    return tuple(
        dict.fromkeys(id for entity in parties.by_symbol.get(symbol, ()) for id in parties.commitments[entity])
    )


def records_named(ledger: Ledger, symbol: str, text: str) -> tuple[str, ...]:
    """The ids of the commitments that a ``text`` about the company ``symbol`` is to be read beside, the nearest first:
    those that it shares with a party that the text names, those of the company, those of the parties named."""
    parties: _Parties = kept(ledger, "parties of filings", _parties)
    own = records_of(ledger, symbol)
    company = set(parties.by_symbol.get(symbol, ()))
    entities = (entity for name in parties.names.findall(text) for entity in parties.by_name[name.casefold()])
    named = dict.fromkeys(id for entity in entities if entity not in company for id in parties.commitments[entity])
    return tuple(dict.fromkeys((*(id for id in named if id in own), *own, *named)))


def _parties(ledger: Ledger) -> _Parties:
    commitments: dict[str, dict[str, None]] = {}
    for record in ledger.commitments.values():
        for party in _parts(record):
            if party in ledger.entities:
                commitments.setdefault(party, {})[record.id] = None
    by_symbol: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    for id in commitments:
        entity = ledger.entities[id]
        for symbol in entity.symbols:
            by_symbol.setdefault(symbol, []).append(id)
        if entity.type == "company":
            for name in _names(entity):
                by_name.setdefault(name.casefold(), []).append(id)
    names = [name for id in commitments for name in _names(ledger.entities[id]) if name.casefold() in by_name]
    return _Parties(commitments, by_symbol, by_name, _finder(names))


def _parts(record: Commitment) -> Sequence[str]:
    return (*record.payers, *record.recipients, *record.partners, *record.suppliers)


def _names(entity: Entity) -> Iterable[str]:
    """The names of a company that a text can have it by."""
    for name in dict.fromkeys((entity.name, entity.short, entity.name_zh)):
        if len(name) >= (_LEAST_NAME if name.isascii() else _LEAST_CHINESE):
            yield name


def _finder(names: Iterable[str]) -> re.Pattern[str]:
    """Finds ``names`` as they are written or in capitals, as words of their own; Chinese ones anywhere. In small
    letters some are words of the language."""
    written = sorted({form for name in names for form in (name, name.upper())}, key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in written if name.isascii())
    chinese = "|".join(re.escape(name) for name in written if not name.isascii())
    words = rf"(?<![A-Za-z0-9])(?:{latin})(?![A-Za-z0-9])" if latin else ""
    return re.compile("|".join(filter(None, (words, chinese))) or r"(?!)")
