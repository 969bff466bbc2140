"""The program under a real terminal, driven as a person drives it: bytes in, raw output out, no sleeping."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.bench.terminal import Terminal

PATIENCE = 60.0
"""Seconds after which something awaited will not come."""


class PtyDriver(Terminal):
    """Runs ``aiwatch`` with ``arguments`` in the home ``home``, which has nobody's files; ended by its process id."""

    def __init__(self, home: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AIWATCH_", "TEXTUAL", "XDG_"))
        }
        folders = {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("config", "state", "cache", "data")}
        super().__init__(
            [sys.executable, "-m", "aiwatch", *arguments],
            {**kept, "HOME": str(home), "USERPROFILE": str(home), **folders, **(environment or {})},
        )

    def send(self, keys: str | bytes) -> None:
        """Write ``keys`` at once: the program may read them in one piece."""
        os.write(self._end, keys.encode() if isinstance(keys, str) else keys)

    def wait_for(self, text: str, *, after: int = 0) -> None:
        """Read until ``text`` is in what was written after the first ``after`` characters; fails when it never is."""
        if text not in self.text[after:]:
            assert self.read_until(lambda: text in self.text[after:], PATIENCE), (
                f"{text!r} is not in {self.text[-4000:]}"
            )

    def wait_for_end(self) -> int:
        """Read until the program has ended, and return its exit status."""
        self.read_until(lambda: False, PATIENCE)
        return self.process.wait(PATIENCE)

    @property
    def is_alive(self) -> bool:
        """Whether the program runs."""
        try:
            self.process.wait(0)
        except subprocess.TimeoutExpired:
            return True
        return False
