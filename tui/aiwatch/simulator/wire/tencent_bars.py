"""Tencent's price history as its hosts send it: k-lines by day, week and month, minutes of one and of five days, and
bars of some minutes.

Close stands third in a row. Volume is in lots of 100 shares in mainland China, except on STAR and of indices, and in
shares elsewhere. A row of an ex-date ends with an object.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from aiwatch.market.calendar.hours import zone_of
from aiwatch.market.symbol import Board
from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.history import CorporateAction, History, today_of
from aiwatch.simulator.market import Stock
from aiwatch.simulator.reply import Reply
from aiwatch.simulator.spellings import yahoo_spelling
from aiwatch.simulator.wire.rows import Row, daily_rows, grouped, minute_rows, spoiled
from aiwatch.simulator.wire.tencent import INDICES, US_SUFFIXES, code_of, quote_fields

KLINE_PATHS = ("/appstock/app/fqkline/get", "/appstock/app/newfqkline/get")
MINUTE_PATHS = ("/appstock/app/minute/query", "/appstock/app/UsMinute/query")
FIVE_DAY_PATHS = ("/appstock/app/day/query", "/appstock/app/dayus/query")
BARS_PATH = "/appstock/app/kline/mkline"
_MOST_RAW, _MOST_ADJUSTED, _CUT_TO, _MOST_BARS = 2000, 800, 640, 800
_PERIODS = ("day", "week", "month")
_ADJUSTMENTS = ("", "qfq", "hfq")
_PLACES = (*US_SUFFIXES.values(), ".AM", ".PS")
_PARAM_ERROR = {"code": 0, "msg": "param error", "data": []}


class TencentBarsPage:
    """Answers all of Tencent's questions about the past."""

    def __init__(self, history: History) -> None:
        self._history = history

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The code that is asked for."""
        path, _, query = target.partition("?")
        values = parse_qs(query, keep_blank_values=True)
        if path in (*KLINE_PATHS, BARS_PATH):
            return (values.get("param", [""])[0].partition(",")[0],)
        return (values.get("code", [""])[0],) if path in (*MINUTE_PATHS, *FIVE_DAY_PATHS) else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer."""
        path, _, query = target.partition("?")
        values = parse_qs(query, keep_blank_values=True)
        (code,) = self.asked(target) or ("",)
        stock = None if FaultKind.UNKNOWN in faults else self._stock(code)
        if path in KLINE_PATHS:
            value = self._klines(code, stock, values.get("param", [""])[0].split(","), now, faults)
        elif path == BARS_PATH:
            value = self._bars(code, stock, values.get("param", [""])[0].split(","), now, faults)
        elif path in MINUTE_PATHS:
            value = self._minutes(code, stock, now, faults)
        else:
            value = self._five_days(code, stock, now, faults)
        return Reply(json.dumps(value).encode(), "application/json; charset=utf-8")

    def _stock(self, code: str) -> Stock | None:
        """What is listed under ``code``, in the US with or without the suffix of its market place."""
        plain = _plain(code)
        index = next((text for text, index_code in INDICES.items() if index_code == plain), "")
        stock = self._history.stock(index or yahoo_spelling(plain))
        return stock if stock is not None and code_of(stock.listing.symbol) == plain else None

    def _klines(
        self, code: str, stock: Stock | None, parameters: list[str], now: datetime, faults: Sequence[FaultKind]
    ) -> Any:
        if len(parameters) < 6:
            return {"code": 0, "msg": "", "data": {code: {"version": "16"}}}
        _, period, first, last, count, adjustment = parameters[:6]
        if period not in _PERIODS or adjustment not in _ADJUSTMENTS or not count.isdecimal():
            return _PARAM_ERROR
        most = int(count)
        if not most or most > _MOST_RAW:
            return _PARAM_ERROR
        if adjustment and most > _MOST_ADJUSTED:
            most = _CUT_TO
        if stock is None or (code.startswith("us") and code != _with_suffix(stock)):
            return {"code": 0, "msg": "", "data": {code: {period: [], "qt": {code: []}, "version": "16"}}}
        past = self._history.daily(stock, now)
        rows = daily_rows(past.bars, today_of(stock, now))
        if adjustment:
            rows = _adjusted(rows, past.actions, adjustment)
        rows = rows if period == "day" else grouped(rows, period)
        start, end = first or "0000", last or "9999"
        rows = [row for row in rows if start <= row.when.isoformat() <= end][-most:]
        ex_dates = {action.day: action for action in past.actions} if period == "day" else {}
        rows = spoiled(rows, faults)
        lines = [_line(row, stock, ex_dates.get(row.when)) for row in rows]
        if lines and FaultKind.FIELD_COUNT in faults:
            lines[-1] = lines[-1][:3]
        quote = quote_fields(_plain(code), stock, now)
        key = adjustment + period if adjustment and past.actions else period
        answer = {key: lines, "qt": {code: quote}, "prec": _text(stock, stock.listing.previous_close), "version": "16"}
        return {"code": 0, "msg": "", "data": {code: answer}}

    def _bars(
        self, code: str, stock: Stock | None, parameters: list[str], now: datetime, faults: Sequence[FaultKind]
    ) -> Any:
        if len(parameters) < 4 or parameters[1] not in ("m1", "m5", "m15", "m30", "m60"):
            return _PARAM_ERROR
        size, count = int(parameters[1][1:]), parameters[3]
        most = min(int(count) if count.isdecimal() else 320, _MOST_BARS)
        if stock is None or code[:2] not in ("sh", "sz", "bj"):
            return {"code": 0, "msg": "", "data": {code: {parameters[1]: [], "qt": {code: []}}}}
        days = self._history.minute_days(stock, now, 20)
        rows = [row for day in days for row in minute_rows(self._history.minutes(stock, now, day), size)]
        rows = spoiled(rows[-most:], faults)
        zone = zone_of(stock.listing.symbol.zone)
        ends = [(row.when + timedelta(minutes=size)).astimezone(zone) for row in rows]  # type: ignore[attr-defined]
        lines = [
            [f"{end:%Y%m%d%H%M}", *_line(row, stock, None)[1:], {}, "0.01"] for row, end in zip(rows, ends, strict=True)
        ]
        return {
            "code": 0,
            "msg": "",
            "data": {code: {parameters[1]: lines, "qt": {code: quote_fields(code, stock, now)}}},
        }

    def _minutes(self, code: str, stock: Stock | None, now: datetime, faults: Sequence[FaultKind]) -> Any:
        if stock is None:
            return {"code": -1, "msg": "bad params", "data": []}
        days = self._history.minute_days(stock, now, 1)
        is_us = code.startswith("us")
        if FaultKind.EMPTY_LIST in faults or not days or (is_us and days[-1] != today_of(stock, now)):
            data: Any = {"data": ["  0"] if is_us else [], "date": ""}
        else:
            data = self._points(stock, now, days[-1], faults, with_amount=not is_us)
        return {
            "code": 0,
            "msg": "",
            "data": {code: {"data": data, "qt": {code: quote_fields(_plain(code), stock, now)}}},
        }

    def _five_days(self, code: str, stock: Stock | None, now: datetime, faults: Sequence[FaultKind]) -> Any:
        if stock is None:
            return {"code": -1, "msg": "bad params", "data": []}
        days = self._history.minute_days(stock, now, 5)
        if FaultKind.MISSING_DAY in faults:
            del days[2:3]
        with_amount = not code.startswith("us")
        data = [self._points(stock, now, day, faults, with_amount=with_amount) for day in reversed(days)]
        if FaultKind.EMPTY_LIST in faults:
            data = []
        return {
            "code": 0,
            "msg": "",
            "data": {code: {"data": data, "qt": {code: quote_fields(_plain(code), stock, now)}}},
        }

    def _points(
        self, stock: Stock, now: datetime, day: date, faults: Sequence[FaultKind], *, with_amount: bool
    ) -> dict[str, Any]:
        """A day's points: the price at the end of each minute, and volume and turnover since the open."""
        minutes = self._history.minutes(stock, now, day)
        zone, unit, scale = zone_of(stock.listing.symbol.zone), _unit(stock), 10**stock.listing.decimals
        points: list[tuple[datetime, int, int, float]] = []
        volume, amount = 0, 0.0
        if minutes:
            auction = minutes[0].volume * 2 // 3
            points.append((minutes[0].start, minutes[0].open, auction, auction * minutes[0].open / scale))
        for minute in minutes:
            volume += minute.volume
            amount += minute.volume * (minute.open + minute.close) / 2 / scale
            points.append((minute.start + timedelta(minutes=1), minute.close, volume, amount))
        lines = [
            f"{moment.astimezone(zone):%H%M} {_text(stock, price)} {shares // unit}" + f" {money:.2f}" * with_amount
            for moment, price, shares, money in points
        ]
        if len(lines) > 2 and FaultKind.DOUBLED_LIVE_ROW in faults:
            lines.append(lines[-1])
        if len(lines) > 2 and FaultKind.FIELD_COUNT in faults:
            lines[-1] = lines[-1][:4]
        return {"data": lines, "date": f"{day:%Y%m%d}"}


