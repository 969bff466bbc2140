"""What was worked out of quotes for sorting, kept as long as the quote is the same. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol

Figure = Callable[[Quote], float | None]
"""Works one figure out of a quote."""
Reader = Callable[[Symbol, Quote], float | None]
"""Gives the figure of a symbol's quote, from memory where it can."""


class Figures:
    """The figures of one board, by column and symbol.

    Worked out when a quote comes, they cost little at a time; sorting thousands of rows then touches no quote, which
    would hold the event loop for longer than a frame.
    """

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._figures = figures
        self._held: dict[str, dict[Symbol, tuple[Quote, float | None]]] = {}

    def reader(self, key: str) -> Reader | None:
        """The reader of column ``key``; ``None`` when its figures are not of the quote alone."""
        figure = self._figures.get(key)
        if figure is None:
            return None
        held = self._held.setdefault(key, {})

        def read(symbol: Symbol, quote: Quote) -> float | None:
            known = held.get(symbol)
            if known is not None and known[0] is quote:
                return known[1]
            value = figure(quote)
            held[symbol] = quote, value
            return value

        return read

    def look_at(self, symbols: Iterable[Symbol], keys: Iterable[str], quotes: Mapping[Symbol, Quote]) -> None:
        """Work out the figures of ``symbols`` in columns ``keys``, and forget those in any other column."""
        readers = {key: reader for key in keys if (reader := self.reader(key)) is not None}
        self._held = {key: self._held[key] for key in readers}
        for symbol in symbols if readers else ():
            quote = quotes.get(symbol)
            if quote is not None:
                for read in readers.values():
                    read(symbol, quote)
