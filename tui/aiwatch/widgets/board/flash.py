"""The brief light on digits that changed: where, how long, and not too often. Pure, counted in ticks."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from aiwatch.board.cells import Fragments
from aiwatch.market.symbol import Symbol

LASTS = 6
"""Ticks a flash stays: 0.6 s at ten ticks a second."""
WAITS = 4
"""Ticks more that its end may wait for another paint to go with."""
APART = 5
"""Ticks between the starts of two flashes of a row."""

Texts = tuple[str, str]
"""The price and its change in percent as a row shows them."""


class Flash(NamedTuple):
    """A flash under way: the tick it began at, the cells lit in either text, and whether the price rose."""

    began: int
    last: frozenset[int]
    percent: frozenset[int]
    rose: bool


def changed_cells(before: str, after: str) -> frozenset[int]:
    """The cells of ``after`` that hold another digit than ``before`` did, both flush right."""
    if before == after:
        return frozenset()
    width = len(after)
    old = before.rjust(width)[-width:] if width else ""
    return frozenset(
        cell for cell, (before, now) in enumerate(zip(old, after, strict=True)) if before != now and now.isdigit()
    )


def lit(fragments: Fragments, cells: frozenset[int], role: str) -> Fragments:
    """``fragments`` with the given cells in ``role``. Only for texts of one cell a character."""
    pieces: list[tuple[str, str]] = []
    cell = 0
    for text, own in fragments:
        for letter in text:
            worn = role if cell in cells else own
            if pieces and pieces[-1][1] == worn:
                pieces[-1] = (pieces[-1][0] + letter, worn)
            else:
                pieces.append((letter, worn))
            cell += 1
    return tuple(pieces)


class Flashes:
    """The flashes under way, by symbol, with a queue of their ends."""

    def __init__(self) -> None:
        self._held: dict[Symbol, Flash] = {}
        self._ends: deque[tuple[int, Symbol]] = deque()

    def get(self, symbol: Symbol) -> Flash | None:
        """The flash of ``symbol``, if one is under way."""
        return self._held.get(symbol)

    @property
    def are_under_way(self) -> bool:
        """Whether any flash is to end."""
        return bool(self._ends)

    def note(self, symbol: Symbol, before: Texts, after: Texts, rose: bool, tick: int) -> None:
        """Begin a flash where the texts differ, unless the row's last one began less than `APART` ticks ago."""
        held = self._held.get(symbol)
        if held is not None and tick - held.began < APART:
            return
        last, percent = changed_cells(before[0], after[0]), changed_cells(before[1], after[1])
        if last or percent:
            self._held[symbol] = Flash(tick, last, percent, rose)
            self._ends.append((tick + LASTS, symbol))

    def are_overdue(self, tick: int) -> bool:
        """Whether the end of a flash cannot wait any longer."""
        return bool(self._ends) and self._ends[0][0] + WAITS <= tick

    def expire(self, tick: int) -> list[Symbol]:
        """End the flashes that have lasted; returns their symbols."""
        ended = []
        while self._ends and self._ends[0][0] <= tick:
            _, symbol = self._ends.popleft()
            held = self._held.get(symbol)
            if held is not None and held.began + LASTS <= tick:
                del self._held[symbol]
                ended.append(symbol)
        return ended

    def clear(self) -> None:
        """Forget every flash."""
        self._held.clear()
        self._ends.clear()
