"""A host on a loopback socket that answers every connection as a test tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from aiwatch.config.settings import SourceSettings

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
Answerer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def settings(base_url: str, timeout: float = 5.0) -> SourceSettings:
    """Settings that point at ``base_url``."""
    return SourceSettings(base_url, interval=5, interval_closed=60, timeout=timeout)


def clock() -> datetime:
    """Always `NOW`."""
    return NOW


@asynccontextmanager
async def host(answerer: Answerer, *, after_head: bool = True) -> AsyncIterator[str]:
    """The address of a host that hands each connection to ``answerer``, usually after its request's head was read."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if after_head:
                await reader.readuntil(b"\r\n\r\n")
            await answerer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client hung up, which is what some tests are about
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def host_saying(answer: bytes) -> AsyncIterator[str]:
    """A host that sends ``answer`` as it is and hangs up."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    async with host(say) as address:
        yield address


def response(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """An HTTP answer; ``length`` is what it says of its body's."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body
