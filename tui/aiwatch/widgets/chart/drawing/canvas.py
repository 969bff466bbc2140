"""A grid of cells that a chart is drawn on, each with a glyph, a part (what it is) and a ground (what it lies on)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from aiwatch.files.bounded import in_one_line

StyleOf = Callable[[str, str], Style]
"""The style of a part on a ground; an empty name is plain text, or the widget's own ground."""

Piece = tuple[str, str]
"""A text and its part."""


class Canvas:
    """``width`` × ``height`` cells. What lies outside is left out, so that nothing drawn can be larger than it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(0, width), max(0, height)
        self.glyphs = [[" "] * self.width for _ in range(self.height)]
        self.parts = [[""] * self.width for _ in range(self.height)]
        self.grounds = [[""] * self.width for _ in range(self.height)]

    def put(self, x: int, y: int, glyph: str, part: str = "") -> None:
        """A glyph of one cell."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self.glyphs[y][x] = glyph
            self.parts[y][x] = part

    def under(self, x: int, y: int, glyph: str, part: str = "") -> None:
        """A glyph of one cell, where nothing is drawn yet."""
        if 0 <= x < self.width and 0 <= y < self.height and self.glyphs[y][x] == " ":
            self.glyphs[y][x] = glyph
            self.parts[y][x] = part

    def tint(self, x: int, y: int, ground: str) -> None:
        """Lay a cell on ``ground``."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self.grounds[y][x] = ground

    def text(self, x: int, y: int, text: str, part: str = "", ground: str = "") -> int:
        """Write ``text``, cut at the right edge; returns the cell after it. It may come from outside: what commands a
        terminal is taken out."""
        for letter in in_one_line(text):
            size = cell_len(letter)
            if size == 0:
                continue
            if x >= 0 and x + size <= self.width and 0 <= y < self.height:
                self.glyphs[y][x] = letter
                self.parts[y][x] = part
                self.grounds[y][x] = ground
                if size == 2:
                    self.glyphs[y][x + 1] = ""
                    self.parts[y][x + 1] = part
                    self.grounds[y][x + 1] = ground
            x += size
        return x

    def write(self, x: int, y: int, pieces: Iterable[Piece]) -> int:
        """Write ``pieces`` one after the other; returns the cell after the last."""
        for text, part in pieces:
            x = self.text(x, y, text, part)
        return x

    def plain(self) -> list[str]:
        """The glyphs, row by row, without blanks at their ends."""
        return ["".join(row).rstrip() for row in self.glyphs]

    def strips(self, style_of: StyleOf) -> list[Strip]:
        """The rows as strips of exactly the canvas' width, with as few segments as can be."""
        return [self._strip(row, style_of) for row in range(self.height)]

    def _strip(self, row: int, style_of: StyleOf) -> Strip:
        glyphs, parts, grounds = self.glyphs[row], self.parts[row], self.grounds[row]
        segments: list[Segment] = []
        start, part, ground = 0, "", ""
        for x in range(self.width):
            new_part, new_ground = parts[x], grounds[x]
            if new_ground == ground and (new_part == part or glyphs[x] == " "):
                continue
            if x > start:
                segments.append(Segment("".join(glyphs[start:x]), style_of(part, ground)))
            start, part, ground = x, new_part, new_ground
        if self.width > start:
            segments.append(Segment("".join(glyphs[start:]), style_of(part, ground)))
        return Strip(segments, self.width)


def width_of(pieces: Iterable[Piece]) -> int:
    """The cells that ``pieces`` take."""
    return sum(cell_len(text) for text, _ in pieces)
