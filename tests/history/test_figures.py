"""The board's columns of history: what a live price is held against, and where nothing is claimed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.history.figures import figures_of
from aiwatch.market.bars import Series
from aiwatch.market.calendar.final_days import session_after
from aiwatch.market.calendar.hours import usual_day
from aiwatch.market.calendar.session import Day
from aiwatch.market.history_figures import HistoryFigures
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Exchange, parse_symbol
from tests.market.bars.fixtures import MONDAY, daily, dividend, split, weekdays
from tests.market.quotes import make_quote

FIRST = date(2024, 2, 5)
DAYS = weekdays(FIRST, 400)
CLOSES = [float(100 + at) for at in range(400)]
AT = dict(zip(DAYS, CLOSES, strict=True))
FRIDAY, NEXT_MONDAY = date(2025, 8, 15), date(2025, 8, 18)
NAMES = ("five_days", "month", "half_year", "year_to_date", "year", "high")


def day_of(exchange: Exchange, day: date) -> Day | None:
    """Every weekday trades."""
    return usual_day(exchange, day) if day.weekday() < 5 else None


def known(series: Series) -> HistoryFigures:
    """The figures of ``series``, which has some."""
    figures = figures_of(series, day_of)
    assert figures is not None
    return figures


def quoted(day: date, last: float, previous: float | None = 499.0, symbol: str = "002837.SZ", **more: object) -> Quote:
    """A price of the afternoon of ``day`` in Shanghai."""
    as_of = datetime.combine(day, time(6, 0), UTC)
    return make_quote(symbol, last=last, previous_close=previous, as_of=as_of, received_at=as_of, **more)


def percents(figures: HistoryFigures, quote: Quote) -> list[float | None]:
    return [figures.percent(name, quote) for name in NAMES]


def change(price: float, close: float) -> object:
    return pytest.approx((price / close - 1) * 100, abs=0.006)


def test_a_live_price_moves_the_last_point_and_the_calendar_counts_from_its_day() -> None:
    assert DAYS[-1] == FRIDAY
    figures = known(daily(CLOSES, first=FIRST))
    live = quoted(NEXT_MONDAY, 510.0)
    references = (AT[date(2025, 8, 11)], AT[date(2025, 7, 18)], AT[date(2025, 2, 18)], AT[date(2024, 12, 31)])
    expected = [change(510, close) for close in (*references, AT[date(2024, 8, 16)])]
    assert percents(figures, live) == [*expected, 0.0]
    assert figures.strip(live) == (*CLOSES[-19:], 510.0)
    fallen = quoted(NEXT_MONDAY, 480.0)
    assert figures.percent("high", fallen) == change(480, 499 * 1.01)
    assert figures.percent("high", replace(fallen, high=600.0)) == change(480, 600)


def test_after_the_close_the_day_itself_is_the_last_point() -> None:
    figures = known(daily(CLOSES, first=FIRST))
    closed = quoted(FRIDAY, 499.0, 498.0)
    closes = (AT[date(2025, 8, 8)], AT[date(2025, 7, 15)], AT[date(2025, 2, 14)], AT[date(2024, 12, 31)])
    assert percents(figures, closed)[:5] == [change(499, close) for close in (*closes, AT[date(2024, 8, 15)])]
    assert figures.strip(closed) == (*CLOSES[-20:-1], 499.0)


@pytest.mark.parametrize("trading", [Trading.UNTRADED, Trading.AUCTION])
def test_before_the_first_trade_the_last_close_is_the_last_point(trading: Trading) -> None:
    figures = known(daily(CLOSES, first=FIRST))
    indicative = quoted(NEXT_MONDAY, 530.0, trading=trading)
    assert figures.percent("five_days", indicative) == change(499, AT[date(2025, 8, 8)])
    assert figures.strip(indicative)[-1] == 499.0


@pytest.mark.parametrize(
    "quote",
    [
        quoted(date(2025, 8, 14), 490.0),
        quoted(date(2025, 8, 19), 510.0),
        quoted(NEXT_MONDAY, 510.0, trading=Trading.SUSPENDED),
        quoted(NEXT_MONDAY, 510.0, trading=Trading.DELISTED),
    ],
    ids=["older than the bars", "a session between", "suspended", "delisted"],
)
def test_where_price_and_bars_do_not_join_nothing_is_claimed(quote: Quote) -> None:
    figures = known(daily(CLOSES, first=FIRST))
    assert percents(figures, quote) == [None] * 6
    assert figures.strip(quote) == ()


@pytest.mark.parametrize(
    ("symbol", "events", "previous", "expected"),
    [
        ("002837.SZ", (), 499.0, 494 + 1),
        ("002837.SZ", (), 249.5, (494 + 1) / 2),  # the exchange's reference price of an ex-date
        ("NVDA", (), 499.0, 494 + 1),
        ("NVDA", (), 499.2, 494 + 1),  # as another source rounds it
        ("NVDA", (), 249.5, None),  # a split that nobody told: or another price altogether
        ("NVDA", (split(NEXT_MONDAY, 2),), 249.5, (494 + 1) / 2),
        ("NVDA", (split(NEXT_MONDAY, 2),), 499.0, (494 + 1) / 2),
        ("NVDA", (dividend(NEXT_MONDAY, 4.99),), 499.0, (494 + 1) * 0.99),
        ("NVDA", (), None, 494 + 1),
    ],
)
def test_what_happened_this_morning_is_taken_off_only_as_far_as_it_is_known(
    symbol: str, events: tuple[object, ...], previous: float | None, expected: float | None
) -> None:
    series = daily(CLOSES, events, first=FIRST, symbol=symbol)  # type: ignore[arg-type]
    live = quoted(NEXT_MONDAY, 260.0, previous, symbol)
    target = None if expected is None else change(260, expected)
    assert known(series).percent("five_days", live) == target


def test_splits_and_dividends_before_are_taken_off_all_earlier_closes() -> None:
    halved = known(daily(CLOSES, (split(DAYS[-3], 2),), first=FIRST))
    assert halved.percent("five_days", quoted(FRIDAY, 499.0, 498.0)) == change(499, 494 / 2)


def test_a_young_share_has_no_figure_of_a_time_before_it() -> None:
    figures = known(daily([10, 11, 12, 13, 14, 15, 16], [dividend(MONDAY, 1)]))
    closed = quoted(date(2025, 8, 12), 16.0, 15.0)
    assert percents(figures, closed) == [change(16, 11), None, None, None, None, None]
    assert figures.strip(closed) == ()
    assert figures_of(daily([]), day_of) is None


def test_a_close_too_long_ago_stands_for_no_day() -> None:
    series = daily([10.0, 11.0], first=date(2025, 1, 2))
    later = daily([20.0, 21.0], first=date(2025, 8, 14))
    figures = known(replace(series, bars=series.bars + later.bars))
    assert figures.percent("month", quoted(FRIDAY, 21.0, 20.0)) is None


@pytest.mark.parametrize(
    ("day", "lost"),
    [
        (date(2025, 8, 12), {"five_days", "high", "strip"}),
        (date(2025, 7, 28), {"high", "strip"}),
        (date(2025, 7, 18), {"month", "high"}),
        (date(2025, 2, 18), {"half_year", "high"}),
        (date(2024, 12, 31), {"year_to_date", "high"}),
        (date(2024, 8, 16), {"year"}),
        (date(2024, 8, 20), {"high"}),
        (date(2024, 3, 1), set()),
    ],
)
def test_a_missing_session_takes_the_figures_that_would_need_it(day: date, lost: set[str]) -> None:
    series = daily(CLOSES, first=FIRST)
    bars = tuple(bar for bar in series.bars if bar.when != day)
    figures = known(replace(series, bars=bars, missing=(day,)))
    live = quoted(NEXT_MONDAY, 510.0)
    assert {name for name in NAMES if figures.percent(name, live) is None} == lost - {"strip"}
    assert (not figures.strip(live)) is ("strip" in lost)


@given(
    st.lists(st.floats(1, 1000), min_size=1, max_size=320),
    st.sets(st.integers(0, 319), max_size=6),
    st.integers(0, 6),
    st.floats(1, 1000),
)
def test_every_figure_is_held_against_a_close_that_is_there(
    closes: list[float], gone: set[int], behind: int, last: float
) -> None:
    whole = daily(closes, first=FIRST)
    missing = tuple(whole.day_of(whole.bars[at]) for at in sorted(gone) if 0 < at < len(closes) - 1)
    series = replace(whole, bars=tuple(bar for bar in whole.bars if bar.when not in missing), missing=missing)
    figures = known(series)
    end = series.days[-1]
    following = session_after(parse_symbol("002837.SZ").exchange, day_of, end)
    quote = quoted(end + timedelta(days=behind), last, closes[-1])
    is_joined = end + timedelta(days=behind) <= following
    prices = set(closes) | {bar.high for bar in whole.bars} | {last}
    for name in NAMES:
        value = figures.percent(name, quote)
        assert value is None or is_joined
        assert value is None or any(abs(value - (last / price - 1) * 100) < 0.01 for price in prices)
    strip = figures.strip(quote)
    assert len(strip) in (0, 20)
    assert not strip or strip[-1] == last
