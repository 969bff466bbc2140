"""Reported spending as a run opens it, against the embedded exchange: the SEC, the worker and the file together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.config.settings import ReportSettings, Settings
from aiwatch.errors import Garbled, Refused, SourceError
from aiwatch.ledger.delivered.quarters import Report, Reports, companies, deliveries
from aiwatch.ledger.records import Ledger
from aiwatch.runtime.filings import may_ask
from aiwatch.runtime.hosts import pointed_at
from aiwatch.runtime.search import RunHistory
from aiwatch.simulator import ExchangeUrls
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange
from aiwatch.sources.sec import SecFacts
from tests.ledger.bundled import bundled_ledger

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
AMAZON, MICROSOFT = 1018724, 789019


def _now() -> datetime:
    return NOW


@pytest.fixture
def ledger() -> Ledger:
    return bundled_ledger()


async def test_a_demo_delivers_at_once_and_asks_each_host_for_its_own_companies(ledger: Ledger, tmp_path: Path) -> None:
    async with Exchange(universe=universe(1), clock=_now, anything=True) as exchange:
        history = RunHistory(Settings(), tmp_path / "history.sqlite3", _now, waits=True)
        async with history:
            history.use_exchange(exchange.urls)
            reports = await history.spending()
            assert await history.spending() is reports
            loaded = [report async for _, report in reports.load(companies(ledger)) if isinstance(report, Report)]
        assert exchange.tally("sec").requests.value == 5, "the list of numbers, then four companies"
    assert [report.problem for report in loaded] == [""] * 6
    everything = Reports({report.entity: report for report in loaded})
    results = {result.record.id: result for result in deliveries(ledger, everything)}
    guided = results["C011"]
    assert guided.is_over
    assert guided.percent is not None
    assert {part.entity: part.calendar for part in guided.parts} == {
        "E022": "fiscal year to December",
        "E023": "fiscal year to June",
        "E024": "fiscal year to December",
        "E025": "fiscal year to December",
    }
    alibaba = results["C014"].parts[0]
    assert {quarter.source for quarter in alibaba.quarters} == {"Yahoo"}
    assert set(alibaba.sums) == {"CNY"}
    assert results["C012"].missing == ("E026",), "who is not listed reports nothing"


async def test_the_sec_gets_the_name_of_whoever_asks() -> None:
    async with Exchange(universe=universe(1), clock=_now) as exchange:
        settings = ReportSettings(exchange.sec_url, "Jane Doe jane@example.org")
        async with SecFacts(settings, _now) as sec:
            amazon, microsoft = await sec.spending(AMAZON), await sec.spending(MICROSOFT)
        assert set(exchange.tally("sec").agents) == {"Jane Doe jane@example.org"}
    assert {quarter.tag for quarter in amazon} == {"PaymentsToAcquireProductiveAssets"}
    assert {quarter.ends.month for quarter in microsoft if quarter.fiscal_quarter == 4} == {6}
    assert amazon[-1].ends.isoformat() == "2026-09-30"
    assert all(Decimal(10**9) < quarter.amount < Decimal(10**11) for quarter in amazon)


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault(FaultKind.STATUS, status=403), Refused, "HTTP 403"),
        (Fault(FaultKind.UNKNOWN), Refused, "HTTP 404"),
        (Fault(FaultKind.HTML), Garbled, "not a file of company facts"),
        (Fault(FaultKind.HALF_LINE), Garbled, "not a file of company facts"),
        (Fault(FaultKind.EMPTY), Garbled, "not a file of company facts"),
        (Fault(FaultKind.CUT), SourceError, "cut short"),
        (Fault(FaultKind.REFUSE), SourceError, "no connection"),
    ],
)
async def test_a_failing_sec_is_named_with_what_to_do(fault: Fault, kind: type[SourceError], words: str) -> None:
    async with Exchange(universe=universe(1), clock=_now) as exchange:
        await exchange.fail("sec", fault)
        async with SecFacts(ReportSettings(exchange.sec_url), _now) as sec:
            with pytest.raises(kind, match=words) as raised:
                await sec.spending(AMAZON)
        assert raised.value.host in exchange.sec_url
        assert ("user_agent" in raised.value.hint) == (fault.status == 403 and fault.kind is FaultKind.STATUS)


def test_the_sec_itself_is_asked_by_name_alone() -> None:
    assert not may_ask(ReportSettings())
    assert may_ask(ReportSettings(user_agent="Jane Doe jane@example.org"))
    assert may_ask(replace(ReportSettings(), base_url="http://127.0.0.1:1"))
    exchange = "http://127.0.0.1:2"
    urls = ExchangeUrls(**dict.fromkeys(ExchangeUrls.__struct_fields__, exchange))
    assert pointed_at(Settings(), urls).sec.base_url == exchange
