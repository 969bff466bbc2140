"""When the bar of a day cannot change any more, and which session comes after a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.market.calendar.final_days import last_final_day, next_final, session_after
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.symbol import parse_symbol

FRIDAY = date(2025, 8, 15)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
SYMBOLS = st.sampled_from(["002837.SZ", "0700.HK", "NVDA", "9984.T", "CNY=X", "BTC-USD"])


@pytest.mark.parametrize(
    ("symbol", "moment", "day"),
    [
        ("002837.SZ", datetime(2025, 8, 15, 7, 9, tzinfo=UTC), date(2025, 8, 14)),
        ("002837.SZ", datetime(2025, 8, 15, 7, 10, tzinfo=UTC), FRIDAY),
        ("002837.SZ", datetime(2025, 8, 17, 12, 0, tzinfo=UTC), FRIDAY),
        ("NVDA", datetime(2025, 8, 15, 20, 9, tzinfo=UTC), date(2025, 8, 14)),
        ("NVDA", datetime(2025, 8, 15, 20, 10, tzinfo=UTC), FRIDAY),
        ("9984.T", datetime(2025, 8, 15, 6, 40, tzinfo=UTC), FRIDAY),
        ("D05.SI", datetime(2025, 8, 15, 12, 0, tzinfo=UTC), date(2025, 8, 14)),  # no hours are known there
        ("D05.SI", datetime(2025, 8, 16, 6, 0, tzinfo=UTC), date(2025, 8, 15)),
    ],
)
def test_a_day_is_final_ten_minutes_after_its_close(symbol: str, moment: datetime, day: date) -> None:
    assert last_final_day(parse_symbol(symbol).exchange, shipped_day, moment) == day


@pytest.mark.parametrize(
    ("symbol", "day", "following"),
    [
        ("002837.SZ", date(2025, 8, 14), FRIDAY),
        ("002837.SZ", FRIDAY, date(2025, 8, 18)),
        ("002837.SZ", date(2026, 9, 30), date(2026, 10, 8)),
        ("NVDA", date(2026, 11, 25), date(2026, 11, 27)),
        ("D05.SI", FRIDAY, date(2025, 8, 16)),  # no hours are known there
    ],
)
def test_the_session_after_a_day_leaves_out_weekends_and_holidays(symbol: str, day: date, following: date) -> None:
    assert session_after(parse_symbol(symbol).exchange, shipped_day, day) == following


@given(SYMBOLS, MOMENTS)
def test_nothing_becomes_final_before_the_next_final_moment_and_a_day_does_then(symbol: str, now: datetime) -> None:
    exchange = parse_symbol(symbol).exchange
    moment = next_final(exchange, shipped_day, now)
    before = last_final_day(exchange, shipped_day, now)
    assert moment > now
    assert last_final_day(exchange, shipped_day, moment - timedelta(seconds=1)) == before
    assert last_final_day(exchange, shipped_day, moment) > before


def test_where_no_hours_are_known_it_is_looked_again_in_half_a_day() -> None:
    now = datetime(2025, 8, 15, 12, 0, tzinfo=UTC)
    assert next_final(parse_symbol("D05.SI").exchange, shipped_day, now) == now + timedelta(hours=12)
