"""Filings of many symbols: asked once an hour, kept a week, one failing host without touching the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.feed.backoff import RATE_LIMIT_RESTS
from aiwatch.history.filings.service import FRESH, KEPT, PATIENCE, FilingReports
from aiwatch.history.spending.cache import ReportCache
from aiwatch.market.filings.filing import Filing, FilingPage, FilingReport
from aiwatch.market.symbol import Symbol, parse_symbol
from tests.feed.fakes import Silence

NVIDIA, AMD, ENVICOOL, TENCENT, SOFTBANK = map(parse_symbol, ("NVDA", "AMD", "002837.SZ", "0700.HK", "9984.T"))
SECOND = timedelta(seconds=1)


class Host:
    """Lists one filing of every symbol, and keeps who was asked for; an error set is raised instead."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.error: SourceError | None = None
        self.refused: tuple[str, ...] = ()
        self.titles = ["Title"]
        self.at: datetime | None = None

    async def filings(self, symbol: Symbol) -> FilingPage:
        self.asked[symbol.text] += 1
        if self.error is not None:
            raise self.error
        is_news = self.at is not None
        filings = [
            Filing(symbol.text, title, "Company", date(2026, 11, 26), self.at, is_headline=is_news)
            for title in self.titles
        ]
        return FilingPage(tuple(filings), self.refused)


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


def _with_news(
    run: Run, *names: str, pauses: list[float] | None = None, silence: Silence | None = None
) -> tuple[FilingReports, Host]:
    """The service with a host of headlines under each of ``names``, which are one."""
    news = Host()
    news.at = run.now - timedelta(hours=2)

    async def sleep(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    clients = {"sec": run.sec, "cninfo": run.cninfo} | dict.fromkeys(names, news)
    cache = ReportCache(run.path, FilingReport)
    return FilingReports(clients, {}, cache, lambda: run.now, sleep, silence=silence), news


async def test_headlines_come_behind_filings_and_stay_for_a_week_after_their_host_lists_them_no_more(run: Run) -> None:
    service, news = _with_news(run, "sina_news")
    first = await service.load([NVIDIA])
    assert [(report.host, len(report.filings)) for report in first] == [("SEC", 1), ("Sina 7×24", 1)]
    news.titles, news.at = ["Another"], run.now
    run.now += FRESH
    again = await service.load([NVIDIA])
    assert [filing.title for filing in again[1].filings] == ["Another", "Title"]
    run.now += KEPT - SECOND
    news.titles = []
    assert (await service.load([NVIDIA]))[1].filings == ()


async def test_headlines_that_are_not_wanted_are_neither_asked_for_nor_given(run: Run) -> None:
    service, news = _with_news(run, "sina_news")
    assert service.has_news
    await service.load([NVIDIA])
    without = run.service()
    assert not without.has_news
    assert [report.host for report in await without.load([NVIDIA])] == ["SEC"]
    assert news.asked.total() == 1


async def test_a_host_that_wants_a_pause_gets_one_between_symbols_but_not_before_what_is_kept(run: Run) -> None:
    pauses: list[float] = []
    service, news = _with_news(run, "yahoo_news", pauses=pauses)
    await service.load([NVIDIA, AMD, ENVICOOL])
    assert (news.asked.total(), len(pauses)) == (3, 2)
    await service.load([NVIDIA, AMD, ENVICOOL])
    assert (news.asked.total(), len(pauses)) == (3, 2)
    run.now += FRESH
    news.error = RateLimited("news", "HTTP 429")
    reports = await service.load([NVIDIA, AMD, ENVICOOL])
    assert (news.asked.total(), len(pauses)) == (4, 2), "one that is left alone is not waited for"
    assert [report.problem for report in reports] == ["", "news: HTTP 429"] * 3


async def test_each_report_is_handed_on_as_it_comes_and_what_is_kept_can_be_had_alone(run: Run) -> None:
    service = run.service()
    assert await service.kept([NVIDIA, AMD]) == ()
    assert run.sec.asked == {}
    arrived: list[FilingReport] = []
    reports = await service.load([NVIDIA, SOFTBANK, AMD], arrived.append)
    assert sorted(report.symbol for report in arrived) == ["9984.T", "AMD", "NVDA"]
    assert await service.kept([AMD, SOFTBANK]) == (reports[2],)


async def test_two_who_ask_at_once_ask_a_host_once(run: Run) -> None:
    service = run.service()
    await asyncio.gather(service.load([NVIDIA, AMD]), service.load([AMD, NVIDIA]))
    assert run.sec.asked == {"NVDA": 1, "AMD": 1}


@pytest.mark.parametrize(
    ("name", "shares"), [("yahoo_news", True), ("sina_news", False)], ids=["the host of quotes", "a host of its own"]
)
async def test_a_host_of_headlines_rests_with_the_quotes_that_it_has_too(run: Run, name: str, shares: bool) -> None:
    silence = Silence(yahoo=90.0, sina=90.0)
    service, news = _with_news(run, name, silence=silence)
    nvidia, headlines = await service.load([NVIDIA])
    assert nvidia.problem == "", "the SEC is nobody else's host"
    assert news.asked.total() == (0 if shares else 1)
    until = (run.now + timedelta(seconds=90)).astimezone()
    assert headlines.problem == (f"Yahoo news rests until {until:%H:%M} (429)" if shares else "")
    silence.seconds = {}
    assert (await service.load([NVIDIA]))[1].problem == ""
    assert news.asked.total() == 1


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (RateLimited("news", "HTTP 429", retry_after=900), {"yahoo": 900.0}),
        (RateLimited("news", "HTTP 429"), {"yahoo": RATE_LIMIT_RESTS[0]}),
        (Refused("news", "HTTP 503", status=503), {}),
        (Unreachable("news", "no connection"), {}),
    ],
)
async def test_quotes_rest_where_headlines_were_too_many_and_nowhere_else(
    run: Run, error: SourceError, seconds: dict[str, float]
) -> None:
    silence = Silence()
    service, news = _with_news(run, "yahoo_news", silence=silence)
    news.error = error
    await service.load([NVIDIA, AMD])
    assert silence.seconds == seconds
    assert news.asked.total() == 1
