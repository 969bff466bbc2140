"""Sina's price history as its host sends it: unadjusted bars of mainland China, all figures as texts, volume in shares;
``null`` for every other market."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from aiwatch.market.calendar.hours import zone_of
from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.history import History, today_of
from aiwatch.simulator.market import Stock
from aiwatch.simulator.reply import Reply
from aiwatch.simulator.spellings import yahoo_spelling
from aiwatch.simulator.wire.rows import Row, daily_rows, minute_rows, spoiled
from aiwatch.simulator.wire.sina import code_of

PATH = "/quotes_service/api/json_v2.php/CN_MarketData.getKLineData"
_DAY = 240
_SCALES = (5, 15, 30, 60, _DAY)
_MOST = 1970


class SinaBarsPage:
    """Answers for bars of a day, or of 5, 15, 30 or 60 minutes, stamped with their end."""

    def __init__(self, history: History) -> None:
        self._history = history

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The code that is asked for."""
        path, _, query = target.partition("?")
        return tuple(parse_qs(query).get("symbol", [""])[:1]) if path == PATH else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer."""
        values = parse_qs(target.partition("?")[2])
        code = values.get("symbol", [""])[0]
        scale, count = (int(text) if text.isdecimal() else 0 for text in _first(values, "scale", "datalen"))
        stock = self._history.stock(yahoo_spelling(code))
        is_listed = stock is not None and code[:2] in ("sh", "sz", "bj") and code_of(stock.listing.symbol) == code
        if stock is None or not is_listed or scale not in _SCALES or FaultKind.UNKNOWN in faults:
            return Reply(b"null", "application/json")
        rows = self._rows(stock, scale, now)[-min(count or 1, _MOST) :]
        lines = [self._line(stock, row, scale) for row in spoiled(rows, faults)]
        if lines and FaultKind.FIELD_COUNT in faults:
            del lines[-1]["close"]
        return Reply(json.dumps(lines).encode(), "application/json")

    def _rows(self, stock: Stock, scale: int, now: datetime) -> list[Row]:
        if scale == _DAY:
            return daily_rows(self._history.daily(stock, now).bars, today_of(stock, now))
        days = self._history.minute_days(stock, now, 20)
        return [row for day in days for row in minute_rows(self._history.minutes(stock, now, day), scale)]

    def _line(self, stock: Stock, row: Row, scale: int) -> dict[str, str | None]:
        points = {"open": row.open, "high": row.high, "low": row.low, "close": row.close}
        prices = {key: None if value is None else _price(stock, value) for key, value in points.items()}
        day = str(row.when)
        if isinstance(row.when, datetime):
            end = row.when + timedelta(minutes=scale)
            day = f"{end.astimezone(zone_of(stock.listing.symbol.zone)):%Y-%m-%d %H:%M:%S}"
        return {"day": day, **prices, "volume": None if row.volume is None else str(row.volume)}


def _first(values: dict[str, list[str]], *keys: str) -> list[str]:
    return [values.get(key, ["0"])[0] for key in keys]


def _price(stock: Stock, points: float) -> str:
    return f"{points / 10**stock.listing.decimals:.{max(3, stock.listing.decimals)}f}"
