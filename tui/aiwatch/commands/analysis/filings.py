"""``aiwatch filings``: what companies have filed with the SEC, cninfo and HKEXnews, the newest first, and headlines
about them where they are wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

import click

from aiwatch.commands.analysis.fetching import (
    NOTHING,
    SOME,
    form_options,
    local_today,
    read_files,
    symbols_of,
)
from aiwatch.commands.commitments.ledger import own_ledger
from aiwatch.commands.completion import complete_name
from aiwatch.commands.tables import as_json, flat, table
from aiwatch.errors import FileError
from aiwatch.formatting import spreadsheets
from aiwatch.history.filings.service import FRESH
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.reports.parties import records_named
from aiwatch.market.filings.filing import Filing, FilingReport, newest_first
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol
from aiwatch.runtime.filings import FILE_NAME, ciks_of, open_filings, wants_news
from aiwatch.runtime.load import LoadedFiles

HEAD = ("Date", "Symbol", "Form", "Title", "Publisher", "Ledger", "Link")
FIELDS = ("date", "at", "symbol", "form", "title", "publisher", "ledger", "link", "host", "headline")
"""The keys of a filing in JSON and the columns in CSV."""
NO_NEWS = "No host of headlines is switched on: set sources.yahoo_news.enabled or sources.sina_news.enabled to true"
LONGEST = {"Form": 28, "Title": 72, "Publisher": 28}
"""The columns of the table, and the cells that some of them have at most."""


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SYMBOL|LIST...", shell_complete=complete_name)
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True, help="How many days back.")
@click.option("--headlines", is_flag=True, help="Headlines too, of the hosts of them that the settings switch on.")
@form_options
@click.pass_context
def filings(context: click.Context, names: tuple[str, ...], days: int, headlines: bool, form: str | None) -> None:
    """Print what companies have filed of late, the newest first.

    The United States is asked of the SEC, mainland China of cninfo, Hong Kong of HKEXnews, each once an hour at most.
    The column Ledger names the commitments to read beside it: those of which the company, or a company that the title
    names, is a party. Exit status: 0 every host answered for every symbol, 3 some did not, 4 none did.
    """
    read = read_files(context)
    if headlines and not wants_news(read.settings):
        raise click.UsageError(NO_NEWS)
    symbols = symbols_of(names, read.watchlists)
    ledger = _ledger()
    reports = asyncio.run(_load(read, symbols, ledger, news=headlines))
    since = local_today(utc_now()) - timedelta(days=days)
    filed = newest_first(filing for report in reports for filing in report.filings if filing.day >= since)
    hosts = {(filing.symbol, filing): report.host for report in reports for filing in report.filings}
    rows = [_row(filing, hosts[filing.symbol, filing], _records(ledger, filing)) for filing in filed]
    click.echo({"json": as_json, "csv": _csv}.get(form or "", _table)(rows), nl=False)
    answered = sum(report.as_of is not None and utc_now() - report.as_of < FRESH for report in reports)
    if answered and not rows:
        click.echo(f"Nothing was filed since {since}. Look further back with --days.", err=True)
    _print_problems(reports)
    context.exit(0 if answered == len(reports) else SOME if answered else NOTHING)


def _records(ledger: Ledger | None, filing: Filing) -> tuple[str, ...]:
    return records_named(ledger, filing.symbol, filing.title) if ledger is not None else ()


def _ledger() -> Ledger | None:
    """The ledger; ``None`` where it cannot be read, which is said: filings do without the mark."""
    try:
        return own_ledger()
    except FileError as error:
        click.echo(f"No filing is marked, for the ledger cannot be read: {error}\nSee `aiwatch check`.", err=True)
        return None


async def _load(
    read: LoadedFiles, symbols: Sequence[Symbol], ledger: Ledger | None, *, news: bool
) -> tuple[FilingReport, ...]:
    path = read.places.history.with_name(FILE_NAME)
    async with open_filings(read.settings, path, utc_now, ciks_of(ledger), news=news) as reports:
        return await reports.load(symbols)


def _row(filing: Filing, host: str, records: Sequence[str]) -> dict[str, Any]:
    """A filing as the keys of JSON and the columns of CSV: the host's own date, and the moment in UTC or null."""
    at = None if filing.at is None else filing.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "date": filing.day.isoformat(),
        "at": at,
        "symbol": filing.symbol,
        "form": filing.form or None,
        "title": filing.title,
        "publisher": filing.publisher or None,
        "ledger": list(records),
        "link": filing.link or None,
        "host": host,
        "headline": filing.is_headline,
    }


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    return spreadsheets.table(FIELDS, ([flat(row[name]) for name in FIELDS] for row in rows))


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    lines = []
    for row in rows:
        first, *more = row["ledger"] or [""]
        records = f"{first} +{len(more)}" if more else first
        kind = "headline" if row["headline"] else row["form"]
        cells = (row["date"], row["symbol"], kind, row["title"], row["publisher"], records, row["link"])
        lines.append([cell or "–" for cell in cells])
    return table(HEAD, lines, longest=LONGEST)


def _print_problems(reports: Sequence[FilingReport]) -> None:
    """Say what could not be had, each sentence once with the symbols that it is said of."""
    problems: dict[str, list[str]] = {}
    for report in reports:
        if report.problem:
            problems.setdefault(report.problem, []).append(report.symbol)
    for problem, symbols in problems.items():
        click.echo(f"{', '.join(symbols)}: {problem}", err=True)
