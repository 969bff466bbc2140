"""Lists of symbols in plain text: one a line or with commas between, and TradingView's, which are the same.

``#`` begins a comment, ``###`` a section of TradingView's, which becomes a list of its own.
"""

from __future__ import annotations

import re

from aiwatch.watchlist.imports.collector import Gathering, Section

_BETWEEN = re.compile(r"[,;\t]")


def read_text(text: str, gathering: Gathering) -> None:
    """Read ``text``: one list, or one for each section."""
    section = gathering.section()
    for number, line in enumerate(text.split("\n"), start=1):
        for piece in _pieces(line):
            section = _read_piece(piece, number, gathering, section)


def _pieces(line: str) -> list[str]:
    """The parts of ``line`` between commas, without a comment at its end."""
    pieces = []
    for piece in _BETWEEN.split(line):
        text = piece.strip()
        if not text.startswith("###") and "#" in text:
            pieces.append(text.partition("#")[0].strip())
            break
        pieces.append(text)
    return pieces


def _read_piece(piece: str, number: int, gathering: Gathering, section: Section) -> Section:
    if piece.startswith("###"):
        return gathering.section(piece.strip("# "))
    if piece:
        section.add(piece, number)
    return section
