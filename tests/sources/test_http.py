from __future__ import annotations

import asyncio
import gc
import gzip
import resource
import socket
import ssl
import time
import zlib
from functools import cache

import httpx
import pytest

from aiwatch import USER_AGENT
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut, Unreachable
from aiwatch.sources import http
from aiwatch.sources.http import HttpSource
from aiwatch.sources.http_errors import meaning_of, retry_after
from tests.sources.loopback import NOW, clock, host, host_saying, response, settings


async def ask(address: str, seconds: float = 5.0) -> bytes:
    async with HttpSource(settings(address, seconds), clock) as source:
        return await source.get("/x")


async def failure(address: str, kind: type[SourceError], seconds: float = 5.0) -> SourceError:
    with pytest.raises(kind) as caught:
        await ask(address, seconds)
    assert type(caught.value) is kind
    assert caught.value.host == address.removeprefix("http://")
    return caught.value


async def mocked(handler: httpx.MockTransport) -> bytes:
    async with HttpSource(settings("http://data.test:81"), clock, transport=handler) as source:
        return await source.get("/x", {"a": "b,c"})


async def test_it_says_who_asks_and_where() -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"yes")

    assert await mocked(httpx.MockTransport(handler)) == b"yes"
    (request,) = asked
    assert request.headers["User-Agent"] == USER_AGENT
    assert str(request.url) == "http://data.test:81/x?a=b%2Cc"


async def test_it_is_used_within_async_with_only() -> None:
    source = HttpSource(settings("http://data.test"), clock)
    with pytest.raises(RuntimeError, match="outside of 'async with'"):
        await source.get("/x")
    async with source:
        pass
    with pytest.raises(RuntimeError):
        await source.get("/x")


async def test_nothing_is_sent_before_it_is_asked() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"sent {request.url}")

    async with HttpSource(settings("http://data.test"), clock, transport=httpx.MockTransport(handler)):
        pass


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("", None), ("30", 30.0), ("Mon, 02 Mar 2026 17:01:30 GMT", 90.0), ("soon", None)],
)
async def test_too_many_requests_is_rate_limited(header: str, seconds: float | None) -> None:
    headers = [f"Retry-After: {header}"] if header else []
    async with host_saying(response(b"Edge: Too Many Requests", "429 Too Many Requests", *headers)) as address:
        error = await failure(address, RateLimited)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds
    assert str(error) == "HTTP 429: Edge: Too Many Requests"


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (500, b"", "HTTP 500"),
        (503, b"<html><style>p{}</style><p>Down \x1b[31m&\n here</p></html>", "HTTP 503: Down [31m& here"),
        (404, b'{"chart":{"error":{"code":"Not Found","description":"No data"}}}', "HTTP 404: Not Found: No data"),
        (403, b"Forbidden", "HTTP 403: Forbidden"),
        (302, b"", "HTTP 302"),
        (999, b"x" * 500, "HTTP 999: " + "x" * 79 + "…"),
    ],
)
async def test_an_error_status_is_refused_with_its_meaning(status: int, body: bytes, message: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body, headers={"Location": "http://elsewhere.test/"})

    with pytest.raises(Refused) as caught:
        await mocked(httpx.MockTransport(handler))
    assert (str(caught.value), caught.value.status, caught.value.host) == (message, status, "data.test:81")


async def test_an_error_status_is_heard_even_when_its_body_is_cut() -> None:
    async with host_saying(response(b"half", "500 Oops", length=900)) as address:
        error = await failure(address, Refused)
    assert str(error) == "HTTP 500"


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (response(b"half", length=900), Unreachable, "the answer was cut short"),
        (b"", Unreachable, "the answer was cut short"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Unreachable, "the answer was cut short"),
        (b"\x00\x01 what is this\r\n\r\n", Garbled, "an answer that is not HTTP"),
        (response(b"not gzip", "200 OK", "Content-Encoding: gzip"), Garbled, "an answer that cannot be unpacked"),
    ],
)
async def test_a_broken_answer_is_named(answer: bytes, kind: type[SourceError], message: str) -> None:
    async with host_saying(answer) as address:
        assert str(await failure(address, kind)) == message


