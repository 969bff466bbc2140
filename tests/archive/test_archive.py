"""The archive as the event loop sees it: never waiting, written together, and done when left."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from aiwatch.archive.archive import Archive
from aiwatch.archive.pending import Pending
from aiwatch.archive.store import Store
from aiwatch.market.calendar.session import SessionAt
from tests.archive.kept import MINUTE, NOW, looked_into, make_quote, names, recalled, rows, settled, started
from tests.market.days import GOLDEN_WEEK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the archive is to be."""
    return tmp_path / "archive.sqlite"


class Writes:
    """Counts what a store writes, and can hold it up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        self.threads: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()
        real = Store.write

        def write(store: Store, pending: Pending, sessions: SessionAt) -> None:
            self.gate.wait(10)
            self.sizes.append(len(pending.quotes))
            self.threads.add(threading.get_ident())
            real(store, pending, sessions)

        monkeypatch.setattr(Store, "write", write)


async def test_nothing_happens_before_the_start(path: Path) -> None:
    async with Archive(path, lambda: NOW) as archive:
        archive.keep((make_quote(),))
    assert names(path.parent) == []


async def test_quotes_are_written_together_and_all_of_them_by_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = Writes(monkeypatch)
    async with started(path, write_seconds=3600) as archive:
        archive.keep((make_quote("NVDA"),))
        await settled(archive)
        for number in range(100):
            archive.keep((make_quote(at=NOW + number * MINUTE), make_quote("0700.HK", at=NOW + number * MINUTE)))
        await settled(archive)
        assert writes.sizes == [1]  # the first at once, the others when their time has come
    assert writes.sizes == [1, 2]
    assert threading.get_ident() not in writes.threads
    assert rows(path, "SELECT count(*) FROM quotes") == [(3,)]


async def test_leaving_waits_no_longer_than_it_may(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = Writes(monkeypatch)
    loop = asyncio.get_running_loop()
    async with started(path, close_seconds=0.05) as archive:
        await settled(archive)
        writes.gate.clear()
        archive.keep((make_quote(),))
        left_at = loop.time()
    took = loop.time() - left_at
    writes.gate.set()
    assert took < 1


async def test_the_loop_goes_on_while_the_disk_does_not(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = Writes(monkeypatch)
    async with started(path) as archive:
        await settled(archive)
        writes.gate.clear()
        loop, longest = asyncio.get_running_loop(), 0.0
        for number in range(1000):
            before = loop.time()
            archive.keep((make_quote(at=NOW + number * MINUTE),))
            await asyncio.sleep(0)
            longest = max(longest, loop.time() - before)
        writes.gate.set()
    assert longest < 0.25
    assert (await recalled(path))[0].as_of == NOW + 999 * MINUTE


async def test_days_facts_and_their_ends(path: Path) -> None:
    async with started(path) as archive:
        assert await archive.days(GOLDEN_WEEK[0].date, GOLDEN_WEEK[-1].date) == ()
        assert await archive.keep_days(GOLDEN_WEEK)
        assert set(await archive.days(GOLDEN_WEEK[0].date, GOLDEN_WEEK[-1].date)) == set(GOLDEN_WEEK)
        assert await archive.last_days() == {"SSE": "2026-10-08"}
        await archive.note("asked", "today")
        assert await archive.fact("asked") == "today"
    assert await archive.fact("asked") == ""  # nobody is there to read it


async def test_a_file_that_cannot_be_used_has_nothing_to_tell(path: Path) -> None:
    async with started(path.parent) as archive:
        assert await archive.last_days() == {}
        assert not await archive.keep_days(GOLDEN_WEEK)
        assert "prices are shown but not kept" in str(archive.trouble)


async def test_a_slip_of_the_thread_is_told_and_nobody_waits_for_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(*_: object) -> None:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr(Store, "write", slip)
    async with started(path) as archive:
        await settled(archive)
        archive.keep((make_quote(),))
        async with asyncio.timeout(10):
            while archive.trouble is None:
                assert await archive.fact("x") == ""
        assert str(archive.trouble) == "The archive stopped (ZeroDivisionError: a slip): nothing more is kept"
        assert await archive.fact("x") == ""


async def test_old_things_are_pruned_on_the_way(path: Path) -> None:
    async with started(path) as archive:
        await archive.keep_days(GOLDEN_WEEK)
        archive.keep((make_quote(),))
        await settled(archive)
    with looked_into(path) as file:
        assert file.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
