"""The screen and its terminal: it wants one, and it does not outlive it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

import pytest

from aiwatch.runtime.terminal import BROWSER_DRIVER, DRIVER_VARIABLE, NoTerminal, _terminal_state, require_terminal

SCREEN = (sys.executable, "-m", "aiwatch")
PATIENCE = 20.0


def environment(home: object) -> dict[str, str]:
    """A private home, and hosts that nobody listens at."""
    nowhere = {f"AIWATCH_{host}_URL": "http://127.0.0.1:9" for host in ("TENCENT", "SINA", "YAHOO", "ECB")}
    return (
        os.environ | nowhere | {"HOME": str(home), "TERM": "xterm-256color", "AIWATCH_STREAM_URL": "ws://127.0.0.1:9"}
    )


def test_without_a_terminal_it_says_so_and_what_else_there_is(home: object) -> None:
    done = subprocess.run(
        SCREEN, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, env=environment(home)
    )
    assert done.returncode == 1
    assert "No terminal" in done.stderr
    assert "aiwatch quotes" in done.stderr
    assert done.stdout == ""


def test_when_the_terminal_goes_away_the_screen_ends(home: object) -> None:
    outer, inner = pty.openpty()
    screen = subprocess.Popen(
        SCREEN, stdin=inner, stdout=inner, stderr=inner, env=environment(home), start_new_session=True
    )
    try:
        os.close(inner)
        seen, end = b"", time.monotonic() + PATIENCE
        while b"Commitments" not in seen and time.monotonic() < end:
            if select.select([outer], [], [], 0.5)[0]:
                seen += os.read(outer, 65_536)
        assert b"Commitments" in seen
        os.close(outer)
        screen.wait(PATIENCE)
    finally:
        screen.kill()
        screen.wait()


def test_a_served_screen_needs_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stdin__", None)
    monkeypatch.setenv(DRIVER_VARIABLE, "textual.drivers.headless_driver:HeadlessDriver")
    with pytest.raises(NoTerminal):
        require_terminal()
    monkeypatch.setenv(DRIVER_VARIABLE, BROWSER_DRIVER)
    require_terminal()


def test_without_termios_there_is_no_state_to_bring_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "termios", None)
    assert _terminal_state() is None
