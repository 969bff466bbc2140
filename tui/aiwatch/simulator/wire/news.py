"""Headlines as Yahoo's search and Sina's 7×24 list them. All of it is made up, and each says so.

None has a link: a demo leads nobody to a page of a real host.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs
from zlib import crc32

from aiwatch.market.symbol import BSE, HKEX, SSE, SZSE, US
from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.listings import Listing
from aiwatch.simulator.reply import Reply

YAHOO_PATH = "/v1/finance/search"
SINA_PATH = "/api/zhibo/feed"
_EAST_8 = timezone(timedelta(hours=8))
_ARTICLES = 3
_PER_PAGE = 10
_PREFIXES = {SSE.code: "sh", SZSE.code: "sz", BSE.code: "bj"}


class YahooNewsPage:
    """Yahoo's search for the news about a symbol: a few articles about it, and one about something else."""

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The symbol that is asked for."""
        path, _, query = target.partition("?")
        return tuple(parse_qs(query).get("q", [""])[:1]) if path == YAHOO_PATH else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer; without articles for a symbol that is not known."""
        (symbol,) = self.asked(target) or ("",)
        is_known = FaultKind.UNKNOWN not in faults and symbol
        articles = [_article(symbol, number, now) for number in range(_ARTICLES)] if is_known else []
        if articles:
            articles.append({**_article(symbol, _ARTICLES, now), "relatedTickers": ["^GSPC"]})
        return _sent({"explains": [], "count": len(articles), "quotes": [], "news": articles})


def _article(symbol: str, number: int, now: datetime) -> dict[str, Any]:
    hours = 5 + 30 * number + crc32(symbol.encode()) % 7
    at = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)
    name = f"{crc32(f'{symbol}/{at}'.encode()):08x}"
    return {
        "uuid": name,
        "title": f"Simulated headline {number + 1} about {symbol}",
        "publisher": "Simulated news",
        "link": "",
        "providerPublishTime": int(at.timestamp()),
        "type": "STORY",
        "relatedTickers": [symbol],
    }


class SinaNewsPage:
    """Sina's 7×24 over the ``listings``, each of which is marked in a row now and then; and rows without a mark."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._marks = [mark for listing in listings if (mark := _mark(listing)) is not None]

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The page that is asked for."""
        path, _, query = target.partition("?")
        return tuple(parse_qs(query).get("page", ["1"])[:1]) if path == SINA_PATH else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer."""
        (page,) = self.asked(target) or ("1",)
        first = (int(page) - 1) * _PER_PAGE if page.isdigit() and page != "0" else 0
        numbers = () if FaultKind.UNKNOWN in faults else range(first, first + _PER_PAGE)
        rows = [self._row(number, now) for number in numbers]
        status = {"code": 0, "msg": "OK"}
        return _sent({"result": {"status": status, "data": {"feed": {"list": rows}}}})

    def _row(self, number: int, now: datetime) -> dict[str, Any]:
        at = now.astimezone(_EAST_8).replace(second=0, microsecond=0) - timedelta(minutes=3 + 11 * number)
        marks = [] if number % 5 == 4 or not self._marks else [self._marks[number % len(self._marks)]]
        ext = {"stocks": marks, "needPushWB": False, "docurl": "", "docid": ""}
        return {
            "id": 4_000_000 - number,
            "zhibo_id": 152,
            "rich_text": f"【模拟快讯 Simulated news {number + 1}】模拟内容 simulated text",
            "create_time": f"{at:%Y-%m-%d %H:%M:%S}",
            "ext": json.dumps(ext, ensure_ascii=False),
            "docurl": "",
        }


def _mark(listing: Listing) -> dict[str, str] | None:
    symbol = listing.symbol
    if symbol.exchange.code in _PREFIXES:
        return {"market": "cn", "symbol": _PREFIXES[symbol.exchange.code] + symbol.code, "key": listing.name_zh}
    if symbol.exchange is HKEX:
        return {"market": "hk", "symbol": symbol.code.rjust(5, "0"), "key": listing.name_zh}
    if symbol.exchange is US:
        return {"market": "us", "symbol": symbol.text.replace("-", ".").lower(), "key": listing.name_en}
    return None


def _sent(value: Any) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), "application/json")
