"""The clock is set, or the computer sleeps for hours: what was planned or believed by it is looked at anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from aiwatch.errors import RateLimited, TimedOut, Unreachable
from aiwatch.feed import backoff as clock_watch
from aiwatch.feed.backoff import watch_clock
from aiwatch.feed.quote_book import QuoteBook
from aiwatch.feed.traffic import Traffic
from aiwatch.market.calendar.session import Phase, always_open, session_at
from aiwatch.market.source_health import Condition
from aiwatch.market.state import MarketState, PriceStatus
from aiwatch.market.symbol import SSE, Symbol
from aiwatch.sources import Answer
from tests.feed.fakes import NOW, SLOW, FakeSource, feed_of, quote, symbols, until
from tests.simulator.clock import SteppingClock

HOURS = 9 * 3600.0
(ENVICOOL,) = symbols("002837.SZ")


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_watch, "LOOK_SECONDS", 0.01)


def telling(clock: SteppingClock, name: str = "tencent") -> FakeSource:
    """A source whose prices are of the moment."""

    def reply(asked: Sequence[Symbol]) -> Answer:
        seconds = (clock.now - NOW).total_seconds()
        return Answer(tuple(quote(symbol, 10 + seconds / 1e6, seconds=seconds, source=name) for symbol in asked))

    return FakeSource(name, reply)


class EndOfTimeError(Exception):
    """A scripted clock has told all its moments."""


@pytest.mark.parametrize(("seconds", "expected"), [(HOURS, 1), (-HOURS, 1), (60, 1), (3, 0), (-3, 0)])
async def test_a_jump_is_told_once_and_a_small_step_not(seconds: float, expected: int) -> None:
    moments = iter([0.0, 0.0, 0.0, seconds, seconds, seconds])
    jumps: list[float] = []

    def clock() -> datetime:
        with suppress(StopIteration):
            return NOW + timedelta(seconds=next(moments))
        raise EndOfTimeError

    with pytest.raises(EndOfTimeError):
        await watch_clock(clock, lambda: jumps.append(seconds))
    assert len(jumps) == expected


@pytest.mark.parametrize("seconds", [HOURS, -HOURS])
async def test_after_a_jump_everything_is_asked_anew_at_once(seconds: float) -> None:
    clock = SteppingClock(NOW)
    source = telling(clock)
    async with feed_of((source, SLOW), clock=clock) as feed:
        feed.follow([ENVICOOL])
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        assert len(source.asked) == 1, "not due for an hour"
        clock.advance(seconds)
        batch = await until(feed, lambda batch: bool(batch.quotes))
        assert batch.quotes[0].as_of == clock.now, "a price that had been of the future keeps nothing out"
        assert len(source.asked) == 2
        assert batch.health[0].last_success == clock.now


async def test_a_session_that_passed_during_sleep_is_confirmed_once() -> None:
    clock = SteppingClock(NOW)  # ten past two in the afternoon in Shanghai
    source = telling(clock)
    async with feed_of((source, SLOW), clock=clock, sessions=session_at) as feed:
        feed.follow([ENVICOOL])
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        clock.advance(HOURS)
        await until(feed, lambda batch: bool(batch.quotes))
        assert feed.session(SSE).phase is Phase.CLOSED
        feed.pause(False)  # wakes the lane, which has nothing to do
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(source.asked) == 2


@pytest.mark.parametrize("seconds", [HOURS, -HOURS])
async def test_the_next_try_is_told_by_the_clock_of_now(seconds: float) -> None:
    clock = SteppingClock(NOW)
    source = FakeSource("tencent", RateLimited("qt.gtimg.cn", "HTTP 429"))
    async with feed_of((source, SLOW), clock=clock) as feed:
        feed.follow([ENVICOOL])
        feed.start()
        await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        clock.advance(seconds)
        batch = await until(feed, lambda batch: batch.health[0].next_try != NOW + timedelta(seconds=20))
        next_try = batch.health[0].next_try
        assert next_try is not None
        assert 15 < (next_try - clock.now).total_seconds() <= 20
        assert len(source.asked) == 1, "a host that asked for silence has it, however the clock is set"


async def test_a_request_under_way_during_sleep_ends_by_its_time_out_and_prices_come_back() -> None:
    clock = SteppingClock(NOW)
    source = FakeSource("tencent", TimedOut("qt.gtimg.cn", "time-out after 10 s"))
    source.gate.clear()
    async with feed_of((source, SLOW), clock=clock) as feed:
        feed.follow([ENVICOOL])
        feed.start()
        await source.questions(1)
        clock.advance(HOURS)
        source.gate.set()
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        assert batch.health[0].why == "time-out after 10 s"
        source.reply = telling(clock).reply
        feed.refresh()
        assert (await until(feed, lambda batch: bool(batch.quotes))).quotes[0].as_of == clock.now


async def test_a_clock_that_stands_disturbs_nobody() -> None:
    source = FakeSource("tencent", Unreachable("qt.gtimg.cn", "no connection"))
    async with feed_of((source, SLOW)) as feed:
        feed.follow([ENVICOOL])
        feed.start()
        await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        for _ in range(3):
            await asyncio.sleep(clock_watch.LOOK_SECONDS)
        assert feed.health[0].next_try == NOW + timedelta(seconds=1)


def test_a_price_ahead_of_the_clock_is_stale_and_gives_way() -> None:
    clock = SteppingClock(NOW + timedelta(hours=1))
    market = MarketState(clock, always_open)
    early, late = quote(ENVICOOL, 10, seconds=1), quote(ENVICOOL, 11, seconds=3600)
    market.apply([late])
    assert market.status(ENVICOOL) is PriceStatus.LIVE
    assert market.apply([early]) == []
    clock.now = NOW
    assert market.status(ENVICOOL) is PriceStatus.STALE
    assert market.apply([early]) == [ENVICOOL]
    assert market.status(ENVICOOL) is PriceStatus.LIVE


def test_the_book_forgets_what_is_ahead_and_nothing_else() -> None:
    nvda, euro = symbols("NVDA", "EURUSD=X")
    book = QuoteBook()
    book.add([quote(nvda, 11, seconds=3600), quote(euro, 1.1)])
    book.forget_ahead(NOW)
    assert [item.symbol for item in book.drain()] == [euro]
    assert book.add([quote(nvda, 10)])


def test_requests_of_a_time_still_to_come_are_not_of_this_hour() -> None:
    traffic = Traffic()
    traffic.note_request(NOW, 0.1, 100)
    traffic.note_request(NOW + timedelta(days=1), 0.1, 100)
    traffic.note_rest(NOW + timedelta(days=1))
    assert (traffic.summary(NOW).requests, traffic.summary(NOW).rests) == (1, 0)
