"""TLS on the loopback: a listener that hands on what it unwraps to a plain host, and a proxy in front of it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

TRUSTED, STRANGER = (Path(__file__).parent / f"{name}.pem" for name in ("trusted", "stranger"))
"""Two certificates for ``127.0.0.1``, ``localhost`` and `NAME`, each signed by its own key."""
NAME = "quotes.invalid"
"""A name that no name server may ever know (RFC 2606)."""


class TlsFront:
    """What listens; ``port`` is its own."""

    def __init__(self, certificate: Path) -> None:
        self._target = 0
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.port = 0
        self.show(certificate)

    def show(self, certificate: Path) -> None:
        """Show ``certificate`` to whoever comes from now on."""
        self._context.load_cert_chain(certificate)

    def lead_to(self, target: str) -> None:
        """Hand on to the plain host at the address ``target`` what comes from now on."""
        self._target = urlsplit(target).port or 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[TlsFront]:
        """Listen as long as the block runs."""
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await relay(reader, writer, self._target)


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Carry bytes to the loopback's ``port`` and back until either side ends."""
    behind, before = await asyncio.open_connection("127.0.0.1", port)
    ways = [asyncio.create_task(_carry(reader, before)), asyncio.create_task(_carry(behind, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (before, writer):
            end.transport.abort()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def tls_front(target: str, certificate: Path) -> AsyncIterator[TlsFront]:
    """A listener that speaks TLS with ``certificate`` for the plain host at ``target``."""
    async with TlsFront(certificate).open() as front:
        front.lead_to(target)
        yield front


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[tuple[str, list[bytes]]]:
    """The address of a proxy that leads every tunnel to ``port``, and the heads of the requests it got."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await relay(reader, writer, port)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
