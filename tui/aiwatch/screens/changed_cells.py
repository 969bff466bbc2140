"""Draws only the lines that changed, and writes to the terminal only what differs from what it shows.

Textual's compositor writes the whole piece of a row between two widget edges, every segment of it with all its colours
and a reset after them: a hundred bytes and more for an age of three cells. Here each line that was painted is kept as
its cells, and of the next picture of it only the changed cells are written, with only what changed of their style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, cast

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import SGR_STYLES, Strip

_NEAR = 4
"""Unchanged cells between two changed ones that are written again: a move of the cursor is as long."""


class Look(NamedTuple):
    """How a cell is drawn, in the codes of SGR (ECMA-48, 8.3.117); ``link`` is the whole escape that opens one."""

    attributes: tuple[str, ...] = ()
    colour: str = "39"
    background: str = "49"
    link: str = ""


PLAIN = Look()
Cell = tuple[str, Look]
"""The text of a cell and its look; a wide character has its text in its first cell and none in its second."""


class Written(CompositorUpdate):
    """An update that is spelled already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        """The text, whatever the console."""
        return self._text


class ChangedLines(Compositor):
    """A compositor that draws, of a picture that changed in part, the changed lines of the widgets that are seen there.

    Textual's has every widget drawn that the hull of all changes touches, and the frames and containers that others
    cover. A clock in the top line and a figure in the bottom one would be the whole screen.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last picture; ``None`` when nothing did."""
        regions, self._dirty_regions = self._dirty_regions, set()
        if not regions:
            return None
        spans = list(self._regions_to_spans(regions))
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [{}] * len(cuts)
        wanted: dict[int, set[int]] = {}
        """By line, the columns at which pieces begin that changed and have not been drawn yet."""
        spans = [span for span in spans if span[0] < len(cuts)]
        for y, first, end in spans:
            chops[y] = chops[y] or dict.fromkeys(cuts[y][:-1])
            starts = {x for x, after in pairwise(cuts[y]) if x < end and after > first}
            wanted[y] = wanted[y] | starts if y in wanted else starts
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            inside = range(shown.x, shown.right)
            lines = [y for y in shown.line_range if y in wanted and any(x in inside for x in wanted[y])]
            if lines:
                top = lines[0]
                part = Region(shown.x - region.x, top - region.y, shown.width, lines[-1] + 1 - top)
                strips = widget.render_lines(part)
                for y in lines:
                    places = [cut for cut in cuts[y] if shown.x <= cut <= shown.right]
                    pieces = strips[y - top].divide([cut - shown.x for cut in places[1:]])
                    for x, piece in zip(places, pieces, strict=False):
                        if chops[y][x] is None:  # what lies above was drawn first
                            chops[y][x] = piece
                    wanted[y].difference_update(places[:-1])
        return ChopsUpdate(cast("Any", chops), spans, [cut_set[1:] for cut_set in cuts])


