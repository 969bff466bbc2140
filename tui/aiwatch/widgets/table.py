"""Lines up cells in columns: figures are never cut, they take a shorter form; texts give way with an ellipsis."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content, Span

from aiwatch.formatting.text import clip, flush
from aiwatch.formatting.widths import UNBOUNDED, Growth, Track, grow, narrowest

_COMFORT = 34
"""Cells that the first text column gets before figures take their longer forms."""
_SHORT = 13
"""Cells that the other text columns get before them."""
_FLOOR = 4


class Cell(Struct, frozen=True):
    """A text in one or several ``forms``, the fullest first; ``style`` is a theme variable or empty."""

    forms: tuple[str, ...]
    style: str = ""

    def fitting(self, width: int) -> str:
        """The fullest form that ``width`` cells hold, else the shortest one."""
        return next((form for form in self.forms if cell_len(form) <= width), self.forms[-1])

    @property
    def longest(self) -> int:
        """Cells of the longest form."""
        return max(map(cell_len, self.forms))

    @property
    def shortest(self) -> int:
        """Cells of the shortest form."""
        return min(map(cell_len, self.forms))


def cell(*forms: str, style: str = "") -> Cell:
    """A cell of ``forms``, the fullest first."""
    return Cell(forms or ("",), style)


class Column(Struct, frozen=True):
    """``titles``, the longest first. ``rank`` 0 stays, the highest goes first. ``least`` cells make it a column of
    texts, which may be clipped to that; 0 makes it one of figures. ``most`` bounds the texts."""

    titles: tuple[str, ...]
    rank: int = 0
    least: int = 0
    most: int = 60
    right: bool = False


def widths_of(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int, gap: int = 1) -> list[int]:
    """The cells of each column in ``width`` cells, 0 where it is dropped, as an empty one is."""
    natural = [_natural(column, [row[at] for row in rows]) for at, column in enumerate(columns)]
    tracks = [
        _track(column, [row[at] for row in rows]) if natural[at] else Track(0) for at, column in enumerate(columns)
    ]
    widths = narrowest(tracks, width, gap)
    first = next((at for at, column in enumerate(columns) if column.least and widths[at]), -1)
    for at, column in enumerate(columns):
        if column.least:
            comfort = max(_COMFORT, width // 3) if at == first else _SHORT
            growth = [Growth(at, min(natural[at], comfort)), Growth(len(columns) + 1, natural[at])]
            growth += [Growth(len(columns) + 2, UNBOUNDED)] if at == first else []
        else:
            lengths = [cell_len(form) for row in rows for form in row[at].forms] + list(map(cell_len, column.titles))
            growth = [Growth(len(columns), steps=tuple(lengths))]
        tracks[at] = tracks[at]._replace(growth=tuple(growth))
    grow(widths, tracks, width, gap)
    return widths


def line(columns: Sequence[Column], widths: Sequence[int], row: Sequence[Cell], *, gap: int = 1) -> Content:
    """One row of the table."""
    text, spans = "", []
    for column, size, entry in zip(columns, widths, row, strict=True):
        if size:
            text += " " * gap if text else ""
            form = entry.fitting(size)
            start, text = len(text), text + (flush(form, size) if column.right else clip(form, size))
            if entry.style:
                spans.append(Span(start, len(text), entry.style))
    return Content(text, spans)


def head(columns: Sequence[Column], widths: Sequence[int], *, gap: int = 1, sorted_by: str = "") -> Content:
    """The line of titles; ``sorted_by`` is a title with the arrow that goes with it (``Amount↓``)."""
    titles = [
        cell(*((sorted_by,) if sorted_by[:-1] in column.titles else column.titles), style="$quiet")
        for column in columns
    ]
    return line(columns, widths, titles, gap=gap)


def _natural(column: Column, cells: Sequence[Cell]) -> int:
    """Cells a column would like, 0 where it is empty."""
    longest = max((entry.longest for entry in cells), default=0)
    if column.least or not longest:
        return min(longest, column.most)
    return max(longest, min(map(cell_len, column.titles)))


def _track(column: Column, cells: Sequence[Cell]) -> Track:
    """What a column cannot do without, and when it goes."""
    if column.least:
        return Track(min(max(entry.longest for entry in cells), column.least), column.rank, _FLOOR)
    return Track(max([min(map(cell_len, column.titles)), *(entry.shortest for entry in cells)]), column.rank)
