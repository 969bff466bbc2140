"""Two sources, one moment, two prices."""

from __future__ import annotations

from typing import Any

import pytest

from aiwatch.feed.cross_check import CrossCheck
from aiwatch.market.desk import Desk
from aiwatch.market.quote import Quote, Trading
from tests.feed.fakes import NOW, quote, symbols

ENVICOOL, TENCENT = symbols("002837.SZ", "0700.HK")


def two(first: float, second: float, **more: Any) -> list[Quote]:
    return [quote(ENVICOOL, first), quote(ENVICOOL, second, **({"source": "sina"} | more))]


@pytest.mark.parametrize(
    ("quotes", "told"),
    [
        (two(10.00, 10.02), True),
        (two(10.00, 10.01), False),
        (two(10.00, 10.02, seconds=1), True),
        (two(10.00, 10.02, seconds=2), False),
        ([quote(ENVICOOL, 10.05), *two(10.00, 10.04)], False),
        ([quote(ENVICOOL, 10.05, seconds=-11), *two(10.00, 10.10)], True),
        ([*two(10.00, 10.10), quote(ENVICOOL, 10.09)], False),
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
def test_only_comparable_prices_more_than_a_tick_apart_disagree(quotes: list[Quote], told: bool) -> None:
    check = CrossCheck()
    check.note(quotes)
    assert bool(check.disagreements) is told


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


def test_the_desk_keeps_what_stands_and_says_what_is_news() -> None:
    check, desk = CrossCheck(), Desk(lambda: NOW)
    check.note(two(10.00, 10.05))
    assert desk.disagree(check.disagreements) == {ENVICOOL}
    assert desk.disagree(check.disagreements) == set()
    assert desk.frozen().disagreements.keys() == {ENVICOOL}
    assert desk.disagree(()) == {ENVICOOL}
    assert desk.disagreements == {}
