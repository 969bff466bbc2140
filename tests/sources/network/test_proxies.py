"""Requests and the stream through proxies over real sockets, and every way in which a proxy fails."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from aiwatch.errors import TimedOut, Unreachable
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator.server import Exchange
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo_stream.connection import Dialer, Pace
from tests.simulator.clock import SteppingClock
from tests.sources.loopback import host, settings
from tests.sources.loopback_tls import NAME, TRUSTED, tls_front
from tests.sources.network.loopback_proxy import loopback_proxy

LOGIN, WRITTEN = "me:p@ss:w/rd", "me:p%40ss%3Aw%2Frd"
SECRETS = ("p@ss", "p%40ss", "w/rd", "w%2Frd", "me:")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ws_proxy", "wss_proxy", "socks_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(TRUSTED))


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(rate=0, clock=SteppingClock()) as exchange:
        yield exchange


async def fetch(base_url: str, seconds: float = 5.0) -> None:
    """Ask the host at ``base_url`` for a price."""
    async with Tencent(settings(base_url, seconds), SteppingClock()) as source:
        assert (await source.fetch([parse_symbol("002837.SZ")])).quotes


async def dial(url: str, seconds: float = 5.0) -> None:
    """Open the stream at ``url`` and hang up."""
    connection = await Dialer(url, Pace(open_timeout=seconds)).dial()
    await connection.close()


Use = Callable[[str, float], Awaitable[None]]
BOTH: list[tuple[Use, str]] = [(fetch, f"https://{NAME}"), (dial, f"wss://{NAME}/?version=2")]


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h", "socks", ""])
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "all_proxy"])
async def test_sources_and_stream_go_through_the_proxy(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, scheme: str, variable: str
) -> None:
    for (use, url), target in zip(BOTH, (exchange.tencent_url, exchange.stream_url), strict=True):
        async with tls_front(target, TRUSTED) as front, loopback_proxy(front.port) as proxy:
            monkeypatch.setenv(variable, proxy.url(scheme) if scheme else f"127.0.0.1:{proxy.port}")
            await use(url, 5.0)
            assert proxy.asked == [f"{NAME}:443"]
    assert all(exchange.requests(name).value == 1 for name in ("tencent", "stream"))


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_plain_addresses_go_through_it_too(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    async with loopback_proxy(urlsplit(exchange.stream_url).port or 0) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url(scheme))
        await dial(f"ws://{NAME}:8080/?version=2")
        assert proxy.asked == [f"{NAME}:8080"]


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize(("use", "url"), BOTH)
async def test_a_password_reaches_the_proxy_and_nobody_else(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, scheme: str, use: Use, url: str
) -> None:
    target = exchange.tencent_url if use is fetch else exchange.stream_url
    async with tls_front(target, TRUSTED) as front, loopback_proxy(front.port) as proxy:
        proxy.login = LOGIN
        monkeypatch.setenv("HTTPS_PROXY", proxy.url(scheme, WRITTEN))
        await use(url, 5.0)
        assert proxy.logins == [LOGIN]
        for wrong in ("me:w%2Frd%40", ""):
            monkeypatch.setenv("HTTPS_PROXY", proxy.url(scheme, wrong))
            with pytest.raises(Unreachable) as caught:
                await use(url, 5.0)
            shown = f"HTTPS_PROXY={proxy.url(scheme)}: "
            assert str(caught.value).startswith(f"{shown}this proxy wants another user name and password")
            assert not any(secret in f"{caught.value} {caught.value.hint}" for secret in SECRETS)


@pytest.mark.parametrize("exempt", [NAME, "invalid", ".invalid", f"*.x,{NAME}:443", "*", f"fe80::/10, {NAME}"])
@pytest.mark.parametrize(("use", "url"), BOTH)
async def test_hosts_of_no_proxy_are_asked_directly(
    monkeypatch: pytest.MonkeyPatch, exempt: str, use: Use, url: str
) -> None:
    async def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with loopback_proxy(9) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url("socks5"))
        monkeypatch.setenv("no_proxy", exempt)
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
        with pytest.raises(Unreachable, match=rf"^name not found: {NAME}$"):
            await use(url, 5.0)
        assert proxy.asked == []


ANSWERS = {
    b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n": ("http", "wants another user name and password"),
    b"HTTP/1.1 403 \x1b]0;No\x07\r\nContent-Length: 0\r\n\r\n": ("http", "this proxy refused|no HTTP proxy"),
    b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n": ("http", "this proxy refused"),
    b"HTTP/1.1 abc\r\n\r\n": ("http", "no HTTP proxy"),
    b"SSH-2.0-OpenSSH_9.9\r\n\r\n": ("http", "no HTTP proxy"),
    b"\x00\xff" * 50 + b"\r\n\r\n": ("http", "no HTTP proxy"),
    b"": ("", "was cut|no SOCKS 5 proxy|no HTTP proxy"),
    b"HTTP/1.1 400 Bad Request\r\n\r\n": ("socks5", "no SOCKS 5 proxy|refused"),
    b"\x05": ("socks5", "no SOCKS 5 proxy|was cut"),
    b"\x05\xff": ("socks5", "wants another user name"),
    b"\x05\x07": ("socks5", "no SOCKS 5 proxy|wants another user name"),
    b"\x04\x5b\x00\x00\x00\x00\x00\x00": ("socks5", "no SOCKS 5 proxy|refused"),
    b"\x05\x00\x05\x01\x00\x01\x00\x00\x00\x00\x00\x00": ("socks5", "refused|no SOCKS 5 proxy"),
    b"\x05\x00\x05\xee\x00\x09\x00\x00\x00\x00\x00\x00": ("socks5", "refused|no SOCKS 5 proxy"),
    b"\x05\x02\x01\x01": ("socks5", "wants another user name|no SOCKS 5 proxy"),
}
"""What a proxy that is none, or not for us, may say; in which language it is asked; and what is then said of it."""


@pytest.mark.parametrize(("use", "url"), BOTH)
async def test_whatever_a_proxy_answers_is_one_line_about_it(
    monkeypatch: pytest.MonkeyPatch, use: Use, url: str
) -> None:
    for answer, (language, said) in ANSWERS.items():

        async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bytes = answer) -> None:
            await reader.read(3)
            writer.write(answer)

        for scheme in [language] if language else ["http", "socks5"]:
            async with host(say, after_head=False) as address:
                place = address.partition("://")[2]
                monkeypatch.setenv("ALL_PROXY", f"{scheme}://{WRITTEN}@{place}")
                with pytest.raises(Unreachable, match=said) as caught:
                    await use(url, 5.0)
            text = str(caught.value)
            assert text.startswith(f"ALL_PROXY={scheme}://{place}: "), (answer, text)
            assert text.isprintable()
            assert not any(secret in text for secret in SECRETS)
            assert "ALL_PROXY" in caught.value.hint


@pytest.mark.parametrize("scheme", ["http", "socks5", "https"])
@pytest.mark.parametrize(("use", "url"), BOTH)
async def test_a_proxy_that_hangs_or_is_not_there(
    monkeypatch: pytest.MonkeyPatch, scheme: str, use: Use, url: str
) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with host(hang, after_head=False) as address:
        place = address.partition("://")[2]
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://{place}")
        with pytest.raises(
            TimedOut, match=rf"^HTTPS_PROXY={scheme}://{place}: no answer through this proxy in 0\.1 s;"
        ):
            await use(url, 0.1)
    with pytest.raises(Unreachable, match=rf"^HTTPS_PROXY={scheme}://{place}: no connection to this proxy; start it"):
        await use(url, 5.0)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize(("use", "url"), BOTH)
async def test_a_proxy_whose_name_nobody_knows(
    monkeypatch: pytest.MonkeyPatch, scheme: str, use: Use, url: str
) -> None:
    async def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://me:secret@proxy.invalid:1")
    said = rf"^HTTPS_PROXY={scheme}://proxy\.invalid:1: (the name of this proxy is not found|no connection)"
    with pytest.raises(Unreachable, match=said):
        await use(url, 5.0)


async def test_the_stream_follows_nobody_who_sends_it_elsewhere() -> None:
    visited: list[str] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visited.append("elsewhere")

    async with host(elsewhere) as second:
        for target in (second.replace("http", "ws"), "/stolen", "wss://other.invalid/", "http://[", "\x1b]0;x\x07"):

            async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: str = target) -> None:
                visited.append("host")
                writer.write(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())

            async with host(redirect) as address:
                with pytest.raises(Exception, match=r"^HTTP 302: it sends the stream elsewhere|no WebSocket"):
                    await dial(address.replace("http", "ws"))
    assert "elsewhere" not in visited
    assert len(visited) == 5
