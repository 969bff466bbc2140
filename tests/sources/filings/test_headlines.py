"""Headlines of Yahoo and Sina: read, asked for over real sockets, and whatever comes in their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from aiwatch.config.settings import FilingSettings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.market.filings.filing import FilingPage
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange
from aiwatch.sources.filings.sina_news import PAGES, SinaNews, mark_of, parse_feed
from aiwatch.sources.filings.sina_news import parse_news as parse_sina
from aiwatch.sources.filings.yahoo_news import YahooNews
from aiwatch.sources.filings.yahoo_news import parse_news as parse_yahoo
from tests.sources.filings.mutations import believed

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
NVIDIA, MOUTAI, TENCENT, BERKSHIRE = map(parse_symbol, ("NVDA", "600519.SS", "0700.HK", "BRK-B"))
ARTICLES: list[dict[str, Any]] = [
    {
        "uuid": "5e2f",
        "title": "NVIDIA &amp; OpenAI sign a lease",
        "publisher": "Reuters",
        "link": "https://finance.yahoo.com/news/nvidia-openai-sign-lease-120000123.html",
        "providerPublishTime": 1795737600,
        "type": "STORY",
        "relatedTickers": ["NVDA", "ORCL"],
    },
    {
        "uuid": "77aa",
        "title": "Gold rises",
        "publisher": "Reuters",
        "link": "https://finance.yahoo.com/news/gold-rises.html",
        "providerPublishTime": 1795730000,
        "relatedTickers": ["GC=F"],
    },
]
STOCKS = {
    "stocks": [{"market": "cn", "symbol": "sh600519", "key": "贵州茅台"}, {"market": "hk", "symbol": "00700"}],
    "needPushWB": False,
    "docurl": "https://finance.sina.com.cn/7x24/2026-11-27/doc-inetwqye5363994.shtml",
}
ROWS: list[dict[str, Any]] = [
    {
        "id": 4000001,
        "rich_text": "【贵州茅台：前三季度净利润增长】财联社11月27日电",
        "create_time": "2026-11-27 16:30:05",
        "ext": json.dumps(STOCKS, ensure_ascii=False),
    },
    {"id": 4000000, "rich_text": "央行开展逆回购操作", "create_time": "2026-11-27 16:29:00", "ext": '{"stocks":[]}'},
]


def _yahoo(body: bytes) -> FilingPage:
    return parse_yahoo(body, NVIDIA, NOW, "host")


def _sina(body: bytes) -> FilingPage:
    return parse_sina(parse_feed(body, "host"), MOUTAI, NOW, "host")


def _search(articles: Any) -> str:
    return json.dumps({"count": 2, "quotes": [], "news": articles})


def _feed(rows: Any) -> str:
    return json.dumps({"result": {"status": {"code": 0}, "data": {"feed": {"list": rows}}}})


def test_an_article_that_names_the_symbol_is_a_headline() -> None:
    page = _yahoo(_search(ARTICLES).encode())
    (headline,) = page.filings
    assert (headline.title, headline.publisher) == ("NVIDIA & OpenAI sign a lease", "Reuters")
    assert headline.is_headline
    assert headline.at == datetime(2026, 11, 27, tzinfo=UTC)
    assert headline.link == ARTICLES[0]["link"]
    assert page.refused == ()
    assert _yahoo(_search([]).encode()) == _yahoo(_search(ARTICLES[1:]).encode()) == FilingPage()


def test_a_row_that_is_marked_with_the_stock_is_a_headline_by_its_heading() -> None:
    page = _sina(_feed(ROWS).encode())
    (headline,) = page.filings
    assert (headline.title, headline.publisher) == ("贵州茅台：前三季度净利润增长", "Sina 7×24")
    assert (headline.at, headline.day) == (datetime(2026, 11, 27, 8, 30, 5, tzinfo=UTC), date(2026, 11, 27))
    assert headline.link == STOCKS["docurl"]
    assert page.refused == ()
    assert len(parse_sina(parse_feed(_feed(ROWS).encode(), "host"), TENCENT, NOW, "host").filings) == 1
    assert parse_sina(parse_feed(_feed(ROWS).encode(), "host"), NVIDIA, NOW, "host") == FilingPage()


def test_each_market_has_its_mark() -> None:
    assert mark_of(MOUTAI) == ("cn", "sh600519")
    assert mark_of(TENCENT) == ("hk", "00700")
    assert mark_of(BERKSHIRE) == ("us", "brk.b")
    assert mark_of(parse_symbol("9984.T")) is None


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (_yahoo, b"<html>"),
        (_yahoo, b"{}"),
        (_yahoo, b'{"news": 5}'),
        (_yahoo, b'{"news": [{"relatedTickers": "NVDA"}]}'),
        (_yahoo, _search([{"relatedTickers": ["NVDA"]}]).encode()),
        (_sina, b"[" * 100_000),
        (_sina, b'{"result": {"data": {"feed": {}}}}'),
        (_sina, _feed([{"ext": "{"}]).encode()),
        (_sina, b"\xff"),
    ],
)
def test_what_is_no_list_of_headlines_is_refused_whole(read: Callable[[bytes], Any], body: bytes) -> None:
    with pytest.raises(Garbled):
        read(body)


def test_a_headline_that_cannot_be_is_refused_alone() -> None:
    article, row = ARTICLES[0], ROWS[0]
    changes: list[tuple[str, Any, dict[str, Any]]] = [
        ("a link that is none", _yahoo, {"link": "http://finance.yahoo.com/x"}),
        ("a link that is none", _yahoo, {"link": "https://user@evil.example/x"}),
        ("a link that is none", _yahoo, {"link": "javascript:alert(1)"}),
        ("no title", _yahoo, {"title": " <b></b> "}),
        ("no publisher", _yahoo, {"publisher": "\x1b"}),
        ("a time that cannot be", _yahoo, {"providerPublishTime": -1}),
        ("a time in the future", _yahoo, {"providerPublishTime": 1795737600 + 9 * 86_400}),
        ("a time that is none", _sina, {"create_time": "27 Nov"}),
        ("no text", _sina, {"rich_text": ""}),
        ("month must be in 1..12", _sina, {"create_time": "2026-13-27 16:30:05"}),
    ]
    for reason, read, change in changes:
        rows, packed = (article, _search) if read is _yahoo else (row, _feed)
        page = read(packed([rows, rows | change]).encode())
        assert len(page.filings) == 1, reason
        assert len(page.refused) == 1, reason
        if "month" not in reason:
            assert reason in page.refused[0], (reason, page.refused)


def test_a_link_to_elsewhere_is_left_out_of_a_row_of_sina() -> None:
    for link in ("https://evil.example/x", "http://finance.sina.cn/x", "https://sina.cn.evil.example/", "x" * 400):
        ext = json.dumps(STOCKS | {"docurl": link})
        (headline,) = _sina(_feed([ROWS[0] | {"ext": ext}]).encode()).filings
        assert headline.link == ""


@pytest.mark.parametrize(
    ("read", "value", "packed"), [(_yahoo, ARTICLES, _search), (_sina, ROWS, _feed)], ids=["yahoo", "sina"]
)
def test_whatever_comes_only_headlines_that_can_be_are_believed(
    read: Callable[[bytes], FilingPage], value: Any, packed: Callable[[Any], str]
) -> None:
    for page in believed(read, value, packed):
        for headline in page.filings:
            assert headline.publisher
            assert headline.is_headline
            assert headline.at is not None
            assert headline.at <= NOW + timedelta(days=1)
            assert not headline.link or urlsplit(headline.link).scheme == "https"


CLIENTS: dict[str, tuple[Callable[..., Any], Symbol]] = {
    "yahoo_news": (YahooNews, parse_symbol("NVDA")),
    "sina_news": (SinaNews, parse_symbol("603757.SS")),
}


async def test_each_host_is_asked_in_its_own_way() -> None:
    async with Exchange(universe=universe(1), clock=lambda: NOW) as exchange:
        for name, (make, symbol) in CLIENTS.items():
            async with make(FilingSettings(exchange.host(name).url), lambda: NOW) as client:
                page = await client.filings(symbol)
                assert page.filings, name
                assert page.refused == (), name
                assert all("imulated" in headline.title for headline in page.filings)
                assert {headline.link for headline in page.filings} == {""}, "nothing simulated leads to a real host"
        assert "q=NVDA&newsCount=20&quotesCount=0" in exchange.tally("yahoo_news").targets[0]
        assert exchange.requests("sina_news").value == PAGES


async def test_a_feed_serves_every_symbol_for_an_hour() -> None:
    now = NOW
    async with (
        Exchange(universe=universe(1), clock=lambda: now) as exchange,
        SinaNews(FilingSettings(exchange.host("sina_news").url), lambda: now) as client,
    ):
        for text in ("603757.SS", "002837.SZ", "0700.HK"):
            await client.filings(parse_symbol(text))
        assert exchange.requests("sina_news").value == PAGES
        now += timedelta(hours=1)
        await client.filings(parse_symbol("603757.SS"))
        assert exchange.requests("sina_news").value == 2 * PAGES


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(FaultKind.STATUS, status=403), Refused),
        (Fault(FaultKind.STATUS, status=429), RateLimited),
        (Fault(FaultKind.HTML), Garbled),
        (Fault(FaultKind.EMPTY), Garbled),
        (Fault(FaultKind.CUT), Unreachable),
        (Fault(FaultKind.REFUSE), Unreachable),
        (Fault(FaultKind.HANG), Unreachable),
    ],
    ids=lambda value: str(value.kind) if isinstance(value, Fault) else "",
)
async def test_a_failing_host_is_named(name: str, fault: Fault, kind: type[SourceError]) -> None:
    make, symbol = CLIENTS[name]
    async with Exchange(universe=universe(1), clock=lambda: NOW) as exchange:
        url = exchange.host(name).url
        await exchange.fail(name, fault)
        async with make(FilingSettings(url, 0.3 if fault.kind is FaultKind.HANG else 5), lambda: NOW) as client:
            with pytest.raises(kind) as raised:
                await client.filings(symbol)
        assert raised.value.host in url
