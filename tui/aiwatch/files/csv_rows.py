"""Cuts a CSV text into rows so that no slip of the pen in one row costs the rows after it.

`csv` by itself takes an open quote for the beginning of a text that goes on to the end of the file, and says nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

_DELIMITERS = (",", ";", "\t")
_MOST_LINES = 20
"""Lines over which a quoted text may go on; each line is looked at so often at most."""


_BEFORE, _BEHIND = r"[^\w.,]{0,4}", r"\s?[^\d.,]{0,16}"
"""What may stand around a figure in its cell: signs, and a unit."""
_DECIMAL_COMMA = re.compile(rf"{_BEFORE}[0-9]{{1,3}}(\.?[0-9]{{3}})*,[0-9]{{1,4}}{_BEHIND}")
_EITHER = re.compile(rf"{_BEFORE}[0-9]{{1,3}}(([.,])[0-9]{{3}})+{_BEHIND}")

_OPEN_QUOTE = "a quote is opened and not closed"
_LONG_CELL = f"a cell is longer than {csv.field_size_limit():,} characters"


class Row(Struct, frozen=True):
    """A row: its cells as they are written, the line it begins at and the one it ends at.

    ``damage`` says why they are not all there, in words, empty when they are: the cells are then those before it.
    """

    cells: tuple[str, ...]
    line: int
    last: int
    damage: str = ""


def head_of(text: str, is_head: Callable[[list[str]], bool]) -> tuple[str, list[str]] | None:
    """The delimiter of a CSV ``text`` and the cells of its first line, if ``is_head`` says that they name columns."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    for delimiter in sorted(_DELIMITERS, key=first.count, reverse=True):
        cells = _cells(first, delimiter)
        if cells is not None and is_head(cells):
            return delimiter, cells
    return None


def rows_of(text: str, delimiter: str, is_row: Callable[[list[str]], bool]) -> Iterator[Row]:
    """The rows of ``text``, whose lines end with a line feed; empty lines are none.

    A quoted text may go on over several lines, but not over one that ``is_row`` says is a row by itself.
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        row = _row_at(lines, at, delimiter, is_row)
        yield row
        at = row.last


def has_decimal_commas(rows: Iterable[Row], delimiter: str) -> bool:
    """Whether a figure in ``rows`` is written as ``150,25``, which none is in a table with commas between its cells."""
    return delimiter == ";" and any(_DECIMAL_COMMA.fullmatch(cell.strip()) for row in rows for cell in row.cells)


def doubt_of(cell: str) -> str:
    """What is to be said of a cell of a table that `has_decimal_commas` whose figure may be one of thousands, as that
    of ``1.000`` and ``1,000``; empty for any other."""
    match = _EITHER.fullmatch(cell.strip())
    if match is None:
        return ""
    return f"may be of thousands: write it without a {'comma' if match[2] == ',' else 'point'}"


def _row_at(lines: list[str], at: int, delimiter: str, is_row: Callable[[list[str]], bool]) -> Row:
    whole = lines[at]
    for last in range(at + 1, at + 1 + _MOST_LINES):
        cells = _cells(whole, delimiter)
        if cells is not None:
            return Row(tuple(cells), at + 1, last)
        if last >= len(lines) or is_row(_cells(lines[last], delimiter) or []):
            break
        whole += "\n" + lines[last]
    damage = _OPEN_QUOTE if '"' in lines[at] else _LONG_CELL
    return Row(tuple(_before_open_quote(lines[at], delimiter)), at + 1, at + 1, damage)


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of ``text``; ``None`` when its quotes are not as they should be, or a cell is longer than any is."""
    try:
        [cells] = csv.reader([text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return None
    return cells


def _before_open_quote(line: str, delimiter: str) -> list[str]:
    """The cells of ``line`` before the first one whose quotes are not as they should be."""
    cells: list[str] = []
    for piece in line.split(delimiter):
        if '"' in piece or len(piece) > csv.field_size_limit():
            cell = _cells(piece, delimiter)
            if cell is None:
                break
            cells += cell
        else:
            cells.append(piece)
    return cells
