"""The exchange over real sockets: answers, counters, and each kind of fault as a client meets it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange
from aiwatch.simulator.wire.tencent import NONE_MATCH
from tests.simulator.clock import SteppingClock

PATH = "/q=sz002837,sh603757,usNVDA"
SPARK = "/v7/finance/spark?symbols=NVDA,^HSI"


@pytest.fixture
async def exchange(clock: SteppingClock) -> AsyncIterator[Exchange]:
    async with Exchange(clock=clock, rate=20) as exchange:
        yield exchange


async def test_both_hosts_answer_on_a_port_of_their_own(exchange: Exchange, client: httpx.AsyncClient) -> None:
    assert exchange.tencent_url != exchange.yahoo_url
    assert exchange.tencent_url.startswith("http://127.0.0.1:")
    quotes = await client.get(exchange.tencent_url + PATH)
    assert (quotes.status_code, quotes.headers["Content-Type"]) == (200, "text/html; charset=GBK")
    assert quotes.content.decode("gbk").startswith('v_sz002837="51~英维克~002837~')
    spark = await client.get(exchange.yahoo_url + SPARK)
    assert (spark.status_code, spark.headers["Content-Type"]) == (200, "application/json;charset=utf-8")
    assert [entry["symbol"] for entry in spark.json()["spark"]["result"]] == ["NVDA", "^HSI"]


async def test_prices_follow_the_clock(exchange: Exchange, client: httpx.AsyncClient, clock: SteppingClock) -> None:
    first = await client.get(exchange.tencent_url + PATH)
    again = await client.get(exchange.tencent_url + PATH)
    clock.advance(60)
    later = await client.get(exchange.tencent_url + PATH)
    assert first.content == again.content != later.content


async def test_the_same_seed_gives_the_same_prices(client: httpx.AsyncClient) -> None:
    bodies = []
    for seed in (1, 1, 2):
        async with Exchange(seed=seed, clock=SteppingClock()) as exchange:
            bodies.append((await client.get(exchange.tencent_url + PATH)).content)
    assert bodies[0] == bodies[1] != bodies[2]


async def test_questions_no_host_would_answer(exchange: Exchange, client: httpx.AsyncClient) -> None:
    answers = [
        await client.get(url)
        for url in (
            exchange.tencent_url + "/q=sz999999",
            exchange.tencent_url + "/",
            exchange.tencent_url + "/q=" + ",".join(["sz002837"] * 950),
            exchange.yahoo_url + "/v7/finance/spark",
            exchange.yahoo_url + "/",
        )
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 414, 400, 404]
    assert answers[0].content == NONE_MATCH
    long = await client.get(exchange.tencent_url + "/q=" + ",".join(["sz002837"] * 900))
    assert long.content.count(b"\n") == 900


async def test_requests_are_counted_and_can_be_waited_for(exchange: Exchange, client: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(exchange.requests("tencent").wait_for(3))
    answers = [await client.get(exchange.tencent_url + PATH, headers={"User-Agent": "me"}) for _ in range(3)]
    assert await waiting == 3
    tally = exchange.tally("tencent")
    assert exchange.answers("tencent").value == 3
    assert (tally.symbols, tally.at_once, tally.most_at_once) == (9, 0, 1)
    assert tally.sent == sum(len(answer.content) for answer in answers)
    assert tally.statuses == {200: 3}
    assert tally.asked[-1] == ("sz002837", "sh603757", "usNVDA")
    assert set(tally.agents) == {"me"}
    assert tally.targets[0] == PATH
    assert exchange.requests("yahoo").value == 0


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "body"),
    [
        (Fault(FaultKind.STATUS, status=429), 429, None, b"Edge: Too Many Requests"),
        (Fault(FaultKind.STATUS, status=429, retry_after="30"), 429, "30", b"Edge: Too Many Requests"),
        (Fault(FaultKind.STATUS, status=403), 403, None, b"Forbidden"),
        (Fault(FaultKind.STATUS, status=500), 500, None, b"Internal Server Error"),
    ],
)
async def test_error_statuses(
    exchange: Exchange, client: httpx.AsyncClient, fault: Fault, status: int, retry_after: str | None, body: bytes
) -> None:
    await exchange.fail("yahoo", fault)
    answer = await client.get(exchange.yahoo_url + SPARK)
    assert (answer.status_code, answer.headers.get("Retry-After"), answer.content) == (status, retry_after, body)
    assert exchange.tally("yahoo").statuses == {status: 1}
    assert (await client.get(exchange.tencent_url + PATH)).status_code == 200


async def test_bodies_of_no_format(exchange: Exchange, client: httpx.AsyncClient) -> None:
    bodies = []
    for kind in (FaultKind.HTML, FaultKind.GARBAGE, FaultKind.EMPTY):
        await exchange.fail("tencent", Fault(kind, times=1))
        answer = await client.get(exchange.tencent_url + PATH)
        assert answer.status_code == 200
        bodies.append(answer.content)
    assert b"Will be right back" in bodies[0]
    with pytest.raises(UnicodeDecodeError):
        bodies[1].decode("utf-8")
    assert bodies[2] == b""
    assert (await client.get(exchange.tencent_url + PATH)).content.startswith(b"v_sz002837")


async def test_half_a_line(exchange: Exchange, client: httpx.AsyncClient) -> None:
    whole = (await client.get(exchange.tencent_url + PATH)).content
    await exchange.fail("tencent", Fault(FaultKind.HALF_LINE))
    half = (await client.get(exchange.tencent_url + PATH)).content
    assert whole.startswith(half)
    assert half.count(b"\n") == 2
    assert b"v_usNVDA" in half
    assert not half.endswith(b'";\n')


async def test_one_spoilt_line_leaves_the_others_alone(exchange: Exchange, client: httpx.AsyncClient) -> None:
    whole = (await client.get(exchange.tencent_url + PATH)).content.splitlines()
    await exchange.fail("tencent", Fault(FaultKind.ZERO_PRICE, times=1))
    first = (await client.get(exchange.tencent_url + PATH)).content.splitlines()
    assert [new == old for new, old in zip(first, whole, strict=True)] == [False, True, True]
    await exchange.fail("tencent", Fault(FaultKind.FUTURE, times=1, symbol="sh603757"))
    named = (await client.get(exchange.tencent_url + PATH)).content.splitlines()
    assert [new == old for new, old in zip(named, whole, strict=True)] == [True, False, True]
    await exchange.fail("tencent", Fault(FaultKind.UNKNOWN, times=1, symbol="sh603757"))
    assert (await client.get(exchange.tencent_url + PATH)).content.splitlines() == [whole[0], whole[2]]
    await exchange.fail("tencent", Fault(FaultKind.UNKNOWN, times=1, symbol="*"))
    assert (await client.get(exchange.tencent_url + PATH)).content == NONE_MATCH


async def test_an_entry_can_be_spoilt_by_its_symbol(exchange: Exchange, client: httpx.AsyncClient) -> None:
    await exchange.fail("yahoo", Fault(FaultKind.NEGATIVE_PRICE, symbol="^HSI"))
    result = (await client.get(exchange.yahoo_url + SPARK)).json()["spark"]["result"]
    prices = {entry["symbol"]: entry["response"][0]["meta"]["regularMarketPrice"] for entry in result}
    assert prices["^HSI"] == -1.0
    assert prices["NVDA"] > 100
    await exchange.fail("yahoo", Fault(FaultKind.NAN_PRICE))
    assert '"regularMarketPrice": NaN' in (await client.get(exchange.yahoo_url + SPARK)).text


async def raw_answer(exchange: Exchange) -> tuple[bytes, bytes, BaseException | None]:
    """Head and body of Tencent's answer as they come over the socket, and how the connection ended."""
    host, _, port = exchange.tencent_url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    received, error = b"", None
    try:
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while piece := await reader.read(65_536):
            received += piece
    except ConnectionError as reset:
        error = reset
    finally:
        writer.close()
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body, error


