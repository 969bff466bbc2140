"""Sina's price history of mainland China, asked and read; nothing else is there.

``CN_MarketData.getKLineData`` answers ``[{"day": "2026-11-26", "open": "…", "high", "low", "close", "volume"}, …]``:
figures as texts, volume in shares, unadjusted; ``day`` has the time at which a bar of minutes ends. ``null`` stands
for what is not known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import httpx
from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Garbled
from aiwatch.market.bars import Bar, BarsQuery, Interval, Series
from aiwatch.market.symbol import Symbol
from aiwatch.sources.answer_guard import decode_json, raises_garbled
from aiwatch.sources.bars import (
    BODY_LIMIT,
    CLOSE_ALONE,
    Draft,
    believed,
    last_final_date,
    local_date,
    series_of,
    unknown,
)
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import ABSURD_AMOUNT, number, plain
from aiwatch.sources.sina.codes import code_of

SOURCE = "sina"
PATH = "/quotes_service/api/json_v2.php/CN_MarketData.getKLineData"
MOST_ROWS = 1023
"""What the host is sure to send."""
_SCALES = {
    Interval.FIVE_MINUTES: 5,
    Interval.QUARTER_HOUR: 15,
    Interval.HALF_HOUR: 30,
    Interval.HOUR: 60,
    Interval.DAY: 240,
}
_PRICES = ("open", "high", "low", "close")


class SinaBars(HttpSource):
    """The `BarSource` of Sina."""

    name = SOURCE
    body_limit = BODY_LIMIT
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({"Referer": "https://finance.sina.com.cn/"})

    def __init__(
        self,
        settings: SourceSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        base = settings.addresses.get("history_url", settings.base_url)
        super().__init__(replace(settings, base_url=base), clock, transport=transport)

    def prepare(self) -> None:
        """Read the time zone of its market."""
        ZoneInfo("Asia/Shanghai")

    def has_bars(self, symbol: Symbol, interval: Interval) -> bool:
        """Days, and bars of 5 to 60 minutes, of mainland China."""
        return symbol.is_china and interval in _SCALES

    async def bars(self, query: BarsQuery) -> Series:
        """See `BarSource.bars`: the newest `MOST_ROWS` rows."""
        code, scale = code_of(query.symbol), _SCALES.get(query.interval)
        if code is None or scale is None:
            raise unknown(self.host, query.symbol)
        question = {"symbol": code, "scale": str(scale), "ma": "no", "datalen": str(MOST_ROWS)}
        body = await self.get(PATH, question)
        return await asyncio.to_thread(parse_bars, body, query, MOST_ROWS, self.clock(), self.host)


@raises_garbled
def parse_bars(body: bytes, query: BarsQuery, count: int, received_at: datetime, host: str) -> Series:
    """The answer to a question for the newest ``count`` rows; `Series.complete_from` says how far back they go."""
    try:
        rows = decode_json(body)
    except (ValueError, RecursionError):
        start = plain(body[:200].decode("utf-8", "replace"), 60)
        raise Garbled(host, f"no JSON: {start}" if start else "an empty answer") from None
    if rows is None:
        raise unknown(host, query.symbol)
    if not isinstance(rows, list):
        raise Garbled(host, "an answer that is no list of bars")
    final_day = last_final_date(query.symbol, received_at)
    drafts = [_draft(row, query, final_day, received_at) for row in rows]
    is_whole = query.interval is Interval.DAY and len(rows) < count
    bars, refused = believed(query, drafts, received_at, host, from_listing=is_whole, tells_events=False)
    first = bars[0].when
    reached = local_date(query.symbol, first) if isinstance(first, datetime) else first
    complete_from = query.first if is_whole else max(reached, query.first or date.min)
    return series_of(query, SOURCE, bars, refused, received_at, complete_from=complete_from)


def _draft(row: Any, query: BarsQuery, final_day: date, received_at: datetime) -> Draft:
    written = str(row.get("day", "")) if isinstance(row, dict) else str(row)[:30]
    if not isinstance(row, dict) or not {"day", "volume", *_PRICES} <= row.keys():
        return Draft(written, None, "a row without all its fields")
    texts = [row[key] for key in (*_PRICES, "volume")]
    if all(text is None for text in texts):
        return Draft(written, None)
    when = _moment(written, query)
    if when is None:
        return Draft(written, None, "no time")
    opened, high, low, close = (number(text) if isinstance(text, str) else None for text in texts[:4])
    volume = number(texts[4], ABSURD_AMOUNT) if isinstance(texts[4], str) else None
    if opened is None or high is None or low is None or close is None:
        alone = close is not None and opened is high is low is None
        return Draft(written, None, CLOSE_ALONE if alone else "no numbers where prices belong")
    if volume is None or volume < 0:
        return Draft(written, None, "no number where the volume belongs")
    if isinstance(when, datetime):
        final = when + timedelta(minutes=query.interval.minutes or 0) <= received_at
    else:
        final = when <= final_day
    return Draft(written, Bar(when, opened, high, low, close, round(volume), final=final))


def _moment(text: str, query: BarsQuery) -> date | datetime | None:
    """The date of a daily row; the start of a bar of minutes, whose end is written, aware UTC."""
    try:
        if not query.interval.is_intraday:
            return date.fromisoformat(text)
        end = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZoneInfo(query.symbol.zone))
    except (ValueError, OverflowError):
        return None
    return end.astimezone(UTC) - timedelta(minutes=query.interval.minutes or 0)
