"""Yahoo's price history, asked of ``/v8/finance/chart`` and read: bars, dividends and splits of every market.

``{"chart": {"result": [{"meta", "timestamp", "events": {"dividends", "splits"}, "indicators": {"quote": [{"open",
"high", "low", "close", "volume"}]}}], "error": null}}``. Prices come divided by all splits since, and dividends too, so
everything up to today is asked for and the splits are undone. Today's bar is stamped with the last trade, and sometimes
sent twice. Rows may be null in every array, which is a day without a trade, or in some, which is no bar.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from aiwatch.errors import Garbled, RateLimited, Refused
from aiwatch.market.bars import BarsQuery, Basis, Event, EventKind, Interval, RefusedBar, Series, undo_splits
from aiwatch.market.calendar.hours import zone_of
from aiwatch.market.symbol import Symbol
from aiwatch.sources.answer_guard import decode_json, raises_garbled
from aiwatch.sources.bars import (
    BODY_LIMIT,
    REACH_BACK,
    UNKNOWN_STATUS,
    Draft,
    believed,
    events_within,
    last_final_date,
    local_date,
    unknown,
    within,
)
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import plain
from aiwatch.sources.yahoo.rows import FIELDS, cash_of, currency_of, day_row, price_of, ratio_of, row_of
from aiwatch.sources.yahoo.spark import TOO_MANY

SOURCE = "yahoo"
PATH = "/v8/finance/chart/"
EARLIEST = date(1962, 1, 2)
"""Yahoo has nothing older."""
_INTERVALS = {
    Interval.MINUTE: "1m",
    Interval.FIVE_MINUTES: "5m",
    Interval.QUARTER_HOUR: "15m",
    Interval.HALF_HOUR: "30m",
    Interval.HOUR: "60m",
    Interval.DAY: "1d",
}
_REACH = {Interval.MINUTE: 7, Interval.HOUR: 729}
_USUAL_REACH = 59
"""Days back for which there are bars of minutes; those of a minute come a week at a time."""
_LEAST_DECIMALS = 2
_MOST_DECIMALS = 6
_NOT_FOUND = "Not Found"


class YahooBars(HttpSource):
    """The `BarSource` of Yahoo."""

    name = SOURCE
    body_limit = BODY_LIMIT

    def has_bars(self, symbol: Symbol, interval: Interval) -> bool:
        """Days and minutes of everything; weeks begin on any weekday there, so they are made of days."""
        return interval in _INTERVALS

    async def bars(self, query: BarsQuery) -> Series:
        """See `BarSource.bars`. Bars of minutes go back as far as Yahoo has them."""
        interval = _INTERVALS.get(query.interval)
        if interval is None:
            raise unknown(self.host, query.symbol)
        first_day, now = _first_asked(query, self.clock()), self.clock()
        start = datetime.combine(first_day - REACH_BACK if not query.interval.is_intraday else first_day, time(), UTC)
        question = {
            "period1": str(int((start - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())),
            "period2": str(int(now.timestamp()) + 1),
            "interval": interval,
            "includePrePost": "false",
            "events": "div,splits",
        }
        try:
            body = await self.get(PATH + quote(query.symbol.text, safe="=^.-"), question)
        except Refused as refused:
            if refused.status == UNKNOWN_STATUS and _NOT_FOUND in str(refused):
                raise unknown(self.host, query.symbol) from refused
            raise
        return await asyncio.to_thread(parse_chart, body, query, first_day, self.clock(), self.host)


def _first_asked(query: BarsQuery, now: datetime) -> date:
    """The first local date that is asked for, no earlier than Yahoo has it."""
    today = local_date(query.symbol, now)
    earliest = EARLIEST
    if query.interval.is_intraday:
        earliest = today - timedelta(days=_REACH.get(query.interval, _USUAL_REACH))
    return max(query.first or earliest, earliest)


@raises_garbled
def parse_chart(body: bytes, query: BarsQuery, first_day: date, received_at: datetime, host: str) -> Series:
    """The answer to a question for everything from the local date ``first_day`` to now, as it was paid on the day."""
    result = _result(body, query.symbol, host)
    meta = result["meta"]
    zone = str(meta.get("exchangeTimezoneName") or query.symbol.zone)
    currency, scale = currency_of(meta, query.symbol)
    drafts = _drafts(result, query, zone, received_at, host)
    events, ratios = _events(result, zone)
    drafts = [draft for draft in drafts if draft.bar is not None or draft.reason]
    days = {event.day for event in events}
    drafts = [draft._replace(explained=_day_of(draft, zone) in days) for draft in drafts]
    bars, refused = believed(query, drafts, received_at, host)
    whole = Series(
        symbol=query.symbol,
        interval=query.interval,
        source=SOURCE,
        basis=Basis.UNADJUSTED,
        zone=query.symbol.zone,
        as_of=received_at,
        bars=bars,
        events=events,
        currency=currency,
        previous_close=price_of(meta.get("chartPreviousClose")),
        refused=(*refused, *ratios),
        complete_from=None if query.first is None and not query.interval.is_intraday else first_day,
    )
    return _part(undo_splits(whole), query, scale, _decimals(meta, scale))


def _part(series: Series, query: BarsQuery, scale: float, decimals: int) -> Series:
    """What was asked of ``series``, its prices times ``scale`` and rounded to the decimals that they have."""
    bars = tuple(
        bar._replace(
            open=round(bar.open * scale, decimals),
            high=round(bar.high * scale, decimals),
            low=round(bar.low * scale, decimals),
            close=round(bar.close * scale, decimals),
        )
        for bar in series.bars
    )
    asked_bars = within(query, bars)
    before = [bar.close for bar in bars if asked_bars and bar.when < asked_bars[0].when]
    previous = series.previous_close
    return replace(
        series,
        bars=asked_bars,
        events=tuple(_scaled(event, scale) for event in events_within(query, series.events)),
        previous_close=before[-1] if before else None if previous is None else round(previous * scale, decimals),
    )


def _scaled(event: Event, scale: float) -> Event:
    if event.kind is EventKind.SPLIT:
        return event
    return event._replace(value=round(event.value * scale, _MOST_DECIMALS))


def _result(body: bytes, symbol: Symbol, host: str) -> Mapping[str, Any]:
    try:
        answer = decode_json(body)
        chart = answer["chart"]
        error, results = chart.get("error"), chart.get("result")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        start = plain(body[:200].decode("utf-8", "replace"), 60)
        if TOO_MANY in start.lower():
            raise RateLimited(host, start) from None
        raise Garbled(host, f"no chart: {start}" if start else "an empty answer") from None
    if isinstance(error, dict):
        if error.get("code") == _NOT_FOUND:
            raise unknown(host, symbol)
        raise Refused(host, plain(f"{error.get('code')}: {error.get('description')}"))
    if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], dict):
        raise Garbled(host, f"no chart of {symbol}")
    result: Mapping[str, Any] = results[0]
    meta = result.get("meta")
    if not isinstance(meta, dict) or meta.get("symbol", symbol.text) != symbol.text:
        raise Garbled(host, f"a chart that is not of {symbol}")
    return result


def _drafts(result: Mapping[str, Any], query: BarsQuery, zone: str, received_at: datetime, host: str) -> list[Draft]:
    stamps = result.get("timestamp") or []
    try:
        quotes = result["indicators"]["quote"][0]
        columns = [quotes[name] for name in FIELDS] if stamps else []
    except (KeyError, IndexError, TypeError):
        raise Garbled(host, "a chart without its prices") from None
    if not isinstance(stamps, list) or not all(isinstance(column, list) for column in columns):
        raise Garbled(host, "a chart of another format")
    if any(len(column) != len(stamps) for column in columns):
        raise Garbled(host, "a chart whose columns are of unequal length")
    final, local = last_final_date(query.symbol, received_at), zone_of(zone)
    rows = zip(stamps, *columns, strict=True)
    return [_draft(stamp, figures, query, local, final, received_at) for stamp, *figures in rows]


def _draft(
    stamp: Any, figures: Sequence[Any], query: BarsQuery, zone: tzinfo, final: date, received_at: datetime
) -> Draft:
    written = plain(str(stamp), 30)
    moment = _moment(stamp)
    if moment is None:
        return Draft(written, None, "no time")
    local = moment.astimezone(zone)
    written = f"{local:%Y-%m-%d}" if not query.interval.is_intraday else f"{local:%Y-%m-%d %H:%M}"
    if query.interval.is_intraday:
        end = moment + timedelta(minutes=query.interval.minutes or 0)
        return row_of(written, moment, figures, query.symbol, final=end <= received_at)
    return day_row(local.date(), figures, query.symbol, final=local.date() <= final)


def _moment(stamp: Any) -> datetime | None:
    if isinstance(stamp, bool) or not isinstance(stamp, int) or not abs(stamp) < 1e11:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=stamp)


def _day_of(draft: Draft, zone: str) -> date | None:
    when = draft.bar.when if draft.bar else None
    return when.astimezone(zone_of(zone)).date() if isinstance(when, datetime) else when


def _decimals(meta: Mapping[str, Any], scale: float) -> int:
    """The decimals of prices, two or three more where Yahoo counts in smaller units."""
    hint = meta.get("priceHint")
    decimals = hint if isinstance(hint, int) and not isinstance(hint, bool) else _LEAST_DECIMALS
    return max(_LEAST_DECIMALS, min(decimals - round(math.log10(scale)), _MOST_DECIMALS))


def _events(result: Mapping[str, Any], zone: str) -> tuple[tuple[Event, ...], tuple[RefusedBar, ...]]:
    """Dividends and splits by their local dates, oldest first, and those that cannot be believed."""
    value = result.get("events")
    tables = value if isinstance(value, dict) else {}
    events: list[Event] = []
    refused: list[RefusedBar] = []
    for kind, key, read in ((EventKind.DIVIDEND, "dividends", _cash), (EventKind.SPLIT, "splits", _ratio)):
        table = tables.get(key)
        for entry in table.values() if isinstance(table, dict) else ():
            moment = _moment(entry.get("date")) if isinstance(entry, dict) else None
            value = read(entry) if moment is not None else None
            if moment is None or value is None:
                refused.append(RefusedBar(plain(str(entry), 30), f"a {kind} that cannot be read"))
                continue
            events.append(Event(moment.astimezone(zone_of(zone)).date(), kind, value, SOURCE))
    return tuple(sorted(events)), tuple(refused)


def _cash(entry: Mapping[str, Any]) -> float | None:
    return cash_of(entry.get("amount"))


def _ratio(entry: Mapping[str, Any]) -> float | None:
    numerator, denominator = price_of(entry.get("numerator")), price_of(entry.get("denominator"))
    return ratio_of(numerator / denominator) if numerator and denominator else None
