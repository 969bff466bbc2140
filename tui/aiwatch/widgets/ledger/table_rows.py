"""The rows of a large table, made when they are seen: a view of thousands opens and scrolls as one of twenty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from msgspec import Struct
from textual.content import Content

from aiwatch.ledger.records import Commitment
from aiwatch.widgets.table import Cell, Column, line, widths_of

SAMPLE = 100
"""How many rows of a large table the widths of the columns are taken from before any is seen."""
LARGE = 500
"""The rows from which a table is large."""


class ListRow(Struct, frozen=True):
    """A row of a view: ``key`` names what it shows, empty for a heading."""

    key: str
    content: Content


Item = Commitment | ListRow


class LateRows(Sequence[ListRow]):
    """The rows called ``keys``, empty for headings, each of one line, made by ``make`` of its place when it is seen."""

    def __init__(self, keys: Sequence[str], make: Callable[[int], ListRow]) -> None:
        self.keys = list(keys)
        self._make = make

    @property
    def heights(self) -> list[int]:
        """The lines of each row."""
        return [1] * len(self.keys)

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


class TableRows(Sequence[ListRow]):
    """``items`` are records, and rows that are made already. Where a row turns up whose figures need more cells than a
    column has, all rows seen so far and this one give the widths anew; a figure is never cut."""

    def __init__(
        self,
        items: Sequence[Item],
        cells: Callable[[Commitment], list[Cell]],
        columns: Sequence[Column],
        width: int,
    ) -> None:
        self._items = items
        self._make = cells
        self._columns = columns
        self._width = width
        self.keys = [item.id if isinstance(item, Commitment) else item.key for item in items]
        """What the rows are called, empty for headings."""
        sample = SAMPLE if len(items) > LARGE else len(items)
        records = (item for item in items if isinstance(item, Commitment))
        self._cells = {record.id: cells(record) for record, _ in zip(records, range(sample), strict=False)}
        self.widths = widths_of(columns, list(self._cells.values()), width)
        """The cells of each column."""

    @property
    def heights(self) -> list[int]:
        """The lines of each row."""
        return [1 if isinstance(item, Commitment) else item.content.plain.count("\n") + 1 for item in self._items]

    def followed_by(self, rows: Sequence[ListRow]) -> Sequence[ListRow]:
        """These rows and then ``rows``: a tuple of a small table, one that makes its rows late of a large one."""
        if len(self) <= LARGE:
            return (*self, *rows)
        return TableRows((*self._items, *rows), self._make, self._columns, self._width)

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
        if not isinstance(item, Commitment):
            return item
        cells = self._cells.get(item.id)
        if cells is None:
            cells = self._cells[item.id] = self._make(item)
            if self._is_too_wide(cells):
                self.widths = widths_of(self._columns, list(self._cells.values()), self._width)
        return ListRow(item.id, Content(" ") + line(self._columns, self.widths, cells))

    def __iter__(self) -> Iterator[ListRow]:
        return (self[at] for at in range(len(self)))

    def _is_too_wide(self, cells: Sequence[Cell]) -> bool:
        return any(
            not column.least and size and cell.shortest > size
            for column, size, cell in zip(self._columns, self.widths, cells, strict=True)
        )
