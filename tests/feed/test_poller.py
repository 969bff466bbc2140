"""What is asked first, how often and how many requests at a time, and who is tried when a host comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest
from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import RateLimited, SourceError, Unreachable
from aiwatch.feed import poller
from aiwatch.feed.feed import Feed
from aiwatch.market.calendar.session import always_open
from aiwatch.market.source_health import Condition
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Source
from tests.feed.fakes import NOW, QUICK, SLOW, FakeSource, feed_of, pricing, symbols, until

DOWN = Unreachable("h", "no connection")


class CountingSource(FakeSource):
    """Notes how many questions were under way at once at the most."""

    under_way = most = 0

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Answer after everybody had a turn."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        try:
            return await super().fetch(symbols)
        finally:
            self.under_way -= 1


async def test_what_is_looked_at_is_asked_often_and_the_rest_seldom() -> None:
    source = FakeSource("tencent", pricing("tencent"))
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("002837.SZ", "603757.SS"))
        feed.look_at(symbols("603757.SS"))
        feed.start()
        asked = await source.questions(4)
        assert asked[0] == ["603757.SS", "002837.SZ"], "everything once, what is looked at first"
        assert asked[1:4] == [["603757.SS"]] * 3


async def test_the_margin_comes_along_where_there_is_room_and_is_no_reason_to_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(poller, "MARGIN_INTERVAL", 3600.0)
    roomy, full = FakeSource("tencent", pricing("tencent")), FakeSource("yahoo", pricing("yahoo"), batch_limit=1)
    alone = FakeSource("sina", pricing("sina"))
    async with feed_of((roomy, QUICK), (full, QUICK), (alone, QUICK)) as feed:
        feed.follow(symbols("000300.SS", "603757.SS", "^N225", "7203.T", "^HSI"))
        feed.look_at(symbols("603757.SS", "7203.T"), symbols("000300.SS", "^N225", "^HSI"))
        feed.start()
        assert (await roomy.questions(4))[1:] == [["603757.SS", "000300.SS"]] * 3
        assert (await full.questions(4))[2:4] == [["7203.T"]] * 2
        await roomy.questions(len(roomy.asked) + 3)
        assert alone.asked == [["^HSI"]]
        feed.look_at(None)
        await alone.questions(3)


async def test_the_margin_is_asked_for_by_itself_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "MARGIN_INTERVAL", 0.05)
    source = FakeSource("sina", pricing("sina"))
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("^HSI"))
        feed.look_at(symbols(), symbols("^HSI"))
        feed.start()
        await source.questions(3)


async def test_a_list_that_comes_to_the_front_is_asked_at_once() -> None:
    source = FakeSource("tencent", pricing("tencent"))
    async with feed_of((source, replace(QUICK, interval=0.2))) as feed:
        feed.follow(symbols("002837.SZ", "603757.SS"))
        feed.look_at(symbols("603757.SS"))
        feed.start()
        await source.questions(3)
        feed.look_at(symbols("002837.SZ"))
        assert (await source.questions(4))[3] == ["002837.SZ"]
        feed.look_at(None)
        while source.asked[-1] != ["002837.SZ", "603757.SS"]:
            await source.questions(len(source.asked) + 1)


async def test_symbols_without_a_price_are_asked_four_requests_at_a_time_after_a_first_one() -> None:
    source = CountingSource("tencent", pricing("tencent"), batch_limit=2)
    many = symbols(*(f"{600000 + number}.SS" for number in range(24)))
    async with feed_of((source, SLOW)) as feed:  # a pause between them would be a minute and more
        feed.follow(many)
        feed.start()
        await source.questions(12)
        await until(feed, lambda batch: all(feed.is_priced(symbol) for symbol in many))
    assert source.most == poller.MOST_AT_ONCE
    assert sorted(text for batch in source.asked for text in batch) == sorted(symbol.text for symbol in many)


@pytest.mark.parametrize("error", [RateLimited("h", "HTTP 429"), DOWN])
async def test_a_host_that_is_out_is_asked_once_however_many_symbols_wait(error: SourceError) -> None:
    source, spare = FakeSource("tencent", error, batch_limit=2), FakeSource("yahoo", pricing("yahoo"))
    async with feed_of((source, QUICK), (spare, QUICK)) as feed:
        feed.follow(symbols(*(f"{600000 + number}.SS" for number in range(24))))
        feed.start()
        await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        assert len(source.asked) == 1
        assert feed.health[0].failures == 1


async def test_requests_that_fail_together_are_one_failure() -> None:
    source = CountingSource("tencent", pricing("tencent"), batch_limit=1)
    first = source.reply
    assert not isinstance(first, SourceError)

    def answer(asked: Sequence[Symbol]) -> Answer:
        source.reply = DOWN
        return first(asked)

    source.reply = answer
    async with feed_of((source, SLOW)) as feed:
        feed.follow(symbols(*(f"{600000 + number}.SS" for number in range(12))))
        feed.start()
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        assert batch.health[0].failures == 1
        assert len(source.asked) <= 1 + poller.MOST_AT_ONCE


async def test_when_one_host_answers_again_the_others_are_tried_at_once() -> None:
    late = RateLimited("h", "HTTP 429")
    tencent, sina, yahoo = FakeSource("tencent", DOWN), FakeSource("sina", late), FakeSource("yahoo", DOWN)
    async with feed_of((tencent, QUICK), (sina, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("002837.SZ", "0700.HK", "NVDA"))
        feed.start()
        await asyncio.gather(tencent.questions(2), sina.questions(1), yahoo.questions(2))
        await until(feed, lambda batch: all(health.failures for health in batch.health))
        sina.reply, yahoo.reply = pricing("sina"), pricing("yahoo")
        tencent.reply = pricing("tencent")
        feed._pollers["tencent"].ask_again()
        await until(feed, lambda batch: all(health.condition is Condition.OK for health in batch.health))


async def test_a_host_that_said_how_long_it_wants_silence_has_it_when_another_comes_back() -> None:
    tencent = FakeSource("tencent", DOWN)
    yahoo = FakeSource("yahoo", RateLimited("h", "HTTP 429", retry_after=300))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("002837.SZ", "NVDA"))
        feed.start()
        await asyncio.gather(tencent.questions(2), yahoo.questions(1))
        tencent.reply = pricing("tencent")
        feed._pollers["tencent"].ask_again()
        await tencent.questions(6)
        assert len(yahoo.asked) == 1


async def test_the_first_source_is_asked_before_the_others_are_open() -> None:
    tencent, yahoo = FakeSource("tencent", pricing("tencent")), FakeSource("yahoo", pricing("yahoo", seconds=1))
    opens = asyncio.Event()

    async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        yield tencent, QUICK
        await opens.wait()
        yield yahoo, QUICK

    async with Feed(open_sources, lambda: NOW, always_open, names=(("tencent", "T"), ("yahoo", "Y"))) as feed:
        feed.follow(symbols("002837.SZ", "NVDA"))
        feed.start()
        batch = await until(feed, lambda batch: len(batch.quotes) == 2)
        assert [health.condition for health in batch.health] == [Condition.OK, Condition.WAITING]
        opens.set()
        await until(feed, lambda batch: any(quote.source == "yahoo" for quote in batch.quotes))
        asked = len(tencent.asked)
        assert (await tencent.questions(asked + 2))[-1] == ["002837.SZ"], "each source has its own again"


async def test_nothing_is_unknown_before_every_source_was_opened() -> None:
    ignorant = FakeSource("tencent", lambda asked: Answer((), unknown=frozenset(asked)))
    yahoo = FakeSource("yahoo", pricing("yahoo"))
    opens = asyncio.Event()

    async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        yield ignorant, QUICK
        await opens.wait()
        yield yahoo, QUICK

    async with Feed(open_sources, lambda: NOW, always_open) as feed:
        feed.follow(symbols("NVDA"))
        feed.start()
        await ignorant.questions(1)
        batch = await until(feed, lambda batch: batch.health[0].condition is not Condition.WAITING)
        assert not batch.unknown
        opens.set()
        batch = await until(feed, lambda batch: bool(batch.quotes))
        assert not batch.unknown
