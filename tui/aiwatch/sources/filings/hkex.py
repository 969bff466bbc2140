"""HKEXnews, with which the companies of Hong Kong file: the titles of one stock in the last year, a hundred at most.

No contract is published for these addresses. A stock is asked for by a number of HKEX's own, which the search box
gives for its code; the titles come as JSON in a text of JSON, with the time of Hong Kong to the minute.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

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
    LONGEST_NAME,
    MOST_ROWS,
    check_day,
    check_moment,
    link_to,
    page_of,
    required,
    text_of,
)
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import InvalidLine

PREFIX_PATH = "/search/prefix.do"
TITLES_PATH = "/search/titleSearchServlet.do"
DOCUMENTS = "https://www1.hkexnews.hk/"
_SPAN = timedelta(days=365)
_CALL = re.compile(rb"\s*callback\((.*)\);?\s*", re.DOTALL)
_TIME = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}")
_CODE = re.compile(r"[0-9]{5}")


class _Stock(Struct, rename="camel"):
    stock_id: int
    code: str


class _Stocks(Struct, rename="camel"):
    stock_info: list[_Stock] | None


class _Answer(Struct):
    result: str | None


class _Row(Struct, rename="upper"):
    stock_code: str
    title: str
    date_time: str
    stock_name: str | None = None
    long_text: str | None = None
    file_link: str | None = None


def code_of(symbol: Symbol) -> str:
    """The code as HKEX writes it, of five digits: ``00700`` of ``0700.HK``."""
    return symbol.code.rjust(5, "0")


@raises_garbled
def parse_stock(body: bytes, symbol: Symbol, host: str) -> int | None:
    """HKEX's number of ``symbol``; ``None`` where it lists no such code. Raises `Garbled`."""
    call = _CALL.fullmatch(body)
    if call is None:
        raise ValueError("not a call with the stocks of a code")
    stocks = msgspec.json.decode(call[1], type=_Stocks).stock_info or []
    return next((stock.stock_id for stock in stocks if stock.code == code_of(symbol) and stock.stock_id > 0), None)


@raises_garbled
def parse_titles(body: bytes, symbol: Symbol, now: datetime, host: str) -> FilingPage:
    """The filings of ``symbol`` that ``body`` lists, known at ``now``. Raises `Garbled`."""
    text = msgspec.json.decode(body, type=_Answer).result
    rows = msgspec.json.decode(text or "null", type=list[msgspec.Raw] | None) or []
    return page_of(rows[:MOST_ROWS], lambda row: _filing(row, symbol, now), host)


def _filing(raw: msgspec.Raw, symbol: Symbol, now: datetime) -> Filing:
    row = msgspec.json.decode(raw, type=_Row)
    if code_of(symbol) not in _CODE.findall(row.stock_code[:400]):
        raise InvalidLine(f"of another stock: {text_of(row.stock_code, 20)}")
    if not _TIME.fullmatch(row.date_time):
        raise InvalidLine(f"a time that is none: {text_of(row.date_time, 20)}")
    local = datetime.strptime(row.date_time, "%d/%m/%Y %H:%M").replace(tzinfo=EAST_8)
    at = check_moment(local.astimezone(UTC), now)
    return Filing(
        symbol.text,
        required(row.title, "title"),
        text_of(row.stock_name, LONGEST_NAME),
        check_day(local.date(), now),
        at,
        text_of(row.long_text, LONGEST_NAME),
        link_to(DOCUMENTS, (row.file_link or "").removeprefix("/")),
    )


class HkexFilings(HttpSource):
    """Asks HKEXnews at the address of ``settings``; see `HttpSource`."""

    name = "hkex"

    def __init__(
        self,
        settings: FilingSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(SourceSettings(settings.base_url, 0, 0, settings.timeout), clock, transport=transport)
        self._numbers: dict[Symbol, int] = {}

    async def filings(self, symbol: Symbol) -> FilingPage:
        """The filings of ``symbol`` in the last year. Raises a `SourceError`."""
        number = self._numbers.get(symbol) or await self._number(symbol)
        today = self.clock().astimezone(EAST_8).date()
        question = {
            "sortDir": "0",
            "sortByOptions": "DateTime",
            "category": "0",
            "market": "SEHK",
            "stockId": str(number),
            "documentType": "-1",
            "fromDate": f"{today - _SPAN:%Y%m%d}",
            "toDate": f"{today:%Y%m%d}",
            "title": "",
            "searchType": "0",
            "t1code": "-2",
            "t2Gcode": "-2",
            "t2code": "-2",
            "rowRange": "100",
            "lang": "EN",
        }
        body = await self.get(TITLES_PATH, question)
        return await asyncio.to_thread(parse_titles, body, symbol, self.clock(), self.host)

    async def _number(self, symbol: Symbol) -> int:
        question = {"callback": "callback", "lang": "EN", "type": "A", "name": code_of(symbol), "market": "SEHK"}
        number = parse_stock(await self.get(PREFIX_PATH, question), symbol, self.host)
        if number is None:
            raise Refused(self.host, f"no company files under the code {code_of(symbol)}", hint="Check the code.")
        self._numbers[symbol] = number
        return number
