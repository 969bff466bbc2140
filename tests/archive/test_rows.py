"""Quotes and days as rows and back, and rows that somebody spoiled."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.archive.rows import day_to_row, row_to_day, to_quote, to_row
from aiwatch.market.quote import Trading
from tests.archive.kept import make_quote
from tests.market.days import GOLDEN_WEEK, trading

FULL = make_quote(
    open=57.0, high=60.25, low=56.5, volume=14_222_300, turnover=1.2e9, bid=58.01, ask=58.02, bid_size=100,
    ask_size=200, limit_up=63.25, limit_down=51.75, turnover_rate=2.5, volume_ratio=1.1, vwap=58.4, amplitude=6.5,
    pe=101.5, market_cap=4.3e10, high_52w=70.0, low_52w=20.0, lot=100, delay_minutes=15, name="英维克",
    trading=Trading.AUCTION,
)  # fmt: skip


@pytest.mark.parametrize(
    "quote", [FULL, make_quote(), make_quote("^HSI", 25000.0, previous_close=None), make_quote("CNY=X", decimals=4)]
)
def test_a_quote_comes_back_as_it_was(quote: object) -> None:
    assert isinstance(quote, type(FULL))
    assert to_quote(to_row(quote)) == quote


def _spoiled(**expected: object) -> tuple[str, int, str]:
    symbol, as_of, whole = to_row(FULL)
    return symbol, as_of, json.dumps({**json.loads(whole), **expected})


@pytest.mark.parametrize(
    "expected",
    [
        {"last": "58"},
        {"last": 0},
        {"last": -1.5},
        {"last": True},
        {"last": float("nan")},
        {"last": 1e999},
        {"volume": 1.5},
        {"currency": 7},
        {"trading": "sleeping"},
        {"received_at": None},
        {"received_at": 10**30},
    ],
)
def test_a_spoiled_quote_is_no_quote(expected: dict[str, object]) -> None:
    assert to_quote(_spoiled()) == FULL
    assert to_quote(_spoiled(**expected)) is None


def test_words_lose_what_a_terminal_must_not_get() -> None:
    quote = to_quote(_spoiled(name="En\x1b[31mvi\ncool"))
    assert quote is not None
    assert quote.name == "En[31mvicool"


@given(st.text(), st.integers(), st.text())
def test_any_row_is_a_quote_or_none(symbol: str, as_of: int, expected: str) -> None:
    assert to_quote((symbol, as_of, expected)) is None


@pytest.mark.parametrize("day", [*GOLDEN_WEEK, trading("US", "2026-11-27", ("09:30", "", "", "13:00"), half=True)])
def test_a_day_comes_back_as_it_was(day: object) -> None:
    assert isinstance(day, type(GOLDEN_WEEK[0]))
    assert row_to_day(day_to_row(day)) == day


def test_a_spoiled_day_is_no_day() -> None:
    code, day, opens, starts, ends, closes, half = day_to_row(GOLDEN_WEEK[0])
    assert row_to_day((code, "tomorrow", opens, starts, ends, closes, half)) is None
    assert row_to_day((code, day, closes, starts, ends, opens, half)) is None
    assert row_to_day((code, day, opens, starts, None, closes, half)) is None
    assert row_to_day((code, day, 10**30, starts, ends, closes, half)) is None


def test_what_is_not_plain_is_left_out() -> None:
    assert "symbol" not in to_row(replace(FULL, name=""))[2]
