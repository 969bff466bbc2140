"""What the exchange simulates is what the sources read, over real sockets, for every market."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Garbled, RateLimited, Refused, Unreachable
from aiwatch.market.merge import combine
from aiwatch.market.order_book import seal
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Board, Symbol, parse_symbol
from aiwatch.simulator.access import YahooPolicy
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.http_host import Host
from aiwatch.simulator.listings import synthetic, universe
from aiwatch.simulator.market import Stock
from aiwatch.simulator.server import Exchange
from aiwatch.simulator.wire import stream
from aiwatch.sources import Answer, Source
from aiwatch.sources.ecb import Ecb
from aiwatch.sources.sina.source import Sina
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo.quote import YahooQuote
from aiwatch.sources.yahoo.spark import Yahoo
from aiwatch.sources.yahoo_stream import frames
from tests.simulator.clock import SteppingClock

LISTINGS = (*universe(5), synthetic(parse_symbol("920001.BJ")), synthetic(parse_symbol("510300.SS")))
SYMBOLS = [listing.symbol for listing in LISTINGS]
NVDA, ENVICOOL, TENCENT = parse_symbol("NVDA"), parse_symbol("002837.SZ"), parse_symbol("0700.HK")


def plain() -> httpx.AsyncHTTPTransport:
    """A transport that loads no certificates, which takes longer than a test."""
    return httpx.AsyncHTTPTransport(verify=False)


@pytest.fixture
async def exchange(clock: SteppingClock) -> AsyncIterator[Exchange]:
    async with Exchange(universe=LISTINGS, clock=clock, rate=100) as exchange:
        clock.advance(20)
        yield exchange


@pytest.fixture
async def tencent(exchange: Exchange, clock: SteppingClock) -> AsyncIterator[Tencent]:
    async with Tencent(SourceSettings(exchange.tencent_url, 5, 60, timeout=5), clock, transport=plain()) as source:
        yield source


@pytest.fixture
async def yahoo(exchange: Exchange, clock: SteppingClock) -> AsyncIterator[Yahoo]:
    async with Yahoo(SourceSettings(exchange.yahoo_url, 20, 300, timeout=5), clock, transport=plain()) as source:
        yield source


@pytest.fixture
async def sina(exchange: Exchange, clock: SteppingClock) -> AsyncIterator[Sina]:
    async with Sina(SourceSettings(exchange.sina_url, 5, 60, timeout=5), clock, transport=plain()) as source:
        yield source


@pytest.fixture
async def ecb(exchange: Exchange, clock: SteppingClock) -> AsyncIterator[Ecb]:
    async with Ecb(SourceSettings(exchange.ecb_url, 5, 60, timeout=5), clock, transport=plain()) as source:
        yield source


@pytest.fixture
async def rich(exchange: Exchange, clock: SteppingClock) -> AsyncIterator[YahooQuote]:
    urls = exchange.urls
    settings = SourceSettings(
        urls.yahoo, 30, 60, 5, True, {"cookie_url": urls.yahoo_cookie, "consent_url": urls.yahoo + "/consent"}
    )
    async with YahooQuote(settings, clock, transport=plain()) as source:
        yield source


@pytest.fixture
def sources(tencent: Tencent, sina: Sina, yahoo: Yahoo, rich: YahooQuote) -> dict[str, Source]:
    return {source.name: source for source in (tencent, sina, yahoo, rich)}


HOSTS = {"tencent": "tencent", "sina": "sina", "yahoo": "yahoo", "yahoo_quote": "yahoo"}
"""Which host each of `sources` asks."""


def money(stock: Stock, points: float | None) -> float | None:
    return None if points is None else points / 10**stock.listing.decimals


def check_common(quote: Quote, stock: Stock, clock: SteppingClock) -> None:
    assert quote.last == money(stock, stock.last)
    assert quote.previous_close == money(stock, stock.listing.previous_close)
    assert (quote.high, quote.low) == (money(stock, stock.high), money(stock, stock.low))
    assert quote.as_of == clock.now
    assert quote.currency == stock.listing.symbol.currency
    assert quote.decimals == stock.listing.decimals
    assert quote.trading is Trading.TRADED


async def test_tencent_reads_what_was_simulated(exchange: Exchange, tencent: Tencent, clock: SteppingClock) -> None:
    asked = [symbol for symbol in SYMBOLS if tencent.covers(symbol)]
    answer = await tencent.fetch(asked)
    assert (answer.unknown, answer.refused) == (frozenset(), ())
    assert {quote.symbol for quote in answer.quotes} == set(asked)
    assert {quote.symbol.exchange.code for quote in answer.quotes} == {"SSE", "SZSE", "BSE", "HKEX", "US"}
    for quote in answer.quotes:
        stock = exchange.market.stocks[quote.symbol.text]
        check_common(quote, stock, clock)
        assert quote.open == money(stock, stock.open)
        assert (quote.limit_up, quote.limit_down) == (money(stock, stock.limit_up), money(stock, stock.limit_down))
        assert quote.name == stock.listing.name_zh
        if quote.symbol.board is not Board.INDEX:
            check_stock(quote, stock)


def check_stock(quote: Quote, stock: Stock) -> None:
    assert quote.volume == stock.volume
    assert quote.turnover == pytest.approx(stock.turnover / 10**stock.listing.decimals, abs=1)
    assert quote.vwap == pytest.approx(stock.vwap / 10**stock.listing.decimals, abs=0.0051)
    assert quote.turnover_rate == pytest.approx(stock.volume / stock.listing.shares * 100, abs=0.0051)
    if quote.symbol.exchange.code == "HKEX":
        assert (quote.bid, quote.ask, quote.lot) == (None, None, stock.listing.lot)
    else:
        assert (quote.bid, quote.ask) == (money(stock, stock.bid), money(stock, stock.ask))


async def test_yahoo_reads_what_was_simulated(exchange: Exchange, yahoo: Yahoo, clock: SteppingClock) -> None:
    quotes: list[Quote] = []
    for start in range(0, len(SYMBOLS), yahoo.batch_limit):
        answer = await yahoo.fetch(SYMBOLS[start : start + yahoo.batch_limit])
        assert (answer.unknown, answer.refused) == (frozenset(), ())
        quotes += answer.quotes
    assert {quote.symbol for quote in quotes} == set(SYMBOLS)
    for quote in quotes:
        stock = exchange.market.stocks[quote.symbol.text]
        check_common(quote, stock, clock)
        assert quote.name == stock.listing.name_en
        if quote.symbol.board not in (Board.INDEX, Board.CURRENCY):
            assert quote.volume == stock.volume


async def test_sina_reads_what_was_simulated(exchange: Exchange, sina: Sina, clock: SteppingClock) -> None:
    asked = [symbol for symbol in SYMBOLS if sina.covers(symbol)]
    answer = await sina.fetch(asked)
    assert (answer.unknown, answer.refused) == (frozenset(), ())
    assert {quote.symbol for quote in answer.quotes} == set(asked)
    assert {quote.symbol.exchange.code for quote in answer.quotes} == {"SSE", "SZSE", "BSE", "HKEX", "US", "FX"}
    for quote in answer.quotes:
        stock = exchange.market.stocks[quote.symbol.text]
        check_common(quote, stock, clock)
        assert quote.open == money(stock, stock.open)
        if quote.symbol.board not in (Board.INDEX, Board.CURRENCY):
            assert quote.volume == stock.volume
        if quote.symbol.is_china and quote.symbol.board is not Board.INDEX:
            assert (quote.bid, quote.ask) == (money(stock, stock.bid), money(stock, stock.ask))


async def test_the_rates_read_as_simulated(exchange: Exchange, ecb: Ecb, clock: SteppingClock) -> None:
    rates = [parse_symbol(text) for text in ("CNY=X", "JPY=X", "EURUSD=X", "HKDCNY=X")]
    answer = await ecb.fetch([*rates, parse_symbol("GBPUSD=X")])
    assert answer.unknown == {parse_symbol("GBPUSD=X")}
    for quote in answer.quotes:
        stock = exchange.market.stocks[quote.symbol.text]
        assert quote.last == pytest.approx(money(stock, stock.last), rel=1e-5)
        assert f"{quote.as_of:%Y-%m-%d %H:%M}" == "2026-07-14 14:00"
        assert quote.delay_minutes is not None
        assert clock.now - quote.as_of < timedelta(minutes=quote.delay_minutes)
    assert [quote.symbol for quote in answer.quotes] == rates
    await exchange.fail("ecb", Fault(FaultKind.FUTURE, times=1))
    with pytest.raises(Garbled, match="a time in the future"):
        await ecb.fetch(rates)


async def test_yahoos_richer_quotes_read_as_simulated(
    exchange: Exchange, rich: YahooQuote, clock: SteppingClock
) -> None:
    answer = await rich.fetch(SYMBOLS[:20])
    answer = Answer((*answer.quotes, *(await rich.fetch(SYMBOLS[-20:])).quotes), answer.unknown, answer.refused)
    assert (answer.unknown, answer.refused) == (frozenset(), ())
    for quote in answer.quotes:
        stock = exchange.market.stocks[quote.symbol.text]
        check_common(quote, stock, clock)
        fx = quote.symbol.board is Board.CURRENCY
        assert (quote.bid, quote.ask) == ((None, None) if fx else (money(stock, stock.bid), money(stock, stock.ask)))
    assert [target.partition("?")[0] for target in exchange.tally("yahoo").targets] == [
        "/cookie",
        "/v1/test/getcrumb",
        "/v7/finance/quote",
        "/v7/finance/quote",
    ]


async def test_a_crumb_that_is_refused_is_fetched_anew_once_in_five_minutes(
    exchange: Exchange, rich: YahooQuote, clock: SteppingClock
) -> None:
    host = exchange.host("yahoo")
    assert isinstance(host, Host)
    policy = host.policy
    assert isinstance(policy, YahooPolicy)
    assert (await rich.fetch([NVDA])).quotes
    policy.crumb = "second.crumb"
    with pytest.raises(Refused, match="not tried again for 300 s"):
        await rich.fetch([NVDA])
    clock.advance(301)
    assert (await rich.fetch([NVDA])).quotes
    assert len([target for target in exchange.tally("yahoo").targets if "getcrumb" in target]) == 2


async def test_too_many_requests_is_never_a_crumb(exchange: Exchange, rich: YahooQuote) -> None:
    await exchange.fail("yahoo", Fault(FaultKind.LATENCY, times=1, seconds=0), Fault(FaultKind.STATUS))
    with pytest.raises(RateLimited, match="Too Many Requests"):
        await rich.fetch([NVDA])
    await exchange.heal("yahoo")
    with pytest.raises(Refused, match="no session: HTTP 429"):
        await rich.fetch([NVDA])
    assert not any("crumb=" in target for target in exchange.tally("yahoo").targets)


async def test_sina_answers_nobody_without_a_referer(exchange: Exchange) -> None:
    async with httpx.AsyncClient(transport=plain()) as client:
        answer = await client.get(exchange.sina_url + "/list=sh603308")
    assert (answer.status_code, answer.text) == (403, "Forbidden")


@pytest.mark.parametrize("name", ["tencent", "sina"])
async def test_a_sealed_stock_reads_as_at_its_limit(exchange: Exchange, sources: dict[str, Source], name: str) -> None:
    stock = exchange.market.stocks["002837.SZ"]
    for price, at_limit in ((70.20, 1), (57.44, -1), (63.00, 0)):
        exchange.market.trade("002837.SZ", price)
        quote = (await sources[name].fetch([ENVICOOL])).quotes[0]
        assert (quote.last, quote.at_limit) == (price, at_limit)
        sealed = seal(quote)
        assert bool(sealed) == bool(at_limit)
        if sealed is not None:
            assert (sealed.side, sealed.price) == (at_limit, price)
            assert sealed.shares == (stock.bid_size if at_limit > 0 else stock.ask_size)


@pytest.mark.parametrize("name", ["tencent", "sina"])
async def test_a_book_of_five_steps_is_read_in_shares(
    exchange: Exchange, sources: dict[str, Source], name: str
) -> None:
    exchange.market.trade("002837.SZ", 63.00)
    quote = (await sources[name].fetch([ENVICOOL])).quotes[0]
    stock = exchange.market.stocks["002837.SZ"]
    assert [price for price, _ in quote.bids] == pytest.approx(
        [(stock.bid or 0) / 100 - step / 100 for step in range(5)]
    )
    assert [price for price, _ in quote.asks] == pytest.approx(
        [(stock.ask or 0) / 100 + step / 100 for step in range(5)]
    )
    assert (quote.bids[0][1], quote.asks[0][1]) == (stock.bid_size, stock.ask_size)
    assert (quote.bid, quote.ask) == (quote.bids[0][0], quote.asks[0][0])


@pytest.mark.parametrize("name", ["tencent", "sina"])
async def test_a_suspended_stock_reads_as_suspended(exchange: Exchange, sources: dict[str, Source], name: str) -> None:
    for symbol in (ENVICOOL, TENCENT):
        exchange.market.suspend(symbol.text)
        answer = await sources[name].fetch([symbol])
        suspended = symbol is ENVICOOL
        assert [quote.trading for quote in answer.quotes] == [Trading.SUSPENDED if suspended else Trading.UNTRADED]
        assert answer.quotes[0].last == answer.quotes[0].previous_close


async def test_what_is_not_listed_reads_as_unknown(sources: dict[str, Source]) -> None:
    stranger = parse_symbol("TSLA")
    for source in sources.values():
        answer = await source.fetch([stranger, NVDA])
        assert (answer.unknown, [quote.symbol for quote in answer.quotes]) == (frozenset({stranger}), [NVDA])


async def test_delayed_times_are_read_as_sent(clock: SteppingClock) -> None:
    async with (
        Exchange(universe=LISTINGS, clock=clock, delayed=True) as exchange,
        Tencent(SourceSettings(exchange.tencent_url, 5, 60), clock) as tencent,
        Yahoo(SourceSettings(exchange.yahoo_url, 20, 300), clock) as yahoo,
    ):
        for source, symbol, minutes in (
            (tencent, ENVICOOL, 0),
            (tencent, TENCENT, 15),
            (yahoo, ENVICOOL, 15),
            (yahoo, TENCENT, 15),
            (yahoo, parse_symbol("9984.T"), 20),
            (yahoo, NVDA, 0),
        ):
            quote = (await source.fetch([symbol])).quotes[0]
            assert quote.as_of == clock.now - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.FIELD_COUNT,
        FaultKind.ZERO_PRICE,
        FaultKind.NEGATIVE_PRICE,
        FaultKind.HUGE_PRICE,
        FaultKind.FUTURE,
    ],
)
@pytest.mark.parametrize("name", HOSTS)
async def test_a_spoilt_line_is_refused_alone(
    exchange: Exchange, sources: dict[str, Source], name: str, kind: FaultKind
) -> None:
    source = sources[name]
    await source.fetch([NVDA])
    await exchange.fail(HOSTS[name], Fault(kind, times=1))
    asked: list[Symbol] = [NVDA, ENVICOOL, TENCENT]
    answer = await source.fetch(asked)
    assert [refusal.symbol for refusal in answer.refused] == ["NVDA"]
    assert [quote.symbol for quote in answer.quotes] == [ENVICOOL, TENCENT]
    assert answer.unknown == frozenset()
    assert len((await source.fetch(asked)).quotes) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(FaultKind.STATUS, retry_after="30"), RateLimited),
        (Fault(FaultKind.HTML), Garbled),
        (Fault(FaultKind.GARBAGE), Garbled),
        (Fault(FaultKind.EMPTY), Garbled),
        (Fault(FaultKind.CUT), Unreachable),
        (Fault(FaultKind.RESET), Unreachable),
        (Fault(FaultKind.REFUSE), Unreachable),
    ],
)
@pytest.mark.parametrize("name", HOSTS)
async def test_a_failing_host_is_told_apart(
    exchange: Exchange, sources: dict[str, Source], name: str, fault: Fault, error: type[Exception]
) -> None:
    source = sources[name]
    await source.fetch([NVDA])
    await exchange.fail(HOSTS[name], fault)
    with pytest.raises(error):
        await source.fetch([NVDA, ENVICOOL])
    await exchange.heal(HOSTS[name])
    assert len((await source.fetch([NVDA, ENVICOOL])).quotes) == 2


@pytest.mark.parametrize("when", ["pre", "post"])
async def test_prices_outside_the_session_are_read_as_such_wherever_they_are_sent(
    exchange: Exchange, yahoo: Yahoo, rich: YahooQuote, clock: SteppingClock, when: str
) -> None:
    exchange.market.extended = when
    exchange.market.advance()
    stock = exchange.market.stocks["NVDA"]
    close, last = (points / 100 for points in (stock.listing.previous_close, stock.last))
    frame = frames.read(stream.message(stock, clock(), extended=when), {"NVDA": NVDA}, clock())
    (polled,) = (await yahoo.fetch([NVDA])).quotes
    (priced,) = (await rich.fetch([NVDA])).quotes
    assert isinstance(frame, Quote)
    for quote in (frame, priced):
        assert quote.extended is not None
        assert (quote.extended.when, quote.last) == (when, close)
        assert quote.extended.last == pytest.approx(last)
    assert (polled.last, polled.extended) == (close, None)
    merged = combine(polled, frame)
    assert merged is not None
    assert (merged.last, merged.extended) == (close, frame.extended)
    (envicool,) = (await rich.fetch([ENVICOOL])).quotes
    assert envicool.extended is None
