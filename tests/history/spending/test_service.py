"""What companies report to have spent: asked once a day, of the SEC first, then of Yahoo; failures are sentences."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from aiwatch.errors import Refused, SourceError, Unreachable
from aiwatch.history.spending.cache import ReportCache
from aiwatch.history.spending.service import FRESH, PATIENCE, UNNAMED, SpendingReports
from aiwatch.history.spending.yahoo_quarters import fiscal_place, quarters_of
from aiwatch.history.worker.messages import CashFlowAnswer
from aiwatch.history.worker.messages import Quarter as Sent
from aiwatch.history.worker_questions import Answered
from aiwatch.ledger.delivered.quarters import Quarter, Report
from aiwatch.ledger.records import Entity, Mark
from aiwatch.market.symbol import Symbol

BY_SEC = Quarter(date(2025, 1, 1), date(2025, 3, 31), Decimal(10), "USD", 2025, 1, "SEC company facts", "Tag")
FLOW = CashFlowAnswer("CNY", [Sent(date(2025, 6, 30), 9.0, -7.0, 2.0)], date(2025, 3, 31))
AMERICAN = Entity("E1", "Acme", "company", Mark.YOURS, symbols=("ACME",), cik=7)
CHINESE = Entity("E2", "Zhong", "company", Mark.YOURS, symbols=("0700.HK",))


class Hosts:
    """Answers for both hosts, and keeps who was asked; an error set is raised or said instead."""

    def __init__(self, path: Path) -> None:
        self.now = datetime(2026, 11, 27, tzinfo=UTC)
        self.asked: list[str] = []
        self.sec_error: SourceError | None = None
        self.yahoo_problem = ""
        self._path = path

    async def number(self, symbol: Symbol) -> int:
        self.asked.append(f"number of {symbol}")
        if self.sec_error is not None:
            raise self.sec_error
        return 9

    async def spending(self, cik: int) -> tuple[Quarter, ...]:
        self.asked.append(f"sec {cik}")
        if self.sec_error is not None:
            raise self.sec_error
        return (BY_SEC,)

    async def cash_flow(self, symbol: Symbol) -> Answered[CashFlowAnswer]:
        self.asked.append(f"yahoo {symbol}")
        return Answered(problem=self.yahoo_problem) if self.yahoo_problem else Answered(FLOW)

    def reports(self, *, named: bool = True) -> SpendingReports:
        """As a run of the program has them."""
        return SpendingReports(
            self if named else None, self.cash_flow, ReportCache(self._path, Report), lambda: self.now
        )


@pytest.fixture
def hosts(tmp_path: Path) -> Hosts:
    return Hosts(tmp_path / "cache" / "reports.msgpack")


async def _all(steps: AsyncIterator[tuple[Entity, Report | None]]) -> list[Report]:
    return [report async for _, report in steps if report is not None]


async def test_the_sec_is_asked_for_whoever_has_a_number_there_and_yahoo_for_the_others(hosts: Hosts) -> None:
    steps = [(company.id, report) async for company, report in hosts.reports().load((AMERICAN, CHINESE))]
    assert [(id, report is None) for id, report in steps] == [("E1", True), ("E1", False), ("E2", True), ("E2", False)]
    assert hosts.asked == ["sec 7", "yahoo 0700.HK"]
    american, chinese = (report for _, report in steps if report is not None)
    assert (american.quarters, american.as_of, american.problem) == ((BY_SEC,), hosts.now, "")
    quarter = chinese.quarters[0]
    assert (quarter.amount, quarter.currency, quarter.source) == (Decimal(7), "CNY", "Yahoo")
    assert (quarter.starts, quarter.fiscal_year, quarter.fiscal_quarter) == (date(2025, 4, 1), 2026, 1)


@pytest.mark.parametrize(
    ("company", "asked"),
    [
        (Entity("E3", "Unnumbered", "company", Mark.YOURS, symbols=("UNO",)), ["number of UNO", "sec 9"]),
        (Entity("E4", "Both", "company", Mark.YOURS, symbols=("9988.HK", "BABA")), ["yahoo 9988.HK"]),
        (Entity("E5", "Private", "company", Mark.YOURS), []),
    ],
    ids=["American", "abroad", "not listed"],
)
async def test_a_company_without_a_number_is_looked_up_where_its_main_listing_is_american(
    hosts: Hosts, company: Entity, asked: list[str]
) -> None:
    await _all(hosts.reports().load((company,)))
    assert hosts.asked == asked


async def test_a_list_of_numbers_that_fails_is_named_and_yahoo_stands_in(hosts: Hosts) -> None:
    hosts.sec_error = Unreachable("www.sec.gov", "no connection")
    (report,) = await _all(hosts.reports().load((Entity("E3", "U", "company", Mark.YOURS, symbols=("UNO",)),)))
    assert (report.problem, report.quarters[0].source) == ("www.sec.gov: no connection", "Yahoo")


async def test_what_is_new_enough_is_asked_for_by_no_run(hosts: Hosts) -> None:
    await _all(hosts.reports().load((AMERICAN,)))
    hosts.now += FRESH - timedelta(minutes=1)
    (again,) = await _all(hosts.reports().load((AMERICAN,)))
    assert again.quarters == (BY_SEC,)
    assert await hosts.reports().kept((AMERICAN, CHINESE)) == (again,)
    assert hosts.asked == ["sec 7"]
    hosts.now += timedelta(minutes=2)
    await _all(hosts.reports().load((AMERICAN,)))
    assert hosts.asked == ["sec 7", "sec 7"]


async def test_yahoo_stands_in_for_the_sec_and_it_is_said_why(hosts: Hosts) -> None:
    hosts.sec_error = Refused("data.sec.gov", "HTTP 403", status=403, hint="Say who you are.")
    (report,) = await _all(hosts.reports().load((AMERICAN,)))
    assert report.quarters[0].source == "Yahoo"
    assert report.problem == "data.sec.gov: HTTP 403 (Say who you are.)"
    hosts.now += FRESH
    (report,) = await _all(hosts.reports(named=False).load((AMERICAN,)))
    assert report.problem == UNNAMED
    assert hosts.asked == ["sec 7", "yahoo ACME", "yahoo ACME"]


async def test_a_failure_keeps_what_was_known_and_is_not_repeated_at_once(hosts: Hosts) -> None:
    await _all(hosts.reports().load((AMERICAN,)))
    hosts.now += FRESH
    hosts.sec_error, hosts.yahoo_problem = Unreachable("data.sec.gov", "no connection"), "Yahoo: no connection"
    reports = hosts.reports()
    (report,) = await _all(reports.load((AMERICAN,)))
    assert report.quarters == (BY_SEC,)
    assert report.as_of == hosts.now - FRESH
    assert report.problem == "data.sec.gov: no connection; Yahoo: no connection"
    asked = len(hosts.asked)
    assert await _all(reports.load((AMERICAN,))) == [report]
    assert len(hosts.asked) == asked
    hosts.now += PATIENCE
    hosts.sec_error = None
    (report,) = await _all(reports.load((AMERICAN,)))
    assert (report.problem, report.as_of) == ("", hosts.now)


async def test_a_company_that_nobody_knows_has_no_figure_and_a_reason(hosts: Hosts) -> None:
    hosts.yahoo_problem = "Yahoo: no such symbol"
    (report,) = await _all(hosts.reports().load((CHINESE,)))
    assert (report.quarters, report.problem) == ((), "Yahoo: no such symbol")


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x91\x93\xa1k\xc4\x01x\xc4\x01y"])
async def test_a_cache_that_is_not_what_was_written_is_asked_for_anew(
    hosts: Hosts, tmp_path: Path, damage: bytes
) -> None:
    path = tmp_path / "cache" / "reports.msgpack"
    await _all(hosts.reports().load((AMERICAN,)))
    whole = path.read_bytes()
    path.write_bytes(damage or whole.replace(b"2025-03-31", b"2025-03-30"))
    await _all(hosts.reports().load((AMERICAN,)))
    assert hosts.asked == ["sec 7", "sec 7"]


@pytest.mark.parametrize("as_of", ["2026-11-27T08:00:00", "9999-12-31T23:00:00Z", "0001-01-01T00:00:00Z", "soon"])
async def test_a_kept_report_without_a_zone_or_of_no_such_time_is_asked_for_anew(
    hosts: Hosts, tmp_path: Path, as_of: str
) -> None:
    """The checksum is right: somebody else wrote the file."""
    await _all(hosts.reports().load((AMERICAN,)))
    cache = ReportCache(tmp_path / "cache" / "reports.msgpack", Report)
    [key] = await asyncio.to_thread(cache.read)
    spoiled = {"entity": "E1", "quarters": [], "as_of": as_of, "problem": ""}
    await asyncio.to_thread(cache.write, {key: spoiled})  # type: ignore[dict-item]
    (report,) = await _all(hosts.reports().load((AMERICAN,)))
    assert report.quarters == (BY_SEC,)
    assert hosts.asked == ["sec 7", "sec 7"]


@pytest.mark.parametrize(
    ("end", "year_end", "place"),
    [
        (date(2025, 6, 30), date(2025, 3, 31), (2026, 1)),
        (date(2025, 3, 31), date(2025, 3, 31), (2025, 4)),
        (date(2024, 12, 31), date(2025, 12, 31), (2024, 4)),
        (date(2025, 9, 30), date(2024, 12, 31), (2025, 3)),
        (date(2025, 10, 26), date(2026, 1, 25), (2026, 3)),
        (date(2025, 9, 27), date(2025, 9, 27), (2025, 4)),
        (date(2026, 1, 3), date(2026, 1, 3), (2025, 4)),
        (date(2025, 5, 31), date(2025, 3, 31), (None, None)),
        (date(2025, 6, 30), None, (None, None)),
    ],
)
def test_a_quarter_has_its_place_in_the_companys_own_year(
    end: date, year_end: date | None, place: tuple[int | None, int | None]
) -> None:
    assert fiscal_place(end, year_end) == place


def test_what_yahoo_does_not_say_is_not_claimed() -> None:
    sent = [
        Sent(date(2025, 12, 31), 1.0, None, 1.0),
        Sent(date(2025, 9, 30), 1.0, 5.0),
        Sent(date(2025, 6, 30), 1.0, 0.0),
    ]
    (quarter,) = quarters_of(CashFlowAnswer("", sent))
    assert (quarter.ends, quarter.amount, quarter.currency) == (date(2025, 6, 30), Decimal(0), "")
    assert (quarter.fiscal_year, quarter.fiscal_quarter) == (None, None)
