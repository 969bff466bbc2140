"""What is computed from a quote, above all when the stock does not trade."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs

from aiwatch.market.quote import Extended, Trading, newer
from tests.market.quotes import TRADING_MOMENT, make_quote


def test_change_is_against_the_previous_close() -> None:
    quote = make_quote()
    assert quote.change == 1.98
    assert quote.change_percent == 3.41
    assert make_quote(last=50.0).change == -8.02
    assert make_quote(last=58.02).change_percent == 0
    assert make_quote(last=504.595, previous_close=505.48).change_percent == -0.18, "not of the change as it is shown"


def test_change_is_rounded_to_the_prices_decimals() -> None:
    assert make_quote(last=3.951, previous_close=3.945, decimals=3).change == 0.006
    assert make_quote("9984.T", last=12345.0, previous_close=12344.0, decimals=0).change == 1


def test_without_a_previous_close_there_is_no_change() -> None:
    quote = make_quote(previous_close=None)
    assert (quote.change, quote.change_percent, quote.limits, quote.to_limit_percent) == (None, None, None, None)
    assert quote.at_limit == 0


@pytest.mark.parametrize("trading", [Trading.SUSPENDED, Trading.DELISTED])
def test_a_stock_that_does_not_trade_has_no_change_and_no_limit(trading: Trading) -> None:
    quote = make_quote(last=0.01, trading=trading)
    assert (quote.change, quote.change_percent, quote.to_limit_percent) == (None, None, None)
    assert quote.at_limit == 0


def test_an_auction_shows_its_indicative_change_but_is_not_at_limit() -> None:
    quote = make_quote(last=63.82, trading=Trading.AUCTION)
    assert quote.change_percent == 10.0
    assert quote.at_limit == 0
    assert quote.to_limit_percent == 0


def test_an_untraded_stock_stands_at_its_previous_close() -> None:
    quote = make_quote(last=58.02, trading=Trading.UNTRADED)
    assert (quote.change, quote.at_limit) == (0, 0)


def test_limits_follow_the_board() -> None:
    assert make_quote().limits == (63.82, 52.22)
    assert make_quote("300870.SZ", last=34.0, previous_close=33.33).limits == (40.0, 26.66)
    assert make_quote("688981.SS", last=34.0, previous_close=33.33).limits == (40.0, 26.66)
    assert make_quote("920819.BJ", last=7.80, previous_close=7.77).limits == (10.1, 5.44)
    assert make_quote("NVDA").limits is None


def test_the_sources_own_limits_win() -> None:
    quote = make_quote(last=60.92, limit_up=60.92, limit_down=55.12)  # 5 %, as for an ST share
    assert quote.limits == (60.92, 55.12)
    assert quote.at_limit == 1


def test_half_a_pair_of_limits_is_none() -> None:
    assert make_quote(limit_up=60.92).limits == (63.82, 52.22)


@pytest.mark.parametrize(
    ("last", "at_limit", "to_limit"),
    [
        (63.82, 1, 0.0),
        (63.81, 0, 0.02),
        (60.00, 0, 6.37),  # 3.82 of 60
        (58.02, 0, 10.0),  # 5.80 of 58.02; unchanged looks up
        (55.00, 0, 5.05),  # 2.78 of 55
        (52.23, 0, 0.02),
        (52.22, -1, 0.0),
    ],
)
def test_room_to_the_limit(last: float, at_limit: int, to_limit: float) -> None:
    quote = make_quote(last=last)
    assert quote.at_limit == at_limit
    assert quote.to_limit_percent == to_limit


def test_a_limit_is_met_whatever_the_float_says() -> None:
    assert make_quote(last=1.27, previous_close=1.15).at_limit == 1
    assert make_quote(last=0.1 + 0.2, limit_up=0.3, limit_down=0.1, previous_close=0.2).at_limit == 1


def test_an_older_quote_is_never_newer() -> None:
    held = make_quote()
    assert newer(None, held)
    assert newer(held, make_quote(last=61.0))
    assert newer(held, make_quote(as_of=TRADING_MOMENT + timedelta(seconds=1)))
    later = TRADING_MOMENT + timedelta(hours=1)
    assert not newer(held, make_quote(as_of=TRADING_MOMENT - timedelta(seconds=1), received_at=later))


def test_a_quote_is_a_value() -> None:
    quote = make_quote(bids=((59.99, 100),), extended=Extended("post", 61.0, TRADING_MOMENT))
    same = make_quote(bids=((59.99, 100),), extended=Extended("post", 61.0, TRADING_MOMENT))
    assert same == quote
    assert hash(same) == hash(quote)
    assert structs.replace(quote, last=60.01) != quote
    with pytest.raises(AttributeError):
        quote.last = 60.01  # type: ignore[misc]
