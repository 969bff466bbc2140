"""Sources under the test's control: no network, answers when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import SourceError
from aiwatch.feed.feed import Batch, Feed
from aiwatch.market.calendar.session import SessionAt, always_open
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources import Answer, Source

NOW = datetime(2026, 11, 23, 6, 10, 19, tzinfo=UTC)
QUICK = SourceSettings("http://127.0.0.1:9", interval=0.02, interval_closed=0.02)
SLOW = SourceSettings("http://127.0.0.1:9", interval=3600, interval_closed=3600)


def symbols(*texts: str) -> list[Symbol]:
    """Symbols from their texts."""
    return [parse_symbol(text) for text in texts]


def quote(symbol: Symbol, last: float = 10.0, *, seconds: float = 0, source: str = "tencent", **more: Any) -> Quote:
    """A quote of ``symbol``, ``seconds`` after `NOW`."""
    as_of = NOW + timedelta(seconds=seconds)
    values: dict[str, Any] = {"previous_close": 10.0, "currency": symbol.currency} | more
    return Quote(symbol=symbol, source=source, last=last, as_of=as_of, received_at=as_of, **values)


Reply = Callable[[Sequence[Symbol]], Answer]


class FakeSource:
    """Answers with ``reply``, or raises it; keeps what it was asked, and can be waited for."""

    def __init__(self, name: str, reply: Reply | SourceError, *, batch_limit: int = 20) -> None:
        self.name = name
        self.title = name.title()
        self.batch_limit = batch_limit
        self.received_bytes = 0
        self.reply = reply
        self.asked: list[list[str]] = []
        self.is_open = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self.is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open = False

    def covers(self, symbol: Symbol) -> bool:
        """Everything."""
        return True

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Note the question and give the answer of the moment."""
        async with self._news:
            self.asked.append([symbol.text for symbol in symbols])
            self._news.notify_all()
        await self.gate.wait()
        self.received_bytes += 100
        if isinstance(self.reply, SourceError):
            raise self.reply
        return self.reply(symbols)

    async def questions(self, count: int) -> list[list[str]]:
        """Wait until it was asked ``count`` times."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: len(self.asked) >= count)
        return self.asked


def pricing(name: str, last: float = 10.0, seconds: float = 0) -> Reply:
    """A reply that prices whatever is asked."""
    return lambda asked: Answer(tuple(quote(symbol, last, seconds=seconds, source=name) for symbol in asked))


def feed_of(
    *sources: tuple[Source, SourceSettings],
    clock: Callable[[], datetime] = lambda: NOW,
    sessions: SessionAt = always_open,
) -> Feed:
    """A feed on ``sources``, every market open unless ``sessions`` say otherwise, no jitter."""

    async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        for source, settings in sources:
            yield await stack.enter_async_context(source), settings

    return Feed(open_sources, clock, sessions, jitter=lambda seconds: seconds)


async def until(feed: Feed, condition: Callable[[Batch], bool]) -> Batch:
    """The first batch that is ``condition``."""
    async with asyncio.timeout(5):
        async for batch in feed.batches():
            if condition(batch):
                return batch
    raise AssertionError("the feed ended")


class Silence:
    """Hosts that asked for silence, as the feed knows them: the seconds left, by the name of a source."""

    def __init__(self, **seconds: float) -> None:
        self.seconds = dict(seconds)

    def silent_seconds(self, name: str) -> float:
        return self.seconds.get(name, 0.0)

    def keep_silent(self, name: str, seconds: float) -> None:
        self.seconds[name] = seconds
