"""Records in the making: tables by their kind, the names of entities that are known already, and their TOML."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from aiwatch.ledger.records import STAGES, Entity
from aiwatch.ledger.schema import KEYS

PART_BYTES = 2 * 2**20
"""Bytes of a file that an import writes: half of what is read of one, so that a person may still add to it."""
_NUMBER = re.compile(r"(?:\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_STAGE_WORDS = (
    ("cancelled", ("cancel", "abandon", "withdrawn", "scrapped", "rejected")),
    ("paused", ("pause", "halt", "suspend", "on hold", "delay")),
    ("operating", ("operat", "complete", "live", "energi", "online")),
    ("building", ("construct", "building", "clearing", "foundation", "roof", "excavat", "install", "broken", "steel")),
    ("financed", ("financ", "funded")),
    ("contracted", ("contract", "signed", "lease", "approved", "permit")),
    ("announced", ("announc", "plan", "propos", "rumo", "appl", "development")),
)
"""Which stage the words of other tables mean, the most telling first."""


class Draft(Struct):
    """Tables of a ledger file in the making, by kind and in order, and what could not be taken over."""

    tables: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    """By an id that was asked for, the number that is tried next where it is taken."""

    def add(self, kind: str, values: Mapping[str, Any]) -> None:
        """Add a ``[[kind]]`` without its empty values."""
        filled = {key: value for key, value in values.items() if value not in (None, "", [], {}, ())}
        if "id" in filled:
            self.ids.add(filled["id"])
        self.tables.append((kind, filled))

    def count(self, kind: str) -> int:
        """How many tables of ``kind`` there are."""
        return sum(name == kind for name, _ in self.tables)

    def free_id(self, preferred: str) -> str:
        """``preferred``, or with a number behind it where another table has that id."""
        id, number = preferred, self.numbers.get(preferred, 2)
        while id in self.ids:
            id, number = f"{preferred}-{number}", number + 1
        self.numbers[preferred] = number  # every one below it is taken
        return id

    def as_toml(self, head: str = "") -> str:
        """The text of a ledger file, each table's keys in the order of the format."""
        return "".join([_comment(head), *self._tables()]).lstrip("\n")

    def as_files(self, head: str, limit: int = PART_BYTES) -> list[str]:
        """The texts of as many ledger files as are needed for each to have at most ``limit`` bytes of tables, in their
        order; a table that is longer by itself has a file of its own. Each begins with ``head``; of several each says
        which it is."""
        files: list[list[str]] = [[]]
        room = limit
        for table in self._tables():
            size = len(table.encode())
            if size > room and files[-1]:
                files.append([])
                room = limit
            files[-1].append(table)
            room -= size
        if len(files) == 1:
            return [self.as_toml(head)]
        return [
            _comment(f"{head}\nPart {number} of {len(files)}.") + "".join(tables)
            for number, tables in enumerate(files, 1)
        ]

    def _tables(self) -> Iterator[str]:
        for kind, values in self.tables:
            rows = "".join(f"{key} = {toml(values[key])}\n" for key in KEYS[kind] if key in values)
            yield f"\n[[{kind}]]\n{rows}"


class Names(Struct):
    """Entities by every name they have, and new ones made for names that nobody has."""

    draft: Draft
    prefix: str
    known: dict[str, str] = field(default_factory=dict)

    def learn(self, entities: Iterable[Entity]) -> Names:
        """Know ``entities`` by name, short name, printed and Chinese names; itself."""
        for entity in entities:
            for name in (entity.name, entity.short, entity.name_zh, *entity.printed):
                if name:
                    self.known.setdefault(name.casefold(), entity.id)
        return self

    def id_of(self, name: str) -> str:
        """The id of the entity called ``name``, made if need be."""
        entity_id = self.known.get(name.casefold())
        if entity_id is None:
            entity_id = self.draft.free_id(f"{self.prefix}-{slug(name)}")
            self.draft.add("entity", {"id": entity_id, "name": name, "type": "company"})
            self.known[name.casefold()] = entity_id
        return entity_id


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def slug(text: str) -> str:
    """``text`` as a part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "unnamed"


def clean(text: object) -> str:
    """``text`` on one line and without control characters."""
    return " ".join("".join(part if part.isprintable() else " " for part in str(text or "")).split())


def number(text: object) -> Decimal | None:
    """A number in our own spelling: ``1,092``, ``1_092``, ``1.5``; ``None`` for anything else, and for zero."""
    match = _NUMBER.fullmatch(str(text).strip())
    value = Decimal(re.sub("[,_]", "", match.group())) if match else Decimal(0)
    return value or None


def date(text: object) -> str:
    """An ISO day, month or year at the begin of ``text``; empty when there is none."""
    match = re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?!\d)", str(text or "").strip())
    if match is None:
        return ""
    try:
        datetime.date.fromisoformat((match.group() + "-01-01")[:10])
    except ValueError:
        return ""
    return match.group()


def stage(words: str) -> str:
    """The stage that ``words`` of another table mean; empty when they mean none."""
    folded = words.casefold().replace("_", " ").replace("-", " ")
    if folded in STAGES:
        return folded
    return next((name for name, parts in _STAGE_WORDS if any(part in folded for part in parts)), "")


def toml(value: Any) -> str:
    """``value`` as TOML: texts quoted, decimals in quotes unless they are whole, days bare."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{int(value)}" if value == value.to_integral_value() else f'"{value:f}"'
    if isinstance(value, int | datetime.date):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], Mapping):
            return "[\n" + "".join(f"  {toml(item)},\n" for item in value) + "]"
        return "[" + ", ".join(map(toml, value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
