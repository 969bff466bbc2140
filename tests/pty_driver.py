"""aiwatch on a real terminal: a pseudo-terminal with a home of its own, whose output is waited for, never slept for."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAM = (sys.executable, "-m", "aiwatch")
SECONDS = 30.0
LEFT_SCREEN, CURSOR_SHOWN = b"\x1b[?1049l", b"\x1b[?25h"

_SEQUENCE = re.compile(rb"\x1b\[[0-9;?<>=:$]*[ -/]*[@-~]|\x1b\](?:22;\w*|52;c;[A-Za-z0-9+/=]*)\x07")
"""All that aiwatch itself sends: CSI sequences, the pointer's shape and the clipboard."""


class PseudoTerminal:
    """Runs ``command`` with a terminal as its streams; used with ``with``, which ends it. ``stdout`` goes elsewhere."""

    def __init__(
        self,
        home: Path,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        *,
        command: Sequence[str] = PROGRAM,
        stdout: int | None = None,
        size: tuple[int, int] = (120, 36),
    ) -> None:
        self._command = [*command, *arguments]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIWATCH_", "TEXTUAL"))}
        nowhere = {f"AIWATCH_{host}_URL": "http://127.0.0.1:9" for host in ("TENCENT", "SINA", "YAHOO", "ECB")}
        folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
        self._environment = {
            **clean,
            **nowhere,
            **folders,
            "AIWATCH_STREAM_URL": "ws://127.0.0.1:9",
            "HOME": str(home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **(environment or {}),
        }
        self._stdout = stdout
        self._size = size
        self.raw = b""
        """Every byte that was written to the terminal so far."""

    def __enter__(self) -> Self:
        self._outer, inner = pty.openpty()
        columns, lines = self._size
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process = subprocess.Popen(
            self._command,
            stdin=inner,
            stdout=inner if self._stdout is None else self._stdout,
            stderr=inner,
            env=self._environment,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(inner)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._outer)

    @property
    def text(self) -> str:
        """What was written, without the program's own sequences."""
        return _SEQUENCE.sub(b"", self.raw).decode("utf-8", "replace")

    @property
    def strange_bytes(self) -> set[int]:
        """Bytes that command a terminal and belong to no sequence of the program's own."""
        return {byte for byte in _SEQUENCE.sub(b"", self.raw) if byte < 0x20 or byte == 0x7F} - set(b"\r\n\a")

    def send(self, keys: bytes) -> None:
        """Type ``keys``, all at once."""
        os.write(self._outer, keys)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    def wait_for(self, words: str, seconds: float = SECONDS, *, after: int = 0) -> None:
        """Wait until ``words`` were written, counted from the byte ``after``."""
        seek = words.encode()
        self._read(lambda: seek in _SEQUENCE.sub(b"", self.raw[after:]), seconds)
        assert seek in _SEQUENCE.sub(b"", self.raw[after:]), f"{words!r} did not come: …{self.text[-1500:]}"

    def wait_for_bytes(self, sequence: bytes, seconds: float = SECONDS, *, after: int = 0) -> None:
        """Wait until ``sequence`` was written, counted from the byte ``after``."""
        self._read(lambda: sequence in self.raw[after:], seconds)
        assert sequence in self.raw[after:], f"{sequence!r} did not come: …{self.text[-1500:]}"

    def status(self, seconds: float = SECONDS) -> int:
        """The exit status, once the program has ended and all it wrote is read."""
        self._read(lambda: False, seconds)
        return self.process.wait(seconds)

    def _read(self, reached: object, seconds: float) -> None:
        assert callable(reached)
        end = time.monotonic() + seconds
        while not reached() and (left := end - time.monotonic()) > 0:
            if not select.select([self._outer], [], [], min(left, 0.2))[0]:
                if self.process.poll() is not None:
                    return
                continue
            try:
                piece = os.read(self._outer, 1 << 16)
            except OSError:  # the last process of the terminal has ended
                return
            self.raw += piece


def _take_terminal() -> None:
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):  # whoever runs the tests may ignore them
        signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
