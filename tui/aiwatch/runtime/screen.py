"""Opens the screen: reads the files, opens the feed around the app, closes it after."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiwatch.board.columns import BY_KEY
from aiwatch.config.paths import bundled, find_places
from aiwatch.config.settings import Flags
from aiwatch.errors import AiwatchError, FileError, OptionError
from aiwatch.feed.feed import Feed
from aiwatch.files.parse_cache import ParsedPatterns, ParsedTexts
from aiwatch.files.toml_document import Parse, parse_toml
from aiwatch.ledger.loader import LedgerFolders, load_commitments
from aiwatch.ledger.records import Ledger
from aiwatch.market.state import utc_now
from aiwatch.runtime.archive import archive_session, layout_of_demo, load_last_state, opened_layout, recall_layout
from aiwatch.runtime.load import LoadedFiles, list_folders, load_all
from aiwatch.runtime.terminal import NoTerminal, require_terminal, run_in_terminal
from aiwatch.watchlist import LOOKED_UP, Watchlist, has_nameless, with_names
from aiwatch.watchlist.folders import ListFolders

if TYPE_CHECKING:
    from aiwatch.archive import LastState
    from aiwatch.config.settings import SourceSettings
    from aiwatch.feed.stream_listener import Stream
    from aiwatch.history.filings.service import FilingReports
    from aiwatch.history.opened import HistoryParts
    from aiwatch.history.service import HistoryService
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.market.symbol import Symbol
    from aiwatch.runtime.run_hosts import RunHosts
    from aiwatch.session.dependencies import ArchiveDependencies, Dependencies, FeedDependencies
    from aiwatch.session.layout import ScreenLayout
    from aiwatch.simulator import ExchangeOptions
    from aiwatch.sources import Source
    from aiwatch.watchlist.directory import Entry

    Past = tuple[LastState | None, tuple[ScreenLayout, str] | None]
    """What earlier runs kept of quotes, and of how the screen was left."""

DEMO = "DEMO"

THRESHOLDS = (10_000, 5, 5)
"""When the garbage collector looks: after so many new objects, and how many looks go before a longer one. No more than
their product of dead objects wait for it."""
SETTLED_SECONDS = 20.0
"""When everything that stays has been made."""
_SWITCH_SECONDS = 0.001
"""How long the event loop waits at most for another thread that computes, as the archive's does."""


def open_screen(
    flags: Flags,
    demo: ExchangeOptions | None = None,
    symbols: Sequence[Symbol] = (),
    patterns: ParsedPatterns | None = None,
) -> None:
    """Run the screen until it is left: live, or on the embedded exchange with ``demo`` and scratch copies of the lists;
    with ``symbols``, on a list of those that is written nowhere. ``patterns`` is kept before the first paint.

    Raises `FileError`, `SettingError` or `NoTerminal` before anything is drawn, and `SystemExit` with the status of a
    screen that a signal ended. What was typed wrongly comes before a terminal that is missing: it is wrong in any.
    """
    require_terminal_for(flags)
    sys.setswitchinterval(_SWITCH_SECONDS)
    with patterns or ParsedPatterns(find_places(os.environ).patterns) as patterns:
        if demo is None:
            _open(flags, None, None, symbols, patterns)
            return
        from aiwatch.runtime.scratch import scratch_folder

        with scratch_folder() as scratch:
            _open(flags, demo, scratch, symbols, patterns)


def require_terminal_for(flags: Flags) -> None:
    """Raise `NoTerminal` without a terminal, but first `OptionError` for one of ``flags`` that cannot be used."""
    try:
        require_terminal()
    except NoTerminal:
        if flags != Flags():
            _refuse_typed(flags)
        raise


def _refuse_typed(flags: Flags) -> None:
    try:
        load_all(flags)
    except OptionError:
        raise
    except AiwatchError:  # of a file or of the environment: said where there is a terminal
        return


def _open(
    flags: Flags,
    demo: ExchangeOptions | None,
    scratch: Path | None,
    symbols: Sequence[Symbol],
    patterns: ParsedPatterns,
) -> None:
    loaded, ledger = _read_files(flags, scratch, symbols)
    is_demo = demo is not None
    past: Past = (None, layout_of_demo(loaded)) if is_demo else (load_last_state(loaded), recall_layout(loaded))
    if status := asyncio.run(_run(loaded, ledger, demo, past, scratch, patterns.keep)):
        sys.exit(status)


