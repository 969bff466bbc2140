"""``aiwatch doctor`` on the embedded exchange: what it finds, what it advises, how it ends."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.commands.group import commands
from aiwatch.commands.upkeep import diagnosis
from aiwatch.commands.upkeep.diagnosis import advice_for
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.market.state import utc_now
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange

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
    assert "Holidays are known to 20" in text


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
    monkeypatch.setattr(diagnosis, "utc_now", lambda: utc_now() + timedelta(hours=hours))
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
    words = json.loads(text)
    assert words["priced"] == []
    assert [source["connected"] for source in words["sources"]] == [False] * 4 + [True]
    assert any("429" in source["problem"] for source in words["sources"])
    assert all(source["advice"] for source in words["sources"] if not source["connected"])


async def test_the_environment_is_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("no folder", encoding="utf-8")
    surrounding = {
        "https_proxy": "socks5://me:secret@127.0.0.1:1",
        "ALL_PROXY": "socks4://me:secret@127.0.0.1:1",
        "no_proxy": "10.0.0.0/99,fe80::/10",
        "SSL_CERT_FILE": "/no/such.pem",
        "TERM": "dumb",
        "LC_ALL": "zh_CN.GBK",
        "XDG_STATE_HOME": str(state),
    }
    for name in ("HTTPS_PROXY", "all_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in surrounding.items():
        monkeypatch.setenv(name, value)
    status, text = await ask(monkeypatch)
    assert status == 0, "the loopback is asked directly"
    assert "secret" not in text
    assert "https_proxy is set: socks5://127.0.0.1:1\n" in text
    for said in (
        "! ALL_PROXY=socks4://127.0.0.1:1: proxies of the kind 'socks4' are not supported; ",
        "! no_proxy=10.0.0.0/99,fe80::/10: '10.0.0.0/99' cannot be read and is passed over; ",
        "! SSL_CERT_FILE=/no/such.pem: there is no such file; ",
        "! TERM=dumb: ",
        "! LC_ALL=zh_CN.GBK: ",
        f"! state={state / 'aiwatch'}: {state} is no folder; ",
    ):
        assert said in text
    _, as_json = await ask(monkeypatch, "--json")
    assert "secret" not in as_json
    names = [problem["name"] for problem in json.loads(as_json)["problems"]]
    assert names == ["ALL_PROXY", "no_proxy", "SSL_CERT_FILE", "TERM", "LC_ALL", "state", "log"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (
            {"HTTPS_PROXY": "ftp://me:secret@h:1"},
            "HTTPS_PROXY=ftp://h:1: proxies of the kind 'ftp' are not supported; ",
        ),
        ({"HTTPS_PROXY": "http://me:secret"}, "HTTPS_PROXY=http://me:…: this is no address of a proxy; "),
        (
            {"ALL_PROXY": "socks5://me:secret@127.0.0.1:9"},
            "ALL_PROXY=socks5://127.0.0.1:9: no connection to this proxy; ",
        ),
        ({"SSL_CERT_FILE": "/no/such.pem"}, "SSL_CERT_FILE=/no/such.pem: there is no such file; "),
    ],
)
@pytest.mark.parametrize("command", [("quotes", "NVDA"), ("doctor",)])
def test_what_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str, command: tuple[str, ...]
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("TENCENT", "SINA", "YAHOO", "ECB"):
        monkeypatch.setenv(f"AIWATCH_{name}_URL", f"https://{name.lower()}.invalid")
    monkeypatch.setenv("AIWATCH_STREAM_URL", "wss://stream.invalid")
    for name, value in (environment | {"NO_PROXY": "a/b"}).items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(commands, command)
    assert isinstance(result.exception, SystemExit)
    assert said in result.output
    assert "secret" not in result.output
    assert "Traceback" not in result.output
    assert ("NO_PROXY=a/b: 'a/b' cannot be read" in result.output) is ("SSL_CERT_FILE" not in environment) or (
        command == ("doctor",)
    )


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
