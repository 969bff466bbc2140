"""Parts of a series, longer bars, and lines from a common start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from aiwatch.market.bars import Interval, Range, Series, grouped, last_sessions, rebased, resampled, since, within
from aiwatch.market.symbol import parse_symbol
from tests.market.bars.fixtures import MONDAY, daily, minutes, weekdays


def test_a_part_knows_the_close_before_it() -> None:
    series = daily([10, 11, 12, 13])
    part = since(series, MONDAY + timedelta(days=2))
    assert [bar.close for bar in part.bars] == [12, 13]
    assert part.previous_close == 11
    assert since(series, MONDAY) is series
    assert since(series, date(2030, 1, 1)).bars == ()


def test_a_range_of_sessions_passes_over_a_weekend() -> None:
    series = daily(range(1, 11))
    tuesday_after = MONDAY + timedelta(days=8)
    assert [bar.close for bar in within(series, Range.FIVE_DAYS, tuesday_after).bars] == [6, 7, 8, 9, 10]
    assert len(within(series, Range.MONTH, tuesday_after).bars) == 10
    assert within(series, Range.MAX, tuesday_after) is series
    assert last_sessions(daily([]), 5).bars == ()


def test_days_become_weeks_and_months() -> None:
    series = daily(range(1, 41))  # 4 August to 26 September
    weeks = resampled(series, Interval.WEEK)
    assert len(weeks.bars) == 8
    first = weeks.bars[0]
    assert (first.when, first.open, first.close, first.volume) == (MONDAY + timedelta(days=4), 1, 5, 5000)
    assert (first.high, first.low) == (5 * 1.01, 1 * 0.99)
    months = resampled(series, Interval.MONTH)
    assert [bar.when for bar in months.bars] == [date(2025, 8, 29), date(2025, 9, 26)]


def test_a_longer_bar_is_final_when_all_in_it_are() -> None:
    series = daily([1, 2])
    live = replace(series, bars=(series.bars[0], series.bars[1]._replace(final=False, volume=None, amount=None)))
    (week,) = resampled(live, Interval.WEEK).bars
    assert not week.final
    assert week.volume == 1000


def test_minutes_are_grouped_from_the_open_and_anew_after_lunch() -> None:
    opens = datetime(2025, 8, 4, 1, 30, tzinfo=UTC)  # 9:30 in Shanghai
    morning = [opens + timedelta(minutes=ahead) for ahead in range(120)]
    afternoon = [opens + timedelta(minutes=210 + ahead) for ahead in range(120)]
    series = minutes(morning + afternoon, range(1, 241))
    hours = resampled(series, Interval.HOUR)
    starts = [bar.when for bar in hours.bars]
    assert starts == [opens + timedelta(minutes=ahead) for ahead in (0, 60, 210, 270)]
    assert [bar.volume for bar in hours.bars] == [6000] * 4
    (day,) = resampled(series, Interval.DAY).bars
    assert (day.when, day.open, day.close) == (date(2025, 8, 4), 1, 240)


def test_a_minute_that_is_missing_moves_no_later_group() -> None:
    opens = datetime(2025, 8, 4, 1, 30, tzinfo=UTC)
    starts = [opens + timedelta(minutes=ahead) for ahead in (0, 1, 4, 6, 9, 11)]
    groups = resampled(minutes(starts, range(6)), Interval.FIVE_MINUTES)
    assert [bar.when for bar in groups.bars] == [opens + timedelta(minutes=ahead) for ahead in (0, 5, 10)]


@pytest.mark.parametrize("interval", [Interval.MINUTE, Interval.HOUR])
def test_no_shorter_bars_are_made_up(interval: Interval) -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        resampled(daily([1, 2]), interval)


def test_bars_are_grouped_from_the_newest() -> None:
    groups = grouped(daily(range(1, 8)), 3)
    assert [(bar.open, bar.close) for bar in groups] == [(1, 1), (2, 4), (5, 7)]
    assert groups[-1].when == weekdays(MONDAY, 7)[-1]


def test_lines_start_at_100_where_all_have_a_session() -> None:
    old = daily([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    young = daily([50, 55], first=MONDAY + timedelta(days=9), symbol="NVDA")
    lines = rebased([old, young])
    assert lines is not None
    assert lines.start == MONDAY + timedelta(days=9)
    assert lines.days == tuple(weekdays(lines.start, 3))
    assert lines.lines[0][0] == lines.lines[1][0] == 100
    assert lines.lines[1][1] == pytest.approx(110)
    assert lines.shared == 2
    assert lines.younger == (parse_symbol("NVDA"),)


def test_a_holiday_of_one_is_a_gap_in_its_line_alone() -> None:
    full = daily([10, 11, 12])
    without = type(full)(
        **{name: getattr(full, name) for name in full.__struct_fields__} | {"bars": (full.bars[0], full.bars[2])}
    )
    lines = rebased([full, without])
    assert lines is not None
    assert lines.lines[1][1] is None
    assert lines.lines[1][2] == pytest.approx(120)
    assert lines.shared == 2


@pytest.mark.parametrize("several", [[], [daily([1, 2]), daily([1], first=date(2030, 1, 1))]])
def test_without_a_common_session_there_are_no_lines(several: list[Series]) -> None:
    assert rebased(several) is None
