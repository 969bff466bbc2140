"""Yahoo's ``/v8/finance/chart/SYMBOL`` as its host sends it: bars, dividends and splits.

All prices are divided by the splits since, dividends too, and volumes multiplied by them; ``adjclose`` is adjusted for
dividends as well. A session is stamped with its open, today's with the last trade.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote

from aiwatch.market.calendar.hours import zone_of
from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.history import CorporateAction, History, today_of, trading_slots
from aiwatch.simulator.market import Stock
from aiwatch.simulator.reply import Reply
from aiwatch.simulator.wire.rows import Row, daily_rows, grouped, minute_rows, spoiled
from aiwatch.simulator.wire.yahoo import RANGES, YahooZone, figures

PATH = "/v8/finance/chart/"
_NOT_FOUND = "No data found, symbol may be delisted"
_MINUTES = {"1m": 1, "2m": 2, "5m": 5, "15m": 15, "30m": 30, "60m": 60, "90m": 90, "1h": 60}
_PERIODS = {"1d": "day", "1wk": "week", "1mo": "month"}
_REACH = {"1m": 30, "2m": 60, "5m": 60, "15m": 60, "30m": 60, "90m": 60, "60m": 730, "1h": 730}
_SPAN = timedelta(days=8)
_LAST_TRADE = timedelta(seconds=2)
"""How long ago the last trade was. Yahoo's live row is older than the question; yfinance drops one that is not."""
_SPELT = re.compile(r"([0-9]{1,4})(d|wk|mo|y)")
_DAYS = {"wk": 7.0, "mo": 30.4375, "y": 365.25}


class YahooChartPage:
    """Answers for bars of minutes, days, weeks or months."""

    def __init__(self, history: History) -> None:
        self._history = history

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The symbol that is asked for."""
        path = target.partition("?")[0]
        return (unquote(path.removeprefix(PATH)),) if path.startswith(PATH) else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer."""
        (text,) = self.asked(target) or ("",)
        values = {key: words[0] for key, words in parse_qs(target.partition("?")[2]).items()}
        stock = None if FaultKind.UNKNOWN in faults else self._history.stock(text)
        if stock is None:
            return _error(404, "Not Found", _NOT_FOUND)
        interval = values.get("interval", "1d")
        if interval not in _MINUTES and interval not in _PERIODS:
            return _error(422, "Unprocessable Entity", f"Invalid input - interval={interval} is not supported.")
        try:
            first, last = _bounds(values, now)
        except ValueError:
            return _error(422, "Unprocessable Entity", f"Invalid input - range={values.get('range')} is not supported.")
        if refusal := _too_far(interval, first, last, now):
            return refusal
        chart = _Chart(self._history, stock, now, interval)
        count = _sessions(values)
        return _sent({"result": [chart.result(first, last, count, values, faults)], "error": None}, 200)


