"""Cuts the messages out of what a WebSocket connection brings, a few milliseconds at a time."""

from __future__ import annotations

import asyncio

from websockets.asyncio.client import ClientConnection
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import Event, State

LONGEST_MESSAGE = 64 * 1024
"""Bytes of one message; a longer one ends the connection."""
_QUEUED = 256
"""Messages that may wait to be taken; the connection is not read on while there are so many."""
TURN = 0.005
"""Seconds that one turn of the event loop spends on what came."""
PIECE = 256
"""Bytes handed on in between two looks at the clock where frames are not separated."""
BREATH = 0.02
"""Seconds between two reads at the least: a read for each price costs more than the price."""
_AT_ONCE = 16
"""Frames taken in between two looks at the clock."""
_MOST_UNSENT = 2**20
"""Bytes that may wait to be sent; a host that pings and never reads gets no more answers."""
_WHOLE = (0x81, 0x82)
"""The first byte of a frame that is a whole message, of text or of bytes."""
_TWO_BYTES = 126
"""The length of a frame that has its length in the next two bytes; above, it has eight, or is masked."""
_HEAD_END = b"\r\n\r\n"


class SlicedConnection(ClientConnection):
    """Takes in what comes a few milliseconds at a time: a single read may bring a hundred thousand frames.

    While there is more, the transport is not read. So an end is seen after all that came before it. Whole messages are
    cut out here, in a tenth of the time that websockets takes for any frame; all other frames are left to it, each as a
    whole, so that it never waits for the rest of one.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._waiting = bytearray()
        self._tail = b""
        self._has_frames = False
        """Whether what waits begins with a frame: not before the handshake is over, and not after the end."""
        self._parts: bytearray | None = None
        """What has come of a message that is sent in parts."""
        self._messages: list[bytes] = []
        self._some = asyncio.Event()
        self._turn: asyncio.Handle | None = None
        self._looked_at = 0.0
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._waiting.clear()
        if self._turn is not None:
            self._turn.cancel()
        super().connection_lost(exc)
        self._some.set()

    async def receive(self) -> list[bytes]:
        """All messages that are there, as soon as there is one. Raises `websockets.exceptions.ConnectionClosed` when
        the connection has ended and all are taken."""
        while not self._messages:
            if self.protocol.state is State.CLOSED:
                await self.recv()  # raises what it ended with
            self._some.clear()
            await self._some.wait()
        was_full = len(self._messages) >= _QUEUED
        messages, self._messages = self._messages, []
        if was_full and self._turn is None:
            self._go_on()
        return messages

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._waiting += data
        if self._turn is None:
            self._take_in()

    def process_event(self, event: Event) -> None:
        """Keep a part of a message; websockets sees to everything else."""
        if not isinstance(event, Frame) or event.opcode not in DATA_OPCODES:
            super().process_event(event)
            return
        self._parts = (self._parts or bytearray()) + event.data
        if event.fin:
            self._messages.append(bytes(self._parts))
            self._parts = None

    def _go_on(self) -> None:
        self._turn = self.loop.call_soon(self._take_in)

    def _take_in(self) -> None:
        self._turn = None
        end = self.loop.time() + TURN
        is_moving = True
        while self._waiting and is_moving and not self._is_held_up and self.loop.time() < end:
            is_moving = self._take_frames() if self._has_frames else self._hand_on_piece()
            if self.transport.get_write_buffer_size() > _MOST_UNSENT:
                self.transport.abort()
        if self._messages:
            self._some.set()
        if self._waiting and is_moving:
            self.transport.pause_reading()
            if not self._is_held_up:
                self._go_on()
        elif not self._is_held_up:
            self._read_on()

    def _read_on(self) -> None:
        """Read on, after a pause where the last read was but now."""
        now = self.loop.time()
        if now - self._looked_at < BREATH:
            self.transport.pause_reading()
            self._turn = self.loop.call_later(BREATH, self._take_in)
        else:
            self.transport.resume_reading()
        self._looked_at = now

    def _take_frames(self) -> bool:
        """Take in the next few frames; returns whether there was a whole one."""
        waiting, position, length = self._waiting, 0, len(self._waiting)
        for _ in range(_AT_ONCE):
            if length - position < 2:
                break
            first, size = waiting[position], waiting[position + 1]
            start = position + 2
            if size == _TWO_BYTES:
                if length - start < 2:
                    break
                size, start = waiting[start] << 8 | waiting[start + 1], start + 2
            elif size > _TWO_BYTES:
                self._has_frames = False
                break
            end = start + size
            if end > length:
                break
            if first in _WHOLE and self._parts is None:
                self._messages.append(bytes(waiting[start:end]))
            else:
                super().data_received(bytes(waiting[position:end]))
            position = end
            if self.protocol.state is not State.OPEN:
                self._has_frames = False
                break
        del waiting[:position]
        return position > 0 or not self._has_frames

    def _hand_on_piece(self) -> bool:
        """Hand on a piece of what waits, of the handshake's answer no more than its head."""
        piece = bytes(self._waiting[:PIECE])
        head_end = -1
        if self.protocol.state is State.CONNECTING:
            head_end = (self._tail + piece).find(_HEAD_END)
            if head_end >= 0:
                piece = piece[: head_end + len(_HEAD_END) - len(self._tail)]
            self._tail = (self._tail + piece)[1 - len(_HEAD_END) :]
        del self._waiting[: len(piece)]
        super().data_received(piece)
        self._has_frames = head_end >= 0 and self.protocol.state is State.OPEN
        return True

    @property
    def _is_held_up(self) -> bool:
        """Whether nothing more is taken in: enough messages wait to be read, or the connection ends."""
        return len(self._messages) >= _QUEUED or self.transport.is_closing()
