"""The command line's one door to the terminal: whatever is printed goes through it, click's own words too."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TextIO

from aiwatch.errors import AiwatchError
from aiwatch.files.bounded import printable

DRIVER_VARIABLE = "TEXTUAL_DRIVER"
BROWSER_DRIVER = "aiwatch.screens.browser_driver:BrowserDriver"
"""Textual's driver of a screen that the server of ``aiwatch web`` draws, which names it in `DRIVER_VARIABLE`: it writes
packets to standard output."""


def is_in_browser(environment: Mapping[str, str]) -> bool:
    """Whether the screen is drawn in a browser, as ``environment`` says: there is no terminal then."""
    return environment.get(DRIVER_VARIABLE) == BROWSER_DRIVER


class OutputLost(AiwatchError):
    """Standard output did not take what was printed. ``is_closed`` when its reader has gone."""

    title = "Standard output"

    def __init__(self, error: OSError) -> None:
        super().__init__(f"cannot be written: {error.strerror or error}")
        self.is_closed = error.errno == errno.EPIPE


class GuardedStream(io.TextIOWrapper):
    """A standard stream without the control characters of what is printed, and with ``?`` for what it cannot encode.

    Standard output raises `OutputLost` when it takes nothing more; errors that nobody can see are dropped.
    """

    def __init__(self, buffer: io.BufferedIOBase, encoding: str, *, is_error: bool, line_buffering: bool) -> None:
        # click writes past a stream that calls itself ASCII, so that one is narrowed here
        self._narrow = encoding if "".encode(encoding, "strict") == b"" and _is_ascii(encoding) else ""
        self._is_error = is_error
        super().__init__(
            buffer,  # type: ignore[arg-type]
            encoding="utf-8" if self._narrow else encoding,
            errors="replace",
            line_buffering=line_buffering,
        )

    def write(self, text: str, /) -> int:
        """Write ``text``, cleaned; the number of its characters."""
        text = printable(text)
        if self._narrow:
            text = text.encode(self._narrow, "replace").decode(self._narrow)
        return self._guarded(lambda: super(GuardedStream, self).write(text)) or len(text)

    def flush(self) -> None:
        """Hand over what is buffered."""
        self._guarded(super().flush)

    def _guarded(self, act: object) -> int | None:
        try:
            return act()  # type: ignore[operator,no-any-return]
        except OSError as error:
            let_go(self)
            if self._is_error:
                return None
            raise OutputLost(error) from None


class _Closed(io.RawIOBase):
    """Stands for a standard output that was closed before aiwatch began."""

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@contextmanager
def opened_doors() -> Iterator[None]:
    """Let everything that is printed meanwhile go through the door."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _guarded_stream(before[0], is_error=False), _guarded_stream(before[1], is_error=True)
    doors = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for door in doors:
            if isinstance(door, GuardedStream):
                with suppress(OSError, ValueError, OutputLost):
                    door.detach()


def _guarded_stream(stream: TextIO | None, *, is_error: bool) -> TextIO:
    if isinstance(stream, GuardedStream) or (stream is not None and not hasattr(stream, "buffer")):
        return stream
    if stream is None:
        return GuardedStream(io.BufferedWriter(_Closed()), "utf-8", is_error=is_error, line_buffering=True)
    with suppress(OSError, ValueError):
        stream.flush()
    buffering = is_error or stream.isatty()
    return GuardedStream(stream.buffer, stream.encoding, is_error=is_error, line_buffering=buffering)  # type: ignore[arg-type]


def let_go(stream: TextIO) -> None:
    """Let what ``stream`` still holds go nowhere, so that the interpreter does not fail on it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def watched() -> TextIO | None:
    """Standard error as it is, without the door, where a person is watching: for a program of our own that moves the
    cursor. What comes from outside must be cleaned before it is written there. ``None`` where nobody watches."""
    stream = sys.__stderr__
    with suppress(OSError, ValueError):
        if stream is not None and stream.isatty():
            return stream
    return None


def progress(words: str) -> None:
    """Write ``words`` over the line of before, where a person is watching."""
    stream = watched()
    with suppress(OSError, ValueError):
        if stream is not None:
            stream.write(f"\r{printable(words)}")
            stream.flush()


def _is_ascii(encoding: str) -> bool:
    import codecs

    return codecs.lookup(encoding).name == "ascii"