class _Chart:
    """One answer at work."""

    def __init__(self, history: History, stock: Stock, now: datetime, interval: str) -> None:
        self._history, self._stock, self._now, self._interval = history, stock, now, interval
        self._exchange = stock.listing.symbol.exchange
        self._scale = float(10**stock.listing.decimals)
        self._past = history.daily(stock, now)
        self._today = today_of(stock, now)
        self._splits = [action for action in self._past.actions if not action.cash]
        self._openings: dict[date, datetime] = {}

    def result(
        self,
        first: datetime,
        last: datetime,
        count: int | None,
        values: dict[str, str],
        faults: Sequence[FaultKind],
    ) -> dict[str, Any]:
        """The ``result`` of bars from ``first`` to before ``last``, or of the last ``count`` sessions."""
        stamped = [(self._stamp(row), row) for row in self._rows(first, count)]
        rows = [row for stamp, row in stamped if count is not None or first <= stamp < last]
        before = self._close_before(rows)
        rows = spoiled(rows, faults)
        meta = self._meta(before, values.get("range", ""))
        if not rows:
            return {"meta": meta, "indicators": {"quote": [{}], "adjclose": [{}]}}
        stamps = [int(self._stamp(row).timestamp()) for row in rows]
        if FaultKind.DOUBLED_LIVE_ROW in faults and len(stamps) > 1:
            stamps[-2] = int(self._open_of(rows[-2]).timestamp())
        quote: dict[str, list[Any]] = {name: self._column(rows, name) for name in _COLUMNS}
        quote["volume"] = [None if row.volume is None else self._volume(row) for row in rows]
        if FaultKind.FIELD_COUNT in faults:
            quote["close"].pop()
        answer: dict[str, Any] = {"meta": meta, "timestamp": stamps}
        if events := self._events(rows):
            answer["events"] = events
        indicators: dict[str, Any] = {"quote": [quote]}
        if self._interval in _PERIODS:
            indicators["adjclose"] = [{"adjclose": self._adjusted(rows)}]
        return answer | {"indicators": indicators}

    def _rows(self, first: datetime, count: int | None) -> list[Row]:
        size = _MINUTES.get(self._interval)
        if size is None:
            bars = self._past.bars
            earliest = first.date() - timedelta(days=40) if first.year > 1900 else date.min  # a month may begin before
            bars = [bar for bar in bars if bar.day >= earliest] if count is None else bars[-count:]
            rows = daily_rows(bars, self._today)
            period = _PERIODS[self._interval]
            return rows if period == "day" else grouped(rows, period)
        days = self._history.minute_days(self._stock, self._now, 60 if count is None else count)
        days = [day for day in days if count is not None or day >= first.astimezone(UTC).date() - timedelta(days=1)]
        return [row for day in days for row in minute_rows(self._history.minutes(self._stock, self._now, day), size)]

    def _stamp(self, row: Row) -> datetime:
        if isinstance(row.when, datetime):
            return row.when
        return self._now - _LAST_TRADE if row.is_live else self._open_of(row)

    def _open_of(self, row: Row) -> datetime:
        """When the session of a daily row opened."""
        return self._opening(row.when)

    def _opening(self, day: date) -> datetime:
        opening = self._openings.get(day)
        if opening is None:
            slots = trading_slots(self._exchange, day)
            midnight = datetime.combine(day, datetime.min.time(), zone_of(self._exchange.zone)).astimezone(UTC)
            opening = self._openings[day] = slots[0].start if slots else midnight
        return opening

    def _day(self, row: Row) -> date:
        when = row.when
        return when.astimezone(zone_of(self._exchange.zone)).date() if isinstance(when, datetime) else when

    def _splits_after(self, day: date) -> float:
        ratio = 1.0
        for split in self._splits:
            if split.day > day:
                ratio *= split.ratio
        return ratio

    def _column(self, rows: Sequence[Row], name: str) -> list[float | None]:
        prices = ((getattr(row, name), self._splits_after(self._day(row))) for row in rows)
        return [None if points is None else self._price(points, ratio) for points, ratio in prices]

    def _price(self, points: float, ratio: float) -> float:
        return round(points / self._scale / ratio, 6)

    def _volume(self, row: Row) -> int:
        return round((row.volume or 0) * self._splits_after(self._day(row)))

    def _adjusted(self, rows: Sequence[Row]) -> list[float | None]:
        """``adjclose``: by the close before each dividend."""
        closes = {bar.day: bar.close for bar in self._past.bars}
        days = sorted(closes)
        steps = [
            (action.day, 1 - action.cash / closes[days[bisect_left(days, action.day) - 1]])
            for action in self._past.actions
            if action.cash and action.day > days[0]
        ]
        adjusted: list[float | None] = []
        factor = 1.0
        for row in reversed(rows):
            while steps and steps[-1][0] > self._day(row):
                factor *= steps.pop()[1]
            ratio = self._splits_after(self._day(row))
            adjusted.append(None if row.close is None else round(self._price(row.close, ratio) * factor, 6))
        return adjusted[::-1]

    def _events(self, rows: Sequence[Row]) -> dict[str, Any]:
        first, last = self._day(rows[0]), self._day(rows[-1])
        dividends: dict[str, Any] = {}
        splits: dict[str, Any] = {}
        for action in self._past.actions:
            if not first <= action.day <= last:
                continue
            stamp = int(self._opening(action.day).timestamp())
            if action.cash:
                amount = self._price(action.cash, self._splits_after(action.day))
                dividends[str(stamp)] = {"amount": amount, "date": stamp}
            else:
                splits[str(stamp)] = _split(action, stamp)
        return {key: value for key, value in (("dividends", dividends), ("splits", splits)) if value}

    def _close_before(self, rows: Sequence[Row]) -> float:
        """The close before the first row, as Yahoo adjusts it; of the first session its own open."""
        first = self._day(rows[0]) if rows else self._today
        before = [bar for bar in self._past.bars if bar.day < first]
        if not before:
            return self._price(self._past.bars[0].open, self._splits_after(first))
        return self._price(before[-1].close, self._splits_after(before[-1].day))

    def _meta(self, before: float, asked_range: str) -> dict[str, Any]:
        zone = YahooZone(self._exchange.zone)
        zone.midnight(self._now)
        meta = figures(self._stock, zone)
        meta["regularMarketTime"] = int(self._now.timestamp())
        meta["chartPreviousClose"] = before
        if asked_range != "1d":
            del meta["previousClose"]
        opening = int(self._opening(self._today).timestamp())
        slots = trading_slots(self._exchange, self._today)
        closing = int(slots[-1].end.timestamp()) if slots else opening + 86_400
        return meta | {
            "firstTradeDate": int(self._opening(self._past.bars[0].day).timestamp()),
            "currentTradingPeriod": {
                "pre": zone.period(opening, opening),
                "regular": zone.period(opening, closing),
                "post": zone.period(closing, closing),
            },
            **({"tradingPeriods": self._periods(zone)} if self._interval in _MINUTES else {}),
            "dataGranularity": self._interval,
            "range": asked_range,
            "validRanges": RANGES,
        }

    def _periods(self, zone: YahooZone) -> list[list[dict[str, Any]]]:
        periods = []
        for day in self._history.minute_days(self._stock, self._now, 60):
            slots = trading_slots(self._exchange, day)
            periods.append([zone.period(int(slots[0].start.timestamp()), int(slots[-1].end.timestamp()))])
        return periods


