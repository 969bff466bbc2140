"""The archive as the event loop sees it: nothing here waits for the disk.

Quotes are handed to one worker thread through a queue and written together, at most once every ten seconds: the newest
of each symbol and of each of its ticks, whatever came between. Alerts, which are few, are written at once.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from aiwatch.archive import Trouble
from aiwatch.archive.store import Store
from aiwatch.archive.writer import RETRY_SECONDS, Writer
from aiwatch.market.calendar.session import Day, SessionAt, session_at
from aiwatch.market.quote import Quote
from aiwatch.market.state import Clock
from aiwatch.watchlist.alerts.rules import Alert

T = TypeVar("T")

WRITE_SECONDS = 10.0
"""How often quotes are written at the most."""

HAND_OVER_SECONDS, HAND_OVER_QUOTES = 1.0, 500
"""After how long, and how many quotes, the thread is woken: a small batch costs less than that."""

CLOSE_SECONDS = 2.0
"""How long leaving waits for the last write."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A piece of work for the thread, and where its result is awaited."""

    work: Callable[[Store], Any]
    otherwise: Any
    answer: Future[Any]

    def run(self, writer: Writer) -> None:
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_result(writer.run(self.work, self.otherwise))

    def leave(self) -> None:
        """Answer without the file: there is nobody to do the work."""
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_result(self.otherwise)


@dataclass(frozen=True, slots=True)
class _Alerts:
    """Alerts to be written."""

    alerts: tuple[Alert, ...]


class Archive:
    """Keeps what comes, once `start` was called. Opened with ``async with`` around the app.

    ``sessions`` tells which prices are closes; ``most_pages`` bounds the file, in pages of 4 kB.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        sessions: SessionAt = session_at,
        *,
        write_seconds: float = WRITE_SECONDS,
        close_seconds: float = CLOSE_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
        most_pages: int | None = None,
    ) -> None:
        self.started = asyncio.Event()
        """Set by `start`: the first paint is over."""
        self._write_seconds = write_seconds
        self._close_seconds = close_seconds
        self._writer = Writer(path, clock, sessions, most_pages=most_pages, retry_seconds=retry_seconds)
        self._jobs: SimpleQueue[Sequence[Quote] | _Alerts | _Job | None] = SimpleQueue()
        self._quotes: list[Quote] = []
        """Those that the thread has not been given yet."""
        self._hand_over_at: asyncio.TimerHandle | None = None
        self._ended: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, name="archive", daemon=True)

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing is kept now, or what became of a corrupt file; ``None`` when all is well."""
        return self._writer.trouble

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.started.is_set():
            return
        self._put(None)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._close_seconds):
                await asyncio.wrap_future(self._ended)
            return
        connection = self._writer.connection
        if connection is not None:
            connection.interrupt()

    def start(self) -> None:
        """Begin to keep what comes; the file is opened, or made, in the worker thread."""
        if not self.started.is_set():
            self.started.set()
            self._thread.start()

    def keep(self, quotes: tuple[Quote, ...]) -> None:
        """Keep ``quotes`` and return at once."""
        if not quotes or not self.started.is_set():
            return
        self._quotes += quotes
        if len(self._quotes) >= HAND_OVER_QUOTES:
            self._hand_over()
        elif self._hand_over_at is None:
            seconds = min(HAND_OVER_SECONDS, self._write_seconds)
            self._hand_over_at = asyncio.get_running_loop().call_later(seconds, self._hand_over)

    def keep_alerts(self, alerts: tuple[Alert, ...]) -> None:
        """Keep ``alerts``, or what became of them since, and return at once."""
        if alerts and self.started.is_set():
            self._put(_Alerts(alerts))

    async def days(self, first: date, last: date) -> tuple[Day, ...]:
        """What calendars gave of the local days from ``first`` to ``last``."""
        return await self._ask(lambda store: store.days(first, last), ())

    async def last_days(self, until: date = date(2099, 12, 31)) -> dict[str, str]:
        """The last local date (ISO) up to ``until`` that is known of each exchange, by its code.

        Empty when nothing can be read.
        """
        return await self._ask(lambda store: store.last_days(until), {})

    async def keep_days(self, days: Iterable[Day]) -> bool:
        """Keep what calendars say of ``days``; returns whether it could be written."""
        held_days = tuple(days)

        def write(store: Store) -> bool:
            store.write_days(held_days)
            return True

        return await self._ask(write, False)

    async def fact(self, name: str) -> str:
        """A fact noted about the archive; empty when there is none."""
        return await self._ask(lambda store: store.fact(name), "")

    async def note(self, name: str, value: str) -> None:
        """Note a fact about the archive."""
        await self._ask(lambda store: store.note(name, value), None)

    async def _ask(self, work: Callable[[Store], T], otherwise: T) -> T:
        """Run ``work`` in the thread; ``otherwise`` when the file cannot be used. Waits until `start` was called."""
        await self.started.wait()
        if self._ended.done():
            return otherwise
        answer: Future[T] = Future()
        self._put(_Job(work, otherwise, answer))
        return await asyncio.wrap_future(answer)

    def _hand_over(self) -> None:
        """Give the quotes that wait to the thread."""
        if self._hand_over_at is not None:
            self._hand_over_at.cancel()
            self._hand_over_at = None
        if self._quotes:
            quotes, self._quotes = self._quotes, []
            self._jobs.put(quotes)

    def _put(self, job: _Alerts | _Job | None) -> None:
        """Give ``job`` to the thread, after the quotes that came before it."""
        self._hand_over()
        self._jobs.put(job)

    def _work(self) -> None:
        """The thread, from `start` to the end."""
        self._ended.set_running_or_notify_cancel()  # so that nobody who stops waiting for it can cancel it
        try:
            self._writer.run(lambda store: None, None)  # so that trouble is reported before the first quote comes
            self._take_jobs()
            self._writer.close()
        except Exception as error:  # the screen goes on, and says that the archive does not
            self._writer.trouble = Trouble(
                f"The archive stopped ({type(error).__name__}: {error}): nothing more is kept"
            )
        finally:
            self._ended.set_result(None)
            with suppress(Empty):
                while True:
                    job = self._jobs.get_nowait()
                    if isinstance(job, _Job):
                        job.leave()

    def _take_jobs(self) -> None:
        """Do what comes, and write what is pending when its time has come, until it is to end."""
        writer, due = self._writer, 0.0
        while True:
            try:
                job = self._jobs.get(timeout=max(0.0, due - time.monotonic()) if writer.pending else None)
            except Empty:
                job = ()
            if job is None:
                return
            if isinstance(job, _Job):
                job.run(writer)
            elif isinstance(job, _Alerts):
                writer.pending.add_alerts(job.alerts)
                due = 0.0
            else:
                writer.pending.add(job)
            if writer.pending and time.monotonic() >= due:
                writer.write()
                due = time.monotonic() + self._write_seconds
