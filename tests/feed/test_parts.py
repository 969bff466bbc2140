"""The feed's parts by themselves: rests, the book, routing, one-shot pricing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.errors import RateLimited, Unreachable
from aiwatch.feed.backoff import Rest, ten_percent
from aiwatch.feed.once import price_once
from aiwatch.feed.quote_book import QuoteBook
from aiwatch.feed.router import Router, order
from aiwatch.feed.traffic import Traffic, percentile
from aiwatch.market.data_sources import beside
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer
from tests.feed.fakes import NOW, FakeSource, pricing, quote, symbols

DOWN = Unreachable("host", "down")
LIMITED = RateLimited("host", "slow down")


def test_rests_double_up_to_a_minute_and_start_over() -> None:
    rest = Rest(jitter=lambda seconds: seconds)
    assert [rest.fail(DOWN) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    rest.succeed()
    assert rest.fail(DOWN) == 1


def test_rests_after_a_rate_limit_are_one_five_and_fifteen_minutes() -> None:
    rest = Rest(jitter=lambda seconds: seconds)
    assert [rest.fail(LIMITED) for _ in range(4)] == [60, 300, 900, 900]
    assert Rest().fail(RateLimited("host", "", retry_after=120)) == 120
    assert Rest().fail(RateLimited("host", "", retry_after=2.5e11)) == 3600
    assert Rest().fail(RateLimited("host", "", retry_after=-5)) == 60
    assert Rest().fail(RateLimited("host", "", retry_after=5)) == 60


def test_jitter_stays_within_a_tenth() -> None:
    assert all(9 <= ten_percent(10) <= 11 for _ in range(1000))


def test_the_book_keeps_the_newest_and_hands_each_over_once() -> None:
    (symbol,) = symbols("002837.SZ")
    book = QuoteBook()
    assert book.add([quote(symbol, 10), quote(symbol, 11, seconds=1), quote(symbol, 9, seconds=-1)])
    assert [one.last for one in book.drain()] == [11]
    assert book.drain() == ()
    assert not book.add([quote(symbol, 9, seconds=0)])
    assert book.drain() == ()


def test_the_book_passes_over_what_says_the_same_again() -> None:
    (symbol,) = symbols("002837.SZ")
    book = QuoteBook()
    one = quote(symbol, 10)
    book.add([one])
    book.drain()
    assert not book.add([replace(one, received_at=one.received_at.replace(second=59))])
    assert book.add([replace(one, volume=500)])
    assert len(book.drain()) == 1


def test_the_book_forgets_what_is_not_followed() -> None:
    one, other = symbols("002837.SZ", "603757.SS")
    book = QuoteBook()
    book.add([quote(one), quote(other)])
    book.keep_only([other])
    assert [kept.symbol for kept in book.drain()] == [other]
    assert book.get(one) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("002837.SZ", "tencent sina yahoo yahoo_quote"),
        ("603757.SS", "tencent sina yahoo yahoo_quote"),
        ("920001.BJ", "tencent sina yahoo yahoo_quote"),
        ("0700.HK", "sina tencent yahoo yahoo_quote"),
        ("NVDA", "yahoo yahoo_quote tencent sina"),
        ("9984.T", "yahoo yahoo_quote"),
        ("SAP.DE", "yahoo yahoo_quote"),
        ("CNY=X", "yahoo yahoo_quote sina ecb"),
    ],
)
def test_the_order_of_sources(text: str, names: str) -> None:
    (symbol,) = symbols(text)
    assert order(symbol) == tuple(names.split())


def test_what_asks_the_same_host_keeps_its_silence() -> None:
    assert [sorted(beside(name)) for name in ("yahoo", "yahoo_quote", "sina")] == [["yahoo_quote"], ["yahoo"], []]


async def test_routing_prefers_the_first_that_is_awake_and_knows() -> None:
    resting: set[str] = set()
    sources = [FakeSource("tencent", pricing("tencent")), FakeSource("yahoo", pricing("yahoo"))]
    router = Router(sources, lambda name, symbol: name in resting)
    china, tokyo = symbols("002837.SZ", "9984.T")
    assert router.assignment([china, tokyo]) == {"tencent": [china], "yahoo": [tokyo]}
    resting.add("tencent")
    assert router.source_of(china) == "yahoo"
    resting.add("yahoo")
    assert router.source_of(china) == "tencent"
    resting.clear()
    router.note_unknown("tencent", [china])
    assert router.source_of(china) == "yahoo"
    router.note_unknown("yahoo", [china])
    assert router.source_of(china) is None
    assert router.unknown() == {china}
    router.forget()
    assert router.source_of(china) == "tencent"


async def test_pricing_once_falls_back_and_tells_what_is_missing() -> None:
    china, tokyo, nowhere = symbols("002837.SZ", "9984.T", "999999.SS")

    def knows_some(asked: Sequence[Symbol]) -> Answer:
        known = [symbol for symbol in asked if symbol != nowhere]
        return Answer(tuple(quote(symbol, source="yahoo") for symbol in known), frozenset(set(asked) - set(known)))

    priced = await price_once([FakeSource("tencent", DOWN), FakeSource("yahoo", knows_some)], [china, tokyo, nowhere])
    assert set(priced.quotes) == {china, tokyo}
    assert priced.errors == (DOWN,)
    assert priced.unknown == frozenset()

    priced = await price_once([FakeSource("yahoo", knows_some)], [nowhere])
    assert priced.unknown == {nowhere}


def test_traffic_forgets_what_is_older_than_an_hour() -> None:
    traffic = Traffic()
    for minutes in (0, 30, 90):
        traffic.note_request(NOW + timedelta(minutes=minutes), 0.1 * (1 + minutes), 1000)
    summary = traffic.summary(NOW + timedelta(minutes=91))
    assert (summary.requests, summary.bytes) == (1, 1000)
    assert traffic.summary(NOW + timedelta(hours=9)).latency_p50 is None


def test_percentiles_are_of_the_nearest_rank() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 95), percentile([7.0], 95), percentile([], 50)) == (
        50.0,
        95.0,
        7.0,
        None,
    )
