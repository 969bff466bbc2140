"""``aiwatch ledger``: who pledged what to whom, with every conflict, as a table, JSON, CSV or Markdown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from aiwatch.commands.commitments import tables
from aiwatch.commands.examples import epilog_of
from aiwatch.commands.group import SuggestingGroup
from aiwatch.commands.tables import as_csv, as_json, as_markdown, blocks
from aiwatch.config.paths import bundled, find_places
from aiwatch.config.settings import Flags
from aiwatch.ledger import export, views
from aiwatch.ledger.amounts import Rate, convert_record, implied_rates
from aiwatch.ledger.circles import circles as circles_of
from aiwatch.ledger.circles import incomings
from aiwatch.ledger.links import to_verify
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Commitment, Ledger
from aiwatch.ledger.totals import WAYS, Total, totals_by

VIEWS = {view.key: view for view in views.COMMAND_VIEWS}
"""The views by name; without one, every commitment is printed."""

TOOLS = {
    "diff": "Say what changed between two editions of the ledger.",
    "import": "Make records of your own from another table.",
    "add": "Write a record of your own.",
    "map": "Print who pays whom as a graph.",
}
"""What else can be done with the ledger; the functions are in `tools`."""

_CURRENCIES = ("USD", "CNY", "EUR")


class PrintOptions(Struct, frozen=True):
    """How the ledger is to be printed: ``form`` is ``json``, ``csv``, ``markdown`` or nothing for a table, ``full``
    all fields of every record instead, ``currency`` one to convert sums to."""

    form: str | None = None
    full: bool = False
    currency: str | None = None

    def over(self, outer: PrintOptions) -> PrintOptions:
        """What is wanted of a view, where less is said than before its name."""
        return PrintOptions(self.form or outer.form, self.full or outer.full, self.currency or outer.currency)


_OPTIONS = (
    click.option("--json", "form", flag_value="json", help="Print JSON; amounts are decimal strings."),
    click.option(
        "--csv", "form", flag_value="csv", help="Print CSV, where a text that looks like a formula has ' in front."
    ),
    click.option("--markdown", "form", flag_value="markdown", help="Print a Markdown table."),
    click.option("--full", is_flag=True, help="Print every field of every record, one under the other."),
    click.option(
        "--in",
        "currency",
        type=click.Choice(_CURRENCIES, case_sensitive=False),
        help="Also convert sums: as printed in that currency, else at the rate the articles imply, which is named.",
    ),
)


def _options(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


class LedgerCommands(SuggestingGroup):
    """A command for each view, made when it is called, and the tools, imported then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The views, then the tools."""
        return [*VIEWS, *TOOLS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called ``cmd_name``."""
        if cmd_name in VIEWS:
            return _view_command(VIEWS[cmd_name])
        if cmd_name not in TOOLS:
            return None
        tool = getattr(import_module("aiwatch.commands.commitments.tools"), f"{cmd_name}_command")
        assert isinstance(tool, click.Command)
        tool.epilog = epilog_of(f"ledger {cmd_name}")
        return tool

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List views and tools without making them."""
        with formatter.section("Views"):
            formatter.write_dl([(view.key, view.shows) for view in VIEWS.values()])
        with formatter.section("Tools"):
            formatter.write_dl(list(TOOLS.items()))


def _view_command(view: views.View) -> click.Command:
    @click.command(view.key, help=f"Print {view.shows}.")
    @_options
    @click.pass_context
    def command(context: click.Context, form: str | None, full: bool, currency: str | None) -> None:
        options = PrintOptions(form, full, currency).over(
            context.obj if isinstance(context.obj, PrintOptions) else PrintOptions()
        )
        _print(view.key, options)

    return command


@click.group(cls=LedgerCommands, invoke_without_command=True)
@_options
@click.pass_context
def ledger(context: click.Context, form: str | None, full: bool, currency: str | None) -> None:
    """Print the commitments, or a view of the ledger, or do something with it.

    Your own records, in the folder that `aiwatch paths` names, are merged in.
    """
    context.obj = PrintOptions(form, full, currency)
    if context.invoked_subcommand is None:
        _print("all", context.obj)


def _print(view: str, options: PrintOptions) -> None:
    """Print ``view`` as ``options``. Raises `click.UsageError` where a currency has no meaning."""
    if options.currency is not None and not VIEWS[view].converts:
        raise click.UsageError(f"--in has no meaning for {view}: only commitments and totals are converted.")
    read = own_ledger()
    if view == "delivered":
        from aiwatch.commands.commitments.delivered import print_delivered  # it asks hosts, as no other view does

        click.get_current_context().exit(print_delivered(read, options.form, _flags()))
    rates = implied_rates(read)
    width = shutil.get_terminal_size().columns
    if options.form is None and not options.full:
        click.echo(tables.plain(read, view, options.currency, rates, width), nl=False)
        return
    rows = exported(read, view, options.currency, rates)
    write = {"json": as_json, "csv": as_csv, "markdown": as_markdown}.get(options.form or "")
    click.echo(write(rows) if write else blocks(rows, width), nl=False)


def _flags() -> Flags:
    """What was typed before the command's name."""
    root = click.get_current_context().find_root().obj
    return root if isinstance(root, Flags) else Flags()


