"""The ledger of a running dashboard: the records, what is wrong with the user's files, and reading them again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct

from aiwatch.errors import FileError
from aiwatch.session.dependencies import FileDependencies

if TYPE_CHECKING:
    from aiwatch.files.fingerprint import Stamp


class LedgerChange(Struct, frozen=True):
    """What a reading changed: whether the files differ from those read before, and whether the ledger does."""

    files: bool = False
    ledger: bool = False


class LedgerSession:
    """Holds the ledger. A bad file leaves it as it was."""

    def __init__(self, files: FileDependencies) -> None:
        self.ledger = files.ledger
        self.problems: tuple[str, ...] = ()
        """What is wrong with the user's files now, in sentences."""
        self.currency = ""
        """The ISO 4217 code that sums are also shown in; empty for as printed alone."""
        self._files = files.ledger_files
        self._stamp: Stamp | None = None
        self._is_reading = False

    @property
    def has_files(self) -> bool:
        """Whether there are files to read again."""
        return self._files is not None

    async def reload(self) -> LedgerChange:
        """Read the ledger, in a thread, if its files changed since; nothing is read twice at a time."""
        files = self._files
        if files is None or self._is_reading:
            return LedgerChange()
        self._is_reading = True
        try:
            stamp = await asyncio.to_thread(files.stamp)
            if stamp == self._stamp:
                return LedgerChange()
            self._stamp, before = stamp, self.ledger
            try:
                self.ledger = await asyncio.to_thread(files.load)
                self.problems = ()
            except FileError as error:
                self.problems = (_problem_sentence(error),)
                if not before.complete:
                    self.ledger = await asyncio.to_thread(files.load, own=False)
            return LedgerChange(True, self.ledger is not before)
        finally:
            self._is_reading = False


def _problem_sentence(error: FileError) -> str:
    """The first problem with its file and line, and how many more there are."""
    more = len(error.problems) - 1
    tail = f" (and {more} more: `aiwatch check` lists them)" if more else ""
    return f"{error.problems[0]}{tail}; still showing the last good ledger"
