"""Candles and volume, drawn from plain numbers.

A price falls on half a cell. Each half of a cell holds nothing, a wick or a body, and there is a glyph for each of the
nine pairs, so that a wick meets its body. Without colours a rise is hollow and a fall filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aiwatch.formatting.text import BLOCKS
from aiwatch.widgets.chart.drawing.canvas import Canvas
from aiwatch.widgets.chart.drawing.scale import Placement, Scale

RISE, FALL = "rise", "fall"
LIMIT_UP, LIMIT_DOWN = "▲", "▼"

_FILLED = " ╷▄╵│╽▀╿█"
"""By what the upper half of a cell holds, times three, and what the lower one does: nothing, a wick, a body."""
_HOLLOW = " ╷╥╵│┼╨┼║"
_SIDE = "  ▄  ▄▀▀█"
"""A body beside its wick, where it is wider than that."""
_NOTHING, _WICK, _BODY = range(3)


class Candle(NamedTuple):
    """Open, high, low and close of a bar, or of several."""

    open: float
    high: float
    low: float
    close: float

    @property
    def part(self) -> str:
        """What it is drawn as: a close below its open is a fall."""
        return FALL if self.close < self.open else RISE


def body_width(pitch: float) -> int:
    """The cells of a body where a candle has ``pitch`` cells: an odd number, so that the wick is in its middle."""
    return 1 if pitch < 4 else 3 if pitch < 8 else 5


def draw_candle(canvas: Canvas, x: int, top: int, scale: Scale, candle: Candle, width: int, *, hollow: bool) -> None:
    """Draw a candle around column ``x``, on a plot whose first row is ``top``."""
    upper, lower = scale.at(max(candle.open, candle.close), 2), scale.at(min(candle.open, candle.close), 2)
    high, low = min(upper, scale.at(candle.high, 2)), max(lower, scale.at(candle.low, 2))
    part, is_rise = candle.part, candle.part is RISE
    if hollow and is_rise and width > 1:
        _draw_box(canvas, x, top, (high, upper, lower, low), width, part)
        return
    glyphs = _HOLLOW if hollow and is_rise else _FILLED
    side = width // 2
    if side or glyphs is _HOLLOW:
        upper, lower = _squared(high, upper, lower, low)
    if side and upper == lower and (high < upper if upper % 2 else low > upper):
        _draw_cross(canvas, x, top, (high, upper, low), side, part)
        return
    for row in range(high // 2, low // 2 + 1):
        first, second = (
            _BODY if upper <= half <= lower else _WICK if high <= half <= low else _NOTHING
            for half in (2 * row, 2 * row + 1)
        )
        canvas.put(x, top + row, glyphs[3 * first + second], part)
        if side and (first == _BODY or second == _BODY):
            beside = _SIDE[3 * first + second]
            for away in range(1, side + 1):
                canvas.put(x - away, top + row, beside, part)
                canvas.put(x + away, top + row, beside, part)


def _draw_cross(canvas: Canvas, x: int, top: int, halves: tuple[int, int, int], side: int, part: str) -> None:
    """A wide candle whose body is half a cell, with a wick in the other half: a cross, from its high, body and low."""
    high, body, low = halves
    middle = body // 2
    for row in range(high // 2, low // 2 + 1):
        half_glyph = "╷" if row == high // 2 and high % 2 else "╵" if row == low // 2 and not low % 2 else "│"
        canvas.put(x, top + row, half_glyph, part)
    has_above, has_below = high < body, low > body
    canvas.text(x - side, top + middle, "━" * (2 * side + 1), part)
    canvas.put(
        x, top + middle, "┿" if has_above and has_below else "┷" if has_above else "┯" if has_below else "━", part
    )


def _squared(high: int, upper: int, lower: int, low: int) -> tuple[int, int]:
    """The ends of a wide body without the half cells it would share with its wicks, for no glyph shows both there; a
    body of no more than that keeps them."""
    if upper % 2 and high < upper < lower:
        upper += 1
    if not lower % 2 and low > lower > upper:
        lower -= 1
    return upper, lower


def _draw_box(canvas: Canvas, x: int, top: int, halves: tuple[int, int, int, int], width: int, part: str) -> None:
    """A hollow candle of several cells, from its half rows: its high, the body's upper and lower end, its low."""
    high, upper, lower, low = halves
    first, last, side = upper // 2, lower // 2, width // 2
    above, below = high // 2 < first, low // 2 > last
    for row in range(high // 2, low // 2 + 1):
        if row < first:
            canvas.put(x, top + row, "╷" if row == high // 2 and high % 2 else "│", part)
        elif row > last:
            canvas.put(x, top + row, "╵" if row == low // 2 and not low % 2 else "│", part)
        else:
            left, middle, right = _box_row(row == first, row == last, above, below)
            canvas.text(x - side, top + row, left + (middle[0] * (side - 1)), part)
            canvas.put(x, top + row, middle[1], part)
            canvas.text(x + 1, top + row, (middle[0] * (side - 1)) + right, part)


def _box_row(is_first: bool, is_last: bool, above: bool, below: bool) -> tuple[str, str, str]:
    """The left end, the stroke and the middle, and the right end of a row of a box, with wicks ``above`` and
    ``below``."""
    if is_first and is_last:
        return "╞", "═" + ("╪" if above and below else "╧" if above else "╤" if below else "═"), "╡"
    if is_first:
        return "┌", "─" + ("┴" if above else "─"), "┐"
    if is_last:
        return "└", "─" + ("┬" if below else "─"), "┘"
    return "│", "  ", "│"


def draw_candles(
    canvas: Canvas, top: int, scale: Scale, where: Placement, candles: Sequence[Candle], *, hollow: bool = False
) -> None:
    """Draw ``candles`` on the plot whose first row is ``top``; ``hollow``: a rise is an outline."""
    width = body_width(where.pitch)
    for index, candle in enumerate(candles):
        draw_candle(canvas, where.column(index), top, scale, candle, width, hollow=hollow)


def draw_limit_days(
    canvas: Canvas, top: int, scale: Scale, where: Placement, candles: Sequence[Candle], limits: Sequence[int]
) -> None:
    """A ▲ above each candle whose entry of ``limits`` is 1 (closed at limit up), a ▼ below where it is -1; none where
    something else stands there."""
    for index, (candle, limit) in enumerate(zip(candles, limits, strict=True)):
        if limit > 0:
            canvas.under(where.column(index), max(top, top + scale.at(candle.high) - 1), LIMIT_UP, "limit")
        elif limit < 0:
            row = min(top + scale.rows - 1, top + scale.at(candle.low) + 1)
            canvas.under(where.column(index), row, LIMIT_DOWN, "limit")


def draw_volume(
    canvas: Canvas,
    top: int,
    rows: int,
    where: Placement,
    volumes: Sequence[float | None],
    parts: Sequence[str],
) -> None:
    """Bars of ``volumes`` from the lowest of ``rows`` rows up, the largest as high as they are; of those that fall in
    one column stands their average. ``None`` has no bar, a 0 neither."""
    held: dict[int, list[float]] = {}
    part_of: dict[int, str] = {}
    for index, volume in enumerate(volumes):
        if volume and volume > 0:
            column = where.column(index)
            held.setdefault(column, []).append(volume)
            part_of[column] = parts[index]
    averages = {column: sum(each) / len(each) for column, each in held.items()}
    most = max(averages.values(), default=0.0)
    side = body_width(where.pitch) // 2
    for column, volume in averages.items():
        eighths = max(1, round(volume / most * rows * len(BLOCKS)))
        full, rest = divmod(eighths, len(BLOCKS))
        for x in range(column - side, column + side + 1):
            for row in range(full):
                canvas.put(x, top + rows - 1 - row, BLOCKS[-1], part_of[column])
            if rest:
                canvas.put(x, top + rows - 1 - full, BLOCKS[rest - 1], part_of[column])
