"""A program under a pseudo-terminal of 160 by 45 cells, for the benches: its output is read away and can be seen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

COLUMNS, LINES = 160, 45

_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?>=$]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9])")
_END_TIMEOUT = 5.0


class Terminal:
    """Runs ``command`` with its terminal as all three of its streams; used with ``with``, which ends the program.

    ``environment`` is the whole environment but for the terminal's own variables.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.count = 0
        """Bytes that the program has written so far."""
        self.written = bytearray()
        """What the program has written so far, escape sequences and all; the last of it once it is much."""

    def __enter__(self) -> Self:
        self._end, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            self._command, stdin=inner, stdout=inner, stderr=inner, env=self._environment, start_new_session=True
        )
        os.close(inner)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                self.read_until(lambda: False, _END_TIMEOUT)
                self.process.kill()
            self.process.wait()
        finally:
            os.close(self._end)

    @property
    def text(self) -> str:
        """What the program has written, without escape sequences."""
        return _ESCAPES.sub(b"", bytes(self.written)).decode("utf-8", "replace")

    def press(self, keys: bytes) -> None:
        """Type ``keys``."""
        os.write(self._end, keys)

    def has_more(self) -> bool:
        """Whether the program has written something that is not read yet."""
        return bool(select.select([self._end], [], [], 0)[0])

    def read_some(self, most: int, seconds: float) -> None:
        """Read at most so many bytes, once; wait at most so long for them."""
        if select.select([self._end], [], [], seconds)[0]:
            self._take(os.read(self._end, most))

    def _take(self, piece: bytes) -> None:
        self.count += len(piece)
        self.written += piece
        del self.written[: -(1 << 20)]

    def read_until(self, reached: Callable[[], bool], seconds: float) -> bool:
        """Read until ``reached`` says so after a piece; ``False`` when the time or the program ends before."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if not select.select([self._end], [], [], min(left, 0.25))[0]:
                if self.process.poll() is not None:
                    return False
                continue
            try:
                piece = os.read(self._end, 1 << 16)
            except OSError:  # the last process of the terminal has ended
                return False
            if not piece:
                return False
            self._take(piece)
            if reached():
                return True
        return False
