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
from websockets.asyncio.client import connect
from websockets.exceptions import (
    InvalidProxyMessage,
    InvalidProxyStatus,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)

from aiwatch import USER_AGENT
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut, Unreachable
from aiwatch.formatting.addresses import shown_address, without_passwords
from aiwatch.sources.http_errors import retry_after
from aiwatch.sources.network.environment import NetworkFault, Proxy, read_network
from aiwatch.sources.parsing import plain
from aiwatch.sources.yahoo_stream.frames import subject_of
from aiwatch.sources.yahoo_stream.sliced_connection import LONGEST_MESSAGE, SlicedConnection

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
