"""Several series as one: what a basket did that holds them in equal parts, without pandas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from aiwatch.market.bars.adjustment import adjusted
from aiwatch.market.bars.values import Bar, Basis, Series


def equal_weight(several: Sequence[Series]) -> Series | None:
    """The basket of ``several`` daily series, at 100 before its first return; ``None`` without one.

    Its return of a day is the mean of its members' (adjusted close over the one of their session before), chained: a
    basket that is made equal every day. A member without a session on a day, or before its first, is left out of it.
    Bars have a close alone, which stands for open, high and low too.
    """
    returns: dict[date, list[float]] = {}
    for series in map(adjusted, several):
        before: float | None = None
        for day, bar in zip(series.days, series.bars, strict=True):
            if before:
                returns.setdefault(day, []).append(bar.close / before)
            before = bar.close
    level, bars = 100.0, []
    for day in sorted(returns):
        level *= sum(returns[day]) / len(returns[day])
        bars.append(Bar(day, level, level, level, level))
    if not bars:
        return None
    model = several[0]
    return replace(
        model, bars=tuple(bars), basis=Basis.ADJUSTED, events=(), missing=(), refused=(), previous_close=100.0
    )
