"""Pages in a browser: only where a person can see it, and nothing of it on the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aiwatch.system import browser
from aiwatch.system.browser import browser_of

PAGE = "https://example.org/quote?a=1&b=2"


@pytest.fixture(name="programs")
def _programs(tmp_path: Path) -> Path:
    """A folder with an opener that notes what it is asked, prints, and ends as the file ``status`` says."""
    opener = tmp_path / "xdg-open"
    lines = (
        "#!/bin/sh",
        f'echo "$1" > {tmp_path}/asked',
        "echo noise",
        "echo noise >&2",
        f"exit `cat {tmp_path}/status`",
    )
    opener.write_text("\n".join(lines))
    opener.chmod(0o755)
    (tmp_path / "status").write_text("0")
    return tmp_path


def test_the_desktop_opens_it_and_says_nothing(programs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert browser_of({"DISPLAY": ":0", "PATH": f"{programs}:/bin:/usr/bin"}, "linux")(PAGE)
    assert (programs / "asked").read_text() == f"{PAGE}\n"
    assert capfd.readouterr() == ("", "")


def test_one_that_fails_is_told(programs: Path) -> None:
    (programs / "status").write_text("3")
    assert not browser_of({"WAYLAND_DISPLAY": "w", "PATH": f"{programs}:/bin:/usr/bin"}, "linux")(PAGE)


def test_one_that_still_starts_counts_as_started(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (programs / "xdg-open").write_text(f"#!/bin/sh\nread line < {programs}/pipe")
    os.mkfifo(programs / "pipe")
    monkeypatch.setattr(browser, "PATIENCE", 0.01)
    try:
        assert browser_of({"DISPLAY": ":0", "PATH": f"{programs}:/bin:/usr/bin"}, "linux")(PAGE)
    finally:
        (programs / "pipe").open("w").close()


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ":0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"},
        {"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"},
        {"WAYLAND_DISPLAY": "w", "SSH_CLIENT": "10.0.0.1"},
    ],
)
def test_over_ssh_and_without_a_desktop_nothing_is_opened(programs: Path, environment: dict[str, str]) -> None:
    assert not browser_of({**environment, "PATH": str(programs)}, "linux")(PAGE)
    assert not (programs / "asked").exists()


def test_a_desktop_without_an_opener_opens_nothing(tmp_path: Path) -> None:
    assert not browser_of({"DISPLAY": ":0", "PATH": str(tmp_path)}, "linux")(PAGE)


@pytest.mark.parametrize(("platform", "opener"), [("darwin", "open"), ("win32", "explorer")])
def test_macos_and_windows_have_their_own(platform: str, opener: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str]) -> bool:
        asked.append(command)
        return True

    monkeypatch.setattr(browser, "_run", run)
    assert browser_of({}, platform)(PAGE)
    assert asked == [[opener, PAGE]]
