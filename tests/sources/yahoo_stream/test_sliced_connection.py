"""The connection cuts out the messages that websockets would, however the bytes are cut on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any, cast

import pytest
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.frames import DATA_OPCODES, Frame
from websockets.http11 import Request
from websockets.protocol import State
from websockets.uri import parse_uri
from websockets.utils import accept_key

from aiwatch.sources.yahoo_stream import sliced_connection
from aiwatch.sources.yahoo_stream.sliced_connection import LONGEST_MESSAGE, SlicedConnection
from tests.properties import examples

CASES = examples(200)
TEXT, BYTES, PART, PARTS_END, CLOSE, PING, PONG = 0x81, 0x82, 0x01, 0x80, 0x88, 0x89, 0x8A


class _Transport:
    """Keeps what is written, and whether it is read."""

    def __init__(self) -> None:
        self.closed = False
        self.written: list[bytes] = []
        self.is_read = asyncio.Event()
        self.is_read.set()

    def pause_reading(self) -> None:
        self.is_read.clear()

    def resume_reading(self) -> None:
        self.is_read.set()

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def abort(self) -> None:
        self.closed = True

    def get_write_buffer_size(self) -> int:
        return 0

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        """It ends with `connection_lost`."""

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """There is no buffer."""


def _protocol() -> tuple[ClientProtocol, Request]:
    protocol = ClientProtocol(parse_uri("ws://stream.test/"), max_size=LONGEST_MESSAGE)
    request = protocol.connect()
    protocol.send_request(request)
    protocol.data_to_send()
    return protocol, request


def _head(request: Request) -> bytes:
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + accept_key(request.headers["Sec-WebSocket-Key"]).encode()
        + b"\r\n\r\n"
    )


def _frame(first: int, data: bytes, *, long: bool = False) -> bytes:
    size = len(data)
    if long or size >= 2**16:
        return bytes([first, 127]) + size.to_bytes(8, "big") + data
    return bytes([first, size]) + data if size < 126 else bytes([first, 126]) + size.to_bytes(2, "big") + data


def _frames(random: Random) -> Iterator[bytes]:
    """Mostly messages, and now and then anything else there is."""
    for _ in range(random.randrange(1, 40)):
        data = random.randbytes(random.choice((0, 1, 5, 110, 125, 126, 300)))
        kind = random.randrange(60)
        if kind < 40:
            yield _frame(random.choice((TEXT, BYTES)), data)
        elif kind < 46:
            yield _frame(random.choice((PING, PONG)), data[:100])
        elif kind < 56:
            yield _frame(PART, data)
            if kind < 48:
                yield _frame(PING, b"within")
            for _ in range(random.randrange(3)):
                yield _frame(0, data)
            if kind < 55:
                yield _frame(PARTS_END, data)
        elif kind == 56:
            yield _frame(TEXT, data, long=True)
        elif kind == 57:
            yield _frame(TEXT, b"x" * random.choice((2**16 - 1, LONGEST_MESSAGE, LONGEST_MESSAGE + 1)))
        elif kind == 58:
            yield _frame(CLOSE, random.choice((b"", b"\x03\xe8bye", b"x")))
        else:
            yield _frame(random.choice((0xC1, 0x83, 0x8B, 0x09, PARTS_END)), data)


def _expected(protocol: ClientProtocol, pieces: list[bytes]) -> tuple[list[bytes], int]:
    """The messages websockets finds in ``pieces``, and in how many pieces it answers."""
    messages, part, answers = [], b"", 0
    for piece in pieces:
        protocol.receive_data(piece)
        answers += sum(map(bool, protocol.data_to_send()))
        for event in protocol.events_received():
            if isinstance(event, Frame) and event.opcode in DATA_OPCODES:
                part += bytes(event.data)
                if event.fin:
                    messages.append(part)
                    part = b""
    return messages, answers


def _cut(random: Random, data: bytes) -> list[bytes]:
    pieces = []
    while data:
        size = random.choice((1, 3, 60, 200, 4096, len(data)))
        pieces.append(data[:size])
        data = data[size:]
    return pieces


@pytest.mark.parametrize("half", [0, 1])
async def test_messages_are_those_that_websockets_finds(half: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sliced_connection, "BREATH", 0.0)
    for seed in range(half, CASES, 2):
        random = Random(seed)
        frames = list(_frames(random))
        reference, request = _protocol()
        reference.receive_data(_head(request))
        reference.events_received()
        messages, answers = _expected(reference, frames)
        protocol, request = _protocol()
        result = await _received(protocol, _cut(random, _head(request) + b"".join(frames)))
        assert result[0] == messages, seed
        assert result[1] == answers, seed
        assert (protocol.state, protocol.close_rcvd, protocol.close_sent) == (
            reference.state,
            reference.close_rcvd,
            reference.close_sent,
        ), seed


async def _received(protocol: ClientProtocol, pieces: list[bytes]) -> tuple[list[bytes], int]:
    """The messages a connection finds in ``pieces``, and how often it answers."""
    transport = _Transport()
    sliced = SlicedConnection(protocol, ping_interval=None)
    sliced.connection_made(cast(asyncio.Transport, transport))
    found: list[bytes] = []

    async def collect() -> None:
        with suppress(ConnectionClosed):
            while True:
                found.extend(await sliced.receive())

    collecting = asyncio.create_task(collect())
    for piece in pieces:
        sliced.data_received(piece)
        await transport.is_read.wait()
    written, state = len(transport.written), cast(Any, (protocol.state, protocol.close_rcvd, protocol.close_sent))
    sliced.connection_lost(None)
    await collecting
    if state[0] is not State.CLOSED:
        protocol.state, protocol.close_rcvd, protocol.close_sent = state
    return found, written


async def test_a_flood_is_read_on_when_its_messages_are_taken() -> None:
    """Whatever waits, and whether all of it was taken in or some is left."""
    for count in (255, 256, 257, 512, 600):
        protocol, request = _protocol()
        async with asyncio.timeout(5):
            found, _ = await _received(
                protocol, [_head(request), _frame(TEXT, b"price") * count, _frame(TEXT, b"last")]
            )
        assert found == [b"price"] * count + [b"last"]


async def test_quick_reads_take_a_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """A read for each price costs more than the price; one that comes seldom is read at once."""
    protocol, request = _protocol()
    transport = _Transport()
    sliced = SlicedConnection(protocol, ping_interval=None)
    sliced.connection_made(cast(asyncio.Transport, transport))
    now = 100.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    sliced.data_received(_head(request) + _frame(TEXT, b"a"))
    assert transport.is_read.is_set()
    now += sliced_connection.BREATH / 2
    sliced.data_received(_frame(TEXT, b"b"))
    assert not transport.is_read.is_set()
    assert await sliced.receive() == [b"a", b"b"]
    monkeypatch.undo()
    sliced.connection_lost(None)
    with pytest.raises(ConnectionClosed):
        await sliced.receive()
