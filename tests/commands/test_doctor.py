"""``aiwatch doctor`` on the embedded exchange: what it finds, what it advises, how it ends."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from aiwatch.commands import examination
from aiwatch.commands.examination import advice_for
from aiwatch.commands.group import commands
from aiwatch.commands.reading import utc_now
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.exchange.faults import Fault, FaultKind
from aiwatch.exchange.server import Exchange

HOSTS = ("tencent", "sina", "yahoo", "ecb")


async def ask(monkeypatch: pytest.MonkeyPatch, *words: str, faults: dict[str, Fault] | None = None) -> tuple[int, str]:
    """Run the doctor in a thread against an exchange with ``faults``; returns exit status and output."""
    async with Exchange() as exchange:
        for host, fault in (faults or {}).items():
            await exchange.fail(host, fault)
        for name in (*HOSTS, "stream"):
            monkeypatch.setenv(f"AIWATCH_{name.upper()}_URL", getattr(exchange.urls, name))
        result = await asyncio.to_thread(CliRunner().invoke, commands, ["doctor", *words])
    return result.exit_code, result.stdout


async def test_all_well(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = await ask(monkeypatch)
    assert status == 0
    for title in ("Tencent", "Sina", "Yahoo", "ECB", "Stream"):
        assert f"✓ {title} (127.0.0.1:" in text
    assert "Every market can be priced." in text
    assert "clock" not in text
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


@pytest.mark.parametrize(("hours", "words"), [(3, "ahead of"), (-3, "behind")])
async def test_a_clock_that_is_wrong_is_measured(monkeypatch: pytest.MonkeyPatch, hours: int, words: str) -> None:
    monkeypatch.setattr(examination, "utc_now", lambda: utc_now() + timedelta(hours=hours))
    _, text = await ask(monkeypatch)
    assert re.search(rf"This machine's clock is 3 h( 1 min)? {words} the hosts': set it", text)


async def test_a_stream_that_is_down_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = await ask(monkeypatch, faults={"stream": Fault(FaultKind.STATUS, status=403)})
    assert status == 0, "the markets are priced all the same"
    assert "✗ Stream" in text
    assert "HTTP 403" in text
    assert "try without VPN or proxy" in text


async def test_nothing_priced_ends_with_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    down = {host: Fault(FaultKind.STATUS, status=429) for host in HOSTS}
    status, text = await ask(monkeypatch, "--json", faults=down)
    assert status == 1
    told = json.loads(text)
    assert told["priced"] == []
    assert [source["connected"] for source in told["sources"]] == [False] * 4 + [True]
    assert any("429" in source["problem"] for source in told["sources"])
    assert all(source["advice"] for source in told["sources"] if not source["connected"])


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (Unreachable("h", "name not found: h"), "name server"),
        (Unreachable("h", "TLS: certificate verify failed"), "SSL_CERT_FILE"),
        (Unreachable("h", "TLS: wrong version number"), "does not speak TLS"),
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
