"""Prices with their decimals, the exchanges' daily limit prices, and the signs of currencies."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥", "TWD": "NT$", "GBP": "£"}
"""The usual sign of a currency, by its ISO 4217 code."""


@lru_cache(maxsize=16_384)
def limit_prices(
    previous_close: float, percent: int, decimals: int = 2, *, inwards: bool = False
) -> tuple[float, float]:
    """Limit up and limit down of a day, in the currency of ``previous_close``.

    The previous close times one plus or minus the limit, rounded half up to the price's last decimal in Shanghai and
    Shenzhen; cut off ``inwards`` in Beijing, so that neither is ever more than the limit away (recorded in September
    2026: 68.01 and 36.63 after 52.32). Both are at least one step away from the previous close (SSE trading rules
    3.3.17, SZSE 3.3.16), and the lower is at least one step. ``percent`` is 10, 20 or 30. A stock's are asked for with
    its every quote and are the same all day.
    """
    close = Decimal(f"{previous_close:.{decimals}f}")
    step = Decimal(1).scaleb(-decimals)
    share = Decimal(percent) / 100
    up = (close * (1 + share)).quantize(step, ROUND_FLOOR if inwards else ROUND_HALF_UP)
    down = (close * (1 - share)).quantize(step, ROUND_CEILING if inwards else ROUND_HALF_UP)
    return float(max(up, close + step)), float(max(min(down, close - step), step))
