"""The ledger's files on disk: the bundled folder and the user's own, and whether the latter changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Ledger

if TYPE_CHECKING:
    from aiwatch.files.fingerprint import Stamp


class LedgerFiles(Protocol):
    """What the screen reads the whole ledger from. Both methods block: they are called in a thread."""

    def load(self, *, own: bool = True) -> Ledger:
        """The whole ledger, with the user's own records unless ``own`` is false. Raises `FileError`."""
        ...

    def stamp(self) -> Stamp:
        """A value that differs after a file of the user's was added, changed or removed."""
        ...


class LedgerFolders(Struct, frozen=True):
    """`LedgerFiles` in two folders; ``own`` need not exist."""

    bundled: Path
    own: Path

    def load(self, *, own: bool = True) -> Ledger:
        """Read every file of both folders."""
        return load_ledger(self.bundled, self.own if own else None)

    def stamp(self) -> Stamp:
        """Times and sizes of the user's files."""
        from aiwatch.files.fingerprint import stamp_of  # called after the first paint

        return stamp_of(self.own)
