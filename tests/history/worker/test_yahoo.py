"""yfinance itself, in the child, against a loopback host with Yahoo's answers and its faults."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError
from aiwatch.history.worker.client import Worker
from aiwatch.history.worker.messages import (
    AskBars,
    AskCashFlow,
    AskEarnings,
    BarsAnswer,
    CashFlowAnswer,
    EarningsAnswer,
    FaultKind,
    Quarter,
)
from aiwatch.history.worker.routed_session import StatusError, routed
from aiwatch.history.worker.yahoo import fault_answer
from aiwatch.market.bars import Event, EventKind
from aiwatch.system.child_process import module_command
from tests.history.worker.yahoo_host import YahooHost, chart, opening, yahoo_host

BEFORE, EX_SPLIT, EX_DIVIDEND, ODD = (date(2024, 6, day) for day in (7, 10, 11, 12))
MOST_REQUESTS = 6
_GARBAGE = (
    b"\xff\xfe\x00",
    b"<h1>Will be right back...</h1>",
    b'{"chart":{"result":[{"meta":{}}]}}',
    b'{"chart":{"result":[],"error":null}}',
)


@pytest.fixture
async def host() -> AsyncIterator[YahooHost]:
    async with yahoo_host() as host:
        yield host


def _worker(host: YahooHost, cache: Path) -> Worker:
    command = (*module_command("aiwatch.history.worker.child"), host.url, str(cache))
    return Worker(lambda: command, deadline=60)


def _event(day: date, **values: object) -> dict[str, object]:
    return {str(opening(day)): {"date": opening(day), **values}}


async def test_history_comes_as_it_was_paid_with_its_events(host: YahooHost, tmp_path: Path) -> None:
    host.chart = chart(
        [
            (BEFORE, 119.75, 121.69, 118.02, 120.888, 412_386_000),
            (EX_SPLIT, 120.37, 123.10, 117.01, 121.79, 314_162_700),
            (EX_DIVIDEND, 121.77, 122.87, 118.74, 120.91, 222_551_200),
            (ODD, None, None, None, 125.2, None),
        ],
        {
            "dividends": _event(EX_DIVIDEND, amount=0.01),
            "splits": _event(EX_SPLIT, numerator=10, denominator=1, splitRatio="10:1"),
        },
    )
    async with _worker(host, tmp_path / "yfinance") as worker:
        answer = await worker.ask(AskBars("NVDA", BEFORE), BarsAnswer)
        assert answer.currency == "USD"
        assert answer.rows[0] == (BEFORE, 1197.5, 1216.9, 1180.2, 1208.88, 41_238_600)
        assert answer.rows[1] == (EX_SPLIT, 120.37, 123.1, 117.01, 121.79, 314_162_700)
        assert len(answer.rows) == 3
        assert [row.when for row in answer.refused] == [ODD.isoformat()]
        assert set(answer.events) == {
            Event(EX_DIVIDEND, EventKind.DIVIDEND, 0.01, "yahoo"),
            Event(EX_SPLIT, EventKind.SPLIT, 10.0, "yahoo"),
        }
        assert len(host.asked) <= MOST_REQUESTS
        assert (tmp_path / "yfinance" / "tkr-tz.db").exists()

        earnings = await worker.ask(AskEarnings("NVDA"), EarningsAnswer)
        assert earnings == EarningsAnswer([date(2026, 2, 24)], date(2026, 3, 10), date(2026, 3, 31))

        flow = await worker.ask(AskCashFlow("NVDA"), CashFlowAnswer)
        assert flow.quarters[0] == Quarter(date(2025, 10, 31), 23e9, -1.6e9, None)
        assert flow.quarters[1].end == date(2025, 7, 31)


async def test_every_fault_of_the_host_has_its_kind_and_costs_few_requests(host: YahooHost, tmp_path: Path) -> None:
    async with _worker(host, tmp_path) as worker:

        async def fault(symbol: str = "NVDA") -> SourceError:
            host.asked.clear()
            with pytest.raises(SourceError) as raised:
                await worker.ask(AskBars(symbol), BarsAnswer)
            assert len(host.asked) <= MOST_REQUESTS
            return raised.value

        unknown = await fault("NOSUCH")
        assert isinstance(unknown, Refused)
        assert unknown.status == 404
        for body in _GARBAGE:
            host.body = body
            assert isinstance(await fault(), Garbled)
        host.body, host.status = None, 500
        down = await fault()
        assert isinstance(down, Refused)
        assert (str(down), down.status) == ("answered with status 500", 500)
        assert worker.pid is not None
        host.status = 429
        assert isinstance(await fault(), RateLimited)
        assert worker.pid is None, "a child that was refused is not asked again"


@pytest.mark.parametrize(
    ("url", "base_url", "expected"),
    [
        ("https://query2.finance.yahoo.com/v8/x?a=1", "http://127.0.0.1:9", "http://127.0.0.1:9/v8/x?a=1"),
        ("https://fc.yahoo.com", "http://127.0.0.1:9/", "http://127.0.0.1:9"),
        ("https://guce.yahoo.com/consent", "http://127.0.0.1:9/mirror/", "http://127.0.0.1:9/mirror/consent"),
        ("https://fc.yahoo.com/x", "https://query1.finance.yahoo.com", "https://fc.yahoo.com/x"),
        ("https://notyahoo.com/x", "http://127.0.0.1:9", "https://notyahoo.com/x"),
    ],
)
def test_what_is_for_yahoo_goes_to_the_configured_address(url: str, base_url: str, expected: str) -> None:
    assert routed(url, base_url) == expected


def _named(name: str, *bases: type[Exception]) -> Exception:
    """An error whose type has ``name``, as another package raises it."""
    error: Exception = type(name, bases or (Exception,), {})("why")
    return error


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        (_named("YFRateLimitError"), FaultKind.RATE_LIMITED, 429),
        (StatusError(429, "/v8/finance/chart/X"), FaultKind.RATE_LIMITED, 429),
        (StatusError(404, "/v8/finance/chart/X"), FaultKind.UNKNOWN, 404),
        (_named("YFPricesMissingError"), FaultKind.UNKNOWN, 404),
        (_named("YFTzMissingError"), FaultKind.UNKNOWN, 404),
        (StatusError(401, "/v8/finance/chart/X"), FaultKind.REFUSED, 401),
        (StatusError(503, "/v8/finance/chart/X"), FaultKind.REFUSED, 503),
        (_named("HTTPError"), FaultKind.REFUSED, 0),
        (_named("ReadTimeout", OSError), FaultKind.TIMED_OUT, 0),
        (_named("DNSError", OSError), FaultKind.UNREACHABLE, 0),
        (_named("IncompleteRead", OSError), FaultKind.UNREACHABLE, 0),
        (KeyError("currency"), FaultKind.GARBLED, 0),
        (_named("SomethingNew"), FaultKind.GARBLED, 0),
    ],
)
def test_an_error_is_what_its_type_and_status_say(error: Exception, kind: FaultKind, status: int) -> None:
    fault = fault_answer(error)
    assert (fault.kind, fault.status) == (kind, status)
    assert fault.text


def test_what_curl_says_to_programmers_is_left_out() -> None:
    words = "Failed to perform, curl: (7) Could not connect. See https://curl.se/libcurl/c/libcurl-errors.html first"
    fault = fault_answer(type("ConnectionError", (OSError,), {})(words))
    assert fault.text == "ConnectionError: curl: (7) Could not connect"
