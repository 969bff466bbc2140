"""What a list of stocks did as a group: the figures no single row shows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol


class Summary(Struct, frozen=True):
    """A group of stocks at one moment; percentages are of the previous closes.

    ``names`` counts the stocks of the list and ``priced`` those with a change; the mean, the median and the breadth
    are of the priced ones alone. ``turnover`` is in currency units, by ISO 4217 code, never added across currencies;
    ``left_out`` counts those whose turnover is in a currency that is not known. ``best``, ``worst`` and ``benchmark``
    are a symbol and its change.
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
    benchmark: tuple[Symbol, float | None] | None = None
    left_out: int = 0

    @property
    def ahead(self) -> float | None:
        """The mean less the benchmark's change, in percentage points; ``None`` where either is missing."""
        if self.mean is None or self.benchmark is None or self.benchmark[1] is None:
            return None
        return self.mean - self.benchmark[1]

    @property
    def extremes(self) -> tuple[tuple[Symbol, float] | None, tuple[Symbol, float] | None]:
        """The best and the worst as they are to be named: the only priced stock as the best alone, and neither of
        several that moved alike."""
        if self.priced < 2 or self.best is None or self.worst is None:
            return self.best, None
        return (self.best, self.worst) if self.best[1] > self.worst[1] else (None, None)


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
    """`summarise` from moves that are already known; quick, for the screen does it every second with every row."""
    held = list(moves)
    with_price = [move for move in held if move is not None]
    priced = [move for move in with_price if move.percent is not None]
    changes = [move.percent for move in priced if move.percent is not None]
    ordered = sorted(changes)
    down, not_up = bisect_left(ordered, 0.0), bisect_right(ordered, 0.0)
    limits = [move.limit for move in priced]
    return Summary(
        names=len(held),
        priced=len(priced),
        mean=sum(changes) / len(changes) if changes else None,
        median=_middle(ordered) if changes else None,
        up=len(ordered) - not_up,
        flat=not_up - down,
        down=down,
        limit_up=limits.count(1),
        limit_down=limits.count(-1),
        turnover=_turnover(with_price),
        best=(priced[changes.index(ordered[-1])].symbol, ordered[-1]) if changes else None,
        worst=(priced[changes.index(ordered[0])].symbol, ordered[0]) if changes else None,
        left_out=sum(move.turnover is not None and not move.currency for move in with_price),
    )


def _turnover(moves: Iterable[Move]) -> dict[str, float]:
    """The sum of each currency."""
    turnover: dict[str, float] = {}
    for _, _, _, amount, currency in moves:
        if amount is not None and currency:
            turnover[currency] = turnover.get(currency, 0.0) + amount
    return turnover


def _middle(ordered: list[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