def _read_files(flags: Flags, scratch: Path | None, symbols: Sequence[Symbol]) -> tuple[LoadedFiles, Ledger]:
    """What the first paint shows. The texts of the files are held no longer than until they are kept."""
    from aiwatch.app import KEY_RULES

    texts = ParsedTexts(find_places(os.environ).parsed)
    loaded = load_all(flags, KEY_RULES, texts, scratch)
    ledger = read_ledger(loaded, texts)
    loaded = replace(loaded, watchlists=replace(loaded.watchlists, lists=names_from(ledger)(loaded.watchlists.lists)))
    texts.keep()
    return with_looked_up(loaded, ledger, symbols), ledger


def read_ledger(loaded: LoadedFiles, parse: Parse = parse_toml) -> Ledger:
    """The ledger's first stage."""
    try:
        return load_commitments(bundled("seeds"), loaded.places.ledger, parse)
    except FileError:  # said once the whole ledger is read, right after the first paint
        return load_commitments(bundled("seeds"), parse=parse)


def names_from(ledger: Ledger) -> Callable[[Sequence[Watchlist]], tuple[Watchlist, ...]]:
    """Gives lists the names that the ledger's companies have, where they have none themselves."""

    def named(lists: Sequence[Watchlist]) -> tuple[Watchlist, ...]:
        if not has_nameless(lists):
            return tuple(lists)
        from aiwatch.session.directory import directory_of  # few lists need it

        return with_names(lists, directory_of((), ledger.entities.values()).get)

    return named


def with_looked_up(loaded: LoadedFiles, ledger: Ledger, symbols: Sequence[Symbol]) -> LoadedFiles:
    """``loaded`` with a list of ``symbols`` in front that no file has; the same without any."""
    if not symbols:
        return loaded
    from aiwatch.session.directory import directory_of
    from aiwatch.watchlist.directory import Entry

    directory = directory_of(loaded.watchlists.lists, ledger.entities.values())
    stocks = tuple((directory.get(symbol) or Entry(symbol, "")).stock for symbol in symbols)
    settings = replace(loaded.settings, start_list=LOOKED_UP, given=loaded.settings.given | {"start_list"})
    return replace(loaded, settings=settings, looked_up=stocks)


async def learn_names(names: Sequence[str]) -> bool:
    """Learn how Chinese ``names`` are typed in Latin letters; whether all are known then."""
    from aiwatch.watchlist.pinyin import learn_pinyin

    return await learn_pinyin(names)


def browse(url: str) -> bool:
    """Show ``url`` in a browser and say whether that worked; it may take seconds."""
    from aiwatch.system.browser import browser_of

    return browser_of(os.environ)(url)


