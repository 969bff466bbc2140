"""Scratch copies of a person's own files, for a screen whose prices are not the market's: nothing of it is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec.structs import replace

from aiwatch.config.paths import Places
from aiwatch.config.settings import Settings
from aiwatch.errors import FileError, Problem
from aiwatch.files.atomic import is_locked, locked
from aiwatch.files.bounded import read_bytes

PREFIX = "aiwatch-scratch-"
"""How the names of the temporary folders begin."""
_LISTS, _LEDGER = "watchlists", "ledger"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder that nobody else may read, gone on leaving.

    Those of runs that were killed go then too: looking for them takes longer than all else here, and what comes before
    the first paint is waited for. Raises `FileError` when it cannot be made.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    except OSError as error:
        why = f"no folder for scratch copies can be made: {error.strerror or error}; TMPDIR names another place"
        raise FileError([Problem(Path(error.filename or "TMPDIR"), 1, why)]) from None
    try:
        with locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _sweep(folder.parent)


def copied(settings: Settings, places: Places, folder: Path) -> tuple[Settings, Places]:
    """``settings`` and ``places`` with the lists and the ledger below ``folder``, where copies of them now stand.

    A file that cannot be copied stands there as a link to itself, so that its reader says what is wrong with it.
    Raises `FileError` for such a file where Windows allows no links.
    """
    _copy(settings.watchlists or places.watchlists, folder / _LISTS)
    _copy(places.ledger, folder / _LEDGER)
    return replace(settings, watchlists=None), replace(places, watchlists=folder / _LISTS, ledger=folder / _LEDGER)


def _copy(source: Path, target: Path) -> None:
    """Copy the TOML files of the folder ``source``; a folder that cannot be listed is linked to in place of a copy."""
    try:
        files = [path for path in source.iterdir() if path.suffix == ".toml"]
    except FileNotFoundError:
        files = []
    except OSError:
        _link(target, source)
        return
    target.mkdir()
    for path in files:
        copy = target / path.name
        try:
            copy.write_bytes(read_bytes(path))
        except OSError:
            copy.unlink(missing_ok=True)
            _link(copy, path)


def _link(copy: Path, source: Path) -> None:
    """Let ``copy`` lead to ``source``, which cannot be copied. Raises `FileError` where links are not allowed."""
    try:
        copy.symlink_to(source.absolute())
    except OSError as error:
        why = f"cannot be copied for a screen that keeps nothing: {error.strerror or error}"
        raise FileError([Problem(source, 1, why)], hint="Give yourself the right to read it.") from None


def _sweep(root: Path) -> None:
    """Remove the folders of runs that ended without doing so: those that nobody holds the lock of."""
    for folder in root.glob(f"{PREFIX}*"):
        with suppress(OSError):
            mine = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
            if mine and folder.is_dir() and not folder.is_symlink() and not is_locked(folder):
                shutil.rmtree(folder, ignore_errors=True)
