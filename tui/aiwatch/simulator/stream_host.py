"""The host of the stream: a WebSocket listener on a port of its own, with its faults and its tally."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime
from random import Random

from aiohttp import WSMsgType, web

from aiwatch.simulator.faults import Fault, FaultKind, FaultPlan
from aiwatch.simulator.http_host import RequestCounter
from aiwatch.simulator.market import Market, Stock
from aiwatch.simulator.wire.stream import message

FLOOD = 2_000
"""Messages sent at once by `FaultKind.FLOOD`."""
_LOOPBACK = "127.0.0.1"
_AT_THE_DOOR = frozenset({FaultKind.STATUS, FaultKind.HANG})
"""Faults met by a connection; the others are met by a round of messages."""
_ON_THE_WAY = frozenset(FaultKind) - _AT_THE_DOOR
_SHORTEST, _LONGEST = 0.01, 0.1
"""Seconds between two rounds."""


class _Client:
    """One connection: what it subscribed to, and which version of each stock it was sent last."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self.socket = socket
        self.request = request
        self.sent: dict[str, int] = {}

    def obey(self, order: dict[str, list[str]], market: Market) -> None:
        """Take a subscription or its end; a symbol that is not listed is never sent."""
        for text in order.get("subscribe", ()):
            if market.stock(text) is not None:
                self.sent.setdefault(text, -1)
        for text in order.get("unsubscribe", ()):
            self.sent.pop(text, None)


class StreamHost:
    """Sends every change of the stocks a client subscribed to; as fast as the market of the simulation moves.

    ``tally.requests`` counts connections and orders, ``tally.asked`` their symbols, ``tally.answers`` messages sent.
    """

    def __init__(self, market: Market, random: Random) -> None:
        self.plan = FaultPlan(random)
        self.tally = RequestCounter()
        self.orders: list[dict[str, list[str]]] = []
        """What clients asked for, in the order it came."""
        self._market = market
        self._port = 0
        self._runner: web.ServerRunner | None = None
        self._clients: set[_Client] = set()
        self._healed = asyncio.Event()

    @property
    def url(self) -> str:
        """The stream's address."""
        return f"ws://{_LOOPBACK}:{self._port}/?version=2"

    async def open(self) -> None:
        """Listen; nothing happens when it already does. Raises `OSError` when the port is taken."""
        if self._runner is not None:
            return
        runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, _LOOPBACK, self._port, reuse_address=True).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._port = runner.addresses[0][1]
        self._runner = runner

    async def close(self) -> None:
        """Stop listening and cut every connection; nothing happens when it is closed already."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self.release()
        for client in self._clients:
            _cut(client)
        await runner.cleanup()

    def release(self) -> None:
        """Let connections that hang go on."""
        self._healed.set()
        self._healed = asyncio.Event()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.tally.arrive(request.raw_path, (), request.headers.get("User-Agent", ""))
        try:
            for fault in self.plan.draw(_AT_THE_DOOR):
                if fault.kind is FaultKind.STATUS:
                    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
                    return web.Response(status=fault.status, headers=headers)
                await self._healed.wait()
            return await self._serve(request)
        finally:
            self.tally.leave()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False, timeout=0.2)
        await socket.prepare(request)
        client = _Client(socket, request)
        self._clients.add(client)
        sending = asyncio.create_task(self._send_rounds(client), name="stream rounds")
        try:
            async for received in socket:
                if received.type is WSMsgType.TEXT:
                    order = json.loads(received.data)
                    self.orders.append(order)
                    client.obey(order, self._market)
                    symbols = (*order.get("subscribe", ()), *order.get("unsubscribe", ()))
                    self.tally.arrive(request.raw_path, symbols, request.headers.get("User-Agent", ""))
                    self.tally.leave()
        finally:
            self._clients.discard(client)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    async def _send_rounds(self, client: _Client) -> None:
        """Every change since the last round, again and again, until the connection ends."""
        pause = min(_LONGEST, max(_SHORTEST, 1 / self._market.rate if self._market.rate else _LONGEST))
        loop = asyncio.get_running_loop()
        while not client.socket.closed:
            began = loop.time()
            now = self._market.advance()
            stocks = [
                stock for text in client.sent if (stock := self._market.stocks[text]).version != client.sent[text]
            ]
            if stocks and not await self._send(client, stocks, now, self.plan.draw(_ON_THE_WAY)):
                return
            await asyncio.sleep(max(0.0, began + pause - loop.time()))

    async def _send(self, client: _Client, stocks: list[Stock], now: datetime, faults: Iterable[Fault]) -> bool:
        """Send a round; returns whether the connection goes on."""
        kinds = [fault.kind for fault in faults]
        if FaultKind.CLEAN_CLOSE in kinds:
            await client.socket.close(code=1000)
            return False
        if FaultKind.ABNORMAL_CLOSE in kinds:
            _cut(client)
            return False
        if FaultKind.SILENCE in kinds:
            await self._healed.wait()
            return True
        flood = FLOOD // len(stocks) + 1 if FaultKind.FLOOD in kinds else 1
        try:
            for _ in range(flood):
                for stock in stocks:
                    text = message(stock, now, kinds[0] if kinds else None, self._market.extended_of(stock))
                    await client.socket.send_str(text.decode())
                    client.sent[stock.listing.symbol.text] = stock.version
                    self.tally.answer(200, len(text))
        except ConnectionError:
            return False
        return True


def _cut(client: _Client) -> None:
    """End a connection without a closing handshake."""
    if client.request.transport is not None:
        client.request.transport.abort()
