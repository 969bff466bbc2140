"""Quotes for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import parse_symbol

TRADING_MOMENT = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
"""A Friday, ten in the morning in Shanghai."""


def make_quote(symbol: str = "002837.SZ", **values: Any) -> Quote:
    """A quote of Envicool at 60.00 after 58.02, an hour of trading old, changed by ``values``."""
    result = parse_symbol(symbol)
    return Quote(
        **{
            "symbol": result,
            "source": "tencent",
            "last": 60.0,
            "previous_close": 58.02,
            "as_of": TRADING_MOMENT,
            "received_at": TRADING_MOMENT,
            "currency": result.currency,
            **values,
        }
    )
