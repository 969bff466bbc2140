"""The stream beside the pollers: what it is to follow, how it is doing, and where its prices go."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aiwatch.errors import RateLimited, SourceError
from aiwatch.market.calendar.session import Session
from aiwatch.market.quote import Quote
from aiwatch.market.source_health import Condition, SourceHealth, SourceTraffic
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Exchange, Symbol
from aiwatch.sources import Refusal

BEHIND_SECONDS = 5.0
"""How long after the last message that was left out the stream counts as behind."""
METER_SECONDS = 10
"""Over how many seconds the rate of messages is taken."""
HOUR = 3600
"""Seconds over which bytes are counted."""
MOST_REASONS = 200
"""Reasons of refusals counted at most; a flood of nonsense must not fill the memory."""


class Stream(Protocol):
    """A source that sends by itself; `sources.yahoo_stream.YahooStream` is one."""

    name: str
    title: str
    received_bytes: int

    @property
    def following(self) -> Collection[Symbol]:
        """The symbols followed now."""
        ...

    def follow(self, symbols: Iterable[Symbol]) -> None:
        """Follow just these, as far as they are covered."""
        ...

    def retry(self, *, insist: bool = False) -> None:
        """Cut short a pause; one that the host asked for only if a person does ``insist``."""
        ...

    async def run(self, listener: StreamListener, in_session: Callable[[], bool]) -> None:
        """Tell ``listener`` what comes, until cancelled."""
        ...


class StreamHost(Protocol):
    """What the listener needs to know of the feed it runs for."""

    def session(self, exchange: Exchange) -> Session:
        """What ``exchange`` is doing now."""
        ...

    def stream(self, quotes: Sequence[Quote]) -> None:
        """Take quotes into the book."""
        ...

    def announce_stream(self) -> None:
        """The health of the stream changed."""
        ...

    def announce_recovery(self, name: str) -> None:
        """The stream called ``name`` was out, and is heard again."""
        ...


class StreamListener:
    """Runs a stream and listens to it."""

    def __init__(self, stream: Stream, host: StreamHost, clock: Clock) -> None:
        self._stream = stream
        self._host = host
        self._clock = clock
        self._symbols: Sequence[Symbol] = ()
        self._paused = False
        self._condition = Condition.WAITING
        self._heard: datetime | None = None
        self._why = ""
        self._next_try: datetime | None = None
        self._pause_until = self._silent_until = 0.0
        self._failures = self._dropped = self._opened = 0
        self._last_refusal = ""
        self._reasons: Counter[str] = Counter()
        self._rests: deque[datetime] = deque(maxlen=1_000)
        self._superseded = 0
        self._behind: asyncio.TimerHandle | None = None
        self._meter = Meter()
        self._sizes: deque[tuple[int, int]] = deque(maxlen=HOUR)
        self._size = 0

    @property
    def health(self) -> SourceHealth:
        """How the stream is doing now; its last sign of life is given to the second."""
        heard = self._heard
        return SourceHealth(
            self._stream.name,
            self._stream.title,
            self._condition,
            last_success=heard.replace(microsecond=0) if heard else None,
            why=self._why,
            next_try=self._next_try,
            failures=self._failures,
            dropped=self._dropped,
            last_refusal=self._last_refusal,
            following=len(self._stream.following),
            superseded=self._superseded,
            is_behind=self._behind is not None,
        )

    @property
    def messages_per_second(self) -> float:
        """Messages a second over the last `METER_SECONDS`, refused ones included."""
        return self._meter.rate(asyncio.get_running_loop().time())

    @property
    def traffic(self) -> SourceTraffic:
        """What came of it: connections opened in this run as requests, its pauses of the last hour as rests."""
        since = self._clock() - timedelta(hours=1)
        return SourceTraffic(
            requests=self._opened,
            bytes=self._bytes_of_an_hour(),
            rests=sum(rest >= since for rest in self._rests),
            refusals=tuple(self._reasons.most_common(5)),
            messages_per_second=self.messages_per_second,
        )

    def follow(self, symbols: Sequence[Symbol]) -> None:
        """Follow just these, unless the feed is paused."""
        self._symbols = symbols
        if not self._paused:
            self._stream.follow(symbols)

    def pause(self, paused: bool) -> None:
        """Hang up, or go on."""
        self._paused = paused
        self._stream.follow(() if paused else self._symbols)

    @property
    def is_silent(self) -> bool:
        """Whether it is left alone because its host asked for silence."""
        return asyncio.get_running_loop().time() < self._silent_until

    def ask_again(self, *, insist: bool = False) -> None:
        """Do not wait any longer for the next try; see `Stream.retry`."""
        if insist:
            self._silent_until = 0.0
        self._stream.retry(insist=insist)

    def try_again(self) -> None:
        """A host of the same outage answers again: do not wait for the end of a pause."""
        if self._condition is Condition.FAILING:
            self._stream.retry()

    def catch_up(self) -> None:
        """The clock jumped: tell by the clock of now when the next try is, which need not be waited for."""
        if self._next_try is not None:
            left = max(0.0, self._pause_until - asyncio.get_running_loop().time())
            self._next_try = self._clock() + timedelta(seconds=left)
        self.ask_again()

    async def run(self) -> None:
        """Listen until cancelled. No failure of the stream ends it."""
        await self._stream.run(self, self._in_session)

    def opened(self) -> None:
        """A connection stands; whether it is any good, its first message tells."""
        self._opened += 1
        self._note(Condition.OK if self._condition is Condition.OK else Condition.WAITING)

    def heard(self, signs: int = 1) -> None:
        """The host gave ``signs`` of life."""
        self._count(signs)
        self._heard = self._clock()
        if self._condition is not Condition.OK:
            was_out = self._failures > 0
            self._why, self._next_try, self._failures = "", None, 0
            self._note(Condition.OK)
            if was_out:
                self._host.announce_recovery(self._stream.name)

    def received(self, quotes: Sequence[Quote]) -> None:
        """Prices came."""
        self._host.stream(quotes)

    def refused(self, refusal: Refusal) -> None:
        """A message was not believed."""
        self._count()
        self._dropped += 1
        self._last_refusal = f"{refusal.symbol}: {refusal.reason}" if refusal.symbol else refusal.reason
        if len(self._reasons) < MOST_REASONS or refusal.reason in self._reasons:
            self._reasons[refusal.reason] += 1
        self._host.announce_stream()

    def fell_behind(self, superseded: int) -> None:
        """Messages were left out, for newer ones about the same symbols waited."""
        self._count(superseded)
        self._superseded += superseded
        if self._behind is not None:
            self._behind.cancel()
        self._behind = asyncio.get_running_loop().call_later(BEHIND_SECONDS, self._caught_up)
        self._host.announce_stream()

    def _caught_up(self) -> None:
        self._behind = None
        self._host.announce_stream()

    def failed(self, error: SourceError, pause: float) -> None:
        """There is no connection."""
        now = self._clock()
        self._why, self._next_try = str(error), now + timedelta(seconds=pause)
        self._pause_until = asyncio.get_running_loop().time() + pause
        self._silent_until = self._pause_until if isinstance(error, RateLimited) else 0.0
        self._failures += 1
        self._rests.append(now)
        self._note(Condition.FAILING)

    def rested(self) -> None:
        """There is nothing to follow."""
        self._why, self._next_try = "", None
        self._note(Condition.IDLE)

    def _count(self, messages: int = 1) -> None:
        """So many messages more; once a second, note how much had come until then."""
        now = asyncio.get_running_loop().time()
        if self._meter.add(now, messages):
            self._sizes.append((int(now), self._size))
        self._size = self._stream.received_bytes

    def _bytes_of_an_hour(self) -> int:
        since = int(asyncio.get_running_loop().time()) - HOUR
        before = next((size for second, size in self._sizes if second >= since), self._size)
        return self._size - before

    def _in_session(self) -> bool:
        exchanges = {symbol.exchange.code: symbol.exchange for symbol in self._stream.following}
        return any(self._host.session(exchange).phase.is_trading for exchange in exchanges.values())

    def _note(self, condition: Condition) -> None:
        self._condition = condition
        self._host.announce_stream()


class Meter:
    """Counts by the second; a second is its number on the loop's clock."""

    def __init__(self) -> None:
        self._seconds: deque[int] = deque(maxlen=METER_SECONDS + 1)
        self._counts: deque[int] = deque(maxlen=METER_SECONDS + 1)

    def add(self, now: float, count: int = 1) -> bool:
        """So many more at ``now``; returns whether they are the first of their second."""
        second = int(now)
        if self._seconds and self._seconds[-1] == second:
            self._counts[-1] += count
            return False
        self._seconds.append(second)
        self._counts.append(count)
        return True

    def rate(self, now: float) -> float:
        """How many a second in the whole seconds before ``now``."""
        this = int(now)
        counted = zip(self._seconds, self._counts, strict=True)
        return sum(count for second, count in counted if this - METER_SECONDS <= second < this) / METER_SECONDS
