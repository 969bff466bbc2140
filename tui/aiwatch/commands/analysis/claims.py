"""``aiwatch claims --check``: what the articles say of share prices, against real closes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
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
from aiwatch.history.analysis.claims import check_kept, is_checkable
from aiwatch.history.choice import TELLS_EVENTS
from aiwatch.history.store import HistoryStore
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Claim
from aiwatch.ledger.reports.checked_claims import CheckedClaim
from aiwatch.market.bars import Range
from aiwatch.market.symbol import parse_symbol


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
    results = kept_checks(checkable, read.places.history, source)
    for claim in chosen:
        if claim not in checkable:
            click.echo(f"{claim.id}: names no listed share with a percentage and a period: not checked", err=True)
    if form is None:
        click.echo("\n".join(map(as_text, results)), nl=False)
    else:
        rows = [_row(result) for result in results]
        click.echo(as_json(rows) if form == "json" else as_csv(rows), nl=False)
    context.exit(0 if any(result.tried for result in results) else NOTHING)


def kept_checks(claims: Sequence[Claim], path: Path, source: str = "") -> list[CheckedClaim]:
    """``claims`` against the closes that are kept in the file at ``path``, or against none
    where that is not there or cannot be read."""
    try:
        with closing(HistoryStore.look(path)) as store:
            return [result for claim in claims for result in check_kept(claim, store, TELLS_EVENTS, source)]
    except sqlite3.Error:
        return [result for claim in claims for result in check_kept(claim, None, TELLS_EVENTS)]


def as_text(result: CheckedClaim) -> str:
    """A claim, its verdict and its pairs."""
    width = shutil.get_terminal_size().columns
    head = f"{result.id} {result.symbol} {result.claim}, {result.basis} closes: {result.verdict}\n"
    return head + "".join(f"  {part}\n" for line in result.lines for part in wrapped(line, max(20, width - 2)))


def _row(result: CheckedClaim) -> dict[str, Any]:
    row = msgspec.to_builtins(result)
    assert isinstance(row, dict)
    return row
