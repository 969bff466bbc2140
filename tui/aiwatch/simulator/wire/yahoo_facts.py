"""What Yahoo's host tells of a company beside its prices: coming dates, quarterly cash flow, and news. All made up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote
from zlib import crc32

from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.history import History
from aiwatch.simulator.market import Stock
from aiwatch.simulator.reply import Reply

SUMMARY_PATH = "/v10/finance/quoteSummary/"
TIMESERIES_PATH = "/ws/fundamentals-timeseries/v1/finance/timeseries/"
NEWS_PATH = "/xhr/ncp"
_QUARTER = 91
_QUARTERS = 5
_JSON = "application/json;charset=utf-8"
_FLOWS = {"OperatingCashFlow": 1.0, "CapitalExpenditure": -0.35, "FreeCashFlow": 0.65}
"""The figures that are sent, as parts of a made-up operating cash flow."""


class YahooFactsPage:
    """Answers for the calendar of a company and its quarterly figures."""

    def __init__(self, history: History) -> None:
        self._history = history

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The symbol that is asked for."""
        path = target.partition("?")[0]
        for prefix in (SUMMARY_PATH, TIMESERIES_PATH):
            if path.startswith(prefix):
                return (unquote(path.removeprefix(prefix)),)
        return ("",) if path == NEWS_PATH else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer."""
        path, _, query = target.partition("?")
        values = parse_qs(query)
        (text,) = self.asked(target) or ("",)
        if path == NEWS_PATH:
            return _sent({"data": {"tickerStream": {"stream": []}}, "status": "OK"})
        stock = None if FaultKind.UNKNOWN in faults else self._history.stock(text)
        if path.startswith(SUMMARY_PATH):
            return self._summary(stock, values.get("modules", [""])[0].split(","), now)
        if stock is None or FaultKind.EMPTY_LIST in faults:
            return _sent({"timeseries": {"result": [], "error": None}})
        return _sent({"timeseries": {"result": _timeseries(stock, values.get("type", [""])[0], now), "error": None}})

    def _summary(self, stock: Stock | None, modules: list[str], now: datetime) -> Reply:
        if stock is None or not stock.listing.shares:
            description = f"No fundamentals data found for any of the summaryTypes={','.join(modules)}"
            error = {"code": "Not Found", "description": description}
            return _sent({"quoteSummary": {"result": None, "error": error}}, 404)
        result = {"calendarEvents": self._calendar(stock, now)} if "calendarEvents" in modules else {}
        if "financialData" in modules:
            result["financialData"] = {"maxAge": 1, "financialCurrency": _reports_in(stock)}
        if "defaultKeyStatistics" in modules:
            result["defaultKeyStatistics"] = {"maxAge": 1, "lastFiscalYearEnd": _stamp(_year_end(stock, now))}
        return _sent({"quoteSummary": {"result": [result], "error": None}})

    def _calendar(self, stock: Stock, now: datetime) -> dict[str, Any]:
        actions = self._history.daily(stock, now).actions
        paid = [action.day for action in actions if action.cash]
        earnings = _quarter_ends(stock, now, 1)[-1] + timedelta(days=_QUARTER + 35)
        return {
            "maxAge": 1,
            "earnings": {"earningsDate": [_stamp(earnings)], "isEarningsDateEstimate": True},
            **({"exDividendDate": _stamp(paid[-1])} if paid else {}),
        }


def _timeseries(stock: Stock, types: str, now: datetime) -> list[dict[str, Any]]:
    """An entry a type, as yfinance takes it apart; without figures an entry has its ``meta`` alone."""
    text, ends = stock.listing.symbol.text, _quarter_ends(stock, now, _QUARTERS)
    base = stock.listing.previous_close / 10**stock.listing.decimals * stock.listing.shares * 0.01
    entries = []
    for kind in types.split(","):
        entry: dict[str, Any] = {"meta": {"symbol": [text], "type": [kind]}}
        share = _FLOWS.get(kind.removeprefix("quarterly")) if kind.startswith("quarterly") else None
        if share is not None and base:
            values = [round(base * share * (1 + 0.1 * (crc32(f"{text}{end}".encode()) % 7 - 3))) for end in ends]
            entry["timestamp"] = [_stamp(end) for end in ends]
            entry[kind] = [_reported(stock, end, value) for end, value in zip(ends, values, strict=True)]
        entries.append(entry)
    return entries


def _reported(stock: Stock, end: date, value: int) -> dict[str, Any]:
    return {
        "dataId": 1,
        "asOfDate": end.isoformat(),
        "periodType": "3M",
        "currencyCode": _reports_in(stock),
        "reportedValue": {"raw": value, "fmt": str(value)},
    }


def _reports_in(stock: Stock) -> str:
    """The currency of a company's reports: most of those in Hong Kong report in yuan."""
    currency = stock.listing.symbol.currency or "USD"
    return "CNY" if currency == "HKD" else currency


def _year_end(stock: Stock, now: datetime) -> date:
    """The last day of the last fiscal year that is over: to March for one symbol in four, else to December."""
    month = 3 if crc32(stock.listing.symbol.text.encode()) % 4 == 0 else 12
    return next(end for end in reversed(_quarter_ends(stock, now, _QUARTERS)) if end.month == month)


def _quarter_ends(stock: Stock, now: datetime, count: int) -> list[date]:
    """The last ``count`` quarter ends that are a month old, oldest first."""
    ends: list[date] = []
    day = now.date() - timedelta(days=30)
    while len(ends) < count:
        day = day.replace(day=1) - timedelta(days=1)
        if day.month % 3 == 0:
            ends.append(day)
    return ends[::-1]


def _stamp(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _sent(value: dict[str, Any], status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), _JSON, status)
