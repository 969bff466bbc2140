"""One simulated host: a listener on a loopback port, its faults and its tally.

What a host of the exchange has been asked and has answered, and how a test waits for it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Protocol

from aiohttp import web

from aiwatch.simulator.access import AccessPolicy, NoPolicy
from aiwatch.simulator.faults import HISTORY_ONLY, SPOILING, Fault, FaultKind, FaultPlan, within_character
from aiwatch.simulator.reply import Reply

REMEMBERED = 1000
"""How many of the last requests are kept word for word."""


class Count:
    """A number that only grows, and can be waited for."""

    def __init__(self) -> None:
        self.value = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def add(self, amount: int = 1) -> None:
        """Grow by ``amount`` and wake those that wait for the number reached."""
        self.value += amount
        if not self._waiting:
            return
        for least, future in self._waiting:
            if self.value >= least and not future.done():
                future.set_result(None)
        self._waiting = [entry for entry in self._waiting if not entry[1].done()]

    async def wait_for(self, least: int, timeout: float = 10.0) -> int:  # noqa: ASYNC109 (a test's safety net)
        """Wait until the number is at least ``least``; returns it.

        Raises `TimeoutError`, saying how far it came, after ``timeout`` seconds.
        """
        if self.value < least:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append((least, future))
            try:
                await asyncio.wait_for(future, timeout)
            except TimeoutError:
                raise TimeoutError(f"waited for {least}, came to {self.value} in {timeout:g} s") from None
        return self.value

    async def more(self, amount: int = 1, timeout: float = 10.0) -> int:  # noqa: ASYNC109 (a test's safety net)
        """Wait until the number has grown by ``amount`` from now on; returns it. Raises as `wait_for` does."""
        return await self.wait_for(self.value + amount, timeout)


class RequestCounter:
    """The counters of one host. ``requests`` grows when one arrives, ``answers`` when its end has been sent.

    ``symbols`` counts those asked for, ``sent`` the bytes of bodies, ``statuses`` the answers by status,
    ``most_at_once`` the requests under way together. ``asked``, ``targets`` and ``agents`` hold the last requests'
    symbols, targets and User-Agent headers, oldest first.
    """

    def __init__(self) -> None:
        self.requests = Count()
        self.answers = Count()
        self.symbols = 0
        self.sent = 0
        self.statuses: Counter[int] = Counter()
        self.at_once = 0
        self.most_at_once = 0
        self.asked: deque[tuple[str, ...]] = deque(maxlen=REMEMBERED)
        self.targets: deque[str] = deque(maxlen=REMEMBERED)
        self.agents: deque[str] = deque(maxlen=REMEMBERED)

    def arrive(self, target: str, symbols: tuple[str, ...], agent: str) -> None:
        """Note a request that has come in."""
        self.symbols += len(symbols)
        self.asked.append(symbols)
        self.targets.append(target)
        self.agents.append(agent)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.requests.add()

    def leave(self) -> None:
        """Note that a request is no longer under way, however it ended."""
        self.at_once -= 1

    def answer(self, status: int, sent: int) -> None:
        """Note an answer: its status and how many bytes of its body were sent."""
        self.statuses[status] += 1
        self.sent += sent
        self.answers.add()


LONGEST_TARGET = 8170
"""Bytes of a request's target; a longer one is answered with 414, as the real hosts do near 8 KB."""

_FORM = "application/x-www-form-urlencoded"
"""What a form is sent as; its fields are read as those of a query."""
_LOOPBACK = "127.0.0.1"
_ANY = frozenset(FaultKind)
_NO_HISTORY = _ANY - HISTORY_ONLY
_DRIPS = 10
_MAINTENANCE = (
    b"<!DOCTYPE html>\n<html><head><title>Down</title></head><body><h1>Will be right back...</h1></body></html>\n"
)
_GARBAGE = bytes(range(128, 256)) * 4 + b"\x00\x1b[2J\xff\xfe"
_EXPLANATIONS = {429: b"Edge: Too Many Requests", 403: b"Forbidden", 414: b"<html>414 Request-URI Too Large</html>"}


