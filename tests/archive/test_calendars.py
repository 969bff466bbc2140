"""Sessions from exchange_calendars, and when it is asked for them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.archive.archive import Archive
from aiwatch.archive.calendar_refresh import fill, kept_calendar
from aiwatch.archive.calendars import CALENDARS, ask_calendars, days_of
from aiwatch.archive.recall import recall
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.calendar.hours import has_holidays, has_hours
from aiwatch.market.calendar.session import Calendar, Day, Phase
from aiwatch.market.symbol import EXCHANGES, SSE
from tests.archive.kept import NOW, settled, started
from tests.market.days import GOLDEN_WEEK, holiday, local, trading

TODAY = date(2026, 11, 23)
PUBLISHED = {
    "SSE": "2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07",
    "SZSE": "2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07",
    "BSE": "2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07",
    "HKEX": "2026-10-01 2026-10-19 2026-12-25",
    "US": "2026-11-26 2026-12-25",
    "TSE": "2026-10-12 2026-11-03 2026-11-23 2026-12-31",
    "LSE": "2026-12-25 2026-12-28",
    "XETRA": "2026-12-24 2026-12-25 2026-12-31",
    "XAMS": "2026-12-25",
    "XPAR": "2026-12-25",
}
"""Weekdays of the last quarter of 2026 on which the exchanges are closed, as they published them."""
HALF_DAYS = {
    ("HKEX", "2026-12-24"): "12:00",
    ("HKEX", "2026-12-31"): "12:00",
    ("US", "2026-11-27"): "13:00",
    ("US", "2026-12-24"): "13:00",
    ("LSE", "2026-12-24"): "12:30",
    ("LSE", "2026-12-31"): "12:30",
    ("XAMS", "2026-12-24"): "14:05",
    ("XPAR", "2026-12-31"): "14:05",
}


@pytest.fixture(scope="module")
def quarter() -> tuple[Day, ...]:
    """The weekdays of the last quarter of 2026, by the table of which `test_holidays` shows that it is what the child
    process says."""
    dates = [date(2026, 10, 1) + timedelta(days=number) for number in range(92)]
    codes = [code for codes in CALENDARS.values() for code in codes]
    days = [shipped_day(EXCHANGES[code], day) for day in dates if day.weekday() < 5 for code in codes]
    return tuple(day for day in days if day is not None)


@pytest.mark.parametrize("code", PUBLISHED)
def test_holidays_are_those_the_exchanges_published(quarter: tuple[Day, ...], code: str) -> None:
    closed = [day.date.isoformat() for day in quarter if day.code == code and day.is_holiday]
    assert closed == PUBLISHED[code].split()


def test_half_days_close_early(quarter: tuple[Day, ...]) -> None:
    listed = {(day.code, day.date.isoformat()): day for day in quarter}
    calendar = Calendar(quarter)
    for (code, day), closes in HALF_DAYS.items():
        assert listed[code, day].is_half
        assert listed[code, day].closes == local(code, f"{day}T{closes}")
        session = calendar(EXCHANGES[code], local(code, f"{day}T11:00"))
        assert (session.phase, session.half_day) == (Phase.OPEN, True)


def test_every_exchange_has_every_weekday_and_ordinary_ones_as_published(quarter: tuple[Day, ...]) -> None:
    codes = {code for codes in CALENDARS.values() for code in codes}
    assert codes == {exchange.code for exchange in EXCHANGES.values() if has_hours(exchange) and has_holidays(exchange)}
    weekdays = len({day.date for day in quarter if day.date.weekday() < 5})
    for code in codes:
        assert len([day for day in quarter if day.code == code]) == weekdays
    calendar, published, checked = Calendar(quarter), Calendar(), 0
    for day in quarter:
        if day.is_holiday or day.is_half:
            continue
        for hour in range(24):
            when = datetime(day.date.year, day.date.month, day.date.day, hour, 20, tzinfo=UTC)
            mine, theirs = calendar(EXCHANGES[day.code], when), published(EXCHANGES[day.code], when)
            if mine.phase.is_trading:
                assert (mine.phase, mine.until, mine.closes) == (theirs.phase, theirs.until, theirs.closes)
                checked += 1
    assert checked > 2000


async def test_a_child_that_fails_brings_nothing() -> None:
    for program in ("import sys; sys.exit(3)", "print('[[')", "print('{}')", "print('[1, [], [2]]')"):
        assert await ask_calendars(TODAY, TODAY, command=(sys.executable, "-c", program)) == ()
    assert await ask_calendars(TODAY, TODAY, command=("no-such-program",)) == ()


def test_what_a_child_prints_is_read_strictly() -> None:
    good = b'["SSE", "2026-11-25", 1764034200000000, null, null, 1764054000000000, 0]'
    assert [day.code for day in days_of(b"[" + good + b', ["SSE", "soon", 1, 2, 3, 4, 0]]')] == ["SSE"]


class Asked:
    """Calendars that tell what they are given, and how often they were asked."""

    def __init__(self, *days: Day) -> None:
        self.days = days
        self.times = 0

    async def __call__(self, first: date, last: date) -> tuple[Day, ...]:
        """Tell the days."""
        self.times += 1
        return self.days


async def test_calendars_are_asked_once_and_the_archive_after_that(tmp_path: Path) -> None:
    everywhere = [Day(code, date(2027, 2, 1)) for codes in CALENDARS.values() for code in codes]
    ask, calendar = Asked(holiday("SSE", "2026-11-24"), *everywhere), Calendar()
    async with started(tmp_path / "archive.sqlite") as archive:
        assert await fill(archive, calendar, TODAY, ask)
        assert calendar(SSE, local("SSE", "2026-11-24T10:00")).phase is Phase.HOLIDAY
        assert not await fill(archive, calendar, TODAY, ask)
    async with started(tmp_path / "archive.sqlite") as archive:
        again = Calendar()
        assert not await fill(archive, again, TODAY, ask)
        assert again(SSE, local("SSE", "2026-11-24T10:00")).phase is Phase.HOLIDAY
    assert ask.times == 1
    stored = await asyncio.to_thread(recall, tmp_path / "archive.sqlite", [], NOW)
    assert holiday("SSE", "2026-11-24") in stored.days


async def test_what_is_not_decreed_yet_is_asked_for_once_a_week(tmp_path: Path) -> None:
    ask, calendar = Asked(trading("SSE", "2026-12-31")), Calendar()
    async with started(tmp_path / "archive.sqlite") as archive:
        asked = [await fill(archive, calendar, date(2026, 11, day), ask) for day in (20, 21, 26, 27, 28)]
    assert asked == [True, False, False, True, False]


async def test_without_an_archive_the_run_still_has_its_calendar(tmp_path: Path) -> None:
    calendar = Calendar()
    async with started(tmp_path) as archive:  # a folder is no file
        assert await fill(archive, calendar, TODAY, Asked(holiday("SSE", "2026-11-24")))
    assert calendar(SSE, local("SSE", "2026-11-24T10:00")).phase is Phase.HOLIDAY


async def test_nobody_is_asked_before_the_first_paint(tmp_path: Path) -> None:
    ask, calendar = Asked(*GOLDEN_WEEK), Calendar()
    clock: Callable[[], datetime] = lambda: NOW  # noqa: E731
    async with Archive(tmp_path / "archive.sqlite", clock) as archive, kept_calendar(archive, calendar, clock, ask):
        for _ in range(5):
            await asyncio.sleep(0)
        assert ask.times == 0
        archive.start()
        async with asyncio.timeout(10):
            while calendar.day(SSE, GOLDEN_WEEK[1].date) is None:
                await settled(archive)
    assert ask.times == 1
