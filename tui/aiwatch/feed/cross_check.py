"""Compares what two sources say of the same stock at the same moment. Pure: quotes in, disagreements out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from aiwatch.market.disagreement import Disagreement, tick_of
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol

SAME_MOMENT = timedelta(seconds=1)
"""Feed times this close count as one moment: most hosts send whole seconds."""
LATELY = timedelta(seconds=10)
"""A price that the other source sent itself this lately is no disagreement: the price moved in between."""
FORGOTTEN_AFTER = timedelta(minutes=1)
"""A disagreement that nothing confirmed is dropped when the stock's price is this much younger."""


class _Said:
    """What one source said last of one symbol, and between which prices it was lately."""

    __slots__ = ("high", "low", "quote", "since")

    def __init__(self, quote: Quote) -> None:
        self.quote = quote
        self.since = quote.as_of
        self.low = self.high = quote.last

    def take(self, quote: Quote) -> None:
        last, before = quote.last, self.quote.last
        if quote.as_of - self.since > LATELY:
            self.since = quote.as_of
            self.low, self.high = min(last, before), max(last, before)
        elif last < self.low:
            self.low = last
        elif last > self.high:
            self.high = last
        self.quote = quote


class CrossCheck:
    """Holds the last quote of each source for each symbol, and the disagreements between them that stand."""

    def __init__(self) -> None:
        self._said: dict[Symbol, dict[str, _Said]] = {}
        self._standing: dict[Symbol, Disagreement] = {}

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Those that stand now, one a symbol."""
        return tuple(self._standing.values())

    def note(self, quotes: Iterable[Quote]) -> None:
        """Compare ``quotes`` with what other sources said last."""
        for quote in quotes:
            said = self._said.setdefault(quote.symbol, {})
            own = said.get(quote.source)
            if own is None:
                own = said[quote.source] = _Said(quote)
            else:
                own.take(quote)
            if len(said) > 1:
                self._compare(own, [other for other in said.values() if other is not own])

    def keep_only(self, symbols: Collection[Symbol]) -> None:
        """Forget every symbol that is not followed any more."""
        for symbol in self._said.keys() - set(symbols):
            del self._said[symbol]
            self._standing.pop(symbol, None)

    def _compare(self, own: _Said, others: Iterable[_Said]) -> None:
        quote = own.quote
        comparable = [other for other in others if are_comparable(quote, other.quote)]
        different = [other.quote for other in comparable if _differ(own, other)]
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


def _differ(one: _Said, other: _Said) -> bool:
    """Whether what the two said lately is more than a tick apart."""
    apart = max(one.low - other.high, other.low - one.high)
    return apart > tick_of(one.quote, other.quote) * 1.01
