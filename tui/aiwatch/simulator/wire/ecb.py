"""The reference rates as frankfurter sends them: ``/v1/latest``, the fixing of the last working day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from aiwatch.market.symbol import FX
from aiwatch.simulator.faults import PRICES, FaultKind
from aiwatch.simulator.market import Market

_PATH = "/v1/latest"
_PUBLISHED = time(16)
_FAR_AHEAD = "2096-01-02"
BASE = "USD"


class EcbWire:
    """Writes the rates of a market's currency pairs, each as one dollar costs in it."""

    name = "ecb"
    content_type = "application/json"

    def __init__(self, market: Market) -> None:
        self._market = market
        self._zone = ZoneInfo("Europe/Berlin")

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The currencies a request target asks for; ``None`` for other paths."""
        path, _, query = target.partition("?")
        if path != _PATH:
            return None
        return tuple(code for code in parse_qs(query).get("symbols", [""])[0].split(",") if code)

    def refusal(self, symbols: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """404 for other paths, and for currencies of which none is known."""
        rates = self._rates()
        return None if any(code in rates for code in symbols or ()) else (404, b'{"message":"not found"}')

    def symbol_of(self, part: bytes) -> str:
        """The currency of a piece."""
        return str(json.loads(part)["code"])

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """A rate with one thing wrong; the date of all of them, where a date is to be wrong."""
        value = json.loads(part)
        if kind is FaultKind.UNKNOWN:
            return b""
        if kind is FaultKind.FUTURE:
            value["date"] = _FAR_AHEAD
        elif kind is FaultKind.FIELD_COUNT:
            value["rate"] = None
        else:
            value["rate"] = PRICES[kind]
        return json.dumps(value).encode()

    def parts(self, symbols: Sequence[str], now: datetime) -> list[bytes]:
        """A piece for each currency that is known, in the order asked."""
        rates, day = self._rates(), self._day(now)
        pieces = ({"code": code, "rate": rates[code], "date": day} for code in symbols if code in rates)
        return [json.dumps(piece).encode() for piece in pieces]

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        pieces = [json.loads(part) for part in parts]
        rates = {piece["code"]: piece["rate"] for piece in pieces}
        day = max((piece["date"] for piece in pieces), default="")
        return json.dumps({"amount": 1.0, "base": BASE, "date": day, "rates": rates}, separators=(",", ":")).encode()

    def _rates(self) -> dict[str, float]:
        """What a dollar costs in each currency of the market, found through every pair that leads to the dollar."""
        rates = {BASE: 1.0}
        pairs = [stock for stock in self._market.stocks.values() if stock.listing.symbol.exchange is FX]
        for _ in pairs:
            for stock in pairs:
                base, quoted = stock.listing.symbol.pair
                price = stock.last / 10**stock.listing.decimals
                if base in rates:
                    rates.setdefault(quoted, round(rates[base] * price, 6))
                elif quoted in rates:
                    rates.setdefault(base, round(rates[quoted] / price, 6))
        del rates[BASE]
        return rates

    def _day(self, now: datetime) -> str:
        local = now.astimezone(self._zone)
        day = local.date() if local.time() >= _PUBLISHED else local.date() - timedelta(days=1)
        return (day - timedelta(days=max(0, day.weekday() - 4))).isoformat()
