"""Opens the stream's WebSocket connection: proxies, certificates, time-outs, and networks whose IPv6 leads nowhere.

What a WebSocket connection brings, as much at a time as is there: many messages are one turn of the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    InvalidProxyMessage,
    InvalidProxyStatus,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import Event, State

from aiwatch import USER_AGENT
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut, Unreachable
from aiwatch.formatting.addresses import shown_address, without_passwords
from aiwatch.sources.http_errors import retry_after
from aiwatch.sources.network.environment import NetworkFault, Proxy, read_network
from aiwatch.sources.parsing import plain
from aiwatch.sources.yahoo_stream.frames import subject_of

LONGEST_MESSAGE = 64 * 1024
"""Bytes of one message; a longer one ends the connection."""
_QUEUED = 256
"""Messages that may wait to be read; the connection is not read on while there are so many."""
_silent = logging.getLogger("aiwatch.sources.stream")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


@dataclass(frozen=True, slots=True)
class Pace:
    """The stream's seconds: between two sendings of the whole subscription, of silence in session until the connection
    is given up, to open and to close one, between pings, the first and the longest pause after a failure, and how long
    a connection must have lived for the pauses to start over."""

    heartbeat: float = 15.0
    silence: float = 90.0
    open_timeout: float = 10.0
    close_timeout: float = 0.5
    ping: float = 20.0
    first_pause: float = 1.0
    longest_pause: float = 30.0
    settled: float = 30.0


class Dialer:
    """Opens connections to one address.

    Proxies and certificates are those of `sources.environment`, as for the other sources. When nothing answers in time
    and no proxy is between, IPv4 is tried alone, and ``ipv4_only`` remembers that it worked. Nobody is followed who
    sends the stream elsewhere.
    """

    def __init__(self, url: str, pace: Pace) -> None:
        self.ipv4_only = False
        self._network = read_network()
        self._url = url
        self._pace = pace
        parts = urlsplit(url)
        self._name = parts.hostname or ""
        self.host = plain(parts.netloc.rpartition("@")[2])
        self._secure = parts.scheme == "wss"
        self._ssl: ssl.SSLContext | None = None

    async def dial(self) -> SlicedConnection:
        """A new connection. Raises `RateLimited`, `Refused`, `Unreachable` or `Garbled`."""
        proxy: Proxy | None = None
        try:
            proxy = self._network.proxy_for(self._url)
            if self._ssl is None and (self._secure or (proxy is not None and proxy.is_secure)):
                # Reading the certificates takes tens of milliseconds, too long for the event loop.
                self._ssl = await asyncio.to_thread(self._network.ssl_context)
            return await self._either_way(proxy)
        except NetworkFault as fault:
            raise fault.at(self.host) from None
        except Exception as error:
            raise self._failure(error, proxy) from error

    async def _either_way(self, proxy: Proxy | None) -> SlicedConnection:
        if proxy is not None:
            return await self._connect(proxy, ipv4=False)
        try:
            return await self._connect(None, ipv4=self.ipv4_only)
        except TimeoutError:
            if self.ipv4_only or ":" in self._name:
                raise
        except OSError:
            self.ipv4_only = False
            raise
        connection = await self._connect(None, ipv4=True)
        self.ipv4_only = True
        return connection

    async def _connect(self, proxy: Proxy | None, *, ipv4: bool) -> SlicedConnection:
        pace = self._pace
        to_proxy: dict[str, Any] = {"proxy_ssl": self._ssl} if proxy is not None and proxy.is_secure else {}
        connection = await _Connect(
            self._url,
            compression=None,
            user_agent_header=USER_AGENT,
            proxy=None if proxy is None else proxy.url,
            open_timeout=pace.open_timeout,
            close_timeout=pace.close_timeout,
            ping_interval=pace.ping,
            ping_timeout=pace.ping,
            max_size=LONGEST_MESSAGE,
            logger=_silent,
            create_connection=SlicedConnection,
            ssl=self._ssl if self._secure else None,
            family=socket.AF_INET if ipv4 else socket.AF_UNSPEC,
            **to_proxy,
        )
        assert isinstance(connection, SlicedConnection), "made of it"
        return connection

    def _failure(self, error: Exception, proxy: Proxy | None) -> SourceError:
        """The error of the tree for whatever went wrong, on the way through ``proxy`` if any."""
        host = self.host
        if isinstance(error, InvalidStatus):
            status = error.response.status_code
            if status == httpx.codes.TOO_MANY_REQUESTS:
                wish = retry_after(error.response.headers.get("Retry-After", ""), datetime.now(UTC))
                return RateLimited(host, f"HTTP {status}", retry_after=wish)
            elsewhere = ": it sends the stream elsewhere, which is not followed" if 300 <= status < 400 else ""
            return Refused(host, f"HTTP {status}{elsewhere}", status=status)
        if isinstance(error, ssl.SSLError):
            reason = getattr(error, "verify_message", "") or (error.reason or str(error)).replace("_", " ").lower()
            through = f" (through {proxy.variable}={proxy.shown})" if proxy else ""
            return Unreachable(host, f"TLS: {plain(reason)}{through}")
        if proxy is not None:
            return self._failure_of(proxy, error)
        if isinstance(error, TimeoutError):
            return TimedOut(host, f"time-out after {self._pace.open_timeout:g} s")
        if isinstance(error, socket.gaierror):
            return Unreachable(host, f"name not found: {self._name}")
        if isinstance(error, OSError):
            return Unreachable(host, f"no connection to {host}")
        if isinstance(error, (InvalidURI, ValueError)):
            return Unreachable(host, f"not an address: {plain(shown_address(self._url))}")
        if isinstance(error, WebSocketException):
            return Garbled(host, "an answer that is no WebSocket's")
        return Unreachable(host, f"unexpected: {type(error).__name__}: {plain(without_passwords(str(error)))}")

    def _failure_of(self, proxy: Proxy, error: Exception) -> SourceError:
        """What went wrong at ``proxy`` or behind it, which cannot always be known apart."""
        host = self.host
        if isinstance(error, TimeoutError):
            return proxy.late(host, self._pace.open_timeout)
        if isinstance(error, socket.gaierror):
            return proxy.unknown_name(host)
        if isinstance(error, InvalidProxyStatus):
            return proxy.refused(host, f"HTTP {error.response.status_code}")
        if isinstance(error, InvalidProxyMessage):
            return proxy.garbled(host)
        if isinstance(error, ProxyError):
            # The SOCKS client has a code for what the proxy answered itself, and words for its own surprise.
            cause = error.__cause__
            said_no = getattr(cause, "error_code", None) is not None or "auth" in str(cause).lower()
            return proxy.refused(host, str(cause)) if said_no else proxy.garbled(host)
        if isinstance(error, OSError):
            return proxy.no_connection(host)
        return proxy.failure(host, "the connection through this proxy was cut")


TURN = 0.005
"""Seconds that one turn of the event loop spends on what came."""
PIECE = 256
"""Bytes handed on in between two looks at the clock where no frames are told apart."""
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


class _Connect(connect):
    """Follows nobody who sends the stream elsewhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


