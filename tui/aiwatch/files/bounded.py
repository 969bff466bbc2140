"""Bytes from outside, read within bounds and with one kind of error; and what of their characters is text.

A reader that lists the exceptions it expects meets another one day. So whatever is raised while foreign bytes are read
becomes the one error that names their file or host, and no file is waited for or read without an end.

A character is no text when a terminal, a log or a reader's eye could be led astray by it.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiwatch.errors import AiwatchError

TEXT_LIMIT = 4 * 2**20
"""Bytes of a file that a person writes: settings, a watchlist, the ledger, another program's list."""

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (RecursionError, "nested too deeply"),
    (MemoryError, "too large"),
    (UnicodeDecodeError, "not UTF-8 text"),
    (EOFError, "cut short"),
    (OverflowError, "a number or a time that is out of range"),
)
_LONGEST_REASON = 200


def open_regular(path: Path) -> int:
    """A descriptor to read the regular file ``path``; whatever is there, opening it never waits.

    Raises `OSError` when it cannot be opened, and for a folder, named pipe, device or socket.
    """
    require_regular(path, path.stat().st_mode)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        require_regular(path, os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def require_regular(path: Path, mode: int) -> None:
    """Raise `OSError` naming what ``path`` is, unless ``mode`` (of its `os.stat`) is that of a regular file."""
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    kind = _KINDS.get(stat.S_IFMT(mode), "something else")
    raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))


def read_bytes(path: Path, limit: int = TEXT_LIMIT) -> bytes:
    """All bytes of the regular file ``path``. Raises `OSError` as `open_regular` does, and for more than ``limit``."""
    descriptor = open_regular(path)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        size = os.fstat(descriptor).st_size
        data = bytearray()
        while size <= limit and (piece := file.read(min(2**20, limit + 1 - len(data)))):
            data += piece
            size = max(size, len(data))
    if size > limit:
        bound = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit} bytes"
        raise OSError(errno.EFBIG, f"it is larger than {bound}", str(path))
    return bytes(data)


def reason_of(error: Exception) -> str:
    """Why bytes could not be read, in a few printable words, whatever was raised."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    text = f"lacks {error}" if isinstance(error, KeyError) else str(error)[: 2 * _LONGEST_REASON]
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return plain[:_LONGEST_REASON] or type(error).__name__


@contextmanager
def mapped(refusal: Callable[[str], AiwatchError]) -> Iterator[None]:
    """Raise ``refusal`` of the reason in place of any exception that is not one of aiwatch's own."""
    try:
        yield
    except AiwatchError:
        raise
    except Exception as error:
        raise refusal(reason_of(error)) from error


_NOT_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the order of the letters behind it round, so that a text reads as another."""

REPLACEMENT = "?"
"""Stands for a character that must not reach a terminal; as wide as one, so that columns stay in line."""


class Replacements(dict[int, int | str | None]):
    """A table for `str.translate` that puts `REPLACEMENT` for what is no text, by which a terminal is commanded, lines
    are forged or nothing can be encoded; tabs, ends of lines and what it is made with aside. It learns of a character
    when it meets the first."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        entry: int | str = code if character in "\t\n" or is_text(character) else REPLACEMENT
        self[code] = entry
        return entry


_REPLACEMENTS = Replacements()
_TO_SPACES = {ord("\t"): " ", ord("\n"): " "}


def is_text(character: str) -> bool:
    """Whether ``character`` is part of a text on one line: letters of any script, signs, spaces, emoji and what joins
    or varies them. Control characters, line ends and what reorders a line are not."""
    return character.isprintable() or (unicodedata.category(character) not in _NOT_TEXT and character not in _ORDERING)


def control_in(text: str) -> str:
    """The first character of ``text`` that is no text; empty when there is none."""
    return "" if text.isprintable() else next((each for each in text if not is_text(each)), "")


def one_line(text: str) -> str:
    """``text`` on one line, and only what is text of it."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(filter(is_text, line))


def printable(text: str) -> str:
    """``text`` with `REPLACEMENT` for what a terminal must not be given; tabs and ends of lines stay."""
    return text.translate(_REPLACEMENTS)


def in_one_line(text: str) -> str:
    """``text`` as `printable` gives it, with spaces for tabs and ends of lines."""
    return text if text.isprintable() else printable(text).translate(_TO_SPACES)
