"""The stream's messages: what is read of one, and what is refused and why."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources import Refusal
from aiwatch.sources.yahoo_stream.frames import read
from aiwatch.sources.yahoo_stream.protobuf import LONGEST_FRAME, decode
from tests.sources.yahoo_stream.wire import (
    MILLISECONDS,
    NOW,
    double,
    envelope,
    frame,
    signed,
    single,
    text,
    varint,
    whole,
)

SYMBOLS = {name: parse_symbol(name) for name in ("AAPL", "EURUSD=X", "^IXIC", "JPY=X")}


def priced(message: bytes, received_at: datetime = NOW) -> Quote:
    """The quote that ``message`` gives; it must give one."""
    quote = read(message, SYMBOLS, received_at)
    assert isinstance(quote, Quote), quote
    return quote


def refused(message: bytes) -> str:
    """Why ``message`` is refused; it must be."""
    refusal = read(message, SYMBOLS, NOW)
    assert isinstance(refusal, Refusal), refusal
    return refusal.reason


def test_a_price_of_the_session() -> None:
    more = (
        signed(9, 17_557_274) + single(10, 306.5) + single(11, 303.25) + single(15, 304.0) + text(13, "Apple\x1b Inc")
    )
    quote = priced(envelope(frame(more=more + single(23, 305.75) + single(25, 305.77))))
    assert (quote.symbol.text, quote.source, quote.last, quote.previous_close) == ("AAPL", "stream", 305.76, 304.99)
    assert (quote.as_of, quote.received_at, quote.currency, quote.decimals) == (NOW, NOW, "USD", 2)
    assert (quote.open, quote.high, quote.low, quote.volume) == (304.0, 306.5, 303.25, 17_557_274)
    assert (quote.bid, quote.ask, quote.name, quote.trading) == (305.75, 305.77, "Apple Inc", Trading.TRADED)
    assert quote.extended is None


@pytest.mark.parametrize("message", [b64encode(frame()), b64encode(frame()) + b"", envelope(frame())])
def test_both_versions_of_the_stream_are_read(message: bytes) -> None:
    assert priced(message).last == 305.76


def test_the_hour_of_a_frame_has_its_milliseconds() -> None:
    assert priced(envelope(frame(time=MILLISECONDS + 7))).as_of == NOW + timedelta(milliseconds=7)


@pytest.mark.parametrize("hours", [None, 0])
def test_before_the_session_the_price_is_an_extended_one(hours: int | None) -> None:
    quote = priced(envelope(frame(hours=hours)))
    assert quote.extended is not None
    assert (quote.extended.when, quote.extended.last, quote.extended.as_of) == ("pre", 305.76, NOW)
    assert (quote.last, quote.previous_close, quote.trading) == (304.99, 304.99, Trading.UNTRADED)


def test_after_the_session_the_change_counts_from_the_days_close() -> None:
    quote = priced(envelope(frame(hours=2, more=single(16, 290.0))))
    assert quote.extended is not None
    assert (quote.extended.when, quote.last, quote.previous_close) == ("post", 304.99, None)


@pytest.mark.parametrize(("hour", "when"), [(3, "post"), (7, "pre")])
def test_overnight_trading_belongs_to_the_nearer_day(hour: int, when: str) -> None:
    at = datetime(2026, 11, 20, hour, tzinfo=UTC)
    quote = priced(envelope(frame(hours=3, time=int(at.timestamp()) * 1000)))
    assert quote.extended is not None
    assert quote.extended.when == when


def test_a_currency_has_neither_volume_nor_crossed_bids() -> None:
    more = signed(9, 5) + single(23, 1.2) + single(25, 1.1)
    quote = priced(envelope(frame("EURUSD=X", 1.15327, 0.00107, hint=4, more=more)))
    assert (quote.last, quote.previous_close, quote.decimals) == (1.1533, 1.1522, 4)
    assert (quote.volume, quote.bid, quote.ask, quote.currency) == (None, None, None, "USD")


def test_what_is_zero_is_not_on_the_wire() -> None:
    unchanged = priced(envelope(frame(change=None)))
    assert (unchanged.last, unchanged.previous_close) == (305.76, None), "nothing is claimed"
    assert priced(envelope(frame(change=None, more=single(16, 304.99)))).previous_close == 304.99
    assert priced(envelope(frame(change=None, more=single(12, 0.0)))).previous_close == 305.76
    assert priced(envelope(frame(hint=None))).decimals == 2


def test_the_previous_close_that_is_sent_is_taken() -> None:
    assert priced(envelope(frame(more=single(16, 304.98)))).previous_close == 304.98
    assert "does not fit" in refused(envelope(frame(more=single(16, 304.9))))


def test_decimals_stay_in_bounds() -> None:
    assert priced(envelope(frame(hint=40))).decimals == 6
    assert priced(envelope(frame("JPY=X", 153.0, 1.0, hint=-3))).decimals == 0
    rate = priced(envelope(frame("EURUSD=X", 1.15327, 0.00107, hint=None)))
    assert (rate.last, rate.decimals) == (1.1533, 4), "a rate is not cut to two decimals for want of a hint"
    assert priced(envelope(frame(price=0.1234, change=None, hint=None))).last == 0.1234


def test_unknown_fields_of_every_wire_type_are_skipped() -> None:
    group = varint(50 << 3 | 3) + whole(1, 5) + varint(51 << 3 | 3) + varint(51 << 3 | 4) + varint(50 << 3 | 4)
    more = single(46, 3.5) + single(47, 1.2) + double(48, 1.0) + whole(49, 2**63) + text(60, b"\xff\xfe") + group
    assert priced(envelope(more + frame(more=more))).last == 305.76
    mistyped = whole(2, 5) + text(3, "later") + double(12, 1.0)
    assert decode(mistyped + text(1, "AAPL")) == {"id": "AAPL"}


@pytest.mark.parametrize("price", [0.0, -1.0, nan, inf, -inf, 1e20, 0.001])
def test_a_price_must_be_one(price: float) -> None:
    assert refused(envelope(frame(price=price, change=0.0))).startswith("a price of ")


@pytest.mark.parametrize(
    ("change", "percent"), [(0.77, 25.0), (0.77, nan), (nan, 0.25), (inf, 0.0), (400.0, 1.0), (0.0, 0.25), (0.77, 0.0)]
)
def test_the_change_must_fit(change: float, percent: float) -> None:
    assert "does not fit" in refused(envelope(frame(change=change, percent=percent)))


def test_a_time_must_be_one() -> None:
    assert refused(envelope(frame(time=0))) == "no time"
    assert refused(envelope(frame(time=-5))) == "no time"
    assert refused(envelope(frame(time=2**60))) == "no time"
    assert refused(envelope(frame(time=MILLISECONDS + 121_000))).startswith("a time in the future")
    assert refused(envelope(frame(time=MILLISECONDS * 2))).startswith("a time in the future"), "zigzag left out"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "a frame without a symbol"),
        (b"[]", "JSON of another format"),
        (b'"text"', "JSON of another format"),
        (b'{"type":"pricing"}', "JSON of another format"),
        (b'{"type":1,"message":"x"}', "JSON of another format"),
        (b'{"type":"pricing","message":null}', "JSON of another format"),
        (b'{"type":"pri', "no JSON"),
        (b"{\xff\xfe", "no JSON"),
        (b"true!", "a message that is no base64"),
        (b"<html>", "a message that is no base64"),
        (b'{"type":"pricing","message":"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"}', "a message that is no base64"),
        (b'{"type":"pricing","message":"a"}', "a message that is no base64"),
        (envelope(frame(), "sta\ttus"), "a message of the type 'sta tus'"),
        (envelope(frame()[:-1]), "a frame that is cut short"),
        (envelope(text(1, "AAPL")[:-1]), "a frame that is cut short"),
        (envelope(single(2, 1.0)[:-2]), "a frame that is cut short"),
        (envelope(double(32, 1.0)[:-2]), "a frame that is cut short"),
        (envelope(text(60, "long")[:-2]), "a frame that is cut short"),
        (envelope(b"\x18\x80"), "a frame that is cut short"),
        (envelope(varint(50 << 3 | 3)), "a frame that is cut short"),
        (envelope(text(1, b"\xff")), "a frame with a text that is not UTF-8"),
        (envelope(b"\x18" + b"\xff" * 10 + b"\x01"), "a frame with an endless number"),
        (envelope(b"\x18" + b"\xff" * 9 + b"\x7f"), "a frame with a number of more than 64 bits"),
        (envelope(b"\x07"), "a frame that is no protobuf"),
        (envelope(varint(50 << 3 | 6)), "a frame that is no protobuf"),
        (envelope(varint(50 << 3 | 4)), "a frame that is no protobuf"),
        (envelope(b"\x00\x00"), "a frame that is no protobuf"),
        (envelope(text(60, "x" * LONGEST_FRAME)), f"a frame of {LONGEST_FRAME + 4} bytes"),
        (envelope(frame(more=text(4, "CNY"))), "a price in CNY instead of USD"),
        (envelope(frame(more=single(10, 300.0))), "last 305.76 outside the day's ? to 300"),
        (envelope(frame(hours=0, change=None)), "a price outside the session without a change"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_frame_is_refused_with_its_reason(message: bytes, reason: str) -> None:
    assert refused(message).startswith(reason)


def test_a_symbol_that_is_not_followed_is_ignored() -> None:
    assert read(envelope(frame("TSLA", price=-5.0)), SYMBOLS, NOW) is None


def test_a_refusal_names_its_symbol() -> None:
    refusal = read(envelope(frame(price=0.0, change=None)), SYMBOLS, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.symbol == "AAPL"
