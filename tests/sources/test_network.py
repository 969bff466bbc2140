"""Names, certificates and proxies over real sockets, for the sources that are asked and for the stream."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from aiwatch.errors import Unreachable
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator.server import Exchange
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo_stream.connection import Dialer, Pace
from tests.simulator.clock import SteppingClock
from tests.sources.loopback import settings
from tests.sources.loopback_tls import NAME, STRANGER, TRUSTED, TlsFront, proxy_to, tls_front

ENVICOOL = parse_symbol("002837.SZ")
PACE = Pace(open_timeout=5)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(rate=0, clock=SteppingClock()) as exchange:
        yield exchange


async def price_at(base_url: str) -> float:
    """Envicool's price of the host at ``base_url``."""
    async with Tencent(settings(base_url), SteppingClock()) as source:
        return (await source.fetch([ENVICOOL])).quotes[0].last


async def dial(url: str) -> Dialer:
    """Open the stream at ``url`` and hang up."""
    dialer = Dialer(url, PACE)
    connection = await dialer.dial()
    await connection.close()
    return dialer


def simulated(exchange: Exchange) -> float:
    return exchange.market.stocks["002837.SZ"].last / 100


async def test_a_name_that_is_not_known_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def unknown(host: str | bytes, *_: Any, **__: Any) -> list[Any]:
        asked.append(host.decode() if isinstance(host, bytes) else host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    for address in (f"http://{NAME}", f"https://{NAME}"):
        with pytest.raises(Unreachable, match=rf"^name not found: {NAME}$"):
            await price_at(address)
    with pytest.raises(Unreachable, match=rf"^name not found: {NAME}$"):
        await dial(f"wss://{NAME}/?version=2")
    assert set(asked) == {NAME}


async def test_a_certificate_that_nobody_vouches_for_is_said_so(exchange: Exchange) -> None:
    async with tls_front(exchange.tencent_url, STRANGER) as front:
        with pytest.raises(Unreachable, match=r"^TLS: self.signed certificate"):
            await price_at(f"https://127.0.0.1:{front.port}")
    async with tls_front(exchange.stream_url, STRANGER) as front:
        with pytest.raises(Unreachable, match=r"^TLS: self.signed certificate"):
            await dial(f"wss://127.0.0.1:{front.port}/?version=2")


async def test_an_authority_of_ones_own_is_trusted(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TRUSTED))
    async with tls_front(exchange.tencent_url, TRUSTED) as front:
        assert await price_at(f"https://localhost:{front.port}") == simulated(exchange)
        front.show(STRANGER)
        with pytest.raises(Unreachable, match=r"^TLS: "):
            await price_at(f"https://localhost:{front.port}")
    async with tls_front(exchange.stream_url, TRUSTED) as front:
        await dial(f"wss://127.0.0.1:{front.port}/?version=2")


async def test_hosts_are_reached_through_the_proxy_of_the_environment(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TRUSTED))

    async def through(front: TlsFront, use: Any) -> list[bytes]:
        async with proxy_to(front.port) as (proxy, heads):
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            await use()
            return heads

    async with tls_front(exchange.tencent_url, TRUSTED) as front:
        heads = await through(front, lambda: price_at(f"https://{NAME}"))
    assert [head.split()[:2] for head in heads] == [[b"CONNECT", f"{NAME}:443".encode()]]
    async with tls_front(exchange.stream_url, TRUSTED) as front:
        heads = await through(front, lambda: dial(f"wss://{NAME}/?version=2"))
    assert [head.split()[:2] for head in heads] == [[b"CONNECT", f"{NAME}:443".encode()]]
    assert all(exchange.requests(name).value == 1 for name in ("tencent", "stream"))


async def test_a_proxy_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for use in (price_at(f"https://{NAME}"), dial(f"wss://{NAME}/")):
        with pytest.raises(Unreachable, match=r"^HTTPS_PROXY=http://127\.0\.0\.1:9: no connection to this proxy; "):
            await use
