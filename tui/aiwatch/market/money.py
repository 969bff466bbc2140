"""Prices with their decimals, the exchanges' daily limit prices, and the signs of currencies."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥", "TWD": "NT$", "GBP": "£"}
"""The usual sign of a currency, by its ISO 4217 code."""


@lru_cache(maxsize=16_384)
def limit_prices(previous_close: float, percent: int, decimals: int = 2) -> tuple[float, float]:
    """Limit up and limit down of a day, in the currency of ``previous_close``.

    The previous close times one plus or minus the limit, rounded half up to the price's last decimal, as
    the trading rules of the Shanghai and Shenzhen exchanges lay down. ``percent`` is 10, 20 or 30. A stock's are asked
    for with its every quote and are the same all day.
    """
    close = Decimal(f"{previous_close:.{decimals}f}")
    step = Decimal(1).scaleb(-decimals)
    share = Decimal(percent) / 100
    up = (close * (1 + share)).quantize(step, ROUND_HALF_UP)
    down = (close * (1 - share)).quantize(step, ROUND_HALF_UP)
    return float(up), float(down)
