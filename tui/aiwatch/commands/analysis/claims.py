"""``aiwatch claims --check``: what the articles say of share prices, against real closes."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import click
import msgspec

from aiwatch.commands.analysis.fetching import (
    NOTHING,
    HistoryRequest,
    fetched,
    form_options,
    read_files,
    source_option,
)
from aiwatch.commands.tables import as_csv, as_json, wrapped
from aiwatch.config.paths import bundled
from aiwatch.history.analysis.claims import check_both
from aiwatch.history.analysis.results import CheckedClaim
from aiwatch.history.store import HistoryStore
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Claim
from aiwatch.market.bars import Interval, Range, Series
from aiwatch.market.symbol import parse_symbol

MOST_PAIRS = 10
"""Pairs that the text names; JSON and CSV have all."""


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--check", is_flag=True, help="Hold them against closes; what is not kept is fetched first.")
@click.option("--offline", is_flag=True, help="Use the closes that are kept and fetch none.")
@source_option
@form_options
@click.pass_context
def claims(
    context: click.Context, ids: tuple[str, ...], check: bool, offline: bool, source: str, form: str | None
) -> None:
    """Hold the articles' claims about prices against real closes: which pairs of days fit, and how many were tried.

    Exit status: 0, or 4 when there are no closes to check any of them against.
    """
    if not check:
        raise click.UsageError("Say what to do with them: --check. To read them: aiwatch ledger claims.")
    read = read_files(context)
    ledger_claims = load_ledger(bundled("seeds"), read.places.ledger).claims
    if wrong := [name for name in ids if name.upper() not in ledger_claims]:
        raise click.UsageError(f"no claim is called {wrong[0]!r}; there are {', '.join(ledger_claims)}")
    chosen = [ledger_claims[name.upper()] for name in ids] or [
        claim for claim in ledger_claims.values() if not claim.repeats
    ]
    checkable = [claim for claim in chosen if is_checkable(claim)]
    symbols = tuple(dict.fromkeys(parse_symbol(text) for claim in checkable for text in claim.symbols))
    if not offline:
        fetched(read, HistoryRequest(symbols, Range.FIVE_YEARS, source=source))
    results = [result for claim in checkable for result in checked(claim, read.places.history, source)]
    for claim in chosen:
        if claim not in checkable:
            click.echo(f"{claim.id}: names no listed share with a percentage and a period: not checked", err=True)
    if form is None:
        click.echo("\n".join(map(as_text, results)), nl=False)
    else:
        rows = [_row(result) for result in results]
        click.echo(as_json(rows) if form == "json" else as_csv(rows), nl=False)
    context.exit(0 if any(result.tried for result in results) else NOTHING)


def is_checkable(claim: Claim) -> bool:
    """Whether closes can bear ``claim`` out: it names a share and a percentage, and its days are known."""
    return claim.percent is not None and bool(claim.symbols) and claim.end_date is not None


def checked(claim: Claim, path: Path, source: str = "") -> list[CheckedClaim]:
    """``claim`` against the closes kept at ``path`` of each of its symbols, unadjusted and adjusted."""
    results: list[CheckedClaim] = []
    for text in claim.symbols:
        series = kept_series(path, text, source)
        if series is None:
            words = f"{claim.operator.replace('=', '')}{claim.percent} %"
            nothing = "no closes are kept of it, and none came"
            results.append(CheckedClaim(claim.id, text, words, "unadjusted", "", "", None, None, 0, [], nothing))
        else:
            results += check_both(claim, series)
    return results


def kept_series(path: Path, text: str, source: str) -> Series | None:
    """The longest kept daily series of the symbol ``text``; ``None`` without one, or for a file that cannot be read."""
    try:
        store = HistoryStore.look(path)
    except sqlite3.Error:
        return None
    try:
        rows = [row for row in store.kept(parse_symbol(text), Interval.DAY) if source in ("", row.source)]
        best = max(rows, key=lambda row: row.bar_count, default=None)
        return None if best is None else store.read(parse_symbol(text), Interval.DAY, best.source)
    except sqlite3.Error:
        return None
    finally:
        store.close()


def as_text(result: CheckedClaim) -> str:
    """A claim, its verdict and its pairs."""
    width = shutil.get_terminal_size().columns
    head = f"{result.id} {result.symbol} {result.claim}, {result.basis} closes: {result.verdict}\n"
    if not result.tried:
        return head
    lines = [f"{result.tried} pairs tried, {result.first} to {result.last}, {result.source} of {result.as_of}"]
    lines += [
        f"{pair.base_date} {pair.base_close:g} → {pair.end_date} {pair.end_close:g} = {pair.percent:+.3f} %, "
        f"{pair.sessions} sessions"
        for pair in result.pairs[:MOST_PAIRS]
    ]
    if len(result.pairs) > MOST_PAIRS:
        lines.append(f"and {len(result.pairs) - MOST_PAIRS} more")
    if result.chance is not None and result.pairs:
        lines.append(f"a made-up percentage would fit some pair in {result.chance:.1f} % of cases")
    if result.why:
        lines.append(result.why)
    return head + "".join(f"  {part}\n" for line in lines for part in wrapped(line, max(20, width - 2)))


def _row(result: CheckedClaim) -> dict[str, Any]:
    row = msgspec.to_builtins(result)
    assert isinstance(row, dict)
    return row
