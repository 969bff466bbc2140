"""Opens the screen: reads the files, opens the feed around the app, closes it after."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiwatch.board.columns import BY_KEY
from aiwatch.config.paths import find_places
from aiwatch.config.settings import Flags
from aiwatch.errors import FileError
from aiwatch.feed.feed import Feed
from aiwatch.files.bundled import bundled
from aiwatch.files.parse_cache import ParsedTexts
from aiwatch.files.toml_document import Parse, parse_toml
from aiwatch.ledger.loader import LedgerFolders, load_commitments
from aiwatch.ledger.records import Ledger
from aiwatch.runtime.archive import archive_session, load_last_state, opened_layout, recall_layout
from aiwatch.runtime.chart_history import ChartHistory
from aiwatch.runtime.hosts import StreamOpener, demo_hosts, live_hosts
from aiwatch.runtime.load import LoadedFiles, list_folders, load_all, utc_now
from aiwatch.runtime.search import StockSearch
from aiwatch.runtime.terminal import require_terminal, run_in_terminal
from aiwatch.watchlist import LOOKED_UP, Watchlist, symbols_of
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.naming import has_nameless, with_names

if TYPE_CHECKING:
    from aiwatch.archive import LastState
    from aiwatch.feed.feed import OpenSources
    from aiwatch.market.symbol import Symbol
    from aiwatch.session.dependencies import ArchiveDependencies, Dependencies, FeedDependencies
    from aiwatch.session.layout import ScreenLayout
    from aiwatch.simulator.options import ExchangeOptions, ExchangeUrls

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


def open_screen(flags: Flags, demo: ExchangeOptions | None = None, symbols: Sequence[Symbol] = ()) -> None:
    """Run the screen until it is left: live, or on the embedded exchange with ``demo`` and scratch copies of the lists;
    with ``symbols``, on a list of those that is written nowhere.

    Raises `FileError`, `SettingError` or `NoTerminal` before anything is drawn, and `SystemExit` with the status of a
    screen that a signal ended.
    """
    require_terminal()
    sys.setswitchinterval(_SWITCH_SECONDS)
    if demo is None:
        _open(flags, None, None, symbols)
        return
    from aiwatch.runtime.scratch import scratch_folder

    with scratch_folder() as scratch:
        _open(flags, demo, scratch, symbols)


def _open(flags: Flags, demo: ExchangeOptions | None, scratch: Path | None, symbols: Sequence[Symbol] = ()) -> None:
    from aiwatch.screens.dashboard.keys import KEY_RULES

    texts = ParsedTexts(find_places(os.environ).parsed)
    loaded = load_all(flags, KEY_RULES, texts, scratch)
    ledger = read_ledger(loaded, texts)
    loaded = replace(loaded, watchlists=replace(loaded.watchlists, lists=names_from(ledger)(loaded.watchlists.lists)))
    loaded = with_looked_up(loaded, ledger, symbols)
    texts.keep()
    past: Past = (None, None) if demo is not None else (load_last_state(loaded), recall_layout(loaded))
    if status := asyncio.run(_run(loaded, ledger, demo, past, scratch)):
        sys.exit(status)


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
    settings = replace(loaded.settings, start_list=LOOKED_UP, dependencies=loaded.settings.given | {"start_list"})
    return replace(loaded, settings=settings, looked_up=stocks)


async def learn_names(names: Sequence[str]) -> bool:
    """Learn how Chinese ``names`` are typed in Latin letters; whether all are known then."""
    from aiwatch.watchlist.pinyin import learn_pinyin

    return await learn_pinyin(names)


def browse(url: str) -> bool:
    """Show ``url`` in a browser and say whether that worked; it may take seconds."""
    from aiwatch.system.browser import browser_of

    return browser_of(os.environ)(url)


def _history_path(loaded: LoadedFiles, scratch: Path | None) -> Path:
    """The file of price history: a demo's own, so that no simulated price stands among real ones."""
    return loaded.places.history if scratch is None else scratch / "history.sqlite"


async def _run(
    loaded: LoadedFiles, ledger: Ledger, demo: ExchangeOptions | None, past: Past, scratch: Path | None
) -> int:
    from aiwatch.app import AiwatchApp
    from aiwatch.session.dependencies import ArchiveDependencies, FeedDependencies

    stream = StreamOpener(loaded.settings, utc_now)
    search = StockSearch(loaded.settings, utc_now, waits=demo is not None)
    history = ChartHistory(loaded.settings, _history_path(loaded, scratch), utc_now, waits=demo is not None)
    ended: list[str] = []
    sources = _hosts(loaded, demo, (stream.use_exchange, search.use_exchange, history.use_exchange), ended)
    async with (
        archive_session(loaded, past[0]) as archive,
        opened_layout(loaded, past[1]) as layout,
        Feed(sources, utc_now, archive.sessions, keep=archive.keep, open_stream=stream.opener) as feed,
        search,
        history,
    ):
        history.feed = feed

        def painted() -> None:
            collect_from_now_on()
            asyncio.get_running_loop().call_later(SETTLED_SECONDS, collect_from_here_on)
            archive.painted()

        prices = FeedDependencies(
            utc_now,
            archive.sessions,
            feed,
            mark=DEMO if demo is not None else "",
            search=search.entries,
            history=history.service,
        )
        kept_state = ArchiveDependencies(
            archive.remembered,
            archive.keep_alerts,
            layout.layout,
            layout.keep,
            lambda: (*archive.troubles(), *layout.troubles(), *ended),
        )
        return await run_in_terminal(AiwatchApp(dependencies_of(loaded, ledger, prices, kept_state, painted)))


def dependencies_of(
    loaded: LoadedFiles,
    ledger: Ledger,
    feed: FeedDependencies,
    archive: ArchiveDependencies | None = None,
    painted: Callable[[], None] = lambda: None,
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
        ledger_files=LedgerFolders(bundled("seeds"), loaded.places.ledger),
    )
    environment = EnvironmentDependencies(os.environ, browse, learn_names, painted)
    return Dependencies(feed, files, archive or ArchiveDependencies(), environment)


def _hosts(
    loaded: LoadedFiles,
    demo: ExchangeOptions | None,
    to_tell: Sequence[Callable[[ExchangeUrls], None]],
    ended: list[str],
) -> OpenSources:
    """The real hosts, or with ``demo`` an exchange that lists what the watchlists name, and their rates: those
    ``to_tell`` are told of its addresses, and ``ended`` gets a sentence when it ends by itself."""
    if demo is None:
        return live_hosts(loaded.settings, utc_now)
    listed = tuple(symbol.text for symbol in (*symbols_of(loaded.watchlists.lists), *_rates(loaded)))
    also = tuple(dict.fromkeys((*listed, *loaded.settings.market)))

    def use_exchange(urls: ExchangeUrls) -> None:
        for tell in to_tell:
            tell(urls)

    def gone(why: str) -> None:
        ended.append(f"{why[:1].upper()}{why[1:]}. No prices come any more: leave, and start `aiwatch demo` again.")

    return demo_hosts(loaded.settings, utc_now, replace(demo, also=also, anything=True), use_exchange, gone)


def _rates(loaded: LoadedFiles) -> tuple[Symbol, ...]:
    """The rates by which positions are converted."""
    if not loaded.settings.currency:
        return ()
    from aiwatch.watchlist.positions import rate_symbols

    return rate_symbols(
        (stock for watchlist in loaded.watchlists.lists for stock in watchlist.stocks), loaded.settings.currency
    )


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
