"""``aiwatch ledger delivered``: what was promised, beside what companies have reported since. Hosts are asked."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Sequence

import click

from aiwatch.commands.tables import as_csv, as_json, as_markdown
from aiwatch.config.paths import find_places
from aiwatch.config.settings import Flags, Settings
from aiwatch.formatting.text import clip
from aiwatch.ledger.delivered.quarters import Delivery, Reports, bar, companies, deliveries
from aiwatch.ledger.delivered.words import (
    BASIS,
    as_values,
    company_words,
    flat_rows,
    percent_words,
    progress_words,
    spent_words,
    sum_words,
    year_rows,
)
from aiwatch.ledger.records import Ledger
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.state import utc_now
from aiwatch.runtime.filings import REPORTS_FILE, open_spending
from aiwatch.runtime.history import open_history
from aiwatch.runtime.load import load_all
from aiwatch.session.ledger import spending_of

NOTHING = 4
"""The exit status when nothing at all could be had; 3 when some of it could not."""
SOME = 3
_BAR = 24


def print_delivered(read: Ledger, form: str | None, flags: Flags) -> int:
    """Print ``read``'s pledges beside what is reported, as a table or in ``form``; gives the exit status. What could
    not be had goes to standard error."""
    reports = asyncio.run(_asked(read, load_all(flags).settings))
    results = deliveries(read, reports)
    if form is None:
        click.echo(_table(read, results, reports, shutil.get_terminal_size().columns), nl=False)
    else:
        values = [as_values(read, result, reports) for result in results]
        write = {"csv": as_csv, "markdown": as_markdown}.get(form)
        rows = [row for value in values for row in flat_rows(value)]
        click.echo(write(rows) if write else as_json(values), nl=False)
    for id, report in reports.by_entity.items():
        if report.problem:
            click.echo(f"{read.entities[id].name}: {report.problem}", err=True)
    missing = [report for report in reports.by_entity.values() if not report.quarters]
    return 0 if not missing else NOTHING if len(missing) == len(reports.by_entity) else SOME


async def _asked(read: Ledger, settings: Settings) -> Reports:
    """What every payer reports, asked now where what is kept is not new enough."""
    path = find_places(os.environ).history
    reports = Reports()
    async with (
        open_history(settings, path, utc_now, shipped_day) as history,
        open_spending(settings, path.with_name(REPORTS_FILE), utc_now, history.questions.cash_flow) as spending,
    ):
        async for reports in spending_of(companies(read), spending):
            if reports.asking and os.isatty(2):
                click.echo(f"\r{clip(f'Asking for {reports.asking} …', 60)}", err=True, nl=False)
    if os.isatty(2):
        click.echo(f"\r{'':60}\r", err=True, nl=False)
    return reports


def _table(read: Ledger, results: Sequence[Delivery], reports: Reports, width: int) -> str:
    lines = []
    for result in results:
        record = result.record
        lines.append(f"{record.id} {result.period} · {record.payer} → {record.recipient} · {record.status}")
        spent = f"{bar(result, _BAR)} " if any(part.quarters for part in result.parts) else ""
        lines.append(f"  {spent}{percent_words(result)}  {progress_words(result)}")
        for part in result.parts:
            sums = spent_words(part)
            about = company_words(read, part, reports)
            lines.append(f"  {read.entities[part.entity].name}  {f'{sums}  ' if sums else ''}{about}")
            for year, quarters in year_rows(part):
                shown = (
                    f"{label} {sum_words(spend.amount, spend.currency) if spend else '–'}" for label, spend in quarters
                )
                lines.append(f"    {year}  {'  '.join(shown)}")
        lines.append("")
    lines.append(f"{BASIS[:1].upper()}{BASIS[1:]}.")
    return "".join(f"{clip(line, width).rstrip()}\n" for line in lines)
