"""A proxy on the loopback that speaks HTTP and SOCKS 5, leads every tunnel to one port, and keeps what it was asked."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.sources.loopback_tls import relay

_SUCCEEDED = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00"


class LoopbackProxy:
    """``asked`` are the places it was to lead to, ``host:port``; ``logins`` what came with them, ``user:password``."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.login = ""
        self.asked: list[str] = []
        self.logins: list[str] = []
        self.port = 0

    def url(self, scheme: str, login: str = "") -> str:
        """Its address, to be put into a variable."""
        return f"{scheme}://{login}{'@' if login else ''}127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one client."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            first = await reader.readexactly(1)
            led = await (self._socks(reader, writer) if first == b"\x05" else self._http(first, reader, writer))
            if led:
                await relay(reader, writer, self.target)
                return
        writer.close()

    async def _http(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = first + await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split()[1].decode())
        login = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"proxy-authorization:")), b"")
        self.logins.append(b64decode(login.split()[-1]).decode() if login else "")
        if self.login not in ("", self.logins[-1]):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return False
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return True

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        method = b"\x02" if b"\x02" in methods else b"\x00"
        if self.login and method == b"\x00":
            writer.write(b"\x05\xff")
            return False
        writer.write(b"\x05" + method)
        self.logins.append(await self._socks_login(reader) if method == b"\x02" else "")
        if method == b"\x02":
            allowed = self.login in ("", self.logins[-1])
            writer.write(b"\x01\x00" if allowed else b"\x01\x01")
            if not allowed:
                return False
        kind = (await reader.readexactly(4))[3]
        assert kind == 3, "the proxy is to look up the name itself"
        name = await reader.readexactly((await reader.readexactly(1))[0])
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{name.decode()}:{port}")
        writer.write(_SUCCEEDED)
        return True

    async def _socks_login(self, reader: asyncio.StreamReader) -> str:
        user = await reader.readexactly((await reader.readexactly(2))[1])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        return f"{user.decode()}:{password.decode()}"


@asynccontextmanager
async def loopback_proxy(target: int) -> AsyncIterator[LoopbackProxy]:
    """A proxy that leads to the loopback's port ``target``, as long as the block runs."""
    proxy = LoopbackProxy(target)
    async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as server:
        proxy.port = server.sockets[0].getsockname()[1]
        yield proxy