class Wire(Protocol):
    """How a host's questions are read and its answers written."""

    name: str
    content_type: str

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The symbols a request target asks for; ``None`` when it is no question the host knows."""
        ...

    def refusal(self, symbols: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """The status and body for a question that cannot be answered; ``None`` for one that can."""
        ...

    def parts(self, symbols: Sequence[str], now: datetime) -> list[bytes]:
        """A piece of the answer for each symbol known, in the order asked."""
        ...

    def symbol_of(self, part: bytes) -> str:
        """The host's spelling of the symbol a piece is about."""
        ...

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """A piece with one thing wrong; empty to leave it out."""
        ...

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        ...


class Page(Protocol):
    """A question of a host whose answer is one whole, such as the history of one symbol. It applies the faults that
    spoil figures by itself."""

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The symbols a request target asks for; ``None`` when it is not this page's."""
        ...

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer, with ``faults`` in it."""
        ...


class Host:
    """A listener for one wire, or for several of one host that answer at different paths, behind a door.

    ``advance`` moves the market on and gives the present moment.

    The port is chosen by the system at the first `open` and kept for later ones. ``latency`` in seconds delays every
    answer.
    """

    def __init__(
        self,
        wire: Wire,
        advance: Callable[[], datetime],
        random: Random,
        latency: float = 0.0,
        *,
        also: Sequence[Wire] = (),
        pages: Sequence[Page] = (),
        policy: AccessPolicy | None = None,
    ) -> None:
        self.wire = wire
        self.policy = policy or NoPolicy()
        self._also = tuple(also)
        self._pages = tuple(pages)
        self.plan = FaultPlan(random)
        self.tally = RequestCounter()
        self.latency = latency
        self._advance = advance
        self._port = 0
        self._runner: web.ServerRunner | None = None
        self._server: web.Server | None = None
        self._held: set[asyncio.Future[None]] = set()

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://{_LOOPBACK}:{self._port}"

    async def open(self) -> None:
        """Listen; nothing happens when it already does. Raises `OSError` when the port is taken."""
        if self._runner is not None:
            return
        server = web.Server(self._handle, handler_cancellation=True, access_log=None, max_line_size=2**16)
        runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await runner.setup()
        try:
            # This host's own port, kept while the host is down: nothing else of this process asks for it.
            site = web.TCPSite(runner, _LOOPBACK, self._port, reuse_address=True)
            await site.start()
        except BaseException:
            await runner.cleanup()
            raise
        self._port = runner.addresses[0][1]
        self._runner, self._server = runner, server

    async def close(self) -> None:
        """Stop listening and cut every connection; nothing happens when it is closed already."""
        runner, server = self._runner, self._server
        self._runner = self._server = None
        if runner is None or server is None:
            return
        for connection in server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await runner.cleanup()

    def release(self) -> None:
        """Let the requests that hang go on to their ordinary answers."""
        for future in self._held:
            if not future.done():
                future.set_result(None)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        target = request.raw_path
        if request.content_type == _FORM:
            target += f"?{(await request.read()).decode('ascii', 'replace')[:LONGEST_TARGET]}"
        wire = next((wire for wire in self._also if wire.asked(target) is not None), self.wire)
        page = next((page for page in self._pages if page.asked(target) is not None), None)
        symbols = wire.asked(target) if page is None else page.asked(target)
        self.tally.arrive(target, symbols or (), request.headers.get("User-Agent", ""))
        try:
            faults = self.plan.draw(_ANY if page is not None else _NO_HISTORY)
            await self._wait(faults)
            reply = _misled(target, faults) or self.policy.reply(target, request.headers)
            if reply is None:
                reply = self._reply(wire, symbols, faults) if page is None else self._page(page, target, faults)
            return await self._deliver(request, reply, {fault.kind: fault for fault in faults})
        finally:
            self.tally.leave()

    async def _wait(self, faults: Sequence[Fault]) -> None:
        late = self.latency + sum(fault.seconds for fault in faults if fault.kind is FaultKind.LATENCY)
        if late > 0:
            await asyncio.sleep(late)
        if any(fault.kind is FaultKind.HANG for fault in faults):
            future = asyncio.get_running_loop().create_future()
            self._held.add(future)
            try:
                await future
            finally:
                self._held.discard(future)

    def _reply(self, wire: Wire, symbols: tuple[str, ...] | None, faults: Sequence[Fault]) -> Reply:
        refusal = wire.refusal(symbols)
        if refusal is not None:
            return Reply(refusal[1], wire.content_type, refusal[0])
        parts = wire.parts(symbols or (), self._advance())
        for fault in faults:
            if fault.kind in SPOILING:
                parts = _spoil(wire, parts, fault)
        body = wire.body(parts)
        if parts and any(fault.kind is FaultKind.HALF_LINE for fault in faults):
            body = body[: -(len(parts[-1]) // 2)]
        if any(fault.kind is FaultKind.HALF_CHARACTER for fault in faults):
            body = within_character(body)
        return Reply(body, wire.content_type)

    def _page(self, page: Page, target: str, faults: Sequence[Fault]) -> Reply:
        kinds = [fault.kind for fault in faults]
        reply = page.reply(target, self._advance(), kinds)
        if FaultKind.HALF_LINE in kinds:
            reply.body = reply.body[: -(len(reply.body) // 3)]
        if FaultKind.HALF_CHARACTER in kinds:
            reply.body = within_character(reply.body)
        return reply

    async def _deliver(
        self, request: web.BaseRequest, reply: Reply, faults: dict[FaultKind, Fault]
    ) -> web.StreamResponse:
        broken = FaultKind.CUT in faults or FaultKind.RESET in faults
        if not broken and FaultKind.SLOW not in faults:
            self.tally.answer(reply.status, len(reply.body))
            return web.Response(body=reply.body, status=reply.status, headers=reply.headers())
        response = web.StreamResponse(status=reply.status, headers=reply.headers())
        response.content_length = len(reply.body)
        await response.prepare(request)
        if broken:
            half = reply.body[: len(reply.body) // 2]
            await response.write(half)
            self.tally.answer(reply.status, len(half))
            _break_off(request.transport, FaultKind.RESET in faults)
            return response
        piece = max(1, -(-len(reply.body) // _DRIPS))
        for start in range(0, len(reply.body), piece):
            await response.write(reply.body[start : start + piece])
            await asyncio.sleep(faults[FaultKind.SLOW].seconds / _DRIPS)
        self.tally.answer(reply.status, len(reply.body))
        return response


def _misled(target: str, faults: Sequence[Fault]) -> Reply | None:
    """The answer of a host that does not get as far as the question."""
    if len(target) > LONGEST_TARGET:
        return Reply(_EXPLANATIONS[414], "text/html", 414)
    for fault in faults:
        if fault.kind is FaultKind.STATUS:
            explanation = _EXPLANATIONS.get(fault.status, b"Internal Server Error")
            silence = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            return Reply(explanation, "text/html", fault.status, silence)
        if fault.kind is FaultKind.HTML:
            return Reply(_MAINTENANCE, "text/html")
        if fault.kind is FaultKind.GARBAGE:
            return Reply(_GARBAGE, "application/octet-stream")
        if fault.kind is FaultKind.EMPTY:
            return Reply(b"", "text/plain")
    return None


def _spoil(wire: Wire, parts: Sequence[bytes], fault: Fault) -> list[bytes]:
    spoilt = []
    for position, part in enumerate(parts):
        meant = position == 0 if not fault.symbol else fault.symbol in ("*", wire.symbol_of(part))
        spoilt.append(wire.spoil(part, fault.kind) if meant else part)
    return [part for part in spoilt if part]


def _break_off(transport: asyncio.Transport | None, reset: bool) -> None:
    """End a connection before its time: closed in order, or with a TCP reset."""
    if transport is None:
        return
    if not reset:
        transport.close()
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
