"""Whatever is wrong with the file, nothing is raised and it is said in a sentence."""

from __future__ import annotations

import asyncio
import concurrent.futures.thread  # noqa: F401  # once the user is humble, it may not be there to be read
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiwatch.archive.archive import Archive
from aiwatch.archive.schema import VERSION
from tests.archive.kept import (
    MINUTE,
    NOW,
    contents,
    looked_into,
    make_quote,
    names,
    put,
    recalled,
    rows,
    set_mode,
    settled,
    started,
    written,
)

NOBODY = 65534
QUOTES = (make_quote(), make_quote("NVDA", 180))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the archive is to be."""
    return tmp_path / "archive.sqlite"


@pytest.fixture
def humble() -> Iterator[Path]:
    """A folder of a user whom file modes bind, which they do not bind root; the test runs as that user."""
    folder = Path(tempfile.mkdtemp(prefix="aiwatch-archive-"))
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


async def said(archive: Archive) -> str:
    """The archive's trouble, once there is one."""
    async with asyncio.timeout(10):
        while archive.trouble is None:
            await settled(archive)
    return str(archive.trouble)


async def test_all_is_well(path: Path) -> None:
    async with started(path) as archive:
        archive.keep(QUOTES)
        await settled(archive)
    assert archive.trouble is None
    assert set(await recalled(path)) == set(QUOTES)
    assert names(path.parent) == ["archive.sqlite"]


async def test_a_held_file_is_told_of_and_what_waits_is_written_when_it_is_free(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiwatch.archive.store.BUSY_SECONDS", 0.01)
    await written(path, make_quote(at=NOW - MINUTE))
    async with started(path) as archive:
        await settled(archive)
        with looked_into(path) as second:
            second.execute("BEGIN EXCLUSIVE")
            archive.keep(QUOTES)
            assert "is held by another program" in await said(archive)
            assert [quote.as_of for quote in await recalled(path)] == [NOW - MINUTE]
            second.execute("ROLLBACK")
        async with asyncio.timeout(10):
            while archive.trouble is not None:
                await settled(archive)
    assert set(await recalled(path)) == set(QUOTES)


async def test_a_full_disk_is_told_of_and_the_file_stays_sound(path: Path) -> None:
    await written(path, QUOTES[0])
    pages = rows(path, "PRAGMA page_count")[0][0]
    async with started(path, most_pages=pages) as archive:
        archive.keep(tuple(make_quote(f"{number:06}.SZ", name="x" * 200) for number in range(1, 400)))
        assert "has no room left" in await said(archive)
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert await recalled(path) == QUOTES[:1]


async def test_room_made_later_is_used(path: Path) -> None:
    await written(path, QUOTES[0])
    pages = rows(path, "PRAGMA page_count")[0][0]
    async with started(path, most_pages=pages, retry_seconds=0.0) as archive:
        archive.keep(tuple(make_quote(f"{number:06}.SZ", name="x" * 200) for number in range(1, 400)))
        await said(archive)
        archive.keep((make_quote(at=NOW + MINUTE),))
        async with asyncio.timeout(10):
            while archive.trouble is not None:
                await settled(archive)
    assert await recalled(path) == (make_quote(at=NOW + MINUTE),)


async def test_a_read_only_file_is_read_and_told_of(humble: Path) -> None:
    path = humble / "archive.sqlite"
    await written(path, *QUOTES)
    set_mode(path, 0o400)
    async with started(path) as archive:
        archive.keep((make_quote(at=NOW + MINUTE),))
        assert "cannot be written to" in await said(archive)
    assert set(await recalled(path)) == set(QUOTES)


async def test_a_read_only_folder_is_read_and_told_of(humble: Path) -> None:
    path = humble / "archive.sqlite"
    await written(path, *QUOTES)
    set_mode(humble, 0o500)
    async with started(path) as archive:
        archive.keep((make_quote(at=NOW + MINUTE),))
        await said(archive)
        assert "prices are shown but not kept" in str(archive.trouble)
    assert set(await recalled(path)) == set(QUOTES)


async def test_a_folder_that_cannot_be_made_is_told_of(humble: Path) -> None:
    set_mode(humble, 0o500)
    async with started(humble / "state" / "archive.sqlite") as archive:
        assert "cannot be written to" in await said(archive)


async def test_a_file_where_the_folder_should_be_is_told_of(tmp_path: Path) -> None:
    put(tmp_path / "state", b"not a folder")
    path = tmp_path / "state" / "archive.sqlite"
    async with started(path) as archive:
        assert "prices are shown but not kept" in await said(archive)
    assert not await recalled(path)


@pytest.mark.parametrize("damage", ["no database", "cut", "overwritten"])
async def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(path: Path, damage: str) -> None:
    await written(path, *(make_quote(f"{number:06}.SZ", name="x" * 100) for number in range(1, 200)))
    whole = contents(path)
    spoiled = {"cut": whole[: len(whole) // 2], "overwritten": whole[:4096] + b"\xa5" * (len(whole) - 4096)}
    put(path, spoiled.get(damage, b"no database at all, but long enough to look like one" * 50))
    before = contents(path)
    assert not await recalled(path)
    async with started(path) as archive:
        archive.keep(QUOTES)
        words = await said(archive)
        await settled(archive)
    aside = path.with_name("archive.sqlite.corrupt-20261123-061019")
    assert f"was damaged: it is now {aside.name}, and a new one was begun" in words
    assert contents(aside) == before
    assert set(await recalled(path)) == set(QUOTES)


async def test_a_file_that_goes_bad_during_the_run_is_moved_aside_too(path: Path) -> None:
    async with started(path) as archive:
        archive.keep(tuple(make_quote(f"{number:06}.SZ", name="x" * 100) for number in range(1, 200)))
        await settled(archive)
        with looked_into(path) as second:
            second.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        put(path, b"\xa5" * len(contents(path)))
        archive.keep(QUOTES)
        assert "was damaged" in await said(archive)
    assert len(await recalled(path)) == 2
    assert "archive.sqlite.corrupt-20261123-061019" in names(path.parent)


async def test_a_file_of_a_later_version_is_left_alone(path: Path) -> None:
    await written(path, *QUOTES)
    with looked_into(path) as second:
        second.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = contents(path)
    assert not await recalled(path)
    async with started(path, retry_seconds=0.0) as archive:
        archive.keep((make_quote(at=NOW + MINUTE),))
        words = await said(archive)
        await settled(archive)
    assert f"was written by a later aiwatch (version {VERSION + 1}" in words
    assert contents(path) == before


async def test_an_empty_file_is_a_new_archive(path: Path) -> None:
    put(path, b"")
    async with started(path) as archive:
        archive.keep(QUOTES)
    assert archive.trouble is None
    assert set(await recalled(path)) == set(QUOTES)
