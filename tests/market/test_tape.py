"""The tape: bounded, one day long, without repeats."""

from __future__ import annotations

from datetime import timedelta

from aiwatch.market.tape import TAPE_LENGTH, Tape
from tests.market.quotes import TRADING_MOMENT


def test_prices_are_kept_oldest_first_and_a_repeat_only_after_a_minute() -> None:
    tape = Tape()
    for seconds, price in ((0, 10.0), (5, 10.0), (10, 10.1), (15, 10.0), (74, 10.0), (75, 10.0)):
        tape.add(price, TRADING_MOMENT + timedelta(seconds=seconds), "today")
    assert list(tape.prices) == [10.0, 10.1, 10.0, 10.0]
    assert len(tape) == 4


def test_a_new_day_clears_the_tape() -> None:
    tape = Tape()
    tape.add(10.0, TRADING_MOMENT, "today")
    tape.add(10.0, TRADING_MOMENT + timedelta(seconds=1), "tomorrow")
    assert list(tape.prices) == [10.0]
    tape.add(11.0, TRADING_MOMENT + timedelta(seconds=2), "tomorrow")
    assert list(tape.prices) == [10.0, 11.0]


def test_the_oldest_prices_fall_off() -> None:
    tape = Tape()
    for price in range(TAPE_LENGTH + 5):
        tape.add(float(price), TRADING_MOMENT, "today")
    assert list(tape.prices) == list(range(5, TAPE_LENGTH + 5))
    assert Tape.of(map(float, range(TAPE_LENGTH + 5)), TRADING_MOMENT, "today").prices == tape.prices


def test_a_copy_is_not_reached_by_later_prices() -> None:
    tape = Tape()
    tape.add(10.0, TRADING_MOMENT, "today")
    copy = tape.copy()
    tape.add(11.0, TRADING_MOMENT + timedelta(seconds=1), "today")
    assert list(copy.prices) == [10.0]
    copy.add(10.0, TRADING_MOMENT + timedelta(seconds=2), "today")
    assert list(copy.prices) == [10.0]
