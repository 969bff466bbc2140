"""Positions by arithmetic: one stock, a list, short sales, several currencies, and rates that are not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.positions import Holdings, Position, holdings_of, position_of, rate_symbols
from tests.market.quotes import make_quote


def stock(text: str, quantity: float | None = None, cost: float | None = None) -> Stock:
    """A stock with a position."""
    return Stock(parse_symbol(text), text, quantity=quantity, cost=cost)


def of(*quotes: Quote) -> dict[Symbol, Quote]:
    """Quotes by symbol."""
    return {quote.symbol: quote for quote in quotes}


def holdings(stocks: list[Stock], *quotes: Quote, currency: str = "") -> Holdings:
    """The holdings of a list that has some."""
    result = holdings_of(stocks, of(*quotes), currency)
    assert result is not None
    return result


ENVICOOL = make_quote("002837.SZ", last=60.0, previous_close=58.0)
TENCENT = make_quote("0700.HK", last=500.0, previous_close=510.0)
NVIDIA = make_quote("NVDA", last=180.0, previous_close=170.0)


def test_value_gain_of_the_day_and_gain() -> None:
    assert position_of(stock("002837.SZ", 1000, 50.0), ENVICOOL) == Position(
        currency="CNY",
        quantity=1000,
        cost=50.0,
        value=60_000.0,
        day_gain=2_000.0,
        gain=10_000.0,
        gain_percent=20.0,
    )


def test_a_short_sale_gains_when_the_price_falls() -> None:
    position = position_of(stock("0700.HK", -200, 550.0), TENCENT)
    assert position is not None
    assert (position.value, position.day_gain, position.gain) == (-100_000.0, 2_000.0, 10_000.0)
    assert position.gain_percent == pytest.approx(100 / 11)
    assert position.paid == 110_000.0


def test_without_a_cost_there_is_a_value_and_no_gain() -> None:
    position = position_of(stock("NVDA", 10), NVIDIA)
    assert position is not None
    assert (position.value, position.day_gain) == (1_800.0, 100.0)
    assert (position.gain, position.gain_percent, position.paid) == (None, None, None)


def test_a_cost_of_nothing_has_a_gain_but_no_percentage() -> None:
    position = position_of(stock("NVDA", 10, 0.0), NVIDIA)
    assert position is not None
    assert (position.gain, position.gain_percent) == (1_800.0, None)


@pytest.mark.parametrize("trading", [Trading.SUSPENDED, Trading.DELISTED, Trading.UNTRADED])
def test_a_stock_that_does_not_trade_has_no_gain_of_the_day(trading: Trading) -> None:
    position = position_of(stock("002837.SZ", 100, 50.0), replace(ENVICOOL, trading=trading))
    assert position is not None
    assert position.day_gain is None
    assert position.value == 6_000.0


@pytest.mark.parametrize(
    ("holding", "quote"),
    [
        (stock("NVDA"), NVIDIA),
        (stock("NVDA", 0, 100.0), NVIDIA),
        (stock("NVDA", 10, 100.0), None),
        (stock("NVDA", 10, 100.0), replace(NVIDIA, last=0.0)),
    ],
)
def test_no_position_and_no_price_are_nothing(holding: Stock, quote: Quote | None) -> None:
    assert position_of(holding, quote) is None


def test_a_list_without_positions_has_no_holdings() -> None:
    assert holdings_of([stock("NVDA"), stock("0700.HK", 0)], of(NVIDIA, TENCENT), "CNY") is None


def test_a_list_of_one_currency_is_added_up() -> None:
    result = holdings([stock("002837.SZ", 1000, 50.0), stock("603757.SS", 100), stock("NVDA")], ENVICOOL,
                     make_quote("603757.SS", last=30.0, previous_close=None))  # fmt: skip
    assert result.held == 2
    (sums,) = result.sums
    assert (sums.currency, sums.value, sums.valued) == ("CNY", 63_000.0, 2)
    assert (sums.day_gain, sums.moved) == (2_000.0, 1)
    assert (sums.gain, sums.gain_percent, sums.costed) == (10_000.0, 20.0, 1)
    assert (result.converted, result.rates, result.unconverted) == (None, (), ())


def test_a_position_without_a_price_is_held_but_not_valued() -> None:
    result = holdings([stock("002837.SZ", 1000, 50.0), stock("NVDA", 10)], ENVICOOL)
    assert result.held == 2
    assert [(sums.currency, sums.valued) for sums in result.sums] == [("CNY", 1)]
    assert holdings([stock("NVDA", 10)]).sums == ()


def test_currencies_are_never_added_but_converted_when_asked() -> None:
    stocks = [stock("002837.SZ", 1000, 50.0), stock("0700.HK", -200, 550.0), stock("NVDA", 10, 100.0)]
    quotes = [ENVICOOL, TENCENT, NVIDIA]
    rates = [make_quote("HKD=X", last=8.0, previous_close=None), make_quote("CNY=X", last=7.2, previous_close=None)]
    plain = holdings(stocks, *quotes)
    assert [(sums.currency, sums.value) for sums in plain.sums] == [("CNY", 60e3), ("HKD", -100e3), ("USD", 1800.0)]
    assert plain.converted is None
    result = holdings(stocks, *quotes, *rates, currency="CNY")
    total = result.converted
    assert total is not None
    assert total.value == pytest.approx(60_000 - 100_000 * 0.9 + 1_800 * 7.2)
    assert total.day_gain == pytest.approx(2_000 + 2_000 * 0.9 + 100 * 7.2)
    assert total.gain == pytest.approx(10_000 + 10_000 * 0.9 + 800 * 7.2)
    assert total.gain_percent == pytest.approx(
        (10_000 + 10_000 * 0.9 + 800 * 7.2) / (50_000 + 110_000 * 0.9 + 1_000 * 7.2) * 100
    )
    assert [(rate.base, [leg.symbol.text for leg in rate.legs]) for rate in result.rates] == [
        ("HKD", ["HKD=X", "CNY=X"]),
        ("USD", ["CNY=X"]),
    ]


def test_a_missing_rate_is_said_and_never_taken_for_one() -> None:
    result = holdings([stock("0700.HK", 100), stock("NVDA", 10)], TENCENT, NVIDIA, currency="USD")
    assert (result.converted, result.unconverted) == (None, ("HKD",))
    assert [sums.currency for sums in result.sums] == ["HKD", "USD"]


def test_a_list_in_the_currency_asked_for_needs_no_rate() -> None:
    result = holdings([stock("NVDA", 10)], NVIDIA, currency="USD")
    assert (result.converted, result.unconverted, result.rates) == (None, (), ())


def test_the_rates_to_follow_are_those_of_the_positions() -> None:
    stocks = [stock("002837.SZ", 100), stock("0700.HK", 100), stock("9984.T"), stock("NVDA", 10)]
    assert [symbol.text for symbol in rate_symbols(stocks, "CNY")] == ["HKDCNY=X", "CNY=X"]
    assert rate_symbols(stocks, "") == ()


@given(
    st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-3),
    st.floats(0.01, 1e5),
    st.floats(0.01, 1e5),
    st.floats(0.01, 1e5),
)
def test_gains_are_what_the_value_differs_by(quantity: float, last: float, previous: float, cost: float) -> None:
    position = position_of(stock("NVDA", quantity, cost), replace(NVIDIA, last=last, previous_close=previous))
    assert position is not None
    assert position.day_gain is not None
    assert position.gain is not None
    assert position.gain_percent is not None
    assert position.value - position.day_gain == pytest.approx(quantity * previous, rel=1e-6, abs=1e-3)
    assert position.value - position.gain == pytest.approx(quantity * cost, rel=1e-6, abs=1e-3)
    assert (position.gain_percent > 0) == (position.gain > 0)


def test_a_position_in_an_unknown_currency_is_in_no_sum() -> None:
    unknown = make_quote("9067.HK", last=2.0, previous_close=1.9, currency="")
    held = [stock("9067.HK", 100, 1.0), stock("NVDA", 10)]
    for currency in ("", "USD", "CNY"):
        result = holdings(held, unknown, NVIDIA, currency=currency)
        assert (result.held, result.currencyless) == (2, 1)
        assert [sums.currency for sums in result.sums] == ["USD"]
        assert result.unconverted == (("USD",) if currency == "CNY" else ())
    alone = holdings(held[:1], unknown, currency="CNY")
    assert (alone.sums, alone.converted, alone.unconverted, alone.currencyless) == ((), None, (), 1)
    assert rate_symbols(held[:1], "CNY") == rate_symbols([], "CNY")
