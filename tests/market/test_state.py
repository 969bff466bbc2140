"""The desk: newest quotes only, and every standing a price can have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aiwatch.market.calendar.session import Phase, Session, always_open
from aiwatch.market.quote import Trading
from aiwatch.market.state import STALE_AFTER, Desk, Standing
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
    desk = Desk(Clock())
    assert desk.take([make_quote(last=60.0)]) == [ENVICOOL]
    older = make_quote(last=59.0, as_of=TRADING_MOMENT - SECOND, received_at=TRADING_MOMENT + SECOND, source="yahoo")
    assert desk.take([older]) == []
    assert desk.quotes[ENVICOOL].last == 60.0
    assert desk.tapes[ENVICOOL].prices == (60.0,)


def test_only_the_changed_symbols_are_named() -> None:
    desk = Desk(Clock())
    desk.take([make_quote(), make_quote("NVDA")])
    changed = desk.take([make_quote(as_of=TRADING_MOMENT - SECOND), make_quote("NVDA", last=61.0)])
    assert changed == [parse_symbol("NVDA")]


def test_the_newest_of_one_batch_is_kept_in_any_order() -> None:
    desk = Desk(Clock())
    desk.take([make_quote(last=61.0, as_of=TRADING_MOMENT + SECOND), make_quote(last=60.0)])
    assert desk.quotes[ENVICOOL].last == 61.0


def test_only_trades_are_on_the_tape() -> None:
    desk = Desk(Clock())
    for second, trading in enumerate((Trading.AUCTION, Trading.UNTRADED, Trading.SUSPENDED, Trading.DELISTED)):
        desk.take([make_quote(trading=trading, as_of=TRADING_MOMENT + second * SECOND)])
    assert ENVICOOL not in desk.tapes


def test_the_tape_ends_with_the_exchanges_own_day() -> None:
    desk = Desk(Clock())
    midnight = datetime(2025, 8, 15, 16, 0, tzinfo=UTC)  # in Shanghai; noon in New York
    for symbol in ("002837.SZ", "NVDA"):
        for at in (midnight - SECOND, midnight):
            desk.take([make_quote(symbol, as_of=at, last=60.0 + at.second)])
    assert desk.tapes[ENVICOOL].prices == (60.0,)
    assert desk.tapes[parse_symbol("NVDA")].prices == (119.0, 60.0)


@pytest.mark.parametrize(
    ("now", "values", "standing"),
    [
        ("02:00", {}, Standing.LIVE),
        ("02:00", {"delay_minutes": 15}, Standing.DELAYED),
        ("02:00", {"trading": Trading.AUCTION}, Standing.AUCTION),
        ("02:00", {"trading": Trading.SUSPENDED}, Standing.SUSPENDED),
        ("02:00", {"trading": Trading.DELISTED}, Standing.DELISTED),
        ("02:00", {"trading": Trading.UNTRADED}, Standing.UNTRADED),
        ("02:05", {"trading": Trading.AUCTION}, Standing.AUCTION),
        ("02:06", {"trading": Trading.AUCTION}, Standing.STALE),
        ("03:30", {"trading": Trading.AUCTION}, Standing.LUNCH),
        ("07:00", {"trading": Trading.AUCTION}, Standing.CLOSED),
        ("02:05", {}, Standing.LIVE),
        ("02:06", {}, Standing.STALE),
        ("02:20", {"delay_minutes": 15}, Standing.DELAYED),
        ("02:21", {"delay_minutes": 15}, Standing.STALE),
        ("03:30", {}, Standing.LUNCH),
        ("03:30", {"trading": Trading.SUSPENDED}, Standing.SUSPENDED),
        ("03:30", {"trading": Trading.UNTRADED}, Standing.LUNCH),
        ("07:00", {}, Standing.CLOSED),
        ("07:00", {"trading": Trading.UNTRADED}, Standing.CLOSED),
        ("07:00", {"trading": Trading.SUSPENDED}, Standing.SUSPENDED),
    ],
)
def test_the_standing_of_a_price(now: str, values: dict[str, Any], standing: Standing) -> None:
    desk = Desk(Clock(datetime.fromisoformat(f"2025-08-15T{now}+00:00")))
    desk.take([make_quote(**values)])
    assert desk.standing(ENVICOOL) is standing


def test_a_symbol_without_a_price_waits_until_no_source_knows_it() -> None:
    desk = Desk(Clock())
    assert desk.standing(ENVICOOL) is Standing.WAITING
    desk.lose([ENVICOOL])
    assert desk.standing(ENVICOOL) is Standing.UNKNOWN
    desk.lose([])
    assert desk.standing(ENVICOOL) is Standing.WAITING


def test_stale_begins_after_five_minutes_and_ends_with_a_new_quote() -> None:
    clock = Clock()
    desk = Desk(clock)
    desk.take([make_quote()])
    clock.now += STALE_AFTER + SECOND
    assert desk.standing(ENVICOOL) is Standing.STALE
    desk.take([make_quote(as_of=clock.now)])
    assert desk.standing(ENVICOOL) is Standing.LIVE


def test_a_demo_keeps_every_market_open() -> None:
    desk = Desk(Clock(datetime(2025, 8, 17, 2, 0, tzinfo=UTC)), always_open)  # a Sunday
    desk.take([make_quote(as_of=desk.clock())])
    assert desk.standing(ENVICOOL) is Standing.LIVE


def test_a_session_is_looked_up_once_a_phase() -> None:
    asked: list[datetime] = []
    clock = Clock()

    def sessions(exchange: Exchange, when: datetime) -> Session:
        asked.append(when)
        return Session(exchange, Phase.OPEN, when + timedelta(minutes=1), when, when)

    desk = Desk(clock, sessions)
    for _ in range(3):
        desk.session(SSE)
    assert len(asked) == 1
    assert desk.session(HKEX).exchange is HKEX
    assert len(asked) == 2
    clock.now += timedelta(minutes=1)
    desk.session(SSE)
    assert len(asked) == 3
    clock.now -= timedelta(minutes=1, seconds=1)  # a clock that was set back
    desk.session(SSE)
    assert len(asked) == 4


def test_a_frozen_desk_keeps_its_quotes_while_the_clock_goes_on() -> None:
    clock = Clock()
    desk = Desk(clock)
    desk.take([make_quote()])
    desk.lose([parse_symbol("NVDA")])
    frozen = desk.frozen()
    clock.now += STALE_AFTER + SECOND
    desk.take([make_quote(last=61.0, as_of=clock.now)])
    desk.lose([])
    assert frozen.quotes[ENVICOOL].last == 60.0
    assert frozen.tapes[ENVICOOL].prices == (60.0,)
    assert frozen.standing(ENVICOOL) is Standing.STALE
    assert frozen.standing(parse_symbol("NVDA")) is Standing.UNKNOWN
    assert desk.standing(ENVICOOL) is Standing.LIVE
