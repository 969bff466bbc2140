from __future__ import annotations

import asyncio
import struct
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import cast

import pytest

from aiwatch.sources.yahoo_stream.connection import Inbox
from aiwatch.sources.yahoo_stream.frames import subject_of
from aiwatch.sources.yahoo_stream.sliced_connection import SlicedConnection


class _Connection:
    """Has some messages and then ends, or goes on when told to."""

    def __init__(self, messages: Iterable[bytes], end: Exception | None) -> None:
        self.messages = list(messages)
        self.end = end
        self.more = asyncio.Event()

    async def receive(self) -> list[bytes]:
        while not self.messages:
            if self.end is not None:
                raise self.end
            self.more.clear()
            await self.more.wait()
        return [self.messages.pop(0)]


@asynccontextmanager
async def filled(connection: _Connection, most: int = 100, symbols: int = 1_000) -> AsyncIterator[Inbox]:
    inbox = Inbox(cast(SlicedConnection, connection), most, symbols)
    task = asyncio.create_task(inbox.fill())
    await asyncio.sleep(0)
    yield inbox
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_is_there_is_taken_at_once_and_in_order() -> None:
    connection = _Connection((b"%d" % number for number in range(5)), None)
    async with filled(connection) as inbox:
        assert await inbox.take(3) == [b"0", b"1", b"2"]
        assert await inbox.take(3) == [b"3", b"4"]
        taking = asyncio.create_task(inbox.take(3))
        await asyncio.sleep(0)
        connection.messages += [b"5"]
        connection.more.set()
        assert await taking == [b"5"]


async def test_the_end_is_told_after_the_last_message() -> None:
    async with filled(_Connection([b"0", b"1"], OSError("cut"))) as inbox:
        assert await inbox.take(1) == [b"0"]
        assert await inbox.take(1) == [b"1"]
        for _ in range(2):
            with pytest.raises(OSError, match="cut"):
                await inbox.take(1)


def message(symbol: str, number: int, old: bool = False) -> bytes:
    """One as the host sends it, in its present form or its older one; its price is ``number``."""
    text = symbol.encode()
    payload = b64encode(bytes((10, len(text))) + text + b"\x15" + struct.pack("<f", number))
    return payload if old else b'{"type":"pricing","message":"' + payload + b'"}'


@pytest.mark.parametrize("old", [False, True])
async def test_of_what_waits_only_the_newest_of_each_symbol_is_read(old: bool) -> None:
    flood = [message(symbol, number, old) for number in range(6) for symbol in ("NVDA", "AMD")]
    connection = _Connection([*flood, b"no message", message("EURUSD=X", 1, old)], None)
    async with filled(connection, most=12) as inbox:
        assert await inbox.take(9) == [*flood[-2:], b"no message", message("EURUSD=X", 1, old)]
        assert inbox.superseded == 10
        connection.messages += flood[:4]
        connection.more.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await inbox.take(9) == flood[:4], "nothing is left out of a few"


async def test_no_more_bytes_than_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiwatch.sources.yahoo_stream.connection.MOST_BYTES", 250)
    connection = _Connection([b"x" * 100] * 5, None)
    async with filled(connection) as inbox:
        assert len(connection.messages) == 2
        assert len(await inbox.take(1)) == 1
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(connection.messages) == 1


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        (message("BRK-B", 3), b"BRK-B"),
        (message("X" * 31, 3), b"X" * 31),
        (message("X" * 40, 3), None),
        (b'{"type": "pricing", "message" : "CgROVkRB"}', b"NVDA"),
        (b'{"type":"status","message":""}', None),
        (b"{}", None),
        (b"\xff\x00", None),
        (b"", None),
    ],
)
def test_the_symbol_of_a_message_is_in_its_first_bytes(text: bytes, symbol: bytes | None) -> None:
    assert subject_of(text) == symbol


async def test_no_more_than_so_many_wait() -> None:
    connection = _Connection((b"%d" % number for number in range(10)), None)
    async with filled(connection, most=4, symbols=4) as inbox:
        assert len(connection.messages) == 6
        assert len(await inbox.take(10)) == 4
        assert [await inbox.take(1) for _ in range(6)] == [[b"%d" % number] for number in range(4, 10)]
