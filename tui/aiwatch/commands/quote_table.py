"""Quotes as a table for people: aligned by terminal cells, with every gap said in words."""

from __future__ import annotations

from typing import Any

from aiwatch.widgets.text import NOTHING, clip, flush, money, short, signed

_HEAD = ("Symbol", "Name", "Last", "Change", "Chg %", "Volume", "Turnover", "As of (UTC)", "Source", "Status")
_LEFT = (0, 1, 7, 8, 9)


def table(rows: list[dict[str, Any]]) -> str:
    """``rows`` of `quotes.FIELDS` as lines of text."""
    from rich.cells import cell_len

    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [min(28, max(cell_len(row[at]) for row in cells)) for at in range(len(_HEAD))]
    lines = [
        "  ".join(
            clip(text, width) if at in _LEFT else flush(text, width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines) + "\n"


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    name = f"{row['name']} {row['name_zh'] or ''}".strip()
    delay = f" ({row['delay_minutes']} min late)" if row["delay_minutes"] else ""
    return (
        row["symbol"],
        name,
        NOTHING if row["last"] is None else f"{row['last']:g}" if row["last"] >= 1e5 else f"{row['last']:.2f}",
        signed(row["change"]),
        signed(row["change_percent"]),
        short(row["volume"]),
        money(row["turnover"], row["currency"] or ""),
        (row["as_of"] or NOTHING).replace("T", " ").rstrip("Z"),
        (row["source"] or NOTHING) + delay,
        row["status"],
    )
