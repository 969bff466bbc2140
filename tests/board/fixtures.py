"""Stocks, quotes and a clock for the tests of the quote board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aiwatch.board.cells import RowView
from aiwatch.market.calendar.session import always_open
from aiwatch.market.quote import Quote
from aiwatch.market.state import Desk, Standing
from aiwatch.market.symbol import parse_symbol
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


def desk_of(clock: HandClock) -> Desk:
    """An empty desk whose markets are open."""
    return Desk(clock, always_open)


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


def view(said: Quote | None, standing: Standing = Standing.LIVE, text: str = "600000.SS") -> RowView:
    """A row at NOW."""
    return RowView(Stock(said.symbol if said else parse_symbol(text), "Name"), "Name", said, standing, (), NOW)
