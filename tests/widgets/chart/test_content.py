"""From bars to a picture: ranges, zoom, joined bars, dated events, limit days, the hours of a day, comparisons."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.market.bars import Bar, Event, EventKind, Interval, Range, RefusedBar
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.chart.content import Built, build
from aiwatch.widgets.chart.data import ChartData, Compared, DatedEvent, View
from aiwatch.widgets.chart.prepared import Prepared
from aiwatch.widgets.chart.selection import LEAST_BARS, base_of, covers, fitted, zoomed
from aiwatch.widgets.chart.words import notes_of, source_forms
from tests.widgets.chart.fixtures import (
    LAST,
    NOW,
    compared,
    daily,
    minute_data,
    minutes,
    series,
    walk,
    weekdays,
)


def built(data: ChartData, span: Range, width: int = 200, **look: object) -> Built:
    return build(Prepared(data), View(span, **look), width)  # type: ignore[arg-type]


def flat(closes: list[float], **changed: object) -> ChartData:
    """Days that open, move and close at one price."""
    bars = [
        Bar(day, close, close, close, close, 1000) for day, close in zip(weekdays(len(closes)), closes, strict=True)
    ]
    return ChartData(series=series(bars, **changed))


@pytest.mark.parametrize(
    ("span", "first", "base"),
    [
        (Range.MONTH, date(2025, 7, 15), date(2025, 7, 15)),
        (Range.HALF_YEAR, date(2025, 2, 17), date(2025, 2, 14)),
        (Range.YEAR_TO_DATE, date(2025, 1, 1), date(2024, 12, 31)),
        (Range.FIVE_DAYS, date(2025, 8, 11), date(2025, 8, 8)),
        (Range.MAX, date(2024, 8, 5), date(2024, 8, 5)),
    ],
)
def test_a_range_and_what_its_change_is_counted_from(span: Range, first: date, base: date) -> None:
    data = daily(270)
    picture = built(data, span, adjusted=False, candles=False).picture
    assert picture.moments[0].date() == first
    assert picture.base == next(bar.close for bar in data.series.bars if bar.when == base)


def test_adjusted_and_unadjusted_prices_differ_before_the_ex_date() -> None:
    data = daily(130)
    paid, adjusted = (built(data, Range.HALF_YEAR, candles=False, adjusted=each).picture for each in (False, True))
    assert paid.columns[-1] == adjusted.columns[-1]
    assert paid.closes[0] != adjusted.closes[0]


@given(st.integers(0, 1500), st.integers(1, 200))
def test_bars_are_joined_until_they_fit_and_none_is_lost(count: int, most: int) -> None:
    whole = series([Bar(day, 1.0, 1.0, 1.0, 1.0, 1) for day in weekdays(count)])
    bars, words, _ = fitted(whole, most)
    assert len(bars) <= most
    assert sum(bar.volume or 0 for bar in bars) == count
    assert bool(words) == (count > most)


@pytest.mark.parametrize(
    ("data", "span", "width", "words"),
    [
        (daily(250), Range.MONTH, 90, ""),
        (daily(250), Range.HALF_YEAR, 90, "weeks"),
        (daily(270), Range.YEAR, 90, "2 weeks"),
        (daily(270), Range.YEAR, 160, "weeks"),
        (daily(1300), Range.FIVE_YEARS, 160, "months"),
        (daily(1300), Range.FIVE_YEARS, 60, "3 months"),
        (minute_data(), Range.DAY, 160, "5 minutes"),
        (minute_data(), Range.DAY, 60, "15 minutes"),
    ],
)
def test_what_candles_are_joined_to(data: ChartData, span: Range, width: int, words: str) -> None:
    assert built(data, span, width, day_candles=True).picture.joined == words


def test_a_joined_candle_says_its_days() -> None:
    column = built(daily(130), Range.HALF_YEAR, 90).picture.last
    assert column is not None
    assert column.when(intraday=False) == "11–15 Aug 2025"


# Zoom


@given(st.integers(1, 500), st.data(), st.sampled_from([0.5, 0.8, 1.25, 2.0]))
def test_a_zoom_stays_within_the_range_and_keeps_its_anchor(count: int, data: st.DataObject, factor: float) -> None:
    first = data.draw(st.integers(0, count - 1))
    window = (first, data.draw(st.integers(first + 1, count)))
    anchor = data.draw(st.integers(window[0], window[1] - 1))
    result = zoomed(window, count, anchor, factor)
    if result is None:
        return
    assert 0 <= result[0] < result[1] <= count
    assert result[1] - result[0] >= min(count, LEAST_BARS)
    assert result[0] <= anchor < result[1]


def test_a_zoomed_chart_counts_its_change_from_the_close_before_it() -> None:
    data = daily(60)
    picture = built(data, Range.MAX, window=(20, 40), adjusted=False).picture
    assert len(picture.columns) == 20
    assert picture.base == data.series.bars[19].close


# Dated events and limit days


def test_events_stand_on_their_session_or_the_next() -> None:
    friday = LAST
    data = replace(
        daily(30),
        events=(
            DatedEvent(friday - timedelta(days=6), "C033 OpenAI → Oracle"),
            DatedEvent(date(2020, 1, 1), "too early"),
        ),
        series=series(walk(30), events=(Event(friday - timedelta(days=4), EventKind.SPLIT, 10.0, "tencent"),)),
    )
    signs = built(data, Range.MONTH, adjusted=False).picture.signs
    assert list(signs.values()) == ["◆"]
    column = built(data, Range.MONTH, adjusted=False).picture.columns[next(iter(signs))]
    assert column is not None
    assert column.first.date() == friday - timedelta(days=4)
    assert set(column.events) == {"◆ C033 OpenAI → Oracle", "S split 10 for 1"}


@pytest.mark.parametrize(
    ("closes", "symbol", "limits"),
    [
        ([10.0] * 6 + [11.0, 12.1, 12.1], "603757.SS", [0] * 6 + [1, 1, 0]),
        ([10.0] * 6 + [9.0, 9.0], "603757.SS", [0] * 6 + [-1, 0]),
        ([10.0] * 6 + [11.0, 13.2], "300870.SZ", [0] * 7 + [1]),
        ([10.0] * 6 + [10.99], "603757.SS", [0] * 7),
        ([10.0, 11.0, 12.1, 13.31, 14.64, 16.1], "603757.SS", [0, 0, 0, 0, 0, 1]),
        ([10.0] * 6 + [11.0], "NVDA", [0] * 7),
    ],
)
def test_days_that_closed_at_their_limit(closes: list[float], symbol: str, limits: list[int]) -> None:
    data = flat(closes, symbol=parse_symbol(symbol))
    columns = built(data, Range.MAX, adjusted=False).picture.columns
    assert [column.limit for column in columns if column is not None] == limits


def test_a_limit_is_counted_from_the_reference_price_of_an_ex_date() -> None:
    days = weekdays(8)
    bars = flat([20.0] * 7 + [11.0]).series.bars
    split = Event(days[-1], EventKind.SPLIT, 2.0, "tencent")
    column = built(ChartData(series=series(list(bars), events=(split,))), Range.MAX).picture.last
    assert column is not None
    assert column.limit == 1


# The chart of a day


def test_a_day_has_a_place_for_every_minute_of_its_sessions() -> None:
    picture = built(minute_data(30), Range.DAY, candles=False).picture
    assert len(picture.moments) == 240
    assert [column is not None for column in picture.columns] == [True] * 30 + [False] * 210
    assert f"{picture.moments[119]:%H:%M} {picture.moments[120]:%H:%M}" == "11:29 13:00"
    assert picture.previous_close == picture.base == 42.86


def test_the_bar_of_the_closing_auction_joins_the_last_minute() -> None:
    whole = minutes(240)
    auction = whole[-1]._replace(when=datetime(2025, 8, 15, 7, 0, tzinfo=UTC), close=46.0, high=46.0, volume=7)
    data = minute_data()
    picture = built(
        replace(data, series=replace(data.series, bars=(*whole, auction))), Range.DAY, candles=False
    ).picture
    assert len(picture.columns) == 240
    assert picture.last is not None
    assert picture.last.candle.close == 46.0
    assert picture.last.volume == (whole[-1].volume or 0) + 7


def test_the_average_price_is_turnover_over_volume() -> None:
    start = datetime(2025, 8, 15, 1, 30, tzinfo=UTC)
    bars = [
        Bar(start, 10.0, 10.0, 10.0, 10.0, 100, 1000.0),
        Bar(start + timedelta(minutes=1), 10.0, 12.0, 10.0, 12.0, 300, 3500.0),
    ]
    data = ChartData(series=series(bars, interval=Interval.MINUTE))
    assert built(data, Range.DAY, candles=False).picture.average == (10.0, 11.25)


@pytest.mark.parametrize("spoiled", [{"amount": None}, {"volume": None}, {"amount": 100_000.0}])
def test_no_average_price_is_claimed_where_it_cannot_be_known(spoiled: dict[str, object]) -> None:
    start = datetime(2025, 8, 15, 1, 30, tzinfo=UTC)
    bar = Bar(start, 10.0, 10.0, 10.0, 10.0, 100, 1000.0)._replace(**spoiled)  # type: ignore[arg-type]
    data = ChartData(series=series([bar], interval=Interval.MINUTE))
    assert built(data, Range.DAY, candles=False).picture.average == ()


# Comparisons


def test_a_comparison_starts_at_nought_on_the_first_common_day() -> None:
    data = compared(60)
    young = Compared("Young", series(walk(20, seed=9)))
    picture = built(replace(data, compared=(*data.compared, young)), Range.MAX).picture
    assert [line.values[0] for line in picture.lines] == [0.0] * 5
    assert [line.name for line in picture.lines][1:3] == ["CSI 300", "英维克 Envicool"]
    assert len(picture.moments) == 20


def test_a_comparison_of_a_day_counts_from_the_closes_before() -> None:
    bars = minutes(5)
    second = series(minutes(5, seed=8), interval=Interval.MINUTE, previous_close=40.0)
    data = minute_data(5, compared=(Compared("Other", second),))
    picture = built(data, Range.DAY).picture
    assert picture.lines[0].values[-1] == pytest.approx((bars[-1].close / 42.86 - 1) * 100)
    assert picture.lines[1].values[0] == pytest.approx((second.bars[0].close / 40.0 - 1) * 100)


def test_series_without_a_common_day_are_not_compared() -> None:
    old = Compared("Old", series(walk(5, last=date(2020, 1, 10))))
    assert built(daily(30, compared=(old,)), Range.MAX).picture.columns == ()


# Words


def test_every_chart_says_source_basis_delay_and_age() -> None:
    data = daily(30, delay_minutes=15)
    assert source_forms(data, "adjusted")[0] == "Tencent · adjusted · 15 min delayed · as of 15 Aug 15:15"
    assert source_forms(data, "adjusted")[-1] == "Tencent"
    assert "as of" not in source_forms(replace(data, is_kept=True), "adjusted")[0]


@pytest.mark.parametrize(
    ("asked", "begins", "span", "words"),
    [
        (date(2024, 8, 17), 265, Range.YEAR, ()),
        (date(2024, 8, 14), 265, Range.YEAR, ()),
        (date(2025, 2, 1), 120, Range.YEAR, ("bars only from 3 Mar 2025",)),
        (date(2024, 8, 14), 120, Range.YEAR, ("bars only from 3 Mar 2025",)),
        (None, 120, Range.YEAR, ("bars only from 3 Mar 2025",)),
        (None, 120, Range.MAX, ()),
    ],
    ids=["asked on a day without a session", "as asked", "asked for less", "a cut answer", "a young share", "all"],
)
def test_a_part_of_the_range_that_is_not_there_is_said_and_a_day_or_two_is_none(
    asked: date | None, begins: int, span: Range, words: tuple[str, ...]
) -> None:
    data = daily(begins)
    data = replace(data, series=replace(data.series, complete_from=asked))
    assert notes_of(data, View(span), (), ()) == words


def test_why_a_bar_was_rejected_is_said() -> None:
    data = daily(30)
    refused = (RefusedBar("2025-08-01", "low above high"), RefusedBar("2025-08-04", "sent twice"))
    for few, words in ((refused[:1], "1 bar rejected: "), (refused, "2 bars rejected, the first: ")):
        options = replace(data, series=replace(data.series, refused=few))
        assert notes_of(options, View(Range.MONTH), (), ()) == (f"{words}2025-08-01: low above high",)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ((date(2025, 8, 5),), "1 session missing: 5 Aug"),
        ((date(2025, 7, 31), date(2025, 8, 5), date(2025, 8, 6)), "3 sessions missing: 31 Jul, 5, 6 Aug"),
        (tuple(date(2025, 8, day) for day in (4, 5, 6, 7, 8)), "5 sessions missing, the last on 8 Aug"),
    ],
)
def test_missing_sessions_are_named(missing: tuple[date, ...], words: str) -> None:
    assert notes_of(daily(30), View(Range.MONTH), missing, ()) == (words,)


def test_what_is_kept_says_its_date_and_what_the_screen_says_comes_after() -> None:
    data = daily(30, is_kept=True, notes=("Yahoo rests until 14:05 (429)",))
    assert notes_of(data, View(Range.MONTH), (), ("qt.gtimg.cn: timed out", "")) == (
        "kept, as of 15 Aug 15:15",
        "qt.gtimg.cn: timed out",
        "Yahoo rests until 14:05 (429)",
    )


@pytest.mark.parametrize(
    ("data", "span", "is_covered"),
    [
        (daily(250), Range.YEAR, True),
        (daily(20, series=series(walk(20), complete_from=date(2025, 7, 28))), Range.MONTH, False),
        (daily(20, series=series(walk(20), complete_from=date(2025, 7, 17))), Range.MONTH, True),
        (daily(20, series=series(walk(20), complete_from=date(2025, 7, 15))), Range.MAX, False),
        (daily(250), Range.DAY, False),
        (minute_data(), Range.DAY, True),
        (minute_data(), Range.FIVE_DAYS, True),
        (minute_data(series=series(minutes(), interval=Interval.MINUTE, complete_from=LAST)), Range.FIVE_DAYS, False),
    ],
)
def test_whether_bars_cover_a_range(data: ChartData, span: Range, is_covered: bool) -> None:
    assert covers(data.series, View(span), data) is is_covered


def test_nothing_is_made_of_no_bars() -> None:
    data = ChartData(series=series([]), today=NOW.date())
    assert built(data, Range.MONTH).picture.columns == ()
    assert base_of(data.series, View(Range.MONTH), data) is None


def test_a_day_is_a_line_until_candles_are_asked_for_and_the_other_ranges_stay_as_they_are() -> None:
    view = View(Range.DAY, candles=True)
    assert not view.has_candles
    asked = view.with_candles(True)
    assert asked.has_candles
    assert replace(asked, range=Range.YEAR).with_candles(False) == View(Range.YEAR, candles=False, day_candles=True)
