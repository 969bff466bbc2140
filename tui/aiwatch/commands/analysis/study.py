"""``aiwatch study``: abnormal returns around dates that the reader gives."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date, datetime
from typing import Any

import click
import msgspec

from aiwatch.commands.analysis.compare import benchmark_of
from aiwatch.commands.analysis.fetching import (
    NOTHING,
    HistoryRequest,
    fetched,
    form_options,
    read_files,
    symbol_named,
    symbols_of,
)
from aiwatch.commands.tables import as_csv, table
from aiwatch.history.analysis.results import WINDOWS, StudiedEvent, Study
from aiwatch.market.bars import Range


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="LIST|SYMBOL...")
@click.option(
    "--on",
    "dates",
    multiple=True,
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day of an event, such as 2025-07-22; may be given again.",
)
@click.option("--benchmark", default="", metavar="SYMBOL", help="The market; the usual index where all are of one.")
@form_options
@click.pass_context
def study(
    context: click.Context, names: tuple[str, ...], dates: tuple[datetime, ...], benchmark: str, form: str | None
) -> None:
    """Study what shares did around dates you give: returns beyond what the market explains.

    The ledger's commitments have no day, so none of its own is studied.
    """
    read = read_files(context)
    symbols = symbols_of(names, read.watchlists)
    market = (symbol_named(benchmark),) if benchmark else benchmark_of(symbols, "")
    if not market:
        raise click.UsageError("The shares are of several markets: name the one they are studied against, --benchmark.")
    fetched(read, HistoryRequest((*symbols, *market), Range.MAX))
    from aiwatch.history.analysis.study import study_stored

    days = sorted({moment.date() for moment in dates})
    path = read.places.history
    try:
        result = study_stored(path, [symbol.text for symbol in symbols], days, market[0].text)
    except sqlite3.Error as error:
        raise click.ClickException(f"{path}: {error}") from None
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
    elif form == "csv":
        click.echo(as_csv([_row(event) for event in result.events]), nl=False)
    else:
        click.echo(_text(result), nl=False)
    context.exit(0 if any(not event.why for event in result.events) else NOTHING)


def _row(event: StudiedEvent) -> dict[str, Any]:
    values = event.abnormal or [None] * len(WINDOWS)
    return {
        "symbol": event.symbol,
        "asked": event.asked.isoformat(),
        "day": _iso(event.day),
        "alpha": event.alpha,
        "beta": event.beta,
        "estimated": event.estimated,
        **{str(window): value for window, value in zip(WINDOWS, values, strict=True)},
        "why": event.why,
    }


def _text(result: Study) -> str:
    width = shutil.get_terminal_size().columns
    head = ("Symbol", "Day 0", "Beta", *map(str, WINDOWS), "")
    rows = [
        (event.symbol, _iso(event.day) or event.asked.isoformat(), _figure(event.beta, "{:.2f}"),
         *(_figure(value) for value in event.abnormal or [None] * len(WINDOWS)), event.why)
        for event in result.events
    ]  # fmt: skip
    summaries = [
        (summary.window, str(summary.count), _figure(summary.mean), _figure(summary.median),
         _figure(summary.positive, "{:.0f}"), _figure(summary.t, "{:.2f}"))
        for summary in result.summaries
    ]  # fmt: skip
    text = f"Abnormal returns in percent against {result.benchmark}, market model\n" + table(head, rows, width)
    if summaries:
        text += "\n" + table(("Window", "n", "Mean", "Median", "Share > 0 %", "t"), summaries, width)
    return text + "".join(f"{note}\n" for note in result.notes)


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _figure(value: float | None, form: str = "{:+.2f}") -> str:
    return "" if value is None else form.format(value)
