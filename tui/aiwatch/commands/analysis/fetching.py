"""What the commands of history share: options, symbols of lists, and fetching many symbols with a progress bar."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any, TypeVar

import click
from msgspec import Struct

from aiwatch.commands.quotes import chosen
from aiwatch.config.paths import Places
from aiwatch.config.settings import Flags, Settings
from aiwatch.errors import SymbolError
from aiwatch.files.toml_document import did_you_mean
from aiwatch.history.choice import YFINANCE
from aiwatch.history.notices import KEPT_WORDS
from aiwatch.history.opened import HistoryParts
from aiwatch.history.results import Bars
from aiwatch.market.bars import Interval, Range
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.data_sources import SOURCES
from aiwatch.market.spelling import symbol_of
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol
from aiwatch.runtime.history import open_history
from aiwatch.runtime.load import LoadedFiles, load_all
from aiwatch.runtime.output import watched
from aiwatch.watchlist.reader import WatchlistFolder

NOTHING = 4
"""The exit status when no bars could be had at all; 3 when some are missing."""
SOME = 3
END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""The signals that end a fetch with what it has, and with the cursor that its bar hides."""
MOST_NAMED = 6
"""Symbols that a sentence names at most."""
F = TypeVar("F", bound=Callable[..., Any])


class HistoryRequest(Struct, frozen=True):
    """What a command asks for: symbols, the range, and whether prices are adjusted."""

    symbols: tuple[Symbol, ...]
    span: Range
    adjusted: bool = True
    interval: Interval | None = None
    source: str = ""


def range_option(function: F) -> F:
    """``--range``."""
    return click.option(
        "--range",
        "span",
        type=click.Choice([str(span) for span in Range]),
        default=str(Range.YEAR),
        show_default=True,
        help="How far back.",
    )(function)


def form_options(function: F) -> F:
    """``--json`` and ``--csv``."""
    function = click.option("--csv", "form", flag_value="csv", help="Print CSV with a header row.")(function)
    return click.option("--json", "form", flag_value="json", help="Print JSON, null where nothing is known.")(function)


def basis_option(function: F) -> F:
    """``--raw`` and ``--adjusted``."""
    return click.option(
        "--adjusted/--raw",
        default=True,
        show_default=True,
        help="Prices adjusted for dividends and splits, or as paid.",
    )(function)


def source_option(function: F) -> F:
    """``--source``."""
    words = "Ask this source alone: tencent, sina or yahoo."
    return click.option("--source", default="", metavar="NAME", callback=_bar_source, help=words)(function)


