"""Files put in place whole, and only over what one has read: an edit made elsewhere in between is never lost.

All of it blocks. Whoever is killed at any moment leaves the old file or the new one.
"""

from __future__ import annotations

import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aiwatch.bounded import read_bytes

LOCK_FILE = ".aiwatch.lock"
"""The file by which several aiwatch processes take turns in a folder."""
LEFTOVER = ".aiwatch-new"
"""How the name ends of a file that is being written; one found later was left by somebody killed."""
PATIENCE = 5.0
"""Seconds to wait for another process that writes in the same folder."""


def read_or_none(path: Path) -> bytes | None:
    """The bytes of ``path``; ``None`` where there is no such file. Raises `OSError` for other trouble."""
    try:
        return read_bytes(path)
    except FileNotFoundError:
        return None


def put(path: Path, before: bytes | None, after: bytes | None) -> bool:
    """Put ``after`` where ``before`` was read; ``None`` is no file. Returns false, and changes nothing, when something
    else is there by now. Raises `OSError` when it cannot be written, and leaves the old file.

    A link is followed to the file it leads to, whose permissions stay.
    """
    if after is None:
        return _remove(path, before)
    if before is None:
        return _create(path, after)
    target = path.resolve()
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only", str(path))
    new = written_beside(target, after, stat.S_IMODE(target.stat().st_mode))
    try:
        if read_or_none(target) != before:
            return False
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
    _flush_folder(target.parent)
    return True


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of ``folder``, which is made if need be, and sweep up what a killed process left in it.

    Raises `TimeoutError` when another process keeps it, `OSError` when the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait_for(handle)
        for path in folder.glob(f".*{LEFTOVER}"):
            path.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def _create(path: Path, data: bytes) -> bool:
    new = written_beside(path, data, 0o644)
    try:
        path.hardlink_to(new)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links: the name is taken first, then filled
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            return False
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    _flush_folder(path.parent)
    return True


def _remove(path: Path, before: bytes | None) -> bool:
    if read_or_none(path) != before:
        return False
    path.unlink()
    _flush_folder(path.parent)
    return True


def written_beside(path: Path, data: bytes, mode: int) -> Path:
    """A new file beside ``path`` with ``data`` in it, safe on disk, to be moved over ``path``. Raises `OSError`, and
    then leaves nothing."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}{LEFTOVER}")
    try:
        with new.open("xb") as file:
            new.chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    return new


def _flush_folder(folder: Path) -> None:
    """Let a new name outlast a crash of the machine, where the system knows how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wait_for(handle: int) -> None:
    until = time.monotonic() + PATIENCE
    while not _try_lock(handle):
        if time.monotonic() > until:
            raise TimeoutError(0, "another aiwatch is writing there")
        time.sleep(0.01)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
