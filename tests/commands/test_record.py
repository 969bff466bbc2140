"""A recording of the exchange, played: the same quotes come out."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from aiwatch.commands.group import commands
from aiwatch.commands.record import tapped, tapped_stream
from aiwatch.config.settings import Settings, SourceSettings
from aiwatch.feed.feed import Feed
from aiwatch.feed.quote_book import QuoteBook
from aiwatch.feed.replay import ReplayClock, ReplayFeed
from aiwatch.market.calendar.session import always_open
from aiwatch.market.data_sources import usual_names
from aiwatch.market.quote import Quote
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.hosts import StreamOpener, live_hosts
from aiwatch.simulator.server import Exchange
from aiwatch.sources.recording import Recorder, RecordingSource, read, started
from aiwatch.sources.registry import readers
from aiwatch.sources.yahoo.quote import YahooQuote

SYMBOLS = [parse_symbol(text) for text in ("002837.SZ", "0700.HK", "NVDA", "9984.T", "CNY=X")]


def settings_for(exchange: Exchange) -> Settings:
    """Settings that point at ``exchange``, at a quick pace."""
    quick = SourceSettings("", interval=0.1, interval_closed=0.1)
    default = Settings()
    return replace(
        default,
        sources={
            **default.sources,
            "tencent": replace(quick, base_url=exchange.tencent_url),
            "sina": replace(quick, base_url=exchange.sina_url),
            "yahoo": replace(quick, base_url=exchange.yahoo_url),
            "ecb": replace(quick, base_url=exchange.ecb_url),
        },
        stream=replace(default.stream, url=exchange.stream_url),
    )


async def newest(feed: Feed, until_all: asyncio.Event) -> dict[Symbol, Quote]:
    """The last quote of each symbol that the feed handed over before ``until_all`` was set."""
    held: dict[Symbol, Quote] = {}

    async def take() -> None:
        async for batch in feed.batches():
            held.update({quote.symbol: quote for quote in batch.quotes})
            if any(health.why == "the recording has ended" for health in batch.health):
                until_all.set()

    taking = asyncio.create_task(take())
    async with asyncio.timeout(20):
        await until_all.wait()
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    return held


async def test_a_replay_gives_the_quotes_that_were_recorded(tmp_path: Path) -> None:
    path = tmp_path / "day.aiwatch"
    stored: list[Quote] = []
    async with Exchange(rate=200) as exchange, Recorder(path, utc_now) as recorder:
        settings = settings_for(exchange)
        stream = tapped_stream(StreamOpener(settings, utc_now).opener, recorder)
        live = Feed(
            tapped(live_hosts(settings, utc_now), recorder),
            utc_now,
            always_open,
            keep=stored.extend,
            open_stream=stream,
        )
        async with live:
            live.follow(SYMBOLS)
            live.start()
            enough = asyncio.Event()
            watching = asyncio.create_task(newest(live, enough))
            await exchange.answers("tencent").wait_for(5)
            await exchange.answers("yahoo").wait_for(5)
            enough.set()
            await watching
    assert {quote.symbol for quote in stored} == set(SYMBOLS)

    book = QuoteBook()
    recorded: list[Quote] = []
    for entry in await asyncio.to_thread(lambda: list(read(path))):
        assert entry.error is None
        answer = readers()[entry.source](entry.body, map(parse_symbol, entry.asked), entry.at, entry.source)
        book.add(answer.quotes)
        recorded += book.drain()
    assert set(map(without_receipt, stored)) <= set(map(without_receipt, recorded)), (
        "field by field, what was shown then comes out again"
    )
    assert {quote.source for quote in recorded} >= {"tencent", "sina", "yahoo", "stream"}
    clock = ReplayClock(await asyncio.to_thread(started, path), 1000)
    async with ReplayFeed(read(path), readers, clock, always_open, names=usual_names()) as feed:
        feed.start()
        replayed = await newest(feed, asyncio.Event())
    assert replayed == {symbol: quote for symbol in SYMBOLS if (quote := book.get(symbol))}


def without_receipt(quote: Quote) -> Quote:
    """``quote``, whenever it was received."""
    return replace(quote, received_at=quote.as_of)


async def test_neither_cookie_nor_crumb_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "day.aiwatch"
    async with Exchange(rate=0) as exchange, Recorder(path, utc_now) as recorder:
        urls = exchange.urls
        settings = SourceSettings(
            urls.yahoo, 1, 1, 5, True, dict.fromkeys(("cookie_url", "consent_url"), urls.yahoo_cookie)
        )
        async with RecordingSource(YahooQuote(settings, utc_now), recorder) as source:
            assert (await source.fetch([parse_symbol("NVDA")])).quotes
        paths = [target.partition("?")[0] for target in exchange.tally("yahoo").targets]
        assert paths == ["/cookie", "/v1/test/getcrumb", "/v7/finance/quote"]
        crumb = exchange.tally("yahoo").targets[-1].partition("crumb=")[2]
        assert crumb
    (record,) = await asyncio.to_thread(lambda: list(read(path)))
    raw = await asyncio.to_thread(lambda: gzip.decompress(path.read_bytes()))
    entries = [json.loads(line) for line in raw.splitlines()]
    beside = json.dumps([{key: value for key, value in entry.items() if key != "body"} for entry in entries])
    for text in (beside.lower(), record.body.decode().lower()):
        assert not any(secret in text for secret in ("cookie", "crumb", "a3=", unquote(crumb).lower()))


@pytest.mark.parametrize(("command", "hint"), [("record", "cannot be begun"), ("replay", "to draw on")])
def test_what_cannot_be_done_is_said(command: str, hint: str, tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.write_text("precious")
    result = CliRunner().invoke(commands, [command, str(path)])
    assert result.exit_code != 0
    assert hint in str(result.exception)
    assert path.read_text() == "precious"
