"""Two sources that price the same stock for the same moment, and not alike."""

from __future__ import annotations

from msgspec import Struct

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import HKEX, Symbol

_HONG_KONG_SPREADS = (
    (0.25, 0.001), (0.5, 0.005), (10, 0.01), (20, 0.02), (100, 0.05), (200, 0.1), (500, 0.2), (1000, 0.5),
    (2000, 1.0), (5000, 2.0),
)  # fmt: skip
"""Prices below which a spread holds, and the spread: Part A of the exchange's trading rules, the widest in force
since 2005, so that a narrower one of today raises no false alarm."""


class Disagreement(Struct, frozen=True):
    """What ``one`` and ``other`` say differs by more than a tick; ``one`` is the newer answer."""

    one: Quote
    other: Quote

    @property
    def symbol(self) -> Symbol:
        """What they disagree about."""
        return self.one.symbol

    @property
    def difference(self) -> float:
        """The price of ``one`` less that of ``other``, in their currency."""
        return round(self.one.last - self.other.last, max(self.one.decimals, self.other.decimals))


def tick_of(one: Quote, other: Quote) -> float:
    """The least step between two prices of the same stock: Hong Kong's spread, else the coarser last decimal."""
    if one.symbol.exchange == HKEX:
        price = max(one.last, other.last)
        return next((spread for top, spread in _HONG_KONG_SPREADS if price < top), 5.0)
    return 10.0 ** -min(one.decimals, other.decimals)