async def test_an_answer_that_never_comes_times_out() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with host(hang) as address:
        assert str(await failure(address, TimedOut, seconds=0.1)) == "time-out after 0.1 s"


async def test_a_slow_drip_times_out_as_a_whole() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        gone = asyncio.ensure_future(reader.read())
        for _ in range(100):
            writer.write(b"x")
            await asyncio.wait([gone], timeout=0.02)
            if gone.done():
                break

    async with host(drip) as address:
        assert str(await failure(address, TimedOut, seconds=0.2)) == "time-out after 0.2 s"


async def test_a_closed_port_is_no_connection() -> None:
    async with host_saying(b"") as address:
        pass
    error = await failure(address, Unreachable)
    assert str(error) == f"no connection to {address.removeprefix('http://')}"


async def test_talking_tls_to_a_host_that_does_not_is_a_tls_error() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"speak plainly", "400 Bad Request"))
        await writer.drain()
        await reader.read()

    async with host(plain, after_head=False) as address:
        with pytest.raises(Unreachable, match="TLS: ") as caught:
            await ask(address.replace("http:", "https:"))
    assert caught.value.host == address.removeprefix("http://")


def broken(error: Exception, cause: Exception | None = None) -> httpx.MockTransport:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error from cause

    return httpx.MockTransport(handler)


@pytest.mark.parametrize(
    ("error", "cause", "message"),
    [
        (httpx.ConnectError("-2"), socket.gaierror(-2, "no such name"), "name not found: data.test"),
        (httpx.ConnectError("refused"), OSError(111, "refused"), "no connection to data.test:81"),
        (httpx.ConnectError("tls"), ssl.SSLCertVerificationError(1, "bad"), "TLS: the certificate is not trusted"),
        (httpx.ReadError("reset"), None, "the answer was cut short"),
        (httpx.WriteError("reset"), None, "connection lost: reset"),
        (httpx.ProxyError("407 no"), None, "the proxy refused: 407 no"),
        (httpx.ReadTimeout("late"), None, "time-out after 5 s"),
        (httpx.ConnectTimeout("late"), None, "time-out after 5 s"),
        (ConnectionResetError(104, "reset by peer"), None, "connection lost: [Errno 104] reset by peer"),
    ],
)
async def test_every_failure_of_the_network_is_said_in_plain_words(
    error: Exception, cause: Exception | None, message: str
) -> None:
    with pytest.raises(Unreachable) as caught:
        await mocked(broken(error, cause))
    assert (str(caught.value), caught.value.host) == (message, "data.test:81")


BAD = ["", "ftp://data.test", "nonsense", "http://data.test:99999", "http://[bad", "http://", "http://a b/"]


@pytest.mark.parametrize("address", BAD)
async def test_a_base_url_that_is_none_is_said_so(address: str) -> None:
    with pytest.raises(Unreachable) as caught:
        await ask(address)
    assert str(caught.value) == f"not an address: {address}"
    assert "base_url" in caught.value.hint


def test_the_host_of_errors_has_no_password() -> None:
    assert HttpSource(settings("http://me:secret@data.test:81/path"), clock).host == "data.test:81"


async def test_an_endless_answer_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.HttpSource, "body_limit", 1000)
    bomb = gzip.compress(b"x" * 50_000, mtime=0)
    async with host_saying(response(bomb, "200 OK", "Content-Encoding: gzip")) as address:
        assert "an answer of more than" in str(await failure(address, Garbled))


