"""How the files of edited lists lie on the disk: permissions, links, and the schema beside them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aiwatch.files import atomic
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.editing import writer
from aiwatch.watchlist.editing.editor import ListEditor
from aiwatch.watchlist.folders import ListFolders

pytestmark = pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
MINE = 'name = "Mine"\ndescription = "x"\n\n[[stock]]\nsymbol = "NVDA"\nname = "NVIDIA"\n'


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_undoing_a_deletion_brings_back_permissions_and_link(tmp_path: Path, mode: int) -> None:
    own, real = tmp_path / "own", tmp_path / "real.toml"
    own.mkdir()
    real.write_text(MINE)
    real.chmod(mode)
    (own / "plain.toml").write_text(MINE)
    (own / "plain.toml").chmod(mode)
    (own / "linked.toml").symlink_to("../real.toml")
    editor = ListEditor(tmp_path / "bundled", own)
    for key in ("plain", "linked"):
        editor.delete(key)
        editor.undo()
        assert (own / f"{key}.toml").stat().st_mode & 0o777 == mode
    assert str((own / "linked.toml").readlink()) == "../real.toml"
    folders = ListFolders(tmp_path / "bundled", own)
    folders.read()
    for path in own.glob("*.toml"):
        path.unlink()
    for path, text, form in folders.read().gone:
        editor.note_gone(path, text, form)
    editor.undo()
    editor.undo()
    assert (own / "plain.toml").stat().st_mode & 0o777 == mode
    assert (own / "linked.toml").is_symlink()


def _a_folder(path: Path) -> None:
    path.mkdir()


def _a_pipe(path: Path) -> None:
    os.mkfifo(path)


def _a_dead_link(path: Path) -> None:
    path.symlink_to("nowhere/at/all")


def _a_read_only_file(path: Path) -> None:
    path.write_text("{}")
    path.chmod(0o400)


@pytest.mark.parametrize("lay", [_a_folder, _a_pipe, _a_dead_link, _a_read_only_file])
def test_a_schema_that_cannot_be_written_takes_nothing_back(tmp_path: Path, lay: Callable[[Path], None]) -> None:
    shipped, own = tmp_path / "bundled", tmp_path / "own"
    shipped.mkdir()
    own.mkdir()
    (shipped / "mine.toml").write_text(MINE)
    lay(own / "watchlist.schema.json")
    editor = ListEditor(shipped, own)
    key = editor.create("Fresh")
    editor.add(key, Stock(parse_symbol("AVGO"), "Broadcom"))
    editor.add("mine", Stock(parse_symbol("AVGO"), "Broadcom"))
    assert (own / "fresh.toml").exists()
    assert [editor.undo() for _ in range(3)]
    assert not list(own.glob("*.toml"))


def test_so_does_one_whose_disk_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bundled").mkdir()
    editor = ListEditor(tmp_path / "bundled", tmp_path / "own")
    put = atomic.put

    def full(path: Path, *arguments: Any) -> bool:
        if path.suffix == ".json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return put(path, *arguments)

    monkeypatch.setattr(writer, "put", full)
    assert (tmp_path / "own" / f"{editor.create('Fresh')}.toml").exists()
