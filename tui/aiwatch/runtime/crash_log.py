"""The log: what a run that died of a fault of aiwatch itself leaves to mend it by. Small, private, rotating."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 256 * 1024
"""How large the log may grow before it is put aside as ``aiwatch.log.1``, in place of an earlier one."""
MOST_ENTRY = 64 * 1024
"""Characters of one entry at most; of a longer one the beginning and the end are kept."""


def log_path() -> Path | None:
    """The file that `aiwatch paths` names as the log; ``None`` where it cannot be known."""
    from aiwatch.config.paths import find_places

    try:
        return find_places(os.environ).log
    except Exception:  # the log is the last resort: whatever fails here must not hide what is to be logged
        return None


def log_failure(error: BaseException) -> Path | None:
    """Write the traceback of ``error`` to the log; its path, or ``None`` when it could not be written."""
    import traceback

    return log_text("".join(traceback.format_exception(error)))


def log_text(text: str) -> Path | None:
    """Write ``text`` to the log under the present time; its path, or ``None`` when it could not be written."""
    from datetime import UTC, datetime

    from aiwatch import __version__
    from aiwatch.files.bounded import printable

    path = log_path()
    if path is None:
        return None
    if len(text) > MOST_ENTRY:
        text = f"{text[: MOST_ENTRY // 2]}\n[…]\n{text[-MOST_ENTRY // 2 :]}"
    entry = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} aiwatch {__version__}\n{printable(text).rstrip()}\n\n"
    try:
        _append(path, entry.encode("utf-8", "replace"))
    except OSError:
        return None
    return path


def log_damage(path: Path) -> str:
    """Why nothing can be written to the log at ``path``, in a few words; empty when it can.

    Its folder is not looked at.
    """
    try:
        kind = path.lstat()
    except OSError:  # not there yet, or its folder is at fault
        return ""
    if not stat.S_ISREG(kind.st_mode):
        return "is no regular file"
    return "" if os.access(path, os.W_OK) else "cannot be written to"


def _append(path: Path, entry: bytes) -> None:
    """Add ``entry`` to the regular file at ``path``, readable by its owner alone; a full one is put aside first.

    Raises `OSError`, also for what is no regular file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        kind = path.lstat()
        if not stat.S_ISREG(kind.st_mode):
            raise OSError(f"{path} is no regular file")
        if kind.st_size + len(entry) > MOST_BYTES:
            _put_aside(path, MOST_BYTES - len(entry))
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "ab") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)
        file.write(entry)


def _put_aside(path: Path, most: int) -> None:
    """Put the log at ``path`` aside where it is still larger than ``most`` bytes: another process that came to the same
    end may have done so meanwhile, and its new log must not take the place of the old one."""
    from aiwatch.files.atomic import locked

    with suppress(OSError), locked(path.parent):  # where nobody gets a turn, it grows on
        if path.lstat().st_size > most:
            path.replace(path.with_name(f"{path.name}.1"))
