"""Filings as the SEC, cninfo and HKEXnews list them. All of it is made up, and each title says so.

No filing has a document, so none has a link: a demo leads nobody to a page of a real host.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs
from zlib import crc32

from aiwatch.market.symbol import BSE, SSE, SZSE, US
from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.listings import Listing
from aiwatch.simulator.reply import Reply

_JSON = "application/json"
_DAYS = 60
_ONE_IN = 6
_EAST_8 = timezone(timedelta(hours=8))
_SUBMISSIONS = re.compile(r"/submissions/CIK(\d{10})\.json")
_TICKERS = "/files/company_tickers.json"
_STOCKS = "/new/data/szse_stock.json"
_ANNOUNCEMENTS = "/new/hisAnnouncement/query"
_PREFIX = "/search/prefix.do"
_TITLES = "/search/titleSearchServlet.do"
_FORMS = (("8-K", "1.01,9.01"), ("8-K", "2.02,9.01"), ("10-Q", ""), ("4", ""))


class SecFilingsPage:
    """The SEC's list of companies, which are the American ``listings``, and what each has filed."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._tickers = [listing.symbol.text for listing in listings if listing.symbol.exchange is US]

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The number of the company that is asked for; nothing for the list."""
        match = _SUBMISSIONS.fullmatch(target)
        return (match[1],) if match else () if target == _TICKERS else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer."""
        numbers = self.asked(target)
        if not numbers:
            entries = [
                {"cik_str": _number(text), "ticker": text, "title": f"{text} Simulated"} for text in self._tickers
            ]
            listed = [] if FaultKind.UNKNOWN in faults else entries
            return _sent({str(place): entry for place, entry in enumerate(listed)})
        rows = list(_filed(numbers[0], now.date()))
        forms = [_FORMS[number % len(_FORMS)] for _, number in rows]
        recent = {
            "accessionNumber": [f"{int(numbers[0]) % 10**10:010d}-{day:%y}-{number:06d}" for day, number in rows],
            "filingDate": [day.isoformat() for day, _ in rows],
            "form": [form for form, _ in forms],
            "items": [items for _, items in forms],
            "primaryDocument": ["" for _ in rows],
            "primaryDocDescription": [f"Simulated {form}" for form, _ in forms],
        }
        name = f"Simulated company {int(numbers[0])}"
        return _sent({"cik": numbers[0], "name": name, "filings": {"recent": recent, "files": []}})


class CninfoPage:
    """cninfo's list of stocks, which are the mainland's ``listings``, and the announcements of each."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        mainland = (SSE, SZSE, BSE)
        self._codes = [listing.symbol.code for listing in listings if listing.symbol.exchange in mainland]

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The code that is asked for; nothing for the list."""
        path, _, query = target.partition("?")
        if path == _STOCKS:
            return ()
        return (_field(query, "stock"),) if path == _ANNOUNCEMENTS else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer; ``null`` for a stock whose code and number do not go together."""
        stocks = self.asked(target)
        if not stocks:
            listed = [] if FaultKind.UNKNOWN in faults else self._codes
            return _sent({"stockList": [{"code": code, "orgId": f"sim{code}", "category": "A股"} for code in listed]})
        code, _, number = stocks[0].partition(",")
        if number != f"sim{code}":
            return _sent({"announcements": None, "totalRecordNum": 0})
        rows = [
            {
                "secCode": code,
                "secName": f"模拟{code}",
                "announcementTitle": f"模拟公告 Simulated announcement {filed}",
                "announcementTime": int(datetime.combine(day, time(), _EAST_8).timestamp()) * 1000,
                "adjunctUrl": None,
                "announcementTypeName": None,
            }
            for day, filed in _filed(code, now.astimezone(_EAST_8).date())
        ]
        return _sent({"announcements": rows, "totalRecordNum": len(rows)})


class HkexPage:
    """HKEX's numbers of stocks, and the titles of each."""

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The code or the number that is asked for."""
        path, _, query = target.partition("?")
        field = {_PREFIX: "name", _TITLES: "stockId"}.get(path)
        return (_field(query, field),) if field else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer; for the search box, that of a page that calls a function with it."""
        (asked,) = self.asked(target) or ("",)
        code = asked.rjust(5, "0")
        if target.startswith(_PREFIX):
            codes = [] if FaultKind.UNKNOWN in faults or not code.isdigit() else [code]
            stocks = [{"stockId": int(code), "code": code, "name": f"SIMULATED {code}"} for code in codes]
            call = json.dumps({"more": "0", "stockInfo": stocks})
            return Reply(f"callback({call});\n".encode(), "text/javascript")
        rows = [
            {
                "STOCK_CODE": code,
                "STOCK_NAME": f"SIMULATED {code}",
                "TITLE": f"SIMULATED ANNOUNCEMENT {number}",
                "LONG_TEXT": "Announcements and Notices - [Other]",
                "DATE_TIME": f"{day:%d/%m/%Y} 06:00",
                "FILE_LINK": "",
            }
            for day, number in _filed(code, (now - timedelta(days=1)).astimezone(UTC).date())
        ]
        return _sent({"result": json.dumps(rows), "hasNextRow": False, "recordCnt": len(rows)})


def _filed(key: str, today: date) -> Iterator[tuple[date, int]]:
    """The days of the last `_DAYS` on which ``key`` filed something, the newest first, each with a number."""
    for behind in range(_DAYS):
        day = today - timedelta(days=behind)
        number = crc32(f"{key}/{day}".encode())
        if number % _ONE_IN == 0:
            yield day, number % 1_000_000


def _number(text: str) -> int:
    """The number under which a simulated company files."""
    return 9_000_000 + crc32(text.encode()) % 1_000_000


def _field(query: str, name: str) -> str:
    return parse_qs(query).get(name, [""])[0]


def _sent(value: Any) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), _JSON)
