"""The ledger without a screen: read again when its files change, and kept where they are wrong."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from msgspec import Struct

from aiwatch.errors import FileError, Problem
from aiwatch.ledger.links import prepare
from aiwatch.ledger.records import Ledger
from aiwatch.session.ledger import LedgerChange, LedgerSession
from tests.session.given import files

FIRST, WHOLE, BUNDLED = Ledger(complete=False), Ledger(complete=True), Ledger(complete=True)
WRONG = FileError([Problem(Path("own.toml"), 7, "no kind"), Problem(Path("own.toml"), 9, "no status")])


class Files(Struct):
    """Ledger files by hand: what a reading gives, or raises."""

    answer: Ledger | FileError
    version: int = 1
    readings: int = 0

    def load(self, *, own: bool = True) -> Ledger:
        self.readings += 1
        if not own:
            return BUNDLED
        if isinstance(self.answer, FileError):
            raise self.answer
        return self.answer

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        return (("own.toml", self.version, 0),)


async def test_the_ledger_is_read_once_and_again_when_its_files_change() -> None:
    options = Files(WHOLE)
    session = LedgerSession(files(ledger=FIRST, ledger_files=options))
    assert session.has_files
    assert await session.reload() == LedgerChange(True, True)
    assert session.ledger is WHOLE
    assert await session.reload() == LedgerChange()
    options.version = 2
    assert await session.reload() == LedgerChange(True, False)
    assert options.readings == 2


async def test_what_was_worked_out_of_a_ledger_goes_with_it() -> None:
    first, whole = Ledger(complete=False), Ledger()
    session = LedgerSession(files(ledger=first, ledger_files=Files(whole)))
    prepare(first)
    prepare(whole)
    assert vars(first)
    await session.reload()
    assert not vars(first)
    assert vars(whole)


async def test_a_bad_file_leaves_the_whole_ledger_as_it_was_until_it_is_mended() -> None:
    options = Files(WHOLE)
    session = LedgerSession(files(ledger=FIRST, ledger_files=options))
    await session.reload()
    options.answer, options.version = WRONG, 2
    assert await session.reload() == LedgerChange(True, False)
    assert session.ledger is WHOLE
    (sentence,) = session.problems
    assert (
        sentence == "own.toml:7: no kind (and 1 more: `aiwatch check` lists them); still showing the last good ledger"
    )
    options.answer, options.version = BUNDLED, 3
    assert await session.reload() == LedgerChange(True, True)
    assert session.problems == ()


async def test_a_bad_file_at_the_first_reading_leaves_the_bundled_ledger() -> None:
    session = LedgerSession(files(ledger=FIRST, ledger_files=Files(WRONG)))
    assert await session.reload() == LedgerChange(True, True)
    assert session.ledger is BUNDLED
    assert session.problems


async def test_without_files_nothing_is_read() -> None:
    session = LedgerSession(files(ledger=FIRST))
    assert not session.has_files
    assert await session.reload() == LedgerChange()


async def test_a_reading_after_an_edit_waits_for_the_one_under_way_and_sees_the_edit() -> None:
    started, may_end = threading.Event(), threading.Event()

    class Slow(Files):
        def load(self, *, own: bool = True) -> Ledger:
            answer = self.answer
            started.set()
            assert may_end.wait(20)
            assert isinstance(answer, Ledger)
            return answer

    slow = Slow(BUNDLED)
    session = LedgerSession(files(ledger=FIRST, ledger_files=slow))
    under_way = asyncio.create_task(session.reload())
    assert await asyncio.to_thread(started.wait, 20)
    slow.answer, slow.version = WHOLE, 2
    assert await session.reload() == LedgerChange(), "nothing is read twice at a time"
    after_edit = asyncio.create_task(session.reload(after_edit=True))
    await asyncio.sleep(0)
    may_end.set()
    assert await under_way == await after_edit == LedgerChange(True, True)
    assert session.ledger is WHOLE
