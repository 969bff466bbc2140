"""The feed end to end on sources under control."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import RateLimited, SourceError, Unreachable
from aiwatch.feed.feed import Feed, Refreshed
from aiwatch.market.calendar.session import always_open
from aiwatch.market.source_health import Condition
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal, Source
from tests.feed.fakes import NOW, QUICK, SLOW, FakeSource, feed_of, pricing, quote, symbols, until

DOWN = Unreachable("qt.gtimg.cn", "no connection to qt.gtimg.cn:443")


async def test_nothing_is_asked_before_start() -> None:
    source = FakeSource("tencent", pricing("tencent"))
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        await asyncio.sleep(0)
        assert source.asked == []
        assert not source.is_open
        assert {health.condition for health in feed.health} == {Condition.WAITING}
        feed.start()
        await source.questions(1)


async def test_each_symbol_goes_to_its_first_source() -> None:
    sources = {name: FakeSource(name, pricing(name)) for name in ("tencent", "sina", "yahoo", "ecb")}
    async with feed_of(*((source, SLOW) for source in sources.values())) as feed:
        feed.follow(symbols("002837.SZ", "0700.HK", "NVDA", "9984.T", "SAP.DE", "CNY=X"))
        feed.start()
        assert await sources["tencent"].questions(1) == [["002837.SZ"]]
        assert await sources["sina"].questions(1) == [["0700.HK"]]
        assert await sources["yahoo"].questions(1) == [["NVDA", "9984.T", "SAP.DE", "CNY=X"]]
        assert sources["ecb"].asked == []


async def test_what_one_source_cannot_answer_the_next_is_asked() -> None:
    sources = {name: FakeSource(name, DOWN) for name in ("tencent", "sina", "yahoo")}
    sources["ecb"] = FakeSource("ecb", pricing("ecb"))
    sources["sina"].reply = pricing("sina")
    async with feed_of(*((source, QUICK) for source in sources.values())) as feed:
        feed.follow(symbols("002837.SZ", "NVDA", "9984.T", "CNY=X"))
        feed.start()
        priced: set[tuple[str, str]] = set()
        async with asyncio.timeout(5):
            async for batch in feed.batches():
                priced |= {(quote.symbol.text, quote.source) for quote in batch.quotes}
                if len(priced) == 3:
                    break
        assert priced == {("002837.SZ", "sina"), ("NVDA", "sina"), ("CNY=X", "sina")}
        sources["sina"].reply = DOWN
        assert ["CNY=X"] in await sources["ecb"].questions(1)


async def test_a_host_that_asked_for_silence_is_not_asked_by_its_other_source() -> None:
    limited = RateLimited("query1.finance.yahoo.com", "too many requests")
    yahoo, rich = FakeSource("yahoo", limited), FakeSource("yahoo_quote", pricing("yahoo_quote"))
    tencent = FakeSource("tencent", pricing("tencent"))
    async with feed_of((yahoo, QUICK), (rich, QUICK), (tencent, QUICK)) as feed:
        feed.follow(symbols("NVDA", "9984.T"))
        feed.start()
        assert await tencent.questions(3) == [["NVDA"]] * len(tencent.asked)
        assert len(yahoo.asked) == 1
        assert rich.asked == []


async def test_sources_that_disagree_about_one_moment_are_told() -> None:
    tencent, yahoo = FakeSource("tencent", pricing("tencent", 11.0)), FakeSource("yahoo", pricing("yahoo", 12.0))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        tencent.reply = DOWN
        batch = await until(feed, lambda batch: bool(batch.disagreements))
        (disagreement,) = batch.disagreements
        assert (disagreement.one.source, disagreement.other.source, disagreement.difference) == (
            "yahoo",
            "tencent",
            1.0,
        )
        feed.follow(symbols("603757.SS"))
        assert (await until(feed, lambda batch: bool(batch.quotes))).disagreements == ()


async def test_batches_keep_to_the_limit_and_one_is_under_way_at_a_time() -> None:
    source = FakeSource("yahoo", pricing("yahoo"), batch_limit=2)
    settings = SourceSettings("http://127.0.0.1:9", interval=0.2, interval_closed=0.2)
    async with feed_of((source, settings)) as feed:
        source.gate.clear()
        feed.follow(symbols("9984.T", "SAP.DE", "ASML.AS"))
        feed.start()
        assert await source.questions(1) == [["9984.T", "SAP.DE"]]
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(source.asked) == 1
        source.gate.set()
        assert (await source.questions(2))[1] == ["ASML.AS"]


async def test_a_batch_carries_the_newest_quote_of_each_symbol_once() -> None:
    count = iter(range(1, 10_000))
    source = FakeSource(
        "tencent",
        lambda asked: Answer(tuple(quote(stock, 10 + (n := next(count)) / 100, seconds=n) for stock in asked)),
    )
    async with feed_of((source, SourceSettings("http://127.0.0.1:9", 0.001, 0.001))) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await source.questions(20)
        batch = await until(feed, lambda batch: bool(batch.quotes))
        assert len(batch.quotes) == 1
        assert batch.quotes[0].last > 10.1


async def test_an_older_quote_never_replaces_a_newer_one_from_another_source() -> None:
    tencent = FakeSource("tencent", pricing("tencent", 11, seconds=0))
    yahoo = FakeSource("yahoo", pricing("yahoo", 9, seconds=-900))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        assert (await until(feed, lambda batch: bool(batch.quotes))).quotes[0].last == 11
        tencent.reply = DOWN
        await yahoo.questions(2)
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        assert batch.quotes == ()


async def test_a_failing_source_is_rested_and_its_symbols_move_on_and_come_back() -> None:
    tencent, yahoo = FakeSource("tencent", DOWN), FakeSource("yahoo", pricing("yahoo"))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("002837.SZ", "9984.T"))
        feed.start()
        batch = await until(feed, lambda batch: any(quote.symbol.text == "002837.SZ" for quote in batch.quotes))
        assert batch.quotes[0].source == "yahoo"
        health = batch.health[0]
        assert health.condition is Condition.FAILING
        assert health.why == "no connection to qt.gtimg.cn:443"
        assert health.next_try is not None
        assert health.next_try > NOW
        tencent.reply = pricing("tencent", 12, seconds=5)
        feed.refresh()
        batch = await until(feed, lambda batch: any(quote.source == "tencent" for quote in batch.quotes))
        assert batch.health[0].condition is Condition.OK
        assert batch.health[0].why == ""


async def test_a_source_that_asked_for_silence_is_asked_again_by_hand_only_the_second_time() -> None:
    tencent = FakeSource("tencent", RateLimited("qt.gtimg.cn", "too many requests"))
    yahoo = FakeSource("yahoo", pricing("yahoo"))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await yahoo.questions(1)
        assert feed.refresh() == Refreshed(("Tencent",))
        await yahoo.questions(len(yahoo.asked) + 1)
        assert len(tencent.asked) == 1
        health = feed.health[0]
        assert health.next_try is not None
        assert (health.next_try - NOW).total_seconds() >= 20
        assert feed.refresh() == Refreshed(("Tencent",), insisted=True)
        await tencent.questions(2)
        await yahoo.questions(len(yahoo.asked) + 1)
        assert feed.refresh() == Refreshed(("Tencent",)), "refused again, it is silent again"
        tencent.reply = pricing("tencent", 12, seconds=5)
        feed.refresh()
        await until(feed, lambda batch: any(quote.source == "tencent" for quote in batch.quotes))
        assert feed.refresh() == Refreshed()


async def test_insisting_is_two_refreshes_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiwatch.feed.feed.INSIST_SECONDS", 0.0)
    tencent, yahoo = FakeSource("tencent", RateLimited("h", "slow down")), FakeSource("yahoo", pricing("yahoo"))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await yahoo.questions(1)
        for _ in range(3):
            assert feed.refresh() == Refreshed(("Tencent",))
            await yahoo.questions(len(yahoo.asked) + 1)
        assert len(tencent.asked) == 1


async def test_an_unknown_symbol_is_tried_elsewhere_and_finally_told() -> None:
    def ignorant(asked: Sequence[Symbol]) -> Answer:
        return Answer((), unknown=frozenset(asked))

    tencent, yahoo = FakeSource("tencent", ignorant), FakeSource("yahoo", ignorant)
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("999999.SS"))
        feed.start()
        batch = await until(feed, lambda batch: bool(batch.unknown))
        assert [symbol.text for symbol in batch.unknown] == ["999999.SS"]
        assert tencent.asked == yahoo.asked == [["999999.SS"]]


async def test_an_answer_to_an_older_list_is_dropped() -> None:
    source = FakeSource("tencent", pricing("tencent"))
    async with feed_of((source, SLOW)) as feed:
        source.gate.clear()
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await source.questions(1)
        feed.follow(symbols("603757.SS"))
        source.gate.set()
        batch = await until(feed, lambda batch: bool(batch.quotes))
        assert [quote.symbol.text for quote in batch.quotes] == ["603757.SS"]


async def test_refused_lines_are_counted_and_the_last_reason_kept() -> None:
    source = FakeSource("tencent", lambda asked: Answer((), refused=(Refusal("002837.SZ", "price is 0"),)))
    async with feed_of((source, SLOW)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        batch = await until(feed, lambda batch: batch.health[0].dropped > 0)
        assert batch.health[0].condition is Condition.OK
        assert batch.health[0].last_refusal == "002837.SZ: price is 0"


async def test_a_slip_of_the_client_is_a_failing_source_and_not_the_end() -> None:
    def slip(asked: Sequence[Symbol]) -> Answer:
        raise ValueError("bad luck")

    source = FakeSource("tencent", slip)
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        assert "bad luck" in batch.health[0].why
        source.reply = pricing("tencent")
        feed.refresh()
        assert (await until(feed, lambda batch: bool(batch.quotes))).quotes


async def test_pausing_stops_the_questions() -> None:
    source = FakeSource("tencent", pricing("tencent"))
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await source.questions(2)
        feed.pause(True)
        await asyncio.sleep(QUICK.interval * 2)
        before = len(source.asked)
        await asyncio.sleep(QUICK.interval * 5)
        assert len(source.asked) == before
        feed.pause(False)
        await source.questions(before + 2)


async def test_sources_are_closed_on_leaving() -> None:
    source = FakeSource("tencent", pricing("tencent"))
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await source.questions(1)
        assert source.is_open
    assert not source.is_open


async def test_sources_that_cannot_be_opened_are_told_as_failing() -> None:
    async def refuse(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        raise SourceError("exchange", "the demo exchange did not start")
        yield

    async with Feed(refuse, lambda: NOW, always_open) as feed:
        feed.start()
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        assert batch.health[0].why == "the demo exchange did not start"


async def test_traffic_counts_requests_bytes_rests_and_reasons() -> None:
    source = FakeSource("tencent", lambda asked: Answer((), refused=(Refusal("002837.SZ", "price is 0"),)))
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await source.questions(3)
        source.reply = DOWN
        await until(feed, lambda batch: batch.health[0].condition is Condition.FAILING)
        traffic = feed.traffic["tencent"]
        assert traffic.requests == len(source.asked)
        assert traffic.bytes == 100 * len(source.asked)
        assert traffic.rests == 1
        assert traffic.latency_p50 is not None
        assert traffic.refusals[0][0] == "price is 0"


async def test_a_symbol_whose_answer_was_dropped_is_asked_again_at_once() -> None:
    source = FakeSource("tencent", pricing("tencent"))
    async with feed_of((source, SLOW)) as feed:
        source.gate.clear()
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await source.questions(1)
        feed.follow(symbols("002837.SZ", "603757.SS"))
        source.gate.set()
        assert (await source.questions(2))[1] == ["002837.SZ", "603757.SS"]


async def test_a_feed_that_ends_by_itself_says_so_on_every_source(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(lane: object) -> None:
        raise OverflowError("date value out of range")

    monkeypatch.setattr("aiwatch.feed.poller.SourcePoller.run", run)
    async with feed_of((FakeSource("tencent", pricing("tencent")), QUICK)) as feed:
        feed.start()
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.STOPPED)
        assert batch.health[0].why.startswith("the feed stopped (OverflowError: ")


async def test_a_host_that_asked_history_for_silence_is_left_alone_by_all_its_sources() -> None:
    sources = {name: FakeSource(name, pricing(name)) for name in ("yahoo", "yahoo_quote", "tencent")}
    async with feed_of(*((source, QUICK) for source in sources.values())) as feed:
        assert feed.silent_seconds("yahoo") == 0.0
        feed.follow(symbols("NVDA", "9984.T"))
        feed.start()
        await sources["yahoo"].questions(1)
        feed.keep_silent("yahoo", 900.0)
        assert all(899.0 < feed.silent_seconds(name) <= 900.0 for name in ("yahoo", "yahoo_quote"))
        assert feed.silent_seconds("tencent") == 0.0
        asked = len(sources["yahoo"].asked)
        await sources["tencent"].questions(3)
        assert len(sources["yahoo"].asked) <= asked + 1, "but for one that was under way"
        assert feed.refresh().silent == ("Yahoo", "Yahoo_Quote")


async def test_silence_that_was_asked_for_before_the_sources_are_open_is_kept() -> None:
    sources = {name: FakeSource(name, pricing(name)) for name in ("yahoo", "yahoo_quote", "tencent")}
    async with feed_of(*((source, QUICK) for source in sources.values())) as feed:
        feed.keep_silent("yahoo", 900.0)
        assert 899.0 < feed.silent_seconds("yahoo_quote") <= 900.0
        assert feed.silent_seconds("tencent") == 0.0
        feed.follow(symbols("NVDA", "9984.T"))
        feed.start()
        await sources["tencent"].questions(3)
        assert (sources["yahoo"].asked, sources["yahoo_quote"].asked) == ([], [])
        assert feed.refresh().silent == ("Yahoo", "Yahoo_Quote")


async def test_a_429_of_quotes_is_known_to_those_who_ask_for_history() -> None:
    source = FakeSource("yahoo", RateLimited("query1", "HTTP 429"))
    async with feed_of((source, QUICK)) as feed:
        feed.follow(symbols("NVDA"))
        feed.start()
        await source.questions(1)
        await until(feed, lambda batch: feed.silent_seconds("yahoo") > 15)
