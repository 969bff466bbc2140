"""Two sources, one moment, two prices."""

from __future__ import annotations

from typing import Any

import pytest

from aiwatch.feed.cross_check import CrossCheck
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import MarketState
from tests.feed.fakes import NOW, quote, symbols

ENVICOOL, TENCENT = symbols("002837.SZ", "0700.HK")


def two(first: float, second: float, **more: Any) -> list[Quote]:
    return [quote(ENVICOOL, first), quote(ENVICOOL, second, **({"source": "sina"} | more))]


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (two(10.00, 10.02), True),
        (two(10.00, 10.01), False),
        (two(10.00, 10.02, seconds=0.9), True),
        (two(10.00, 10.02, seconds=1), False),
        (two(10.00, 10.02, delay_minutes=15), False),
        (two(10.00, 10.02, source="tencent"), False),
        (two(10.00, 10.02, trading=Trading.AUCTION), False),
        (two(10.00, 10.02, currency="HKD"), False),
        (two(10.0000, 10.0002, decimals=4), False),
        ([quote(TENCENT, 590.0, decimals=3), quote(TENCENT, 590.5, decimals=3, source="sina")], False),
        ([quote(TENCENT, 590.0, decimals=3), quote(TENCENT, 591.0, decimals=3, source="sina")], True),
        ([quote(TENCENT, 6000.0, decimals=3), quote(TENCENT, 6006.0, decimals=3, source="sina")], True),
    ],
)
def test_only_comparable_prices_more_than_a_tick_apart_disagree(quotes: list[Quote], expected: bool) -> None:
    check = CrossCheck()
    check.note(quotes)
    assert bool(check.disagreements) is expected


def test_a_disagreement_ends_when_both_agree_or_nothing_confirms_it() -> None:
    check = CrossCheck()
    check.note(two(10.00, 10.05))
    assert check.disagreements[0].difference == 0.05
    check.note([quote(ENVICOOL, 10.05, seconds=30)])
    assert check.disagreements, "another moment says nothing"
    check.note([quote(ENVICOOL, 10.05, seconds=61)])
    assert not check.disagreements
    check.note(two(10.00, 10.05))
    check.note(two(10.05, 10.05))
    assert not check.disagreements
    check.note(two(10.00, 10.05))
    check.keep_only([TENCENT])
    assert not check.disagreements


def frames(*expected: tuple[float, float]) -> list[Quote]:
    """Frames of the stream: a price and the second it is of."""
    return [quote(ENVICOOL, last, seconds=second, source="stream") for last, second in expected]


def test_what_moves_between_two_frames_is_no_disagreement() -> None:
    check = CrossCheck()
    for minute in range(3):
        second = 60 * minute
        check.note(frames((10.00, second), (10.30, second + 2)))
        check.note([quote(ENVICOOL, 10.17, seconds=second + 1)])
    assert not check.disagreements
    check.note(frames((10.30, 200.0)))
    check.note([quote(ENVICOOL, 10.17, seconds=201)])
    assert not check.disagreements, "before the frame after it has come, nothing can be said"
    check.note(frames((10.10, 202.0)))
    assert not check.disagreements


def test_a_polled_price_that_lies_beside_the_stream_twice_is_told() -> None:
    check = CrossCheck()
    for minute in range(2):
        assert not check.disagreements, "once may be a price that no frame told"
        check.note(frames((10.00, 60 * minute)))
        check.note([quote(ENVICOOL, 10.50, seconds=60 * minute + 1)])
        check.note(frames((10.02, 60 * minute + 2)))
        check.note([quote(ENVICOOL, 10.50, seconds=60 * minute + 1)])
    (disagreement,) = check.disagreements
    assert (disagreement.one.source, disagreement.one.last, disagreement.other.source, disagreement.other.last) == (
        "tencent",
        10.50,
        "stream",
        10.02,
    )
    check.note([quote(ENVICOOL, 10.01, seconds=61.5)])
    assert not check.disagreements


@pytest.mark.parametrize("gap", [11.0, -1.0])
def test_frames_far_apart_or_out_of_order_say_nothing(gap: float) -> None:
    check = CrossCheck()
    for minute in range(3):
        check.note(frames((10.00, 60 * minute)))
        check.note([quote(ENVICOOL, 10.50, seconds=60 * minute + gap / 2)])
        check.note(frames((10.00, 60 * minute + gap)))
    assert not check.disagreements


def test_the_desk_keeps_what_stands_and_says_what_is_news() -> None:
    check, market = CrossCheck(), MarketState(lambda: NOW)
    check.note(two(10.00, 10.05))
    assert market.disagree(check.disagreements) == {ENVICOOL}
    assert market.disagree(check.disagreements) == set()
    assert market.frozen().disagreements.keys() == {ENVICOOL}
    assert market.disagree(()) == {ENVICOOL}
    assert market.disagreements == {}
