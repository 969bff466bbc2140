"""``aiwatch compare`` and ``aiwatch correlate``: symbols or a list from a common start, and how they move together."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from typing import Any

import click
import msgspec

from aiwatch.commands.analysis.fetching import (
    NOTHING,
    HistoryRequest,
    basis_option,
    fetched,
    form_options,
    local_today,
    range_option,
    read_files,
    symbol_named,
    symbols_of,
)
from aiwatch.commands.completion import complete_name, complete_symbol
from aiwatch.commands.tables import as_csv, as_json, table
from aiwatch.formatting.braille import braille_line
from aiwatch.history.analysis.benchmarks import usual_benchmark
from aiwatch.history.analysis.results import (
    BASKET_WORDS,
    SPANS,
    ComparedSymbol,
    Comparison,
    ComparisonRequest,
    Correlation,
)
from aiwatch.market.bars import Range
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.load import LoadedFiles

_HEAD = ("Symbol", "Line", "Change %", "Against", "Drawdown %", "Vol %", "Beta", *(f"{span} d %" for span in SPANS))


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="LIST|SYMBOL...", shell_complete=complete_name)
@range_option
@basis_option
@click.option(
    "--benchmark",
    default="",
    metavar="SYMBOL",
    shell_complete=complete_symbol,
    help="Compare with this, or 'none'; the usual index of the market.",
)
@click.option("--in", "currency", default="", metavar="CUR", help="In one currency, at each day's rate, such as USD.")
@form_options
@click.pass_context
def compare(
    context: click.Context,
    names: tuple[str, ...],
    span: str,
    adjusted: bool,
    benchmark: str,
    currency: str,
    form: str | None,
) -> None:
    """Compare symbols or lists from their first common session: change, drawdown, volatility, beta, ranks."""
    comparison = compared(context, names, Range(span), benchmark, currency.upper(), adjusted=adjusted, weekly=None)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(comparison), indent=2).decode())
    elif form == "csv":
        click.echo(as_csv([_row(row) for row in _all_rows(comparison)]), nl=False)
    else:
        click.echo(_text(comparison), nl=False)
    context.exit(0 if comparison.rows else NOTHING)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="LIST|SYMBOL...", shell_complete=complete_name)
@range_option
@click.option(
    "--weekly/--daily", "weekly", default=None, help="Returns; weekly across markets unless said, else daily."
)
@form_options
@click.pass_context
def correlate(context: click.Context, names: tuple[str, ...], span: str, weekly: bool | None, form: str | None) -> None:
    """Print how the returns of each pair move together, and how many they share."""
    comparison = compared(context, names, Range(span), "none", "", adjusted=True, weekly=weekly)
    if comparison.correlation is None:
        click.echo("Two symbols with bars are needed. " + "; ".join(comparison.notes), err=True)
        context.exit(NOTHING)
    rows = _pairs(comparison.correlation)
    if form is None:
        notes = [note for note in comparison.notes if note != BASKET_WORDS]
        click.echo(_matrix(comparison.correlation) + "".join(f"{note}\n" for note in notes), nl=False)
    else:
        click.echo(as_json(rows) if form == "json" else as_csv(rows), nl=False)


def compared(
    context: click.Context,
    names: Sequence[str],
    span: Range,
    benchmark: str,
    currency: str,
    *,
    adjusted: bool,
    weekly: bool | None,
) -> Comparison:
    """Fetch what is not kept, and compare. Raises `click.ClickException` for a file that cannot be read."""
    read = read_files(context)
    symbols = symbols_of(names, read.watchlists)
    beside = benchmark_of(symbols, benchmark)
    _fetch_with_rates(read, (*symbols, *beside), span, currency)
    request = ComparisonRequest(
        [symbol.text for symbol in symbols],
        span.first_day(local_today(utc_now())),
        benchmark=beside[0].text if beside else "",
        currency=currency,
        adjusted=adjusted,
        weekly=weekly,
    )
    from aiwatch.history.analysis.compare import compare_stored

    try:
        return compare_stored(read.places.history, request)
    except sqlite3.Error as error:
        raise click.ClickException(f"{read.places.history}: {error}") from None


def benchmark_of(symbols: Sequence[Symbol], name: str) -> tuple[Symbol, ...]:
    """The benchmark that was asked for, or the usual one of the market, where all ``symbols`` are of one."""
    if name == "none":
        return ()
    if name:
        return (symbol_named(name),)
    usual = usual_benchmark(symbols)
    return () if usual is None else (usual,)


def _fetch_with_rates(read: LoadedFiles, symbols: tuple[Symbol, ...], span: Range, currency: str) -> None:
    pairs: list[str] = []
    if currency:
        from aiwatch.history.analysis.frames import pairs_for

        pairs = pairs_for((symbol.currency for symbol in symbols), currency)
    fetched(read, HistoryRequest((*symbols, *map(parse_symbol, pairs)), span))


def _all_rows(comparison: Comparison) -> list[ComparedSymbol]:
    return [*comparison.rows, *([comparison.benchmark] if comparison.benchmark else [])]


def _row(row: ComparedSymbol) -> dict[str, Any]:
    values = msgspec.structs.asdict(row)
    returns, ranks = values.pop("returns"), values.pop("ranks")
    for span, change, rank in zip(SPANS, returns or [None] * 5, ranks or [None] * 5, strict=True):
        values |= {f"return_{span}": change, f"rank_{span}": rank}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _text(comparison: Comparison) -> str:
    notes = "".join(f"{note}\n" for note in comparison.notes)
    if len({row.currency for row in comparison.rows}) > 1:
        notes += "--in USD compares them in one currency\n"
    if comparison.lacking:
        notes += f"No bars in this range: {', '.join(comparison.lacking)}\n"
    if comparison.start is None:
        return notes
    lines = [*comparison.lines, *([comparison.benchmark_line] if comparison.benchmark else [])]
    rows = [_cells(row, line) for row, line in zip(_all_rows(comparison), lines, strict=True)]
    basket = [value for value in comparison.basket if value is not None]
    rows.append(("basket", _line(comparison.basket), f"{basket[-1] - 100:+.2f}", *[""] * (len(_HEAD) - 3)))
    head = f"{comparison.start} to {comparison.end}, {comparison.shared} sessions shared by all\n"
    return head + table(_HEAD, rows, shutil.get_terminal_size().columns, firm=_HEAD) + notes


def _cells(row: ComparedSymbol, line: Sequence[float | None]) -> tuple[str, ...]:
    spans = [
        "" if change is None else f"{change:+.1f}" + (f" #{rank}" if rank is not None else "")
        for change, rank in zip(row.returns, row.ranks, strict=True)
    ] or [""] * len(SPANS)
    figures = (row.change, row.against, row.drawdown, row.volatility)
    return (row.symbol, _line(line), *(_figure(value) for value in figures), _figure(row.beta, "{:.2f}"), *spans)


def _figure(value: float | None, form: str = "{:+.2f}") -> str:
    return "" if value is None else form.format(value)


def _line(values: Sequence[float | None]) -> str:
    present = [value for value in values if value is not None]
    return braille_line(present, 12)[0] if len(present) > 1 else ""


def _pairs(correlation: Correlation) -> list[dict[str, Any]]:
    names = correlation.symbols
    return [
        {
            "symbol": names[at],
            "other": names[to],
            "correlation": correlation.values[at][to],
            "returns": correlation.counts[at][to],
            "sampled": "weekly" if correlation.weekly else "daily",
        }
        for at in range(len(names))
        for to in range(at + 1, len(names))
    ]


def _matrix(correlation: Correlation) -> str:
    names = correlation.symbols
    rows = [
        (
            names[at],
            *("" if to > at else _figure(correlation.values[at][to], "{:.2f}") or "n/a" for to in range(len(names))),
        )
        for at in range(len(names))
    ]
    counts = [correlation.counts[at][to] for at in range(len(names)) for to in range(at)]
    sampled = "weekly" if correlation.weekly else "daily"
    shared = f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
    head = f"Correlation of {sampled} log returns; a pair shares {shared}\n"
    return head + table(("", *names), rows, shutil.get_terminal_size().columns)