_COLUMNS = ("open", "high", "low", "close")


def _split(action: CorporateAction, stamp: int) -> dict[str, Any]:
    ratio = f"{action.numerator}:{action.denominator}"
    return {
        "date": stamp,
        "numerator": action.numerator,
        "denominator": action.denominator,
        "splitRatio": ratio,
    }


def _sessions(values: dict[str, str]) -> int | None:
    """How many sessions are asked for, where they are counted."""
    spelt = _SPELT.fullmatch(values.get("range", ""))
    return max(1, int(spelt[1])) if spelt and spelt[2] == "d" and "period1" not in values else None


def _bounds(values: dict[str, str], now: datetime) -> tuple[datetime, datetime]:
    """From when to when is asked. Raises `ValueError` for a range that is none."""
    after = now + timedelta(seconds=1)
    if "period1" in values or "period2" in values:
        earliest = datetime(1900, 1, 1, tzinfo=UTC)
        first = max(-2_000_000_000, int(float(values.get("period1", "0"))))
        last = min(int(float(values.get("period2", now.timestamp()))) + 1, int(after.timestamp()))
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return max(earliest, epoch + timedelta(seconds=first)), epoch + timedelta(seconds=last)
    span = values.get("range", "1d")
    if span == "max":
        return datetime(1900, 1, 1, tzinfo=UTC), after
    if span == "ytd":
        return datetime(now.year, 1, 1, tzinfo=UTC), after
    spelt = _SPELT.fullmatch(span)
    if spelt is None:
        raise ValueError(span)
    days = int(spelt[1]) * _DAYS.get(spelt[2], 1.0)
    return now - timedelta(days=min(days, 36_000)), after


def _too_far(interval: str, first: datetime, last: datetime, now: datetime) -> Reply | None:
    """The refusal of a span for which there are no such bars."""
    reach = _REACH.get(interval)
    if reach is None:
        return None
    beyond = first < now - timedelta(days=reach, minutes=5)
    if not beyond and not (interval == "1m" and last - first > _SPAN + timedelta(hours=1)):
        return None
    problem = f"The requested range must be within the last {reach} days."
    if not beyond:
        problem = "Only 8 days worth of 1m granularity data are allowed to be fetched per request."
    spans = f"startTime={int(first.timestamp())} and endTime={int(last.timestamp())}"
    return _error(422, "Unprocessable Entity", f"{interval} data not available for {spans}. {problem}")


def _error(status: int, code: str, description: str) -> Reply:
    return _sent({"result": None, "error": {"code": code, "description": description}}, status)


def _sent(chart: dict[str, Any], status: int) -> Reply:
    return Reply(json.dumps({"chart": chart}, ensure_ascii=False).encode(), "application/json;charset=utf-8", status)
