"""Filings of many symbols: asked once an hour, kept a week, one failing host without touching the others."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.history.filings.service import FRESH, KEPT, PATIENCE, FilingReports
from aiwatch.history.spending.cache import ReportCache
from aiwatch.market.filings.filing import Filing, FilingPage, FilingReport
from aiwatch.market.symbol import Symbol, parse_symbol

NVIDIA, AMD, ENVICOOL, TENCENT, SOFTBANK = map(parse_symbol, ("NVDA", "AMD", "002837.SZ", "0700.HK", "9984.T"))
SECOND = timedelta(seconds=1)


class Host:
    """Lists one filing of every symbol, and keeps who was asked for; an error set is raised instead."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.error: SourceError | None = None
        self.refused: tuple[str, ...] = ()

    async def filings(self, symbol: Symbol) -> FilingPage:
        self.asked[symbol.text] += 1
        if self.error is not None:
            raise self.error
        return FilingPage((Filing(symbol.text, "Title", "Company", date(2026, 11, 26)),), self.refused)


class Run:
    """The service as a run of the program has it, with a clock that a test sets."""

    def __init__(self, path: Path) -> None:
        self.now = datetime(2026, 11, 27, tzinfo=UTC)
        self.path = path
        self.sec, self.cninfo, self.hkex = Host(), Host(), Host()

    def service(self, *, without: str = "") -> FilingReports:
        clients = {"sec": self.sec, "cninfo": self.cninfo, "hkex": self.hkex}
        clients.pop(without, None)
        return FilingReports(clients, {"sec": "say who asks"}, ReportCache(self.path, FilingReport), lambda: self.now)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path / "cache" / "filings.msgpack")


async def test_a_host_is_asked_once_an_hour_and_what_it_lists_outlives_the_run(run: Run) -> None:
    first = await run.service().load([NVIDIA, ENVICOOL, TENCENT])
    assert [report.host for report in first] == ["SEC", "cninfo", "HKEXnews"]
    assert [len(report.filings) for report in first] == [1, 1, 1]
    run.now += FRESH - SECOND
    again = run.service()
    assert await again.load([NVIDIA]) == first[:1]
    assert run.sec.asked == {"NVDA": 1}
    run.now += SECOND
    (newer,) = await again.load([NVIDIA])
    assert (run.sec.asked, newer.as_of) == ({"NVDA": 2}, run.now)


async def test_a_failing_host_touches_no_other_and_leaves_what_was_known_for_a_week(run: Run) -> None:
    await run.service().load([NVIDIA])
    run.sec.error = Unreachable("data.sec.gov", "no connection", hint="Look at the network.")
    run.now += KEPT - SECOND
    nvidia, amd, envicool = await run.service().load([NVIDIA, AMD, ENVICOOL])
    assert nvidia.problem == amd.problem == "data.sec.gov: no connection (Look at the network.)"
    assert [len(report.filings) for report in (nvidia, amd, envicool)] == [1, 0, 1]
    assert envicool.problem == ""
    run.now += SECOND
    (late,) = await run.service().load([NVIDIA])
    assert (late.filings, late.as_of) == ((), None)


@pytest.mark.parametrize(
    ("error", "silence"),
    [
        (Unreachable("host", "no connection"), PATIENCE),
        (Refused("host", "HTTP 403", status=403), PATIENCE),
        (Refused("host", "HTTP 503", status=503), PATIENCE),
        (RateLimited("host", "HTTP 429", retry_after=1800), timedelta(seconds=1800)),
        (Refused("host", "no company files under it"), None),
        (Garbled("host", "not a list"), None),
    ],
)
async def test_a_host_that_is_down_is_left_alone_for_all_its_symbols(
    run: Run, error: SourceError, silence: timedelta | None
) -> None:
    run.sec.error = error
    service = run.service()
    await service.load([NVIDIA, AMD])
    assert run.sec.asked.total() == (2 if silence is None else 1)
    run.sec.error = None
    if silence is not None:
        run.now += silence - SECOND
        assert (await service.load([AMD]))[0].problem
        run.now += SECOND
    assert (await service.load([AMD]))[0].problem == ""


async def test_what_cannot_be_asked_is_said(run: Run) -> None:
    run.cninfo.refused = ("no title", "no title")
    nvidia, softbank, envicool = await run.service(without="sec").load([NVIDIA, SOFTBANK, ENVICOOL])
    assert nvidia.problem == "say who asks"
    assert softbank.problem == "no host here has filings of TSE"
    assert envicool.problem == "2 of 3 rows refused: no title"


async def test_a_damaged_file_is_asked_for_anew(run: Run) -> None:
    await run.service().load([NVIDIA, AMD])
    run.path.write_bytes(run.path.read_bytes().replace(b"NVDA", b"NVDX"))
    nvidia, amd = await run.service().load([NVIDIA, AMD])
    assert run.sec.asked == {"NVDA": 2, "AMD": 1}
    assert len(nvidia.filings) == len(amd.filings) == 1
