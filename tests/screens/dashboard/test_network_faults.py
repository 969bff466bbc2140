"""The whole app on a network that knows no names, trusts no certificate, or gives out no crumb, until it does."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest

from aiwatch.config.settings import SourceSettings
from aiwatch.feed import backoff
from aiwatch.market.source_health import Condition
from aiwatch.market.state import Clock
from aiwatch.simulator import ExchangeUrls
from aiwatch.simulator.access import YahooPolicy
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.http_host import Host
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo.quote import YahooQuote
from tests.screens.live import Live, live
from tests.simulator.test_round_trip import plain
from tests.sources.loopback_tls import NAME, STRANGER, TRUSTED, TlsFront

TENCENT = ("tencent",)


async def check_down(app: Live, name: str, why: str) -> None:
    """The source is down, the screen says why, and a key is answered."""
    await app.stage.until(lambda: app.are(Condition.FAILING, name))
    await app.stage.settle()
    await app.check_alive()
    assert " down ✗" in app.status
    assert why in app.notices


async def check_well(app: Live) -> None:
    """The source answers, and the prices are the exchange's."""
    await app.heal()
    await app.stage.until(lambda: app.quote("002837.SZ") is not None and app.are(Condition.OK))
    await app.stage.settle()
    app.check_prices()
    assert app.stage.dashboard.notice.region.area == 0


async def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    look_up_there, listed = loop.getaddrinfo, False

    async def look_up(host: str | bytes, port: Any, **options: Any) -> Any:
        named = host in (NAME, NAME.encode())
        if named and not listed:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await look_up_there("127.0.0.1" if named else host, port, **options)

    def sources(urls: ExchangeUrls, clock: Clock) -> list[Tencent]:
        return [Tencent(SourceSettings(urls.tencent.replace("127.0.0.1", NAME), 1, 1), clock, transport=plain())]

    monkeypatch.setattr(loop, "getaddrinfo", look_up)
    async with live(hosts=TENCENT, sources=sources) as app:
        await check_down(app, "tencent", f"Tencent: name not found: {NAME}; ")
        assert not app.stage.dashboard.session.market.quotes
        listed = True
        await check_well(app)


async def test_a_certificate_that_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TRUSTED))
    async with TlsFront(STRANGER).open() as tls:

        def sources(urls: ExchangeUrls, clock: Clock) -> list[Tencent]:
            tls.lead_to(urls.tencent)
            return [Tencent(SourceSettings(f"https://127.0.0.1:{tls.port}", 1, 1), clock)]

        async with live(hosts=TENCENT, sources=sources) as app:
            await check_down(app, "tencent", "Tencent: TLS: self")
            assert not app.stage.dashboard.session.market.quotes
            tls.show(TRUSTED)
            await check_well(app)


async def test_a_crumb_that_asks_for_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "RATE_LIMIT_RESTS", (0.5,))
    monkeypatch.setattr("aiwatch.sources.yahoo.session.REFRESH_PAUSE", timedelta())

    def sources(urls: ExchangeUrls, clock: Clock) -> list[YahooQuote]:
        settings = SourceSettings(
            urls.yahoo, 1, 1, 10, True, dict.fromkeys(("cookie_url", "consent_url"), urls.yahoo_cookie)
        )
        return [YahooQuote(settings, clock, transport=plain())]

    async with live(hosts=("yahoo_quote",), sources=sources) as app:
        host = app.exchange.host("yahoo")
        assert isinstance(host, Host)
        assert isinstance(host.policy, YahooPolicy)
        await check_well(app)
        crumb, host.policy.crumb = host.policy.crumb, "Too Many Requests\r\n"
        await check_down(app, "yahoo_quote", "Yahoo quote: HTTP 200: Too Many Requests; ")
        crumbs = {target.partition("crumb=")[2] for target in app.exchange.tally("yahoo").targets}
        assert crumbs <= {"", quote_plus(crumb)}, "what asks for silence was never sent as a crumb"
        host.policy.crumb = crumb
        await check_well(app)


@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("ALL_PROXY", "socks5://me:secret@127.0.0.1:9", "socks5://127.0.0.1:9"),
        ("ALL_PROXY", "ftp://me:secret@h", "ftp://h"),
        ("SSL_CERT_FILE", "/no/such.pem", "/no/such.pem"),
    ],
)
async def test_an_environment_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, shown: str
) -> None:
    for name in ("https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv(variable, value)

    def sources(urls: ExchangeUrls, clock: Clock) -> list[Tencent]:
        return [Tencent(SourceSettings(f"https://{NAME}", interval=0.1, interval_closed=0.1), clock)]

    async with live(hosts=TENCENT, sources=sources) as app:
        await check_down(app, "tencent", f"Tencent: {variable}={shown}: ")


async def test_pressing_refresh_twice_overrides_silence() -> None:
    async with live(hosts=TENCENT) as app:
        await check_well(app)
        await app.fail(Fault(FaultKind.STATUS, status=429), "tencent")
        await app.stage.until(lambda: app.are(Condition.FAILING, "tencent"))
        asked = app.exchange.requests("tencent").value
        await app.stage.press("r")
        assert "Tencent asked for silence; press r or F5 again to ask all the same" in said(app)
        await app.stage.press("r")
        await app.stage.until(lambda: app.exchange.requests("tencent").value > asked)
        assert "Asking Tencent although silence was asked for" in said(app)


def said(app: Live) -> str:
    """What the notices say."""
    return " | ".join(app.stage.messages)
