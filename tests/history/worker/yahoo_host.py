"""A loopback host that speaks as Yahoo's do to yfinance, with answers that a test chooses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

NEW_YORK = ZoneInfo("America/New_York")
RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]


def opening(day: date) -> int:
    """The second at which New York opens on ``day``."""
    return int(datetime.combine(day, time(9, 30), NEW_YORK).timestamp())


def chart(rows: list[tuple[date, Any, Any, Any, Any, Any]], events: dict[str, Any] | None = None) -> dict[str, Any]:
    """Yahoo's answer with these rows: day, open, high, low, close, volume."""
    columns = list(zip(*rows, strict=True)) or [()] * 6
    names = ("open", "high", "low", "close", "volume")
    regular = {"timezone": "EST", "start": 0, "end": 1, "gmtoffset": -18000}
    meta = {
        "currency": "USD",
        "symbol": "NVDA",
        "instrumentType": "EQUITY",
        "exchangeTimezoneName": "America/New_York",
        "timezone": "EST",
        "gmtoffset": -18000,
        "validRanges": RANGES,
        "dataGranularity": "1d",
        "currentTradingPeriod": {"pre": regular, "regular": regular, "post": regular},
    }
    result = {
        "meta": meta,
        "timestamp": [opening(day) for day in columns[0]],
        "indicators": {
            "quote": [dict(zip(names, map(list, columns[1:]), strict=True))],
            "adjclose": [{"adjclose": list(columns[4])}],
        },
    }
    return {"chart": {"result": [result | ({"events": events} if events else {})], "error": None}}


_NOTHING = {"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found, symbol may be"}}}
_CALENDAR = {
    "maxAge": 1,
    "earnings": {"earningsDate": [opening(date(2026, 2, 24))], "earningsAverage": 1.0, "earningsLow": 1.0,
                 "earningsHigh": 1.0, "revenueAverage": 1, "revenueLow": 1, "revenueHigh": 1},
    "exDividendDate": opening(date(2026, 3, 10)),
    "dividendDate": opening(date(2026, 3, 31)),
}  # fmt: skip


class YahooHost:
    """Answers, and keeps the paths that were asked. ``status`` other than 200 answers all but cookies with it; while
    ``hangs`` is set nothing is answered."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.hangs = False
        self.body: bytes | None = None
        self.chart = chart([(date(2025, 8, 14), 100.0, 101.0, 99.0, 100.5, 1000)])
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One answer."""
        self.asked.append(request.path)
        if self.hangs:
            await asyncio.sleep(600)
        if request.path == "/":
            return web.Response(status=404)
        if self.status != 200:
            return web.json_response({"finance": {"result": None, "error": {"code": "x"}}}, status=self.status)
        if request.path.endswith("getcrumb"):
            return web.Response(text="cRuMb")
        if self.body is not None:
            return web.Response(body=self.body)
        if request.path.startswith("/v8/finance/chart/"):
            listed = request.path.endswith("NVDA")
            return web.json_response(self.chart if listed else _NOTHING, status=200 if listed else 404)
        if request.path.startswith("/v10/finance/quoteSummary/") and "NVDA" in request.path:
            return web.json_response({"quoteSummary": {"result": [{"calendarEvents": _CALENDAR}], "error": None}})
        if "fundamentals-timeseries" in request.path:
            return web.json_response(_cash_flow())
        return web.json_response({"error": "nothing"}, status=404)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _cash_flow() -> dict[str, Any]:
    def line(name: str, values: list[float]) -> dict[str, Any]:
        key = f"quarterly{name}"
        ends = [date(2025, 7, 31), date(2025, 10, 31)]
        cells = [
            {"asOfDate": end.isoformat(), "periodType": "3M", "currencyCode": "USD", "reportedValue": {"raw": value}}
            for end, value in zip(ends, values, strict=True)
        ]
        return {"meta": {"symbol": ["NVDA"], "type": [key]}, "timestamp": [_midnight(end) for end in ends], key: cells}

    lines = [line("OperatingCashFlow", [15e9, 23e9]), line("CapitalExpenditure", [-2e9, -1.6e9])]
    return {"timeseries": {"result": lines, "error": None}}


@asynccontextmanager
async def yahoo_host() -> AsyncIterator[YahooHost]:
    """A host that listens as long as the block runs."""
    host = YahooHost()
    server = web.Server(host.handle)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield host
    finally:
        await runner.cleanup()
