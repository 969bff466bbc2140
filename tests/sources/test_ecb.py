from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from aiwatch.errors import Garbled, Refused
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources import Answer
from aiwatch.sources.ecb import Ecb, fixing_time, parse
from tests.sources.loopback import NOW, clock, settings

RATES = {"CNY": 7.2, "HKD": 7.8, "EUR": 0.8, "JPY": 150}


def symbols(*texts: str) -> list[Symbol]:
    return [parse_symbol(text) for text in texts]


def body(**changes: Any) -> bytes:
    return json.dumps({"amount": 1.0, "base": "USD", "date": "2026-02-27", "rates": RATES} | changes).encode()


def answer(content: bytes, *texts: str) -> Answer:
    return parse(content, symbols(*texts), NOW, "host")


def test_rates_are_crossed_through_the_dollar_and_carry_the_fixings_date() -> None:
    result = answer(body(), "CNY=X", "JPY=X", "EURUSD=X", "HKDCNY=X", "SEK=X")
    values = {quote.symbol.text: (quote.last, quote.currency, quote.name) for quote in result.quotes}
    assert values == {
        "CNY=X": (7.2, "CNY", "USD/CNY"),
        "JPY=X": (150.0, "JPY", "USD/JPY"),
        "EURUSD=X": (1.25, "USD", "EUR/USD"),
        "HKDCNY=X": (0.923077, "CNY", "HKD/CNY"),
    }
    assert {quote.as_of for quote in result.quotes} == {datetime(2026, 2, 27, 15, 0, tzinfo=UTC)}
    assert {quote.delay_minutes for quote in result.quotes} == {1440}
    assert {quote.previous_close for quote in result.quotes} == {None}
    assert result.unknown == set(symbols("SEK=X"))


def test_the_time_of_publication_follows_frankfurts_summer() -> None:
    assert fixing_time("2026-07-01") == datetime(2026, 7, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("rate", [0, -7.2, None, "7.2", True, 1e308])
def test_a_rate_that_is_none_is_refused_alone(rate: Any) -> None:
    result = answer(body(rates=RATES | {"CNY": rate}), "CNY=X", "JPY=X")
    assert [item.symbol for item in result.refused] == ["CNY=X"]
    assert [quote.symbol.text for quote in result.quotes] == ["JPY=X"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>down</html>",
        b"[]",
        b"{}",
        body(date="soon"),
        body(date=None),
        body(date="2026-03-05"),
        body(rates=[]),
        body(base="EUR"),
        body(amount=100),
    ],
)
def test_anything_else_is_garbled(content: bytes) -> None:
    with pytest.raises(Garbled):
        answer(content, "CNY=X")


def test_it_covers_rates_between_currencies_it_fixes() -> None:
    source = Ecb(settings("http://data.test"), clock)
    assert all(source.covers(symbol) for symbol in symbols("CNY=X", "HKD=X", "EURUSD=X", "HKDCNY=X", "EURGBP=X"))
    assert not any(source.covers(symbol) for symbol in symbols("NVDA", "TWD=X", "XAUUSD=X", "USDUSD=X", "^GSPC"))


async def test_one_request_for_every_currency_once() -> None:
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, content=body())

    async with Ecb(settings("http://data.test"), clock, transport=httpx.MockTransport(handle)) as source:
        result = await source.fetch(symbols("CNY=X", "HKDCNY=X", "EURUSD=X", "NVDA"))
        assert (await source.fetch(symbols("NVDA"))).unknown == set(symbols("NVDA"))
    (request,) = requests
    assert request.url.path == "/v1/latest"
    assert dict(request.url.params) == {"base": "USD", "symbols": "CNY,HKD,EUR"}
    assert len(result.quotes) == 3
    assert result.unknown == set(symbols("NVDA"))


@pytest.mark.parametrize(("content", "is_known"), [(b'{"message":"not found"}', True), (b"<p>Not here</p>", False)])
async def test_its_own_not_found_is_an_answer(content: bytes, is_known: bool) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(404, content=content))
    async with Ecb(settings("http://data.test"), clock, transport=transport) as source:
        if is_known:
            assert (await source.fetch(symbols("CNY=X"))).unknown == set(symbols("CNY=X"))
            return
        with pytest.raises(Refused, match="HTTP 404"):
            await source.fetch(symbols("CNY=X"))
