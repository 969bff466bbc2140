"""What a WebSocket connection brings, as much at a time as is there: many messages are one turn of the event loop."""

from __future__ import annotations

import asyncio
from collections import deque

from websockets.asyncio.client import ClientConnection

MOST = 1_024
"""Messages that may wait to be read; the connection is not read on while there are so many."""


class Inbox:
    """The messages of one connection. Whoever owns it runs `fill` beside the reading with `take`."""

    def __init__(self, connection: ClientConnection, most: int = MOST) -> None:
        self._connection = connection
        self._most = most
        self._held: deque[bytes] = deque()
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._end: Exception | None = None

    async def fill(self) -> None:
        """Take in what comes, until the connection ends."""
        try:
            while True:
                self._held.append(await self._connection.recv(decode=False))
                self._some.set()
                while len(self._held) >= self._most:
                    self._room.clear()
                    await self._room.wait()
        except Exception as error:  # told to the reader, after the last message
            self._end = error
            self._some.set()

    async def take(self, most: int) -> list[bytes]:
        """The oldest messages, at most ``most``, as soon as there is one.

        Raises what ended the connection, `websockets.exceptions.ConnectionClosed` mostly, when all are taken.
        """
        while not self._held:
            if self._end is not None:
                raise self._end
            self._some.clear()
            await self._some.wait()
        taken = [self._held.popleft() for _ in range(min(most, len(self._held)))]
        self._room.set()
        return taken
