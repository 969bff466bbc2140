"""The quote book: the newest quote of each symbol, whichever source it came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from aiwatch.market.merge import combine
from aiwatch.market.quote import Quote, is_ahead
from aiwatch.market.symbol import Symbol


def _says_the_same(first: Quote, second: Quote) -> bool:
    """Whether two quotes tell the same, however often they were received."""
    return (
        first.as_of == second.as_of
        and first.last == second.last
        and first.volume == second.volume
        and first.bid == second.bid
        and first.ask == second.ask
        and first.bid_size == second.bid_size
        and first.ask_size == second.ask_size
        and first.bids == second.bids
        and first.asks == second.asks
        and first.extended == second.extended
        and first.trading is second.trading
        and first.source == second.source
        and first.previous_close == second.previous_close
    )


class QuoteBook:
    """Collapses a burst into the newest quote per symbol, until `drain` takes them."""

    def __init__(self) -> None:
        self._newest: dict[Symbol, Quote] = {}
        self._fresh: dict[Symbol, Quote] = {}

    def __len__(self) -> int:
        return len(self._newest)

    def get(self, symbol: Symbol) -> Quote | None:
        """The newest quote of ``symbol``, if any came."""
        return self._newest.get(symbol)

    def add(self, quotes: Iterable[Quote]) -> bool:
        """Take what is new to what is held, as `combine` has it. Returns whether anything was."""
        before = len(self._fresh)
        added = False
        for quote in quotes:
            held = self._newest.get(quote.symbol)
            if held is not None and held.as_of == quote.as_of and _says_the_same(held, quote):
                continue
            combined = combine(held, quote)
            if combined is None:
                continue
            self._newest[quote.symbol] = self._fresh[quote.symbol] = combined
            added = True
        return added or len(self._fresh) != before

    def drain(self) -> tuple[Quote, ...]:
        """The quotes that are new since the last call, one a symbol."""
        fresh = tuple(self._fresh.values())
        self._fresh.clear()
        return fresh

    def forget_ahead(self, now: datetime) -> None:
        """Forget what is of a time that is still to come: it would keep out all that is true."""
        for symbol in [symbol for symbol, quote in self._newest.items() if is_ahead(quote, now)]:
            del self._newest[symbol]
            self._fresh.pop(symbol, None)

    def keep_only(self, symbols: Collection[Symbol]) -> None:
        """Forget every symbol that is not followed any more."""
        for symbol in self._newest.keys() - set(symbols):
            del self._newest[symbol]
            self._fresh.pop(symbol, None)
