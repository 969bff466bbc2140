"""Lines drawn in braille dots, two across and four down a cell; knows no toolkit, so a command can print them too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ACROSS, DOWN = 2, 4
"""Dots a cell has in each direction."""

_EMPTY = 0x2800
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot, by its column and then its row."""


class DotGrid:
    """Dots in ``width`` × ``height`` cells; ``rows`` holds a mask a cell, 0 for an empty one."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(0, width), max(0, height)
        self.rows = [[0] * self.width for _ in range(self.height)]

    def run(self, x: int, top: int, bottom: int) -> None:
        """Set the dots of column ``x`` from ``top`` to ``bottom``, both included, in either order; what lies outside
        is left out."""
        cell, side = divmod(x, ACROSS)
        if not 0 <= cell < self.width:
            return
        if top > bottom:
            top, bottom = bottom, top
        bits, rows = _BITS[side], self.rows
        for y in range(max(0, top), min(bottom, self.height * DOWN - 1) + 1):
            rows[y // DOWN][cell] |= bits[y % DOWN]

    def trace(self, points: Iterable[tuple[int, int]], dash: tuple[int, int] = (1, 0)) -> None:
        """Join ``points`` (x rising, or the same) by a line without a hole; ``dash`` is how many dot columns are drawn
        and how many left out, by turns."""
        drawn, period = dash[0], sum(dash)
        before: tuple[int, int] | None = None
        for x, y in points:
            if before is None:
                if x % period < drawn:
                    self.run(x, y, y)
            else:
                self._join(before, (x, y), drawn, period)
            before = (x, y)

    def text(self, row: int) -> str:
        """A row of cells as characters, blanks where no dot is set."""
        return "".join([chr(_EMPTY + mask) if mask else " " for mask in self.rows[row]])

    def _join(self, start: tuple[int, int], end: tuple[int, int], drawn: int, period: int) -> None:
        """The line from ``start``, whose dot is drawn, to ``end``."""
        (left, first), (right, last) = start, end
        if right <= left:
            if right % period < drawn:
                self.run(right, first, last)
            return
        y = first
        for x in range(left + 1, right + 1):
            target = first + round((last - first) * (x - left) / (right - left))
            if x % period < drawn:
                step = 1 if target > y else -1 if target < y else 0
                self.run(x, y + step, target)
            y = target


def glyph(mask: int) -> str:
    """The character of a cell with the dots of ``mask``."""
    return chr(_EMPTY + mask)


def braille_line(values: Sequence[float], width: int, height: int = 1) -> list[str]:
    """``values``, oldest first, as a line in ``height`` rows of ``width`` cells, from their lowest to their highest.

    More values than dot columns stand as vertical runs, so that no extreme is lost. Values that never moved are a line
    at half height.
    """
    grid = DotGrid(width, height)
    if values and grid.width and grid.height:
        low, high = min(values), max(values)
        down, last = grid.height * DOWN - 1, len(values) - 1
        across = grid.width * ACROSS - 1
        span = high - low
        grid.trace(
            (
                round(place * across / last) if last else 0,
                round((high - value) / span * down) if span else down // 2,
            )
            for place, value in enumerate(values)
        )
    return [grid.text(row) for row in range(grid.height)]
