"""Rates between currencies: of the pair, either way round, or through the dollar, and none where none is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aiwatch.market.exchange_rates import dollar_pair, pairs_between, rate_between
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from tests.market.quotes import TRADING_MOMENT, make_quote


def held(**rates: float) -> dict[Symbol, Quote]:
    """Quotes of pairs, by their letters."""
    quotes = [make_quote(f"{pair}=X", last=rate, previous_close=None, decimals=4) for pair, rate in rates.items()]
    return {quote.symbol: quote for quote in quotes}


@pytest.mark.parametrize(
    ("base", "target", "rates", "rate", "legs"),
    [
        ("USD", "CNY", {"CNY": 7.2}, 7.2, ["CNY=X"]),
        ("CNY", "USD", {"CNY": 8.0}, 0.125, ["CNY=X"]),
        ("USD", "CNY", {"USDCNY": 7.2}, 7.2, ["USDCNY=X"]),
        ("EUR", "USD", {"EURUSD": 1.25}, 1.25, ["EURUSD=X"]),
        ("USD", "EUR", {"EURUSD": 1.25}, 0.8, ["EURUSD=X"]),
        ("EUR", "CNY", {"EURUSD": 1.25, "CNY": 8.0}, 10.0, ["EURUSD=X", "CNY=X"]),
        ("JPY", "CNY", {"JPY": 160.0, "CNY": 8.0}, 0.05, ["JPY=X", "CNY=X"]),
        ("HKD", "CNY", {"HKDCNY": 0.9, "HKD": 8.0, "CNY": 8.0}, 0.9, ["HKDCNY=X"]),
        ("CNY", "HKD", {"HKDCNY": 0.8}, 1.25, ["HKDCNY=X"]),
        ("HKD", "CNY", {"HKD": 8.0, "CNY": 7.2}, 0.9, ["HKD=X", "CNY=X"]),
    ],
)
def test_a_rate_is_of_the_pair_or_crossed(
    base: str, target: str, rates: dict[str, float], rate: float, legs: list[str]
) -> None:
    result = rate_between(base, target, held(**rates))
    assert result is not None
    assert result.rate == pytest.approx(rate)
    assert [leg.symbol.text for leg in result.legs] == legs


@pytest.mark.parametrize(
    ("base", "target", "rates"),
    [("JPY", "CNY", {}), ("JPY", "CNY", {"CNY": 7.2}), ("JPY", "CNY", {"JPY": 150.0}), ("USD", "CNY", {"CNY": 0.0})],
)
def test_a_rate_that_nobody_told_is_none(base: str, target: str, rates: dict[str, float]) -> None:
    assert rate_between(base, target, held(**rates)) is None


def test_of_two_spellings_the_newer_counts() -> None:
    old, new = held(CNY=7.0), held(USDCNY=7.3)
    late = make_quote("CNY=X", last=7.1, previous_close=None, as_of=TRADING_MOMENT + timedelta(minutes=1))
    for quotes, rate in ((old | new | {late.symbol: late}, 7.1), (held(USDCNY=7.3), 7.3)):
        result = rate_between("USD", "CNY", quotes)
        assert result is not None
        assert result.rate == rate


@pytest.mark.parametrize(
    ("currencies", "target", "pairs"),
    [
        ({"CNY"}, "CNY", []),
        ({"USD", "CNY"}, "CNY", ["CNY=X"]),
        ({"HKD", "JPY"}, "CNY", ["HKDCNY=X", "JPY=X", "CNY=X"]),
        ({"EUR", "USD"}, "GBP", ["EURUSD=X", "GBPUSD=X"]),
        ({"HKD"}, "USD", ["HKD=X"]),
    ],
)
def test_what_is_followed_is_enough_to_convert(currencies: set[str], target: str, pairs: list[str]) -> None:
    symbols = pairs_between(currencies, target)
    assert [symbol.text for symbol in symbols] == pairs
    quotes = {symbol: make_quote(symbol.text, last=2.0, previous_close=None) for symbol in symbols}
    assert all(rate_between(currency, target, quotes) for currency in currencies - {target})


def test_the_dollar_pair_is_spelt_as_it_is_quoted() -> None:
    assert [dollar_pair(code).text for code in ("CNY", "EUR", "GBP")] == ["CNY=X", "EURUSD=X", "GBPUSD=X"]


def test_of_an_unknown_currency_there_is_no_rate_and_no_pair() -> None:
    assert rate_between("", "CNY", {}) is None
    assert rate_between("USD", "", {}) is None
    assert pairs_between(["", "CNY"], "CNY") == ()
