"""The child's answer as a series."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aiwatch.history.worker.messages import BarsAnswer, DailyRow
from aiwatch.history.worker.yahoo_days import series_of
from aiwatch.market.bars import BarsQuery, Interval
from aiwatch.market.symbol import parse_symbol

NOW = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
ROWS = [DailyRow(date(2025, 8, day), 1.0, 3.0, 0.5, 2.0, volume) for day, volume in ((12, 100), (13, 0), (14, None))]


@pytest.mark.parametrize(
    ("symbol", "volumes"), [("NVDA", [100, 0, None]), ("^GSPC", [100, None, None]), ("CNY=X", [100, None, None])]
)
def test_a_volume_of_nought_is_none_where_there_are_no_shares(symbol: str, volumes: list[int | None]) -> None:
    query = BarsQuery(parse_symbol(symbol), Interval.DAY, date(2025, 8, 1))
    series = series_of(query, BarsAnswer("USD", ROWS), NOW)
    assert [bar.volume for bar in series.bars] == volumes
    assert (series.source, series.complete_from) == ("yahoo", date(2025, 8, 1))


def test_bars_after_the_last_day_asked_are_left_out() -> None:
    query = BarsQuery(parse_symbol("NVDA"), Interval.DAY, None, date(2025, 8, 13))
    series = series_of(query, BarsAnswer("USD", ROWS), NOW)
    assert [bar.when for bar in series.bars] == [date(2025, 8, 12), date(2025, 8, 13)]
