"""What can be wrong with the archive's file, in sentences, and putting a corrupt one aside."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from aiwatch.archive import Trouble
from aiwatch.archive.schema import BESIDE, FutureVersion


class Fault(Enum):
    """The kinds of trouble, by what is to be done."""

    LOCKED = auto()
    """Another program holds it: keep what is pending and try again soon."""
    FULL = auto()
    READ_ONLY = auto()
    BROKEN = auto()
    """It cannot be opened, read or written for some other reason."""
    CORRUPT = auto()
    """To be moved aside, and a new one begun."""
    FUTURE = auto()
    """To be left alone for the whole run."""


_FAULTS = {
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_PERM: Fault.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Fault.CORRUPT,
    sqlite3.SQLITE_NOTADB: Fault.CORRUPT,
}
_SENTENCES = {
    Fault.LOCKED: "is held by another program: nothing is kept until it is free",
    Fault.FULL: "has no room left to grow: prices are shown but not kept",
    Fault.READ_ONLY: "cannot be written to: prices are shown but not kept",
    Fault.BROKEN: "cannot be used ({why}): prices are shown but not kept",
    Fault.FUTURE: "was written by a later aiwatch ({why}): it is left alone, and prices are not kept",
    Fault.CORRUPT: "is damaged ({why}) and cannot be moved aside: prices are shown but not kept",
}
_READING = {
    Fault.LOCKED: "is held by another program",
    Fault.READ_ONLY: "cannot be read ({why})",
    Fault.BROKEN: "cannot be used ({why})",
    Fault.CORRUPT: "is damaged ({why}); the next screen moves it aside and begins a new one",
}


def fault_of(error: Exception) -> Fault:
    """What ``error`` means for the archive."""
    if isinstance(error, FutureVersion):
        return Fault.FUTURE
    if isinstance(error, PermissionError | FileExistsError | NotADirectoryError):
        return Fault.READ_ONLY
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None:
            return _FAULTS.get(code & 0xFF, Fault.BROKEN)
        if "malformed" in str(error):
            return Fault.CORRUPT
    return Fault.BROKEN


def trouble_of(fault: Fault, error: Exception, path: Path, *, reading: bool = False) -> Trouble:
    """The sentence for the screen, or for somebody who was only ``reading`` the file."""
    why = "".join(filter(str.isprintable, str(error))) or type(error).__name__
    sentence = _READING.get(fault) if reading else None
    return Trouble(f"The archive {path} {(sentence or _SENTENCES[fault]).format(why=why)}")


def moved_aside(path: Path, aside: Path) -> Trouble:
    """The sentence that tells of a corrupt file that made room for a new one."""
    return Trouble(f"The archive {path} was damaged: it is now {aside.name}, and a new one was begun")


def put_aside(path: Path, now: datetime) -> Path:
    """Move a corrupt file, and what SQLite keeps beside it, out of the way: ``archive.sqlite.corrupt-20261123-061019``.

    Returns where it is now. Raises `OSError`.
    """
    aside = path.with_name(f"{path.name}.corrupt-{now:%Y%m%d-%H%M%S}")
    path.rename(aside)
    for end in BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    return aside
