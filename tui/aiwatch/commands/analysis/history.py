"""``aiwatch history``: bars of symbols, as they are kept or fetched now; ``--fetch`` fills a whole list."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from aiwatch.commands.analysis.fetching import (
    HistoryRequest,
    basis_option,
    fetched,
    form_options,
    missing_status,
    range_option,
    read_files,
    source_option,
    symbols_of,
)
from aiwatch.commands.completion import complete_list, complete_name
from aiwatch.commands.tables import as_csv, as_json, table
from aiwatch.formatting.braille import braille_line
from aiwatch.formatting.text import short
from aiwatch.history.results import Bars
from aiwatch.market.bars import Bar, Interval, Range, Series, adjusted
from aiwatch.market.symbol import Symbol

MOST_LINES = 10
"""The newest bars that the text shows; JSON and CSV have all."""
_HEAD = ("When", "Open", "High", "Low", "Close", "Change %", "Volume")


@click.command()
@click.argument("names", nargs=-1, metavar="SYMBOL|LIST...", shell_complete=complete_name)
@click.option(
    "--fetch",
    multiple=True,
    metavar="LIST",
    shell_complete=complete_list,
    help="Fetch a list's bars and keep them; may be given again.",
)
@range_option
@click.option("--interval", type=click.Choice([str(interval) for interval in Interval]), help="Of a bar; day.")
@basis_option
@source_option
@form_options
@click.pass_context
def history(
    context: click.Context,
    names: tuple[str, ...],
    fetch: tuple[str, ...],
    span: str,
    interval: str | None,
    adjusted: bool,
    source: str,
    form: str | None,
) -> None:
    """Print price bars of symbols or watchlists; what is not kept yet is fetched first.

    With --fetch, only fetch and keep; an interrupted one goes on where it was. Exit status: 0 all, 3 some missing,
    4 none.
    """
    if bool(names) == bool(fetch):
        raise click.UsageError("Name symbols or lists to print, or --fetch a list.")
    read = read_files(context)
    symbols = symbols_of(names or fetch, read.watchlists)
    request = HistoryRequest(symbols, Range(span), adjusted, Interval(interval) if interval else None, source)
    done = fetched(read, request)
    if fetch:
        having = [bars.series for bars in done.values() if bars.series is not None]
        click.echo(
            f"{len(having)} of {len(done)} symbols have bars: {sum(len(bars.bars) for bars in having)} in this range"
        )
    else:
        click.echo(printed(done, adjusted, form), nl=False)
    context.exit(missing_status(done))


def printed(done: Mapping[Symbol, Bars], is_adjusted: bool, form: str | None) -> str:
    """The bars as JSON, CSV or text."""
    series = [_of_basis(bars.series, is_adjusted) for bars in done.values() if bars.series is not None]
    if form is None:
        return "\n".join(map(as_text, series))
    rows = [row for each in series for row in rows_of(each)]
    return as_json(rows) if form == "json" else as_csv(rows)


def rows_of(series: Series) -> list[dict[str, Any]]:
    """A row a bar: prices of the series' basis, volume in shares, amount in currency units."""
    return [
        {
            "symbol": series.symbol.text,
            "when": _iso(bar),
            "open": _price(bar.open),
            "high": _price(bar.high),
            "low": _price(bar.low),
            "close": _price(bar.close),
            "volume": bar.volume,
            "amount": bar.amount,
            "currency": series.currency or series.symbol.currency,
            "basis": str(series.basis),
            "source": series.source,
            "final": bar.final,
        }
        for bar in series.bars
    ]


def as_text(series: Series) -> str:
    """A line of the closes in braille, and the newest bars."""
    width = min(100, shutil.get_terminal_size().columns)
    bars = series.bars
    if not bars:
        return f"{series.symbol}: no bars in this range\n"
    first, last = bars[0].close if series.previous_close is None else series.previous_close, bars[-1].close
    head = (
        f"{series.symbol}  {series.interval} bars, {series.basis}, {series.currency or series.symbol.currency}, "
        f"{series.source}, {len(bars)} from {_iso(bars[0])} to {_iso(bars[-1])}: {(last / first - 1) * 100:+.2f} %\n"
    )
    line = "".join(f"{row.rstrip()}\n" for row in braille_line([bar.close for bar in bars], min(width, 72), 3))
    before = [None, *bars]
    rows = [_cells(bar, earlier) for bar, earlier in zip(bars, before, strict=False)][-MOST_LINES:]
    events = "".join(
        f"{event.day}  {event.kind} {event.value:g} ({event.source})\n"
        for event in series.events
        if series.days[0] <= event.day <= series.days[-1]
    )
    return head + line + table(_HEAD, rows, width) + events


def _of_basis(series: Series, is_adjusted: bool) -> Series:
    return adjusted(series) if is_adjusted else series


def _cells(bar: Bar, earlier: Bar | None) -> tuple[str, ...]:
    change = "" if earlier is None else f"{(bar.close / earlier.close - 1) * 100:+.2f}"
    prices = (f"{_price(price):g}" for price in (bar.open, bar.high, bar.low, bar.close))
    live = "" if bar.final else " not final"
    return (_iso(bar) + live, *prices, change, short(bar.volume))


def _iso(bar: Bar) -> str:
    when = bar.when
    if isinstance(when, datetime):
        return when.isoformat(timespec="minutes").replace("+00:00", "Z")
    return when.isoformat()


def _price(price: float) -> float:
    return round(price, 4)