async def test_a_loopback_host_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with host_saying(response(b"the proxy", "418 Proxy")) as proxy, host_saying(response(b"direct")) as address:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert await ask(address) == b"direct"
        with pytest.raises(Refused, match="HTTP 418"):
            await ask("http://data.invalid")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("-5", None),
        ("1e3", None),
        ("3601", 3600.0),
        ("9" * 10, 3600.0),
        ("9" * 5000, 3600.0),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("１２０", None),
        ("soon", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 3600.0),
        ("Sat, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("Mon, 02 Mar 2026 16:00:00 GMT", 0.0),
        ("Mon, 02 Mar 2026 17:00:10 -0000", 10.0),
        ("Mon, 99 Mar 2026 17:00:10 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text, NOW) == seconds


def test_the_meaning_of_a_body_is_one_short_line() -> None:
    assert meaning_of(b'{"finance":{"result":null,"error":{"code":"A","description":"B\\u001b"}}}') == "A: B"
    assert meaning_of(b"[" * 100_000)[:3] == "[[["
    assert meaning_of(b"\xff\x00 no") == "\ufffd no"


@cache
def _packed(times: int, mebibytes: int = 100) -> bytes:
    """Zeros, packed ``times`` over: more than the memory that an answer may take."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(packer.compress(bytes(2**20)) for _ in range(mebibytes)) + packer.flush()
    for _ in range(times - 1):
        body = gzip.compress(body, 9, mtime=0)
    return body


@pytest.mark.parametrize("status", ["200 OK", "500 Fault"])
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_what_a_packed_answer_takes_is_bounded(times: int, status: str) -> None:
    body = await asyncio.to_thread(_packed, times)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with host_saying(response(body, status, "Content-Encoding: " + ", ".join(["gzip"] * times))) as address:
        with pytest.raises(SourceError):
            await ask(address)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize(
    "coding", ["gzip, gzip", "zstd", "br", "foo", "gzip, identity, deflate", ", ".join(["gzip"] * 500)]
)
async def test_a_coding_that_was_not_asked_for_is_refused(coding: str) -> None:
    async with host_saying(
        response(gzip.compress(b"yes", mtime=0), "200 OK", f"Content-Encoding: {coding}")
    ) as address:
        assert "cannot be unpacked" in str(await failure(address, Garbled))


@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(b"yes" * 99, mtime=0)[:-12], b"\x1f\x8b"])
async def test_a_body_that_is_not_packed_as_it_says_is_refused(body: bytes) -> None:
    async with host_saying(response(body, "200 OK", "Content-Encoding: gzip")) as address:
        assert "cannot be unpacked" in str(await failure(address, Garbled))


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("", b"yes"),
        ("identity", b"yes"),
        ("gzip", gzip.compress(b"yes", mtime=0)),
        ("X-GZIP", gzip.compress(b"yes", mtime=0)),
        ("deflate", zlib.compress(b"yes")),
        ("deflate", zlib.compress(b"yes")[2:-4]),
    ],
)
async def test_one_coding_is_unpacked(coding: str, body: bytes) -> None:
    async with host_saying(response(body, "200 OK", f"Content-Encoding: {coding}")) as address:
        assert await ask(address) == b"yes"


@pytest.mark.parametrize("unit", [b"<", b"<script>", b"<style><", b"</script", b"<a>", b"<script></script>", b"  <!--"])
def test_the_meaning_of_a_long_body_is_seen_in_a_moment(unit: bytes) -> None:
    began = time.process_time()
    meaning_of(unit * (2**20 // len(unit)))
    assert time.process_time() - began < 0.05
    assert meaning_of(b"<p>down<script>var a = 1 < 2;</script> for <b>now</b>") == "down for now"


async def test_a_failure_that_nobody_waits_for_is_not_printed(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever asks is cancelled in the moment in which the request fails."""
    source = HttpSource(settings("http://127.0.0.1:9"), lambda: NOW)

    async def fail() -> bytes:
        raise httpx.ConnectError("refused")

    asking = asyncio.create_task(source._in_time(fail(), "http://127.0.0.1:9"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    del asking
    gc.collect(0)  # what has just been made lies there; all that other tests left would take seconds
    await asyncio.sleep(0)
    assert "never retrieved" not in caplog.text
