"""What is held when another quote arrives: streamed over polled, older under newer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from aiwatch.market.merge import combine, overlaid
from aiwatch.market.quote import Extended, Quote, Trading
from aiwatch.market.symbol import parse_symbol

AAPL = parse_symbol("AAPL")
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""Noon in New York."""


def polled(seconds: float = 0, **more: Any) -> Quote:
    """A whole day, told by a polled source."""
    at = NOON + timedelta(seconds=seconds)
    values: dict[str, Any] = {
        "symbol": AAPL, "source": "tencent", "last": 305.0, "previous_close": 304.99, "as_of": at, "received_at": at,
        "currency": "USD", "open": 303.0, "high": 306.0, "low": 302.0, "volume": 1000, "turnover": 305_000.0,
        "bid": 304.9, "ask": 305.1, "pe": 30.0, "market_cap": 4e12, "high_52w": 310.0, "low_52w": 200.0, "lot": 1,
        "name": "Apple", "bids": ((304.9, 100),), "turnover_rate": 0.3, "vwap": 304.5,
    }  # fmt: skip
    return Quote(**(values | more))


def framed(seconds: float = 1, last: float = 305.5, **more: Any) -> Quote:
    """A price of the session, told by the stream."""
    at = NOON + timedelta(seconds=seconds)
    values: dict[str, Any] = {"previous_close": 304.99, "currency": "USD"} | more
    return Quote(symbol=AAPL, source="stream", last=last, as_of=at, received_at=at, **values)


def outside(seconds: float = 1, last: float = 307.0, when: str = "post") -> Quote:
    """A price outside the session, told by the stream."""
    at = NOON + timedelta(seconds=seconds)
    return framed(seconds, 305.0, previous_close=None, extended=Extended(when, last, at))


def test_the_first_quote_is_held_whatever_it_is() -> None:
    for quote in (polled(), framed(), outside()):
        assert combine(None, quote) is quote


def test_a_frame_keeps_what_it_lacks_of_the_day() -> None:
    held = combine(polled(), framed(1, 305.5, volume=1200))
    assert held is not None
    assert (held.source, held.last, held.volume, held.as_of) == ("stream", 305.5, 1200, NOON + timedelta(seconds=1))
    for name in ("open", "high", "low", "turnover", "pe", "market_cap", "high_52w", "low_52w", "lot", "name", "vwap"):
        assert getattr(held, name) == getattr(polled(), name), name


def test_bid_and_ask_are_of_their_moment() -> None:
    held = combine(polled(), framed())
    assert held is not None
    assert (held.bid, held.ask, held.bids) == (None, None, ())
    held = combine(polled(), framed(bid=305.4))
    assert held is not None
    assert held.bid == 305.4


def test_a_new_high_and_a_new_low_are_the_days() -> None:
    high, low = combine(polled(), framed(last=306.5)), combine(polled(), framed(last=301.0))
    assert high is not None
    assert low is not None
    assert (high.high, high.low) == (306.5, 302.0)
    assert (low.high, low.low) == (306.0, 301.0)


def test_what_a_frame_says_of_the_day_goes_before_the_base() -> None:
    held = overlaid(polled(), framed(open=303.5, high=307.0, low=301.5, volume=2000))
    assert (held.open, held.high, held.low, held.volume) == (303.5, 307.0, 301.5, 2000)
    assert overlaid(polled(), framed(volume=10)).volume == 1000


def test_an_older_frame_changes_nothing() -> None:
    assert combine(polled(), framed(-1)) is None
    assert combine(framed(2), framed(1)) is None
    assert combine(polled(), outside(-1)) is None


def test_a_repeated_frame_changes_nothing() -> None:
    held = combine(polled(), framed(volume=1200))
    assert held is not None
    assert combine(held, framed(volume=1200)) is None
    assert combine(held, framed(volume=1300)) is not None


