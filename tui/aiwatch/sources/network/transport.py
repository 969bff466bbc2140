"""The network of the HTTP sources: directly, or through the proxy that the environment names for an address."""

from __future__ import annotations

import asyncio
import ssl
import sys
from functools import cache
from importlib.util import find_spec
from typing import Any, cast

import httpcore
import httpx

from aiwatch.sources.network.environment import Network, Proxy

NO_SOCKS = "no SOCKS"
"""The text of the error for a SOCKS proxy that speaks something else."""
READ_BYTES = 16 * 1024
"""Bytes taken from a connection between two turns of the event loop: a thousand interim answers at the most."""
LONGEST_HEAD = 24 * 1024
"""Bytes of the headers of one answer, or of its trailers; they are read at a stretch."""


class EnvironmentTransport(httpx.AsyncBaseTransport):
    """Sends each request as ``network`` says. Certificates are read when the first request wants them."""

    def __init__(self, network: Network) -> None:
        _bound_reading()
        _note_missing()
        self._network = network
        self._transports: dict[tuple[Proxy | None, bool], httpx.AsyncHTTPTransport] = {}
        self._context: ssl.SSLContext | None = None
        self._reading = asyncio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``. Raises `NetworkFault` where the environment cannot be used, and what httpx raises."""
        proxy = self._network.proxy_for(str(request.url))
        secure = request.url.scheme == "https" or (proxy is not None and proxy.is_secure)
        context = await self._certificates() if secure else _without_tls()
        transport = self._transports.get((proxy, secure))
        if transport is None:
            transport = self._transports[proxy, secure] = _made(proxy, context)
        return await _sent(transport, request)

    async def aclose(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            await transport.aclose()

    async def _certificates(self) -> ssl.SSLContext:
        async with self._reading:
            if self._context is None:
                # Reading the certificates takes tens of milliseconds, too long for the event loop.
                self._context = await asyncio.to_thread(self._network.ssl_context)
            return self._context


@cache
def _without_tls() -> ssl.SSLContext:
    """What httpx wants to be given for addresses without TLS too, one for all."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _bound_reading() -> None:
    """httpcore has these two bounds as constants of its connections alone."""
    httpcore.AsyncHTTP11Connection.READ_NUM_BYTES = READ_BYTES
    httpcore.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE = LONGEST_HEAD


def _note_missing() -> None:
    """httpcore tries to import a package that need not be there several times a request, and each try looks through
    every folder of the path."""
    if "sniffio" not in sys.modules and find_spec("sniffio") is None:
        cast("dict[str, object]", sys.modules)["sniffio"] = None


async def _sent(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
    """Send ``request``. httpcore leaves a connection open when a SOCKS proxy refuses or a TLS handshake is cancelled,
    and asserts and indexes its way through SOCKS: the first is closed here, the second is a `httpx.ProxyError`."""
    opened: list[Any] = []

    async def note(event: str, info: dict[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            opened.append(info["return_value"])

    request.extensions["trace"] = note
    try:
        return await transport.handle_async_request(request)
    except BaseException as error:
        for connection in opened:
            await connection.aclose()
        if isinstance(error, Exception) and not isinstance(error, (httpx.HTTPError, OSError)):
            raise httpx.ProxyError(NO_SOCKS) from error
        raise


def _made(proxy: Proxy | None, context: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    if proxy is None:
        return httpx.AsyncHTTPTransport(verify=context)
    to_proxy = context if proxy.is_secure else None
    return httpx.AsyncHTTPTransport(verify=context, proxy=httpx.Proxy(proxy.url, ssl_context=to_proxy))
