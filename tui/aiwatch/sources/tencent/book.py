"""The order book of a mainland line: five bids and five asks, read when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import overload

from aiwatch.market.quote import Level
from aiwatch.sources import parsing

_TOP = parsing.ABSURD_PRICE
Sides = tuple[tuple[Level, ...], tuple[Level, ...]]
"""Bids and asks, best first."""
_MOST_READ = 256
"""Books that are kept as they were read: those of the rows somebody looks at."""


class Side(Sequence[Level]):
    """One side of the book that ``text`` spells, prices and sizes in turn, in units of ``unit`` shares: the bids
    (``which`` 0) or the asks (1). A large list has thousands of books a second, and shows one."""

    __slots__ = ("_text", "_unit", "_which")

    def __init__(self, text: str, unit: int, which: int) -> None:
        self._text = text
        self._unit = unit
        self._which = which

    @property
    def levels(self) -> tuple[Level, ...]:
        """The steps, best first."""
        return sides_of(self._text, self._unit)[self._which]

    def __len__(self) -> int:
        return len(self.levels)

    @overload
    def __getitem__(self, at: int) -> Level: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Level, ...]: ...

    def __getitem__(self, at: int | slice) -> Level | tuple[Level, ...]:
        return self.levels[at]

    def __iter__(self) -> Iterator[Level]:
        return iter(self.levels)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Side):
            mine, theirs = (self._text, self._unit, self._which), (other._text, other._unit, other._which)
            return mine == theirs or self.levels == other.levels
        return self.levels == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.levels)

    def __repr__(self) -> str:
        return repr(self.levels)


@lru_cache(maxsize=_MOST_READ)
def sides_of(text: str, unit: int) -> Sides:
    """Five bids and five asks, best first, in shares; none when a figure of them is none or one is out of order.

    A whole book is what nearly every line has, so it is recognised at one glance.
    """
    try:
        figs = tuple(map(float, text.split("~")))
    except ValueError:
        return (), ()
    b1, m1, b2, m2, b3, m3, b4, m4, b5, m5, a1, n1, a2, n2, a3, n3, a4, n4, a5, n5 = figs
    if (
        0 < b5 < b4 < b3 < b2 < b1 < a1 < a2 < a3 < a4 < a5 < _TOP
        and 1 <= m1 < _TOP > m2 >= 1 <= m3 < _TOP > m4 >= 1 <= m5 < _TOP
        and 1 <= n1 < _TOP > n2 >= 1 <= n3 < _TOP > n4 >= 1 <= n5 < _TOP
    ):
        k = unit
        return (
            ((b1, int(m1 * k)), (b2, int(m2 * k)), (b3, int(m3 * k)), (b4, int(m4 * k)), (b5, int(m5 * k))),
            ((a1, int(n1 * k)), (a2, int(n2 * k)), (a3, int(n3 * k)), (a4, int(n4 * k)), (a5, int(n5 * k))),
        )
    return _part_of_a_book(figs, unit)


def _part_of_a_book(figs: tuple[float, ...], unit: int) -> Sides:
    """The steps that there are: at a limit one side is empty, and in a call auction only the first is priced."""
    steps = zip(figs[0::2], figs[1::2], strict=True)
    there = [(price, int(size * unit)) if 0 < price < _TOP > size >= 1 else None for price, size in steps]
    bids, asks = ([step for step in side if step] for side in (there[:5], there[5:]))
    in_order = bids == sorted(bids, reverse=True) and asks == sorted(asks)
    if not in_order or (bids and asks and bids[0][0] > asks[0][0]):
        return (), ()
    return tuple(bids), tuple(asks)
