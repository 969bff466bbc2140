"""Reads what a command needs from the user's files: settings, watchlists, ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.board.columns import BY_KEY
from aiwatch.config.loader import load_settings
from aiwatch.config.paths import Places, bundled, find_places
from aiwatch.config.settings import Flags, KeyRules, Settings, variables
from aiwatch.errors import FileError, OptionError, Problem, SettingError
from aiwatch.files.toml_document import Document, Parse, did_you_mean, parse_toml
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS, Stock
from aiwatch.watchlist.reader import WatchlistFolder, read_watchlists


class LoadedFiles(Struct, frozen=True):
    """The settings in force, where everything is, and every watchlist with the problems of those left out.

    ``problems`` are names in the settings that nothing has, which hinder nothing; ``looked_up`` are stocks to show that
    no file has.
    """

    settings: Settings
    places: Places
    watchlists: WatchlistFolder
    problems: tuple[Problem, ...] = ()
    looked_up: tuple[Stock, ...] = ()


def load_all(
    flags: Flags, key_rules: KeyRules | None = None, parse: Parse = parse_toml, scratch: Path | None = None
) -> LoadedFiles:
    """Read the settings and the watchlists, by ``parse``. A bad watchlist is left out with its problems.

    ``key_rules`` is what keys of the user's own are checked by; a command without a screen needs none. With
    ``scratch``, an empty folder, the user's lists and ledger are copied there and are used from there. Raises
    `FileError` or `SettingError` for settings that cannot be used.
    """
    places = find_places(os.environ)
    settings = load_settings(places.settings, os.environ, flags, key_rules, parse)
    if scratch is not None:
        from aiwatch.runtime.scratch import copied

        settings, places = copied(settings, places, scratch)
    lists = read_watchlists(*list_folders(settings, places), parse=parse, columns=BY_KEY)
    problems = []
    for wrong in wrong_names(settings, flags, os.environ, places, lists):
        if isinstance(wrong, SettingError):
            raise wrong
        problems.append(wrong)
    start = lists.find(settings.start_list)
    if start is not None:
        settings = replace(settings, start_list=start.key)
    return LoadedFiles(settings, places, lists, tuple(problems))


def wrong_names(
    settings: Settings, flags: Flags, environment: Mapping[str, str], places: Places, lists: WatchlistFolder
) -> Iterator[Problem | SettingError]:
    """The folder and the list that the settings name and that are not there: an error for what was typed or stands in
    the environment, a problem for what stands in the file."""
    folder, start = settings.watchlists, settings.start_list
    if folder is not None and not folder.is_dir():
        near = did_you_mean(folder.name, _folders_beside(folder))
        what = f"there is no folder {str(folder)!r}{near}"
        variable = variables()["watchlists"]
        origin, error = ("--watchlists", OptionError) if flags.watchlists is not None else (variable, SettingError)
        is_typed = flags.watchlists is not None or bool(environment.get(variable))
        hint = "Make the folder first, or name the one you mean."
        yield error(f"{origin}: {what}", hint=hint) if is_typed else _problem(places, "watchlists", what)
    is_left_out = any(problem.path.stem == start for problem in lists.problems)
    if start not in (ALL_LISTS, ALL_STOCKS) and lists.find(start) is None and not is_left_out:
        keys = [watchlist.key for watchlist in lists.lists]
        near = did_you_mean(start, keys)
        what = f"there is no watchlist {start!r}{near}"
        hint = "" if near else f"There are {', '.join(keys)}."
        is_typed = flags.start_list is not None
        yield OptionError(f"--list: {what}", hint=hint) if is_typed else _problem(places, "start_list", what)


def missing_list(name: str, folder: WatchlistFolder) -> str:
    """What to say of a watchlist called ``name`` that is none of ``folder``."""
    keys = [watchlist.key for watchlist in folder.lists]
    return f"no watchlist is called {name!r}; there are {', '.join(keys)}{did_you_mean(name, keys)}"


def _folders_beside(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.parent.iterdir() if path.is_dir()]
    except OSError:
        return []


def _problem(places: Places, key: str, what: str) -> Problem:
    try:
        line = Document.read(places.settings).line_of("", 0, key)
    except FileError:
        line = 1
    return Problem(places.settings, line, f"{key!r}: {what}")


def list_folders(settings: Settings, places: Places) -> tuple[Path, Path]:
    """The folders of watchlists, later ones over earlier: the bundled one, then the user's own."""
    return bundled("watchlists"), settings.watchlists or places.watchlists
