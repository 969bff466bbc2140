"""Opens the stream's WebSocket connection: proxies, certificates, time-outs, and networks whose IPv6 leads nowhere."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidProxy, InvalidStatus, InvalidURI, ProxyError, WebSocketException

from aiwatch import USER_AGENT
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut, Unreachable
from aiwatch.sources.figures import plain
from aiwatch.sources.http import is_loopback
from aiwatch.sources.http_meaning import retry_after

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

    Proxies are taken from the environment (``HTTPS_PROXY``, ``NO_PROXY``), but a loopback address is never asked
    through one; certificates as the other sources take them (``SSL_CERT_FILE``). When nothing answers in time, IPv4
    is tried alone, and ``ipv4_only`` remembers that it worked.
    """

    def __init__(self, url: str, pace: Pace) -> None:
        self.ipv4_only = False
        self._url = url
        self._pace = pace
        parts = urlsplit(url)
        self._name = parts.hostname or ""
        self.host = plain(parts.netloc.rpartition("@")[2])
        self._secure = parts.scheme == "wss"
        self._ssl: ssl.SSLContext | None = None

    async def dial(self) -> ClientConnection:
        """A new connection. Raises `RateLimited`, `Refused`, `Unreachable` or `Garbled`."""
        try:
            if self._secure and self._ssl is None:
                # Reading the certificates takes tens of milliseconds, too long for the event loop.
                self._ssl = await asyncio.to_thread(httpx.create_ssl_context)
            return await self._either_way()
        except Exception as error:
            raise self._failure(error) from error

    async def _either_way(self) -> ClientConnection:
        try:
            return await self._connect(ipv4=self.ipv4_only)
        except TimeoutError:
            if self.ipv4_only or ":" in self._name:
                raise
        except OSError:
            self.ipv4_only = False
            raise
        connection = await self._connect(ipv4=True)
        self.ipv4_only = True
        return connection

    async def _connect(self, *, ipv4: bool) -> ClientConnection:
        pace = self._pace
        return await connect(
            self._url,
            compression=None,
            user_agent_header=USER_AGENT,
            proxy=None if is_loopback(self._name) else True,
            open_timeout=pace.open_timeout,
            close_timeout=pace.close_timeout,
            ping_interval=pace.ping,
            ping_timeout=pace.ping,
            max_size=LONGEST_MESSAGE,
            max_queue=_QUEUED,
            logger=_silent,
            ssl=self._ssl,
            family=socket.AF_INET if ipv4 else socket.AF_UNSPEC,
        )

    def _failure(self, error: Exception) -> SourceError:
        """The error of the tree for whatever went wrong."""
        host = self.host
        if isinstance(error, InvalidStatus):
            status = error.response.status_code
            if status == httpx.codes.TOO_MANY_REQUESTS:
                wish = retry_after(error.response.headers.get("Retry-After", ""), datetime.now(UTC))
                return RateLimited(host, f"HTTP {status}", retry_after=wish)
            return Refused(host, f"HTTP {status}", status=status)
        if isinstance(error, TimeoutError):
            return TimedOut(host, f"time-out after {self._pace.open_timeout:g} s")
        if isinstance(error, socket.gaierror):
            return Unreachable(host, f"name not found: {self._name}")
        if isinstance(error, ssl.SSLError):
            reason = getattr(error, "verify_message", "") or (error.reason or str(error)).replace("_", " ").lower()
            return Unreachable(host, f"TLS: {plain(reason)}")
        if isinstance(error, (ProxyError, InvalidProxy)):
            return Unreachable(host, f"the proxy refused: {plain(str(error))}")
        if isinstance(error, ImportError):
            return Unreachable(host, f"a SOCKS proxy needs one more package: {plain(str(error))}")
        if isinstance(error, OSError):
            return Unreachable(host, f"no connection to {host}")
        if isinstance(error, (InvalidURI, ValueError)):
            return Unreachable(host, f"not an address: {plain(self._url)}")
        if isinstance(error, WebSocketException):
            return Garbled(host, "an answer that is no WebSocket's")
        return Unreachable(host, f"unexpected: {type(error).__name__}: {plain(str(error))}")
