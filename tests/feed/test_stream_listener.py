"""The stream beside the polled lanes: what it follows, what the feed makes of its quotes, how its health is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Unreachable
from aiwatch.feed.feed import Feed
from aiwatch.feed.stream_listener import METER_SECONDS, MOST_REASONS, Meter, Stream, StreamListener
from aiwatch.market.calendar.session import SessionAt, always_open, session_at
from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Refusal, Source
from tests.feed.fakes import NOW, QUICK, SLOW, FakeSource, pricing, quote, symbols, until

NVDA, EURO, ENVICOOL = symbols("NVDA", "EURUSD=X", "002837.SZ")


class FakeStream:
    """A stream that tells what the test lets it tell."""

    name, title = "stream", "Stream"
    received_bytes = 0

    def __init__(self) -> None:
        self.following: Collection[Symbol] = ()
        self.followed: list[list[str]] = []
        self.retries = self.insisted = 0
        self.listener: StreamListener | None = None
        self.in_session: Callable[[], bool] = lambda: False
        self.running = asyncio.Event()

    def follow(self, symbols: Iterable[Symbol]) -> None:
        self.following = list(symbols)
        self.followed.append([symbol.text for symbol in self.following])

    def retry(self, *, insist: bool = False) -> None:
        self.retries += 1
        self.insisted += insist

    async def run(self, listener: StreamListener, in_session: Callable[[], bool]) -> None:
        self.listener, self.in_session = listener, in_session
        self.running.set()
        await asyncio.Event().wait()

    @property
    def tells(self) -> StreamListener:
        """Who listens."""
        assert self.listener is not None
        return self.listener


@asynccontextmanager
async def streaming(
    stream: FakeStream, *sources: tuple[Source, SourceSettings], sessions: SessionAt = always_open
) -> AsyncIterator[Feed]:
    """A feed with ``stream`` beside ``sources`` that has started."""

    async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        for opened in sources:
            yield opened

    async def open_stream() -> Stream:
        return stream

    async with Feed(open_sources, lambda: NOW, sessions, open_stream=open_stream) as feed:
        feed.follow([NVDA, EURO, ENVICOOL])
        feed.start()
        async with asyncio.timeout(5):
            await stream.running.wait()
        yield feed


def health_of(feed: Feed) -> SourceHealth:
    """How the stream is doing."""
    return next(health for health in feed.health if health.name == "stream")


async def test_it_follows_what_the_feed_follows() -> None:
    stream = FakeStream()
    async with streaming(stream) as feed:
        assert stream.followed[-1] == ["NVDA", "EURUSD=X", "002837.SZ"]
        feed.follow([EURO])
        assert stream.followed[-1] == ["EURUSD=X"]
        feed.pause(True)
        assert stream.followed[-1] == []
        feed.follow([NVDA])
        assert stream.followed[-1] == [], "paused is paused"
        feed.pause(False)
        assert stream.followed[-1] == ["NVDA"]
        feed.refresh()
        assert stream.retries == 1


async def test_its_quotes_are_laid_over_the_polled_ones_and_polling_goes_on() -> None:
    stream, polled = FakeStream(), FakeSource("tencent", pricing("tencent"))
    async with streaming(stream, (polled, QUICK)) as feed:
        await until(feed, lambda batch: any(quote.symbol == NVDA for quote in batch.quotes))
        stream.tells.received([quote(NVDA, 11.0, seconds=1, source="stream")])
        batch = await until(feed, lambda batch: any(quote.source == "stream" for quote in batch.quotes))
        assert [quote.last for quote in batch.quotes if quote.symbol == NVDA] == [11.0]
        asked = len(polled.asked)
        await polled.questions(asked + 2)
        assert "NVDA" in polled.asked[-1], "a symbol that ticks is polled as before"


async def test_an_older_polled_quote_fills_in_and_never_goes_before_it() -> None:
    stream, polled = FakeStream(), FakeSource("tencent", lambda asked: pricing("tencent")(asked))
    polled.gate.clear()
    async with streaming(stream, (polled, SLOW)) as feed:
        stream.tells.received([quote(NVDA, 11.0, seconds=1, source="stream", previous_close=None)])
        await until(feed, lambda batch: any(quote.source == "stream" for quote in batch.quotes))
        polled.gate.set()
        batch = await until(feed, lambda batch: any(quote.symbol == NVDA for quote in batch.quotes))
        [held] = [quote for quote in batch.quotes if quote.symbol == NVDA]
        assert (held.last, held.source, held.previous_close) == (11.0, "stream", 10.0)


async def test_its_health_is_told() -> None:
    stream = FakeStream()
    async with streaming(stream) as feed:
        assert health_of(feed) == SourceHealth("stream", "Stream", Condition.WAITING, following=3)
        stream.tells.opened()
        assert health_of(feed).condition is Condition.WAITING, "a connection alone says nothing"
        stream.tells.heard()
        assert health_of(feed).condition is Condition.OK
        assert health_of(feed).last_success == NOW
        stream.tells.refused(Refusal("NVDA", "a price of 0"))
        stream.tells.refused(Refusal("", "a message that is no base64"))
        assert (health_of(feed).dropped, health_of(feed).last_refusal) == (2, "a message that is no base64")
        stream.tells.failed(Unreachable("host", "closed by the host"), 4.0)
        failing = health_of(feed)
        assert (failing.condition, failing.why) == (Condition.FAILING, "closed by the host")
        assert (failing.failures, failing.next_try) == (1, NOW + timedelta(seconds=4))
        stream.tells.opened()
        assert health_of(feed).condition is Condition.WAITING
        stream.tells.heard()
        assert (health_of(feed).why, health_of(feed).failures, health_of(feed).next_try) == ("", 0, None)
        stream.tells.rested()
        assert health_of(feed).condition is Condition.IDLE
        traffic = feed.traffic["stream"]
        assert (traffic.requests, traffic.rests) == (2, 1)
        assert traffic.refusals == (("a price of 0", 1), ("a message that is no base64", 1))
        assert traffic.messages_per_second is not None


async def test_bytes_are_those_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = FakeStream()
    async with streaming(stream) as feed:
        seconds = asyncio.get_running_loop().time()
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: seconds)
        assert feed.traffic["stream"].bytes == 0
        for minute in range(90):
            for _ in range(2):
                stream.received_bytes += 50
                stream.tells.heard()
            assert feed.traffic["stream"].bytes == 100 * (minute + 1 if minute < 61 else 61)
            seconds += 60


async def test_the_screen_is_told_of_a_failure() -> None:
    stream = FakeStream()
    async with streaming(stream) as feed:
        await until(feed, lambda batch: True)
        stream.tells.failed(Unreachable("host", "closed by the host"), 4.0)
        batch = await until(feed, lambda batch: batch.health[-1].condition is Condition.FAILING)
        assert batch.health[-1].why == "closed by the host"


async def test_silence_means_something_while_a_followed_market_trades() -> None:
    shanghai = FakeStream()
    async with streaming(shanghai, sessions=session_at) as feed:
        feed.follow([ENVICOOL])
        assert shanghai.in_session(), "10 past 2 in the afternoon in Shanghai"
        feed.follow([NVDA])
        assert not shanghai.in_session(), "and past 1 at night in New York"
        feed.follow([])
        assert not shanghai.in_session()


async def test_a_flood_of_reasons_is_bounded() -> None:
    stream = FakeStream()
    async with streaming(stream) as feed:
        for number in range(3 * MOST_REASONS):
            stream.tells.refused(Refusal("NVDA", f"a price of {-number}"))
        assert len(stream.tells._reasons) == MOST_REASONS
        assert health_of(feed).dropped == 3 * MOST_REASONS


async def test_a_stream_that_falls_behind_is_told_until_it_has_caught_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiwatch.feed.stream_listener.BEHIND_SECONDS", 0.02)
    stream = FakeStream()
    async with streaming(stream) as feed:
        stream.tells.fell_behind(40)
        batch = await until(feed, lambda batch: batch.health[-1].is_behind)
        assert batch.health[-1].superseded == 40
        batch = await until(feed, lambda batch: not batch.health[-1].is_behind)
        assert batch.health[-1].superseded == 40


async def test_without_a_stream_that_cannot_be_made_the_sources_go_on() -> None:
    source = FakeSource("yahoo", pricing("yahoo"))

    async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        yield source, QUICK

    async def open_stream() -> Stream:
        raise ImportError("no such client")

    async with Feed(open_sources, lambda: NOW, always_open, open_stream=open_stream) as feed:
        feed.follow([NVDA])
        feed.start()
        batch = await until(feed, lambda batch: batch.health[-1].condition is Condition.STOPPED)
        await source.questions(2)
        assert batch.health[-1].why == "no such client"


def test_the_rate_is_of_the_last_whole_seconds() -> None:
    meter = Meter()
    assert meter.rate(100.0) == 0
    for tenth in range(50):
        meter.add(100 + tenth / 10)
    assert meter.rate(105.0) == 50 / METER_SECONDS
    assert meter.rate(104.9) == 40 / METER_SECONDS, "the second that is not over does not count"
    assert meter.rate(114.0) == 10 / METER_SECONDS
    assert meter.rate(116.0) == 0
