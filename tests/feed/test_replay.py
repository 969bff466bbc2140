"""A recording played: the same quotes, at the recorded times, as fast as is wished."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from aiwatch.errors import FileError, Problem, RateLimited
from aiwatch.feed.replay import MOST_SOURCES, Readers, ReplayClock, ReplayFeed
from aiwatch.market.calendar.session import always_open
from aiwatch.market.quote import Quote
from aiwatch.market.source_health import Condition
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer
from aiwatch.sources.recording import Captured
from tests.feed.fakes import NOW, quote, until

NAMES = (("tencent", "Tencent"), ("yahoo", "Yahoo"))


def read_price(body: bytes, asked: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """A body that is the price of everything asked."""
    seconds = (received_at - NOW).total_seconds()
    return Answer(tuple(quote(symbol, float(body), seconds=seconds) for symbol in asked))


def readers() -> Readers:
    """The one parser of these tests."""
    return {"tencent": read_price}


def captured(*expected: tuple[float, str, bytes | RateLimited]) -> Iterator[Captured]:
    """Answers at these seconds after `NOW`, all about one stock."""
    for seconds, source, what in expected:
        at = NOW + timedelta(seconds=seconds)
        if isinstance(what, bytes):
            yield Captured(at, source, ("002837.SZ",), what)
        else:
            yield Captured(at, source, ("002837.SZ",), error=what)


def replay(*expected: tuple[float, str, bytes | RateLimited], speed: float = 1000.0) -> ReplayFeed:
    """A feed of these answers."""
    clock = ReplayClock(NOW, speed)
    return ReplayFeed(captured(*expected), readers, clock, always_open, names=NAMES)


def test_the_replay_clock_runs_at_its_speed_and_can_stand() -> None:
    seconds = [100.0]
    clock = ReplayClock(NOW, 10, lambda: seconds[0])
    assert clock() == NOW
    clock.begin()
    seconds[0] += 2
    assert clock() == NOW + timedelta(seconds=20)
    assert clock.seconds_until(NOW + timedelta(seconds=50)) == 3
    clock.stop()
    seconds[0] += 60
    assert clock() == NOW + timedelta(seconds=20)
    clock.begin()
    seconds[0] += 1
    assert clock() == NOW + timedelta(seconds=30)


async def test_quotes_come_out_as_they_were_recorded() -> None:
    async with replay((0, "tencent", b"10.5"), (60, "tencent", b"10.7")) as feed:
        feed.start()
        batch = await until(feed, lambda batch: any(quote.last == 10.7 for quote in batch.quotes))
        assert batch.quotes[0].as_of == NOW + timedelta(seconds=60)
        assert batch.health[0].last_success == NOW + timedelta(seconds=60)


async def test_recorded_failures_are_shown_and_the_end_is_said() -> None:
    async with replay((0, "yahoo", RateLimited("query1", "HTTP 429")), (1, "tencent", b"10.5")) as feed:
        feed.start()
        batch = await until(feed, lambda batch: batch.health[1].condition is Condition.FAILING or bool(batch.quotes))
        assert batch.health[1].failures == 1
        batch = await until(feed, lambda batch: batch.health[0].why == "the recording has ended")
        assert batch.health[0].condition is Condition.IDLE


async def test_a_source_that_is_not_known_is_said_and_hurts_no_other() -> None:
    async with replay((0, "elsewhere", b"1"), (1, "tencent", b"10.5"), (1e6, "tencent", b"11")) as feed:
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        strange = next(health for health in feed.health if health.name == "elsewhere")
        assert strange.condition is Condition.FAILING
        assert strange.why == "no source is called elsewhere"


async def test_pausing_holds_the_recording() -> None:
    async with replay((0, "tencent", b"10.5"), (3600, "tencent", b"11"), speed=100.0) as feed:
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        feed.pause(True)
        await asyncio.sleep(0)
        assert feed.paused
        feed.refresh()
        feed.pause(False)
        assert not feed.paused


async def test_a_recording_that_cannot_be_played_on_says_so_on_every_source() -> None:
    def broken() -> Iterator[Captured]:
        yield from captured((0, "tencent", b"10.5"))
        raise RecursionError

    async with ReplayFeed(broken(), readers, ReplayClock(NOW, 1000.0), always_open, names=NAMES) as feed:
        feed.start()
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.STOPPED)
        assert {health.why for health in batch.health} == {"the recording cannot be played on: nested too deeply"}


async def test_what_stands_before_a_broken_line_is_played_and_the_file_is_named() -> None:
    def broken() -> Iterator[Captured]:
        yield from captured((0, "tencent", b"10.5"), (1, "tencent", b"10.7"))
        raise FileError([Problem(Path("/far/away/morning.gz"), 4, "no recording of aiwatch: cut")])

    async with ReplayFeed(broken(), readers, ReplayClock(NOW, 1000.0), always_open, names=NAMES) as feed:
        feed.start()
        quotes: list[Quote] = []
        async for batch in feed.batches():
            quotes += batch.quotes
            if batch.health[0].condition is Condition.STOPPED:
                break
        assert quotes[-1].last == 10.7
        assert {health.why for health in batch.health} == {"morning.gz:4: no recording of aiwatch: cut"}


async def test_a_body_that_its_parser_did_not_expect_hurts_no_other() -> None:
    async with replay((0, "tencent", b"no number"), (1, "tencent", b"10.5")) as feed:
        feed.start()
        batch = await until(feed, lambda batch: bool(batch.quotes))
        assert [quote.last for quote in batch.quotes] == [10.5]


async def test_a_recording_of_many_sources_shows_a_bounded_number() -> None:
    many = [(0.0, f"source {number}", b"1") for number in range(200)]
    async with replay(*many, (1, "tencent", b"10.5")) as feed:
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        assert len(feed.health) == MOST_SOURCES
