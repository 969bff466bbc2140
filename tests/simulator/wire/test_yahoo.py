"""Yahoo's spark answer: its shape, its figures and its times."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from aiwatch.simulator.listings import universe
from aiwatch.simulator.market import Market
from aiwatch.simulator.wire.yahoo import MISSING_SYMBOLS, YahooWire
from tests.simulator.clock import NOON, SteppingClock

META_KEYS = {
    "currency": str,
    "symbol": str,
    "exchangeName": str,
    "fullExchangeName": str,
    "instrumentType": str,
    "regularMarketTime": int,
    "hasPrePostMarketData": bool,
    "gmtoffset": int,
    "timezone": str,
    "exchangeTimezoneName": str,
    "regularMarketPrice": float,
    "fiftyTwoWeekHigh": float,
    "fiftyTwoWeekLow": float,
    "regularMarketDayHigh": float,
    "regularMarketDayLow": float,
    "regularMarketVolume": int,
    "longName": str,
    "shortName": str,
    "chartPreviousClose": float,
    "previousClose": float,
    "scale": int,
    "priceHint": int,
    "currentTradingPeriod": dict,
    "tradingPeriods": list,
    "dataGranularity": str,
    "range": str,
    "validRanges": list,
}


@pytest.fixture
def market() -> Market:
    clock = SteppingClock()
    market = Market(universe(), seed=5, rate=50.0, clock=clock)
    clock.advance(30)
    market.advance()
    return market


@pytest.fixture
def wire(market: Market) -> YahooWire:
    return YahooWire(market)


def metas(wire: YahooWire, *symbols: str) -> dict[str, dict[str, Any]]:
    answer = json.loads(wire.body(wire.parts(symbols, NOON)))
    assert list(answer) == ["spark"]
    assert list(answer["spark"]) == ["result", "error"]
    assert answer["spark"]["error"] is None
    return {entry["symbol"]: entry["response"][0]["meta"] for entry in answer["spark"]["result"]}


def test_the_meta_has_the_recorded_keys_in_their_order(wire: YahooWire) -> None:
    for text, meta in metas(wire, "NVDA", "^HSI", "9984.T", "EURUSD=X", "002837.SZ").items():
        assert list(meta) == list(META_KEYS), text
        assert {key: type(value) for key, value in meta.items()} == META_KEYS, text


def test_an_entry_carries_a_bar_of_its_own_price(wire: YahooWire) -> None:
    entry = json.loads(wire.parts(["NVDA"], NOON)[0])
    answer = entry["response"][0]
    assert answer["timestamp"] == [answer["meta"]["regularMarketTime"]] == [int(NOON.timestamp())]
    assert answer["indicators"] == {"quote": [{"close": [answer["meta"]["regularMarketPrice"]]}]}


@pytest.mark.parametrize("text", [listing.symbol.text for listing in universe()])
def test_figures_agree_with_the_market(wire: YahooWire, market: Market, text: str) -> None:
    meta, stock = metas(wire, text)[text], market.stocks[text]
    scale = 10**stock.listing.decimals
    assert meta["priceHint"] == stock.listing.decimals
    assert meta["currency"] == stock.listing.symbol.currency
    assert meta["exchangeTimezoneName"] == stock.listing.symbol.zone
    assert meta["regularMarketPrice"] == stock.last / scale
    assert meta["previousClose"] == meta["chartPreviousClose"] == stock.listing.previous_close / scale
    assert meta["regularMarketDayLow"] <= meta["regularMarketPrice"] <= meta["regularMarketDayHigh"]
    assert meta["fiftyTwoWeekLow"] <= meta["regularMarketDayLow"]
    assert meta["fiftyTwoWeekHigh"] >= meta["regularMarketDayHigh"]
    assert meta["regularMarketVolume"] == stock.volume


def test_places_and_kinds(wire: YahooWire) -> None:
    result = metas(wire, "NVDA", "ORCL", "^HSI", "^GSPC", "EURUSD=X", "603757.SS", "002837.SZ", "SAP.DE")
    places = {text: (meta["exchangeName"], meta["instrumentType"]) for text, meta in result.items()}
    assert places == {
        "NVDA": ("NMS", "EQUITY"),
        "ORCL": ("NYQ", "EQUITY"),
        "^HSI": ("HKG", "INDEX"),
        "^GSPC": ("SNP", "INDEX"),
        "EURUSD=X": ("CCY", "CURRENCY"),
        "603757.SS": ("SHH", "EQUITY"),
        "002837.SZ": ("SHZ", "EQUITY"),
        "SAP.DE": ("GER", "EQUITY"),
    }
    assert [text for text, meta in result.items() if meta["hasPrePostMarketData"]] == ["NVDA", "ORCL"]


def test_unknown_symbols_are_silently_missing(wire: YahooWire) -> None:
    assert list(metas(wire, "MSFT", "NOSUCH", "NVDA")) == ["MSFT", "NVDA"]
    assert wire.body(wire.parts(["NOSUCH"], NOON)) == b'{"spark":{"result":[],"error":null}}'


def test_more_than_twenty_symbols_are_answered_as_asked(wire: YahooWire) -> None:
    texts = [listing.symbol.text for listing in universe()]
    assert len(texts) > 40
    assert list(metas(wire, *texts)) == texts


def test_requests_are_read(wire: YahooWire) -> None:
    assert wire.asked("/v7/finance/spark?symbols=%5EHSI%2CNVDA,EURUSD%3DX&range=1d") == ("^HSI", "NVDA", "EURUSD=X")
    assert wire.asked("/v7/finance/spark?symbols=^HSI,CNY=X") == ("^HSI", "CNY=X")
    assert wire.asked("/v8/finance/spark?symbols=NVDA") is None
    assert wire.refusal(wire.asked("/v7/finance/spark")) == (400, MISSING_SYMBOLS)
    assert json.loads(MISSING_SYMBOLS)["finance"]["error"]["code"] == "Bad Request"
    assert (wire.refusal(None) or (0,))[0] == 404


def test_the_trading_period_is_the_local_day(wire: YahooWire) -> None:
    for text, offset in (("002837.SZ", 8), ("NVDA", -4), ("9984.T", 9), ("SAP.DE", 2)):
        meta = metas(wire, text)[text]
        regular = meta["currentTradingPeriod"]["regular"]
        assert regular["start"] <= NOON.timestamp() < regular["end"]
        assert regular["end"] - regular["start"] == 86_400
        assert (regular["start"] + offset * 3600) % 86_400 == 0
        assert meta["gmtoffset"] == regular["gmtoffset"] == offset * 3600
        assert meta["tradingPeriods"] == [[regular]]


def test_the_trading_period_follows_the_day(wire: YahooWire) -> None:
    first = json.loads(wire.parts(["NVDA"], NOON)[0])["response"][0]["meta"]["currentTradingPeriod"]
    following = json.loads(wire.parts(["NVDA"], NOON + timedelta(days=1))[0])["response"][0]["meta"]
    assert following["currentTradingPeriod"]["regular"]["start"] == first["regular"]["end"]


def test_times_are_now_or_as_late_as_the_real_host(market: Market) -> None:
    texts = ("NVDA", "002837.SZ", "0700.HK", "9984.T", "EURUSD=X")
    now = int(NOON.timestamp())
    prompt, late = metas(YahooWire(market), *texts), metas(YahooWire(market, delayed=True), *texts)
    assert [prompt[text]["regularMarketTime"] - now for text in texts] == [0] * 5
    assert [now - late[text]["regularMarketTime"] for text in texts] == [0, 900, 900, 1200, 0]


def test_an_entry_changes_with_its_stock(wire: YahooWire, market: Market) -> None:
    before = wire.parts(["NVDA"], NOON)
    assert wire.parts(["NVDA"], NOON) == before
    market.trade("NVDA", 199.99)
    assert metas(wire, "NVDA")["NVDA"]["regularMarketPrice"] == 199.99


def test_a_suspended_stock_stands_at_its_previous_close(wire: YahooWire, market: Market) -> None:
    market.suspend("0700.HK")
    meta = metas(wire, "0700.HK")["0700.HK"]
    assert meta["regularMarketPrice"] == meta["previousClose"] == meta["regularMarketDayHigh"] == 590.0
    assert meta["regularMarketVolume"] == 0
