"""A square table of correlations, each on a ground the darker the nearer it is to 1 or -1."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from aiwatch.formatting.text import NOTHING, clip, flush, signed
from aiwatch.widgets.chart.drawing.canvas import Canvas

STEPS = 4
"""Grounds on either side: ``heat-1`` to ``heat-4`` for what moves alike, ``cold-1`` to ``cold-4`` for what does not."""
_LONGEST_NAME = 18
_WIDEST, _LEAST = 8, 6


def ground_of(value: float | None) -> str:
    """The ground of a correlation; none where it is nearly 0 or not known."""
    if value is None:
        return ""
    step = min(STEPS, int(abs(value) * (STEPS + 1)))
    return f"{'heat' if value > 0 else 'cold'}-{step}" if step else ""


def heat_table(names: Sequence[str], rows: Sequence[Sequence[float | None]], width: int, height: int) -> Canvas:
    """Draw ``rows`` (a correlation a cell, ``None`` where there are too few shared sessions) under the numbers of
    their columns, beside ``names``. What does not fit is left out, and the last line says how many were."""
    canvas = Canvas(width, height)
    longest = min(_LONGEST_NAME, max((cell_len(name) for name in names), default=0))
    numbers = len(str(len(names))) + 1
    side = max(4, min(longest, width - numbers - 1 - _LEAST))
    room = width - numbers - side - 1
    cell = max(_LEAST, min(_WIDEST, room // len(names) if names else _WIDEST))
    across = max(0, min(len(names), room // cell))
    down = max(0, min(len(names), height - 1))
    if across < len(names) or down < len(names):
        down = max(0, min(down, height - 2))
        canvas.text(0, height - 1, f"{across} of {len(names)} across, {down} down: make it larger", "muted")
    for column in range(across):
        canvas.text(numbers + side + 1 + column * cell, 0, flush(str(column + 1), cell - 1), "muted")
    for row in range(down):
        canvas.text(0, row + 1, flush(str(row + 1), numbers - 1), "muted")
        canvas.text(numbers, row + 1, clip(names[row], side))
        for column in range(across):
            value = rows[row][column]
            start = numbers + side + 1 + column * cell
            text = NOTHING if value is None else signed(value)
            part, ground = ("muted", "") if row == column else ("", ground_of(value))
            canvas.text(start, row + 1, flush(text, cell - 1) + " ", part, ground)
    return canvas
