"""Styled text laid out in a width, never cut within a number."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from aiwatch.formatting.text import ELLIPSIS

_OF_NUMBERS = frozenset("0123456789.,+-")


def trimmed(content: Content, width: int) -> Content:
    """``content`` in at most ``width`` cells; an ellipsis stands for what did not fit, and for the whole of a number
    that did not."""
    if content.cell_length <= width:
        return content
    short = content.truncate(max(0, width - 1)).rstrip()
    while short.plain[-1:] in _OF_NUMBERS:
        short = short[: len(short.plain) - len(short.plain.split()[-1])].rstrip()
    return short + Content(ELLIPSIS[:width])


def flow(parts: Iterable[Content], width: int, gap: str = "   ") -> list[Content]:
    """``parts`` in as few rows of ``width`` cells as hold them, none of them parted."""
    rows: list[Content] = []
    for part in parts:
        if rows and rows[-1].cell_length + len(gap) + part.cell_length <= width:
            rows[-1] = rows[-1] + Content(gap) + part
        else:
            rows.append(part)
    return rows