def own_ledger() -> Ledger:
    """The bundled ledger with the reader's own records. Raises `FileError`."""
    own: Path = find_places(os.environ).ledger
    return load_ledger(bundled("seeds"), own)


def exported(read: Ledger, view: str, currency: str | None, rates: Sequence[Rate]) -> list[dict[str, Any]]:
    """The rows of ``view`` with every field, and a converted sum when a ``currency`` is asked for."""
    makers: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "signals": lambda: [export.signal(read, record) for record in views.signals(read)],
        "claims": lambda: [export.claim(read, record) for record in read.claims.values()],
        "conflicts": lambda: [export.conflict(record) for record in read.conflicts.values()],
        "totals": lambda: [_total_row(way, sums, currency, rates) for way in WAYS for sums in totals_by(read, way)],
        "circles": lambda: [
            *map(export.circle, circles_of(read)),
            *(export.incoming(read, received) for received in incomings(read)),
        ],
        "who": lambda: [export.entity(read, record) for record in read.entities.values()],
        "sources": lambda: [*map(export.source, read.sources.values()), *map(export.left_out, read.left_out)],
        "years": lambda: tables.year_rows(read),
        "timeline": lambda: tables.event_rows(read),
    }
    if view in makers:
        return makers[view]()
    return [_commitment_row(read, record, currency, rates) for record in commitments_of(read, view)]


def commitments_of(read: Ledger, view: str) -> Sequence[Commitment]:
    """The commitments of a view that shows such, in its order."""
    chosen: dict[str, Callable[[Ledger], Sequence[Commitment]]] = {
        "pledges": views.pledges,
        "deals": views.deals,
        "capacity": views.capacity,
        "projections": views.projections,
        "verify": lambda ledger: to_verify(ledger, tables.today()),
    }
    return chosen[view](read) if view in chosen else tuple(read.commitments.values())


def _commitment_row(read: Ledger, record: Commitment, currency: str | None, rates: Sequence[Rate]) -> dict[str, Any]:
    row = export.commitment(read, record)
    if currency is not None:
        row["in"] = export.converted(convert_record(record, currency, rates), currency)
    return row


def _total_row(way: str, sums: Total, currency: str | None, rates: Sequence[Rate]) -> dict[str, Any]:
    row = export.total(way, sums)
    if currency is not None:
        parts = sums.converted(currency, rates)
        row["in"] = {
            "currency": currency,
            "amount": f"{sum((part.amount for part in parts), Decimal(0)):.0f}" if parts else None,
            "rates": list(dict.fromkeys(str(part.rate) for part in parts or () if part.rate)),
        }
    return row
