"""Yahoo's stream of prices: one WebSocket connection, kept up for as long as there is something to follow.

The host wants ``{"subscribe": [symbols]}`` and ``{"unsubscribe": [symbols]}`` and sends a message a price. It may fall
silent without closing, so the whole subscription is sent again and again, and a silence in session ends the connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from random import uniform
from typing import NoReturn, Protocol

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from aiwatch.config.settings import StreamSettings
from aiwatch.errors import RateLimited, SourceError, Unreachable
from aiwatch.market.data_sources import title_of
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import FX, US, Symbol
from aiwatch.sources import Refusal
from aiwatch.sources.parsing import plain
from aiwatch.sources.yahoo_stream.connection import Dialer, Inbox, Pace
from aiwatch.sources.yahoo_stream.frames import SOURCE, read

SLICE = 32
"""Messages read before everything else has a turn: about a millisecond."""
RATE_LIMIT_REST = 60.0
"""Seconds of silence at the least after a 429."""
_CLEAN = 1000


class Listener(Protocol):
    """What happens to the stream, in its order."""

    def opened(self) -> None:
        """A connection stands."""
        ...

    def heard(self, signs: int = 1) -> None:
        """The host gave ``signs`` of life: messages, or an answer to a ping."""
        ...

    def received(self, quotes: Sequence[Quote]) -> None:
        """Prices of followed symbols came, in this order."""
        ...

    def refused(self, refusal: Refusal) -> None:
        """A message was not believed."""
        ...

    def fell_behind(self, superseded: int) -> None:
        """So many messages more were left out: newer ones about the same symbols waited."""
        ...

    def failed(self, error: SourceError, pause: float) -> None:
        """There is no connection; the next is tried in ``pause`` seconds."""
        ...

    def rested(self) -> None:
        """There is nothing to follow, and no connection."""
        ...


def jittered(seconds: float) -> float:
    """``seconds`` give or take a fifth, so that many screens do not come back in step."""
    return seconds * uniform(0.8, 1.2)


class YahooStream:
    """Follows symbols on the stream. Nothing is sent before `run`, which ends only when it is cancelled.

    ``pace`` holds all its seconds, ``jitter`` varies its pauses.
    """

    name = SOURCE
    title = title_of(SOURCE)

    def __init__(
        self,
        settings: StreamSettings,
        clock: Callable[[], datetime],
        *,
        pace: Pace | None = None,
        jitter: Callable[[float], float] = jittered,
    ) -> None:
        self._clock = clock
        self._pace = pace or Pace()
        self._jitter = jitter
        self.tap: Callable[[bytes, str], None] | None = None
        """Is handed every message about a followed symbol, and the symbol, for a recording."""
        self.dialer = Dialer(settings.url, self._pace)
        self.received_bytes = 0
        """How many bytes of messages have come so far."""
        self._symbols: dict[str, Symbol] = {}
        self._changed = asyncio.Event()
        self._retry = asyncio.Event()
        self._insisted = False
        self._quiet_since = 0.0
        self._messages = 0

    def covers(self, symbol: Symbol) -> bool:
        """Whether the stream may send ``symbol``: no other market was ever seen on it."""
        return symbol.exchange in (US, FX)

    def follow(self, symbols: Iterable[Symbol]) -> None:
        """Follow just these of ``symbols`` that are covered; none closes the connection."""
        self._symbols = {symbol.text: symbol for symbol in symbols if self.covers(symbol)}
        self._changed.set()

    @property
    def following(self) -> Collection[Symbol]:
        """The symbols followed now."""
        return self._symbols.values()

    def retry(self, *, insist: bool = False) -> None:
        """Cut short a pause; one that the host asked for only if a person does ``insist``."""
        self._insisted = self._insisted or insist
        self._retry.set()

    async def run(self, listener: Listener, in_session: Callable[[], bool]) -> None:
        """Keep a connection up and tell ``listener`` of it; no failure ends this.

        ``in_session`` says whether a followed market trades now, so that silence means something.
        """
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            await self._wait_for_symbols(listener)
            began = loop.time()
            self._messages = 0
            try:
                await self._converse(listener, in_session)
                continue
            except SourceError as error:
                failure = error
            except Exception as error:  # a slip must not end the loop: it is reported like any other failure
                failure = SourceError(self.dialer.host, f"unexpected: {type(error).__name__}: {plain(str(error))}")
            if self._messages and loop.time() - began >= self._pace.settled:
                failures = 0
            pause = self._pause_after(failure, failures)
            failures += 1
            listener.failed(failure, pause)
            await self._rest(pause, asked_for=isinstance(failure, RateLimited))

    async def _wait_for_symbols(self, listener: Listener) -> None:
        while not self._symbols:
            self._changed.clear()
            listener.rested()
            await self._changed.wait()

    def _pause_after(self, error: SourceError, failures: int) -> float:
        pause = min(self._pace.longest_pause, self._pace.first_pause * 2.0 ** min(failures, 10))
        if isinstance(error, RateLimited):
            return max(RATE_LIMIT_REST, error.retry_after or 0.0, pause)
        return self._jitter(pause)

    async def _rest(self, seconds: float, *, asked_for: bool) -> None:
        self._retry.clear()
        self._insisted = False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await self._retry.wait()
                    if self._insisted or not asked_for:
                        return
                    self._retry.clear()

    async def _converse(self, listener: Listener, in_session: Callable[[], bool]) -> None:
        """One connection, from its opening to its end. Returns when nothing is followed any more.

        Raises a `SourceError` when it could not be opened, was closed, or fell silent.
        """
        connection = await self.dialer.dial()
        tasks: list[asyncio.Task[None]] = []
        try:
            self._quiet_since = asyncio.get_running_loop().time()
            listener.opened()
            inbox = Inbox(connection)
            tasks.append(asyncio.create_task(inbox.fill(), name="stream comes in"))
            tasks.append(asyncio.create_task(self._listen(inbox, listener), name="stream listens"))
            tasks.append(asyncio.create_task(self._tend(connection, listener, in_session), name="stream tends"))
            done, _ = await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._hang_up(connection)

    async def _hang_up(self, connection: ClientConnection) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.close_timeout):
                    await connection.close()
        finally:
            connection.transport.abort()

    async def _listen(self, inbox: Inbox, listener: Listener) -> None:
        """Read what comes, with a turn for everything else after each slice. Raises when the connection ends."""
        superseded = 0
        while True:
            try:
                messages = await inbox.take(SLICE)
            except ConnectionClosed as closed:
                self._say_closed(closed)
            self._read(messages, listener)
            if inbox.superseded > superseded:
                listener.fell_behind(inbox.superseded - superseded)
                superseded = inbox.superseded
            await asyncio.sleep(0)

    def _read(self, messages: Sequence[bytes], listener: Listener) -> None:
        """Tell ``listener`` what ``messages`` say."""
        symbols, now = self._symbols, self._clock()
        quotes: list[Quote] = []
        believed = 0
        self.received_bytes += sum(map(len, messages))
        for message in messages:
            answer = read(message, symbols, now)
            if self.tap is not None and answer is not None:
                self.tap(message, str(answer.symbol))
            if isinstance(answer, Refusal):
                listener.refused(answer)
                continue
            believed += 1
            if answer is not None:
                quotes.append(answer)
        if believed:
            self._messages += believed
            self._quiet_since = asyncio.get_running_loop().time()
            listener.heard(believed)
        if quotes:
            listener.received(quotes)

    async def _tend(self, connection: ClientConnection, listener: Listener, in_session: Callable[[], bool]) -> None:
        """Keep the host informed of what is followed, and watch for silence. Returns when nothing is followed."""
        loop = asyncio.get_running_loop()
        subscribed: list[str] = []
        heartbeat = loop.time()
        latency = connection.latency
        while self._symbols:
            self._changed.clear()
            symbols = list(self._symbols)
            gone = [text for text in subscribed if text not in self._symbols]
            fresh = sorted(self._symbols.keys() - set(subscribed))
            if gone:
                await self._send(connection, {"unsubscribe": gone})
            if loop.time() >= heartbeat:
                await self._send(connection, {"subscribe": symbols})
                heartbeat = loop.time() + self._pace.heartbeat
            elif fresh:
                await self._send(connection, {"subscribe": fresh})
            subscribed = symbols
            if connection.latency != latency:
                latency = connection.latency
                listener.heard()
            left = self._patience(in_session())
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, heartbeat - loop.time())):
                    await self._changed.wait()

    def _patience(self, in_session: bool) -> float:
        """Seconds of silence left. Raises `Unreachable` when there are none; outside of session they start over."""
        now = asyncio.get_running_loop().time()
        if not in_session:
            self._quiet_since = now
        left = self._quiet_since + self._pace.silence - now
        if left <= 0:
            raise Unreachable(self.dialer.host, f"silent for {self._pace.silence:g} s")
        return left

    async def _send(self, connection: ClientConnection, order: dict[str, list[str]]) -> None:
        try:
            async with asyncio.timeout(self._pace.open_timeout):
                await connection.send(msgspec.json.encode(order), text=True)
        except ConnectionClosed as closed:
            self._say_closed(closed)
        except TimeoutError:
            raise Unreachable(self.dialer.host, "the stream takes no orders") from None

    def _say_closed(self, closed: ConnectionClosed) -> NoReturn:
        """Raise for the end of a connection, in a sentence."""
        end = closed.rcvd or closed.sent
        if end is None:
            raise Unreachable(self.dialer.host, "the connection was cut") from closed
        if closed.rcvd is None:
            raise Unreachable(self.dialer.host, f"given up: {plain(end.reason) or end.code}") from closed
        words = "closed by the host" if end.code == _CLEAN else f"closed by the host with code {end.code}"
        raise Unreachable(self.dialer.host, words + (f": {plain(end.reason)}" if end.reason else "")) from closed