def test_an_older_base_fills_a_frame_that_came_before_it() -> None:
    held = combine(framed(), polled())
    assert held is not None
    assert (held.source, held.last, held.as_of) == ("stream", 305.5, NOON + timedelta(seconds=1))
    assert (held.turnover, held.name, held.high) == (305_000.0, "Apple", 306.0)
    assert combine(held, polled()) is None, "the same base brings nothing new"
    later = combine(held, polled(0.5, volume=1500, turnover=400_000.0))
    assert later is not None
    assert (later.volume, later.turnover, later.last) == (1500, 400_000.0, 305.5)


def test_a_newer_base_takes_the_place_of_a_frame() -> None:
    base = polled(2)
    assert combine(framed(), base) is base


def test_polled_quotes_among_themselves_go_by_their_time() -> None:
    newer, older = polled(1, source="yahoo"), polled(0)
    assert combine(older, newer) is newer
    assert combine(newer, older) is None


def test_another_day_lends_nothing_of_its_own() -> None:
    yesterday = polled(-86_400)
    held = combine(yesterday, framed(previous_close=305.0))
    assert held is not None
    assert (held.open, held.high, held.volume, held.turnover, held.pe) == (None, None, None, None, None)
    assert (held.previous_close, held.name, held.high_52w, held.low_52w) == (305.0, "Apple", 310.0, 200.0)


def test_the_day_is_that_of_the_exchange() -> None:
    late = NOON.replace(hour=23, minute=59)
    after = late + timedelta(minutes=2)
    held = combine(replace(polled(), as_of=late), replace(framed(), as_of=after))
    assert held is not None
    assert held.turnover == 305_000.0, "in New York it is still the same evening"


def test_another_currency_is_not_mixed_in() -> None:
    frame = framed(currency="GBP")
    assert overlaid(polled(), frame) is frame


@pytest.mark.parametrize(
    ("of_the_base", "of_the_frame", "stored"),
    [(304.99, 304.98, 304.99), (304.99, 300.0, 300.0), (None, 304.99, 304.99), (304.99, None, 304.99), (None,) * 3],
)
def test_the_previous_close_is_the_exact_one(
    of_the_base: float | None, of_the_frame: float | None, stored: float | None
) -> None:
    held = overlaid(polled(previous_close=of_the_base), framed(previous_close=of_the_frame))
    assert held.previous_close == stored


def test_a_price_outside_the_session_leaves_the_sessions_alone() -> None:
    held = combine(polled(), outside())
    assert held is not None
    assert (held.source, held.last, held.as_of, held.bid) == ("tencent", 305.0, NOON, 304.9)
    assert held.extended == outside().extended
    assert combine(held, outside()) is None
    assert combine(held, outside(0.5, 308.0)) is None, "an older one"
    again = combine(held, outside(3, 308.0))
    assert again is not None
    assert again.extended == outside(3, 308.0).extended


def test_the_confirming_poll_after_the_close_keeps_the_price_outside() -> None:
    held = combine(polled(), outside())
    assert held is not None
    confirmed = combine(held, polled(0, volume=1100))
    assert confirmed is not None
    assert (confirmed.volume, confirmed.extended) == (1100, outside().extended)
    opened = combine(held, polled(10))
    assert opened is not None
    assert opened.extended is None, "the session went on after it"


def test_the_session_ends_what_was_outside_of_it() -> None:
    held = combine(polled(), outside(1, when="pre"))
    assert held is not None
    traded = combine(held, framed(2))
    assert traded is not None
    assert (traded.last, traded.extended) == (305.5, None)


def test_outside_alone_gives_way_to_any_quote_of_the_session() -> None:
    alone = replace(outside(5, when="pre"), trading=Trading.UNTRADED)
    base = combine(alone, polled(-50_000))
    assert base is not None
    assert (base.source, base.volume, base.extended) == ("tencent", 1000, alone.extended)
    frame = framed(6)
    assert combine(alone, frame) is frame
    assert combine(alone, outside(4)) is None
    later = outside(6, when="pre")
    assert combine(alone, later) is later
