"""Bars that can be believed, and how far back a range goes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aiwatch.market.bars import Bar, Interval, Range, fault_of, local_day, months_before

DAY = date(2025, 8, 5)


@pytest.mark.parametrize(
    ("bar", "fault"),
    [
        (Bar(DAY, 10, 11, 9, 10.5, 100, 1000.0), ""),
        (Bar(DAY, 10, 10, 10, 10, 0, 0.0), ""),
        (Bar(DAY, 10, 9, 11, 10), "low above high"),
        (Bar(DAY, 12, 11, 9, 10), "open or close outside low and high"),
        (Bar(DAY, 10, 11, 9, 8), "open or close outside low and high"),
        (Bar(DAY, 0, 11, 0, 10), "a price that is none"),
        (Bar(DAY, -1, 11, -1, 10), "a price that is none"),
        (Bar(DAY, 10, float("inf"), 9, 10), "a price that is none"),
        (Bar(DAY, 10, 11, 9, float("nan")), "a price that is none"),
        (Bar(DAY, 10, 1e11, 9, 10), "a price that is none"),
        (Bar(DAY, 10, 11, 9, 10, -1), "a negative volume or amount"),
        (Bar(DAY, 10, 11, 9, 10, 1, -1.0), "a negative volume or amount"),
        (Bar(DAY, 10, 11, 9, 10, 1, float("nan")), "a negative volume or amount"),
    ],
)
def test_a_bar_that_cannot_be_is_refused_with_its_reason(bar: Bar, fault: str) -> None:
    assert fault_of(bar) == fault


@pytest.mark.parametrize("before", [DAY, date(2025, 8, 6)])
def test_dates_must_rise(before: date) -> None:
    assert fault_of(Bar(DAY, 10, 11, 9, 10), Bar(before, 10, 11, 9, 10)) == "not after the bar before it"
    assert fault_of(Bar(DAY, 10, 11, 9, 10), Bar(date(2025, 8, 4), 10, 11, 9, 10)) == ""


@pytest.mark.parametrize(
    ("span", "first", "interval"),
    [
        (Range.MONTH, date(2026, 2, 28), Interval.DAY),
        (Range.HALF_YEAR, date(2025, 9, 30), Interval.DAY),
        (Range.YEAR_TO_DATE, date(2026, 1, 1), Interval.DAY),
        (Range.YEAR, date(2025, 3, 31), Interval.DAY),
        (Range.FIVE_YEARS, date(2021, 3, 31), Interval.DAY),
        (Range.MAX, None, Interval.DAY),
        (Range.DAY, date(2026, 3, 19), Interval.MINUTE),
        (Range.FIVE_DAYS, date(2026, 3, 13), Interval.FIVE_MINUTES),
    ],
)
def test_a_range_begins_where_the_calendar_says(span: Range, first: date | None, interval: Interval) -> None:
    assert span.first_day(date(2026, 3, 31)) == first
    assert span.interval is interval


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2025, 12, 31), 1, date(2025, 11, 30)),
    ],
)
def test_the_same_day_months_earlier(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


def test_a_moment_has_the_date_of_its_exchange() -> None:
    late = datetime(2025, 8, 5, 20, 30, tzinfo=UTC)
    assert local_day(late, "Asia/Tokyo") == date(2025, 8, 6)
    assert local_day(late, "America/New_York") == date(2025, 8, 5)
    assert local_day(DAY, "Asia/Tokyo") == DAY


@pytest.mark.parametrize(("interval", "count"), [(Interval.MINUTE, 1), (Interval.HOUR, 60), (Interval.WEEK, None)])
def test_an_interval_knows_its_minutes(interval: Interval, count: int | None) -> None:
    assert interval.minutes == count
    assert interval.is_intraday is (count is not None)
