"""Who is asked instead when a source hangs, is late, or says what cannot be believed."""

from __future__ import annotations

import asyncio

import pytest

from aiwatch.errors import TimedOut, Unreachable
from aiwatch.feed import poller
from aiwatch.feed.backoff import Backoff
from aiwatch.market.source_health import Condition
from aiwatch.sources import Answer, Refusal
from tests.feed.fakes import QUICK, SLOW, FakeSource, feed_of, pricing, quote, symbols, until

HANGS = TimedOut("query1.finance.yahoo.com:443", "time-out after 10 s")


def test_a_time_out_is_an_outage_at_once_and_another_slip_is_not() -> None:
    rest = Backoff(jitter=lambda seconds: seconds)
    assert rest.fail(Unreachable("host", "cut")) == 1
    assert not rest.is_outage
    assert rest.fail(HANGS) == 2
    assert rest.is_outage
    rest.fail(Unreachable("host", "cut"))
    assert rest.is_outage, "until it answers"
    rest.succeed()
    assert not rest.is_outage
    rest.fail(HANGS)
    assert rest.is_outage


async def test_after_one_time_out_the_next_source_is_asked() -> None:
    yahoo, tencent = FakeSource("yahoo", HANGS), FakeSource("tencent", pricing("tencent"))
    async with feed_of((tencent, QUICK), (yahoo, SLOW)) as feed:
        feed.follow(symbols("NVDA"))
        feed.start()
        batch = await until(feed, lambda batch: bool(batch.quotes))
        assert batch.quotes[0].source == "tencent"
        assert yahoo.asked == [["NVDA"]]


async def test_while_a_source_that_was_out_is_tried_again_the_next_one_goes_on() -> None:
    yahoo, tencent = FakeSource("yahoo", HANGS), FakeSource("tencent", pricing("tencent"))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("NVDA"))
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        yahoo.gate.clear()
        feed.refresh()
        await yahoo.questions(2)
        asked = len(tencent.asked)
        await tencent.questions(asked + 3)
        yahoo.reply = pricing("yahoo", 12, seconds=1)
        yahoo.gate.set()
        await until(feed, lambda batch: any(quote.source == "yahoo" for quote in batch.quotes))
        asked = len(tencent.asked)
        await yahoo.questions(len(yahoo.asked) + 3)
        assert len(tencent.asked) <= asked + 1, "its symbols are its own again"


async def test_of_a_late_source_only_what_has_no_price_is_asked_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    yahoo, tencent = FakeSource("yahoo", pricing("yahoo")), FakeSource("tencent", pricing("tencent"))
    async with feed_of((tencent, QUICK), (yahoo, QUICK)) as feed:
        feed.follow(symbols("NVDA"))
        feed.start()
        await until(feed, lambda batch: bool(batch.quotes))
        assert tencent.asked == []
        monkeypatch.setattr(poller, "LATE_AFTER", 0.02)
        yahoo.gate.clear()
        feed.follow(symbols("NVDA", "AMD"))
        batch = await until(feed, lambda batch: any(quote.symbol.text == "AMD" for quote in batch.quotes))
        assert [quote.source for quote in batch.quotes] == ["tencent"]
        assert tencent.asked == [["AMD"]]
        assert batch.health[1].condition is Condition.OK, "late is not down"
        for _ in range(3):
            await asyncio.sleep(QUICK.interval)
        assert tencent.asked == [["AMD"]], "and once it has a price, no more"
        yahoo.gate.set()
        asked = len(yahoo.asked)
        assert ["NVDA", "AMD"] in (await yahoo.questions(asked + 2))[asked:]


async def test_what_was_not_believed_is_asked_elsewhere() -> None:
    inverted = Refusal("EURUSD=X", "a rate of USD/EUR")
    (euro, yen) = symbols("EURUSD=X", "JPY=X")
    yahoo = FakeSource("yahoo", lambda asked: Answer((quote(yen, source="yahoo"),), refused=(inverted,)))
    sina = FakeSource("sina", pricing("sina"))
    async with feed_of((yahoo, QUICK), (sina, QUICK)) as feed:
        feed.follow([euro, yen])
        feed.start()
        batch = await until(feed, lambda batch: any(quote.symbol == euro for quote in batch.quotes))
        assert [(quote.symbol, quote.source) for quote in batch.quotes if quote.symbol == euro] == [(euro, "sina")]
        assert {text for texts in sina.asked for text in texts} == {"EURUSD=X"}
        assert batch.unknown == frozenset()
        asked = len(yahoo.asked)
        assert ["EURUSD=X", "JPY=X"] in (await yahoo.questions(asked + 3))[asked:], "it is given another chance"


async def test_what_nobody_is_believed_about_is_asked_again_until_somebody_is() -> None:
    refusing = [
        FakeSource(name, lambda asked: Answer((), refused=(Refusal("002837.SZ", "a price of 0"),)))
        for name in ("tencent", "yahoo")
    ]
    async with feed_of(*((source, QUICK) for source in refusing)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        for source in refusing:
            await source.questions(1)
        await refusing[0].questions(3)
        batch = await until(feed, lambda batch: batch.health[0].dropped > 2)
        assert (batch.quotes, batch.unknown) == ((), frozenset()), "refused is not unknown"
        refusing[0].reply = pricing("tencent")
        assert (await until(feed, lambda batch: bool(batch.quotes))).quotes[0].source == "tencent"


async def test_strays_move_nothing() -> None:
    stray = Refusal("600519.SS", "was not asked for")
    tencent = FakeSource("tencent", lambda asked: Answer((), refused=(stray, Refusal("", "no quote line"))))
    sina = FakeSource("sina", pricing("sina"))
    async with feed_of((tencent, QUICK), (sina, QUICK)) as feed:
        feed.follow(symbols("002837.SZ"))
        feed.start()
        await tencent.questions(3)
        assert sina.asked == []
