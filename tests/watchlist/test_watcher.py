"""Files that change are reported: once for an editor's save, and whatever a file system tells of itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from itertools import count
from pathlib import Path

import pytest

from aiwatch.files.fingerprint import Stamp, stamp_of
from aiwatch.watchlist import watcher

STAMPS = (("a.toml", 1, 1),), (("a.toml", 2, 0),), (("a.toml", 3, 9),)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(watcher, "QUIET_SECONDS", 0.001)


async def reports(stamp: Callable[[], Stamp], most: int) -> AsyncIterator[int]:
    """Numbers the reports, the first of which comes at once."""
    async with aclosing(watcher.changes(stamp)) as changes:  # type: ignore[type-var]
        for number in range(most):
            async with asyncio.timeout(10):
                await anext(changes)
            yield number


def replace(path: Path) -> None:
    beside = path.with_name(".new")
    beside.write_text("b = 1\n", encoding="utf-8")
    beside.replace(path)


def link(path: Path) -> None:
    aim = path.parent.parent / "elsewhere.toml"
    aim.write_text("c = 12345\n", encoding="utf-8")
    path.unlink()
    path.symlink_to(aim)


def touch(path: Path) -> None:
    os.utime(path, ns=(0, 0))


CHANGES: dict[str, Callable[[Path], object]] = {
    "written": lambda path: path.write_text("longer = 1\n", encoding="utf-8"),
    "same size, other time": touch,
    "replaced": replace,
    "a link to elsewhere": link,
    "gone": Path.unlink,
    "one more": lambda path: path.with_name("z.toml").touch(),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_each_change_of_a_file_is_reported(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    path = folder / "a.toml"
    path.write_text("a = 1\n", encoding="utf-8")
    async for number in reports(lambda: stamp_of(folder), 2):
        if not number:
            await asyncio.to_thread(CHANGES[name], path)


async def test_a_folder_that_is_made_later_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    async for number in reports(lambda: stamp_of(folder), 2):
        if not number:
            await asyncio.to_thread(folder.mkdir)
            await asyncio.to_thread((folder / "a.toml").touch)


async def test_what_changes_again_at_once_is_one_change() -> None:
    looks = iter([STAMPS[0], STAMPS[1], STAMPS[2], STAMPS[2]])
    seen: list[Stamp] = []

    def stamp() -> Stamp:
        seen.append(next(looks, STAMPS[2]))
        return seen[-1]

    async for _ in reports(stamp, 2):
        pass
    assert seen == [STAMPS[0], STAMPS[1], STAMPS[2], STAMPS[2]]


async def test_what_never_rests_is_reported_all_the_same() -> None:
    numbers = count()
    async for _ in reports(lambda: (("a.toml", next(numbers), 0),), 3):
        pass
    assert next(numbers) <= 2 * (watcher.MOST_CHANGES + 1) + 1
