"""The progress bar of the commands that fetch many symbols: drawn where somebody watches, and nowhere else."""

from __future__ import annotations

import io
import signal
import socket
import sys
from pathlib import Path

import pytest

from aiwatch.commands.analysis.fetching import _progress
from aiwatch.runtime.output import opened_doors
from tests.pty_driver import CURSOR_SHOWN, PseudoTerminal


class Watched(io.StringIO):
    """Standard error at which a person looks, or not."""

    def __init__(self, is_watched: bool) -> None:
        super().__init__()
        self._is_watched = is_watched

    def isatty(self) -> bool:
        return self._is_watched


@pytest.mark.parametrize(("is_watched", "total", "is_drawn"), [(True, 3, True), (False, 3, False), (True, 1, False)])
def test_the_bar_reaches_the_terminal_as_a_bar(
    monkeypatch: pytest.MonkeyPatch, is_watched: bool, total: int, is_drawn: bool
) -> None:
    stream = Watched(is_watched)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "__stderr__", stream)
    with opened_doors(), _progress(total) as advance:
        for name in ("NVDA", "AMD"):
            advance(name)
    drawn = stream.getvalue()
    assert ("\x1b[" in drawn) is is_drawn, "what moves the cursor must not become a question mark"
    assert ("AMD" in drawn) is is_drawn
    assert "?[" not in drawn


@pytest.mark.parametrize(
    "name", ["SIGTERM", *(pytest.param(name, marks=pytest.mark.long) for name in ("SIGHUP", "SIGQUIT", "SIGINT"))]
)
def test_a_signal_gives_the_cursor_back(tmp_path: Path, name: str) -> None:
    """The bar hides it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hosts = {f"AIWATCH_{host}_URL": address for host in ("TENCENT", "SINA", "YAHOO")}
        hosts["AIWATCH_TENCENT_HISTORY_URL"] = address
        with PseudoTerminal(tmp_path, ["history", "--fetch", "liquid-cooling-rally"], hosts) as screen:
            screen.wait_for_bytes(b"\x1b[?25l")
            before = len(screen.raw)
            screen.signal(signal.Signals[name])
            assert screen.status() == 128 + signal.Signals[name]
            assert CURSOR_SHOWN in screen.raw[before:]
            assert "Interrupted: 0 of 4 are kept" in screen.text
