"""What is promised to Yahoo's host: real sockets, the embedded exchange, yfinance in its own process.

Where it asks for silence (429) it is asked no second time, by whichever part of the program; a symbol that it does not
know costs few requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.feed.feed import Feed
from aiwatch.history.filings.service import FilingReports
from aiwatch.history.opened import HistoryParts
from aiwatch.market.bars import Range
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.calendar.session import always_open
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.filings import open_filings
from aiwatch.runtime.history import open_history
from aiwatch.runtime.hosts import live_hosts
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange

NVDA, TOYOTA = map(parse_symbol, ("NVDA", "7203.T"))
MOST_OF_UNKNOWN = 6
"""Requests that a symbol may cost which Yahoo does not know."""
TOO_MANY = Fault(FaultKind.STATUS, status=429, retry_after="600")


async def test_a_symbol_that_yahoo_does_not_know_costs_few_requests(
    exchange: Exchange, settings: Settings, tmp_path: Path
) -> None:
    async with open_history(settings, tmp_path / "history.sqlite3", utc_now, shipped_day) as history:
        bars = await history.service.bars(parse_symbol("9999.T"), Range.YEAR)
        assert bars.series is None
        assert "has no bars of 9999.T" in bars.problem
    assert 1 <= exchange.requests("yahoo").value <= MOST_OF_UNKNOWN


@asynccontextmanager
async def _polled(settings: Settings, path: Path, *follow: Symbol) -> AsyncIterator[tuple[Feed, HistoryParts]]:
    """A feed and price history on the same hosts, each told when the other's asks for silence."""
    feed = Feed(live_hosts(settings, utc_now), utc_now, always_open, jitter=lambda seconds: seconds)
    feed.follow(follow)
    feed.start()

    async def take() -> None:
        async for _ in feed.batches():
            pass

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(feed)
        taking = asyncio.create_task(take())
        stack.callback(taking.cancel)
        opened = open_history(settings, path / "history.sqlite3", utc_now, shipped_day, feed)
        yield feed, await stack.enter_async_context(opened)


async def test_no_worker_asks_a_host_that_told_the_poller_to_be_silent(
    exchange: Exchange, settings: Settings, tmp_path: Path
) -> None:
    await exchange.fail("yahoo", TOO_MANY)
    async with _polled(settings, tmp_path, TOYOTA) as (feed, history):
        await exchange.answers("yahoo").wait_for(1)
        async with asyncio.timeout(10):
            while not feed.silent_seconds("yahoo"):  # noqa: ASYNC110 - as a pilot does
                await asyncio.sleep(0.01)
        asked = exchange.requests("yahoo").value
        bars = await history.service.bars(TOYOTA, Range.YEAR)
        assert bars.series is None
        assert "rests until" in bars.problem
        assert "(429)" in bars.problem
        assert history.worker.pid is None
        assert exchange.requests("yahoo").value == asked


@asynccontextmanager
async def _with_headlines(
    settings: Settings, path: Path, *follow: Symbol
) -> AsyncIterator[tuple[Feed, HistoryParts, FilingReports]]:
    """As `_polled`, with headlines of Yahoo alone."""
    filings = {name: replace(own, enabled=name == "yahoo_news") for name, own in settings.filings.items()}
    async with (
        _polled(settings, path, *follow) as (feed, history),
        open_filings(replace(settings, filings=filings), path / "filings", utc_now, {}, feed) as reports,
    ):
        yield feed, history, reports


async def test_no_headlines_are_asked_of_a_host_that_told_the_worker_to_be_silent(
    exchange: Exchange, settings: Settings, tmp_path: Path
) -> None:
    await exchange.fail("yahoo", TOO_MANY)
    async with _with_headlines(settings, tmp_path) as (_, history, reports):
        await history.service.bars(TOYOTA, Range.YEAR)
        problems = [report.problem for report in await reports.load([TOYOTA])]
        assert any(problem.startswith("Yahoo news rests until ") for problem in problems)
        assert exchange.requests("yahoo_news").value == 0


async def test_no_quotes_and_no_bars_are_asked_of_a_host_that_told_headlines_to_be_silent(
    exchange: Exchange, settings: Settings, tmp_path: Path
) -> None:
    await exchange.fail("yahoo_news", TOO_MANY)
    async with _with_headlines(settings, tmp_path) as (feed, history, reports):
        async with asyncio.timeout(10):
            while "yahoo" not in feed.traffic:  # noqa: ASYNC110 - until the feed has opened it
                await asyncio.sleep(0.01)
        await reports.load([TOYOTA])
        assert feed.silent_seconds("yahoo") > 500
        asked = exchange.requests("yahoo").value
        feed.follow([TOYOTA, parse_symbol("600519.SS")])
        await exchange.answers("tencent").more(1)
        assert "(429)" in (await history.service.bars(TOYOTA, Range.YEAR)).problem
        assert history.worker.pid is None
        assert exchange.requests("yahoo").value == asked


async def test_no_poller_asks_a_host_that_told_the_worker_to_be_silent(
    exchange: Exchange, settings: Settings, tmp_path: Path
) -> None:
    await exchange.fail("yahoo", TOO_MANY)
    async with _polled(settings, tmp_path) as (feed, history):
        bars = await history.service.bars(TOYOTA, Range.YEAR)
        assert "429" in bars.problem
        assert history.worker.pid is None, "a child that met 429 goes on with what it took for a crumb"
        assert feed.silent_seconds("yahoo") > 0
        asked = exchange.requests("yahoo").value
        assert "rests until" in (await history.service.bars(NVDA, Range.YEAR)).notices[0]
        feed.follow([TOYOTA, parse_symbol("600519.SS")])
        await exchange.answers("tencent").more(1)
        assert "Yahoo" in feed.refresh().silent
        assert exchange.requests("yahoo").value == asked
        assert feed.refresh().insisted
        await exchange.requests("yahoo").more(1)
