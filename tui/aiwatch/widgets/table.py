"""Lines up cells in columns: figures are never cut, they take a shorter form; texts give way with an ellipsis."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content, Span

from aiwatch.formatting.text import clip, flush

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
    natural, least = _extents(columns, rows)
    widths = [smallest if longest else 0 for smallest, longest in zip(least, natural, strict=True)]
    for at in sorted(range(len(columns)), key=lambda at: (-columns[at].rank, -at)):
        if columns[at].rank and sum(widths) + gap * _gaps(widths) > width:
            widths[at] = 0
    _squeeze(widths, columns, width, gap)
    spare = max(0, width - sum(widths) - gap * _gaps(widths))
    texts = [at for at, column in enumerate(columns) if column.least and widths[at]]
    figures = [at for at, column in enumerate(columns) if not column.least and widths[at]]
    for at in texts:
        comfort = max(_COMFORT, width // 3) if at == texts[0] else _SHORT
        spare -= _grow(widths, at, min(natural[at], comfort), spare)
    for at in sorted(figures, key=lambda at: columns[at].rank):
        held = [cell_len(form) for row in rows for form in row[at].forms] + [cell_len(t) for t in columns[at].titles]
        best = max((size for size in held if widths[at] < size <= widths[at] + spare), default=widths[at])
        spare -= _grow(widths, at, best, spare)
    for at in sorted(texts, key=lambda at: columns[at].rank):
        spare -= _grow(widths, at, natural[at], spare)
    for at in texts[:1]:
        widths[at] += spare
    return widths


def line(columns: Sequence[Column], widths: Sequence[int], row: Sequence[Cell], *, gap: int = 1) -> Content:
    """One row of the table."""
    text, spans = "", []
    for column, size, one in zip(columns, widths, row, strict=True):
        if size:
            text += " " * gap if text else ""
            form = one.fitting(size)
            start, text = len(text), text + (flush(form, size) if column.right else clip(form, size))
            if one.style:
                spans.append(Span(start, len(text), one.style))
    return Content(text, spans)


def head(columns: Sequence[Column], widths: Sequence[int], *, gap: int = 1, sorted_by: str = "") -> Content:
    """The line of titles; ``sorted_by`` is a title with the arrow that goes with it (``Amount↓``)."""
    titles = [
        cell(*((sorted_by,) if sorted_by[:-1] in column.titles else column.titles), style="$quiet")
        for column in columns
    ]
    return line(columns, widths, titles, gap=gap)


def _gaps(widths: Sequence[int]) -> int:
    return max(0, sum(1 for size in widths if size) - 1)


def _extents(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> tuple[list[int], list[int]]:
    """Cells each column would like, 0 where it is empty, and those it cannot do without."""
    natural, least = [], []
    for at, column in enumerate(columns):
        longest = max((row[at].longest for row in rows), default=0)
        title = min(map(cell_len, column.titles))
        natural.append(max(longest, title) if longest and not column.least else min(longest, column.most))
        if column.least:
            least.append(min(max(longest, 1), column.least))
        else:
            least.append(max([title, *(row[at].shortest for row in rows)]))
    return natural, least


def _squeeze(widths: list[int], columns: Sequence[Column], width: int, gap: int) -> None:
    """Take what is still too much from the texts, in place."""
    for at, column in enumerate(columns):
        over = sum(widths) + gap * _gaps(widths) - width
        if column.least and widths[at] and over > 0:
            widths[at] = max(min(_FLOOR, widths[at]), widths[at] - over)


def _grow(widths: list[int], at: int, wanted: int, spare: int) -> int:
    """Widen a column up to ``wanted`` cells, in place; returns the cells taken."""
    taken = max(0, min(wanted - widths[at], spare))
    widths[at] += taken
    return taken
