"""``aiwatch ledger diff``, ``import``, ``add`` and ``map``."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar

import click

from aiwatch.commands.commitments.ledger import own_ledger
from aiwatch.commands.import_lists import content_of
from aiwatch.commands.tables import as_json, flat
from aiwatch.config.paths import bundled, find_places
from aiwatch.errors import EditError, FileError, Problem
from aiwatch.files import atomic
from aiwatch.files.bounded import TEXT_LIMIT, in_one_line, mapped, printable, read_bytes
from aiwatch.ledger import export
from aiwatch.ledger.imports.answers import Answers, WrongAnswer, read_address, read_amount, read_text
from aiwatch.ledger.imports.compute_atlas import read_compute_atlas
from aiwatch.ledger.imports.csv_rows import read_csv
from aiwatch.ledger.imports.draft import Draft, clean
from aiwatch.ledger.imports.epoch import read_epoch
from aiwatch.ledger.imports.own_files import Written, add_record, is_part, part_path, parts_of, write_all
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import BINDINGS, KINDS, SOURCE_KINDS, Ledger
from aiwatch.ledger.reports import editions, graph

T = TypeVar("T")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TABLE_LIMIT = 64 * 2**20
"""Bytes of a table that is imported: many times what those of today have."""
EDITION_LIMIT = 64 * 2**20
"""Bytes of an edition of the ledger, which says every field of every record: 20,000 of them."""
_OTHERS = "it is no part of an import, --name takes another name"
_TIMELINES = "data_center_timelines.csv"


@click.command("map")
@click.option("--mermaid", "form", flag_value="mermaid", help="As a Mermaid flowchart (the default).")
@click.option("--dot", "form", flag_value="dot", help="As a Graphviz digraph.")
@click.option("--json", "form", flag_value="json", help="As JSON: nodes and edges.")
def map_command(form: str | None) -> None:
    """Print who pays whom as a graph: equity, services, chips, guarantees, and what suppliers get, which is unknown."""
    read = own_ledger()
    if form == "json":
        click.echo(json.dumps(graph.as_values(read), ensure_ascii=False, indent=2))
    else:
        click.echo(graph.as_dot(read) if form == "dot" else graph.as_mermaid(read), nl=False)


@click.command("diff")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE, required=False)
@click.option("--json", "as_values", is_flag=True, help="Print JSON.")
def diff_command(old: Path, new: Path | None, as_values: bool) -> None:
    """Say what changed from the edition OLD to NEW, or to the ledger as it is: added, removed, slipped, cancelled,
    verified, changed.

    Editions are what `aiwatch ledger --json` printed.
    """
    before = _edition(old)
    after = _edition(new) if new else editions.edition(_rows(own_ledger()))
    changes = editions.changes(before, after)
    if as_values:
        click.echo(printable(as_json([_change_row(change) for change in changes])), nl=False)
        return
    for change in changes:
        click.echo(in_one_line(f"{change.kind:<9} {change.id}  {change.about}"))
        for name, was, now in change.fields:
            click.echo(in_one_line(f"          {name}: {flat(was) or 'nothing'} → {flat(now) or 'nothing'}"))
    if not changes:
        click.echo("Nothing changed.")


def _rows(read: Ledger) -> list[dict[str, Any]]:
    return [export.commitment(read, record) for record in read.commitments.values()]


def _edition(path: Path) -> dict[str, Mapping[str, Any]]:
    """The commitments of an edition. Raises `click.ClickException` when the file is none."""
    body = _bytes_of(path, EDITION_LIMIT)
    try:
        return editions.edition(json.loads(body))
    except Exception as error:  # whatever it holds, it is no edition
        line = getattr(error, "lineno", 1)
        raise click.ClickException(
            f"{path}:{line}: no edition of the ledger; make one with `aiwatch ledger --json`"
        ) from None


def _change_row(change: editions.Change) -> dict[str, Any]:
    fields = {name: {"old": was, "new": now} for name, was, now in change.fields}
    return {"change": change.kind, "id": change.id, "about": change.about, "fields": fields}


@click.command("import")
@click.argument("form", type=click.Choice(("epoch", "compute-atlas", "csv")), metavar="FORMAT")
@click.argument("file", type=_FILE)
@click.option("--timelines", type=_FILE, help=f"Epoch's {_TIMELINES}; the one beside FILE when it is there.")
@click.option(
    "--retrieved", type=click.DateTime(["%Y-%m-%d"]), help="Day on which FILE was fetched; its own when left out."
)
@click.option("--name", help="Name of the file to write, without .toml.")
@click.option("--replace", is_flag=True, help="Write over the file of an earlier import.")
@click.option("--dry-run", is_flag=True, help="Print the file instead of writing it.")
def import_command(
    form: str,
    file: Path,
    timelines: Path | None,
    retrieved: datetime.datetime | None,
    name: str | None,
    replace: bool,
    dry_run: bool,
) -> None:
    """Make a ledger file of your own from FILE.

    FORMAT is `epoch` (Epoch AI's data_centers.csv), `compute-atlas` (its JSON) or `csv` (a header row named as the keys
    of a commitment). Nothing is fetched; who made the table is named in every record.
    """
    day = retrieved.date() if retrieved else _day_of(file)
    draft = _read(form, file, timelines, day, load_ledger(bundled("seeds")))
    for problem in draft.problems:
        click.echo(f"{file}:{problem}", err=True)
    if not draft.count("commitment"):
        raise click.ClickException(f"{file}: no record to import, read as {form}")
    head = f"Made from {clean(file.name)} by `aiwatch ledger import {form}`."
    if dry_run:
        click.echo(draft.as_toml(head), nl=False)
        return
    path = find_places(os.environ).ledger / f"{name or (form if form != 'csv' else file.stem)}.toml"
    paths = _put(path, draft.as_files(head), over=replace)
    where = f"{len(paths)} files, {paths[0]} to {paths[-1].name}" if len(paths) > 1 else str(path)
    click.echo(f"{draft.count('commitment')} records written to {where}")


def _read(form: str, file: Path, timelines: Path | None, day: datetime.date, read: Ledger) -> Draft:
    """The records that ``file`` makes beside those of ``read``. Raises `FileError` or `click.ClickException`."""
    entities = read.entities.values()
    text = content_of(file, TABLE_LIMIT)
    with mapped(lambda why: FileError([Problem(file, 1, f"no table to import: {why}")])):
        if form == "epoch":
            beside = file.with_name(_TIMELINES)
            times = timelines or (beside if beside.is_file() else None)
            return read_epoch(text, content_of(times, TABLE_LIMIT) if times else "", day, entities)
        return read_compute_atlas(text, day, entities) if form == "compute-atlas" else read_csv(text, read.sources)


def _bytes_of(path: Path, limit: int = TEXT_LIMIT) -> bytes:
    try:
        return read_bytes(path, limit)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror or error}") from None


def _day_of(path: Path) -> datetime.date:
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC).date()


def _put(path: Path, texts: Sequence[str], *, over: bool) -> list[Path]:
    """Write ``texts`` to ``path`` and to as many files beside it as are needed, if the ledger with them is right; else
    leave everything as it was. What an earlier, longer import left is taken away. Returns where they are; raises
    `click.ClickException` with every problem."""
    paths = [part_path(path, number) for number in range(1, len(texts) + 1)]
    before = {each: _present(each) for each in paths}
    for each, content in before.items():
        if content is not None and not (over and (each == path or is_part(content))):
            how = "--replace writes over it, --name takes another name" if each == path or is_part(content) else _OTHERS
            raise click.ClickException(f"{each} is there already: {how}")
    if over:
        before |= {part: _present(part) for part in parts_of(path) if part not in before}
    after = [*(text.encode() for text in texts), *repeat(None, len(before) - len(texts))]
    with _problems_shown():
        write_all(
            bundled("seeds"), path.parent, [Written(*file) for file in zip(before, before.values(), after, strict=True)]
        )
    return paths


def _present(path: Path) -> bytes | None:
    """What is in ``path`` now; ``None`` without a file. Raises `click.ClickException` when it cannot be read."""
    try:
        return atomic.read_or_none(path)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror or error}") from None


@contextmanager
def _problems_shown() -> Iterator[None]:
    """What keeps a file from being written becomes a message of the command."""
    try:
        yield
    except EditError as error:
        raise click.ClickException(f"{error}{f': {error.hint}' if error.hint else ''}") from None


def _read_by(read: Callable[[str], T]) -> Callable[[click.Context, click.Parameter, str], T]:
    """What click asks for a value: ``read`` of it, or its words on why it is none. One that was typed at a prompt click
    asks for a second time, when it has been read already."""

    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> T:
        if not isinstance(value, str):
            read_already: T = value
            return read_already
        try:
            return read(value)
        except WrongAnswer as wrong:
            raise click.BadParameter(str(wrong)) from None

    return callback


@click.command("add")
@click.option("--url", prompt="Address of the source", callback=_read_by(read_address), help="Where it is said.")
@click.option(
    "--date", "day", prompt="Its date (2026-11-27)", type=click.DateTime(["%Y-%m-%d"]), help="When it was said."
)
@click.option("--title", prompt="Its title", callback=_read_by(read_text), help="Title of the source.")
@click.option(
    "--source-kind", prompt="Kind of source", type=click.Choice(SOURCE_KINDS[1:]), help="What kind of source it is."
)
@click.option(
    "--kind",
    prompt="Kind of commitment",
    type=click.Choice(KINDS),
    metavar="KIND",
    help=f"What kind of commitment it is: {', '.join(KINDS)}.",
)
@click.option("--from", "payer", prompt="Who pays", callback=_read_by(read_text), help="Who pays, as printed.")
@click.option(
    "--to",
    "recipient",
    prompt="Who or what is paid",
    callback=_read_by(read_text),
    help="Who or what is paid, as printed.",
)
@click.option(
    "--amount",
    prompt="Amount in whole units (empty: not stated)",
    default="",
    callback=_read_by(read_amount),
    help="The sum.",
)
@click.option(
    "--currency",
    prompt="Currency (empty: none)",
    default="",
    callback=_read_by(clean),
    help="Its ISO code, such as USD.",
)
@click.option(
    "--status",
    prompt="Status, as printed",
    callback=_read_by(read_text),
    help="announced, contracted, spent and so on.",
)
@click.option("--qualifier", default="", callback=_read_by(clean), help="Word that goes with the sum: over, planned.")
@click.option("--binding", default="", type=click.Choice(BINDINGS), help="How far it binds.")
@click.option("--note", default="", callback=_read_by(clean), help="What else a reader should know.")
def add_command(day: datetime.datetime, url: str, **answers: Any) -> None:
    """Write a record of your own: asks for the address and the date first, then for the rest."""
    with _problems_shown():
        own = find_places(os.environ).ledger
        written = add_record(bundled("seeds"), own, Answers(address=url, day=day.date(), **answers))
    click.echo(f"{written.id} written to {written.path}")
