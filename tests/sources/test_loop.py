"""No answer holds the event loop: the longest turn that the largest and the worst of them take.

What is measured is the CPU time of one turn of the loop, so a busy machine counts little; the least of three tries
counts, since a collection of garbage may fall into any one.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import gzip
import hashlib
import json
import zlib
from asyncio import base_events
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from time import thread_time

import httpx
import pytest

from aiwatch.config.settings import StreamSettings
from aiwatch.errors import AiwatchError, SourceError
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.screen import THRESHOLDS
from aiwatch.sources.ecb import Ecb
from aiwatch.sources.http import BODY_LIMIT, HttpSource
from aiwatch.sources.sina.source import Sina
from aiwatch.sources.tencent.search import TencentSearch
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo import quote as yahoo_quote
from aiwatch.sources.yahoo import spark as yahoo_spark
from aiwatch.sources.yahoo.search import YahooSearch
from aiwatch.sources.yahoo.spark import Yahoo
from aiwatch.sources.yahoo_stream.client import SLICE, YahooStream
from tests.monsters import MIB, MONSTERS, grown
from tests.sources.loopback import host, host_saying, settings

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
AIM = 0.05
"""Seconds of CPU time; what is seen in a process of its own on a quiet machine is half of it at most."""
LONGEST_TURN = 2 * AIM
"""Among other tests, and beside another worker, the same work takes up to two and a half times the CPU time."""
TRIES = 6
CHINA = [parse_symbol(f"{600000 + number}.SS") for number in range(800)]
US = [parse_symbol(text) for text in ("NVDA", "AMD", "GOOG", "TSLA", "MSFT", "AAPL", "META", "AMZN", "INTC", "QCOM")]
RATES = [parse_symbol(text) for text in ("CNY=X", "EUR=X", "HKD=X")]


class Turns:
    """Measures the turns of the running event loop."""

    def __init__(self) -> None:
        self.longest = 0.0

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Measure from now on."""
        run_once = base_events.BaseEventLoop._run_once  # type: ignore[attr-defined]

        def measured(loop: object) -> None:
            began = thread_time()
            run_once(loop)
            self.longest = max(self.longest, thread_time() - began)

        monkeypatch.setattr(base_events.BaseEventLoop, "_run_once", measured)

    async def of(self, work: Callable[[], Awaitable[object]]) -> float:
        """The CPU seconds of the longest turn that ``work`` takes, whatever error of ours it ends with."""
        least = float("inf")
        for _ in range(TRIES):
            await asyncio.sleep(0)
            self.longest = 0.0
            with suppress(AiwatchError):
                await work()
            await asyncio.sleep(0)
            least = min(least, self.longest)
            if least < LONGEST_TURN:
                break
        return least


@pytest.fixture(name="turns")
def _turns(monkeypatch: pytest.MonkeyPatch) -> Iterator[Turns]:
    """The garbage collector looks as often as in the program, and what other tests left is put out of its sight.

    It stays there: with all that was frozen before in sight again, each look of the collector would take half a second.
    """
    turns = Turns()
    turns.watch(monkeypatch)
    gc.collect(1)
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    yield turns
    gc.set_threshold(*before)


