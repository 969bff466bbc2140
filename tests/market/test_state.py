"""The desk: newest quotes only, and every standing a price can have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aiwatch.market.calendar.session import Phase, Session, always_open
from aiwatch.market.quote import Trading
from aiwatch.market.state import STALE_AFTER, MarketState, PriceStatus
from aiwatch.market.symbol import HKEX, SSE, Exchange, parse_symbol
from tests.market.quotes import TRADING_MOMENT, make_quote

ENVICOOL = parse_symbol("002837.SZ")
SECOND = timedelta(seconds=1)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = TRADING_MOMENT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def test_an_older_quote_never_replaces_a_newer_one() -> None:
    market = MarketState(Clock())
    assert market.apply([make_quote(last=60.0)]) == [ENVICOOL]
    older = make_quote(last=59.0, as_of=TRADING_MOMENT - SECOND, received_at=TRADING_MOMENT + SECOND, source="yahoo")
    assert market.apply([older]) == []
    assert market.quotes[ENVICOOL].last == 60.0
    assert list(market.tapes[ENVICOOL].prices) == [60.0]


def test_only_the_changed_symbols_are_named() -> None:
    market = MarketState(Clock())
    market.apply([make_quote(), make_quote("NVDA")])
    changed = market.apply([make_quote(as_of=TRADING_MOMENT - SECOND), make_quote("NVDA", last=61.0)])
    assert changed == [parse_symbol("NVDA")]


def test_the_newest_of_one_batch_is_kept_in_any_order() -> None:
    market = MarketState(Clock())
    market.apply([make_quote(last=61.0, as_of=TRADING_MOMENT + SECOND), make_quote(last=60.0)])
    assert market.quotes[ENVICOOL].last == 61.0


def test_only_trades_are_on_the_tape() -> None:
    market = MarketState(Clock())
    for second, trading in enumerate((Trading.AUCTION, Trading.UNTRADED, Trading.SUSPENDED, Trading.DELISTED)):
        market.apply([make_quote(trading=trading, as_of=TRADING_MOMENT + second * SECOND)])
    assert ENVICOOL not in market.tapes


def test_the_tape_ends_with_the_exchanges_own_day() -> None:
    market = MarketState(Clock())
    midnight = datetime(2025, 8, 15, 16, 0, tzinfo=UTC)  # in Shanghai; noon in New York
    for symbol in ("002837.SZ", "NVDA"):
        for at in (midnight - SECOND, midnight):
            market.apply([make_quote(symbol, as_of=at, last=60.0 + at.second)])
    assert list(market.tapes[ENVICOOL].prices) == [60.0]
    assert list(market.tapes[parse_symbol("NVDA")].prices) == [119.0, 60.0]


@pytest.mark.parametrize(
    ("now", "values", "status"),
    [
        ("02:00", {}, PriceStatus.LIVE),
        ("02:00", {"delay_minutes": 15}, PriceStatus.DELAYED),
        ("02:00", {"trading": Trading.AUCTION}, PriceStatus.AUCTION),
        ("02:00", {"trading": Trading.SUSPENDED}, PriceStatus.SUSPENDED),
        ("02:00", {"trading": Trading.DELISTED}, PriceStatus.DELISTED),
        ("02:00", {"trading": Trading.UNTRADED}, PriceStatus.UNTRADED),
        ("02:05", {"trading": Trading.AUCTION}, PriceStatus.AUCTION),
        ("02:06", {"trading": Trading.AUCTION}, PriceStatus.STALE),
        ("03:30", {"trading": Trading.AUCTION}, PriceStatus.LUNCH),
        ("07:00", {"trading": Trading.AUCTION}, PriceStatus.CLOSED),
        ("02:05", {}, PriceStatus.LIVE),
        ("02:06", {}, PriceStatus.STALE),
        ("02:20", {"delay_minutes": 15}, PriceStatus.DELAYED),
        ("02:21", {"delay_minutes": 15}, PriceStatus.STALE),
        ("03:30", {}, PriceStatus.LUNCH),
        ("03:30", {"trading": Trading.SUSPENDED}, PriceStatus.SUSPENDED),
        ("03:30", {"trading": Trading.UNTRADED}, PriceStatus.LUNCH),
        ("07:00", {}, PriceStatus.CLOSED),
        ("07:00", {"trading": Trading.UNTRADED}, PriceStatus.CLOSED),
        ("07:00", {"trading": Trading.SUSPENDED}, PriceStatus.SUSPENDED),
    ],
)
def test_the_standing_of_a_price(now: str, values: dict[str, Any], status: PriceStatus) -> None:
    market = MarketState(Clock(datetime.fromisoformat(f"2025-08-15T{now}+00:00")))
    market.apply([make_quote(**values)])
    assert market.status(ENVICOOL) is status


def test_a_symbol_without_a_price_waits_until_no_source_knows_it() -> None:
    market = MarketState(Clock())
    assert market.status(ENVICOOL) is PriceStatus.WAITING
    market.mark_unknown([ENVICOOL])
    assert market.status(ENVICOOL) is PriceStatus.UNKNOWN
    market.mark_unknown([])
    assert market.status(ENVICOOL) is PriceStatus.WAITING


def test_stale_begins_after_five_minutes_and_ends_with_a_new_quote() -> None:
    clock = Clock()
    market = MarketState(clock)
    market.apply([make_quote()])
    clock.now += STALE_AFTER + SECOND
    assert market.status(ENVICOOL) is PriceStatus.STALE
    market.apply([make_quote(as_of=clock.now)])
    assert market.status(ENVICOOL) is PriceStatus.LIVE


def test_a_demo_keeps_every_market_open() -> None:
    market = MarketState(Clock(datetime(2025, 8, 17, 2, 0, tzinfo=UTC)), always_open)  # a Sunday
    market.apply([make_quote(as_of=market.clock())])
    assert market.status(ENVICOOL) is PriceStatus.LIVE


def test_a_session_is_looked_up_once_a_phase() -> None:
    asked: list[datetime] = []
    clock = Clock()

    def sessions(exchange: Exchange, when: datetime) -> Session:
        asked.append(when)
        return Session(exchange, Phase.OPEN, when + timedelta(minutes=1), when, when)

    market = MarketState(clock, sessions)
    for _ in range(3):
        market.session(SSE)
    assert len(asked) == 1
    assert market.session(HKEX).exchange is HKEX
    assert len(asked) == 2
    clock.now += timedelta(minutes=1)
    market.session(SSE)
    assert len(asked) == 3
    clock.now -= timedelta(minutes=1, seconds=1)  # a clock that was set back
    market.session(SSE)
    assert len(asked) == 4


def test_a_frozen_desk_keeps_its_quotes_while_the_clock_goes_on() -> None:
    clock = Clock()
    market = MarketState(clock)
    market.apply([make_quote()])
    market.mark_unknown([parse_symbol("NVDA")])
    frozen = market.frozen()
    clock.now += STALE_AFTER + SECOND
    market.apply([make_quote(last=61.0, as_of=clock.now)])
    market.mark_unknown([])
    assert frozen.quotes[ENVICOOL].last == 60.0
    assert list(frozen.tapes[ENVICOOL].prices) == [60.0]
    assert frozen.status(ENVICOOL) is PriceStatus.STALE
    assert frozen.status(parse_symbol("NVDA")) is PriceStatus.UNKNOWN
    assert market.status(ENVICOOL) is PriceStatus.LIVE
