"""The exchange's stream: the bytes of a frame, and what reaches the command line and the exchange of it."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime

import aiohttp
import pytest

from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.market import Market
from aiwatch.simulator.server import Exchange
from aiwatch.simulator.wire.stream import encode, fields_of, message
from tests.simulator.clock import SteppingClock
from tests.sources.yahoo_stream.wire import signed, single, text, whole

NOW = datetime(2026, 7, 15, 4, 0, tzinfo=UTC)


def market() -> Market:
    """The demo's market, standing still."""
    return Market(universe(), seed=7, rate=0.0, clock=lambda: NOW)


def test_a_frame_byte_by_byte() -> None:
    stock = market().stocks["NVDA"]
    stock.last, stock.high, stock.low, stock.volume = 18_050, 18_100, 17_900, 123_456
    expected = (
        text(1, "NVDA")
        + single(2, 180.5)
        + signed(3, int(NOW.timestamp()) * 1000)
        + text(5, "NMS")
        + whole(6, 8)
        + whole(7, 1)
        + single(8, 0.5 / 180 * 100)
        + signed(9, 123_456)
        + single(10, 181.0)
        + single(11, 179.0)
        + single(12, 0.5)
        + signed(27, 2)
        + single(46, 0.5)
        + single(47, 0.5 / 180 * 100)
    )
    assert encode(fields_of(stock, NOW)) == expected
    envelope = json.loads(message(stock, NOW))
    assert envelope["type"] == "pricing"
    assert b64decode(envelope["message"]) == expected


def test_what_is_zero_is_left_out() -> None:
    stock = market().stocks["EURUSD=X"]
    stock.last = stock.listing.previous_close
    fields = encode(fields_of(stock, NOW))
    assert single(12, 0.0) not in fields
    assert signed(9, 0) not in fields
    assert whole(6, 14) in fields
    assert encode({1: ("text", ""), 2: ("single", 0.0), 3: ("signed", -1)}) == signed(3, -1)


async def test_the_stream_follows_orders_and_the_market(clock: SteppingClock) -> None:
    async with Exchange(rate=0.0, clock=clock) as exchange, aiohttp.ClientSession() as session:
        assert exchange.stream_url.startswith("ws://127.0.0.1:")
        assert exchange.urls.stream == exchange.stream_url
        async with session.ws_connect(exchange.stream_url) as socket:
            await socket.send_json({"subscribe": ["NVDA", "NOBODY"]})
            first = await socket.receive_json(timeout=5)
            exchange.market.trade("AMD", 180.0)
            exchange.market.trade("NVDA", 181.0)
            second = await socket.receive_json(timeout=5)
        assert text(1, "NVDA") in b64decode(first["message"])
        assert single(2, 181.0) in b64decode(second["message"]), "AMD was not subscribed to"
        assert exchange.answers("stream").value == 2


async def test_the_stream_can_be_down_alone(clock: SteppingClock) -> None:
    async with Exchange(rate=0.0, clock=clock) as exchange, aiohttp.ClientSession() as session:
        await exchange.fail("stream", Fault(FaultKind.REFUSE))
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.ws_connect(exchange.stream_url)
        await exchange.heal("stream")
        async with session.ws_connect(exchange.stream_url) as socket:
            await exchange.fail("stream", Fault(FaultKind.CLEAN_CLOSE))
            await socket.send_json({"subscribe": ["NVDA"]})
            assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
            assert socket.close_code == 1000


@pytest.mark.parametrize("kind", ["clean-close", "silence", "flood", "zero-price", "refuse", "503"])
def test_faults_of_the_stream_can_be_spelt(kind: str) -> None:
    assert Fault.parse(f"stream:{kind}:0.5")[0] == "stream"


def test_faults_of_a_stream_are_not_another_hosts() -> None:
    with pytest.raises(ValueError, match="only the stream can have 'flood'"):
        Fault.parse("yahoo:flood")
