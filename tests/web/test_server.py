"""The served screen over real sockets: who gets in, who does not, and that no program outlives its tab."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType, WSServerHandshakeError
from msgspec import Struct

from aiwatch.runtime.output import BROWSER_DRIVER
from aiwatch.web import session as session_module
from aiwatch.web.page import client_files
from aiwatch.web.server import PortTaken, ScreenServer
from tests.web.programs import DEAF, ECHO, SILENT

SECONDS = 20.0


class Served(Struct):
    """A server that listens, a browser that has not been let in, and the addresses that were printed."""

    server: ScreenServer
    browser: ClientSession
    printed: list[str]

    @property
    def base(self) -> str:
        return f"http://{self.server.host}"

    async def enter(self) -> None:
        async with self.browser.get(self.server.address) as response:
            assert response.status == 200

    def socket(self, *, origin: str | None = "", host: str = "") -> Any:
        """A socket of the page of ``origin`` (empty: our own; ``None``: of no page)."""
        headers = {"Origin": self.base if origin == "" else origin} if origin is not None else {}
        if host:
            headers["Host"] = host
        return self.browser.ws_connect(f"{self.base}/ws?width=100&height=30", headers=headers)


Serve = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture(scope="module")
def files() -> Any:
    return client_files()


@pytest.fixture
def serve(files: Any) -> Serve:
    @asynccontextmanager
    async def serving(command: Sequence[str] = ECHO, sessions: int = 1) -> AsyncIterator[Served]:
        printed: list[str] = []
        server = ScreenServer(command, files, sessions=sessions, let_in=printed.append)
        async with (
            asyncio.timeout(SECONDS),
            server.listening(),
            ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
        ):
            yield Served(server, browser, printed)

    return serving


async def _drawn(socket: ClientWebSocketResponse) -> bytes:
    message = await socket.receive()
    assert message.type is WSMsgType.BINARY, message
    return bytes(message.data)


async def _status(served: Served, path: str, **headers: str) -> int:
    async with served.browser.get(f"{served.base}{path}", headers=headers) as response:
        return response.status


async def test_the_address_lets_one_browser_in_once(serve: Serve) -> None:
    async with serve() as served:
        address = served.server.address
        assert await _status(served, "/") == 403
        assert await _status(served, "/?token=guessed") == 403
        async with served.browser.get(address, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, "/")
            cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert address.partition("=")[2] not in cookie, "the token is no key any more"
        assert await _status(served, "/") == 200
        assert served.printed == [served.server.address]
        assert served.server.address != address
        async with ClientSession() as later, later.get(address) as response:
            assert response.status == 403, "the address of before is spent"


async def test_a_foreign_name_for_this_machine_is_refused_even_with_the_token(serve: Serve) -> None:
    async with serve() as served:
        token = served.server.address.partition("/?")[2]
        for host in ("evil.example", "127.0.0.1", f"evil.example:{served.server.host.partition(':')[2]}"):
            assert await _status(served, f"/?{token}", Host=host) == 421
        await served.enter()
        for path in ("/", "/static/page.css", "/ws", "/nowhere"):
            assert await _status(served, path, Host="evil.example") == 421


async def test_the_files_are_a_short_list(serve: Serve, files: Any) -> None:
    async with serve() as served:
        assert await _status(served, "/static/terminal.js") == 403
        await served.enter()
        for name in files:
            assert await _status(served, f"/static/{name}") == 200
        for path in ("/static", "/static/", "/static/js/textual.js", "/static/..%2Fserver.py", "/download/x", "/x"):
            assert await _status(served, path) == 404, path


async def test_nothing_outside_is_loaded_or_asked(serve: Serve) -> None:
    async with serve() as served:
        await served.enter()
        for path in ("/", "/static/terminal.js", "/nowhere"):
            async with served.browser.get(f"{served.base}{path}") as response:
                policy = response.headers["Content-Security-Policy"]
                text = await response.text()
            directives = dict(part.split(" ", 1) for part in policy.split("; "))
            assert directives["default-src"] == "'none'"
            assert directives["connect-src"] == f"'self' ws://{served.server.host}"
            assert directives["frame-ancestors"] == "'none'"
            assert "unsafe" not in directives["script-src"]
            assert response.headers["Referrer-Policy"] == "no-referrer"
            if path == "/":
                assert "https://" not in text
                assert text.count("<script") == text.count("<script src=")


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://{host}", "http://localhost:1"])
async def test_a_socket_of_another_page_is_refused(serve: Serve, origin: str | None) -> None:
    async with serve() as served:
        await served.enter()
        with pytest.raises(WSServerHandshakeError) as refused:
            await served.socket(origin=origin and origin.format(host=served.server.host))
        assert refused.value.status == 403
        assert not served.server.programs


async def test_a_socket_without_the_cookie_is_refused(serve: Serve) -> None:
    async with serve() as served:
        with pytest.raises(WSServerHandshakeError) as refused:
            await served.socket()
        assert refused.value.status == 403


async def test_our_own_page_draws_and_types(serve: Serve) -> None:
    async with serve() as served:
        await served.enter()
        async with served.socket() as socket:
            assert await _drawn(socket) == f"100x30 {BROWSER_DRIVER}".encode()
            await socket.send_str('["stdin", "j"]')
            assert await _drawn(socket) == b"typed j"
            for nonsense in ("{", "[]", '["stdin", 1]', '["quit"]'):
                await socket.send_str(nonsense)
            await socket.send_bytes(b"binary")
            await socket.send_str('["resize", {"width": 99999, "height": 1}]')
            assert b'"width":1000,"height":4' in await _drawn(socket)
            await socket.send_str('["ping", "1"]')
            assert (await socket.receive()).data == '["pong","1"]'
            await socket.send_str('["stdin", "o"]')
            assert "https://example.org/" in (await socket.receive()).data


@pytest.mark.parametrize("key", ["q", "!"])
async def test_the_tab_ends_with_its_program(serve: Serve, key: str) -> None:
    async with serve() as served:
        await served.enter()
        async with served.socket() as socket:
            await _drawn(socket)
            await socket.send_str(f'["stdin", "{key}"]')
            assert (await socket.receive()).type is WSMsgType.CLOSE


async def test_a_program_that_does_not_start_closes_the_tab(serve: Serve) -> None:
    for command in (SILENT, ("no-such-program-at-all",)):
        async with serve(command) as served:
            await served.enter()
            async with served.socket() as socket:
                assert (await socket.receive()).type is WSMsgType.CLOSE


async def test_only_so_many_tabs_and_a_closed_one_makes_room(serve: Serve) -> None:
    async with serve(sessions=2) as served:
        await served.enter()
        first, second = await served.socket(), await served.socket()
        await _drawn(first)
        await _drawn(second)
        with pytest.raises(WSServerHandshakeError) as refused:
            await served.socket()
        assert refused.value.status == 503
        await first.close()
        while len(served.server.programs) > 1:  # noqa: ASYNC110 - nothing tells of a program's end
            await asyncio.sleep(0.01)
        third = await served.socket()
        assert await _drawn(third)
        for socket in (second, third):
            await socket.close()


def _is_running(pid: int) -> bool:
    import os

    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("command", [ECHO, DEAF], ids=["obedient", "deaf"])
async def test_no_program_outlives_the_server(
    serve: Serve, command: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "QUIT_SECONDS", 5.0 if command is ECHO else 0.05)
    monkeypatch.setattr(session_module, "TERMINATE_SECONDS", 0.05)
    async with serve(command) as served:
        await served.enter()
        socket = await served.socket()
        await _drawn(socket)
        [program] = served.server.programs
        assert program.pid is not None
        assert _is_running(program.pid)
    assert not served.server.programs
    assert not _is_running(program.pid)


async def test_the_token_is_in_no_log(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serve() as served:
            addresses = [served.server.address]
            await served.enter()
            addresses.append(served.server.address)
            assert await _status(served, "/?token=wrong-token") == 200, "who is in stays in"
            assert await _status(served, f"/nowhere?{addresses[1].partition('?')[2]}") == 404
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("aiohttp"))
    assert "token" not in logged


async def test_a_port_that_is_taken_is_said(files: Any) -> None:
    server = ScreenServer(ECHO, files)
    async with server.listening():
        port = int(server.host.rpartition(":")[2])
        with pytest.raises(PortTaken, match=rf"port {port} of 127\.0\.0\.1 is in use"):
            async with ScreenServer(ECHO, files).listening(port):
                pass


async def test_it_listens_on_the_loopback_alone(files: Any) -> None:
    server = ScreenServer(ECHO, files)
    async with server.listening(), aiohttp.ClientSession() as client:
        port = server.host.rpartition(":")[2]
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.get(f"http://127.0.0.2:{port}/")
