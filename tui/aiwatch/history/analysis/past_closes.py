"""Closes of the past that somebody printed, as today's prices compare with them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from aiwatch.history.store import SAME_PRICE
from aiwatch.market.bars import Series, factors
from aiwatch.market.symbol import Symbol

LAST_DIGIT = 0.0101
"""How far two prints of one close may differ: a cent, and what is left of it in binary."""


class PastClose(NamedTuple):
    """The ``close`` of ``symbol`` on the local date ``day``, unadjusted, in its currency; ``key`` is whose it is."""

    key: str
    symbol: Symbol
    day: date
    close: float


def adjusted_close(past: PastClose, series: Series) -> float | None:
    """``past.close`` adjusted for the dividends and splits that ``series`` knows since.

    ``None`` where the series has no final close of that day, or another one: then it is not the share that was meant,
    or one of the two is wrong, and the print stands as it is. The series is to be unadjusted, with every event since.
    """
    for bar, factor in zip(series.bars, factors(series), strict=True):
        if series.day_of(bar) == past.day:
            is_same = abs(bar.close - past.close) <= max(LAST_DIGIT, past.close * SAME_PRICE)
            return past.close * factor if bar.final and is_same else None
    return None
