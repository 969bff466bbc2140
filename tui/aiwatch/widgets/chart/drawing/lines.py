"""Lines in braille, the area between a line and a level, and the levels themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from aiwatch.formatting.braille import DOWN, DotGrid, glyph
from aiwatch.widgets.chart.drawing.canvas import Canvas
from aiwatch.widgets.chart.drawing.scale import Placement, Scale

DASHES = ((1, 0), (4, 2), (1, 1), (6, 4), (2, 3))
"""How each of several lines is broken, so that they differ without colours: dots drawn and left out."""
_LEVEL, _LIMIT, _BREAK = "┄", "─", "┊"
_CLEAR = "\u00a0"
"""A blank that a level does not run through."""

Values = Sequence[float | None]
"""A value a bar; ``None`` where there is none, which the line goes straight across."""


def draw_line(
    canvas: Canvas,
    top: int,
    scale: Scale,
    where: Placement,
    values: Values,
    part: str,
    dash: tuple[int, int] = (1, 0),
) -> None:
    """Draw ``values`` as a line of ``part`` on the plot whose first row is ``top``.

    Where it crosses a line drawn before, the dots of both stay, in the colour of this one.
    """
    grid = DotGrid(where.width, scale.rows)
    points = [(where.dot(index), scale.at(value, DOWN)) for index, value in enumerate(values) if value is not None]
    grid.trace(points, dash)
    for row, masks in enumerate(grid.rows, top):
        drawn = canvas.glyphs[row]
        for x, mask in enumerate(masks):
            if mask:
                under = ord(drawn[x]) - 0x2800
                canvas.put(x, row, glyph(mask | under if 0 < under < 256 else mask), part)


def draw_area(canvas: Canvas, top: int, scale: Scale, where: Placement, values: Values, level: float) -> None:
    """Tint the cells between ``level`` and the line of ``values``, with ``rise-ground`` above the level and
    ``fall-ground`` below."""
    base = scale.at(level)
    reached: dict[int, float] = {}
    before = -1
    for index, value in enumerate(values):
        if value is not None:
            column = where.column(index)
            reached.update(dict.fromkeys(range(before + 1 if before >= 0 else column, column + 1), value))
            before = column
    for x, value in reached.items():
        half, is_above = scale.at(value, 2), value >= level
        # The cell of the line is tinted where more than half of it lies between the line and the level.
        end = (half + 1) // 2 if is_above else half // 2 + half % 2 - 1
        for row in range(end, base + 1) if is_above else range(base, end + 1):
            canvas.tint(x, top + row, "rise-ground" if is_above else "fall-ground")


def draw_level(canvas: Canvas, row: int, width: int, part: str, words: str = "", *, solid: bool = False) -> None:
    """A level over ``width`` columns of ``row``, under what is drawn already: dotted, or ``solid`` and thin; with
    ``words`` at its left or right end, where nothing is in their way."""
    if not 0 <= row < canvas.height:
        return
    room = cell_len(words) + 1
    if words and room < width // 2:
        start = next((x for x in (0, width - room) if set(canvas.glyphs[row][x : x + room]) == {" "}), None)
        if start is not None:
            text = f"{words} " if start == 0 else f" {words}"
            canvas.text(start, row, text.replace(" ", _CLEAR), part, canvas.grounds[row][start])
    for x in range(width):
        canvas.under(x, row, _LIMIT if solid else _LEVEL, part)


def draw_breaks(canvas: Canvas, top: int, rows: int, columns: Iterable[int], part: str = "grid") -> None:
    """A thin line down each of ``columns``, under what is drawn already: time was cut out there."""
    for x in columns:
        for row in range(top, top + rows):
            canvas.under(x, row, _BREAK, part)
