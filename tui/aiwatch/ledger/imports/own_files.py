"""Writes files of the reader's own ledger: whole, never over somebody else's change, and only if the ledger is right
with them. Blocking.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from aiwatch.errors import EditError, FileError
from aiwatch.files.atomic import locked, put, read_or_none
from aiwatch.ledger.imports.answers import Answers, draft_of
from aiwatch.ledger.loader import load_ledger

ADDED = "added.toml"
"""The file that records typed by hand go into."""


class Written(Struct, frozen=True):
    """A file that was written, as it was and as it is now (``None``: not there), for the record called ``id``."""

    path: Path
    before: bytes | None
    after: bytes | None
    id: str = ""


def add_record(bundled: Path, own: Path, answers: Answers) -> Written:
    """Write the record that ``answers`` make into the ledger folder ``own``, below what is in its file already.

    Raises `EditError` when the ledger with it would be wrong, with every problem, and when it cannot be written; the
    file is as it was then. Raises `FileError` for a ledger that is wrong already.
    """
    read = load_ledger(bundled, own)
    tables = (read.sources, read.commitments, read.signals, read.claims, read.entities, read.superseded)
    used = set().union(*tables, read.conflicts, read.fx, read.spending)
    draft = draft_of(answers, used)
    path = own / ADDED
    try:
        before = read_or_none(path)
    except OSError as error:
        raise EditError(f"{path}: cannot be read: {error.strerror or error}") from None
    text = f"{before.decode('utf-8')}\n" if before else ""
    return write_checked(bundled, path, before, text + draft.as_toml(), id=str(draft.tables[-1][1]["id"]))


def write_checked(bundled: Path, path: Path, before: bytes | None, text: str, *, id: str = "") -> Written:
    """Put ``text`` where ``before`` was read, and take it back if the ledger is wrong with it. Raises `EditError`."""
    written = Written(path, before, text.encode(), id)
    write_all(bundled, path.parent, [written])
    return written


def write_all(bundled: Path, own: Path, files: Sequence[Written]) -> None:
    """Write ``files`` into the folder ``own``, all of them or none: what was written is taken back where another cannot
    be, and where the ledger is wrong with them. Raises `EditError`."""
    done: list[Written] = []
    path = own
    try:
        with locked(own), ExitStack() as on_failure:
            on_failure.callback(lambda: [put(file.path, file.after, file.before) for file in reversed(done)])
            for file in files:
                path = file.path
                if not put(file.path, file.before, file.after):
                    raise EditError(f"{file.path} was changed by somebody else meanwhile", hint="Try again.")
                done.append(file)
            try:
                load_ledger(bundled, own)
            except FileError as error:
                lines = "\n".join(map(str, error.problems))
                raise EditError(f"nothing was written, for the ledger would be wrong:\n{lines}") from None
            on_failure.pop_all()
    except OSError as error:
        raise EditError(f"{path}: cannot be written: {error.strerror or error}") from None


def parts_of(path: Path) -> list[Path]:
    """The further files of an import into ``path`` that was too long for one: ``epoch-2.toml``, ``epoch-3.toml`` …"""
    parts: list[Path] = []
    while is_part(read_or_none(part := part_path(path, len(parts) + 2)) or b""):
        parts.append(part)
    return parts


def is_part(content: bytes) -> bool:
    """Whether ``content`` is that of a file which an import wrote as one of several (`Draft.as_files`)."""
    return any(line.startswith(b"# Part ") for line in content.splitlines()[:3])


def part_path(path: Path, number: int) -> Path:
    """Where part ``number`` of an import into ``path`` lies; the first lies there."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def take_back(written: Written) -> None:
    """Put what was there before back. Raises `EditError` when the file is another by now."""
    try:
        with locked(written.path.parent):
            if not put(written.path, written.after, written.before):
                raise EditError(f"{written.path} was changed since", hint="Take the record out of the file by hand.")
    except OSError as error:
        raise EditError(f"{written.path}: cannot be written: {error.strerror or error}") from None
