"""Files put in place whole, and only over what one has read: an edit made elsewhere in between is never lost.

All of it blocks. A process that is killed at any moment leaves the old file or the new one.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from aiwatch.files.bounded import read_bytes

LOCK_FILE = ".aiwatch.lock"
"""The file by which several aiwatch processes take turns in a folder."""
LEFTOVER = ".aiwatch-new"
"""How the name ends of a file that is being written; one found later was left by somebody killed."""
PATIENCE = 5.0
"""Seconds to wait for another process that writes in the same folder."""


class Form(Struct, frozen=True):
    """How a file lies in its folder: its permissions, and where it leads to if it is a symbolic link."""

    mode: int | None = None
    link: str = ""


def form_of(path: Path) -> Form:
    """How ``path`` lies there now; that of any new file where it is not, or cannot be looked at."""
    try:
        link = os.readlink(path) if path.is_symlink() else ""  # noqa: PTH115 (the text of the link itself)
        return Form(stat.S_IMODE(path.stat().st_mode), link)
    except OSError:
        return Form()


def read_or_none(path: Path) -> bytes | None:
    """The bytes of ``path``; ``None`` where there is no such file. Raises `OSError` for other trouble."""
    try:
        return read_bytes(path)
    except FileNotFoundError:
        return None


def put(path: Path, before: bytes | None, after: bytes | None, form: Form | None = None) -> bool:
    """Put ``after`` where ``before`` was read; ``None`` is no file. Returns false, and changes nothing, when something
    else is there by now. Raises `OSError` when it cannot be written, and leaves the old file.

    A link is followed to the file it leads to, whose permissions stay. A new file has those that the umask leaves, or
    lies as ``form`` says.
    """
    if after is None:
        return _remove(path, before)
    if before is None:
        return _create(path, after, form or Form())
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
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _wait_for(handle)
        for path in folder.glob(f".*{LEFTOVER}"):
            with suppress(OSError):  # what cannot be swept up is in nobody's way
                path.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def is_locked(folder: Path) -> bool:
    """Whether somebody holds the lock of ``folder``, or has yet to make it. Raises `OSError`."""
    try:
        handle = os.open(folder / LOCK_FILE, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all, whatever is there. Links and permissions stay as `put` says."""
    target = path.resolve()
    new = written_beside(target, data, form_of(target).mode)
    try:
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def _create(path: Path, data: bytes, form: Form) -> bool:
    if form.link:
        return _create_link(path, data, form)
    new = written_beside(path, data, form.mode)
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


def _create_link(path: Path, data: bytes, form: Form) -> bool:
    """Make a link anew, and what it leads to if that is gone too."""
    target = path.parent / form.link
    if not target.exists() and not _create(target, data, Form(form.mode)):
        return False
    try:
        path.symlink_to(form.link)
    except FileExistsError:
        return False
    _flush_folder(path.parent)
    return True


def _remove(path: Path, before: bytes | None) -> bool:
    if read_or_none(path) != before:
        return False
    path.unlink()
    _flush_folder(path.parent)
    return True


def written_beside(path: Path, data: bytes, mode: int | None = None) -> Path:
    """A new file beside ``path`` with ``data`` in it, safe on disk, to be moved over ``path``; its permissions are
    ``mode``, or what the umask leaves. Raises `OSError`, and then leaves nothing."""
    new = path.with_name(f".{path.name}.{os.urandom(4).hex()}{LEFTOVER}")
    try:
        with new.open("xb") as file:
            if mode is not None:
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
    with suppress(OSError):  # the file is in its place already: this is no reason to say that it is not
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
