"""What the exchange simulates is what the sources read, over real sockets, for every market."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from aiwatch.errors import Garbled, RateLimited, Unreachable
from aiwatch.exchange.faults import Fault, FaultKind
from aiwatch.exchange.listings import synthetic, universe
from aiwatch.exchange.server import Exchange
from aiwatch.exchange.simulation import Stock
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Board, Symbol, parse_symbol
from aiwatch.settings import SourceSettings
from aiwatch.sources.tencent import Tencent
from aiwatch.sources.yahoo import Yahoo
from tests.exchange.clock import SteppingClock

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


async def test_a_sealed_stock_reads_as_at_its_limit(exchange: Exchange, tencent: Tencent) -> None:
    for price, at_limit in ((70.20, 1), (57.44, -1), (63.00, 0)):
        exchange.market.trade("002837.SZ", price)
        quote = (await tencent.fetch([ENVICOOL])).quotes[0]
        assert (quote.last, quote.at_limit) == (price, at_limit)


async def test_a_suspended_stock_reads_as_suspended(exchange: Exchange, tencent: Tencent) -> None:
    for symbol in (ENVICOOL, TENCENT, NVDA):
        exchange.market.suspend(symbol.text)
        answer = await tencent.fetch([symbol])
        suspended = symbol is ENVICOOL
        assert [quote.trading for quote in answer.quotes] == [Trading.SUSPENDED if suspended else Trading.UNTRADED]


async def test_what_is_not_listed_reads_as_unknown(tencent: Tencent, yahoo: Yahoo) -> None:
    stranger = parse_symbol("TSLA")
    for source in (tencent, yahoo):
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
@pytest.mark.parametrize("name", ["tencent", "yahoo"])
async def test_a_spoilt_line_is_refused_alone(
    exchange: Exchange, tencent: Tencent, yahoo: Yahoo, name: str, kind: FaultKind
) -> None:
    source: Tencent | Yahoo = tencent if name == "tencent" else yahoo
    await exchange.fail(name, Fault(kind, times=1))
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
@pytest.mark.parametrize("name", ["tencent", "yahoo"])
async def test_a_failing_host_is_told_apart(
    exchange: Exchange, tencent: Tencent, yahoo: Yahoo, name: str, fault: Fault, error: type[Exception]
) -> None:
    source: Tencent | Yahoo = tencent if name == "tencent" else yahoo
    await exchange.fail(name, fault)
    with pytest.raises(error):
        await source.fetch([NVDA, ENVICOOL])
    await exchange.heal(name)
    assert len((await source.fetch([NVDA, ENVICOOL])).quotes) == 2
