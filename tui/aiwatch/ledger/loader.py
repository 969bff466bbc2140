"""Reads the ledger's files: the bundled folder, then the user's own, checked together and merged.

Everything wrong in any of the files is listed in one `FileError`, each with its file and line. `load_commitments` is
the first stage, what a first paint needs; `load_ledger` reads everything.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field, msgpack
from msgspec.structs import replace

from aiwatch.errors import FileError, Problem
from aiwatch.files.toml_document import Document, Parse, Table, parse_toml, unknown_key
from aiwatch.ledger.builder import Builder, Reference
from aiwatch.ledger.links import prepare
from aiwatch.ledger.records import Commitment, Ledger, Mark, Signal
from aiwatch.ledger.schema import KEYS, OBSOLETE

if TYPE_CHECKING:
    from aiwatch.files.fingerprint import Stamp

FIRST_STAGE = ("source", "commitment", "entity", "conflict", "spending")
FIRST_STAGE_BYTES = 200_000
"""The most bytes of the user's files that are read before the first paint: some 500 records, a tenth of a second."""
LARGE = 1000
"""The commitments from which what the views look up is worked out while the ledger is read."""
_FIRST_FILES = ("sources.toml", "commitments.toml", "entities.toml", "conflicts.toml")
_RECORDS = ("commitment", "signal", "claim", "fx")


def load_commitments(folder: Path, own: Path | None = None, parse: Parse = parse_toml) -> Ledger:
    """The commitments, sources, entities and conflicts of ``folder`` and of the user's folder ``own``; files of the
    user's that would keep the first paint waiting are left for the whole ledger.

    Raises `FileError` with every problem. References to records of the second stage are not checked.
    """
    bundled = [folder / name for name in _FIRST_FILES]
    files = _own_files(own)
    if _size(files) <= FIRST_STAGE_BYTES:
        return _Reading(FIRST_STAGE, parse).read(bundled, files)
    return replace(_Reading(FIRST_STAGE, parse).read(bundled, ()), deferred=len(files))


def load_ledger(folder: Path, own: Path | None = None, known: Ledger | None = None) -> Ledger:
    """The whole ledger of the TOML files in ``folder``, and then of those in the user's folder ``own``.

    ``own`` may also be one file; one that does not exist holds nothing. Records that were read before and say the same
    still are those of ``known``: they are held once. Raises `FileError` with every problem of every file.
    """
    bundled = sorted(folder.glob("*.toml"))
    if not bundled:
        raise FileError([Problem(folder, 1, "no ledger file (*.toml) in this folder")])
    return _Reading(tuple(KEYS), known=_records_of(known or Ledger())).read(bundled, _own_files(own))


def _records_of(ledger: Ledger) -> dict[str, Any]:
    """What the first stage reads of ``ledger``, by id."""
    tables = (ledger.sources, ledger.commitments, ledger.superseded, ledger.entities, ledger.conflicts, ledger.spending)
    return {id: record for table in tables for id, record in table.items()}


def _own_files(own: Path | None) -> list[Path]:
    if own is None:
        return []
    return [own] if own.is_file() else sorted(own.glob("*.toml"))


def _size(files: Iterable[Path]) -> int:
    """The bytes of ``files``; what cannot be looked at counts nothing, for reading it says why."""
    total = 0
    for path in files:
        with suppress(OSError):
            total += path.stat().st_size
    return total


