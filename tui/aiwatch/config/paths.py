"""Where aiwatch keeps its things: settings, watchlists, ledger, state, cache, log. Creates and reads nothing.

The only module that knows a wheel from a checkout: where the files that ship with aiwatch are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from aiwatch.errors import SettingError

APP = "aiwatch"
CONFIG_VARIABLE = "AIWATCH_CONFIG"
_PACKAGE = Path(__file__).resolve().parent.parent


class Places(Struct, frozen=True):
    """The files and folders of one user. None of them need exist.

    ``settings`` and ``log`` are files; ``watchlists`` and ``ledger`` the folders of the user's own lists and
    ledger entries; ``state`` the folder of what must outlive a run, ``cache`` of what need not.
    """

    settings: Path
    watchlists: Path
    ledger: Path
    state: Path
    cache: Path
    log: Path

    @property
    def archive(self) -> Path:
        """The file of what is kept from run to run."""
        return self.state / "archive.sqlite"

    @property
    def layout(self) -> Path:
        """The file of how the screen was left."""
        return self.state / "layout.json"

    @property
    def history(self) -> Path:
        """The file of past prices, which can be fetched again."""
        return self.cache / "history.sqlite3"

    @property
    def parsed(self) -> Path:
        """The file of what TOML texts were found to say."""
        return self.cache / "parsed.msgpack"

    @property
    def patterns(self) -> Path:
        """The file of what regular expressions were parsed to."""
        return self.cache / "patterns.msgpack"


def find_places(environment: Mapping[str, str]) -> Places:
    """The places of the user whose ``environment`` this is.

    ``AIWATCH_CONFIG`` names the settings file. ``XDG_CONFIG_HOME``, ``XDG_STATE_HOME`` and ``XDG_CACHE_HOME`` count on
    every platform when they are absolute; else the platform's own folders are taken, as platformdirs knows them.
    Raises `SettingError` when ``AIWATCH_CONFIG`` names the home of a user who has none.
    """
    from platformdirs import PlatformDirs  # not needed before a command runs

    own = PlatformDirs(APP, appauthor=False)
    config = _folder(environment, "XDG_CONFIG_HOME") or own.user_config_path
    state = _folder(environment, "XDG_STATE_HOME")
    named = environment.get(CONFIG_VARIABLE, "")
    return Places(
        settings=_named(named) if named else config / "config.toml",
        watchlists=config / "watchlists",
        ledger=config / "ledger",
        state=state or own.user_state_path,
        cache=_folder(environment, "XDG_CACHE_HOME") or own.user_cache_path,
        log=(state / "log" if state else own.user_log_path) / f"{APP}.log",
    )


def _folder(environment: Mapping[str, str], variable: str) -> Path | None:
    value = environment.get(variable, "")
    return Path(value) / APP if value and Path(value).is_absolute() else None


def _named(path: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError as error:
        raise SettingError(f"{CONFIG_VARIABLE}: {error}") from None


def bundled(name: str) -> Path:
    """The folder ``watchlists`` or ``seeds`` as it ships: inside the installed package, else in the checkout."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent.parent / name
