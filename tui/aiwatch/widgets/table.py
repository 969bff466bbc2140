"""Lines up cells in columns: figures are never cut, they take a shorter form; texts give way with an ellipsis.

The rows of a large table are made when they are seen: a view of thousands opens and scrolls as one of twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from itertools import chain
from typing import Generic, TypeVar, overload

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
"""Cells that a text has however narrow the table is."""
_GIVES = 6
"""The part of its ``least``, a sixth, that a text gives up before a column of rank below 0 goes."""


class Cell(Struct, frozen=True):
    """A text in one or several ``forms``, the fullest first; ``style`` is a theme variable or empty."""

    forms: tuple[str, ...]
    style: str = ""

    def fitting(self, width: int) -> str:
        """The fullest form that ``width`` cells hold, else the shortest one."""
        return next((form for form in self.forms if cell_len(form) <= width), self.forms[-1])

    @property
    def shortest(self) -> int:
        """Cells of the shortest form."""
        return min(map(cell_len, self.forms))


def cell(*forms: str, style: str = "") -> Cell:
    """A cell of ``forms``, the fullest first."""
    return Cell(forms or ("",), style)


class Column(Struct, frozen=True):
    """``titles``, the longest first. ``rank`` 0 stays, the highest goes first, one below 0 after the texts have given
    up some letters for it. ``least`` cells make it a column of texts, which may be clipped to that; 0 makes it one of
    figures. ``most`` bounds the texts."""

    titles: tuple[str, ...]
    rank: int = 0
    least: int = 0
    most: int = 60
    right: bool = False


def widths_of(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int, gap: int = 1) -> list[int]:
    """The cells of each column in ``width`` cells, 0 where it is dropped, as an empty one is."""
    lengths = [[[cell_len(form) for form in row[at].forms] for row in rows] for at in range(len(columns))]
    """Cells of every form, by column and row."""
    natural = [_natural(column, of_cells) for column, of_cells in zip(columns, lengths, strict=True)]
    tracks = [_track(column, lengths[at]) if natural[at] else Track(0) for at, column in enumerate(columns)]
    widths = narrowest(tracks, width, gap)
    first = next((at for at, column in enumerate(columns) if column.least and widths[at]), -1)
    for at, column in enumerate(columns):
        if column.least:
            comfort = max(_COMFORT, width // 3) if at == first else _SHORT
            growth = [Growth(at, min(natural[at], comfort)), Growth(len(columns) + 1, natural[at])]
            growth += [Growth(len(columns) + 2, UNBOUNDED)] if at == first else []
        else:
            steps = (*chain.from_iterable(lengths[at]), *map(cell_len, column.titles))
            growth = [Growth(len(columns), steps=steps)]
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


def _natural(column: Column, lengths: Sequence[Sequence[int]]) -> int:
    """Cells a column would like whose forms have ``lengths``, by cell; 0 where it is empty."""
    longest = max(map(max, lengths), default=0)
    if column.least or not longest:
        return min(longest, column.most)
    return max(longest, min(map(cell_len, column.titles)))


def _track(column: Column, lengths: Sequence[Sequence[int]]) -> Track:
    """What a column cannot do without whose forms have ``lengths``, by cell, and when it goes."""
    if column.least:
        least = min(max(map(max, lengths)), column.least)
        return Track(least, column.rank, _FLOOR, tight=max(_FLOOR, least - least // _GIVES))
    return Track(max([min(map(cell_len, column.titles)), *map(min, lengths)]), column.rank)


SAMPLE = 100
"""How many rows of a large table the widths of the columns are taken from before any is seen."""
LARGE = 500
"""The rows from which a table is large."""


class ListRow(Struct, frozen=True):
    """A row of a view: ``key`` names what it shows, empty for a heading."""

    key: str
    content: Content


class LateRows(Sequence[ListRow]):
    """The rows called ``keys``, empty for headings, of ``heights`` lines (one each where nothing is said), made by
    ``make`` of its place when it is seen."""

    def __init__(
        self, keys: Sequence[str], make: Callable[[int], ListRow], heights: Sequence[int] | None = None
    ) -> None:
        self.keys = list(keys)
        self.heights = [1] * len(self.keys) if heights is None else list(heights)
        self._make = make

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, at: int) -> ListRow: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[ListRow]: ...
    def __getitem__(self, at: int | slice) -> ListRow | Sequence[ListRow]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        return self._make(at)

    def __iter__(self) -> Iterator[ListRow]:
        return (self[at] for at in range(len(self)))


T = TypeVar("T")


class TableRows(Sequence[ListRow], Generic[T]):
    """``items`` are records, and rows that are made already. Where a row turns up whose figures need more cells than a
    column has, or that has something in a column that was empty, all rows seen so far and this one give the widths
    anew: nothing is cut or left out. ``sorted_by`` is a title with the arrow that goes with it."""

    def __init__(
        self,
        items: Sequence[T | ListRow],
        cells: Callable[[T], list[Cell]],
        columns: Sequence[Column],
        width: int,
        key_of: Callable[[T], str],
        sorted_by: str = "",
    ) -> None:
        self._items = items
        self._make = cells
        self._columns = columns
        self._width = width
        self._key_of = key_of
        self._sorted_by = sorted_by
        self.keys, self.heights = _named(items, key_of)
        """What the rows are called, empty for headings, and the lines of each."""
        sample = [item for item in _sample(items) if not isinstance(item, ListRow)]
        self._cells = {key_of(record): cells(record) for record in sample}
        self.widths = [0] * len(columns)
        """The cells of each column."""
        self._measure()

    def _measure(self) -> None:
        """Give the columns the cells that the rows made so far need."""
        rows = list(self._cells.values())
        self.widths = widths_of(self._columns, rows, self._width)
        self._empty = [not any(row[at].forms[0] for row in rows) for at in range(len(self._columns))]

    @property
    def head(self) -> Content:
        """The line of titles over the rows."""
        return Content(" ") + head(self._columns, self.widths, sorted_by=self._sorted_by)

    def followed_by(self, rows: Sequence[ListRow]) -> Sequence[ListRow]:
        """These rows and then ``rows``: a tuple of a small table, one that makes its rows late of a large one."""
        if len(self) <= LARGE:
            return (*self, *rows)
        whole = copy(self)
        whole._items = (*self._items, *rows)
        keys, heights = _named(rows, self._key_of)
        whole.keys, whole.heights = [*self.keys, *keys], [*self.heights, *heights]
        return whole

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> ListRow: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[ListRow]: ...
    def __getitem__(self, at: int | slice) -> ListRow | Sequence[ListRow]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        item = self._items[at]
        if isinstance(item, ListRow):
            return item
        key = self._key_of(item)
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = self._make(item)
            if self._is_too_wide(cells):
                self._measure()
        return ListRow(key, Content(" ") + line(self._columns, self.widths, cells))

    def __iter__(self) -> Iterator[ListRow]:
        return (self[at] for at in range(len(self)))

    def _is_too_wide(self, cells: Sequence[Cell]) -> bool:
        return any(
            (is_empty and cell.forms[0]) or (not column.least and size and cell.shortest > size)
            for column, size, is_empty, cell in zip(self._columns, self.widths, self._empty, cells, strict=True)
        )


def _sample(items: Sequence[T]) -> Sequence[T]:
    """What the columns of ``items`` are first as wide as: all of a small table, else its begin and some of the rest."""
    return items if len(items) <= LARGE else (*items[:SAMPLE], *items[SAMPLE :: len(items) // SAMPLE])


def _named(items: Sequence[T | ListRow], key_of: Callable[[T], str]) -> tuple[list[str], list[int]]:
    """What the rows of ``items`` are called, and the lines of each."""
    keys, heights = [], []
    for item in items:
        if isinstance(item, ListRow):
            keys.append(item.key)
            heights.append(item.content.plain.count("\n") + 1)
        else:
            keys.append(key_of(item))
            heights.append(1)
    return keys, heights
