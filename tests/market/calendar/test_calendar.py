"""Sessions by a calendar: holidays, half days, and days that no calendar knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.market.calendar.session import Calendar, Day, Phase, Sessions, session_at
from aiwatch.market.symbol import EXCHANGES, HKEX, LSE, SSE, TSE, US
from tests.market.days import GOLDEN_WEEK, holiday, local, trading

EARLY = ("09:30", "", "", "12:00")


def test_golden_week_is_a_holiday_and_its_weekend_closed() -> None:
    calendar = Calendar(GOLDEN_WEEK)
    said = [
        (moment, calendar(SSE, local("SSE", moment)).phase.value)
        for moment in (
            "2026-09-30T10:00",
            "2026-09-30T23:59",
            "2026-10-01T00:00",
            "2026-10-02T10:00",
            "2026-10-03T10:00",
            "2026-10-05T10:00",
            "2026-10-07T23:59",
            "2026-10-08T00:00",
            "2026-10-08T09:15",
            "2026-10-08T09:30",
        )
    ]
    assert [phase for _, phase in said] == [
        "open",
        "closed",
        "holiday",
        "holiday",
        "closed",
        "holiday",
        "holiday",
        "closed",
        "call auction",
        "open",
    ]


def test_what_comes_next_is_found_over_golden_week() -> None:
    calendar = Calendar(GOLDEN_WEEK)
    evening = calendar(SSE, local("SSE", "2026-09-30T15:00"))
    assert evening.until == local("SSE", "2026-09-30T15:05")
    assert evening.opens == local("SSE", "2026-10-08T09:30")
    assert evening.stopped == local("SSE", "2026-09-30T15:00")
    day = calendar(SSE, local("SSE", "2026-10-06T12:00"))
    assert day.until == local("SSE", "2026-10-08T00:00")
    assert day.opens == local("SSE", "2026-10-08T09:30")
    assert day.stopped == local("SSE", "2026-09-30T15:30")
    assert day.closes is None


@pytest.mark.parametrize("day", ["2026-12-24", "2026-12-31"])
def test_hong_kong_trades_half_a_day_before_christmas_and_new_year(day: str) -> None:
    calendar = Calendar([trading("HKEX", day, EARLY, half=True)])
    morning = calendar(HKEX, local("HKEX", f"{day}T11:59"))
    assert (morning.phase, morning.half_day) == (Phase.OPEN, True)
    assert morning.closes == local("HKEX", f"{day}T12:10")
    assert calendar(HKEX, local("HKEX", f"{day}T12:00")).phase is Phase.CLOSING_AUCTION
    afternoon = calendar(HKEX, local("HKEX", f"{day}T13:30"))
    assert (afternoon.phase, afternoon.closes) == (Phase.CLOSED, None)
    assert afternoon.stopped == local("HKEX", f"{day}T12:10")
    assert calendar(HKEX, local("HKEX", f"{day}T09:10")).phase is Phase.CALL_AUCTION


def test_new_york_closes_early_after_thanksgiving() -> None:
    calendar = Calendar(
        [holiday("US", "2026-11-26"), trading("US", "2026-11-27", ("09:30", "", "", "13:00"), half=True)]
    )
    thanksgiving = calendar(US, local("US", "2026-11-26T10:00"))
    assert (thanksgiving.phase, thanksgiving.opens) == (Phase.HOLIDAY, local("US", "2026-11-27T09:30"))
    friday = calendar(US, local("US", "2026-11-27T12:59"))
    assert (friday.phase, friday.closes, friday.half_day) == (Phase.OPEN, local("US", "2026-11-27T13:00"), True)
    late = calendar(US, local("US", "2026-11-27T13:00"))
    assert (late.phase, late.until) == (Phase.AFTER_HOURS, local("US", "2026-11-27T17:00"))
    assert late.opens == local("US", "2026-11-30T09:30")


def test_london_keeps_its_closing_auction_on_a_half_day() -> None:
    calendar = Calendar([trading("LSE", "2026-12-24", ("08:00", "", "", "12:30"), half=True)])
    session = calendar(LSE, local("LSE", "2026-12-24T12:31"))
    assert (session.phase, session.closes) == (Phase.CLOSING_AUCTION, local("LSE", "2026-12-24T12:35"))


def test_tokyo_rests_from_the_30th_to_the_4th() -> None:
    days = [trading("TSE", "2026-12-30"), holiday("TSE", "2026-12-31"), holiday("TSE", "2027-01-01")]
    calendar = Calendar([*days, trading("TSE", "2027-01-04")])
    assert calendar(TSE, local("TSE", "2026-12-30T15:29")).phase is Phase.CLOSING_AUCTION
    eve = calendar(TSE, local("TSE", "2026-12-31T10:00"))
    assert (eve.phase, eve.until, eve.opens) == (
        Phase.HOLIDAY,
        local("TSE", "2027-01-02T00:00"),
        local("TSE", "2027-01-04T09:00"),
    )


def test_a_day_that_no_calendar_knows_goes_by_the_published_hours() -> None:
    calendar = Calendar(GOLDEN_WEEK)
    for moment in ("2026-10-09T10:00", "2026-09-29T12:00", "2026-10-10T10:00"):
        when = local("SSE", moment)
        assert calendar(SSE, when).phase is session_at(SSE, when).phase
    when = local("HKEX", "2026-10-01T10:00")
    assert calendar(HKEX, when) == session_at(HKEX, when)


@pytest.mark.parametrize(
    ("code", "moment", "is_known"),
    [
        ("SSE", "2026-12-31T10:00", True),
        ("SSE", "2026-12-31T16:00", False),  # what comes next is said to be the first of January
        ("SSE", "2027-01-04T10:00", False),
        ("SSE", "2026-12-27T12:00", True),  # a Sunday before a Monday that is known
        ("SSE", "2027-01-02T12:00", False),
        ("US", "2026-12-31T10:00", False),
        ("FX", "2027-01-02T12:00", True),
    ],
)
def test_it_is_said_when_a_holiday_could_be_taken_for_an_ordinary_day(code: str, moment: str, is_known: bool) -> None:
    calendar = Calendar([trading("SSE", day) for day in ("2026-12-28", "2026-12-31")])
    assert calendar(EXCHANGES[code], local(code, moment)).holidays_known is is_known


def test_a_calendar_of_holidays_alone_still_has_a_next_open() -> None:
    start = date(2026, 10, 1)
    calendar = Calendar(Day("SSE", start + timedelta(days=ahead)) for ahead in range(120))
    session = calendar(SSE, local("SSE", "2026-10-01T10:00"))
    assert session.phase is Phase.HOLIDAY
    assert session.opens is not None
    assert session.opens > local("SSE", "2026-10-01T10:00")


def test_an_ordinary_day_of_a_calendar_is_the_published_one() -> None:
    days = [trading(code, "2026-11-25") for code in ("SSE", "HKEX", "US", "TSE", "LSE")]
    calendar = Calendar(days)
    for day in days:
        exchange = EXCHANGES[day.code]
        for hour in range(24):
            for minute in (0, 15, 29, 30, 57):
                when = local(day.code, f"2026-11-25T{hour:02}:{minute:02}")
                assert replace(calendar(exchange, when), holidays_known=False) == session_at(exchange, when)


def test_what_is_learned_is_heard_within_half_a_minute() -> None:
    now = [local("SSE", "2026-10-01T10:00")]
    calendar = Calendar()
    sessions = Sessions(lambda: now[0], calendar)
    assert sessions(SSE).phase is Phase.OPEN
    calendar.learn(GOLDEN_WEEK)
    now[0] += timedelta(seconds=30)
    assert sessions(SSE).phase is Phase.HOLIDAY


def test_prices_last_stopped_at_the_break_or_the_close() -> None:
    assert session_at(SSE, local("SSE", "2026-11-25T12:00")).stopped == local("SSE", "2026-11-25T11:30")
    assert session_at(SSE, local("SSE", "2026-11-25T14:00")).stopped is None
    assert session_at(US, local("US", "2026-11-25T18:00")).stopped == local("US", "2026-11-25T16:00")
    assert session_at(US, local("US", "2026-11-30T05:00")).stopped == local("US", "2026-11-27T16:00")


@pytest.mark.parametrize(
    "hours",
    [("09:30", "", "", ""), ("", "", "", "15:00"), ("15:00", "", "", "09:30"), ("09:30", "11:30", "", "15:00")],
)
def test_moments_that_do_not_follow_one_another_are_no_day(hours: tuple[str, str, str, str]) -> None:
    with pytest.raises(ValueError, match="SSE 2026-11-25"):
        trading("SSE", "2026-11-25", hours)


@given(
    off=st.sets(st.integers(0, 59), max_size=40),
    minutes=st.integers(0, 50 * 24 * 60),
    code=st.sampled_from(["SSE", "US", "HKEX"]),
)
def test_with_any_holidays_sessions_follow_one_another(off: set[int], minutes: int, code: str) -> None:
    first = date(2026, 9, 21)
    calendar = Calendar(Day(code, first + timedelta(days=ahead)) for ahead in off)
    when = local(code, "2026-09-21T00:00") + timedelta(minutes=minutes)
    session = calendar(EXCHANGES[code], when)
    assert session.until > when
    assert session.opens is not None
    assert session.opens > when
    assert (session.stopped is None) is session.phase.is_trading
    assert calendar(EXCHANGES[code], session.until).phase is not session.phase
