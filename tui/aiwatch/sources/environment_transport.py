"""The network of the HTTP sources: directly, or through the proxy that the environment names for an address."""

from __future__ import annotations

import asyncio
import ssl

import httpx

from aiwatch.sources.environment import Network, Proxy

NO_SOCKS = "no SOCKS"
"""The text of the error for a SOCKS proxy that speaks something else."""


class EnvironmentTransport(httpx.AsyncBaseTransport):
    """Sends each request as ``network`` says. Certificates are read when the first request wants them."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._transports: dict[tuple[Proxy | None, bool], httpx.AsyncHTTPTransport] = {}
        self._plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context: ssl.SSLContext | None = None
        self._reading = asyncio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``. Raises `NetworkFault` where the environment cannot be used, and what httpx raises."""
        proxy = self._network.proxy_for(str(request.url))
        secure = request.url.scheme == "https" or (proxy is not None and proxy.is_secure)
        context = await self._certificates() if secure else self._plain
        transport = self._transports.get((proxy, secure))
        if transport is None:
            transport = self._transports[proxy, secure] = _made(proxy, context)
        try:
            return await transport.handle_async_request(request)
        except (httpx.HTTPError, OSError):
            raise
        except Exception as error:
            if proxy is None or not proxy.is_socks:
                raise
            # The SOCKS client asserts and indexes its way through what a proxy says.
            raise httpx.ProxyError(NO_SOCKS) from error

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


def _made(proxy: Proxy | None, context: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    if proxy is None:
        return httpx.AsyncHTTPTransport(verify=context)
    to_proxy = context if proxy.is_secure else None
    return httpx.AsyncHTTPTransport(verify=context, proxy=httpx.Proxy(proxy.url, ssl_context=to_proxy))
