"""What a list of stocks did as a group: the figures no single row shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

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


class Move(NamedTuple):
    """What one stock adds to its group; worked out once a quote, since groups are summed up often."""

    symbol: Symbol
    percent: float | None
    limit: int
    turnover: float | None
    currency: str


def move_of(quote: Quote) -> Move:
    """The part of ``quote`` that counts in a group."""
    return Move(quote.symbol, quote.change_percent, quote.at_limit, quote.turnover, quote.currency)


def summarise(quotes: Iterable[Quote | None]) -> Summary:
    """Sum up one quote (or ``None``: not priced) a stock. The mean is equal-weighted."""
    return summarise_moves(None if quote is None else move_of(quote) for quote in quotes)


def summarise_moves(moves: Iterable[Move | None]) -> Summary:
    """`summarise` from moves that are already known."""
    held = list(moves)
    priced = [move for move in held if move is not None and move.percent is not None]
    changes = [move.percent for move in priced if move.percent is not None]
    turnover: dict[str, float] = {}
    for move in held:
        if move is not None and move.turnover is not None:
            turnover[move.currency] = turnover.get(move.currency, 0.0) + move.turnover
    best = max(zip(changes, priced, strict=True), key=_first, default=None)
    worst = min(zip(changes, priced, strict=True), key=_first, default=None)
    return Summary(
        names=len(held),
        priced=len(priced),
        mean=sum(changes) / len(changes) if changes else None,
        median=_median(changes) if changes else None,
        up=sum(percent > 0 for percent in changes),
        flat=sum(percent == 0 for percent in changes),
        down=sum(percent < 0 for percent in changes),
        limit_up=sum(move.limit > 0 for move in priced),
        limit_down=sum(move.limit < 0 for move in priced),
        turnover=turnover,
        best=(best[1].symbol, best[0]) if best else None,
        worst=(worst[1].symbol, worst[0]) if worst else None,
    )


_first = itemgetter(0)


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
