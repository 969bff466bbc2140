"""Compares what two sources say of the same stock at the same moment. Pure: quotes in, disagreements out.

Prices move within a second, so only what cannot be movement counts. Two polled quotes are of one moment when their
times are in the same second. A polled quote and a stream are, when a frame came before it and one after: its price
should lie between theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

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
        self._polled: dict[Symbol, dict[str, Quote]] = {}
        self._frames: dict[Symbol, tuple[Quote | None, Quote]] = {}
        """The last frame of each symbol, and the one that it followed; ``None`` where that says nothing."""
        self._beside: dict[Symbol, tuple[datetime, int]] = {}
        self._standing: dict[Symbol, Disagreement] = {}

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Those that stand now, one a symbol."""
        return tuple(self._standing.values())

    def note(self, quotes: Iterable[Quote]) -> None:
        """Compare ``quotes`` with what other sources said last."""
        for quote in quotes:
            if quote.source in PARTIAL:
                self._compare_frame(quote)
            else:
                by_source = self._polled.setdefault(quote.symbol, {})
                by_source[quote.source] = quote
                self._compare_polled(quote, by_source)

    def keep_only(self, symbols: Collection[Symbol]) -> None:
        """Forget every symbol that is not followed any more."""
        kept = set(symbols)
        tables: tuple[dict[Symbol, Any], ...] = (self._polled, self._frames, self._beside, self._standing)
        for table in tables:
            for symbol in table.keys() - kept:
                del table[symbol]

    def _compare_polled(self, quote: Quote, by_source: dict[str, Quote]) -> None:
        """Compare a polled quote with the other sources' last ones, and with the frames around it."""
        before, after = self._frames.get(quote.symbol, (None, None))
        if before is not None and after is not None and before.as_of <= quote.as_of <= after.as_of:
            self._judge(quote, before, after)
        rivals = [rival for source, rival in by_source.items() if source != quote.source]
        comparable = [rival for rival in rivals if are_comparable(quote, rival)]
        different = [rival for rival in comparable if differ(quote, rival)]
        if different:
            self._standing[quote.symbol] = Disagreement(quote, different[0])
            return
        standing = self._standing.get(quote.symbol)
        if standing and (comparable or quote.as_of - standing.one.as_of > FORGOTTEN_AFTER):
            del self._standing[quote.symbol]

    def _compare_frame(self, frame: Quote) -> None:
        """Compare a frame and the one before it with the polled quotes between them."""
        symbol, at = frame.symbol, frame.as_of
        held = self._frames.get(symbol)
        before = None if held is None else held[1]
        if before is None or at < before.as_of or at - before.as_of > BETWEEN_FRAMES:
            self._frames[symbol] = None, frame
            return
        self._frames[symbol] = before, frame
        by_source = self._polled.get(symbol)
        for rival in by_source.values() if by_source else ():
            if before.as_of < rival.as_of <= at:
                self._judge(rival, before, frame)

    def _judge(self, quote: Quote, before: Quote, after: Quote) -> None:
        """Note whether a polled quote lies between the prices of the frames around it, give or take a tick."""
        if not (_are_alike(quote, before) and _are_alike(quote, after)):
            return
        low, high = (before, after) if before.last <= after.last else (after, before)
        symbol = quote.symbol
        if low.last - tick_of(quote, low) * 1.01 <= quote.last <= high.last + tick_of(quote, high) * 1.01:
            self._beside.pop(symbol, None)
            self._standing.pop(symbol, None)
            return
        last, times = self._beside.get(symbol, (None, 0))
        times += last != quote.as_of
        self._beside[symbol] = quote.as_of, times
        if times >= CONFIRMED_BY:
            self._standing[symbol] = Disagreement(quote, after)


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
