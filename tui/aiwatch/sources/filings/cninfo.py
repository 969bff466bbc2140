"""cninfo, with which the companies of mainland China file: announcements of one stock, the newest thirty.

No contract is published for these addresses. A stock is asked for by its code and the number of its company, which
stands in a list of all; the time of an announcement is in milliseconds, midnight in Beijing where it is a date alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import msgspec
from msgspec import Struct

from aiwatch.config.settings import FilingSettings, SourceSettings
from aiwatch.errors import Refused
from aiwatch.market.filings.filing import Filing, FilingPage
from aiwatch.market.symbol import Symbol
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.filings.reading import (
    EAST_8,
    LIST_LIMIT,
    LONGEST_NAME,
    MOST_ROWS,
    body_of,
    check_day,
    check_moment,
    link_to,
    page_of,
    required,
    text_of,
)
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import InvalidLine

LIST_PATH = "/new/data/szse_stock.json"
QUERY_PATH = "/new/hisAnnouncement/query"
DOCUMENTS = "https://static.cninfo.com.cn/"
_ROWS = 30
_LATEST = 4_102_444_800_000
"""2100 in milliseconds."""


class _Company(Struct, rename="camel"):
    code: str
    org_id: str


class _Companies(Struct, rename="camel"):
    stock_list: list[_Company]


class _Answer(Struct, rename="camel"):
    announcements: list[msgspec.Raw] | None


class _Announcement(Struct, rename="camel"):
    sec_code: str
    announcement_title: str
    announcement_time: int
    sec_name: str | None = None
    adjunct_url: str | None = None
    announcement_type_name: str | None = None


@raises_garbled
def parse_companies(body: bytes, host: str) -> dict[str, str]:
    """The numbers of the companies by the codes of their stocks. Raises `Garbled`."""
    companies = msgspec.json.decode(body, type=_Companies).stock_list
    return {company.code: company.org_id for company in companies if company.org_id.isalnum()}


@raises_garbled
def parse_announcements(body: bytes, symbol: Symbol, now: datetime, host: str) -> FilingPage:
    """The announcements of ``symbol`` that ``body`` lists, known at ``now``. Raises `Garbled`."""
    rows = msgspec.json.decode(body, type=_Answer).announcements or []
    return page_of(rows[:MOST_ROWS], lambda row: _filing(row, symbol, now), host)


def _filing(raw: msgspec.Raw, symbol: Symbol, now: datetime) -> Filing:
    row = msgspec.json.decode(raw, type=_Announcement)
    if row.sec_code != symbol.code:
        raise InvalidLine(f"of another stock: {text_of(row.sec_code, 20)}")
    if not 0 < row.announcement_time < _LATEST:
        raise InvalidLine("a time that cannot be")
    local = datetime.fromtimestamp(row.announcement_time / 1000, EAST_8)
    is_day = not (local.hour or local.minute or local.second)
    at = None if is_day else check_moment(local.astimezone(UTC), now)
    return Filing(
        symbol.text,
        required(row.announcement_title, "title"),
        text_of(row.sec_name, LONGEST_NAME),
        check_day(local.date(), now),
        at,
        text_of(row.announcement_type_name, LONGEST_NAME),
        link_to(DOCUMENTS, row.adjunct_url),
    )


class CninfoFilings(HttpSource):
    """Asks cninfo at the address of ``settings``; see `HttpSource`. Its list of companies is asked for once."""

    name = "cninfo"
    body_limit = LIST_LIMIT

    def __init__(
        self,
        settings: FilingSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(SourceSettings(settings.base_url, 0, 0, settings.timeout), clock, transport=transport)
        self._companies: dict[str, str] | None = None

    async def filings(self, symbol: Symbol) -> FilingPage:
        """The newest announcements of ``symbol``. Raises a `SourceError`."""
        if self._companies is None:
            body = await self.get(LIST_PATH)
            self._companies = await asyncio.to_thread(parse_companies, body, self.host)
        company = self._companies.get(symbol.code)
        if company is None:
            raise Refused(self.host, f"no company files under the code {symbol.code}", hint="Check the code.")
        form = {
            "stock": f"{symbol.code},{company}",
            "column": "szse",
            "tabName": "fulltext",
            "pageNum": "1",
            "pageSize": str(_ROWS),
            "isHLtitle": "false",
        }
        reply = await self.send("POST", self.settings.base_url + QUERY_PATH, form)
        body = body_of(reply, self.host, self.clock())
        if self.tap is not None:
            self.tap(body)
        return await asyncio.to_thread(parse_announcements, body, symbol, self.clock(), self.host)
