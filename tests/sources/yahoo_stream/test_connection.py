from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import cast

import pytest
from websockets.asyncio.client import ClientConnection

from aiwatch.sources.yahoo_stream.connection import Inbox


class _Connection:
    """Has some messages and then ends, or goes on when told to."""

    def __init__(self, messages: Iterable[bytes], end: Exception | None) -> None:
        self.messages = list(messages)
        self.end = end
        self.more = asyncio.Event()

    async def recv(self, decode: bool) -> bytes:
        assert decode is False
        while not self.messages:
            if self.end is not None:
                raise self.end
            self.more.clear()
            await self.more.wait()
        return self.messages.pop(0)


@asynccontextmanager
async def filled(connection: _Connection, most: int = 100) -> AsyncIterator[Inbox]:
    inbox = Inbox(cast(ClientConnection, connection), most)
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


async def test_no_more_than_so_many_wait() -> None:
    connection = _Connection((b"%d" % number for number in range(10)), None)
    async with filled(connection, most=4) as inbox:
        assert len(connection.messages) == 6
        assert len(await inbox.take(10)) == 4
        assert [await inbox.take(1) for _ in range(6)] == [[b"%d" % number] for number in range(4, 10)]
