"""What the disk does to an edit: links, permissions, no room, another aiwatch, a sudden end."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aiwatch.errors import EditError
from aiwatch.files import atomic
from aiwatch.files.atomic import LEFTOVER, LOCK_FILE, locked
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.editing.editor import ListEditor
from aiwatch.watchlist.editing.edits import AddStock, RemoveStock, SetListKey
from tests.watchlist.editing.lists import MINE, symbols, text

NVDA, AMD, AVGO = map(parse_symbol, ("NVDA", "AMD", "AVGO"))
MRVL = Stock(parse_symbol("MRVL"), "Marvell")


def test_a_link_is_followed_and_permissions_stay(editor: ListEditor, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "mine.toml"
    target.parent.mkdir()
    editor.path_of("mine").rename(target)
    editor.path_of("mine").symlink_to(target)
    target.chmod(0o640)
    editor.change("mine", RemoveStock(NVDA))
    assert editor.path_of("mine").is_symlink()
    assert "NVDA" not in target.read_text()
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["mine.toml"]


def test_a_link_that_leads_nowhere_is_told(editor: ListEditor, tmp_path: Path) -> None:
    editor.path_of("other").symlink_to(tmp_path / "absent")
    with pytest.raises(EditError, match=r"other\.toml is a link that leads nowhere"):
        editor.change("other", RemoveStock(AVGO))


def test_a_full_disk_loses_nothing(editor: ListEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EditError, match="cannot be written: No space left on device") as caught:
        editor.change("mine", RemoveStock(NVDA))
    assert caught.value.hint == "Make room on the disk, and try again."
    assert text(editor) == MINE
    assert {path.name for path in editor.own.iterdir()} == {"mine.toml", LOCK_FILE}


def test_a_file_or_folder_that_may_not_be_written_is_told(editor: ListEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, flags, mode)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(EditError, match="cannot be written: Permission denied") as caught:
            editor.change("mine", RemoveStock(NVDA))
        assert caught.value.hint.startswith("Make it writable")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(EditError, match=r"mine\.toml cannot be written: the file is read-only"):
        editor.change("mine", RemoveStock(NVDA))
    assert text(editor) == MINE


def test_a_folder_that_is_a_file_is_told(editor: ListEditor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EditError, match="file cannot be written"):
        ListEditor(editor.bundled, tmp_path / "file").rename("other", "x")


def test_two_editors_take_turns(editor: ListEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "PATIENCE", 0.05)
    with (
        locked(editor.own),
        pytest.raises(EditError, match="another aiwatch is writing there"),
    ):
        editor.change("mine", RemoveStock(NVDA))
    editor.change("mine", RemoveStock(NVDA))


def test_two_editors_at_once_lose_no_edit_of_each_other(editor: ListEditor) -> None:
    added = [f"{letter}{second}" for letter in "BC" for second in "ABCDEFGHIJ"]

    def add(names: list[str]) -> None:
        own = ListEditor(editor.bundled, editor.own)
        for name in names:
            own.change("mine", AddStock(Stock(parse_symbol(name), name)))

    threads = [threading.Thread(target=add, args=(added[at::2],)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(symbols(editor)) == sorted(["NVDA", "AMD", *added])


def test_killed_at_any_moment_the_file_is_whole(editor: ListEditor) -> None:
    chance, path = random.Random(3), editor.path_of("mine")
    command = [sys.executable, str(Path(__file__).with_name("storm.py")), str(editor.bundled), str(editor.own)]
    cut = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as storm:
        assert storm.stdin is not None
        assert storm.stdout is not None
        for _ in range(50):
            begun = path.stat().st_ino
            storm.stdin.write("go\n")
            child = int(storm.stdout.readline())
            while path.stat().st_ino == begun:  # it has written once
                pass
            for _ in range(chance.randrange(400_000)):  # and is somewhere in writing again
                pass
            os.kill(child, signal.SIGKILL)
            assert storm.stdout.readline() == "ended\n"
            cut += any(editor.own.glob(f".*{LEFTOVER}"))
            assert set(symbols(editor)) == {"NVDA", "AMD"}
            assert '# the chip maker\n[[stock]]\nsymbol = "NVDA"' in text(editor)
        storm.stdin.close()
    assert cut > 0, "some were killed in the middle of writing"
    editor.change("mine", SetListKey("order", 1))
    assert {entry.name for entry in editor.own.iterdir()} == {"mine.toml", LOCK_FILE}
