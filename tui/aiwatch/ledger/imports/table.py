"""Tables of other programs as rows of cells under their head: what cannot be read for certain is named, not guessed.

A row of a ledger holds figures, and one whose cells have moved would hold wrong ones: it is left out whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct

from aiwatch.files.csv_rows import Row, head_of, rows_of
from aiwatch.ledger.imports.draft import clean

_BEFORE = (
    ("about", ("~", "≈", "∼", "about", "around", "approximately", "approx.", "approx", "circa", "ca.", "c.", "est.")),
    ("at least", (">=", "≥", "at least", "min.")),
    ("up to", ("<=", "≤", "up to", "max.")),
    ("over", (">", "over", "more than", "above")),
    ("below", ("<", "below", "less than", "under")),
)
"""Words and signs before a figure, by the qualifier of the ledger that they mean; longer ones first."""
_BEHIND = {"+": "at least"}
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?", re.ASCII)
_TOO_MUCH = Decimal(10) ** 18


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
    not know its first line."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head = head_of(lines, lambda cells: is_head([clean(cell) for cell in cells]))
    if head is None:
        return None
    delimiter, names = head[0], tuple(clean(cell) for cell in head[1])
    rows: list[Line] = []
    problems: list[str] = []
    cut = rows_of(lines, delimiter, lambda cells: len(cells) == len(names))
    next(cut, None)  # the head
    for row in cut:
        if why := _damage(row, len(names)):
            problems.append(f"{row.line}: {why}, left out")
        elif any(map(clean, row.cells)):
            rows.append(Line(row.line, dict(zip(names, row.cells, strict=False))))
    return Table(names, tuple(rows), tuple(problems))


def _damage(row: Row, width: int) -> str:
    """Why the cells of ``row`` cannot be told apart for certain; empty when they can."""
    if row.damage:
        return row.damage
    if any(map(clean, row.cells[width:])):
        return f"{len(row.cells)} cells under a head of {width}"
    return ""


class Figure(Struct, frozen=True):
    """A figure above zero as a table has it, and the ``qualifier`` it has there: ``over``, ``about``."""

    value: Decimal
    qualifier: str = ""

    def __str__(self) -> str:
        return f"{self.qualifier} {self.value:,f}".strip()


def figure(text: object) -> Figure | None:
    """The figure that ``text`` writes, such as ``1,092`` or ``~400,000``; ``None`` for nothing, a dash and zero.

    Raises `ValueError` for what is no figure, such as ``1.4 GW`` or ``24,1``.
    """
    written = clean(text) if text is not None else ""
    if written in ("", "-", "–", "—"):
        return None
    qualifier, rest = _qualifier(written)
    if not _FIGURE.fullmatch(rest):
        raise ValueError(f"{written[:40]!r} is no figure")
    value = Decimal(rest.replace(",", ""))
    if value >= _TOO_MUCH:
        raise ValueError(f"{written[:40]!r} is more than any figure")
    return Figure(value, qualifier) if value else None


def _qualifier(text: str) -> tuple[str, str]:
    """The qualifier before or behind the figure in ``text``, and the rest."""
    folded = text.casefold()
    for qualifier, signs in _BEFORE:
        for sign in signs:
            rest = text[len(sign) :].strip()
            if folded.startswith(sign) and (rest[:1].isdigit() or not sign[-1].isalpha()):
                return qualifier, rest
    for sign, qualifier in _BEHIND.items():
        if text.endswith(sign):
            return qualifier, text.removesuffix(sign).strip()
    return "", text
