"""``aiwatch archive``: look after the file of what is kept from run to run."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from aiwatch.commands.group import NearestGroup
from aiwatch.config.paths import find_places
from aiwatch.errors import AiwatchError
from aiwatch.market.state import utc_now


@click.group(cls=NearestGroup)
def archive() -> None:
    """Check or prune the archive: last quotes, the day's ticks, rates, closes, sessions and alerts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at ``path``: its size in bytes, its version, the rows of each table, and what is wrong."""

    path: Path
    size: int
    version: int | None
    rows: dict[str, int]
    trouble: str


@archive.command()
@click.option("--json", "as_json", is_flag=True, help="Print an object: path, bytes, version, rows, trouble.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Say whether the archive is sound and what is in it. Changes nothing; exit status 1 when it cannot be used."""
    finding = examine(_path())
    if as_json:
        report = {
            "path": str(finding.path),
            "bytes": finding.size,
            "version": finding.version,
            "rows": finding.rows,
            "trouble": finding.trouble or None,
        }
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    elif finding.trouble:
        click.echo(finding.trouble)
    else:
        click.echo(f"{finding.path}: no problem found, version {finding.version}, {finding.size / 1000:.0f} kB")
        for name, count in finding.rows.items():
            click.echo(f"  {name:9} {count:8}")
    if finding.trouble:
        context.exit(1)


@archive.command()
@click.option("--json", "as_json", is_flag=True, help="Print an object: path, deleted rows, bytes before and after.")
@click.pass_context
def prune(context: click.Context, as_json: bool) -> None:
    """Delete what is too old to be of use, and give its room back. Exit status 1 when that cannot be done."""
    from aiwatch.archive.faults import fault_of, trouble_of
    from aiwatch.archive.schema import FutureVersion
    from aiwatch.archive.store import Store

    path = _path()
    if not path.exists():
        click.echo(_nothing(path))
        context.exit(1)
    before = path.stat().st_size
    try:
        with closing(Store.open(path)) as store:
            deleted = store.prune(utc_now())
            store.connection.execute("VACUUM")
    except (sqlite3.Error, OSError, FutureVersion) as error:
        click.echo(trouble_of(fault_of(error), error, path), err=True)
        context.exit(1)
    after = path.stat().st_size
    if as_json:
        report = {"path": str(path), "deleted": deleted, "bytes_before": before, "bytes_after": after}
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    click.echo(f"{path}: {deleted} rows deleted, {before / 1000:.0f} kB before, {after / 1000:.0f} kB now")


def examine(path: Path) -> Finding:
    """Read the file at ``path`` through, without changing it."""
    from aiwatch.archive.faults import fault_of, trouble_of
    from aiwatch.archive.schema import FutureVersion
    from aiwatch.archive.store import Store

    if not path.exists():
        return Finding(path, 0, None, {}, _nothing(path))
    size, trouble = 0, ""
    version: int | None = None
    rows: dict[str, int] = {}
    try:
        size = path.stat().st_size
        with closing(Store.look(path)) as store:
            version, rows = store.examine()
    except (sqlite3.Error, OSError, FutureVersion) as error:
        version = error.version if isinstance(error, FutureVersion) else None
        trouble = str(trouble_of(fault_of(error), error, path, reading=True))
    return Finding(path, size, version, rows, trouble)


def _nothing(path: Path) -> str:
    return f"There is no archive yet at {path}; the screen makes one when it is live."


def _path() -> Path:
    try:
        return find_places(os.environ).archive
    except AiwatchError as error:
        raise click.ClickException(str(error)) from None
