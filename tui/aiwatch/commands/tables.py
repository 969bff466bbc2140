"""Rows as text: a table that fits the terminal, blocks of fields, CSV and Markdown. Widths are terminal cells."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from aiwatch.formatting import spreadsheets
from aiwatch.formatting.text import clip, flush

GAP = "  "
WIDEST = 10_000
"""Cells of a line that nothing bounds."""
_LEAST = 6


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None = None,
    firm: Container[str] = (),
    *,
    right: Container[str] = (),
    longest: Mapping[str, int] | None = None,
) -> str:
    """``rows`` under ``head``, a line each, in at most ``width`` cells, or in as many as they take for ``None``.

    The widest columns give way first, ``firm`` ones last. Columns in ``right`` are flush right, and no column is wider
    than ``longest`` says. Not Rich's table: that cuts within a number, which then reads as another.
    """
    from rich.cells import cell_len

    lines = [head, *rows]
    most = longest or {}
    widths = [min(most.get(name, WIDEST), max(cell_len(row[at]) for row in lines)) for at, name in enumerate(head)]
    room = (WIDEST if width is None else width) - len(GAP) * (len(head) - 1)
    for giving in ([at for at, name in enumerate(head) if name not in firm], range(len(head))):
        while sum(widths) > room:
            widest = max(giving, key=widths.__getitem__)
            if widths[widest] <= _LEAST:
                break
            widths[widest] -= 1
    setters = [flush if name in right else clip for name in head]
    set_lines = (
        GAP.join(put(text, size) for put, text, size in zip(setters, row, widths, strict=True)) for row in lines
    )
    return "".join(f"{(line if width is None else clip(line, width)).rstrip()}\n" for line in set_lines)


def blocks(rows: Iterable[Mapping[str, Any]], width: int) -> str:
    """Each row as a block of ``name  value`` lines with the values in one column, wrapped at ``width`` cells."""
    out = []
    for row in rows:
        names = max(len(name) for name in row)
        for name, value in row.items():
            text = flat(value)
            if not text:
                continue
            first, *more = wrapped(text, max(_LEAST, width - names - len(GAP)))
            out.append(f"{name.replace('_', ' '):{names}}{GAP}{first}")
            out += [f"{'':{names}}{GAP}{line}" for line in more]
        out.append("")
    return "\n".join(out)


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at spaces where there are any."""
    from rich.cells import cell_len, chop_cells

    lines = [""]
    for word in text.split(" "):
        for piece in chop_cells(word, width) or [""]:
            joined = f"{lines[-1]} {piece}" if lines[-1] else piece
            if cell_len(joined) <= width:
                lines[-1] = joined
            else:
                lines.append(piece)
    return lines


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a JSON array."""
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as CSV with a header row; a list in a field is parted by semicolons."""
    names = _names(rows)
    return spreadsheets.table(names, ([flat(row.get(name)) for name in names] for row in rows))


def as_markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a Markdown table."""
    names = _names(rows)
    lines = [names, ["---"] * len(names), *([_escaped(flat(row.get(name))) for name in names] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def flat(value: Any) -> str:
    """A value in one line: lists parted by ``; ``, tables as ``key value``, null as nothing, flags as yes or no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {flat(item)}" for key, item in value.items() if flat(item))
    if isinstance(value, list):
        return "; ".join(map(flat, value))
    return str(value)


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
