"""Every way in and out of the screen: signals, stops, editors that cannot be run, terminals that cannot show it."""

from __future__ import annotations

import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from aiwatch.runtime.terminal import NoTerminal, require_placing
from tests.pty_driver import CURSOR_SHOWN, LEFT_SCREEN, PseudoTerminal

LONG = pytest.mark.long


@pytest.mark.parametrize(
    "name",
    [
        "SIGTERM",
        "SIGHUP",
        "SIGINT",
        "SIGUSR1",
        *(pytest.param(name, marks=LONG) for name in ("SIGQUIT", "SIGALRM")),
    ],
)
def test_a_signal_leaves_as_its_key_does(tmp_path: Path, name: str) -> None:
    number = signal.Signals[name]
    with PseudoTerminal(tmp_path) as screen:
        screen.wait_for("Commitments")
        screen.wait_for("quit")
        screen.send(b"2")
        before = len(screen.raw)
        screen.signal(number)
        assert screen.status() == 128 + number
        assert LEFT_SCREEN in screen.raw[before:]
        assert CURSOR_SHOWN in screen.raw[before:]
        assert "Traceback" not in screen.text


def test_what_the_layout_was_in_the_last_second_is_kept(tmp_path: Path) -> None:
    with PseudoTerminal(tmp_path) as screen:
        screen.wait_for("quit")
        before = len(screen.raw)
        screen.send(b"2")
        screen.wait_for("view", after=before)
        screen.signal(signal.SIGTERM)
        screen.status()
    assert '"panel": 2' in (tmp_path / "state" / "aiwatch" / "layout.json").read_text(encoding="utf-8")


def test_a_stop_gives_the_terminal_back_and_coming_back_draws_all_of_it(tmp_path: Path) -> None:
    with PseudoTerminal(tmp_path, ["demo"]) as screen:
        screen.wait_for("quit")
        for by_key in (False, True):
            before = len(screen.raw)
            if by_key:
                screen.send(b"\x1a")
            else:
                screen.signal(signal.SIGTSTP)
            screen.wait_for_bytes(CURSOR_SHOWN, after=before)
            _, status = os.waitpid(screen.process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            before = len(screen.raw)
            screen.signal(signal.SIGCONT)
            screen.wait_for("2 Commitments", after=before)
            screen.wait_for("quit", after=before)
        before = len(screen.raw)
        screen.signal(signal.SIGCONT)  # without a stop
        screen.wait_for("2 Commitments", after=before)
        screen.send(b"q")
        assert screen.status() == 0


@pytest.mark.parametrize(
    "editor",
    [
        "false",
        *(
            pytest.param(editor, marks=LONG)  # `test_external_editor` has what is said of each
            for editor in ("no-such-editor", "{home}/text", "{home}", "'open quote", "''")
        ),
    ],
)
def test_an_editor_that_cannot_be_run_leaves_the_screen(tmp_path: Path, editor: str) -> None:
    (tmp_path / "text").write_text("no program", encoding="utf-8")
    with PseudoTerminal(tmp_path, ["demo"], {"EDITOR": editor.format(home=tmp_path), "VISUAL": ""}) as screen:
        screen.wait_for("quit")
        before = len(screen.raw)
        screen.send(b"e")
        screen.wait_for("No editor", after=before)
        before = len(screen.raw)
        screen.send(b"2")
        screen.wait_for("view", after=before)
        screen.send(b"q")
        assert screen.status() == 0


@pytest.mark.parametrize("term", ["dumb", *(pytest.param(term, marks=LONG) for term in ("", "unknown"))])
def test_a_terminal_that_cannot_place_characters_is_refused(tmp_path: Path, term: str) -> None:
    with PseudoTerminal(tmp_path, ["demo"], {"TERM": term}) as screen:
        assert screen.status() == 1
        assert "TERM=xterm-256color" in screen.text
        assert b"\x1b" not in screen.raw


def test_windows_has_no_such_variable() -> None:
    require_placing({}, "win32")
    with pytest.raises(NoTerminal, match="TERM is not set"):
        require_placing({}, "linux")


def test_the_picture_is_not_drawn_beside_a_file(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as out, PseudoTerminal(tmp_path, ["demo"], stdout=out.fileno()) as screen:
        assert screen.status() == 1
        assert "standard output is no terminal" in screen.text
    assert (tmp_path / "out").read_text() == ""


@pytest.mark.parametrize(
    "arguments",
    [[], ["quotes", "NVDA"], *(pytest.param(words, marks=LONG) for words in (["demo"], ["--list", "chips"]))],
)
def test_an_interrupt_while_starting_is_told_in_a_word(tmp_path: Path, arguments: list[str]) -> None:
    script = (
        "import sys, aiwatch.cli as cli\ncatch = cli._catch_interrupts\n"
        "def ready(): catch(); sys.stderr.write('ready'); sys.stderr.flush()\n"
        "cli._catch_interrupts = ready\ncli.main()"
    )
    with PseudoTerminal(tmp_path, arguments, command=(sys.executable, "-c", script)) as screen:
        screen.wait_for("ready")
        screen.signal(signal.SIGINT)
        assert screen.status() == 130
        assert "Traceback" not in screen.text
        assert "KeyboardInterrupt" not in screen.text


def test_a_screen_that_dies_says_so_and_keeps_the_traceback(tmp_path: Path) -> None:
    script = (
        "from aiwatch.screens.dashboard.screen import DashboardScreen\n"
        "def fail(self): raise KeyError('\\x1b]0;PWN\\x07')\n"
        "DashboardScreen.action_help = fail\nfrom aiwatch.cli import main\nmain()"
    )
    with PseudoTerminal(tmp_path, ["demo"], command=(sys.executable, "-c", script)) as screen:
        screen.wait_for("quit")
        screen.send(b"?")
        assert screen.status() == 1
        after = screen.raw[screen.raw.rindex(LEFT_SCREEN) :].decode()
        assert "aiwatch stopped by a fault of its own: KeyError" in after
        assert "Traceback" not in after
        log = tmp_path / "state" / "aiwatch" / "log" / "aiwatch.log"
        assert str(log) in after.replace("\r\n", "")
        assert screen.strange_bytes == set()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "in fail" in log.read_text(encoding="utf-8")
    assert "\x1b" not in log.read_text(encoding="utf-8")
