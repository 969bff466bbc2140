"""Stocks, quotes and a clock for the tests of the quote board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aiwatch.board.cells import Extent, Fragments, RowView
from aiwatch.board.columns import BY_KEY
from aiwatch.market.calendar.session import always_open
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import MarketState, PriceStatus
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.watchlist import Stock

NOW = datetime(2025, 11, 24, 6, 10, 19, tzinfo=UTC)
"""A Monday, 14:10:19 in Shanghai."""


class HandClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.now += timedelta(seconds=seconds)


def desk_of(clock: HandClock) -> MarketState:
    """An empty desk whose markets are open."""
    return MarketState(clock, always_open)


def stock(text: str, name: str = "", name_zh: str = "", role: str = "", printed_as: str = "") -> Stock:
    """A stock; its name is its code unless given."""
    symbol = parse_symbol(text)
    return Stock(symbol, name or symbol.code, name_zh, role, printed_as)


def quote(text: str, last: float, previous_close: float | None, *, seconds: float = 3, **more: Any) -> Quote:
    """A quote that is ``seconds`` old at NOW."""
    symbol = parse_symbol(text)
    as_of = NOW - timedelta(seconds=seconds)
    fields: dict[str, Any] = {"symbol": symbol, "source": "test", "last": last, "previous_close": previous_close}
    fields |= {"as_of": as_of, "received_at": as_of, "currency": symbol.currency}
    return Quote(**(fields | more))


def view(said: Quote | None, status: PriceStatus = PriceStatus.LIVE, text: str = "600000.SS") -> RowView:
    """A row at NOW."""
    return RowView(Stock(said.symbol if said else parse_symbol(text), "Name"), "Name", said, status, (), NOW)


def cell(key: str, row: RowView, width: int, extent: Extent) -> Fragments:
    """The cell of column ``key``."""
    return BY_KEY[key].cell(row, width, extent)


STOCKS = [
    stock("002837.SZ", "Envicool", "英维克", role="liquid cooling", printed_as="Invic"),
    stock("NVDA", "NVIDIA", "英伟达", role="chips"),
    stock("0700.HK", "Tencent", "腾讯控股", role="cloud"),
    stock("600487.SS", "Hengtong", "亨通光电", role="cables"),
    stock("SIE.DE", "Siemens", role="power"),
]
QUOTES: dict[Symbol, Quote] = {
    said.symbol: said
    for said in (
        quote("002837.SZ", 63.82, 58.02, seconds=1, volume=9, turnover=2.0),
        quote("NVDA", 178.88, 180.64, seconds=9, volume=10),
        quote("0700.HK", 623.5, 618.0, seconds=5, volume=100),
        quote("600487.SS", 17.12, 17.12, seconds=7, trading=Trading.SUSPENDED),
    )
}
"""Quotes of all but the last of `STOCKS`."""
