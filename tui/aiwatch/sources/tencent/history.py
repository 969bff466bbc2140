"""Asking Tencent for price history: at its own hosts for it, beside the one for quotes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Garbled
from aiwatch.market.bars import BarsQuery, Interval, RefusedBar, Series, resampled
from aiwatch.market.symbol import Board, Symbol
from aiwatch.sources.bars import BODY_LIMIT, REACH_BACK, local_date, unknown
from aiwatch.sources.http import HttpSource
from aiwatch.sources.tencent.bars import SOURCE, parse_bars, parse_klines, parse_minutes
from aiwatch.sources.tencent.codes import code_of

KLINES = "/appstock/app/fqkline/get"
BARS = "/appstock/app/kline/mkline"
MOST_ROWS = 2000
"""Unadjusted rows of one answer; 2500 are refused."""
MOST_PAGES = 5
MOST_BARS = 800
_HOSTS = ("//web.ifzq.", "//ifzq.")
"""K-lines and minutes come from the first of Tencent's hosts, bars of some minutes from the second."""


class TencentBars(HttpSource):
    """The `BarSource` of Tencent. Unadjusted; of the ex-dates it only says that they are some."""

    name = SOURCE
    body_limit = BODY_LIMIT

    def __init__(
        self,
        settings: SourceSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._quotes = settings.base_url
        base = settings.addresses.get("history_url", settings.base_url)
        super().__init__(replace(settings, base_url=base), clock, transport=transport)
        self._places: dict[str, str] = {}

    def prepare(self) -> None:
        """Read the time zones of its markets."""
        for zone in ("Asia/Shanghai", "Asia/Hong_Kong", "America/New_York"):
            ZoneInfo(zone)

    def has_bars(self, symbol: Symbol, interval: Interval) -> bool:
        """Days and minutes of mainland China, Hong Kong and the US; weeks and months are made of days."""
        return (interval is Interval.DAY or interval.is_intraday) and code_of(symbol) is not None

    async def bars(self, query: BarsQuery) -> Series:
        """See `BarSource.bars`. Minutes of the last session or of the last five, bars of some minutes as far back as
        the host has them, days without an end."""
        code = await self._code(query.symbol)
        if not query.interval.is_intraday:
            return await self._klines(query, code)
        if query.interval is not Interval.MINUTE and query.symbol.is_china:
            base = self.settings.base_url.replace(*_HOSTS)
            size = f"m{query.interval.minutes}"
            body = await self.get(f"{base}{BARS}?param={code},{size},,{MOST_BARS}")
            return await asyncio.to_thread(parse_bars, body, query, self.clock(), self.host)
        return await self._minutes(query, code)

    async def _klines(self, query: BarsQuery, code: str) -> Series:
        first = (query.first - REACH_BACK).isoformat() if query.first else ""
        pages: list[Series] = []
        last = query.last
        for _ in range(MOST_PAGES):
            until = last.isoformat() if last else ""
            body = await self.get(f"{KLINES}?param={code},{query.interval.value},{first},{until},{MOST_ROWS},")
            part = replace(query, last=last)
            try:
                page = await asyncio.to_thread(parse_klines, body, part, MOST_ROWS, self.clock(), self.host)
            except Garbled:
                if not pages:
                    raise
                break
            pages.append(page)
            if page.complete_from == query.first or not page.bars:
                return _joined(pages)
            last = page.days[0] - timedelta(days=1)
        whole = _joined(pages)
        cut = RefusedBar(f"before {whole.complete_from}", f"no more than {len(whole.bars)} rows came")
        return replace(whole, refused=(*whole.refused, cut))

    async def _minutes(self, query: BarsQuery, code: str) -> Series:
        today = local_date(query.symbol, self.clock())
        kind = ("UsMinute", "dayus") if code.startswith("us") else ("minute", "day")
        path = kind[0] if query.first is not None and query.first >= today else kind[1]
        minutes = replace(query, interval=Interval.MINUTE)
        body = await self.get(f"/appstock/app/{path}/query?code={code}")
        series = await asyncio.to_thread(parse_minutes, body, minutes, self.clock(), self.host)
        return resampled(series, query.interval)

    async def _code(self, symbol: Symbol) -> str:
        """The code under which history is asked for: in the US with the suffix of the market place, which the quote
        tells."""
        code = code_of(symbol)
        if code is None:
            raise unknown(self.host, symbol)
        if not code.startswith("us") or symbol.board is Board.INDEX:
            return code
        if code not in self._places:
            line = await self.get(f"{self._quotes}/q={code}")
            place = re.search(rb"~" + re.escape(code[2:]).encode() + rb"(\.[A-Z]{1,2})~", line)
            if place is None:
                raise unknown(self.host, symbol)
            self._places[code] = place[1].decode()
        return code + self._places[code]


def _joined(pages: list[Series]) -> Series:
    """Pages, the newest first, as one series."""
    oldest, newest = pages[-1], pages[0]
    return replace(
        newest,
        bars=tuple(bar for page in reversed(pages) for bar in page.bars),
        refused=tuple(refused for page in reversed(pages) for refused in page.refused),
        previous_close=oldest.previous_close,
        complete_from=oldest.complete_from,
    )
