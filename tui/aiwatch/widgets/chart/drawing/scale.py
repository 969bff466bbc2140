"""Where a price stands in the rows of a plot, where a bar stands in its columns, and round numbers for the axis."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec import Struct

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Round steps between two ticks, in powers of ten."""
_FLAT = 1e-9
"""A span that is no more than this share of the price is none."""
_ROUNDING = 1e-6
"""Rows left free beyond those asked for, so that none is lost to rounding."""
WIDEST_PITCH = 12
"""Cells of one bar at most: fewer bars stand at the right."""


class Scale(Struct, frozen=True):
    """A linear scale of prices from ``low`` to ``high`` over ``rows`` rows, the highest on top."""

    low: float
    high: float
    rows: int

    def at(self, value: float, parts: int = 1) -> int:
        """The place of ``value`` from the top, each row cut in ``parts``; the first or last where it lies outside."""
        if self.rows < 1:
            return 0
        share = (self.high - value) / (self.high - self.low)
        last = self.rows * parts - 1
        return min(last, max(0, int(share * self.rows * parts)))

    def holds(self, value: float) -> bool:
        """Whether ``value`` lies within the scale."""
        return self.low <= value <= self.high

    def ticks(self, most: int) -> list[float]:
        """At most ``most`` round prices within the scale, a same step apart, lowest first."""
        span = self.high - self.low
        if most < 1 or not math.isfinite(span) or span <= 0:
            return []
        power = 10.0 ** math.floor(math.log10(span / most))
        for step in (power * size for size in (*_STEPS, *(10 * size for size in _STEPS))):
            first, last = math.ceil(self.low / step), math.floor(self.high / step)
            if last - first + 1 <= most:
                return [number * step for number in range(first, last + 1)]
        return []


def scale_of(values: Iterable[float], rows: int, *, spare: int = 0) -> Scale | None:
    """The scale that holds ``values``, with ``spare`` rows left free on top and at the bottom; ``None`` without any.

    Values that never moved stand in the middle.
    """
    held = list(values)
    if not held:
        return None
    low, high = min(held), max(held)
    span = high - low
    if span <= abs(high) * _FLAT:
        pad = abs(high) * 0.01 or 1.0
    elif spare:
        pad = span * (spare + _ROUNDING) / max(1, rows - 2 * spare)
    else:
        pad = 0.0
    return Scale(low - pad, high + pad, rows)


class Placement(Struct, frozen=True):
    """``count`` bars by their index over ``width`` columns, each over ``pitch`` cells (a fraction, where more bars than
    columns); the last one stands at the right."""

    width: int
    count: int
    start: float
    pitch: float

    def column(self, index: int) -> int:
        """The column in the middle of bar ``index``."""
        return min(self.width - 1, max(0, int(self.start + (index + 0.5) * self.pitch)))

    def edge(self, index: int) -> int:
        """The column in which bar ``index`` begins."""
        return min(self.width - 1, max(0, int(self.start + index * self.pitch)))

    def dot(self, index: int) -> int:
        """The same, where each column has two."""
        return min(2 * self.width - 1, max(0, int(2 * (self.start + (index + 0.5) * self.pitch))))

    def index(self, column: int) -> int:
        """The bar whose cells ``column`` belongs to, the nearest where there is none; -1 if there are no bars."""
        if not self.count:
            return -1
        return min(self.count - 1, max(0, int((column + 0.5 - self.start) / self.pitch)))


def place(count: int, width: int) -> Placement:
    """Place ``count`` bars over ``width`` columns."""
    if count < 1 or width < 1:
        return Placement(max(1, width), 0, 0.0, 1.0)
    pitch = min(float(WIDEST_PITCH), width / count)
    return Placement(width, count, width - count * pitch, pitch)
