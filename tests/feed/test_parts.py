"""The feed's parts by themselves: rests, the book, routing, one-shot pricing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.errors import RateLimited, Unreachable
from aiwatch.feed.backoff import EARLY_TRIES, Backoff, ten_percent
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


def test_rests_are_short_for_two_minutes_then_grow_to_one_and_start_over() -> None:
    rest = Backoff(jitter=lambda seconds: seconds)
    rests = [rest.fail(DOWN) for _ in range(30)]
    assert rests[:5] == [1, 2, 4, 5, 5]
    assert sum(rests[:EARLY_TRIES]) >= 110
    assert rests[EARLY_TRIES:] == [10, 20, 40, 60, 60, 60]
    rest.succeed()
    assert rest.fail(DOWN) == 1


def test_rests_after_a_rate_limit_grow_to_fifteen_minutes() -> None:
    rest = Backoff(jitter=lambda seconds: seconds)
    assert [rest.fail(LIMITED) for _ in range(6)] == [20, 30, 60, 300, 900, 900]
    assert Backoff().fail(RateLimited("host", "", retry_after=120)) == 120
    assert Backoff().fail(RateLimited("host", "", retry_after=2.5e11)) == 3600
    assert Backoff().fail(RateLimited("host", "", retry_after=-5)) == 20
    assert Backoff().fail(RateLimited("host", "", retry_after=5)) == 20


def test_a_rest_is_cut_short_only_where_the_host_did_not_ask_for_it() -> None:
    rest = Backoff()
    rest.fail(DOWN)
    assert rest.may_be_cut_short
    rest.fail(LIMITED)
    rest.fail(LIMITED)
    assert rest.may_be_cut_short
    rest.fail(LIMITED)
    assert not rest.may_be_cut_short, "it goes on refusing"
    rest.succeed()
    rest.fail(RateLimited("host", "", retry_after=5))
    assert not rest.may_be_cut_short, "it said how long"


def test_jitter_stays_within_a_tenth() -> None:
    assert all(9 <= ten_percent(10) <= 11 for _ in range(1000))


def test_the_book_keeps_the_newest_and_hands_each_over_once() -> None:
    (symbol,) = symbols("002837.SZ")
    book = QuoteBook()
    assert book.add([quote(symbol, 10), quote(symbol, 11, seconds=1), quote(symbol, 9, seconds=-1)])
    assert [item.last for item in book.drain()] == [11]
    assert book.drain() == ()
    assert not book.add([quote(symbol, 9, seconds=0)])
    assert book.drain() == ()


def test_the_book_passes_over_what_says_the_same_again() -> None:
    (symbol,) = symbols("002837.SZ")
    book = QuoteBook()
    parsed = quote(symbol, 10)
    book.add([parsed])
    book.drain()
    assert not book.add([replace(parsed, received_at=parsed.received_at.replace(second=59))])
    assert book.add([replace(parsed, volume=500)])
    assert len(book.drain()) == 1


def test_the_book_forgets_what_is_not_followed() -> None:
    item, second = symbols("002837.SZ", "603757.SS")
    book = QuoteBook()
    book.add([quote(item), quote(second)])
    book.keep_only([second])
    assert [stored.symbol for stored in book.drain()] == [second]
    assert book.get(item) is None


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
        listed = [symbol for symbol in asked if symbol != nowhere]
        return Answer(tuple(quote(symbol, source="yahoo") for symbol in listed), frozenset(set(asked) - set(listed)))

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
