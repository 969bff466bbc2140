"""What a list of stocks did as a group: the figures no single row shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol


@dataclass(frozen=True, slots=True)
class Summary:
    """A group of stocks at one moment; percentages are of the previous closes.

    ``names`` counts the stocks of the list and ``priced`` those with a change; the mean, the median and the breadth
    are of the priced ones alone. ``turnover`` is in currency units, by ISO 4217 code, never added across
    currencies. ``best`` and ``worst`` are a symbol and its change.
    """

    names: int
    priced: int
    mean: float | None
    median: float | None
    up: int
    flat: int
    down: int
    limit_up: int
    limit_down: int
    turnover: dict[str, float]
    best: tuple[Symbol, float] | None
    worst: tuple[Symbol, float] | None


def summarise(quotes: Iterable[Quote | None]) -> Summary:
    """Sum up one quote (or ``None``: not priced) a stock. The mean is equal-weighted."""
    held = list(quotes)
    moves: list[tuple[float, Symbol]] = []
    turnover: dict[str, float] = {}
    at_limit = [0, 0, 0]
    for quote in held:
        if quote is None:
            continue
        if quote.turnover is not None:
            turnover[quote.currency] = turnover.get(quote.currency, 0.0) + quote.turnover
        percent = quote.change_percent
        if percent is not None:
            moves.append((percent, quote.symbol))
            at_limit[quote.at_limit] += 1
    changes = [percent for percent, _ in moves]
    best, worst = (max(moves), min(moves)) if moves else (None, None)
    return Summary(
        names=len(held),
        priced=len(moves),
        mean=sum(changes) / len(changes) if changes else None,
        median=_median(changes) if changes else None,
        up=sum(percent > 0 for percent in changes),
        flat=sum(percent == 0 for percent in changes),
        down=sum(percent < 0 for percent in changes),
        limit_up=at_limit[1],
        limit_down=at_limit[-1],
        turnover=turnover,
        best=(best[1], best[0]) if best else None,
        worst=(worst[1], worst[0]) if worst else None,
    )


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
