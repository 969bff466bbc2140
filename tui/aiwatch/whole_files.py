"""Files that are there whole or not at all: written beside their place, flushed to the disk, then put into it."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path


def create_file(path: Path, text: str) -> None:
    """Make the file ``path`` of ``text`` in UTF-8, and the folders it needs.

    Raises `FileExistsError` when something of that name is there, which is left as it is, and `OSError` when it cannot
    be written. Whoever is cut off leaves no half a file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, "its folder is a file", str(path.parent)) from None
    beside = _written_beside(path, text)
    try:
        _link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _written_beside(path: Path, text: str) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _link(beside: Path, path: Path) -> None:
    """Give ``beside`` the name ``path`` too, unless it is taken."""
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the name is taken first, then filled
        path.touch(exist_ok=False)
        beside.replace(path)


def _flush_folder(folder: Path) -> None:
    """Make a new name outlast a crash of the machine, where the system knows how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