class ChangedCells:
    """What the terminal shows, line by line, and how it is brought up to date."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}
        self._painted: dict[int, list[Strip]] = {}
        """Lines as a full paint wrote them, not yet taken apart into cells."""
        self._pieces: dict[int, dict[tuple[int, int], Strip]] = {}
        """What each line was last drawn from, by its first column and the one after its last: most pieces come again as
        they were, and are compared more quickly whole."""

    def forget(self) -> None:
        """Somebody else has written to the terminal: nothing is known of it."""
        self._lines.clear()
        self._painted.clear()
        self._pieces.clear()

    def render(self, update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
        """What to write for ``update``; empty when the terminal shows it already. A full paint is written whole."""
        if isinstance(update, LayoutUpdate):
            update.strips = [list(line) for line in update.strips]
            self.forget()
            for y, line in enumerate(update.strips, update.region.y):
                self._painted[y] = [Strip.blank(update.region.x), *line] if update.region.x else list(line)
            return update.render_segments(console)
        system = console._color_system or ColorSystem.TRUECOLOR
        pen = _Pen()
        for y, x, strip in _pieces(update):
            pieces, place = self._pieces.setdefault(y, {}), (x, x + strip.cell_length)
            drawn = pieces.get(place)
            if drawn is None:
                self._pieces[y] = {at: piece for at, piece in pieces.items() if at[1] <= x or at[0] >= place[1]}
            elif drawn is strip or drawn._segments == strip._segments:
                continue
            self._pieces[y][place] = strip
            self._bring_up_to_date(pen, y, x, cells_of(strip, system), system)
        return pen.finished()

    def _bring_up_to_date(self, pen: _Pen, y: int, x: int, cells: Sequence[Cell], system: ColorSystem) -> None:
        shown = self._lines.get(y)
        if shown is None:
            painted = self._painted.pop(y, ())
            shown = self._lines[y] = [cell for strip in painted for cell in cells_of(strip, system)]
        end = x + len(cells)
        if len(shown) < end:
            shown.extend([_UNKNOWN] * (end - len(shown)))
        before = shown[x:end]
        if before == cells:
            return
        shown[x:end] = cells
        for first, last in _runs(before, cells):
            pen.draw(y, x + first, cells[first:last])


_UNKNOWN: Cell = ("\0", PLAIN)
"""What no picture has."""


def _runs(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """The first and the end of each run of cells to be written, whole characters all."""
    changed = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    first, last = changed[0], changed[0]
    for at in changed[1:]:
        if at - last > _NEAR:
            yield _whole(after, first, last)
            first = at
        last = at
    yield _whole(after, first, last)


def _whole(cells: Sequence[Cell], first: int, last: int) -> tuple[int, int]:
    while first and not cells[first][0]:
        first -= 1
    end = last + 1
    while end < len(cells) and not cells[end][0]:
        end += 1
    return first, end


class _Pen:
    """Spells moves of the cursor, looks and text, and remembers where and how it writes."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._at = (-1, -1)
        self._look = PLAIN

    def draw(self, y: int, x: int, cells: Iterable[Cell]) -> None:
        """Write ``cells`` from column ``x`` of line ``y`` on."""
        row, column = self._at
        if row == y and column < x:
            self._words.append(f"\x1b[{x - column}C")
        elif self._at != (y, x):
            self._words.append(f"\x1b[{y + 1};{x + 1}H")
        for text, look in cells:
            x += 1
            if not text:
                continue
            if look != self._look:
                self._words.append(_change(self._look, look))
                self._look = look
            self._words.append(text)
        self._at = y, x

    def finished(self) -> str:
        """All of it, with the terminal's look as it was before."""
        if self._look != PLAIN:
            self._words.append(_change(self._look, PLAIN))
        return "".join(self._words)


@lru_cache(maxsize=4096)
def _change(before: Look, after: Look) -> str:
    """The shortest escape from one look to another."""
    link = "" if before.link == after.link else after.link or "\x1b]8;;\x1b\\"
    if not set(before.attributes) <= set(after.attributes):
        codes = ["0", *after.attributes]
        before = PLAIN
    else:
        codes = [code for code in after.attributes if code not in before.attributes]
    if after.colour != before.colour:
        codes.append(after.colour)
    if after.background != before.background:
        codes.append(after.background)
    if codes == ["0"]:
        return link + "\x1b[m"
    return link + (f"\x1b[{';'.join(codes)}m" if codes else "")


def cells_of(strip: Strip, system: ColorSystem) -> list[Cell]:
    """``strip`` cell by cell."""
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        look = PLAIN if style is None else _look_of(style, system)
        if text.isascii():
            cells.extend([(letter, look) for letter in text])
            continue
        for letter in text:
            width = get_character_cell_size(letter)
            if width:
                cells.append((letter, look))
                cells.extend([("", look)] * (width - 1))
            elif cells:  # an accent over what stands before it
                at = next((at for at in range(len(cells) - 1, -1, -1) if cells[at][0]), 0)
                cells[at] = cells[at][0] + letter, cells[at][1]
    return cells


@lru_cache(maxsize=4096)
def _look_of(style: Style, system: ColorSystem) -> Look:
    colour, background = style.color, style.bgcolor
    return Look(
        tuple(code for bit, code in enumerate(SGR_STYLES) if style._attributes & style._set_attributes & (1 << bit)),
        ";".join(colour.downgrade(system).get_ansi_codes()) if colour is not None else "39",
        ";".join(background.downgrade(system).get_ansi_codes(False)) if background is not None else "49",
        f"\x1b]8;id={style._link_id};{style.link}\x1b\\" if style.link else "",
    )


def _pieces(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The pieces of lines of ``update`` with their line and column, as `ChopsUpdate` picks them."""
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield y, x, strip if end <= x2 else strip.crop(0, x2 - x)
