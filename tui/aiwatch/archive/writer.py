"""Keeps the archive's file open in a thread of its own, and copes with whatever is wrong with it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from aiwatch.archive import Trouble
from aiwatch.archive.faults import Fault, fault_of, moved_aside, put_aside, trouble_of
from aiwatch.archive.pending import Pending
from aiwatch.archive.schema import FutureVersion
from aiwatch.archive.store import Store
from aiwatch.market.calendar.session import SessionAt
from aiwatch.market.state import Clock

T = TypeVar("T")

RETRY_SECONDS = 60.0
"""How long a file that cannot be used is left alone; one that is only held is tried at the next turn."""

PRUNE_SECONDS = 6 * 3600.0
_TOLD_AFTER = 3
"""Tries in a row after which a held file is reported: two screens often meet for a moment."""


class Writer:
    """One thread's hold on the archive. Its methods never raise for a file that cannot be used.

    ``trouble`` is why nothing is kept now, or what was done about a corrupt file; ``None`` when all is well.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        sessions: SessionAt,
        *,
        most_pages: int | None = None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.trouble: Trouble | None = None
        self.pending = Pending()
        self._path = path
        self._clock = clock
        self._sessions = sessions
        self._most_pages = most_pages
        self._retry_seconds = retry_seconds
        self._store: Store | None = None
        self._rest_until = 0.0
        self._held = 0
        self._moved: Trouble | None = None
        self._prune_at = 0.0

    @property
    def connection(self) -> sqlite3.Connection | None:
        """The open file, to be interrupted from outside."""
        return self._store.connection if self._store is not None else None

    def write(self) -> None:
        """Write what is pending; what cannot be written because the file is held stays pending."""
        if not self.pending:
            return
        pending = self.pending

        def work(store: Store) -> bool:
            store.write(pending, self._sessions)
            return True

        if self.run(work, False):
            self._held = 0
            self.trouble = self._moved
            self.pending = Pending()
            self._prune()

    def run(self, work: Callable[[Store], T], otherwise: T) -> T:
        """What ``work`` makes of the open store; ``otherwise`` when the file cannot be used.

        That a file can be read does not end its trouble; that quotes were written does.
        """
        if time.monotonic() < self._rest_until:
            return otherwise
        for _ in range(2):  # once more on the new file that takes a corrupt one's place
            try:
                if self._store is None:
                    self._store = Store.open(self._path, most_pages=self._most_pages)
                return work(self._store)
            except (sqlite3.Error, OSError, FutureVersion) as error:
                if not self._cope(error):
                    return otherwise
        return otherwise

    def close(self) -> None:
        """Write what is pending and close the file."""
        self.write()
        self._drop()

    def _cope(self, error: Exception) -> bool:
        """Do what the fault asks for; returns whether to try again at once."""
        fault = fault_of(error)
        if fault is Fault.LOCKED:
            self._held += 1
            if self._held >= _TOLD_AFTER:
                self.trouble = trouble_of(fault, error, self._path)
            return False
        self._drop()
        if fault is Fault.CORRUPT and self._start_over(error):
            return True
        self.trouble = trouble_of(fault, error, self._path)
        self._rest_until = float("inf") if fault is Fault.FUTURE else time.monotonic() + self._retry_seconds
        self.pending = Pending()
        return False

    def _start_over(self, error: Exception) -> bool:
        """Put a corrupt file aside, unless another aiwatch has done so already."""
        try:
            before = self._path.stat().st_ino
            try:
                Store.open(self._path, most_pages=self._most_pages).close()
            except (sqlite3.Error, OSError) as again:
                if fault_of(again) is not Fault.CORRUPT or self._path.stat().st_ino != before:
                    return False
                self.trouble = self._moved = moved_aside(self._path, put_aside(self._path, self._clock()))
        except OSError:
            return False
        return True

    def _drop(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _prune(self) -> None:
        if time.monotonic() >= self._prune_at:
            self._prune_at = time.monotonic() + PRUNE_SECONDS
            now = self._clock()
            self.run(lambda store: store.prune(now), 0)
