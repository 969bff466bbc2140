"""The stream's client over real sockets, against the embedded exchange and against hosts that do worse."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any

import pytest
import websockets.asyncio.client

from aiwatch import USER_AGENT
from aiwatch.config.settings import StreamSettings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.market.quote import Quote
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.market import Market
from aiwatch.simulator.stream_host import StreamHost
from aiwatch.sources import Refusal
from aiwatch.sources.yahoo_stream import frames
from aiwatch.sources.yahoo_stream.client import SLICE, YahooStream
from aiwatch.sources.yahoo_stream.connection import Dialer, Pace
from tests.sources.loopback import host, host_saying, response
from tests.sources.yahoo_stream.wire import REFUSED

QUICK = Pace(heartbeat=0.05, silence=0.1, open_timeout=2, first_pause=0.01, longest_pause=0.04, settled=0.05)
PATIENT = Pace(silence=60, first_pause=0.01, longest_pause=0.04, settled=0.05)
NVDA, EURO, AMD = (parse_symbol(text) for text in ("NVDA", "EURUSD=X", "AMD"))


class Diary:
    """Keeps what the stream tells, and can be waited for."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []
        self.refusals: list[Refusal] = []
        self.errors: list[SourceError] = []
        self.pauses: list[float] = []
        self.connections = self.signs = self.rests = self.superseded = 0
        self._news = asyncio.Event()

    def opened(self) -> None:
        self.connections += 1
        self._news.set()

    def heard(self, signs: int = 1) -> None:
        self.signs += signs
        self._news.set()

    def received(self, quotes: Sequence[Quote]) -> None:
        self.quotes.extend(quotes)
        self._news.set()

    def refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        self._news.set()

    def failed(self, error: SourceError, pause: float) -> None:
        self.errors.append(error)
        self.pauses.append(pause)
        self._news.set()

    def fell_behind(self, superseded: int) -> None:
        self.superseded += superseded
        self._news.set()

    def rested(self) -> None:
        self.rests += 1
        self._news.set()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for something told, until ``reached``."""
        async with asyncio.timeout(10):
            while not reached():
                self._news.clear()
                await self._news.wait()

    async def another_quote(self) -> Quote:
        """The next quote from now on."""
        count = len(self.quotes)
        await self.until(lambda: len(self.quotes) > count)
        return self.quotes[count]


@pytest.fixture
async def exchange() -> AsyncIterator[StreamHost]:
    market = Market(universe(), seed=7, rate=2_000.0, clock=utc_now)
    streaming = StreamHost(market, Random(7))
    await streaming.open()
    yield streaming
    await streaming.close()


@asynccontextmanager
async def listening(
    url: str, *symbols: Any, pace: Pace = PATIENT, in_session: Callable[[], bool] = lambda: True
) -> AsyncIterator[tuple[YahooStream, Diary]]:
    """A stream that runs, and what it tells."""
    stream, diary = YahooStream(StreamSettings(url), utc_now, pace=pace, jitter=lambda pause: pause), Diary()
    stream.follow(symbols)
    running = asyncio.create_task(stream.run(diary, in_session))
    try:
        yield stream, diary
        assert not running.done(), running
    finally:
        running.cancel()
        async with asyncio.timeout(2):
            await asyncio.gather(running, return_exceptions=True)


async def test_prices_of_the_followed_symbols_come(exchange: StreamHost) -> None:
    async with listening(exchange.url, NVDA, EURO, parse_symbol("002837.SZ")) as (stream, diary):
        await diary.until(lambda: {quote.symbol for quote in diary.quotes} == {NVDA, EURO})
        assert exchange.orders[0] == {"subscribe": ["NVDA", "EURUSD=X"]}, "mainland China is not on the stream"
        assert exchange.tally.agents[0] == USER_AGENT
        assert (diary.refusals, diary.errors, diary.connections) == ([], [], 1)
        assert set(stream.following) == {NVDA, EURO}


async def test_subscriptions_follow_the_list(exchange: StreamHost) -> None:
    async with listening(exchange.url, NVDA, EURO) as (stream, diary):
        await diary.another_quote()
        stream.follow([EURO, AMD])
        await diary.until(lambda: any(quote.symbol == AMD for quote in diary.quotes))
        assert exchange.orders[1:] == [{"unsubscribe": ["NVDA"]}, {"subscribe": ["AMD"]}]
        held = len(diary.quotes)
        await diary.until(lambda: len(diary.quotes) > held + 10)
        assert NVDA not in {quote.symbol for quote in diary.quotes[held:]}


async def test_following_nothing_hangs_up_until_there_is_something(exchange: StreamHost) -> None:
    async with listening(exchange.url) as (stream, diary):
        await diary.until(lambda: diary.rests == 1)
        assert exchange.tally.requests.value == 0
        stream.follow([NVDA])
        await diary.another_quote()
        stream.follow([])
        await diary.until(lambda: diary.rests == 2)
        assert diary.errors == []
        stream.follow([NVDA])
        await diary.another_quote()
        assert diary.connections == 2


async def test_the_whole_subscription_is_sent_again_and_again(exchange: StreamHost) -> None:
    async with listening(exchange.url, NVDA, EURO, pace=QUICK, in_session=lambda: False) as (stream, _):
        await exchange.tally.requests.wait_for(5)
        stream.follow([NVDA])
        await exchange.tally.requests.wait_for(8)
    assert exchange.orders[:3] == [{"subscribe": ["NVDA", "EURUSD=X"]}] * 3
    assert exchange.orders[-1] == {"subscribe": ["NVDA"]}
    assert {"unsubscribe": ["EURUSD=X"]} in exchange.orders


@pytest.mark.parametrize(
    ("kind", "why"),
    [(FaultKind.CLEAN_CLOSE, "closed by the host"), (FaultKind.ABNORMAL_CLOSE, "the connection was cut")],
)
async def test_a_close_of_either_kind_is_survived(exchange: StreamHost, kind: FaultKind, why: str) -> None:
    exchange.plan.add(Fault(kind, times=2))
    async with listening(exchange.url, NVDA) as (_, diary):
        await diary.until(lambda: len(diary.errors) == 2)
        await diary.another_quote()
        assert [str(error) for error in diary.errors] == [why] * 2
        assert diary.pauses == [0.01, 0.02]
        assert diary.connections == 3
        assert exchange.orders == [{"subscribe": ["NVDA"]}] * 3


async def test_pauses_grow_to_a_limit_and_start_over_after_a_good_connection(exchange: StreamHost) -> None:
    exchange.plan.add(Fault(FaultKind.STATUS, times=4, status=503))
    async with listening(exchange.url, NVDA) as (_, diary):
        await diary.until(lambda: len(diary.errors) == 4)
        assert diary.pauses == [0.01, 0.02, 0.04, 0.04]
        assert all(isinstance(error, Refused) and error.status == 503 for error in diary.errors)
        await diary.another_quote()
        opened = asyncio.get_running_loop().time()
        await diary.until(lambda: asyncio.get_running_loop().time() > opened + QUICK.settled)
        exchange.plan.add(Fault(FaultKind.CLEAN_CLOSE, times=1))
        await diary.until(lambda: len(diary.errors) == 5)
        assert diary.pauses[4] == 0.01


async def test_a_host_that_asks_for_silence_gets_it(exchange: StreamHost) -> None:
    exchange.plan.add(Fault(FaultKind.STATUS, times=1, status=429, retry_after="120"))
    async with listening(exchange.url, NVDA) as (stream, diary):
        await diary.until(lambda: bool(diary.errors))
        assert isinstance(diary.errors[0], RateLimited)
        assert diary.pauses == [120.0]
        stream.retry()
        await asyncio.sleep(0)
        assert exchange.tally.requests.value == 1


async def test_a_pause_can_be_cut_short(exchange: StreamHost) -> None:
    exchange.plan.add(Fault(FaultKind.STATUS, times=1, status=500))
    async with listening(exchange.url, NVDA, pace=Pace(first_pause=3600, longest_pause=3600)) as (stream, diary):
        await diary.until(lambda: bool(diary.errors))
        stream.retry()
        await diary.another_quote()


@pytest.mark.parametrize(("kind", "reason"), REFUSED)
async def test_what_is_not_believed_is_told_and_the_stream_goes_on(
    exchange: StreamHost, kind: FaultKind, reason: str
) -> None:
    exchange.plan.add(Fault(kind, times=3))
    async with listening(exchange.url, NVDA) as (_, diary):
        await diary.until(lambda: len(diary.refusals) >= 3)
        await diary.another_quote()
        assert {refusal.reason[: len(reason)] for refusal in diary.refusals} == {reason}
        assert diary.connections == 1


async def test_silence_in_session_ends_the_connection(exchange: StreamHost) -> None:
    exchange.plan.add(Fault(FaultKind.SILENCE, times=1))
    async with listening(exchange.url, NVDA, pace=QUICK) as (_, diary):
        await diary.until(lambda: bool(diary.errors))
        assert str(diary.errors[0]) == "silent for 0.1 s"
        await diary.another_quote()
        assert diary.connections == 2


async def test_silence_out_of_session_means_nothing(exchange: StreamHost) -> None:
    exchange.plan.add(Fault(FaultKind.SILENCE, times=1))
    asked: list[bool] = []

    def closed() -> bool:
        asked.append(True)
        return False

    async with listening(exchange.url, NVDA, pace=QUICK, in_session=closed) as (_, diary):
        await exchange.tally.requests.wait_for(8)
        assert len(asked) >= 6
        assert (diary.errors, diary.connections) == ([], 1)
        exchange.release()
        await diary.another_quote()


async def test_an_exchange_that_refuses_is_tried_until_it_listens(exchange: StreamHost) -> None:
    await exchange.close()
    async with listening(exchange.url, NVDA) as (_, diary):
        await diary.until(lambda: len(diary.errors) >= 2)
        assert str(diary.errors[0]).startswith("no connection to 127.0.0.1:")
        await exchange.open()
        await diary.another_quote()
        await exchange.close()
        count = len(diary.errors)
        await diary.until(lambda: len(diary.errors) > count)
        await exchange.open()
        await diary.another_quote()


async def test_cancelled_while_it_connects(exchange: StreamHost) -> None:
    exchange.plan.add(Fault(FaultKind.HANG, times=1))
    async with listening(exchange.url, NVDA) as (_, diary):
        await exchange.tally.requests.wait_for(1)
        assert diary.connections == 0
    await exchange.tally.requests.wait_for(1)


async def test_a_flood_leaves_the_loop_its_turns(exchange: StreamHost) -> None:
    async with listening(exchange.url, NVDA) as (_, diary):
        await diary.another_quote()
        held, turns, longest = len(diary.quotes), 0, 0.0
        exchange.plan.add(Fault(FaultKind.FLOOD, times=2))
        async with asyncio.timeout(20):
            while len(diary.quotes) + diary.superseded < held + 4_000:
                began = time.thread_time()  # not by the clock: another process may have the machine meanwhile
                await asyncio.sleep(0)
                turns, longest = turns + 1, max(longest, time.thread_time() - began)
        assert turns > (len(diary.quotes) - held) / SLICE
        assert longest < 0.5, "a stall; how short its turns are is for the bench to say"
        assert diary.errors == []


@pytest.mark.parametrize(
    ("answer", "kind", "why"),
    [
        (response(b"", "429 Too Many Requests", "Retry-After: 7"), RateLimited, "HTTP 429"),
        (response(b"no", "403 Forbidden"), Refused, "HTTP 403"),
        (response(b"<html>", "200 OK"), Refused, "HTTP 200"),
        (b"", Garbled, "an answer that is no WebSocket's"),
        (b"SSH-2.0-server\r\n\r\n", Garbled, "an answer that is no WebSocket's"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", Garbled, "an answer that is no WebSocket's"),
    ],
)
async def test_hosts_that_are_no_stream(answer: bytes, kind: type[SourceError], why: str) -> None:
    async with host_saying(answer) as address:
        with pytest.raises(kind) as caught:
            await Dialer(address.replace("http", "ws"), QUICK).dial()
        assert str(caught.value) == why


async def test_addresses_that_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match=r"^name not found: streamer\.invalid$"):
        await Dialer("ws://streamer.invalid/", QUICK).dial()
    with pytest.raises(Unreachable, match="not an address"):
        await Dialer("http://127.0.0.1/", QUICK).dial()


async def test_a_proxy_of_the_environment_is_asked_but_not_for_loopback(
    exchange: StreamHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(response(b"", "407 Proxy Authentication Required"))

    async with host(refuse, after_head=False) as proxy:
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(Unreachable, match=r"^https_proxy=http://127\.0\.0\.1:[0-9]+: this proxy wants another"):
            await Dialer("wss://streamer.invalid/?version=2", QUICK).dial()
        assert asked[0].startswith(b"CONNECT streamer.invalid:443 ")
        async with listening(exchange.url, NVDA) as (_, diary):
            await diary.another_quote()
        assert len(asked) == 1


async def test_tls_that_is_not_trusted() -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"no TLS here")

    async with host(speak_plainly, after_head=False) as address:
        with pytest.raises(Unreachable, match=r"^TLS: "):
            await Dialer(address.replace("http", "wss"), QUICK).dial()


async def test_ipv4_alone_is_tried_after_a_time_out_and_remembered(
    exchange: StreamHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    families: list[int] = []

    async def connect(url: str, **options: Any) -> Any:
        families.append(options["family"])
        if options["family"] != socket.AF_INET:
            raise TimeoutError
        return await websockets.asyncio.client.connect(url, **options)

    monkeypatch.setattr("aiwatch.sources.yahoo_stream.connection._Connect", connect)
    dialer = Dialer(exchange.url, QUICK)
    for _ in range(2):
        connection = await dialer.dial()
        await connection.close()
    assert families == [socket.AF_UNSPEC, socket.AF_INET, socket.AF_INET]
    assert dialer.ipv4_only
    await exchange.close()
    with pytest.raises(Unreachable):
        await dialer.dial()
    assert not dialer.ipv4_only, "it may be another network by now"


async def test_a_connection_that_hangs_times_out() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read()

    async with host(hang) as address:
        with pytest.raises(Unreachable, match=r"^time-out after 0\.05 s$"):
            await Dialer(address.replace("http", "ws"), Pace(open_timeout=0.05)).dial()


async def test_a_slip_of_the_client_is_told_and_the_stream_goes_on(
    exchange: StreamHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips = iter([ZeroDivisionError("oh")])

    def read(*arguments: Any) -> Any:
        for slip in slips:
            raise slip
        return frames.read(*arguments)

    monkeypatch.setattr("aiwatch.sources.yahoo_stream.client.read", read)
    async with listening(exchange.url, NVDA) as (_, diary):
        await diary.another_quote()
        assert [str(error) for error in diary.errors] == ["unexpected: ZeroDivisionError: oh"]
