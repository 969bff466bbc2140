"""Reads what a command needs from the user's files: settings, watchlists, ledger."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from aiwatch.key_settings import KeyRules
from aiwatch.places import Places, find_places
from aiwatch.resources import bundled
from aiwatch.setting_reader import load_settings
from aiwatch.settings import Flags, Settings
from aiwatch.tables import Parse, parse_toml
from aiwatch.watchlist.files import WatchlistFolder, read_watchlists


def utc_now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


class Read(Struct, frozen=True):
    """The settings in force, where everything is, and every watchlist with the problems of those left out."""

    settings: Settings
    places: Places
    watchlists: WatchlistFolder


def read_all(
    flags: Flags, key_rules: KeyRules | None = None, parse: Parse = parse_toml, scratch: Path | None = None
) -> Read:
    """Read the settings and the watchlists, by ``parse``. A bad watchlist is left out with its problems.

    ``key_rules`` is what keys of the user's own are checked by; a command without a screen needs none. With
    ``scratch``, an empty folder, the user's lists and ledger are copied there and are used from there. Raises
    `FileError` or `SettingError` for settings that cannot be used.
    """
    places = find_places(os.environ)
    settings = load_settings(places.settings, os.environ, flags, key_rules, parse)
    if scratch is not None:
        from aiwatch.commands.scratch import copied

        settings, places = copied(settings, places, scratch)
    return Read(settings, places, read_watchlists(*list_folders(settings, places), parse=parse))


def list_folders(settings: Settings, places: Places) -> tuple[Path, Path]:
    """The folders of watchlists, later ones over earlier: the bundled one, then the user's own."""
    return bundled("watchlists"), settings.watchlists or places.watchlists