class _LaterHosts:
    """All that asks hosts in a run. ``make`` makes it of its class, which is imported when the feed begins, and of
    that feed."""

    def __init__(self, make: Callable[[type[RunHosts], Feed | None], RunHosts]) -> None:
        self._make = make
        self._feed: Feed | None = None
        self._stack = AsyncExitStack()

    @asynccontextmanager
    async def closed_after(self, feed: Feed) -> AsyncIterator[None]:
        """Be there for ``feed``; leaving it closes what was opened."""
        self._feed = feed
        async with self._stack:
            yield

    @cached_property
    def _hosts(self) -> RunHosts:
        from aiwatch.runtime.run_hosts import RunHosts

        hosts = self._make(RunHosts, self._feed)
        self._stack.push_async_exit(hosts.search)
        self._stack.push_async_exit(hosts.history)
        self._stack.push_async_exit(hosts.filings)
        return hosts

    def open_sources(self, stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        """Open the sources of quotes on ``stack``."""
        return self._hosts.open_sources(stack)

    async def open_stream(self) -> Stream:
        """Make the stream."""
        return await self._hosts.stream.open()

    async def find_stocks(self, text: str) -> Sequence[Entry]:
        """The stocks that a host knows under ``text``. Raises a `SourceError` where none can be asked."""
        return await self._hosts.search.entries(text)

    async def open_history(self) -> HistoryService:
        """The bars of a symbol, opened by the first who asks."""
        return await self._hosts.history.service()

    async def open_spending(self) -> SpendingReports:
        """What companies report to have spent, opened by the first who asks."""
        return await self._hosts.history.spending()

    async def open_filings(self) -> FilingReports:
        """What companies file, opened by the first who asks."""
        return await self._hosts.filings.get()

    async def parts(self) -> HistoryParts:
        """All there is of price history, opened by the first who asks."""
        return await self._hosts.history.parts()

    async def was_used(self) -> bool:
        """Whether price history was looked at within a week."""
        return await self._hosts.history.was_used()


def _look_after_memory() -> None:
    """Have garbage collected from now on, and what there is once the screen has settled never again; the threads that
    begin now share a heap, and what is freed goes back to the system now and then."""
    collect_from_now_on()
    from aiwatch.system.memory import give_back, share_heap, tidy_now_and_then

    loop = asyncio.get_running_loop()

    def settle() -> None:
        collect_from_here_on()
        give_back()
        tidy_now_and_then(loop)

    share_heap()
    loop.call_later(SETTLED_SECONDS, settle)


async def _run(
    loaded: LoadedFiles,
    ledger: Ledger,
    demo: ExchangeOptions | None,
    past: Past,
    scratch: Path | None,
    is_ready: Callable[[], None],
) -> int:
    from aiwatch.app import AiwatchApp
    from aiwatch.session.dependencies import ArchiveDependencies, FeedDependencies

    ended: list[str] = []
    hosts = _LaterHosts(lambda run_hosts, feed: run_hosts(loaded, ledger, demo, scratch, ended.append, feed))
    streams = hosts.open_stream if loaded.settings.stream.enabled else None
    async with (
        archive_session(loaded, past[0]) as archive,
        opened_layout(loaded, past[1], keeps=demo is None) as layout,
        Feed(hosts.open_sources, utc_now, archive.sessions, keep=archive.keep, open_stream=streams) as feed,
        hosts.closed_after(feed),
    ):
        mark = DEMO if demo is not None else ""
        further = hosts.find_stocks, hosts.open_history, hosts.open_spending, hosts, hosts.open_filings
        prices = FeedDependencies(utc_now, archive.sessions, feed, mark, *further)
        kept_state = ArchiveDependencies(
            archive.remembered,
            archive.keep_alerts,
            layout.layout,
            layout.keep,
            lambda: (*archive.troubles(), *layout.troubles(), *ended),
        )
        dependencies = dependencies_of(loaded, ledger, prices, kept_state, _look_after_memory, archive.begin)
        app = AiwatchApp(dependencies)
        is_ready()
        return await run_in_terminal(app)


def dependencies_of(
    loaded: LoadedFiles,
    ledger: Ledger,
    feed: FeedDependencies,
    archive: ArchiveDependencies | None = None,
    painted: Callable[[], None] = lambda: None,
    settled: Callable[[], None] = lambda: None,
) -> Dependencies:
    """What a screen is given on the files ``loaded``; without ``archive`` nothing is kept from run to run."""
    from aiwatch.session.dependencies import (
        ArchiveDependencies,
        Dependencies,
        EnvironmentDependencies,
        FileDependencies,
    )

    files = FileDependencies(
        settings=loaded.settings,
        watchlists=loaded.watchlists.lists,
        ledger=ledger,
        problems=tuple(f"{problem.path.name}:{problem.line}: {problem.what}" for problem in loaded.problems),
        list_problems=loaded.watchlists.problems,
        looked_up=loaded.looked_up,
        list_files=ListFolders(
            *list_folders(loaded.settings, loaded.places), loaded.watchlists.lists, names_from(ledger), BY_KEY
        ),
        ledger_files=LedgerFolders(bundled("seeds"), loaded.places.ledger, ledger),
        ledger_folders=(bundled("seeds"), loaded.places.ledger),
    )
    environment = EnvironmentDependencies(os.environ, browse, learn_names, painted, settled)
    return Dependencies(feed, files, archive or ArchiveDependencies(), environment)


def collect_from_now_on() -> None:
    """Let the garbage collector work, but never again on what the start has made: those tens of thousands of objects
    stay, and going through them would hold the event loop for longer than a frame. With the usual thresholds the
    quotes of a large list, which are replaced without its help, would call it several times a second.

    Strips of the screen hold themselves, so that only the collector frees them, and those that outlive its first looks
    only its last one: that has to come now and then, or they pile up by the megabyte.
    """
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()


def collect_from_here_on() -> None:
    """The same again, once all that is imported and read after the first paint is there too: the collector's last look
    then goes through little."""
    gc.collect(1)
    gc.freeze()
