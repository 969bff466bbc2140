"""Compares what two sources say of the same stock at the same moment. Pure: quotes in, disagreements out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from aiwatch.market.disagreement import Disagreement, tick_of
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol

SAME_MOMENT = timedelta(seconds=3)
"""Feed times this close count as one moment."""
FORGOTTEN_AFTER = timedelta(minutes=1)
"""A disagreement that nothing confirmed is dropped when the stock's price is this much younger."""


class CrossCheck:
    """Holds the last quote of each source for each symbol, and the disagreements between them that stand."""

    def __init__(self) -> None:
        self._said: dict[Symbol, dict[str, Quote]] = {}
        self._standing: dict[Symbol, Disagreement] = {}

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Those that stand now, one a symbol."""
        return tuple(self._standing.values())

    def note(self, quotes: Iterable[Quote]) -> None:
        """Compare ``quotes`` with what other sources said last."""
        for quote in quotes:
            said = self._said.setdefault(quote.symbol, {})
            said[quote.source] = quote
            if len(said) > 1:
                self._compare(quote, [other for source, other in said.items() if source != quote.source])

    def keep_only(self, symbols: Collection[Symbol]) -> None:
        """Forget every symbol that is not followed any more."""
        for symbol in self._said.keys() - set(symbols):
            del self._said[symbol]
            self._standing.pop(symbol, None)

    def _compare(self, quote: Quote, others: Iterable[Quote]) -> None:
        comparable = [other for other in others if are_comparable(quote, other)]
        different = [other for other in comparable if differ(quote, other)]
        if different:
            self._standing[quote.symbol] = Disagreement(quote, different[0])
            return
        standing = self._standing.get(quote.symbol)
        if standing and (comparable or quote.as_of - standing.one.as_of > FORGOTTEN_AFTER):
            del self._standing[quote.symbol]


def are_comparable(one: Quote, other: Quote) -> bool:
    """Whether both are traded prices of the same moment, in the same currency and with the same delay."""
    return (
        abs(one.as_of - other.as_of) <= SAME_MOMENT
        and one.delay_minutes == other.delay_minutes
        and one.currency == other.currency
        and one.trading is other.trading is Trading.TRADED
    )


def differ(one: Quote, other: Quote) -> bool:
    """Whether two prices are more than a tick apart."""
    return abs(one.last - other.last) > tick_of(one, other) * 1.01
