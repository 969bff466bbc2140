"""Holds the history file open in a thread of its own, and begins it anew where it is broken."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiwatch.archive.faults import Fault, fault_of, put_aside
from aiwatch.history.store import HistoryStore
from aiwatch.market.state import Clock

T = TypeVar("T")


class HistoryKeeper:
    """One thread's hold on the history file at ``path``. Nothing raises for a file that cannot be used.

    ``trouble`` is a sentence about why nothing is kept, or what was done about a broken file; empty when all is well.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.trouble = ""
        self._clock = clock
        self._store: HistoryStore | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="history")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._drop)
        self._threads.shutdown(wait=False)

    async def run(self, work: Callable[[HistoryStore], T], default: T) -> T:
        """What ``work`` makes of the open file; ``default`` when it cannot be used."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, work, default)

    def _run(self, work: Callable[[HistoryStore], T], default: T) -> T:
        for _ in range(2):  # once more on the new file that takes a broken one's place
            try:
                if self._store is None:
                    self._store = HistoryStore.open(self.path)
                return work(self._store)
            except (sqlite3.Error, OSError) as error:
                if not self._cope(error):
                    return default
        return default

    def _cope(self, error: Exception) -> bool:
        """Do what the fault asks for; returns whether to try again at once."""
        fault = fault_of(error)
        why = "".join(filter(str.isprintable, str(error))) or type(error).__name__
        if fault is Fault.LOCKED:
            self.trouble = f"The price history {self.path} is held by another program"
            return False
        self._drop()
        if fault is Fault.CORRUPT or "malformed" in str(error):
            with suppress(OSError):
                aside = put_aside(self.path, self._clock())
                self.trouble = f"The price history {self.path} was damaged: it is now {aside.name}, and is fetched anew"
                return True
        self.trouble = f"The price history {self.path} cannot be used ({why}): bars are shown but not kept"
        return False

    def _drop(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            with suppress(sqlite3.Error):
                store.close()
