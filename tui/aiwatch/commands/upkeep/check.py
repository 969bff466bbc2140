"""``aiwatch check``: everything wrong in watchlists, settings and ledger, each with its file and line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from aiwatch.board.columns import BY_KEY
from aiwatch.commands.upkeep.surroundings import variable_problems
from aiwatch.config.loader import load_settings
from aiwatch.config.paths import Places, bundled, find_places
from aiwatch.config.settings import Flags, Settings, settings_keys
from aiwatch.errors import AiwatchError, FileError, Problem
from aiwatch.files.toml_document import Document
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.schema import KEYS as LEDGER_KEYS
from aiwatch.runtime.load import wrong_names
from aiwatch.watchlist.format import LIST
from aiwatch.watchlist.reader import read_list_file, read_watchlists
from aiwatch.watchlist.schema import schema_text

_WHOLE_LEDGER = ("sources.toml", "commitments.toml")
"""Files that a folder has which is a ledger by itself and no addition to the bundled one."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option(
    "--schema",
    is_flag=False,
    flag_value="watchlist",
    type=click.Choice(("watchlist", "ledger")),
    help="Print the JSON Schema of watchlists, or of the ledger's files, for your editor, and check nothing.",
)
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], schema: str | None) -> None:
    """Check watchlists, settings and ledger, or the FILEs given.

    Prints `file:line: problem` for everything that is wrong, with exit status 1, or else one line of what was checked.
    """
    if schema:
        click.echo(schema_text(BY_KEY) if schema == "watchlist" else _ledger_schema(), nl=False)
        return
    try:
        inspection = Inspection(find_places(os.environ), os.environ, context.find_object(Flags) or Flags())
    except AiwatchError as error:
        raise click.ClickException(str(error)) from None
    if files:
        for path in files:
            inspection.check_file(path)
    else:
        inspection.check_everything()
    for problem in inspection.problems:
        click.echo("".join(character if character.isprintable() else "?" for character in problem))
    if inspection.problems:
        context.exit(1)
    click.echo(f"{', '.join(inspection.checked)}: no problem found")


def _ledger_schema() -> str:
    from aiwatch.ledger import json_schema  # asked for seldom

    return json_schema.schema_text((bundled("seeds") / "README.md").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Inspection:
    """What was checked, in words, and what was wrong, a line each."""

    places: Places
    environment: Mapping[str, str]
    flags: Flags
    checked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check_everything(self) -> None:
        """Check the settings and their variables, all watchlists and the ledger: those that ship and the user's own."""
        settings = Settings()
        self.problems += map(str, variable_problems(self.environment))
        with self._noting():
            settings = self._settings_of(self.places.settings, self.flags)
        self.checked.append("settings" if self.places.settings.exists() else "settings (all defaults)")
        folder = read_watchlists(bundled("watchlists"), settings.watchlists or self.places.watchlists, columns=BY_KEY)
        self._note(folder.problems)
        stocks = sum(len(watchlist.stocks) for watchlist in folder.lists)
        self.checked.append(f"{len(folder.lists)} watchlists with {stocks} stocks")
        for wrong in wrong_names(settings, self.flags, self.environment, self.places, folder):
            if isinstance(wrong, Problem):
                self._note([wrong])
            else:
                self.problems.append(str(wrong))
        with self._noting():
            ledger = load_ledger(bundled("seeds"), self.places.ledger)
            self.checked.append(f"ledger with {len(ledger.commitments)} commitments")

    def check_file(self, path: Path) -> None:
        """Check one file as what it is: settings, ledger or watchlist."""
        with self._noting():
            kind = kind_of(Document.read(path), self.places)
            self.checked.append(f"{path} ({kind})")
            if kind == "settings":
                self._settings_of(path, None)
            elif kind == "ledger":
                self._check_ledger_file(path)
            else:
                self._note(read_list_file(path, columns=BY_KEY).slips)

    def _settings_of(self, path: Path, flags: Flags | None) -> Settings:
        """The settings at ``path``; keys of the user's own that get in each other's way are noted."""
        from aiwatch.app import (
            KEY_RULES,
            keyboard_of,
        )  # needs the toolkit, which other commands do not

        settings = load_settings(path, self.environment, flags, KEY_RULES)
        self._note(keyboard_of(settings.keys).problems)
        return settings

    def _check_ledger_file(self, path: Path) -> None:
        """Check ``path`` together with the ledger it belongs to, and tell what is wrong in it first."""
        whole = all((path.parent / name).exists() for name in _WHOLE_LEDGER)
        beside_ours = path.resolve().parent == self.places.ledger.resolve()
        try:
            if whole:
                load_ledger(path.parent)
            else:
                load_ledger(bundled("seeds"), path.parent if beside_ours else path)
        except FileError as error:
            own = [problem for problem in error.problems if problem.path.resolve() == path.resolve()]
            self._note(own or error.problems)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except FileError as error:
            self._note(error.problems)
        except AiwatchError as error:
            self.problems.append(str(error))

    def _note(self, problems: Iterable[Problem]) -> None:
        self.problems += map(str, problems)


def kind_of(document: Document, places: Places) -> str:
    """What a file is: ``settings``, ``ledger`` or ``watchlist``; by its name, else by which keys it has most of."""
    path = document.path
    if path.name == places.settings.name or path.resolve() == places.settings.resolve():
        return "settings"
    setting_keys = {key.partition(".")[0] for key in settings_keys()}
    keys_by_kind = {"watchlist": set(LIST.names), "ledger": set(LEDGER_KEYS), "settings": setting_keys}
    return max(keys_by_kind, key=lambda kind: len(keys_by_kind[kind].intersection(document.data)))
