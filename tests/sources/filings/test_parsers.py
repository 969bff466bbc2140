"""What the SEC, cninfo and HKEXnews send, read: rows, links, and whatever comes in their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from aiwatch.errors import Garbled
from aiwatch.market.filings.filing import FilingPage
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.filings.cninfo import parse_announcements
from aiwatch.sources.filings.cninfo import parse_companies as parse_cninfo_companies
from aiwatch.sources.filings.hkex import parse_stock, parse_titles
from aiwatch.sources.filings.sec import parse_submissions
from aiwatch.sources.sec_companies import parse_companies
from tests.sources.filings.mutations import believed

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
NVIDIA, ENVICOOL, TENCENT = map(parse_symbol, ("NVDA", "002837.SZ", "0700.HK"))
CIK = 1045810
SUBMISSIONS: dict[str, Any] = {
    "cik": "0001045810",
    "name": "NVIDIA CORP",
    "filings": {
        "recent": {
            "accessionNumber": ["0001045810-26-000021", "0001045810-26-000020", "0001045810-26-000019"],
            "filingDate": ["2026-11-26", "2026-11-20", "2026-11-19"],
            "form": ["8-K", "10-Q", "4"],
            "items": ["1.01,9.01", "", ""],
            "primaryDocument": ["nvda-20261126.htm", "nvda-q3.htm", "xslF345X05/form4.xml"],
            "primaryDocDescription": ["8-K", "10-Q FOR Q3", ""],
        },
        "files": [],
    },
}
ANNOUNCEMENTS: dict[str, Any] = {
    "totalRecordNum": 2,
    "announcements": [
        {
            "secCode": "002837",
            "secName": "英维克",
            "announcementTitle": "关于签订<em>液冷</em>合同的公告",
            "announcementTime": 1795622400000,
            "adjunctUrl": "finalpage/2026-11-26/1225475868.PDF",
            "announcementTypeName": None,
        },
        {
            "secCode": "002837",
            "secName": "英维克",
            "announcementTitle": "投资者关系活动记录表",
            "announcementTime": 1795595400000,
            "adjunctUrl": None,
        },
    ],
}
TITLES: list[dict[str, Any]] = [
    {
        "STOCK_CODE": "00700<br/>80700",
        "STOCK_NAME": "TENCENT<br/>TENCENT-R",
        "TITLE": "ANNOUNCEMENT OF RESULTS &amp; CAPEX",
        "LONG_TEXT": "Announcements and Notices - [Quarterly Results]",
        "DATE_TIME": "26/11/2026 16:32",
        "FILE_LINK": "/listedco/listconews/sehk/2026/1126/2026112600321.pdf",
    }
]
HKEX_ANSWER = {"result": json.dumps(TITLES), "hasNextRow": False}


def _sec(body: bytes) -> FilingPage:
    return parse_submissions(body, NVIDIA, CIK, NOW, "host")


def _cninfo(body: bytes) -> FilingPage:
    return parse_announcements(body, ENVICOOL, NOW, "host")


def _hkex(body: bytes) -> FilingPage:
    return parse_titles(body, TENCENT, NOW, "host")


def _inner(rows: Any) -> bytes:
    return json.dumps({"result": json.dumps(rows)}).encode()


def test_submissions_are_filings_with_their_items_and_documents() -> None:
    deal, quarter, trade = _sec(json.dumps(SUBMISSIONS).encode()).filings
    assert deal.title == "Entry into a Material Definitive Agreement"
    assert (deal.form, deal.day, deal.at, deal.publisher) == ("8-K", date(2026, 11, 26), None, "NVIDIA CORP")
    assert deal.link == "https://www.sec.gov/Archives/edgar/data/1045810/000104581026000021/nvda-20261126.htm"
    assert (quarter.title, trade.title) == ("10-Q FOR Q3", "4")
    assert trade.link.endswith("/000104581026000019/xslF345X05/form4.xml")


def test_announcements_are_filings_of_a_day_or_of_a_moment() -> None:
    contract, visit = _cninfo(json.dumps(ANNOUNCEMENTS).encode()).filings
    assert contract.title == "关于签订 液冷 合同的公告"
    assert (contract.day, contract.at) == (date(2026, 11, 26), None)
    assert contract.link == "https://static.cninfo.com.cn/finalpage/2026-11-26/1225475868.PDF"
    assert (visit.day, visit.at) == (date(2026, 11, 25), datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    assert (visit.publisher, visit.link) == ("英维克", "")
    assert _cninfo(b'{"announcements": null}') == FilingPage()


def test_titles_are_filings_with_the_time_of_hong_kong() -> None:
    (results,) = _hkex(json.dumps(HKEX_ANSWER).encode()).filings
    assert results.title == "ANNOUNCEMENT OF RESULTS & CAPEX"
    assert (results.publisher, results.at) == ("TENCENT TENCENT-R", datetime(2026, 11, 26, 8, 32, tzinfo=UTC))
    assert results.form == "Announcements and Notices - [Quarterly Results]"
    assert results.link == "https://www1.hkexnews.hk/listedco/listconews/sehk/2026/1126/2026112600321.pdf"
    assert _hkex(b'{"result": "null"}') == _hkex(b'{"result": null}') == FilingPage()


def test_the_numbers_of_companies_are_read() -> None:
    tickers = {"0": {"cik_str": CIK, "ticker": "NVDA", "title": "NVIDIA: CORP"}}
    assert parse_companies(json.dumps(tickers).encode(), "host") == {"NVDA": CIK}
    stocks = {"stockList": [{"code": "002837", "orgId": "9900029287", "zwjc": "英维克"}, {"code": "1", "orgId": "a,b"}]}
    assert parse_cninfo_companies(json.dumps(stocks).encode(), "host") == {"002837": "9900029287"}
    result = b'callback({"more":"0","stockInfo":[{"stockId":9,"code":"07000"},{"stockId":7609,"code":"00700"}]});\n'
    assert parse_stock(result, TENCENT, "host") == 7609
    assert parse_stock(b'callback({"stockInfo":[]});', TENCENT, "host") is None


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (_sec, b"<html>"),
        (_sec, json.dumps(SUBMISSIONS | {"cik": "1"}).encode()),
        (_sec, json.dumps(SUBMISSIONS).replace('"10-Q",', "").encode()),
        (_cninfo, b"{}"),
        (_cninfo, b"[" * 100_000),
        (_cninfo, json.dumps({"announcements": [{"secCode": "000001"}]}).encode()),
        (_hkex, b'{"result": "<html>"}'),
        (_hkex, b'{"result": 5}'),
        (_hkex, b"\xff"),
        (lambda body: parse_stock(body, TENCENT, "host"), b'{"stockInfo": []}'),
        (lambda body: parse_companies(body, "host"), b"[]"),
    ],
)
def test_what_is_no_list_of_filings_is_refused_whole(read: Callable[[bytes], Any], body: bytes) -> None:
    with pytest.raises(Garbled):
        read(body)


def test_a_row_that_cannot_be_is_refused_alone() -> None:
    good, row = ANNOUNCEMENTS["announcements"][0], TITLES[0]
    rows: dict[str, tuple[Callable[[bytes], FilingPage], dict[str, Any]]] = {
        "another stock": (_cninfo, {"secCode": "000001"}),
        "a path that is none": (_cninfo, {"adjunctUrl": "//evil.example/x.pdf"}),
        "a path that is none: ../": (_cninfo, {"adjunctUrl": "../x.pdf"}),
        "a path that is none: https": (_cninfo, {"adjunctUrl": "https://evil.example/x"}),
        "no title": (_cninfo, {"announcementTitle": "\x1b\u202e <br> "}),
        "a day that cannot be": (_cninfo, {"announcementTime": 1}),
        "a time that cannot be": (_cninfo, {"announcementTime": 10**15}),
        "future": (_cninfo, {"announcementTime": 1795622400000 + 40 * 86_400_000 + 1000}),
        "a time that is none": (_hkex, {"DATE_TIME": "2026-11-26"}),
        "day is out of range": (_hkex, {"DATE_TIME": "31/02/2026 10:00"}),
        "of another stock": (_hkex, {"STOCK_CODE": "80700"}),
    }
    for reason, (read, change) in rows.items():
        if read is _cninfo:
            page = read(json.dumps({"announcements": [good, good | change]}).encode())
        else:
            page = read(_inner([row, row | change]))
        assert len(page.filings) == 1, reason
        assert reason in page.refused[0], (reason, page.refused)


OWN = {"www.sec.gov", "static.cninfo.com.cn", "www1.hkexnews.hk"}


@pytest.mark.parametrize(
    ("read", "value", "packed"),
    [
        (_sec, SUBMISSIONS, json.dumps),
        (_cninfo, ANNOUNCEMENTS, json.dumps),
        (_hkex, TITLES, lambda rows: json.dumps({"result": json.dumps(rows)})),
    ],
    ids=["sec", "cninfo", "hkex"],
)
def test_whatever_comes_only_filings_that_can_be_are_believed(
    read: Callable[[bytes], FilingPage], value: Any, packed: Callable[[Any], str]
) -> None:
    for page in believed(read, value, packed):
        for filing in page.filings:
            assert date(1990, 1, 1) <= filing.day <= date(2026, 12, 31)
            address = urlsplit(filing.link)
            assert not filing.link or (address.scheme == "https" and address.netloc in OWN)
            assert ".." not in filing.link
