"""The days that aiwatch comes with, against exchange_calendars and against what the exchanges published."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta

import pytest

from aiwatch.archive.calendars import CALENDARS, ask_calendars
from aiwatch.market.calendar.holiday_table import TABLE
from aiwatch.market.calendar.holidays import shipped_day, shipped_until
from aiwatch.market.calendar.hours import Day
from aiwatch.market.calendar.session import Calendar, Phase
from aiwatch.market.symbol import CRYPTO, EXCHANGES, FX, HKEX, SSE, US, parse_symbol
from tests.market.days import holiday, local, trading


def test_the_table_is_what_exchange_calendars_says() -> None:
    days = asyncio.run(ask_calendars(date(2026, 1, 1), date(2027, 12, 31)))
    assert {day.code for day in days} == {code for codes in CALENDARS.values() for code in codes}
    wrong = [day for day in days if day.date.weekday() < 5 and shipped_day(EXCHANGES[day.code], day.date) != day]
    assert wrong == [], "make it anew: python -m tests.market.calendar.make_holiday_table"


@pytest.mark.parametrize(
    "day",
    [
        holiday("US", "2026-11-26"),
        trading("US", "2026-11-27", ("09:30", "", "", "13:00"), half=True),
        holiday("HKEX", "2026-12-25"),
        trading("HKEX", "2026-12-24", ("09:30", "", "", "12:00"), half=True),
        holiday("SSE", "2026-10-01"),
        trading("SSE", "2026-11-25"),
        trading("TSE", "2026-11-25"),
        holiday("LSE", "2026-12-28"),
        holiday("KRX", "2026-12-31"),
    ],
)
def test_days_as_the_exchanges_published_them(day: Day) -> None:
    assert shipped_day(EXCHANGES[day.code], day.date) == day


def test_nothing_is_told_of_weekends_beyond_the_table_and_of_other_exchanges() -> None:
    end = shipped_until(SSE)
    assert end is not None
    assert shipped_day(SSE, end) is not None
    for beyond in (end + timedelta(days=days) for days in range(1, 9)):
        assert shipped_day(SSE, beyond) is None
    assert shipped_day(US, date(2026, 11, 28)) is None
    for exchange in (FX, CRYPTO, parse_symbol("VOLV-B.ST").exchange, parse_symbol("^STOXX50E").exchange):
        assert shipped_day(exchange, date(2026, 11, 26)) is None
        assert shipped_until(exchange) is None


def test_a_calendar_with_the_table_goes_by_it_until_it_learns_better() -> None:
    noon = local("US", "2026-11-26T12:00")
    assert Calendar()(US, noon).phase is Phase.OPEN
    calendar = Calendar(shipped=shipped_day)
    assert calendar(US, noon).phase is Phase.HOLIDAY
    assert calendar(US, noon).holidays_known
    assert calendar(HKEX, local("HKEX", "2026-12-24T13:00")).phase is Phase.CLOSED
    calendar.learn([trading("US", "2026-11-26")])
    assert calendar(US, noon).phase is Phase.OPEN


def test_it_is_small() -> None:
    assert len(json.dumps(TABLE)) < 8_000
