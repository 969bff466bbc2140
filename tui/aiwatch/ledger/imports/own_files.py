"""Writes files of the reader's own ledger: whole, never over somebody else's change, and only if the ledger is right
with them. Blocking.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from aiwatch.errors import EditError, FileError
from aiwatch.files.atomic import locked, put, read_or_none
from aiwatch.ledger.imports.answers import Answers, draft_of
from aiwatch.ledger.loader import load_ledger

ADDED = "added.toml"
"""The file that records typed by hand go into."""


class Written(Struct, frozen=True):
    """A file that was written, as it was (``None``: not there) and as it is now, for the record called ``id``."""

    path: Path
    before: bytes | None
    after: bytes
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
    after = text.encode()
    try:
        with locked(path.parent):
            if not put(path, before, after):
                raise EditError(f"{path} was changed by somebody else meanwhile", hint="Try again.")
            try:
                load_ledger(bundled, path.parent)
            except FileError as error:
                put(path, after, before)
                lines = "\n".join(map(str, error.problems))
                raise EditError(f"nothing was written, for the ledger would be wrong:\n{lines}") from None
    except OSError as error:
        raise EditError(f"{path}: cannot be written: {error.strerror or error}") from None
    return Written(path, before, after, id)


def take_back(written: Written) -> None:
    """Put what was there before back. Raises `EditError` when the file is another by now."""
    try:
        with locked(written.path.parent):
            if not put(written.path, written.after, written.before):
                raise EditError(f"{written.path} was changed since", hint="Take the record out of the file by hand.")
    except OSError as error:
        raise EditError(f"{written.path}: cannot be written: {error.strerror or error}") from None
