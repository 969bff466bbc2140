from __future__ import annotations

import asyncio

import httpx
import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, Unreachable
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources import Source
from aiwatch.sources.parsing import SLICE
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo.spark import Yahoo
from tests.sources.loopback import NOW, clock, host_saying, response, settings
from tests.sources.tencent.wire import line
from tests.sources.yahoo.test_spark import meta, spark

BASE = settings("http://data.test")
SOURCES = [Tencent, Yahoo]


def symbols(*texts: str) -> list[Symbol]:
    return [parse_symbol(text) for text in texts]


class Recorder:
    """A transport's handler that keeps the requests and gives the same answer to each."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.requests: list[httpx.Request] = []
        self.asked = asyncio.Event()
        self.body = body
        self.status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.asked.set()
        return httpx.Response(self.status, content=self.body)


def test_both_keep_the_protocol() -> None:
    sources: list[Source] = [Tencent(BASE, clock), Yahoo(BASE, clock)]
    assert [(source.name, source.title, source.batch_limit) for source in sources] == [
        ("tencent", "Tencent", 800),
        ("yahoo", "Yahoo", 20),
    ]


def test_tencent_covers_china_hong_kong_and_the_us() -> None:
    source = Tencent(BASE, clock)
    yes = "002837.SZ", "603757.SS", "830799.BJ", "510300.SS", "000001.SS", "0700.HK", "^HSI", "NVDA", "BRK-B", "^GSPC"
    no = "9984.T", "2330.TW", "SIE.DE", "HSBA.L", "EURUSD=X", "^N225", "^VIX"
    assert all(source.covers(symbol) for symbol in symbols(*yes))
    assert not any(source.covers(symbol) for symbol in symbols(*no))
    assert all(Yahoo(BASE, clock).covers(symbol) for symbol in symbols(*yes, *no))


async def test_tencent_asks_once_for_all() -> None:
    recorder = Recorder(line("sz002837") + line("usBRK.B", {2: "BRK.B.N"}) + line("us.IXIC"))
    async with Tencent(BASE, clock, transport=httpx.MockTransport(recorder)) as source:
        result = await source.fetch(symbols("002837.SZ", "BRK-B", "^IXIC", "0700.HK"))
    (request,) = recorder.requests
    assert request.url.raw_path == b"/q=sz002837,usBRK.B,us.IXIC,hk00700"
    assert len(result.quotes) == 3
    assert result.unknown == set(symbols("0700.HK"))
    assert {quote.received_at for quote in result.quotes} == {NOW}


async def test_a_full_batch_of_tencents_fits_an_address() -> None:
    full = symbols(*(f"{number:06d}.SZ" for number in range(2000, 2000 + Tencent.batch_limit)))
    recorder = Recorder(b"".join(line("sz" + symbol.code) for symbol in full))
    async with Tencent(BASE, clock, transport=httpx.MockTransport(recorder)) as source:
        result = await source.fetch(full)
    assert len(recorder.requests[0].url.raw_path) < 8192
    assert [quote.symbol for quote in result.quotes] == full


async def test_tencent_lets_the_event_loop_run_between_slices() -> None:
    slices = 20
    full = symbols(*(f"{number:06d}.SZ" for number in range(2000, 2000 + slices * SLICE)))
    recorder = Recorder(b"".join(line("sz" + symbol.code) for symbol in full))
    async with Tencent(BASE, clock, transport=httpx.MockTransport(recorder)) as source:
        fetching = asyncio.ensure_future(source.fetch(full))
        await recorder.asked.wait()
        turns = 0
        while not fetching.done():
            turns += 1
            await asyncio.sleep(0)
    assert turns >= slices


async def test_a_base_url_may_have_a_path() -> None:
    recorder = Recorder(line("sz002837"))
    async with Tencent(settings("http://data.test/feed"), clock, transport=httpx.MockTransport(recorder)) as source:
        await source.fetch(symbols("002837.SZ"))
    assert recorder.requests[0].url.raw_path == b"/feed/q=sz002837"


async def test_yahoo_asks_for_the_spark_of_a_day() -> None:
    recorder = Recorder(spark(meta("^GSPC"), meta("9984.T", currency="JPY")))
    async with Yahoo(BASE, clock, transport=httpx.MockTransport(recorder)) as source:
        result = await source.fetch(symbols("^GSPC", "9984.T"))
    (request,) = recorder.requests
    assert request.url.path == "/v7/finance/spark"
    assert dict(request.url.params) == {
        "symbols": "^GSPC,9984.T",
        "range": "1d",
        "interval": "5m",
        "indicators": "close",
        "includeTimestamps": "false",
        "includePrePost": "false",
    }
    assert [quote.currency for quote in result.quotes] == ["USD", "JPY"]


@pytest.mark.parametrize("kind", SOURCES)
async def test_asking_for_nothing_sends_nothing(kind: type[Tencent] | type[Yahoo]) -> None:
    recorder = Recorder(b"")
    async with kind(BASE, clock, transport=httpx.MockTransport(recorder)) as source:
        assert (await source.fetch([])).quotes == ()
    assert not recorder.requests


async def test_what_tencent_does_not_carry_is_unknown_without_asking() -> None:
    recorder = Recorder(b"")
    async with Tencent(BASE, clock, transport=httpx.MockTransport(recorder)) as source:
        assert (await source.fetch(symbols("9984.T"))).unknown == set(symbols("9984.T"))
    assert not recorder.requests


NOT_FOUND = b'{"spark":{"result":null,"error":{"code":"Not Found","description":"No data found for spark symbols"}}}'


async def test_yahoos_not_found_is_an_answer_about_one_symbol_only() -> None:
    async with Yahoo(BASE, clock, transport=httpx.MockTransport(Recorder(NOT_FOUND, 404))) as source:
        assert (await source.fetch(symbols("NOPE"))).unknown == set(symbols("NOPE"))
        with pytest.raises(Refused, match="HTTP 404: Not Found: No data found"):
            await source.fetch(symbols("NOPE", "NADA"))


async def test_a_not_found_that_is_not_yahoos_is_a_refusal() -> None:
    async with Yahoo(BASE, clock, transport=httpx.MockTransport(Recorder(b"<p>Not Found</p>", 404))) as source:
        with pytest.raises(Refused, match="HTTP 404: Not Found"):
            await source.fetch(symbols("NVDA"))


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (response(b"", "429 Slow Down"), RateLimited),
        (response(b"", "500 Oops"), Refused),
        (response(b"<html>Will be right back</html>"), Garbled),
        (response(b""), Garbled),
        (response(b"\x00\xff\xfe garbage"), Garbled),
        (response(b"v_sz002837", length=99), Unreachable),
    ],
)
async def test_no_usable_answer_is_a_source_error(
    kind: type[Tencent] | type[Yahoo], answer: bytes, error: type[Exception]
) -> None:
    async with host_saying(answer) as address, kind(settings(address), clock) as source:
        with pytest.raises(error) as caught:
            await source.fetch(symbols("NVDA", "002837.SZ"))
    assert type(caught.value) is error


async def test_tencent_over_a_real_socket() -> None:
    async with host_saying(response(line("sz002837"))) as address, Tencent(settings(address), clock) as source:
        (quote,) = (await source.fetch(symbols("002837.SZ"))).quotes
    assert (quote.last, quote.name) == (50.25, "测试股份")
