"""``aiwatch export``: a watchlist for another program."""

from __future__ import annotations

from pathlib import Path

import click

from aiwatch.commands.completion import complete_list
from aiwatch.config.settings import Flags
from aiwatch.errors import FileError, Problem
from aiwatch.files.atomic import put
from aiwatch.runtime.load import load_all, missing_list
from aiwatch.watchlist.exports import EXPORTS


@click.command()
@click.argument("name", metavar="LIST", shell_complete=complete_list)
@click.option(
    "--format", "kind", type=click.Choice(list(EXPORTS)), default="toml", show_default=True, help="What to write."
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A new file to write, instead of standard output."
)
@click.pass_context
def export(context: click.Context, name: str, kind: str, output: Path | None) -> None:
    """Print the watchlist called LIST for another program.

    \b
      toml    a watchlist file of aiwatch
      csv     a table with all keys of the stocks; a text that a spreadsheet would take for a formula has ' in front
      txt     the symbols as Yahoo spells them, one a line; tickrs, mop and stocksTUI know them
      ticker  a configuration of ticker: a group with the symbols, and a lot for each position

    `aiwatch import` reads all of them. txt has no names and no positions, ticker no names.
    """
    lists = load_all(context.find_object(Flags) or Flags()).watchlists
    watchlist = lists.find(name)
    if watchlist is None:
        raise click.UsageError(missing_list(name, lists))
    text = EXPORTS[kind](watchlist)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        is_new = put(output, None, text.encode())
    except OSError as error:
        raise FileError([Problem(output, 1, f"cannot be written: {error.strerror or error}")]) from None
    if not is_new:
        raise FileError([Problem(output, 1, "is there already, and is not overwritten")])
