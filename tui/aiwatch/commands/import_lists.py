"""``aiwatch import``: the lists of another program as watchlists of one's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import click

from aiwatch.commands.reading import read_all
from aiwatch.errors import FileError, Problem
from aiwatch.known_stocks import directory_of
from aiwatch.ledger.loader import load_commitments
from aiwatch.resources import bundled
from aiwatch.settings import Flags
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.exports import as_toml
from aiwatch.watchlist.imports import FORMATS, Imported, read_import
from aiwatch.whole_files import create_file

_FORMATS = "\n".join(f"  {name:<10} {what}" for name, what in FORMATS.items())
_LONGEST_KEY = 40


@click.command(
    "import",
    help=f"""Make watchlists of FILE, which is of another program.

\b
{_FORMATS}

What FILE is of is seen from its name and content; --format says it instead. Every list, group or section becomes a
watchlist file in your folder of watchlists; no file that is there is changed. Several lots of a stock become one
position at their average cost, fees included. Known stocks get their names.

Everything that is not kept is told as `file:line: what`. Exit status: 0 when a stock was imported, 1 when none was.
""",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="Put everything into one list called NAME.")
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), help="What FILE is of.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.pass_context
def import_lists(context: click.Context, file: Path, name: str | None, kind: str | None, dry_run: bool) -> None:
    """Run the command."""
    if name is not None and not (name.strip() and name.isprintable()):
        raise click.BadParameter("a list needs a name of printable characters", param_hint="--name")
    read = read_all(context.find_object(Flags) or Flags())
    directory = directory_of(read.watchlists.lists, load_commitments(bundled("seeds")).entities.values())
    imported = read_import(_content(file), file, directory, kind=kind, name=name and name.strip())
    for problem in imported.problems:
        click.echo(str(problem), err=True)
    if not imported.lists:
        click.echo(f"{file}: no stock to import was found, read as {FORMATS[imported.kind]}", err=True)
        context.exit(1)
    folder = read.settings.watchlists or read.places.watchlists
    keys = {watchlist.key.casefold() for watchlist in read.watchlists.lists}
    for watchlist in imported.lists:
        path = _planned(watchlist, folder, keys) if dry_run else _written(imported, watchlist, folder, keys)
        keys.add(path.stem.casefold())
        click.echo(f"{'would write' if dry_run else 'wrote'} {path}: {_told(watchlist)}")


def _content(path: Path) -> str:
    """The text of ``path`` in UTF-8, or in UTF-16 when it says so. Raises `FileError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError([Problem(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError([Problem(path, line, "not UTF-8 text: save the file as UTF-8")]) from None


def _free_keys(watchlist: Watchlist, keys: Collection[str]) -> Iterator[str]:
    """Keys made of the list's name that no list has, the plain one first."""
    words = re.sub(r"[^\w]+", "-", watchlist.name.casefold()).strip("-_")[:_LONGEST_KEY] or "imported"
    for number in count(1):
        key = words if number == 1 else f"{words}-{number}"
        if key not in keys:
            yield key


def _planned(watchlist: Watchlist, folder: Path, keys: Collection[str]) -> Path:
    paths = (folder / f"{key}.toml" for key in _free_keys(watchlist, keys))
    return next(path for path in paths if not path.exists())


def _written(imported: Imported, watchlist: Watchlist, folder: Path, keys: Collection[str]) -> Path:
    """Write ``watchlist`` into ``folder`` under a free name. Raises `FileError` when that fails."""
    text = imported.text or as_toml(replace(watchlist, order=None))
    for key in _free_keys(watchlist, keys):
        path = folder / f"{key}.toml"
        try:
            create_file(path, text)
        except FileExistsError:
            continue
        except OSError as error:
            raise FileError([Problem(path, 1, f"cannot be written: {error.strerror or error}")]) from None
        return path
    raise AssertionError("there is always another number")


def _told(watchlist: Watchlist) -> str:
    stocks = len(watchlist.stocks)
    held = sum(stock.quantity is not None for stock in watchlist.stocks)
    told = f"{stocks} stock{'s' * (stocks != 1)}"
    return f"{told}, {held} with a position" if held else told
