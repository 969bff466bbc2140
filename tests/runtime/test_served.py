"""The screen without a terminal, in a browser; and a terminal of a system without termios."""

from __future__ import annotations

import sys

import pytest

from aiwatch.runtime.terminal import NoTerminal, _terminal_state, require_terminal
from aiwatch.system.served_screen import BROWSER_DRIVER, DRIVER_VARIABLE


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
