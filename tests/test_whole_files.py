"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aiwatch.whole_files import create_file


def test_a_file_is_made_with_its_folders_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "list.toml"
    create_file(path, 'name = "英维克"\n')
    assert path.read_bytes() == 'name = "英维克"\n'.encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        create_file(path, "other")
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_when_the_disk_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        create_file(tmp_path / "list.toml", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_there", [False, True])
def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    def fail(self: Path, target: Path) -> None:
        raise PermissionError("links are not supported")

    monkeypatch.setattr(Path, "hardlink_to", fail)
    path = tmp_path / "list.toml"
    if is_there:
        path.write_text("mine", encoding="utf-8")
        with pytest.raises(FileExistsError):
            create_file(path, "other")
    else:
        create_file(path, "mine")
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_place_of_the_folder_is_told_apart_from_one_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "lists").write_text("a file", encoding="utf-8")
    with pytest.raises(NotADirectoryError, match="its folder is a file"):
        create_file(tmp_path / "lists" / "a.toml", "text")