MOST = 1_024
"""Messages that may wait to be read before those that are out of date are left out."""
MOST_SYMBOLS = 8_192
"""Messages about different symbols that may wait; the connection is not read on while there are so many."""
MOST_BYTES = 8 * 2**20
"""Their bytes, likewise."""


class Inbox:
    """The messages of one connection. Its owner runs `fill` beside the reading with `take`.

    Where more come than are read, the prices read would be ever older ones. So of what waits, only the newest message
    about each symbol is kept; ``superseded`` counts those left out.
    """

    def __init__(self, connection: SlicedConnection, most: int = MOST, most_symbols: int = MOST_SYMBOLS) -> None:
        self.superseded = 0
        self._connection = connection
        self._most = self._limit = most
        self._most_symbols = most_symbols
        self._held: deque[bytes] = deque()
        self._size = 0
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._end: Exception | None = None

    async def fill(self) -> None:
        """Take in what comes, until the connection ends."""
        try:
            while True:
                messages = await self._connection.receive()
                self._held.extend(messages)
                self._size += sum(map(len, messages))
                self._some.set()
                if len(self._held) >= self._limit:
                    self._leave_out_superseded()
                while len(self._held) >= self._most_symbols or self._size >= MOST_BYTES:
                    self._room.clear()
                    await self._room.wait()
        except Exception as error:  # raised to the reader, after the last message
            self._end = error
            self._some.set()

    def _leave_out_superseded(self) -> None:
        newest: dict[object, bytes] = {}
        for number, message in enumerate(self._held):
            subject = subject_of(message) or number
            newest.pop(subject, None)
            newest[subject] = message
        self.superseded += len(self._held) - len(newest)
        self._held = deque(newest.values())
        self._size = sum(map(len, self._held))
        self._limit = max(self._most, 2 * len(newest))

    async def take(self, most: int) -> list[bytes]:
        """The oldest messages, at most ``most``, as soon as there is one.

        Raises what ended the connection, `websockets.exceptions.ConnectionClosed` mostly, when all are taken.
        """
        while not self._held:
            self._limit = self._most
            if self._end is not None:
                raise self._end
            self._some.clear()
            await self._some.wait()
        taken = [self._held.popleft() for _ in range(min(most, len(self._held)))]
        self._size -= sum(map(len, taken))
        self._room.set()
        return taken
