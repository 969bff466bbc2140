"""What Yahoo's rows of history mean, from any client: figures of any type in, drafts of bars and events out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from aiwatch.market.bars import Bar
from aiwatch.market.security import SHARELESS
from aiwatch.market.symbol import Symbol
from aiwatch.sources.bars import CLOSE_ALONE, NO_FIGURES, Draft
from aiwatch.sources.parsing import ABSURD_AMOUNT, ABSURD_PRICE
from aiwatch.sources.yahoo.meta import whole_currency

FIELDS = ("open", "high", "low", "close", "volume")
_MOST_RATIO = 10_000.0
_SINGLE_PRECISION = 2.0**-21


def row_of(
    written: str, when: date | datetime, figures: Sequence[Any], symbol: Symbol, *, final: bool = True, gap: str = ""
) -> Draft:
    """The row of ``when``, which Yahoo writes as ``written``, with its `FIELDS`; ``gap`` is the reason where all are
    empty, which of minutes is none."""
    prices, volume = [price_of(figure) for figure in figures[:4]], figures[4]
    if all(price is None for price in prices) and not volume_of(volume, symbol):
        return Draft(written, None, gap)
    if any(price is None for price in prices):
        alone = prices[3] is not None and prices[:3] == [None] * 3
        return Draft(written, None, CLOSE_ALONE if alone else "no numbers where prices belong")
    opened, high, low, close = (price or 0.0 for price in prices)
    # The ends are of single precision: a high a hair below the open is the same price.
    high, low = _joined(high, opened, close, max), _joined(low, opened, close, min)
    shares = volume_of(volume, symbol)
    if shares is not None and shares < 0:
        return Draft(written, None, "a negative volume")
    return Draft(written, Bar(when, opened, high, low, close, shares, final=final))


def day_row(day: date, figures: Sequence[Any], symbol: Symbol, *, final: bool = True) -> Draft:
    """The row of a day."""
    return row_of(day.isoformat(), day, figures, symbol, final=final, gap=NO_FIGURES)


def price_of(value: Any) -> float | None:
    """``value`` where it is a number that a price may be; not a number is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < ABSURD_PRICE else None


def volume_of(value: Any, symbol: Symbol) -> int | None:
    """The shares; ``None`` where none are given, which is a zero too of what has no shares."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < ABSURD_AMOUNT:
        return None
    return None if not value and symbol.board in SHARELESS else round(value)


def cash_of(amount: Any) -> float | None:
    """The cash of a dividend; ``None`` for what is none."""
    value = price_of(amount)
    return value if value is not None and value > 0 else None


def ratio_of(value: Any) -> float | None:
    """Shares for one after a split; ``None`` for what is none."""
    ratio = price_of(value)
    return ratio if ratio is not None and 1 / _MOST_RATIO <= ratio <= _MOST_RATIO else None


def currency_of(meta: Mapping[str, Any], symbol: Symbol) -> tuple[str, float]:
    """The whole currency, ISO 4217, and what a price of Yahoo's is to be multiplied by for it."""
    code = meta.get("currency")
    if not isinstance(code, str):
        return symbol.currency, 1.0
    whole, _, scale = whole_currency(code)
    if whole:
        return whole, scale
    is_code = len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
    return code if is_code else symbol.currency, 1.0


def _joined(end: float, opened: float, close: float, furthest: Callable[[float, float, float], float]) -> float:
    """``end``, or the open or close that is beyond it by no more than single precision explains."""
    outer = furthest(end, opened, close)
    return outer if abs(outer - end) <= outer * _SINGLE_PRECISION else end
