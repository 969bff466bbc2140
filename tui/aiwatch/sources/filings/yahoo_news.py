"""Yahoo's search for news: headlines about a symbol.

``GET /v1/finance/search?q=NVDA&newsCount=10&quotesCount=0`` answers ``{"news": [{"title", "publisher", "link",
"providerPublishTime", "relatedTickers"}], …}``, no contract is published for it. Unrelated articles come with small
companies, so only those count that name the symbol among their related ones.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import msgspec
from msgspec import Struct

from aiwatch.config.settings import FilingSettings, SourceSettings
from aiwatch.market.filings.filing import Filing, FilingPage
from aiwatch.market.symbol import Symbol
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.filings.reading import LONGEST_NAME, MOST_ROWS, check_moment, page_of, required
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import InvalidLine, plain

PATH = "/v1/finance/search"
_QUESTION = {"newsCount": "20", "quotesCount": "0", "listsCount": "0", "enableFuzzyQuery": "false"}
_LATEST = 4_102_444_800
"""2100 in seconds."""
_LINK = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+/[A-Za-z0-9._~/?&=%+,;:@-]*")
_LONGEST_LINK = 400


class _Answer(Struct):
    news: list[msgspec.Raw]


class _Related(Struct, rename="camel"):
    related_tickers: list[str] | None = None


class _Article(Struct, rename="camel"):
    title: str
    publisher: str
    link: str
    provider_publish_time: int


@raises_garbled
def parse_news(body: bytes, symbol: Symbol, now: datetime, host: str) -> FilingPage:
    """The headlines about ``symbol`` in ``body``, known at ``now``. Raises `Garbled`."""
    rows = msgspec.json.decode(body, type=_Answer).news[:MOST_ROWS]
    return page_of((row for row in rows if _is_about(row, symbol)), lambda row: _headline(row, symbol, now), host)


def _is_about(raw: msgspec.Raw, symbol: Symbol) -> bool:
    """Whether an article names ``symbol``; one whose names cannot be read is left to be refused."""
    try:
        return symbol.text in (msgspec.json.decode(raw, type=_Related).related_tickers or ())
    except msgspec.DecodeError:
        return True


def _headline(raw: msgspec.Raw, symbol: Symbol, now: datetime) -> Filing:
    msgspec.json.decode(raw, type=_Related)
    row = msgspec.json.decode(raw, type=_Article)
    if not 0 < row.provider_publish_time < _LATEST:
        raise InvalidLine("a time that cannot be")
    at = check_moment(datetime.fromtimestamp(row.provider_publish_time, UTC), now)
    return Filing(
        symbol.text,
        required(row.title, "title"),
        required(row.publisher, "publisher", LONGEST_NAME),
        at.date(),
        at,
        link=row.link and page_link(row.link),
        is_headline=True,
    )


def page_link(link: str) -> str:
    """``link``. Raises `InvalidLine` unless it is the plain address of a page: ``https``, a host's name, a path."""
    if len(link) > _LONGEST_LINK or not _LINK.fullmatch(link):
        raise InvalidLine(f"a link that is none: {plain(link, 60)}")
    return link


class YahooNews(HttpSource):
    """Asks Yahoo for headlines at the address of ``settings``; see `HttpSource`."""

    name = "yahoo_news"

    def __init__(
        self,
        settings: FilingSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(SourceSettings(settings.base_url, 0, 0, settings.timeout), clock, transport=transport)

    async def filings(self, symbol: Symbol) -> FilingPage:
        """The newest headlines about ``symbol``. Raises a `SourceError`."""
        body = await self.get(PATH, {"q": symbol.text, **_QUESTION})
        return await asyncio.to_thread(parse_news, body, symbol, self.clock(), self.host)
