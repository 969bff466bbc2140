"""What is kept around a live run, and that a demo keeps nothing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.archive import NO_LAST_STATE, LastState
from aiwatch.archive.store import Store
from aiwatch.config.settings import Flags
from aiwatch.market.calendar.session import Calendar, Day
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import US
from aiwatch.runtime.archive import NO_ARCHIVE, archive_session, load_last_state
from aiwatch.runtime.load import LoadedFiles, load_all
from aiwatch.watchlist.alerts.rules import Alert, Trigger
from tests.archive.kept import make_quote
from tests.market.days import GOLDEN_WEEK


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> LoadedFiles:
    """The files of a user who has none; calendars are not asked."""

    async def no_days(*_: object) -> tuple[()]:
        return ()

    monkeypatch.setattr("aiwatch.archive.calendar_refresh.fill", no_days)
    return load_all(Flags())


def run(read: LoadedFiles, remembered: LastState | None, *quotes: object) -> object:
    """A run that is handed ``quotes``; gives the sessions it went by."""

    async def live() -> object:
        async with archive_session(read, remembered) as memory:
            memory.begin()
            memory.keep(quotes)  # type: ignore[arg-type]
            assert memory.troubles() == ()
            return memory.sessions

    return asyncio.run(live())


def test_a_live_run_keeps_and_the_next_recalls(read: LoadedFiles) -> None:
    assert load_last_state(read) is NO_LAST_STATE
    quote = make_quote(at=utc_now())
    run(read, NO_LAST_STATE, quote)
    assert load_last_state(read).quotes == (quote,)


def test_the_days_that_were_kept_are_gone_by(read: LoadedFiles) -> None:
    run(read, NO_LAST_STATE)
    store = Store.open(read.places.archive)
    today = utc_now().date()
    store.write_days([replace(GOLDEN_WEEK[1], date=today)])
    store.close()
    calendar = run(read, load_last_state(read))
    assert isinstance(calendar, Calendar)
    assert calendar._days[("SSE", today)].is_holiday
    assert calendar.day(US, date(2026, 11, 26)) == Day("US", date(2026, 11, 26)), "the table that aiwatch comes with"


def test_a_run_that_ends_before_its_first_paint_makes_nothing(read: LoadedFiles, home: Path) -> None:
    async def live() -> None:
        async with archive_session(read, NO_LAST_STATE) as memory:
            memory.keep((make_quote(),))

    asyncio.run(live())
    assert list(home.rglob("*.sqlite*")) == []


def test_what_the_memory_needs_is_imported_after_the_first_paint(read: LoadedFiles) -> None:
    program = (
        "import sys; from aiwatch.runtime import archive, screen; from aiwatch.runtime.load import load_all;"
        "from aiwatch.config.settings import Flags; archive.load_last_state(load_all(Flags()));"
        "print(*{'sqlite3', 'aiwatch.archive.archive', 'exchange_calendars', 'pandas'} & set(sys.modules))"
    )
    completed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert completed == "\n"


def test_alerts_are_kept_from_the_first_paint_on(read: LoadedFiles) -> None:
    alert = Alert(make_quote().symbol, Trigger.ABOVE, 60.0, 60.05, 2, utc_now(), utc_now())

    async def live() -> None:
        async with archive_session(read, NO_LAST_STATE) as memory:
            memory.keep_alerts((alert,))
            memory.begin()

    asyncio.run(live())
    assert load_last_state(read).alerts == (alert,)


def test_a_demo_keeps_nothing(read: LoadedFiles, home: Path) -> None:
    assert run(read, None, make_quote()) is NO_ARCHIVE.sessions
    NO_ARCHIVE.keep_alerts((Alert(make_quote().symbol, Trigger.ABOVE, 60.0, 60.05, 2, utc_now(), utc_now()),))
    assert list(home.rglob("*.sqlite*")) == []


def test_trouble_is_a_sentence(read: LoadedFiles) -> None:
    read.places.archive.mkdir(parents=True)

    async def live() -> tuple[str, ...]:
        async with archive_session(read, NO_LAST_STATE) as memory:
            memory.begin()
        return memory.troubles()

    (words,) = asyncio.run(live())
    assert words.startswith(f"The archive {read.places.archive} cannot be used")
