"""Tables of other programs as rows of cells under their head: what cannot be read for certain is named, not guessed.

A row of a ledger holds figures, and one whose cells have moved would hold wrong ones: it is left out whole.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from aiwatch.files.csv_rows import Row, doubt_of, has_decimal_commas, head_of, rows_of
from aiwatch.ledger.imports.draft import clean


class Line(Struct, frozen=True):
    """A row of a table: its ``cells`` by the column they stand under, and the ``line`` (from 1) it begins at."""

    line: int
    cells: dict[str, str]


class Table(Struct, frozen=True):
    """The ``head`` and ``rows`` of a table, and ``problems`` with the rows that are left out: ``7: why``."""

    head: tuple[str, ...]
    rows: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()


def read_table(text: str, is_head: Callable[[list[str]], bool]) -> Table | None:
    """The table that ``text`` is, with commas, semicolons or tabs between its cells; ``None`` where ``is_head`` does
    not know its first line.

    Of a table that writes ``150,25`` a figure such as ``1.000`` is left out, with a problem: it may be a thousand.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head = head_of(lines, lambda cells: is_head([clean(cell) for cell in cells]))
    if head is None:
        return None
    delimiter, names = head[0], tuple(clean(cell) for cell in head[1])
    rows: list[Line] = []
    problems: list[str] = []
    cut = rows_of(lines, delimiter, lambda cells: len(cells) == len(names))
    next(cut, None)  # the head
    whole = list(cut)
    has_commas = has_decimal_commas(whole, delimiter)
    for row in whole:
        if why := _damage(row, len(names)):
            problems.append(f"{row.line}: {why}, left out")
        elif any(map(clean, row.cells)):
            cells = dict(zip(names, row.cells, strict=False))
            doubts = {name: doubt for name, cell in cells.items() if has_commas and (doubt := doubt_of(cell))}
            problems += [f"{row.line}: {name!r}: {cells[name]!r} {doubt}" for name, doubt in doubts.items()]
            rows.append(Line(row.line, cells | dict.fromkeys(doubts, "")))
    return Table(names, tuple(rows), tuple(problems))


def _damage(row: Row, width: int) -> str:
    """Why the cells of ``row`` cannot be separated for certain; empty when they can."""
    if row.damage:
        return row.damage
    if any(map(clean, row.cells[width:])):
        return f"{len(row.cells)} cells under a head of {width}"
    return ""
