"""The searches: what is read of their answers, over real sockets too."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange
from aiwatch.sources.search import LONGEST_TEXT, StockMatch, searchable
from aiwatch.sources.tencent import search as tencent_search
from aiwatch.sources.tencent.search import TencentSearch
from aiwatch.sources.yahoo import search as yahoo_search
from aiwatch.sources.yahoo.search import YahooSearch

Clock = Callable[[], datetime]
HINTS = (
    r"sz~000847~\u817e\u8baf\u6d4e\u5b89~txja~ZS^hk~00700~\u817e\u8baf\u63a7\u80a1~txkg~GP"
    r"^us~tcehy.ps~\u817e\u8baf\u63a7\u80a1(adr)~txkgadr~GP^us~brk.b.n~Berkshire~bkxb~GP^us~aapl.oq~\u82f9\u679c~pg~GP"
    r"^us~.dji~\u9053\u743c\u65af~dqs~ZS^sh~600519~\u8d35\u5dde\u8305\u53f0~gzmt~GP-A^sz~159915~\u521b\u4e1a\u677fETF~~ETF"
    r"^pt~01801080~\u7535\u5b50~dz~BK^sh~113050~\u5357\u94f6\u8f6c\u503a~nyzz~ZQ-KZZ^hk~00700~\u817e\u8baf~tx~GP"
    r"^hk~hsi~\u6052\u751f\u6307\u6570~hszs~ZS^hk~hscei~\u56fd\u4f01~gqzs~ZS^sz~12~x~x~GP-A^sz~000001~~payh~GP-A^sz"
)


def _hints(entries: str) -> bytes:
    return f'v_hint="{entries}";'.encode()


def test_tencents_hints_become_stocks_and_indices() -> None:
    assert [
        (item.symbol.text, item.name, item.name_zh, item.exchange) for item in tencent_search.parse(_hints(HINTS), "x")
    ] == [
        ("000847.SZ", "", "腾讯济安", "Shenzhen Stock Exchange"),
        ("0700.HK", "", "腾讯控股", "Hong Kong Exchanges"),
        ("TCEHY", "", "腾讯控股(adr)", "OTC"),
        ("BRK-B", "Berkshire", "", "NYSE"),
        ("AAPL", "", "苹果", "Nasdaq"),
        ("^DJI", "", "道琼斯", "NYSE and Nasdaq"),
        ("600519.SS", "", "贵州茅台", "Shanghai Stock Exchange"),
        ("159915.SZ", "", "创业板ETF", "Shenzhen Stock Exchange"),
        ("^HSI", "", "恒生指数", "Hong Kong Exchanges"),
        ("^HSCE", "", "国企", "Hong Kong Exchanges"),
    ]


def test_nothing_is_an_answer() -> None:
    assert tencent_search.parse(b'v_hint="N";', "x") == ()
    assert tencent_search.parse(b'v_hint=""', "x") == ()
    assert yahoo_search.parse(b'{"quotes": []}', "x") == ()


@pytest.mark.parametrize("body", [b"", b"<html>", b'v_hint="sz~1', b'v_hint="N"; alert(1)', b'x="N"', b"\xff"])
def test_what_is_no_answer_of_tencents_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled, match="no list of search hints"):
        tencent_search.parse(body, "x")


def test_names_are_fit_for_the_terminal() -> None:
    [item] = tencent_search.parse(_hints(r"sz~002837~\u001b[31m\u82f1\u7ef4\u514b\ud83d~ywk~GP-A"), "x")
    assert item.name_zh == "[31m英维克"
    [item] = tencent_search.parse(_hints(f"sz~002837~{'a' * 500}~ywk~GP-A"), "x")
    assert len(item.name) == 60


QUOTES: list[Any] = [
    {"symbol": "AAPL", "quoteType": "EQUITY", "longname": "Apple Inc.", "shortname": "Apple", "exchDisp": "NASDAQ"},
    {"symbol": "9988.HK", "quoteType": "EQUITY", "shortname": "BABA-W\u001b", "exchDisp": "Hong Kong"},
    {"symbol": "AAPL.VI", "quoteType": "EQUITY", "longname": "Apple Inc.", "exchDisp": "Vienna"},
    {"symbol": "APC.F", "quoteType": "EQUITY", "longname": "Apple Inc.", "exchDisp": "Frankfurt"},
    {"symbol": "APC.DE", "quoteType": "EQUITY", "longname": "Apple Inc.", "exchDisp": "XETRA"},
    {"symbol": "BABA251219P00095000", "quoteType": "OPTION", "longname": "put"},
    {"symbol": "BTC-USD", "quoteType": "CRYPTOCURRENCY", "shortname": "Bitcoin"},
    {"symbol": "GC=F", "quoteType": "FUTURE", "shortname": "Gold"},
    {"symbol": "ESZ25", "quoteType": "FUTURE", "shortname": "E-Mini S&P 500"},
    {"symbol": "USDCNY=X", "quoteType": "CURRENCY", "shortname": "USD/CNY"},
    {"symbol": "^HSI", "quoteType": "INDEX", "shortname": "HANG SENG INDEX", "exchDisp": "HKSE"},
    {"symbol": "AAPL", "quoteType": "EQUITY", "longname": "again"},
    {"symbol": "NVDA", "quoteType": "EQUITY"},
    {"symbol": 3, "quoteType": "EQUITY", "longname": "x"},
    {"index": "12fc", "name": "Bababos", "isYahooFinance": False},
    "text",
    None,
]


def test_yahoos_quotes_become_what_can_be_followed() -> None:
    result = yahoo_search.parse(json.dumps({"quotes": QUOTES}).encode(), "x")
    assert [(item.symbol.text, item.name, item.exchange) for item in result] == [
        ("AAPL", "Apple Inc.", "NASDAQ"),
        ("9988.HK", "BABA-W", "Hong Kong"),
        ("AAPL.VI", "Apple Inc.", "Vienna"),
        ("APC.F", "Apple Inc.", "Frankfurt"),
        ("APC.DE", "Apple Inc.", "XETRA"),
        ("BTC-USD", "Bitcoin", "Crypto-currencies"),
        ("GC=F", "Gold", "Futures"),
        ("CNY=X", "USD/CNY", "Foreign exchange"),
        ("^HSI", "HANG SENG INDEX", "HKSE"),
    ]
    assert {item.source for item in result} == {"yahoo"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"quotes": {}}', b"<html>", b"\xff"])
def test_what_is_no_answer_of_yahoos_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled):
        yahoo_search.parse(body, "x")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
QUOTE = st.fixed_dictionaries(
    {"symbol": st.sampled_from(("NVDA", "0700.HK", "GC=F")) | JSON, "quoteType": st.just("EQUITY") | JSON},
    optional={"longname": st.text() | JSON, "shortname": JSON, "exchDisp": st.text() | JSON},
)


def _is_fit(item: StockMatch) -> bool:
    texts = (item.name, item.name_zh, item.exchange)
    return any(texts[:2]) and all(text.isprintable() and len(text) <= 60 for text in texts)


@given(st.lists(QUOTE | JSON, max_size=5))
def test_any_quotes_are_read(quotes: list[Any]) -> None:
    assert all(map(_is_fit, yahoo_search.parse(json.dumps({"quotes": quotes}).encode(), "x")))


WORDS = st.sampled_from(("sz", "us", "GP", r"\u82f1", "002837"))
FIELD = st.text(st.characters(codec="utf-8", exclude_characters='"'), max_size=12) | WORDS


@given(st.lists(st.lists(FIELD, max_size=6).map("~".join), max_size=6).map("^".join))
def test_any_hints_are_read(entries: str) -> None:
    assert all(map(_is_fit, tencent_search.parse(_hints(entries), "x")))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_garbled(body: bytes) -> None:
    for parse in (tencent_search.parse, yahoo_search.parse):
        try:
            parse(body, "x")
        except SourceError:
            continue


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("  ying \t wei\nke ", "ying wei ke"),
        ("ｙｗｋ", "ywk"),
        ("a\x1b[2J", "a [2J"),
        ("...", ""),
        ("", ""),
        ("x" * 100, "x" * LONGEST_TEXT),
    ],
)
def test_what_is_sent_of_a_text(text: str, sent: str) -> None:
    assert searchable(text) == sent


def _at(url: str) -> SourceSettings:
    return SourceSettings(url, 1, 1, timeout=5)


async def test_the_exchange_answers_as_tencent_does(clock: Clock) -> None:
    async with (
        Exchange(clock=clock, rate=0) as exchange,
        TencentSearch(_at(exchange.tencent_url), clock) as search,
    ):
        for text in ("英维克", "002837", "sz0028", "envicool"):
            [item] = await search.find(text)
            assert (item.symbol.text, item.name_zh, item.source) == ("002837.SZ", "英维克", "tencent")
        assert [item.symbol.text for item in await search.find("中国银行")] == ["601988.SS", "3988.HK"]
        [item] = await search.find("brk")
        assert (item.symbol.text, item.exchange) == ("BRK-B", "NYSE")
        assert await search.find("zzzz") == ()
        requests = exchange.requests("tencent").value
        assert await search.find(" … ") == ()
        assert exchange.requests("tencent").value == requests


async def test_the_exchange_answers_as_yahoo_does(clock: Clock) -> None:
    async with Exchange(clock=clock, rate=0) as exchange, YahooSearch(_at(exchange.yahoo_url), clock) as search:
        [item] = await search.find("nvidia")
        assert (item.symbol.text, item.name, item.exchange) == ("NVDA", "NVIDIA Corporation", "NasdaqGS")
        assert [item.symbol.text for item in await search.find("bank of")] == ["601988.SS", "3988.HK"]
        assert await search.find("zzzz") == ()
        requests = exchange.requests("yahoo").value
        assert await search.find("英维克") == ()
        assert exchange.requests("yahoo").value == requests


@pytest.mark.parametrize(("name", "search"), [("tencent", TencentSearch), ("yahoo", YahooSearch)])
async def test_a_host_that_fails_is_an_error_of_the_tree(
    clock: Clock, name: str, search: type[TencentSearch] | type[YahooSearch]
) -> None:
    kinds: list[tuple[Fault, type[SourceError]]] = [
        (Fault(FaultKind.STATUS, status=429, retry_after="7"), RateLimited),
        (Fault(FaultKind.STATUS, status=500), Refused),
        (Fault(FaultKind.HTML), Garbled),
        (Fault(FaultKind.EMPTY), Garbled),
        (Fault(FaultKind.GARBAGE), Garbled),
    ]
    async with Exchange(clock=clock, rate=0) as exchange:
        url = exchange.tencent_url if name == "tencent" else exchange.yahoo_url
        async with search(_at(url), clock) as opened:
            for fault, kind in kinds:
                await exchange.fail(name, fault)
                with pytest.raises(kind):
                    await opened.find("nvidia")
                await exchange.heal(name)
            await exchange.fail(name, Fault(FaultKind.UNKNOWN, symbol="*"))
            assert await opened.find("nvidia") == ()
            await exchange.heal(name)
            await exchange.fail(name, Fault(FaultKind.FIELD_COUNT, symbol="*"))
            assert await opened.find("nvidia") == ()


async def test_a_text_that_yahoo_does_not_take_finds_nothing(clock: Clock) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(400, content=b'{"finance":{"result":null}}'))
    async with YahooSearch(_at("http://127.0.0.1:9"), clock, transport=transport) as search:
        assert await search.find("naïve") == ()
