"""``aiwatch doctor`` on the embedded exchange: what it finds, what it advises, how it ends."""

from __future__ import annotations

import asyncio
import json

import pytest
from click.testing import CliRunner

from aiwatch.commands.doctor import advice_for
from aiwatch.commands.group import commands
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.exchange.faults import Fault, FaultKind
from aiwatch.exchange.server import Exchange

HOSTS = ("tencent", "yahoo")


async def ask(monkeypatch: pytest.MonkeyPatch, *words: str, faults: dict[str, Fault] | None = None) -> tuple[int, str]:
    """Run the doctor in a thread against an exchange with ``faults``; returns exit status and output."""
    async with Exchange() as exchange:
        for host, fault in (faults or {}).items():
            await exchange.fail(host, fault)
        monkeypatch.setenv("AIWATCH_TENCENT_URL", exchange.tencent_url)
        monkeypatch.setenv("AIWATCH_YAHOO_URL", exchange.yahoo_url)
        result = await asyncio.to_thread(CliRunner().invoke, commands, ["doctor", *words])
    return result.exit_code, result.stdout


async def test_all_well(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = await ask(monkeypatch)
    assert status == 0
    assert "✓ Tencent" in text
    assert "✓ Yahoo" in text
    assert "Holidays are not known yet" in text


async def test_one_source_down_is_explained_and_the_other_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = await ask(monkeypatch, faults={"tencent": Fault(FaultKind.STATUS, status=403)})
    assert status == 0
    assert "✗ Tencent" in text
    assert "HTTP 403" in text
    assert "try without VPN or proxy" in text


async def test_a_clock_that_is_behind_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = await ask(monkeypatch, faults={"tencent": Fault(FaultKind.FUTURE, symbol="*")})
    assert "clock is behind" in text


async def test_nothing_priced_ends_with_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    down = {host: Fault(FaultKind.STATUS, status=429) for host in HOSTS}
    monkeypatch.setenv("AIWATCH_SINA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AIWATCH_ECB_URL", "http://127.0.0.1:9")
    status, text = await ask(monkeypatch, "--json", faults=down)
    assert status == 1
    told = json.loads(text)
    assert told["priced"] == []
    assert any("429" in source["problem"] for source in told["sources"])
    assert all(source["advice"] for source in told["sources"])


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (Unreachable("h", "name not found: h"), "name server"),
        (Unreachable("h", "TLS: certificate verify failed"), "SSL_CERT_FILE"),
        (Unreachable("h", "time-out after 10 s"), "network"),
        (RateLimited("h", "HTTP 429"), "quarter of an hour"),
        (Refused("h", "HTTP 500", status=500), "fault of its own"),
        (Garbled("h", "a web page instead of data"), "log-in page"),
        (SourceError("h", "odd", hint="Do this."), "Do this."),
    ],
)
def test_every_failure_has_advice(error: SourceError, word: str) -> None:
    assert word in advice_for(error, {})


def test_a_proxy_is_named_as_suspect() -> None:
    assert "proxy" in advice_for(Unreachable("h", "no connection to h:443"), {"HTTPS_PROXY": "http://p:1"})
