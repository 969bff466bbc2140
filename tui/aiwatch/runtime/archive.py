"""Opens what is kept from run to run around a live screen; a demo or a replay keeps nothing and recalls nothing.

The archive's modules are imported after the first paint, for nothing is written before; only a file that is there to
be recalled needs some of them earlier.

Opens the memory of how the screen was left around a live one; a demo or a replay always begins the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from aiwatch.archive import NO_LAST_STATE, LastState
from aiwatch.market.calendar.session import Calendar, SessionAt, always_open
from aiwatch.market.quote import Quote
from aiwatch.market.state import utc_now
from aiwatch.runtime.load import LoadedFiles
from aiwatch.session.layout import ASIDE, LayoutKeeper, ScreenLayout, read_layout
from aiwatch.watchlist import symbols_of

if TYPE_CHECKING:
    from aiwatch.archive.archive import Archive
    from aiwatch.market.state import Clock
    from aiwatch.watchlist.alerts.rules import Alert

KeptCalendar = Callable[["Archive", Calendar, "Clock"], AbstractAsyncContextManager[None]]
"""Keeps a calendar filled from an archive while it is open."""


_MOST_EARLY = 100
"""Batches, of quotes and of alerts, that wait at most while the archive's modules are imported."""


class ArchiveSession(Struct, frozen=True):
    """What the screen and the feed need of it: what was read, the sessions to go by, where quotes are handed to be
    kept, and alerts, what to call so that the archive is opened, and the sentences about what is wrong with it now."""

    remembered: LastState
    sessions: SessionAt
    keep: Callable[[tuple[Quote, ...]], None]
    begin: Callable[[], None]
    troubles: Callable[[], tuple[str, ...]]
    keep_alerts: Callable[[tuple[Alert, ...]], None] = lambda alerts: None


NO_ARCHIVE = ArchiveSession(NO_LAST_STATE, always_open, lambda quotes: None, lambda: None, lambda: ())
"""For simulated prices: every market is open, and nothing outlives the run."""


def load_last_state(loaded: LoadedFiles) -> LastState:
    """What earlier runs kept of what the watchlists name. Reads a file, so call it before the event loop runs."""
    path = loaded.places.archive
    if not path.exists():
        return NO_LAST_STATE
    from aiwatch.archive.recall import recall

    return recall(path, set(symbols_of(loaded.watchlists.lists)), utc_now())


@asynccontextmanager
async def archive_session(loaded: LoadedFiles, remembered: LastState | None) -> AsyncIterator[ArchiveSession]:
    """The memory of a run that began with ``remembered``; `NO_ARCHIVE` for ``None``.

    Leaving it waits, for a bounded time, until what came last is written.
    """
    if remembered is None:
        yield NO_ARCHIVE
        return
    from aiwatch.market.calendar.holidays import shipped_day

    live = _LiveMemory(loaded.places.archive, Calendar(remembered.days, shipped_day))
    task = asyncio.create_task(live.run(), name="memory")
    try:
        yield ArchiveSession(remembered, live.calendar, live.keep, live.begun.set, live.troubles, live.keep_alerts)
    finally:
        live.left.set()
        if not live.begun.is_set():
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _LiveMemory:
    """The archive, from when it is ``begun`` until the screen is left; quotes that come earlier wait for it."""

    def __init__(self, path: Path, calendar: Calendar) -> None:
        self.calendar = calendar
        self.begun = asyncio.Event()
        self.left = asyncio.Event()
        self._path = path
        self._archive: Archive | None = None
        self._early: list[tuple[Quote, ...]] = []
        self._early_alerts: list[tuple[Alert, ...]] = []
        self._trouble = ""

    async def run(self) -> None:
        await self.begun.wait()
        try:
            await self._keep_all()
        except Exception as error:  # the screen goes on without a memory, and says so
            self._trouble = f"Nothing is kept of this run: {type(error).__name__}: {error}"

    async def _keep_all(self) -> None:
        archive_of, kept_calendar = await asyncio.to_thread(_modules)
        archive = archive_of(self._path, utc_now, self.calendar)
        async with archive, kept_calendar(archive, self.calendar, utc_now):
            archive.start()
            self._archive = archive
            for quotes in self._early:
                archive.keep(quotes)
            for alerts in self._early_alerts:
                archive.keep_alerts(alerts)
            self._early.clear()
            self._early_alerts.clear()
            await self.left.wait()

    def keep(self, quotes: tuple[Quote, ...]) -> None:
        if self._archive is not None:
            self._archive.keep(quotes)
        elif len(self._early) < _MOST_EARLY:
            self._early.append(quotes)

    def keep_alerts(self, alerts: tuple[Alert, ...]) -> None:
        if self._archive is not None:
            self._archive.keep_alerts(alerts)
        elif len(self._early_alerts) < _MOST_EARLY:
            self._early_alerts.append(alerts)

    def troubles(self) -> tuple[str, ...]:
        trouble = self._trouble or (self._archive.trouble if self._archive is not None else None)
        return (str(trouble),) if trouble else ()


def _modules() -> tuple[type[Archive], KeptCalendar]:
    from aiwatch.archive.archive import Archive
    from aiwatch.archive.calendar_refresh import kept_calendar

    return Archive, kept_calendar


class KeptLayout(Struct, frozen=True):
    """How the screen was left, where its changes are reported, and sentences about what is wrong with the file now."""

    layout: ScreenLayout = ScreenLayout()
    keep: Callable[[ScreenLayout], None] = lambda layout: None
    troubles: Callable[[], tuple[str, ...]] = lambda: ()


def recall_layout(loaded: LoadedFiles) -> tuple[ScreenLayout, str] | None:
    """What `read_layout` says; ``None`` where nothing is to be remembered. Call it before the event loop runs.

    A file that cannot be used is put aside, so that what is kept from now on does not overwrite it.
    """
    if not loaded.settings.remember_layout:
        return None
    layout, problem = read_layout(loaded.places.layout)
    return layout, _put_aside(loaded.places.layout, problem) if problem else ""


def layout_of_demo(loaded: LoadedFiles) -> tuple[ScreenLayout, str]:
    """How a demo begins: as usual, with a word of welcome for who has seen no screen yet. Call it before the event loop
    runs."""
    return ScreenLayout(welcomed=loaded.places.layout.exists()), ""


def _put_aside(path: Path, problem: str) -> str:
    """Rename ``path``; ``problem`` and where it is now."""
    aside = path.with_name(f"{path.name}{ASIDE}")
    try:
        path.replace(aside)
    except OSError:  # such as a folder of which nothing can be changed: nothing will be kept there either
        return problem
    return f"{problem}, and the file is now {aside.name}"


@asynccontextmanager
async def opened_layout(
    loaded: LoadedFiles, recalled: tuple[ScreenLayout, str] | None, *, keeps: bool = True
) -> AsyncIterator[KeptLayout]:
    """The layout of a run that began with ``recalled``; leaving it writes what came last, if it ``keeps`` that."""
    if recalled is None:
        yield KeptLayout()
        return
    layout, problem = recalled
    if not keeps:
        yield KeptLayout(layout)
        return
    async with LayoutKeeper(loaded.places.layout) as keeper:
        yield KeptLayout(layout, keeper.keep, lambda: tuple(filter(None, (problem, keeper.trouble))))
