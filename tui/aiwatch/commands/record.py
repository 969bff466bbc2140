"""``aiwatch record``: keeps what the hosts answer in a file, to be played again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from aiwatch.commands.completion import complete_list
from aiwatch.commands.quotes import chosen
from aiwatch.config.settings import Flags, Settings, SourceSettings
from aiwatch.feed.feed import Feed, OpenSources, OpenStream
from aiwatch.market.calendar.session import Calendar, SessionAt
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol
from aiwatch.runtime.archive import load_last_state
from aiwatch.runtime.hosts import StreamOpener, live_hosts
from aiwatch.runtime.load import load_all
from aiwatch.runtime.output import progress
from aiwatch.sources.recording import Recorder

if TYPE_CHECKING:
    from aiwatch.feed.stream_listener import Stream
    from aiwatch.sources import Source
    from aiwatch.sources.recording import Tappable
    from aiwatch.sources.yahoo_stream.client import YahooStream


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--watchlist",
    "-w",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_list,
    help="Follow this watchlist alone; may be repeated.",
)
@click.option("--seconds", type=click.FloatRange(min=0), help="Stop after this long (default: at Ctrl+C).")
@click.pass_obj
def record(flags: Flags | None, file: Path, watchlist: tuple[str, ...], seconds: float | None) -> None:
    """Ask the hosts as the screen does and keep every answer in FILE, compressed, with its time.

    Neither requests nor cookies are kept. `aiwatch replay FILE` plays it.
    """
    read = load_all(flags or Flags())
    symbols = [stock.symbol for stock in chosen((), watchlist, read.watchlists)]
    recorder = Recorder(file, utc_now)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        asyncio.run(_record(read.settings, symbols, recorder, seconds, Calendar(load_last_state(read).days)))
    if recorder.trouble:
        raise click.ClickException(recorder.trouble)
    click.echo(f"{recorder.count} answers in {file}", err=True)


async def _record(
    settings: Settings, symbols: Sequence[Symbol], recorder: Recorder, seconds: float | None, sessions: SessionAt
) -> None:
    stream = tapped_stream(StreamOpener(settings, utc_now).opener, recorder)
    sources = tapped(live_hosts(settings, utc_now), recorder)
    async with recorder, Feed(sources, utc_now, sessions, open_stream=stream) as feed:
        feed.follow(symbols)
        feed.start()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for _ in feed.batches():
                    progress(f"{recorder.count} answers; Ctrl+C ends the recording ")
    if sys.stderr.isatty():
        click.echo(err=True)


def tapped(open_sources: OpenSources, recorder: Recorder) -> OpenSources:
    """Sources that are opened as ``open_sources`` does, and whose answers go to ``recorder`` as well."""

    async def opened(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        from aiwatch.sources.recording import RecordingSource

        async for source, settings in open_sources(stack):
            yield RecordingSource(cast("Tappable", source), recorder), settings

    return opened


def tapped_stream(open_stream: OpenStream | None, recorder: Recorder) -> OpenStream | None:
    """A stream made as ``open_stream`` does, and whose messages go to ``recorder`` as well."""
    if open_stream is None:
        return None

    async def opened() -> Stream:
        stream = cast("YahooStream", await open_stream())
        stream.tap = lambda message, symbol: recorder.note(stream.name, (symbol,), message)
        return stream

    return opened
