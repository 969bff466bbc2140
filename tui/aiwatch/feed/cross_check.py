"""Compares what two sources say of the same stock at the same moment. Pure: quotes in, disagreements out.

Prices move within a second, so only what cannot be movement counts. Two polled quotes are of one moment when their
times are in the same second. A polled quote and a stream are, when a frame came before it and one after: its price
should lie between theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from aiwatch.market.merge import PARTIAL, Disagreement, tick_of
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol

SAME_MOMENT = timedelta(seconds=1)
"""Feed times less than this apart are one moment."""
BETWEEN_FRAMES = timedelta(seconds=10)
"""Two frames further apart say nothing of what was between them."""
CONFIRMED_BY = 2
"""Polled quotes in a row that must lie beside the stream: a single one may be a price that no frame had."""
FORGOTTEN_AFTER = timedelta(minutes=1)
"""A disagreement that nothing confirmed is dropped when the stock's price is this much younger."""


class CrossCheck:
    """Holds the last quote of each source for each symbol, and the disagreements between them that stand."""

    def __init__(self) -> None:
        self._said: dict[Symbol, dict[str, Quote]] = {}
        self._frames: dict[Symbol, tuple[Quote, Quote]] = {}
        self._beside: dict[Symbol, tuple[datetime, int]] = {}
        self._standing: dict[Symbol, Disagreement] = {}

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Those that stand now, one a symbol."""
        return tuple(self._standing.values())

    def note(self, quotes: Iterable[Quote]) -> None:
        """Compare ``quotes`` with what other sources said last."""
        for quote in quotes:
            by_source = self._said.setdefault(quote.symbol, {})
            before = by_source.get(quote.source)
            by_source[quote.source] = quote
            if quote.source not in PARTIAL:
                self._compare_polled(quote, by_source)
            elif before is not None:
                self._compare_frames(before, quote, by_source)

    def keep_only(self, symbols: Collection[Symbol]) -> None:
        """Forget every symbol that is not followed any more."""
        for symbol in self._said.keys() - set(symbols):
            del self._said[symbol]
            for table in (self._frames, self._beside, self._standing):
                table.pop(symbol, None)

    def _compare_polled(self, quote: Quote, by_source: dict[str, Quote]) -> None:
        """Compare a polled quote with the other sources' last ones, and with the frames around it."""
        frames = self._frames.get(quote.symbol)
        if frames is not None and frames[0].as_of <= quote.as_of <= frames[1].as_of:
            self._judge(quote, frames)
        rivals = [rival for source, rival in by_source.items() if source != quote.source and source not in PARTIAL]
        comparable = [rival for rival in rivals if are_comparable(quote, rival)]
        different = [rival for rival in comparable if differ(quote, rival)]
        if different:
            self._standing[quote.symbol] = Disagreement(quote, different[0])
            return
        standing = self._standing.get(quote.symbol)
        if standing and (comparable or quote.as_of - standing.one.as_of > FORGOTTEN_AFTER):
            del self._standing[quote.symbol]

    def _compare_frames(self, before: Quote, after: Quote, by_source: dict[str, Quote]) -> None:
        """Compare two frames that follow one another with the polled quotes between them."""
        if after.as_of < before.as_of or after.as_of - before.as_of > BETWEEN_FRAMES:
            self._frames.pop(after.symbol, None)
            return
        self._frames[after.symbol] = frames = before, after
        for rival in by_source.values() if len(by_source) > 1 else ():
            if rival.source not in PARTIAL and before.as_of < rival.as_of <= after.as_of:
                self._judge(rival, frames)

    def _judge(self, quote: Quote, frames: tuple[Quote, Quote]) -> None:
        """Note whether a polled quote lies between the prices of the frames around it, give or take a tick."""
        if not all(_are_alike(quote, frame) for frame in frames):
            return
        low, high = sorted(frames, key=lambda frame: frame.last)
        symbol = quote.symbol
        if low.last - tick_of(quote, low) * 1.01 <= quote.last <= high.last + tick_of(quote, high) * 1.01:
            self._beside.pop(symbol, None)
            self._standing.pop(symbol, None)
            return
        last, times = self._beside.get(symbol, (None, 0))
        times += last != quote.as_of
        self._beside[symbol] = quote.as_of, times
        if times >= CONFIRMED_BY:
            self._standing[symbol] = Disagreement(quote, frames[1])


def are_comparable(first: Quote, second: Quote) -> bool:
    """Whether both are traded prices of the same moment, in the same currency and with the same delay."""
    return abs(first.as_of - second.as_of) < SAME_MOMENT and _are_alike(first, second)


def _are_alike(first: Quote, second: Quote) -> bool:
    return (
        first.delay_minutes == second.delay_minutes
        and first.currency == second.currency
        and first.trading is second.trading is Trading.TRADED
    )


def differ(first: Quote, second: Quote) -> bool:
    """Whether two prices are more than a tick apart."""
    return abs(first.last - second.last) > tick_of(first, second) * 1.01
