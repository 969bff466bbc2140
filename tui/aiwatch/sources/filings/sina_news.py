"""Sina's 7×24: short news of the whole market, of which those count that Sina itself marks with a stock.

``GET /api/zhibo/feed?page=1&page_size=10&zhibo_id=152&tag_id=0&dire=f&dpc=1`` answers ``{"result": {"data": {"feed":
{"list": [{"rich_text", "create_time", "docurl", "ext"}]}}}}``; no contract is published for it. ``create_time`` is that
of Beijing, a page has ten rows at most, and ``ext`` is JSON in a text: ``{"stocks": [{"market", "symbol", "key"}],
"docurl", …}`` with ``cn sh600519``, ``hk 06030`` and ``us jpm``.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
from msgspec import Struct, field

from aiwatch.config.settings import FilingSettings, SourceSettings
from aiwatch.errors import Garbled
from aiwatch.market.filings.filing import Filing, FilingPage
from aiwatch.market.symbol import BSE, HKEX, SSE, SZSE, US, Symbol
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.filings.reading import EAST_8, MOST_ROWS, check_moment, page_of, required
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import InvalidLine, plain

PATH = "/api/zhibo/feed"
PUBLISHER = "Sina 7×24"
_QUESTION = {"page_size": "10", "zhibo_id": "152", "tag_id": "0", "dire": "f", "dpc": "1"}
PAGES = 5
"""Pages that are asked for, the newest."""
FRESH = timedelta(hours=1)
"""How long an answer serves every symbol that is asked for."""
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_LINK = re.compile(r"https://([a-z0-9-]+\.)*sina\.(com\.)?cn/[A-Za-z0-9._~/?&=-]*")
_LONGEST_LINK = 300
_LONGEST_NEWS = 200
_HEADING = re.compile(r"【([^【】]+)】")
_PREFIXES = {SSE.code: "sh", SZSE.code: "sz", BSE.code: "bj"}


class _Feed(Struct):
    rows: list[msgspec.Raw] = field(name="list")


class _Data(Struct):
    feed: _Feed


class _Result(Struct):
    data: _Data


class _Answer(Struct):
    result: _Result


class _Row(Struct):
    rich_text: str
    create_time: str
    ext: str = ""
    docurl: str = ""


class _Stock(Struct):
    market: str
    symbol: str


class _Ext(Struct):
    stocks: list[_Stock] | None = None
    docurl: str | None = None


def mark_of(symbol: Symbol) -> tuple[str, str] | None:
    """The market and the code by which Sina marks ``symbol``; ``None`` for what it does not."""
    if symbol.exchange.code in _PREFIXES:
        return "cn", _PREFIXES[symbol.exchange.code] + symbol.code
    if symbol.exchange is HKEX:
        return "hk", symbol.code.rjust(5, "0")
    if symbol.exchange is US:
        return "us", symbol.text.replace("-", ".").lower()
    return None


@raises_garbled
def parse_feed(body: bytes, host: str) -> tuple[msgspec.Raw, ...]:
    """The rows of a page, unread. Raises `Garbled`."""
    return tuple(msgspec.json.decode(body, type=_Answer).result.data.feed.rows[:MOST_ROWS])


@raises_garbled
def parse_news(rows: Iterable[bytes | msgspec.Raw], symbol: Symbol, now: datetime, host: str) -> FilingPage:
    """The headlines among ``rows`` that Sina marks with ``symbol``, known at ``now``. Raises `Garbled`."""
    mark = mark_of(symbol)
    about = (row for row in rows if mark is not None and _is_about(row, mark))
    return page_of(about, lambda row: _headline(row, symbol, now), host)


def _is_about(raw: bytes | msgspec.Raw, mark: tuple[str, str]) -> bool:
    """Whether a row is marked with a stock; one whose marks cannot be read is left to be refused."""
    try:
        stocks = _ext_of(msgspec.json.decode(raw, type=_Row)).stocks or ()
    except (msgspec.DecodeError, InvalidLine):
        return True
    return any((stock.market, stock.symbol.lower()) == mark for stock in stocks)


def _ext_of(row: _Row) -> _Ext:
    return msgspec.json.decode(row.ext, type=_Ext) if row.ext else _Ext()


def _headline(raw: bytes | msgspec.Raw, symbol: Symbol, now: datetime) -> Filing:
    row = msgspec.json.decode(raw, type=_Row)
    if not _TIME.fullmatch(row.create_time):
        raise InvalidLine(f"a time that is none: {plain(row.create_time, 20)}")
    local = datetime.strptime(row.create_time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=EAST_8)
    at = check_moment(local.astimezone(UTC), now)
    text = required(row.rich_text, "text", _LONGEST_NEWS)
    heading = _HEADING.match(text)
    link = _link(row.docurl) or _link(_ext_of(row).docurl or "")
    return Filing(symbol.text, heading[1] if heading else text, PUBLISHER, at.date(), at, link=link, is_headline=True)


def _link(link: str) -> str:
    """``link`` where it leads to a page of Sina's; else nothing."""
    return link if len(link) <= _LONGEST_LINK and _LINK.fullmatch(link) else ""


class SinaNews(HttpSource):
    """Asks for the newest rows at the address of ``settings``, once an hour for all symbols; see `HttpSource`."""

    name = "sina_news"

    def __init__(
        self,
        settings: FilingSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(SourceSettings(settings.base_url, 0, 0, settings.timeout), clock, transport=transport)
        self._asked_at: datetime | None = None
        self._rows: Sequence[msgspec.Raw] = ()

    async def filings(self, symbol: Symbol) -> FilingPage:
        """The newest headlines that are marked with ``symbol``. Raises a `SourceError`."""
        now = self.clock()
        if self._asked_at is None or not timedelta() <= now - self._asked_at < FRESH:
            self._rows, self._asked_at = await self._feed(), now
        return await asyncio.to_thread(parse_news, self._rows, symbol, self.clock(), self.host)

    async def _feed(self) -> Sequence[msgspec.Raw]:
        rows: list[msgspec.Raw] = []
        for page in range(1, PAGES + 1):
            body = await self.get(PATH, {"page": str(page), **_QUESTION})
            more = await asyncio.to_thread(parse_feed, body, self.host)
            if not more and page == 1:
                raise Garbled(self.host, "a feed without any news")
            rows += more
            if not more:
                break
        return rows
