"""Adjusting for dividends and splits: by hand-made figures, and by what must hold for all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.market.bars import Bar, Basis, Event, Series, adjusted, factors, undo_splits
from tests.market.bars.fixtures import MONDAY, closes_of, daily, dividend, split, weekdays

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


@pytest.mark.parametrize(
    ("closes", "events", "expected"),
    [
        ([10, 11, 12], [], [10, 11, 12]),
        ([10, 9.5, 10], [dividend(TUESDAY, 0.5)], [9.5, 9.5, 10]),
        ([100, 10, 11], [split(TUESDAY, 10)], [10, 10, 11]),
        ([100, 50, 20], [split(TUESDAY, 2), dividend(WEDNESDAY, 30)], [20, 20, 20]),
        ([100, 45, 45], [dividend(TUESDAY, 10), split(TUESDAY, 2)], [45, 45, 45]),
        ([10, 11, 12], [dividend(MONDAY, 1)], [10, 11, 12]),  # before the first bar there is nothing to adjust
        ([10, 11, 12], [dividend(MONDAY + timedelta(days=30), 1)], [10, 11, 12]),  # nor for what is still to come
        ([10, 11, 12], [dividend(TUESDAY, 10)], [10, 11, 12]),  # as large as the price
        ([10, 11, 12], [split(TUESDAY, 0)], [10, 11, 12]),
    ],
)
def test_prices_are_adjusted_for_what_came_later(
    closes: list[float], events: list[Event], expected: list[float]
) -> None:
    series = adjusted(daily(closes, events))
    assert series.basis is Basis.ADJUSTED
    assert closes_of(series) == expected


def test_an_ex_date_without_a_bar_counts_from_the_session_before_it() -> None:
    friday = MONDAY + timedelta(days=4)
    saturday = friday + timedelta(days=1)
    series = daily([10, 10, 10, 10, 10, 9, 9], [dividend(saturday, 1)])
    assert closes_of(adjusted(series)) == [9] * 7


def test_a_split_changes_volume_and_a_dividend_does_not() -> None:
    series = adjusted(daily([100, 10, 9], [split(TUESDAY, 10), dividend(WEDNESDAY, 1)]))
    assert [bar.volume for bar in series.bars] == [10_000, 1_000, 1_000]


def test_the_close_before_the_first_bar_is_adjusted_too() -> None:
    series = replace(daily([9.5, 10], [dividend(MONDAY, 0.5)]), previous_close=10.0)
    assert adjusted(series).previous_close == pytest.approx(9.5)


def test_adjusting_twice_changes_nothing_more() -> None:
    once = adjusted(daily([100, 10, 9], [split(TUESDAY, 10)]))
    assert adjusted(once) is once
    assert factors(once) == (1.0, 1.0, 1.0)


def test_splits_that_the_source_put_into_its_prices_are_undone() -> None:
    paid = daily([1208, 1200, 121], [dividend(TUESDAY, 0.4), split(WEDNESDAY, 10)])
    yahoo = replace(
        paid,
        bars=tuple(bar._replace(volume=(bar.volume or 0) * 10) for bar in adjusted_for_splits(paid)),
        events=(dividend(TUESDAY, 0.04), split(WEDNESDAY, 10)),
        previous_close=120.0,
    )
    undone = undo_splits(yahoo)
    assert closes_of(undone) == [1208, 1200, 121]
    assert undone.events[0].value == pytest.approx(0.4)
    assert undone.previous_close == pytest.approx(1200)
    assert [bar.volume for bar in undone.bars] == [1000, 1000, 10000]


def adjusted_for_splits(series: Series) -> list[Bar]:
    """The bars as Yahoo sends them: every price before the last day divided by ten."""
    *before, last = series.bars
    return [
        *(
            bar._replace(open=bar.open / 10, high=bar.high / 10, low=bar.low / 10, close=bar.close / 10)
            for bar in before
        ),
        last._replace(volume=1000),
    ]


@given(
    st.lists(st.floats(1, 1000), min_size=2, max_size=30),
    st.lists(st.tuples(st.integers(1, 29), st.floats(0.01, 0.5), st.sampled_from([1.0, 1.3, 2.0, 10.0])), max_size=4),
)
def test_a_holder_gains_what_adjusted_prices_say(closes: list[float], marks: list[tuple[int, float, float]]) -> None:
    """One who puts every dividend back into shares at the reference price owns adjusted-return times his money."""
    days = weekdays(MONDAY, len(closes))
    marks = [mark for mark in {mark[0]: mark for mark in marks}.values() if mark[0] < len(days)]
    events = [event for at, cash, ratio in marks for event in (dividend(days[at], cash), split(days[at], ratio))]
    series = adjusted(daily(closes, events))
    shares = 1.0
    for at, cash, ratio in marks:
        shares *= ratio * closes[at - 1] / (closes[at - 1] - cash)
    held = shares * closes[-1] / closes[0]
    assert series.bars[-1].close / series.bars[0].close == pytest.approx(held, rel=1e-9)


# What an unadjusted series of a host that divides its prices must come to: the order of a dividend and a split counts.
SPLIT_DAY = weekdays(MONDAY, 4)[2]


@pytest.mark.parametrize(
    ("currency", "symbol", "paid", "events", "holder"),
    [
        ("USD", "AAPL", [499.0, 500.0, 126.0, 127.0], [split(SPLIT_DAY, 4)], 127 / (499 / 4)),
        ("HKD", "0700.HK", [600.0, 590.0, 60.0, 61.0], [split(SPLIT_DAY, 10)], 61 / 60),
        ("HKD", "0005.HK", [80.0, 81.0, 80.5, 80.0], [dividend(SPLIT_DAY, 0.8)], 80 / (80 * (81 - 0.8) / 81)),
        ("USD", "NVDA", [1200.0, 1210.0, 121.0, 122.0], [dividend(MONDAY + timedelta(days=1), 1.0),
         split(SPLIT_DAY, 10)], 122 / (1200 * (1200 - 1) / 1200 / 10)),
    ],
    ids=["a split in New York", "a split in Hong Kong", "a dividend in Hong Kong", "a dividend before a split"],
)  # fmt: skip
def test_hong_kong_and_us_shares_gain_what_a_holder_gained(
    currency: str, symbol: str, paid: list[float], events: list[Event], holder: float
) -> None:
    series = daily(paid, events, symbol=symbol)
    assert series.currency == currency
    bars = adjusted(series).bars
    assert bars[-1].close / bars[0].close == pytest.approx(holder)
    assert closes_of(series) == paid, "what was paid stays as it is"
