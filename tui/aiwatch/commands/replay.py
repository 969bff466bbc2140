"""``aiwatch replay``: the screen on a recording, through the same parsers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from aiwatch.board.columns import BY_KEY
from aiwatch.config.paths import bundled
from aiwatch.config.settings import Flags
from aiwatch.errors import FileError, SymbolError
from aiwatch.feed.replay import Readers, ReplayClock, ReplayFeed
from aiwatch.market.calendar.session import Calendar
from aiwatch.market.data_sources import usual_names
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.archive import load_last_state
from aiwatch.runtime.load import LoadedFiles, list_folders, load_all
from aiwatch.runtime.screen import dependencies_of, read_ledger, require_terminal_for
from aiwatch.runtime.terminal import run_in_terminal
from aiwatch.sources.recording import Captured, require_packed, started
from aiwatch.sources.recording import read as captured
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.reader import read_watchlists

if TYPE_CHECKING:
    from collections.abc import Iterator

REPLAY = "REPLAY"
MOST_LOOKED_AT = 200
"""Answers that are looked at for what a recording is of; every list is asked for in far fewer."""
MOST_LISTED = 500
"""Stocks in a list made of a recording."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--speed", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True, help="Times as fast as then."
)
@click.pass_obj
def replay(flags: Flags | None, file: Path, speed: float) -> None:
    """Open the screen on a recording made with `aiwatch record`: the prices of then, marked REPLAY.

    Edits of watchlists are made in scratch copies and are not kept. Where the recording cannot be read on, the screen
    says why.
    """
    require_terminal_for(flags or Flags())
    from aiwatch.app import KEY_RULES
    from aiwatch.runtime.scratch import scratch_folder

    require_packed(file)
    began = began_at(file)
    with scratch_folder() as scratch:
        read = opened_at(recorded_symbols(captured(file)), load_all(flags or Flags(), KEY_RULES, scratch=scratch))
        status = asyncio.run(_run(read, captured(file), began, speed))
    if status:
        sys.exit(status)


def began_at(file: Path) -> datetime:
    """When the recording was begun; now, where its head cannot be read, which the screen says."""
    try:
        return started(file)
    except FileError:
        return utc_now()


def recorded_symbols(answers: Iterable[Captured]) -> tuple[Symbol, ...]:
    """The symbols that the first `MOST_LOOKED_AT` of ``answers`` are about, each once, as far as they can be read."""
    asked: dict[str, None] = {}
    with suppress(FileError):  # the feed comes to the same place, and the screen says it
        for answer in islice(answers, MOST_LOOKED_AT):
            asked |= dict.fromkeys(answer.asked)
    symbols = []
    for text in asked:
        with suppress(SymbolError):
            symbols.append(parse_symbol(text))
    return tuple(symbols)


def opened_at(symbols: Sequence[Symbol], read: LoadedFiles) -> LoadedFiles:
    """``read`` with a first list that is in a recording of ``symbols``: the one that a person named if any of it is,
    else the one of which most is. Where there is none, ``symbols`` are written down as a list of their own.

    Writes to the scratch copies that ``read`` must be of.
    """
    if not symbols:
        return read
    recorded = frozenset(symbols)
    shares = {watchlist.key: _share(watchlist, recorded) for watchlist in read.watchlists.lists}
    key = read.settings.start_list
    if "start_list" not in read.settings.given or not shares.get(key):
        key = max(shares, key=shares.__getitem__, default="")
    if not shares.get(key):
        path = write_list(read.places.watchlists, symbols[:MOST_LISTED])
        key, read = (
            path.stem,
            replace(read, watchlists=read_watchlists(*list_folders(read.settings, read.places), columns=BY_KEY)),
        )
    return replace(read, settings=replace(read.settings, start_list=key))


def write_list(folder: Path, symbols: Sequence[Symbol]) -> Path:
    """Write ``symbols`` down as a watchlist in ``folder``; returns its file."""
    from aiwatch.watchlist.editing.toml_keys import pair
    from aiwatch.watchlist.editing.writer import ListWriter

    lines = [pair("name", "Recording"), pair("description", "What the recording is of.")]
    for symbol in symbols:
        lines += ["", "[[stock]]", pair("symbol", symbol.text), pair("name", symbol.text)]
    return ListWriter(bundled("watchlists"), folder).create("Recording", "\n".join([*lines, ""])).path


def _share(watchlist: Watchlist, recorded: frozenset[Symbol]) -> float:
    stocks = watchlist.stocks
    return sum(stock.symbol in recorded for stock in stocks) / len(stocks) if stocks else 0.0


async def _run(read: LoadedFiles, answers: Iterator[Captured], began: datetime, speed: float) -> int:
    from aiwatch.app import AiwatchApp
    from aiwatch.session.dependencies import FeedDependencies

    ledger = await asyncio.to_thread(read_ledger, read)
    clock = ReplayClock(began, speed)
    sessions = Calendar((await asyncio.to_thread(load_last_state, read)).days)
    async with ReplayFeed(answers, _readers, clock, sessions, names=usual_names()) as feed:
        dependencies = dependencies_of(read, ledger, FeedDependencies(clock, sessions, feed, REPLAY))
        return await run_in_terminal(AiwatchApp(dependencies))


def _readers() -> Readers:
    from aiwatch.sources.registry import readers

    return readers()
