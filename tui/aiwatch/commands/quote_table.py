"""Quotes as a table for people: aligned by terminal cells, with every gap said in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiwatch.formatting.text import NOTHING, clip, flush, money, short, signed

_HEAD = ("Symbol", "Name", "Last", "Change", "Chg %", "Volume", "Turnover", "As of", "Source", "Status")
_LEFT = (0, 1, 7, 8, 9)
_LONGEST = {7: 40}


def table(rows: list[dict[str, Any]], times: Sequence[str]) -> str:
    """``rows`` of `quotes.FIELDS` as lines of text, with the local ``times`` of their quotes."""
    from rich.cells import cell_len

    cells = [_HEAD, *(_cells(row, local) for row, local in zip(rows, times, strict=True))]
    widths = [min(_LONGEST.get(at, 28), max(cell_len(row[at]) for row in cells)) for at in range(len(_HEAD))]
    lines = [
        "  ".join(
            clip(text, width) if at in _LEFT else flush(text, width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines) + "\n"


def _cells(row: dict[str, Any], local: str) -> tuple[str, ...]:
    name = f"{row['name']} {row['name_zh'] or ''}".strip()
    late = row["delay_minutes"]
    delay = " (delay not known)" if late is None and row["source"] else f" ({late} min late)" if late else ""
    return (
        row["symbol"],
        name,
        NOTHING if row["last"] is None else f"{row['last']:g}" if row["last"] >= 1e5 else f"{row['last']:.2f}",
        signed(row["change"]),
        signed(row["change_percent"]),
        short(row["volume"]),
        money(row["turnover"], row["currency"] or ""),
        local or NOTHING,
        (row["source"] or NOTHING) + delay,
        row["status"],
    )