def length_of(head: bytes) -> int:
    return next(int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length"))


async def test_a_cut_body_is_shorter_than_it_says(exchange: Exchange, client: httpx.AsyncClient) -> None:
    await exchange.fail("tencent", Fault(FaultKind.CUT))
    head, body, error = await raw_answer(exchange)
    assert error is None
    assert 0 < len(body) < length_of(head)
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        await client.get(exchange.tencent_url + PATH)
    assert exchange.tally("tencent").sent == 2 * len(body)


async def test_a_reset_comes_in_the_middle_of_the_body(exchange: Exchange, client: httpx.AsyncClient) -> None:
    await exchange.fail("tencent", Fault(FaultKind.RESET))
    _, _, error = await raw_answer(exchange)
    assert isinstance(error, ConnectionResetError)
    with pytest.raises(httpx.ReadError):
        await client.get(exchange.tencent_url + PATH)
    await exchange.heal("tencent")
    assert (await client.get(exchange.tencent_url + PATH)).status_code == 200


async def test_a_request_hangs_until_it_is_released(exchange: Exchange, client: httpx.AsyncClient) -> None:
    await exchange.fail("tencent", Fault(FaultKind.HANG))
    asking = [asyncio.create_task(client.get(exchange.tencent_url + PATH)) for _ in range(2)]
    await exchange.requests("tencent").wait_for(2)
    assert (exchange.answers("tencent").value, exchange.tally("tencent").at_once) == (0, 2)
    assert (await client.get(exchange.yahoo_url + SPARK)).status_code == 200
    exchange.release("tencent")
    assert [(await task).status_code for task in asking] == [200, 200]


async def test_a_client_that_leaves_ends_its_hanging_request(exchange: Exchange, client: httpx.AsyncClient) -> None:
    await exchange.fail("tencent", Fault(FaultKind.HANG, times=1))
    with pytest.raises(httpx.ReadTimeout):
        await client.get(exchange.tencent_url + PATH, timeout=httpx.Timeout(5.0, read=0.05))
    assert (await client.get(exchange.tencent_url + PATH)).status_code == 200
    tally = exchange.tally("tencent")
    assert (tally.at_once, tally.requests.value, tally.answers.value) == (0, 2, 1)


async def test_the_exchange_closes_while_a_request_hangs(clock: SteppingClock, client: httpx.AsyncClient) -> None:
    async with Exchange(clock=clock) as exchange:
        await exchange.fail("yahoo", Fault(FaultKind.HANG))
        asking = asyncio.create_task(client.get(exchange.yahoo_url + SPARK))
        await exchange.requests("yahoo").wait_for(1)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    with pytest.raises(httpx.TransportError):
        await asking


async def test_slow_and_late_answers_are_whole(exchange: Exchange, client: httpx.AsyncClient) -> None:
    whole = (await client.get(exchange.tencent_url + PATH)).content
    await exchange.fail("tencent", Fault(FaultKind.SLOW, times=1, seconds=0.1))
    began, pieces = time.monotonic(), []
    async with client.stream("GET", exchange.tencent_url + PATH) as answer:
        pieces = [piece async for piece in answer.aiter_raw()]
    assert b"".join(pieces) == whole
    assert len(pieces) > 1
    await exchange.fail("tencent", Fault(FaultKind.LATENCY, times=1, seconds=0.1))
    assert (await client.get(exchange.tencent_url + PATH)).content == whole
    assert time.monotonic() - began >= 0.2


async def test_the_latency_of_an_exchange_holds_for_both_hosts(clock: SteppingClock, client: httpx.AsyncClient) -> None:
    async with Exchange(clock=clock, latency=0.05) as exchange:
        began = time.monotonic()
        await client.get(exchange.tencent_url + PATH)
        await client.get(exchange.yahoo_url + SPARK)
        assert time.monotonic() - began >= 0.1


async def test_a_host_that_refuses_comes_back_on_its_port(exchange: Exchange, client: httpx.AsyncClient) -> None:
    url = exchange.tencent_url
    assert (await client.get(url + PATH)).status_code == 200
    await exchange.fail("tencent", Fault(FaultKind.REFUSE))
    with pytest.raises(httpx.ConnectError):
        await client.get(url + PATH)
    assert (await client.get(exchange.yahoo_url + SPARK)).status_code == 200
    await exchange.heal("tencent")
    assert exchange.tencent_url == url
    assert (await client.get(url + PATH)).status_code == 200
    assert exchange.requests("tencent").value == 2


async def test_faults_can_be_there_from_the_start(clock: SteppingClock, client: httpx.AsyncClient) -> None:
    faults = [Fault.parse("tencent:503"), Fault.parse("yahoo:refuse")]
    async with Exchange(clock=clock, faults=faults) as exchange:
        assert (await client.get(exchange.tencent_url + PATH)).status_code == 503
        with pytest.raises(httpx.ConnectError):
            await client.get(exchange.yahoo_url + SPARK)


async def test_an_exchange_that_is_not_open_says_so() -> None:
    exchange = Exchange(universe=universe()[:1])
    with pytest.raises(RuntimeError, match="not been opened"):
        _ = exchange.market
    with pytest.raises(KeyError):
        exchange.host("tencent")


async def test_a_price_set_by_a_test_is_served(exchange: Exchange, client: httpx.AsyncClient) -> None:
    exchange.market.trade("NVDA", 200.5)
    answer = json.loads((await client.get(exchange.yahoo_url + SPARK)).content)
    assert answer["spark"]["result"][0]["response"][0]["meta"]["regularMarketPrice"] == 200.5
    assert b"~200.50~" in (await client.get(exchange.tencent_url + PATH)).content
