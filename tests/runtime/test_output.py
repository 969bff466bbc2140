"""The one door of the command line: what cannot be printed, and what must not be."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiwatch.commands.group import COMMANDS
from aiwatch.runtime.crash_log import MOST_BYTES, log_failure, log_path, log_text
from aiwatch.runtime.output import opened_doors
from tests.commands.in_process import Ended, run_here

EVIL = "a\x1b]0;PWN\x07\x1b]52;c;UFdO\x07\x9b2J\x7fb"
SAFE_COMMANDS = (["ledger"], ["paths"], ["paths", "--json"], ["check", "--schema"], ["export", "chips"], ["--help"],
                 *([name, "--help"] for name in COMMANDS))  # fmt: skip


def run(*arguments: str, stdout: int = subprocess.PIPE, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command with standard output at ``stdout``."""
    return subprocess.run(
        [sys.executable, "-m", "aiwatch", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        timeout=60,
    )


FULL = Path("/dev/full")
NO_ROOM = b"Standard output: cannot be written: No space left on device\n"


@pytest.mark.skipif(not FULL.exists(), reason="no device that is full")
@pytest.mark.parametrize("arguments", SAFE_COMMANDS, ids=" ".join)
def test_a_full_disk_is_one_line(arguments: list[str]) -> None:
    assert run_here(*arguments, stdout=FULL) == Ended(1, b"", NO_ROOM)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is full")
def test_a_process_at_a_full_disk_ends_without_a_word_of_the_interpreters() -> None:
    with FULL.open("w") as full:
        done = run("ledger", stdout=full.fileno())
    assert (done.returncode, done.stderr) == (1, NO_ROOM)


def test_a_closed_pipe_is_left_in_silence() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run("ledger", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp437", "cp1252", "gbk", "ascii:strict", "utf-8"])
def test_what_the_output_cannot_write_is_replaced(encoding: str) -> None:
    for arguments in (("quotes", "--help"), ("ledger", "claims")):
        done = run_here(*arguments, encoding=encoding)
        assert (done.status, done.stderr) == (0, b"")
        assert done.stdout.decode(encoding.partition(":")[0])


def test_the_encoding_of_a_process_is_its_environments() -> None:
    done = run("ledger", "claims", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout
    assert done.stdout.isascii()


def test_what_commands_a_terminal_stays_behind_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8"))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, "utf-8"))
    with opened_doors():
        for stream in (sys.stdout, sys.stderr):
            stream.write(f"{EVIL}\u202e\u2066\u2028\ud800\n\t.")
            stream.flush()
    assert out.getvalue() == err.getvalue() == b"a?]0;PWN??]52;c;UFdO??2J?b????\n\t."


def test_no_file_name_commands_the_terminal(home: Path) -> None:
    lists = home / ".config" / "aiwatch" / "watchlists"
    lists.mkdir(parents=True)
    (lists / f"{EVIL}.toml").write_text("name = 5\n", encoding="utf-8")
    (lists / os.fsdecode(b"\xe4.toml")).write_text("name = 5\n", encoding="utf-8")
    done = run_here("check")
    assert done.status == 1
    assert b"PWN" in done.stdout
    assert not {byte for byte in done.stdout + done.stderr if byte < 0x20 or byte == 0x7F} - {10}


def test_the_log_is_private_and_small() -> None:
    path = log_failure(ValueError("x"))
    assert path == log_path()
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    for _ in range(20):
        log_text("y" * 60_000)
    assert path.stat().st_size <= MOST_BYTES
    assert path.with_name("aiwatch.log.1").stat().st_size <= MOST_BYTES
    assert sorted(each.name for each in path.parent.iterdir()) == [".aiwatch.lock", "aiwatch.log", "aiwatch.log.1"]


def test_two_that_come_to_the_end_of_the_log_put_it_aside_once(monkeypatch: pytest.MonkeyPatch) -> None:
    path = log_text("the older part " + "y" * 60_000)
    assert path is not None
    while path.stat().st_size < MOST_BYTES - 60_000:
        log_text("y" * 60_000)

    @contextmanager
    def after_the_other(folder: Path) -> Iterator[None]:
        """The turn of one who waited while another put the log aside and began a new one."""
        path.replace(path.with_name("aiwatch.log.1"))
        path.write_text("of the other\n", "utf-8")
        yield

    monkeypatch.setattr("aiwatch.files.atomic.locked", after_the_other)
    log_text("z" * 60_000)
    assert path.with_name("aiwatch.log.1").read_text("utf-8").find("the older part") > 0
    assert path.read_text("utf-8").startswith("of the other\n")
    assert path.stat().st_size > 60_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_log_that_is_no_file_is_left_alone() -> None:
    path = log_path()
    assert path is not None
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert log_text("x") is None


def _below_a_file(path: Path) -> None:
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text("", "utf-8")


def _on_a_full_device(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/full")


UNWRITABLE = {
    "a folder": lambda path: path.mkdir(parents=True),
    "below a file": _below_a_file,
    "on a full device": _on_a_full_device,
}


@pytest.mark.parametrize("what", UNWRITABLE)
def test_a_log_that_cannot_be_written_hides_nothing(what: str) -> None:
    path = log_path()
    assert path is not None
    UNWRITABLE[what](path)
    assert log_failure(ValueError("x")) is None
