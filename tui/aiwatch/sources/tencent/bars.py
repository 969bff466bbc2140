"""Tencent's price history, read: k-lines, the minutes of one and of five days, bars of some minutes. Pure.

- ``fqkline``: ``{"code": 0, "data": {CODE: {"day": [[date, open, CLOSE, high, low, volume, {…}?]…], "qt": {…}}}}``,
  figures as texts. The seventh element, an object, marks an ex-date. ``param error`` comes with a list for ``data``.
- ``minute/query``: ``data.CODE.data = {"date": "20260928", "data": ["0930 1236.00 349 43136400.00", …]}``: time, price,
  and volume and turnover **since the open**; ``day/query`` has a list of such days, the newest first.
- ``mkline``: ``data.CODE.m5 = [["202607311430", open, close, high, low, volume, {}, "x"], …]``, stamped with its end.

Volume is in lots of 100 in mainland China and in shares elsewhere. Of STAR it is not known: the quote in the same
answer decides, and where it cannot, no volume is given. Index volumes stay in the host's units.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiwatch.errors import Garbled, Refused
from aiwatch.market.bars import Bar, BarsQuery, Series
from aiwatch.market.symbol import Board, Symbol
from aiwatch.sources.answer_guard import decode_json, raises_garbled
from aiwatch.sources.bars import CLOSE_ALONE, Draft, believed, last_final_date, local_date, series_of, unknown
from aiwatch.sources.parsing import ABSURD_AMOUNT, number, plain, positive
from aiwatch.sources.tencent.codes import code_of

SOURCE = "tencent"
CUT_TO = 640
"""Rows to which the host was seen to cut an answer without a word."""
_LOT = 100
_ROW, _ROW_OF_EX_DATE, _BAR_ROW = 6, 7, 8
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3])([0-5]\d)", re.ASCII)
_VOLUME, _PREVIOUS_CLOSE, _TIME = 6, 4, 30
_SHARELESS = (Board.BOND, Board.CONVERTIBLE, Board.REPO)
_PRE_OPEN = "0"


@raises_garbled
def parse_klines(body: bytes, query: BarsQuery, count: int, received_at: datetime, host: str) -> Series:
    """The answer to a question for ``count`` unadjusted k-lines; `Series.complete_from` says how far back it goes."""
    content = _content(body, query.symbol, host)
    rows = content.get(query.interval.value)
    if not isinstance(rows, list):
        raise Garbled(host, f"no k-lines of {query.symbol}")
    quote = _quote(content)
    unit = _unit(query.symbol, quote, _whole(rows[-1][5]) if rows and _is_row(rows[-1]) else None)
    final = last_final_date(query.symbol, received_at)
    drafts = [_kline(row, unit, final) for row in rows]
    is_whole = len(rows) < count and len(rows) != CUT_TO
    bars, refused = believed(query, drafts, received_at, host, from_listing=is_whole and query.first is None)
    return series_of(
        query, SOURCE, bars, refused, received_at, complete_from=query.first if is_whole else _day(bars[0], query)
    )


@raises_garbled
def parse_minutes(body: bytes, query: BarsQuery, received_at: datetime, host: str) -> Series:
    """The minutes of the last session, or of the last five. A minute has one price, its last, four times; it is
    stamped as the host stamps it, with its end, and the first with the open."""
    content = _content(body, query.symbol, host)
    data = content.get("data")
    days = [data] if isinstance(data, dict) else data
    if not isinstance(days, list) or not all(isinstance(day, dict) for day in days):
        raise Garbled(host, f"no minutes of {query.symbol}")
    quote = _quote(content)
    drafts: list[Draft] = []
    for day in sorted(days, key=lambda entry: str(entry.get("date"))):
        drafts += _points(day, query.symbol, quote, host)
    bars, refused = believed(query, drafts, received_at, host)
    previous = None
    if local_date(query.symbol, received_at) == _day(bars[0], query) and isinstance(data, dict):
        previous = positive(quote[_PREVIOUS_CLOSE]) if quote else None
    return series_of(
        query, SOURCE, bars, refused, received_at, complete_from=_day(bars[0], query), previous_close=previous
    )


@raises_garbled
def parse_bars(body: bytes, query: BarsQuery, received_at: datetime, host: str) -> Series:
    """Bars of five minutes and more, of mainland China."""
    minutes = query.interval.minutes
    content = _content(body, query.symbol, host)
    rows = content.get(f"m{minutes}")
    if not isinstance(rows, list) or minutes is None:
        raise Garbled(host, f"no bars of {query.interval} of {query.symbol}")
    unit = _unit(query.symbol, _quote(content), None)
    drafts = [_bar(row, query.symbol, unit, timedelta(minutes=minutes), received_at) for row in rows]
    bars, refused = believed(query, drafts, received_at, host)
    return series_of(query, SOURCE, bars, refused, received_at, complete_from=_day(bars[0], query))


def _day(bar: Bar, query: BarsQuery) -> date:
    return local_date(query.symbol, bar.when) if isinstance(bar.when, datetime) else bar.when


def _content(body: bytes, symbol: Symbol, host: str) -> Mapping[str, Any]:
    """What an answer has under the code of ``symbol``, with or without the suffix of its market place."""
    try:
        answer = decode_json(body)
    except (ValueError, RecursionError):
        start = plain(body[:200].decode("utf-8", "replace"), 60)
        raise Garbled(host, f"no JSON: {start}" if start else "an empty answer") from None
    if not isinstance(answer, dict) or "data" not in answer:
        raise Garbled(host, "an answer of another format")
    data = answer["data"]
    if answer.get("code") != 0 or not isinstance(data, dict):
        raise Refused(host, plain(str(answer.get("msg") or f"code {answer.get('code')}"), 60))
    code = code_of(symbol) or ""
    content = next((entry for key, entry in data.items() if key == code or key.startswith(f"{code}.")), None)
    if content is None:
        raise unknown(host, symbol)
    if not isinstance(content, dict):
        raise Garbled(host, "an answer of another format")
    return content


def _quote(content: Mapping[str, Any]) -> list[str]:
    """The fields of the quote line in the answer; none where there is none as it should be."""
    quotes = content.get("qt")
    for fields in quotes.values() if isinstance(quotes, dict) else ():
        if isinstance(fields, list) and len(fields) > _TIME and all(isinstance(field, str) for field in fields):
            return fields
    return []


def _unit(symbol: Symbol, quote: Sequence[str], volume: float | None) -> int | None:
    """The shares in one unit of volume; ``None`` where that is not known. ``volume`` is today's in the host's units."""
    if not symbol.is_china or symbol.board is Board.INDEX:
        return 1
    if symbol.board in _SHARELESS:
        return None
    if symbol.board is not Board.STAR:
        return _LOT
    of_quote = positive(quote[_VOLUME]) if quote else None
    if not volume or not of_quote:
        return None
    ratio = of_quote / volume  # a quote of STAR is in shares
    return 1 if 0.8 < ratio < 1.25 else _LOT if 80 < ratio < 125 else None


def _is_row(row: Any) -> bool:
    if not isinstance(row, list) or len(row) not in (_ROW, _ROW_OF_EX_DATE):
        return False
    return all(isinstance(field, str) for field in row[:_ROW]) and (len(row) == _ROW or isinstance(row[_ROW], dict))


def _whole(text: str) -> float | None:
    value = number(text, ABSURD_AMOUNT)
    return None if value is None or value < 0 else value


def _kline(row: Any, unit: int | None, final: date) -> Draft:
    if not _is_row(row):
        return Draft(_written(row), None, f"a row of {len(row) if isinstance(row, list) else 'no'} fields")
    when = _DATE.fullmatch(row[0])
    try:
        day = date(*map(int, when.groups())) if when else None
    except ValueError:
        day = None
    if day is None:
        return Draft(row[0], None, "no date")
    bar, reason = _figures(day, row[1:_ROW], unit)
    if bar is not None and day > final:
        bar = bar._replace(final=False)
    return Draft(row[0], bar, reason, explained=len(row) == _ROW_OF_EX_DATE)


def _bar(row: Any, symbol: Symbol, unit: int | None, length: timedelta, received_at: datetime) -> Draft:
    if not isinstance(row, list) or not _ROW <= len(row) <= _BAR_ROW:
        return Draft(_written(row), None, f"a row of {len(row) if isinstance(row, list) else 'no'} fields")
    end = _local(row[0], symbol.zone) if isinstance(row[0], str) else None
    if end is None or not all(isinstance(field, str) for field in row[:_ROW]):
        return Draft(_written(row), None, "no time")
    moment = end.astimezone(UTC)
    bar, reason = _figures(moment - length, row[1:_ROW], unit)
    return Draft(row[0], bar._replace(final=moment <= received_at) if bar else None, reason)


def _local(text: str, zone: str) -> datetime | None:
    """The moment of a local time written as ``202607311430``."""
    match = _STAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


def _figures(when: date | datetime, texts: Sequence[str], unit: int | None) -> tuple[Bar | None, str]:
    """A bar of open, **close**, high, low and volume, or why there is none."""
    opened, close, high, low = (number(text) for text in texts[:4])
    volume = _whole(texts[4])
    if opened is None or close is None or high is None or low is None:
        if close is not None and opened is high is low is None:
            return None, CLOSE_ALONE
        return None, "" if not any(texts) else "no numbers where prices belong"
    if volume is None:
        return None, "no number where the volume belongs"
    return Bar(when, opened, high, low, close, None if unit is None else round(volume * unit)), ""


def _written(row: Any) -> str:
    return str(row[0]) if isinstance(row, list) and row else str(row)[:30]


def _points(day: Mapping[str, Any], symbol: Symbol, quote: Sequence[str], host: str) -> list[Draft]:
    """The minutes of one day; volume and turnover are the differences of what was traded since the open."""
    texts, written = day.get("data"), day.get("date")
    if not isinstance(texts, list) or not isinstance(written, str):
        raise Garbled(host, f"no minutes of {symbol}")
    if not texts or (len(texts) == 1 and str(texts[0]).strip() == _PRE_OPEN):
        return []
    local = _local(f"{written}0000", symbol.zone)
    if local is None:
        raise Garbled(host, f"minutes without a date: {plain(written, 20)}")
    of_today = quote and quote[_TIME].translate(_DIGITS)[:8] == written
    last = str(texts[-1]).split()
    unit = _unit(symbol, quote if of_today else (), _whole(last[2]) if len(last) > 2 else None)
    reader = _Points(local, written, unit)
    return [reader.draft(text) for text in texts]


_DIGITS = {ord(mark): None for mark in "-/: "}


class _Points:
    """Reads the minutes of one day in their order."""

    def __init__(self, midnight: datetime, written: str, unit: int | None) -> None:
        self._midnight, self._written, self._unit = midnight, written, unit
        self._volume = self._amount = 0.0

    def draft(self, text: Any) -> Draft:
        """One point as a bar."""
        fields = text.split() if isinstance(text, str) else []
        written = f"{self._written} {plain(str(text), 16)}"
        clock = _CLOCK.fullmatch(fields[0]) if len(fields) in (3, 4) else None
        if clock is None:
            return Draft(written, None, f"a minute of {len(fields)} fields")
        price, volume = number(fields[1]), _whole(fields[2])
        amount = _whole(fields[3]) if len(fields) == 4 else None
        if price is None or volume is None or (len(fields) == 4 and amount is None):
            return Draft(written, None, "no numbers where they belong")
        if volume < self._volume or (amount is not None and amount < self._amount):
            return Draft(written, None, "less traded since the open than a minute before")
        traded = None if self._unit is None else round((volume - self._volume) * self._unit)
        money = None if amount is None else round(amount - self._amount, 2)
        self._volume, self._amount = volume, amount or self._amount
        moment = self._midnight.replace(hour=int(clock[1]), minute=int(clock[2])).astimezone(UTC)
        return Draft(written, Bar(moment, price, price, price, price, traded, money))