def _bar_source(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A source of bars there is. Raises `click.BadParameter` for another, with the nearest."""
    names = (*(source.name for source in SOURCES if source.bars), YFINANCE)
    if value and value not in names:
        near = did_you_mean(value, names) or f"; there are {', '.join(names)}"
        raise click.BadParameter(f"there is no source of bars {value!r}{near}")
    return value


def read_files(context: click.Context) -> LoadedFiles:
    """The settings and watchlists of this run."""
    return load_all(context.obj if isinstance(context.obj, Flags) else Flags())


def symbols_of(texts: Sequence[str], folder: WatchlistFolder) -> tuple[Symbol, ...]:
    """The symbols that ``texts`` name: a watchlist's stocks by its key, else a symbol. Raises `click.UsageError`."""
    names = [text for text in texts if folder.find(text) is not None]
    lists = [stock.symbol for stock in chosen((), names, folder)] if names else []
    keys = [watchlist.key for watchlist in folder.lists]
    symbols = [symbol_named(text, keys) for text in texts if text not in names]
    for text in texts:
        near = "" if text in names or text == text.upper() else did_you_mean(text, keys)
        if near:
            click.echo(f"no watchlist is called {text!r}{near} It is taken for a symbol.", err=True)
    return tuple(dict.fromkeys([*lists, *symbols]))


def symbol_named(text: str, lists: Sequence[str] = ()) -> Symbol:
    """The symbol that ``text`` spells. Raises `click.UsageError`, with the nearest of ``lists``, which it may have been
    meant to be."""
    try:
        return symbol_of(text)
    except SymbolError as error:
        if near := did_you_mean(text, lists):
            raise click.UsageError(f"{text!r} is neither a watchlist nor a symbol{near}") from None
        hint = f"{error.hint[:1].upper()}{error.hint[1:]}"
        raise click.UsageError(f"{error}\nNeither a watchlist nor a symbol. {hint}") from None


def fetched(read: LoadedFiles, request: HistoryRequest) -> dict[Symbol, Bars]:
    """The bars of every symbol: kept, or fetched now and kept. Words about those that lack go to standard error.

    A signal leaves what has come so far kept, so that the same command goes on from there; it ends with 128 and the
    signal's number.
    """
    done: dict[Symbol, Bars] = {}
    ended: list[int] = []
    try:
        asyncio.run(_fetch(read.settings, read.places, request, done, ended))
    except asyncio.CancelledError:
        click.echo(
            f"Interrupted: {len(done)} of {len(request.symbols)} are kept. Run the same command to go on from there.",
            err=True,
        )
        sys.exit(128 + ended[-1] if ended else SOME)
    for words, symbols in _sentences_of(done).items():
        few = ", ".join(symbol.text for symbol in symbols[:MOST_NAMED])
        click.echo(
            f"{few}{f' and {len(symbols) - MOST_NAMED} more' if len(symbols) > MOST_NAMED else ''}: {words}", err=True
        )
    return done


def _sentences_of(done: Mapping[Symbol, Bars]) -> dict[str, list[Symbol]]:
    """What is to be said of the bars, each sentence with the symbols that it is said of."""
    symbols_by_sentence: dict[str, list[Symbol]] = {}
    for symbol, bars in done.items():
        notices = [words for words in bars.notices if not words.startswith(KEPT_WORDS)]
        conflicts = [
            f"{conflict.day}: {conflict.source} closed at {conflict.close:g}, "
            f"{conflict.other_source} at {conflict.other_close:g}"
            for conflict in bars.conflicts
        ]
        for words in (bars.problem, *notices, *conflicts):
            if words:
                symbols_by_sentence.setdefault(words.replace(symbol.text, "it"), []).append(symbol)
    return symbols_by_sentence


async def _fetch(
    settings: Settings, places: Places, request: HistoryRequest, done: dict[Symbol, Bars], ended: list[int]
) -> None:
    task = asyncio.current_task()
    assert task is not None
    with _signals_cancel(task, ended), _progress(len(request.symbols)) as advance:
        async with open_history(settings, places.history, utc_now, shipped_day) as history:
            for symbol in request.symbols:
                advance(symbol.text)
                done[symbol] = await _bars_of(history, symbol, request)
            await history.service.note_use()
            if history.service.trouble:
                click.echo(history.service.trouble, err=True)


async def _bars_of(history: HistoryParts, symbol: Symbol, request: HistoryRequest) -> Bars:
    return await history.service.bars(symbol, request.span, request.interval or Interval.DAY, source=request.source)


@contextmanager
def _signals_cancel(task: asyncio.Task[Any], ended: list[int]) -> Iterator[None]:
    """Let the signals that ask for an end cancel ``task`` while the block runs, where the platform can, and be noted in
    ``ended``; one that the starting program ignores stays ignored."""
    loop = asyncio.get_running_loop()

    def leave(number: int) -> None:
        ended.append(number)
        task.cancel()

    numbers = [number for name in END_SIGNALS if (number := getattr(signal, name, None)) is not None]
    caught = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    for number in caught:
        with suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, leave, number)
    try:
        yield
    finally:
        for number in caught:
            with suppress(NotImplementedError, RuntimeError):
                loop.remove_signal_handler(number)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on standard error, where somebody watches and there is more than one thing to wait for."""
    stream = watched()
    if total < 2 or stream is None:
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        number = bar.add_task("", total=total)
        names: list[str] = []

        def advance(name: str) -> None:
            bar.update(number, completed=len(names), description=name)
            names.append(name)

        yield advance


def missing_status(done: dict[Symbol, Bars]) -> int:
    """0 when every symbol has bars, `SOME` or `NOTHING` else."""
    having = sum(bars.series is not None for bars in done.values())
    return 0 if having == len(done) else SOME if having else NOTHING


def local_today(now: datetime) -> date:
    """The date here."""
    return now.astimezone().date()