class _Reading(Struct):
    """One pass over the files: records by table, the table of each id, references, problems; ``known`` are records of
    an earlier one."""

    stage: tuple[str, ...]
    parse: Parse = parse_toml
    known: dict[str, Any] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in KEYS})
    left_out: list[Any] = field(default_factory=list)
    kinds: dict[str, tuple[str, Path]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self, bundled: Iterable[Path], own: Iterable[Path]) -> Ledger:
        for mark, paths in ((Mark.BUNDLED, bundled), (Mark.YOURS, own)):
            for path in paths:
                self._read_file(path, mark)
        if not self.problems:  # an unreadable file would leave every reference into it dangling
            self._check_references()
            replaced = self._replaced()
            self._check_parts()
        problems = set(self.problems).union(*(document.problems for document in self.documents))
        if problems:
            raise FileError(sorted(problems), hint="The format is described in seeds/README.md.")
        ledger = self._ledger(replaced)
        if ledger.complete:  # in a thread, beside the event loop
            self._let_go()
        return ledger

    def _let_go(self) -> None:
        """Free what was read piece by piece: to free many objects at once is one step of the interpreter, in which
        nobody else has a turn."""
        for held in (self.tables, self.kinds):
            while held:
                held.popitem()
        while self.references:
            self.references.pop()
        for document in self.documents:
            for tables in document.data.values():
                while isinstance(tables, list) and tables:
                    tables.pop()

    def _read_file(self, path: Path, mark: Mark) -> None:
        try:
            document = Document.read(path, self.parse)
        except FileError as error:
            self.problems += error.problems
            return
        self.documents.append(document)
        for key in document.data:
            if key not in KEYS:
                document.root().add_problem(key, unknown_key(key, KEYS))
        builder = Builder(mark, self.references)
        for name in self.stage:
            build = builder.builder_of(name)
            allowed = {*KEYS[name], *OBSOLETE.get(name, ())}
            for table in document.tables(name):
                table.allow(allowed)
                record = build(table)
                if name == "left_out":
                    self.left_out.append(record)
                else:
                    self._add(name, record, table, path)

    def _add(self, name: str, record: Any, table: Table, path: Path) -> None:
        earlier = self.kinds.get(record.id)
        if earlier is not None:
            table.add_problem("id", f"the id {record.id!r} is already that of a [[{earlier[0]}]] in {earlier[1].name}")
            return
        self.kinds[record.id] = (name, path)
        self.tables[record.id] = table
        self.records[name][record.id] = self._known_or_new(record)

    def _known_or_new(self, record: Any) -> Any:
        """The known record, where it is the same to the letter: 1.0 equals 1.00, and is printed otherwise."""
        known = self.known.get(record.id)
        is_same = type(known) is type(record) and msgpack.encode(known) == msgpack.encode(record)
        return known if is_same else record

    def _check_references(self) -> None:
        ids_by_kind: dict[str, set[str]] = {name: set(records) for name, records in self.records.items()}
        ids_by_kind["any"] = set().union(*(ids_by_kind[name] for name in _RECORDS))
        if self.stage != tuple(KEYS):
            del ids_by_kind["any"]
        for reference in self.references:
            ids = ids_by_kind.get(reference.kind)
            if ids is None or ids.issuperset(reference.ids):
                continue
            kind = "record" if reference.kind == "any" else f"[[{reference.kind}]]"
            for id in reference.ids:
                if id not in ids:
                    what = f"{reference.key!r} names {id!r}, but no {kind} has that id"
                    reference.table.add_problem(reference.key, what)

    def _replaced(self) -> dict[str, Commitment | Signal]:
        """The superseded records, by id."""
        replaced: dict[str, Commitment | Signal] = {}
        for name in ("commitment", "signal"):
            records = self.records[name]
            for record in records.values():
                old = record.supersedes
                if old in replaced:
                    self.tables[record.id].add_problem("supersedes", f"{old!r} is already superseded by another record")
                elif old in records:
                    replaced[old] = records[old]
            for id in records:
                if _comes_back(id, records, "supersedes"):
                    self.tables[id].add_problem("supersedes", f"{id!r} supersedes itself in the end")
        return replaced

    def _check_parts(self) -> None:
        records = self.records["commitment"]
        for id in records:
            if _comes_back(id, records, "part_of"):
                self.tables[id].add_problem("part_of", f"{id!r} is part of itself in the end")

    def _ledger(self, replaced: dict[str, Commitment | Signal]) -> Ledger:
        records = self.records
        return Ledger(
            sources=records["source"],
            commitments={id: record for id, record in records["commitment"].items() if id not in replaced},
            entities=records["entity"],
            conflicts=records["conflict"],
            signals={id: record for id, record in records["signal"].items() if id not in replaced},
            claims=records["claim"],
            fx=records["fx"],
            spending=records["spending"],
            left_out=tuple(self.left_out),
            superseded=replaced,
            complete=self.stage == tuple(KEYS),
        )


def _comes_back(start: str, records: dict[str, Any], key: str) -> bool:
    """Whether following ``key`` from record ``start`` leads to it again."""
    seen: set[str] = set()
    current: str = getattr(records[start], key)
    while current in records and current not in seen:
        if current == start:
            return True
        seen.add(current)
        current = getattr(records[current], key)
    return False


class LedgerFiles(Protocol):
    """What the screen reads the whole ledger from. Both methods block: they are called in a thread."""

    def load(self, *, own: bool = True) -> Ledger:
        """The whole ledger, with the user's own records unless ``own`` is false. Raises `FileError`."""
        ...

    def stamp(self) -> Stamp:
        """A value that differs after a file of the user's was added, changed or removed."""
        ...


def _prepare_views(ledger: Ledger) -> None:
    """Work out for a large ledger what its views and its filter look up."""
    from aiwatch.ledger import circles, exposure, totals, views
    from aiwatch.ledger.reports import timeline

    views.search_words(ledger)
    for listed in (views.everything, views.pledges, views.deals):
        listed(ledger)
    timeline.events(ledger)
    for way in totals.WAYS:
        totals.totals_by(ledger, way)
    circles.circles(ledger)
    for entity in list(ledger.entities)[:1]:
        circles.company_money(ledger, entity)
    exposure.mentions(ledger, "")


@contextmanager
def _collector_at_rest(is_paused: bool) -> Iterator[None]:
    """Make no pass over all objects meanwhile, and let later ones pass over what was made: records hold no circles."""
    if not is_paused or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class LedgerFolders(Struct, frozen=True):
    """`LedgerFiles` in two folders; ``own`` need not exist. ``known`` is what was read of them before."""

    bundled: Path
    own: Path
    known: Ledger | None = None

    def load(self, *, own: bool = True) -> Ledger:
        """Read every file of both folders. It is called in a thread: what follows from the records is worked out here
        too, and the collector rests, which would stop the event loop for longer than a person fails to notice."""
        with _collector_at_rest(_size(_own_files(self.own)) > FIRST_STAGE_BYTES):
            ledger = load_ledger(self.bundled, self.own if own else None, self.known)
            prepare(ledger)
            if len(ledger.commitments) > LARGE:
                _prepare_views(ledger)
            return ledger

    def stamp(self) -> Stamp:
        """Times and sizes of the user's files."""
        from aiwatch.files.fingerprint import stamp_of  # called after the first paint

        return stamp_of(self.own)
