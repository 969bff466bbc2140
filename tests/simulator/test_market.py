"""What holds of the random walk, whatever the seed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.market.quote import limit_prices
from aiwatch.simulator.listings import HOT, universe
from aiwatch.simulator.market import BACKLOG, Market, Stock
from tests.properties import examples
from tests.simulator.clock import SteppingClock

LISTINGS = universe(20)


def market(seed: int = 1, rate: float = 20.0, clock: SteppingClock | None = None) -> Market:
    return Market(LISTINGS, seed=seed, rate=rate, clock=clock or SteppingClock())


def check(stock: Stock) -> None:
    listing = stock.listing
    assert 0 < stock.low <= min(stock.open, stock.last) <= max(stock.open, stock.last) <= stock.high
    assert stock.last % listing.tick == 0 or stock.last in (stock.limit_up, stock.limit_down)
    assert stock.turnover == 0 if stock.volume == 0 else stock.low <= stock.vwap <= stock.high
    assert stock.volume % listing.lot == 0
    assert 0 <= stock.outer <= stock.volume
    low, high = stock.year_range
    assert low <= stock.low <= stock.high <= high
    percent = listing.symbol.daily_limit
    if percent is not None:
        scale = 10**listing.decimals
        up, down = limit_prices(listing.previous_close / scale, percent, listing.decimals)
        assert down <= stock.low / scale <= stock.high / scale <= up
        assert (stock.ask is None) is (stock.last / scale == up)
        assert (stock.bid is None) is (stock.last / scale == down)
    if stock.bid is not None and stock.ask is not None:
        assert stock.bid < stock.ask
        assert stock.bid <= stock.last <= stock.ask


@settings(max_examples=examples(25), deadline=None)
@given(seed=st.integers(0, 2**32), waits=st.lists(st.floats(0, 60), min_size=1, max_size=4))
def test_prices_stay_within_their_limits_and_sums_add_up(seed: int, waits: list[float]) -> None:
    clock = SteppingClock()
    walk = market(seed, 50.0, clock)
    for seconds in waits:
        before = {text: (stock.volume, stock.turnover, stock.high, stock.low) for text, stock in walk.stocks.items()}
        clock.advance(seconds)
        walk.advance()
        for text, stock in walk.stocks.items():
            check(stock)
            volume, turnover, high, low = before[text]
            assert stock.volume >= volume
            assert stock.turnover >= turnover
            assert stock.high >= high
            assert stock.low <= low


@settings(max_examples=examples(10), deadline=None)
@given(seed=st.integers(0, 2**32), looks=st.integers(2, 50))
def test_the_state_does_not_depend_on_how_often_it_is_looked_at(seed: int, looks: int) -> None:
    seldom, often = SteppingClock(), SteppingClock()
    item, second = market(seed, 20.0, seldom), market(seed, 20.0, often)
    seldom.advance(looks)
    item.advance()
    for _ in range(looks):
        often.advance(1)
        second.advance()
    assert [(stock.last, stock.volume) for stock in item.stocks.values()] == [
        (stock.last, stock.volume) for stock in second.stocks.values()
    ]


def test_the_rate_is_the_number_of_changed_quotes_a_second() -> None:
    clock = SteppingClock()
    walk = market(3, 20.0, clock)
    before = sum(stock.version for stock in walk.stocks.values())
    clock.advance(10)
    walk.advance()
    assert sum(stock.version for stock in walk.stocks.values()) - before == 200


def test_nothing_moves_at_rate_zero_nor_when_the_clock_goes_back() -> None:
    clock = SteppingClock()
    still, walk = market(3, 0.0, clock), market(3, 20.0, clock)
    clock.advance(60)
    assert still.advance() == walk.advance() == clock.now
    held = [stock.version for stock in walk.stocks.values()]
    clock.advance(-30)
    walk.advance()
    assert [stock.version for stock in walk.stocks.values()] == held
    assert {stock.version for stock in still.stocks.values()} == {4}


def test_a_long_pause_is_not_made_up_for_step_by_step() -> None:
    clock = SteppingClock()
    walk = Market(LISTINGS[:3], seed=1, rate=1000.0, clock=clock)
    clock.advance(86_400)
    walk.advance()
    assert sum(stock.version for stock in walk.stocks.values()) == 3 * 4 + 3 * BACKLOG
    walk.advance()
    assert sum(stock.version for stock in walk.stocks.values()) == 3 * 4 + 3 * BACKLOG


@pytest.mark.parametrize("seed", [1, 7])
def test_rows_sealed_at_limit_up_are_seen_and_come_off_again(seed: int) -> None:
    clock = SteppingClock()
    walk = market(seed, 50.0, clock)
    assert walk.stocks[HOT[0]].last == walk.stocks[HOT[0]].limit_up
    states = set()
    for _ in range(200):
        clock.advance(10)
        walk.advance()
        states |= {(text, walk.stocks[text].last == walk.stocks[text].limit_up) for text in HOT}
    assert states == {(text, sealed) for text in HOT for sealed in (True, False)}


def test_a_price_can_be_set_but_not_beyond_its_limits() -> None:
    walk = market()
    walk.trade("002837.SZ", 70.20, 300)
    stock = walk.stocks["002837.SZ"]
    assert (stock.last, stock.limit_up, stock.ask) == (7020, 7020, None)
    walk.trade("002837.SZ", 57.44)
    assert (stock.last, stock.limit_down, stock.bid) == (5744, 5744, None)
    with pytest.raises(ValueError, match=r"002837\.SZ: 70\.21 is beyond its limits"):
        walk.trade("002837.SZ", 70.21)
    with pytest.raises(ValueError, match="NVDA: 0 is not above 0"):
        walk.trade("NVDA", 0)
    with pytest.raises(KeyError):
        walk.trade("UNLISTED", 1)
