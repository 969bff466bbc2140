"""The clients of filings over real sockets: what they ask, by what name, and what comes of a host that fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from aiwatch.config.settings import FilingSettings, ReportSettings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange
from aiwatch.sources.filings.cninfo import CninfoFilings
from aiwatch.sources.filings.hkex import HkexFilings
from aiwatch.sources.filings.sec import SecFilings

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
NVIDIA, ENVICOOL, TENCENT = map(parse_symbol, ("NVDA", "002837.SZ", "0700.HK"))


def _now() -> datetime:
    return NOW


def _sec(url: str, timeout: float = 5) -> SecFilings:
    settings = ReportSettings(url, "Jane Doe jane@example.org", timeout, url)
    return SecFilings(settings, _now, {"NVDA": 1045810})


def _cninfo(url: str, timeout: float = 5) -> CninfoFilings:
    return CninfoFilings(FilingSettings(url, timeout), _now)


def _hkex(url: str, timeout: float = 5) -> HkexFilings:
    return HkexFilings(FilingSettings(url, timeout), _now)


CLIENTS: dict[str, tuple[Callable[..., Any], Symbol]] = {
    "sec": (_sec, NVIDIA),
    "cninfo": (_cninfo, ENVICOOL),
    "hkex": (_hkex, TENCENT),
}
FAULTS: list[tuple[Fault, type[SourceError], str]] = [
    (Fault(FaultKind.STATUS, status=403), Refused, "HTTP 403"),
    (Fault(FaultKind.STATUS, status=429, retry_after="120"), RateLimited, "HTTP 429"),
    (Fault(FaultKind.UNKNOWN), Refused, "no company files under"),
    (Fault(FaultKind.HTML), Garbled, "cannot be read"),
    (Fault(FaultKind.GARBAGE), Garbled, "cannot be read"),
    (Fault(FaultKind.EMPTY), Garbled, "cannot be read"),
    (Fault(FaultKind.HALF_LINE), Garbled, "cannot be read"),
    (Fault(FaultKind.CUT), Unreachable, "cut short"),
    (Fault(FaultKind.REFUSE), Unreachable, "no connection"),
    (Fault(FaultKind.HANG), Unreachable, "time-out"),
]


async def test_each_host_is_asked_in_its_own_way() -> None:
    async with Exchange(universe=universe(1), clock=_now) as exchange:
        for name, (make, symbol) in CLIENTS.items():
            async with make(exchange.host(name).url) as client:
                page = await client.filings(symbol)
                assert page.filings, name
                assert page.refused == (), name
                before = exchange.requests(name).value
                await client.filings(symbol)
                assert exchange.requests(name).value == before + 1, f"{name}: the number is known"
        assert set(exchange.tally("sec").agents) == {"Jane Doe jane@example.org"}
        assert exchange.tally("sec").targets[0] == "/submissions/CIK0001045810.json"
        assert "stock=002837%2Csim002837" in exchange.tally("cninfo").targets[1]
        assert "fromDate=20251127&toDate=20261127" in exchange.tally("hkex").targets[1]


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_failing_host_is_named_with_the_reason(name: str) -> None:
    make, symbol = CLIENTS[name]
    async with Exchange(universe=universe(1), clock=_now) as exchange:
        url = exchange.host(name).url
        for fault, kind, words in FAULTS:
            await exchange.fail(name, fault)
            async with make(url, 0.5 if fault.kind is FaultKind.HANG else 5) as client:
                if (name, fault.kind) == ("sec", FaultKind.UNKNOWN):
                    symbol = parse_symbol("AMD")
                with pytest.raises(kind, match=words) as raised:
                    await client.filings(symbol)
            assert raised.value.host in url, fault
            if (name, fault.status) == ("sec", 403):
                assert "sources.sec.user_agent" in raised.value.hint
            await exchange.heal(name)


async def test_the_question_of_announcements_fails_as_a_whole_answer_does() -> None:
    """The second request of cninfo is a form, which goes another way than the first."""
    async with (
        Exchange(universe=universe(1), clock=_now) as exchange,
        _cninfo(exchange.host("cninfo").url) as client,
    ):
        await client.filings(ENVICOOL)
        for status, kind in ((403, Refused), (429, RateLimited), (503, Refused), (302, Refused)):
            await exchange.fail("cninfo", Fault(FaultKind.STATUS, status=status))
            with pytest.raises(kind, match=f"HTTP {status}"):
                await client.filings(ENVICOOL)
            await exchange.heal("cninfo")
