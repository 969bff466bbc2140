"""The server of the screen: one page, its files, and a socket for each tab, all behind the guard."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from aiohttp import WSMsgType, web

from aiwatch.errors import AiwatchError
from aiwatch.web import packets
from aiwatch.web.guard import TOKEN, Guard, Refusal, security_headers
from aiwatch.web.page import ClientFile, page
from aiwatch.web.session import Program

LOOPBACK = "127.0.0.1"
MOST_TYPED = 1024 * 1024
"""Bytes of a message from the browser: a paste may be long."""
HEARTBEAT = 15.0
"""Seconds after which a tab that does not answer counts as closed."""
_FULL = Refusal(503, "As many tabs are open as may be. Close one, or start `aiwatch web` with more --sessions.")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PortTaken(AiwatchError):
    """The port cannot be listened at."""

    title = "Port"


class ScreenServer:
    """Serves ``command`` to at most ``sessions`` tabs at a time, as the page ``title`` with its ``files``.

    ``let_in`` is called with the next address each time one has been used.
    """

    def __init__(
        self,
        command: Sequence[str],
        files: dict[str, ClientFile],
        *,
        title: str = "aiwatch",
        sessions: int = 1,
        let_in: Callable[[str], None] = lambda address: None,
    ) -> None:
        self._command = command
        self._files = files
        self._title = title
        self._sessions = sessions
        self._let_in = let_in
        self._guard = Guard(0)
        self._open: set[web.WebSocketResponse] = set()
        self._programs: set[Program] = set()
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """The address that lets the next browser in, once."""
        return self._guard.address

    @property
    def host(self) -> str:
        """Where it listens: address and port."""
        return self._guard.hosts[0]

    @property
    def programs(self) -> frozenset[Program]:
        """The programs that have been started and not ended."""
        return frozenset(self._programs)

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator[ScreenServer]:
        """Listen at ``port`` of the loopback, or at a free one for 0; on leaving every program is ended.

        Raises `PortTaken`.
        """
        application = web.Application(middlewares=[self._guarded])
        application.router.add_get("/", self._index)
        application.router.add_get("/static/{name}", self._file)
        application.router.add_get("/ws", self._socket)
        runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()  # no access log: addresses with their token would stand in it
        try:
            try:
                await web.TCPSite(runner, LOOPBACK, port).start()
            except OSError as error:
                why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror or error}"
                raise PortTaken(f"port {port} of {LOOPBACK} {why}", hint="--port names another, 0 any.") from None
            self._guard = Guard(runner.addresses[0][1])
            yield self
        finally:
            await self._close_all()
            await runner.cleanup()

    async def _close_all(self) -> None:
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._open)), return_exceptions=True)
        await asyncio.gather(*(program.end() for program in tuple(self._programs)), *self._ending)

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whom the guard refuses, and send every answer with the headers of `security_headers`."""
        refusal = self._guard.foreign_host(request.host)
        if refusal is None and not (request.path == "/" and TOKEN in request.query):
            refusal = self._guard.stranger(request.cookies)
        if refusal is None and request.path == "/ws":
            refusal = self._guard.foreign_origin(request.host, request.headers.get("Origin"))
        if refusal is not None:
            return self._refused(refusal)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            return self._refused(Refusal(error.status, error.reason))
        if not response.prepared:
            response.headers.update(security_headers(request.host))
        return response

    def _refused(self, refusal: Refusal) -> web.Response:
        headers = security_headers(self.host)
        return web.Response(status=refusal.status, text=f"{refusal.words}\n", headers=headers)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        if TOKEN not in request.query:
            return web.Response(text=page(self._title, request.host), content_type="text/html")
        refusal = self._guard.spend(request.query[TOKEN])
        if refusal is not None and self._guard.stranger(request.cookies) is not None:
            return self._refused(refusal)
        response = web.Response(status=303, headers={"Location": "/"})
        if refusal is None:
            name, value = self._guard.cookie_name, self._guard.cookie
            response.set_cookie(name, value, httponly=True, samesite="Strict", path="/")
            self._let_in(self.address)
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type=file.type)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if len(self._open) >= self._sessions:
            return self._refused(_FULL)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MOST_TYPED)
        self._open.add(socket)
        try:
            await socket.prepare(request)
            cells = packets.size(request.query.get("width"), request.query.get("height")) or (80, 24)
            program = Program(self._command, cells, socket.send_bytes, socket.send_str)
            await self._serve(socket, program)
        finally:
            self._open.discard(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse, program: Program) -> None:
        """Let ``program`` and the browser speak until either ends; the program then ends in its own time, so that a
        page that is loaded again need not wait for it."""
        self._programs.add(program)
        running: asyncio.Task[None] | None = None
        try:
            await program.start()
            running = asyncio.create_task(self._shown(socket, program), name="program of a tab")
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await _handle(socket, program, message.data)
        except (OSError, ConnectionError):
            pass  # it could not be started, or the tab is gone: the page says so
        finally:
            if running is not None:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
            ending = asyncio.create_task(self._ended(program), name="end of a program")
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            with suppress(ConnectionError):
                await socket.close()

    @staticmethod
    async def _shown(socket: web.WebSocketResponse, program: Program) -> None:
        await program.run()
        await socket.close()

    async def _ended(self, program: Program) -> None:
        try:
            await program.end()
        finally:
            self._programs.discard(program)


async def _handle(socket: web.WebSocketResponse, program: Program, text: str) -> None:
    answer = packets.answer_to(text)
    if answer is not None:
        await socket.send_str(answer)
        return
    data = packets.to_program(text)
    if data is not None:
        await program.send(data)
