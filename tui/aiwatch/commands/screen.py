"""Opens the screen: reads the files, opens the feed around the app, closes it after."""

from __future__ import annotations

import asyncio
import gc
import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiwatch.commands.browser import browser_of
from aiwatch.commands.hosts import demo_hosts, live_hosts
from aiwatch.commands.layout import opened_layout, recall_layout
from aiwatch.commands.memory import opened_memory, remember
from aiwatch.commands.reading import Read, list_folders, read_all, utc_now
from aiwatch.commands.stream import StreamOpener
from aiwatch.commands.terminal import require_terminal, run_in_terminal
from aiwatch.errors import FileError
from aiwatch.feed.feed import Feed
from aiwatch.ledger.files import LedgerFolders
from aiwatch.ledger.loader import load_commitments
from aiwatch.ledger.records import Ledger
from aiwatch.resources import bundled
from aiwatch.settings import Flags
from aiwatch.watchlist.folders import ListFolders

if TYPE_CHECKING:
    from aiwatch.archive import Remembered
    from aiwatch.exchange.options import ExchangeOptions
    from aiwatch.feed.feed import OpenSources
    from aiwatch.layout import ScreenLayout

    Past = tuple[Remembered | None, tuple[ScreenLayout, str] | None]
    """What earlier runs kept of quotes, and of how the screen was left."""

DEMO = "DEMO"


def open_screen(flags: Flags, demo: ExchangeOptions | None = None) -> None:
    """Run the screen until it is left: live, or on the embedded exchange with ``demo``.

    Raises `FileError`, `SettingError` or `NoTerminal` before anything is drawn.
    """
    require_terminal()
    from aiwatch.screens.keyboard import KEY_RULES

    read = read_all(flags, KEY_RULES)
    past: Past = (None, None) if demo is not None else (remember(read), recall_layout(read))
    asyncio.run(_run(read, read_ledger(read), demo, past))


def read_ledger(read: Read) -> Ledger:
    """The ledger's first stage."""
    try:
        return load_commitments(bundled("seeds"), read.places.ledger)
    except FileError:  # said once the whole ledger is read, right after the first paint
        return load_commitments(bundled("seeds"))


def list_files(read: Read) -> ListFolders:
    """Where the watchlists are read from again."""
    bundled_lists, own = list_folders(read.settings, read.places)
    return ListFolders(bundled_lists, own, read.watchlists.lists)


async def _run(read: Read, ledger: Ledger, demo: ExchangeOptions | None, past: Past) -> None:
    from aiwatch.app import AiwatchApp
    from aiwatch.dependencies import Dependencies

    settings, lists = read.settings, read.watchlists.lists
    stream = StreamOpener(settings, utc_now)
    sources = _hosts(read, demo, stream)
    async with (
        opened_memory(read, past[0]) as memory,
        opened_layout(read, past[1]) as kept,
        Feed(sources, utc_now, memory.sessions, keep=memory.keep, open_stream=stream.opener) as feed,
    ):

        def painted() -> None:
            collect_from_now_on()
            memory.painted()

        given = Dependencies(
            utc_now,
            memory.sessions,
            settings,
            lists,
            ledger,
            feed,
            DEMO if demo is not None else "",
            painted=painted,
            ledger_files=LedgerFolders(bundled("seeds"), read.places.ledger),
            list_problems=read.watchlists.problems,
            list_files=list_files(read),
            remembered=memory.remembered,
            troubles=lambda: (*memory.troubles(), *kept.troubles()),
            layout=kept.layout,
            keep_layout=kept.keep,
            browse=browser_of(os.environ),
            keep_alerts=memory.keep_alerts,
            environment=os.environ,
        )
        await run_in_terminal(AiwatchApp(given))


def _hosts(read: Read, demo: ExchangeOptions | None, stream: StreamOpener) -> OpenSources:
    """The real hosts, or with ``demo`` an exchange that lists everything on the watchlists."""
    if demo is None:
        return live_hosts(read.settings, utc_now)
    symbols = tuple({stock.symbol.text: None for one in read.watchlists.lists for stock in one.stocks})
    return demo_hosts(read.settings, utc_now, replace(demo, also=symbols), stream.told)


def collect_from_now_on() -> None:
    """Let the garbage collector work, but never again on what the start has made: those tens of thousands of objects
    stay, and going through them would hold the event loop for longer than a frame. With the usual thresholds the
    quotes of a large list, which are replaced without its help, would call it several times a second.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 100)
    gc.enable()