def _filled(start: bytes, part: bytes, end: bytes = b"") -> bytes:
    """As much of ``part`` between ``start`` and ``end`` as an answer may have."""
    return start + part * ((BODY_LIMIT - len(start) - len(end)) // len(part)) + end


def _bars(count: int) -> bytes:
    """A right answer of Yahoo for `US` with so many bars each, as its ``chart`` sends them."""
    meta: dict[str, object] = {
        "currency": "USD",
        "regularMarketPrice": 100.5,
        "regularMarketTime": 1795413600,
        "previousClose": 100.0,
    }
    bars: dict[str, object] = {
        "timestamp": [1795413600] * count,
        "indicators": {"quote": [{"close": [100.51234] * count}]},
    }
    items = [{"symbol": str(symbol), "response": [{"meta": {"symbol": str(symbol), **meta}, **bars}]} for symbol in US]
    return json.dumps({"spark": {"result": items, "error": None}}).encode()


def _closes(count: int) -> bytes:
    """The other form of the same, without a close in it: every bar is looked at."""
    entry = {"timestamp": [1795413600] * count, "close": [None] * count, "chartPreviousClose": 100.0}
    return json.dumps({str(symbol): entry for symbol in US}).encode()


def _lines(form: str, fields: str, count: int) -> bytes:
    """So many lines of a host, one a symbol of `CHINA`, with as many fields as an answer has room for."""
    room = BODY_LIMIT // count - len(form) - 20
    return "".join(form % (number, number, fields * (room // len(fields))) for number in range(600000, 600000 + count))[
        :BODY_LIMIT
    ].encode()


@cache
def bodies() -> dict[str, bytes]:
    """The largest and the worst answers, each by its name."""
    return (
        MONSTERS
        | {name: body for name, body in grown(MIB).items() if name.startswith("d")}
        | {
            "bars": _bars(3_400),
            "closes": _closes(3_700),
            "entries": json.dumps({f"A{number}": {"close": [1]} for number in range(24_000)}).encode(),
            "keys": json.dumps(dict.fromkeys(map(str, range(80_000)), 1)).encode(),
            "rates": json.dumps(
                {"base": "USD", "date": "2026-11-20", "rates": {f"A{number:05}": 7.1 for number in range(50_000)}}
            ).encode(),
            "texts": _filled(b'{"quotes":["', b'","', b'"]}'),
            "escapes of JSON": _filled(b'{"a":"', rb"\u00e4", b'"}'),
            "a long name": _filled(
                b'{"spark":{"result":[{"symbol":"NVDA","response":[{"meta":{"symbol":"NVDA","longName":"',
                b"a ",
                b'"}}]}]}}',
            ),
            "a wide entry": json.dumps(
                {
                    "quoteResponse": {
                        "result": [{"symbol": "NVDA", **{f"k{number}": {} for number in range(45_000)}}],
                        "error": None,
                    }
                }
            ).encode(),
            "lines of Tencent": _lines('v_sh%06d="1~n~%06d~%s";\n', "1~", 800),
            "lines of Sina": _lines('var hq_str_sh%06d="n%d,%s";\n', "1,", 650),
            "none of Tencent": _filled(b"", b'v_pv_none_match="1";\n'),
            "lines without ends": _filled(b"", b'";v_'),
            "four bytes a character": _filled(b"", b"\x81\x30\x81\x30"),
            "half characters": _filled(b"", b"\x81\xff"),
            "hints": _filled(b'v_hint="', rb"sz~000001~\u5e73~payh~GP-A^", b'"'),
            "a hint's name": _filled(b'v_hint="sz~000001~', rb"\ud800", b'~payh~GP-A"'),
        }
    )


Asked = Callable[[HttpSource], Awaitable[object]]
HOSTS: dict[str, tuple[type[HttpSource], Asked]] = {
    "tencent": (Tencent, lambda source: source.fetch(CHINA)),  # type: ignore[attr-defined]
    "sina": (Sina, lambda source: source.fetch(CHINA[:650])),  # type: ignore[attr-defined]
    "yahoo": (Yahoo, lambda source: source.fetch(US)),  # type: ignore[attr-defined]
    "ecb": (Ecb, lambda source: source.fetch(RATES)),  # type: ignore[attr-defined]
    "search at Tencent": (TencentSearch, lambda source: source.find("abc")),  # type: ignore[attr-defined]
    "search at Yahoo": (YahooSearch, lambda source: source.find("abc")),  # type: ignore[attr-defined]
}


def _saying(body: bytes, status: int) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: httpx.Response(status, content=body))


@pytest.mark.parametrize("name", HOSTS)
async def test_no_answer_of_a_host_holds_the_loop(name: str, turns: Turns) -> None:
    kind, ask = HOSTS[name]
    for status in (200, 500):
        for label, body in bodies().items():
            transport = _saying(body[:BODY_LIMIT], status)
            async with kind(settings("http://host.test"), lambda: NOW, transport=transport) as source:
                longest = await turns.of(lambda source=source: ask(source))  # type: ignore[misc]
            assert longest < LONGEST_TURN, f"{label}, HTTP {status}"


async def test_no_answer_with_a_crumb_holds_the_loop(turns: Turns) -> None:
    for label, body in bodies().items():

        async def read(body: bytes = body) -> object:
            return yahoo_quote.parse(body, US, NOW, "host.test")

        assert await turns.of(read) < LONGEST_TURN, label


OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def _chunks(body: bytes, size: int) -> bytes:
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _flushed(count: int) -> bytes:
    """A byte at a time, each packed as a block of its own."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    blocks = [packer.compress(b"x") + packer.flush(zlib.Z_SYNC_FLUSH) for _ in range(count)]
    return b"".join(blocks) + packer.flush()


SENT: dict[str, Callable[[], bytes]] = {
    "chunks of a byte": lambda: CHUNKED + _chunks(b"x" * 100_000, 1),
    "chunks of a few bytes": lambda: CHUNKED + _chunks(b"x" * BODY_LIMIT, 16),
    "an error in chunks": lambda: b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n" + _chunks(b"x" * 100_000, 1),
    "words behind the size": lambda: CHUNKED + (b"1;" + b"a" * 200 + b"\r\nx\r\n") * 5_000 + b"0\r\n\r\n",
    "trailers": lambda: CHUNKED + b"0\r\n" + b"a: b\r\n" * 15_000 + b"\r\n",
    "early hints": lambda: b"HTTP/1.1 103 E\r\n\r\n" * 20_000 + OK + EMPTY,
    "go on": lambda: b"HTTP/1.1 100 C\r\n\r\n" * 20_000 + OK + EMPTY,
    "headers": lambda: OK + b"a: b\r\n" * 15_000 + EMPTY,
    "folded headers": lambda: OK + b"a: b\r\n" + b" b\r\n" * 20_000 + EMPTY,
    "cookies": lambda: OK + b"Set-Cookie: a=b; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT\r\n" * 350 + EMPTY,
    "codings": lambda: OK + b"Content-Encoding: " + b"gzip," * 4_000 + b"\r\n" + EMPTY,
    "silence": lambda: b"HTTP/1.1 429 X\r\nRetry-After: " + b"Mon, " * 4_000 + b"\r\n" + EMPTY,
    "elsewhere": lambda: b"HTTP/1.1 302 X\r\nLocation: http://" + b"a/" * 10_000 + b"\r\n" + EMPTY,
    "packed": lambda: OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(64 * BODY_LIMIT)),
    "packed a byte at a time": lambda: OK + b"Content-Encoding: gzip\r\n\r\n" + _flushed(60_000),
    "packed in chunks": lambda: (
        OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + _chunks(_flushed(20_000), 1)
    ),
}


@pytest.mark.parametrize("sent", SENT)
async def test_no_way_of_sending_holds_the_loop(sent: str, turns: Turns) -> None:
    answer = SENT[sent]()

    async def ask() -> None:
        async with (
            host_saying(answer) as address,
            Tencent(settings(address), lambda: NOW) as source,
            asyncio.timeout(20),
        ):
            turns.longest = 0.0  # opening a client is no answer
            await source.fetch(CHINA[:1])

    assert await turns.of(ask) < LONGEST_TURN


def _frame(payload: bytes, opcode: int = 1) -> bytes:
    """A whole frame of a WebSocket host (RFC 6455, 5.2)."""
    size = len(payload)
    lengths = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + lengths + payload


def _pricing(message: bytes) -> bytes:
    return b'{"type": "pricing", "message": "%s"}' % base64.b64encode(message)


FLOODS = {
    "nothing": _frame(b""),
    "a byte": _frame(b"x"),
    "pings": _frame(b"", 9),
    "pongs": _frame(b"", 10),
    "fragments": b"\x01\x00" + b"\x00\x00" * 3_000,
    "unknown fields": _frame(_pricing(b"\x80\x7e\x01" * 341)),
    "groups": _frame(_pricing(b"\x0b\x0c" * 500)),
    "texts": _frame(_pricing(b"\x6a\x00" * 500)),
    "long ones": _frame(_pricing(b"\x6a\x00" * 20_000)),
    "JSON": _frame(b"{" + b'"a":1,' * 9_000 + b'"b":1}'),
    "no base64": _frame(b"A" * 60_000 + b"!"),
}


class _Counts:
    """What the stream tells, counted."""

    def __init__(self) -> None:
        self.signs = 0
        self.enough = asyncio.Event()

    def opened(self) -> None:
        """Nothing to count."""

    def rested(self) -> None:
        """Nothing to count."""

    def heard(self, signs: int = 1) -> None:
        self.signs += signs

    def received(self, quotes: object) -> None:
        self.signs += 1

    def refused(self, refusal: object) -> None:
        self.signs += 1

    def fell_behind(self, superseded: int) -> None:
        self.signs += superseded

    def failed(self, error: SourceError, pause: float) -> None:
        self.enough.set()


@pytest.mark.parametrize("flood", FLOODS)
async def test_no_flood_of_the_stream_holds_the_loop(flood: str, turns: Turns) -> None:
    burst = FLOODS[flood] * max(2 * SLICE, 2**16 // len(FLOODS[flood]))

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(
            line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
        )
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %s\r\n\r\n" % accept
        )
        await writer.drain()
        turns.longest = 0.0  # opening a connection is no flood
        writer.write(burst)
        await writer.drain()

    async def follow() -> None:
        async with host(pour, after_head=False) as address:
            stream = YahooStream(StreamSettings(url=address.replace("http:", "ws:")), lambda: NOW)
            stream.follow(US)
            counts = _Counts()
            running = asyncio.create_task(stream.run(counts, lambda: True))
            async with asyncio.timeout(20):
                await counts.enough.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    assert await turns.of(follow) < LONGEST_TURN


def test_the_largest_answers_are_right_ones() -> None:
    for name in ("bars", "closes"):
        assert len(bodies()[name]) < BODY_LIMIT, name
    assert len(yahoo_spark.parse(bodies()["bars"], US, NOW, "host.test").quotes) == len(US)
