"""``aiwatch import``: the lists of another program as watchlists of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from msgspec.structs import replace

from aiwatch.config.paths import bundled
from aiwatch.config.settings import Flags
from aiwatch.errors import FileError, Problem
from aiwatch.files.bounded import TEXT_LIMIT, control_in, read_bytes
from aiwatch.ledger.loader import load_commitments
from aiwatch.runtime.load import load_all
from aiwatch.session.directory import directory_of
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.editing.writer import ListWriter
from aiwatch.watchlist.exports import as_toml
from aiwatch.watchlist.imports import FORMATS, Imported, read_import
from aiwatch.watchlist.schema import SCHEMA_LINE

_FORMATS = "\n".join(f"  {name:<10} {what}" for name, what in FORMATS.items())


@click.command(
    "import",
    help=f"""Make watchlists of FILE, which is of another program.

\b
{_FORMATS}

The format is detected; --format overrides it. Every list, group or section becomes a
watchlist file in your folder of watchlists; no file that is there is changed. Several lots of a stock become one
position at their average cost, fees included. Known stocks get their names.

Everything that is not kept is reported as `file:line: what`. Exit status: 0 when a stock was imported, 1 when none was.
""",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="Put everything into one list called NAME.")
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), help="The format of FILE.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.pass_context
def import_lists(context: click.Context, file: Path, name: str | None, kind: str | None, dry_run: bool) -> None:
    """Run the command."""
    if name is not None and (not name.strip() or control_in(name)):
        raise click.BadParameter("a list needs a name of printable characters", param_hint="--name")
    read = load_all(context.find_object(Flags) or Flags())
    directory = directory_of(read.watchlists.lists, load_commitments(bundled("seeds")).entities.values())
    imported = read_import(content_of(file), file, directory, kind=kind, name=name and name.strip())
    for problem in imported.problems:
        click.echo(str(problem), err=True)
    if imported.hint:
        click.echo(f"Symbols: {imported.hint}.", err=True)
    if not imported.lists:
        click.echo(f"{file}: no stock to import was found, read as {FORMATS[imported.kind]}", err=True)
        context.exit(1)
    writer = ListWriter(bundled("watchlists"), read.settings.watchlists or read.places.watchlists)
    for watchlist, path in _planned(imported, writer) if dry_run else _written(imported, writer):
        click.echo(f"{'would write' if dry_run else 'wrote'} {path}: {_summary_of(watchlist)}")


def content_of(path: Path, limit: int = TEXT_LIMIT) -> str:
    """The text of ``path`` of at most ``limit`` bytes in UTF-8, or in UTF-16 when it says so. Raises `FileError`."""
    try:
        content = read_bytes(path, limit)
    except OSError as error:
        raise FileError([Problem(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError([Problem(path, line, "not UTF-8 text: save the file as UTF-8")]) from None


def _planned(imported: Imported, writer: ListWriter) -> Iterator[tuple[Watchlist, Path]]:
    """Every list with the file it would be written into."""
    taken: set[str] = set()
    for watchlist in imported.lists:
        key = writer.free_key(watchlist.name, taken)
        taken.add(key)
        yield watchlist, writer.path_of(key)


def _written(imported: Imported, writer: ListWriter) -> Iterator[tuple[Watchlist, Path]]:
    """Write every list into a file of its own. Raises `EditError` when one cannot be written."""
    for watchlist in imported.lists:
        text = imported.text or f"{SCHEMA_LINE}\n{as_toml(replace(watchlist, order=None))}"
        with writer.writing():
            change = writer.create(watchlist.name, text)
        yield watchlist, change.path


def _summary_of(watchlist: Watchlist) -> str:
    stocks = len(watchlist.stocks)
    held = sum(stock.quantity is not None for stock in watchlist.stocks)
    summary = f"{stocks} stock{'s' * (stocks != 1)}"
    return f"{summary}, {held} with a position" if held else summary
