"""A run of prices as one line of block characters."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
_MIDDLE = BLOCKS[3]


def sparkline(prices: Sequence[float], width: int) -> str:
    """``prices``, oldest first, in exactly ``width`` cells, scaled from their lowest to their highest.

    Fewer prices than cells stand on the left and leave the rest empty; more are gathered into equal spans, each
    shown by its last price, so that the newest price is always the last cell. Prices that never moved are a line
    at half height.
    """
    if not prices or width <= 0:
        return " " * max(0, width)
    count = len(prices)
    if count > width:
        prices = [prices[(place + 1) * count // width - 1] for place in range(width)]
    low, high = min(prices), max(prices)
    if high <= low:
        return (_MIDDLE * len(prices)).ljust(width)
    scale = (len(BLOCKS) - 1) / (high - low)
    return "".join([BLOCKS[round((price - low) * scale)] for price in prices]).ljust(width)