def _answer(code: str, content: dict[str, Any], quote: list[str]) -> dict[str, Any]:
    return {"code": 0, "msg": "", "data": {code: content | {"qt": {code: quote}}}}


def _plain(code: str) -> str:
    """``code`` without the suffix of a market place in the US."""
    head, dot, suffix = code.rpartition(".")
    return head if dot and code.startswith("us") and f".{suffix}" in _PLACES else code


def _with_suffix(stock: Stock) -> str:
    code = code_of(stock.listing.symbol) or ""
    return code if code.startswith("us.") else code + US_SUFFIXES.get(stock.listing.venue, ".OQ")


def _unit(stock: Stock) -> int:
    """The shares in one unit of volume."""
    symbol = stock.listing.symbol
    return 1 if not symbol.is_china or symbol.board in (Board.INDEX, Board.STAR) else 100


def _text(stock: Stock, points: float | None) -> str:
    if points is None:
        return ""
    return f"{points / 10**stock.listing.decimals:.{max(3, stock.listing.decimals)}f}"


def _line(row: Row, stock: Stock, action: CorporateAction | None) -> list[Any]:
    volume = "" if row.volume is None else f"{row.volume // _unit(stock)}.000"
    prices = [_text(stock, points) for points in (row.open, row.close, row.high, row.low)]
    line: list[Any] = [str(row.when), *prices, volume]
    if action is not None:
        line.append({"nd": str(action.day.year), "cqr": action.day.isoformat(), "FHcontent": _content(stock, action)})
    return line


def _content(stock: Stock, action: CorporateAction) -> str:
    """A dividend or bonus as Chinese notices word it: so much for ten shares."""
    if action.cash:
        return f"10派{action.cash / 10**stock.listing.decimals * 10:g}元"
    return f"10转{(action.ratio - 1) * 10:g}股"


def _adjusted(rows: list[Row], actions: Sequence[CorporateAction], adjustment: str) -> list[Row]:
    """``rows`` adjusted forward (``qfq``: the last price stands) or backward (``hfq``: the first does)."""
    factors = [1.0] * len(rows)
    factor, pending = 1.0, list(actions)
    for at in range(len(rows) - 1, -1, -1):
        while pending and pending[-1].day > rows[at].when:
            action = pending.pop()
            close = rows[at].close or 1.0
            factor *= (close - action.cash) / close / action.ratio
        factors[at] = factor
    whole = factors[0] if adjustment == "hfq" and factors else 1.0
    return [
        row._replace(**{key: getattr(row, key) * by / whole for key in ("open", "high", "low", "close")})
        for row, by in zip(rows, factors, strict=True)
    ]
