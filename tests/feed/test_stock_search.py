"""Looking for stocks at several hosts: the newest text alone, politely, and whatever one host does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import pytest

from aiwatch.errors import Garbled, RateLimited, SourceError
from aiwatch.feed.stock_search import PAUSE, REST, Finder, Finding
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.search import StockMatch
from tests.feed.fakes import Silence


def found(text: str, source: str, name: str = "", name_zh: str = "") -> StockMatch:
    return StockMatch(parse_symbol(text), name, name_zh, "somewhere", source)


class Host:
    """A search that answers at once, or when it is let, and notes what it is asked."""

    def __init__(self, name: str, *answer: StockMatch, error: SourceError | None = None, waits: bool = False) -> None:
        self.name = name
        self.title = name.title()
        self.answer = answer
        self.error = error
        self.asked: list[str] = []
        self.broken_off: list[str] = []
        self.at_once = self.most_at_once = 0
        self.is_open = False
        self.reached = asyncio.Event()
        self.let = asyncio.Event()
        if not waits:
            self.let.set()

    async def __aenter__(self) -> Self:
        self.is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open = False

    async def find(self, text: str) -> tuple[StockMatch, ...]:
        assert self.is_open
        self.asked.append(text)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.reached.set()
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.broken_off.append(text)
            raise
        finally:
            self.at_once -= 1
        if self.error is not None:
            raise self.error
        return self.answer


class Clock:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def finder(clock: Clock, *hosts: Host, silence: Silence | None = None) -> Finder:
    async def open_hosts(stack: AsyncExitStack) -> Sequence[Host]:
        for host in hosts:
            await stack.enter_async_context(host)
        return hosts

    return Finder(open_hosts, now=clock, sleep=clock.sleep, silence=silence)


async def test_the_answers_of_all_hosts_are_joined_by_symbol() -> None:
    item = Host("tencent", found("002837.SZ", "tencent", name_zh="英维克"))
    second = Host("yahoo", found("NVDA", "yahoo", "NVIDIA"), found("002837.SZ", "yahoo", "Envicool"))
    async with finder(Clock(), item, second) as finding:
        assert not item.is_open
        answer = await finding.find("x")
    assert answer is not None
    assert [(stock.symbol.text, stock.name, stock.name_zh, stock.source) for stock in answer.found] == [
        ("002837.SZ", "Envicool", "英维克", "tencent"),
        ("NVDA", "NVIDIA", "", "yahoo"),
    ]
    assert (answer.text, answer.failures) == ("x", ())
    assert not item.is_open


async def test_a_host_that_fails_is_told_and_the_others_count() -> None:
    error = Garbled("tencent", "no list")
    hosts = Host("tencent", error=error), Host("yahoo", found("NVDA", "yahoo", "NVIDIA"))
    async with finder(Clock(), *hosts) as finding:
        answer = await finding.find("x")
    assert answer is not None
    assert [stock.symbol.text for stock in answer.found] == ["NVDA"]
    assert answer.failures == (error,)


async def test_a_newer_text_breaks_the_older_request_off() -> None:
    host = Host("tencent", found("NVDA", "tencent"), waits=True)
    clock = Clock()
    async with finder(clock, host) as finding:
        older = asyncio.create_task(finding.find("nv"))
        await host.reached.wait()
        newer = asyncio.create_task(finding.find("nvi"))
        assert await older is None
        host.let.set()
        answer = await newer
    assert answer is not None
    assert answer.text == "nvi"
    assert (host.asked, host.broken_off, host.most_at_once) == (["nv", "nvi"], ["nv"], 1)
    assert clock.slept == [pytest.approx(PAUSE)]


async def test_of_texts_typed_in_a_hurry_the_last_alone_is_asked_for() -> None:
    host = Host("tencent")
    async with finder(Clock(), host) as finding:
        await finding.find("a")
        answers = await asyncio.gather(*(finding.find(text) for text in ("ab", "abc", "abcd")))
    assert [answer and answer.text for answer in answers] == [None, None, "abcd"]
    assert host.asked == ["a", "abcd"]


async def test_requests_are_apart_and_no_one_waits_who_need_not() -> None:
    clock, host = Clock(), Host("tencent")
    async with finder(clock, host) as finding:
        await finding.find("a")
        assert clock.slept == []
        clock.now += 0.1
        await finding.find("b")
        assert clock.slept == [pytest.approx(PAUSE - 0.1)]
        clock.now += 10
        await finding.find("c")
        assert len(clock.slept) == 1


@pytest.mark.parametrize(("wish", "rest"), [(7.0, 7.0), (None, REST)])
async def test_a_host_that_asks_for_silence_is_left_alone(wish: float | None, rest: float) -> None:
    clock = Clock()
    error = RateLimited("tencent", "HTTP 429", retry_after=wish)
    strict, second = Host("tencent", error=error), Host("yahoo")
    async with finder(clock, strict, second) as finding:
        for _ in range(2):
            answer = await finding.find("x")
            assert answer is not None
            assert answer.failures == (error,)
        assert (len(strict.asked), len(second.asked)) == (1, 2)
        clock.now += rest
        await finding.find("x")
        assert (len(strict.asked), len(second.asked)) == (2, 3)


async def test_a_host_rests_from_searches_and_quotes_alike() -> None:
    silence = Silence(tencent=90.0)
    quiet, strict = Host("tencent"), Host("yahoo", error=RateLimited("yahoo", "HTTP 429", retry_after=40))
    async with finder(Clock(), quiet, strict, silence=silence) as finding:
        answer = await finding.find("x")
    assert answer is not None
    assert quiet.asked == [], "quotes were too many for it"
    assert [str(failure) for failure in answer.failures] == ["asked for silence (429)", "HTTP 429"]
    assert silence.seconds == {"tencent": 90.0, "yahoo": 40.0}, "a search was too many for it"


async def test_who_gives_up_breaks_the_request_off() -> None:
    host = Host("tencent", waits=True)
    async with finder(Clock(), host) as finding:
        task = asyncio.create_task(finding.find("x"))
        await host.reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert host.at_once == 0
        host.let.set()
        assert isinstance(await finding.find("y"), Finding)


async def test_closing_breaks_off_what_is_under_way() -> None:
    host = Host("tencent", waits=True)
    async with finder(Clock(), host) as finding:
        task = asyncio.create_task(finding.find("x"))
        await host.reached.wait()
    assert await task is None
    assert host.broken_off == ["x"]
    assert not host.is_open
