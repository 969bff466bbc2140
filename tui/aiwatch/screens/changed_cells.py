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
from textual.geometry import Region, Size
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
"""The text of a cell and its look; a wide character has its text in its first cell and none in its second. A blank
on which nothing of its colour is seen has none."""
Pieces = dict[tuple[int, int], Strip]
"""Pieces of a line, by the first column and the one after the last."""
_SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Underlines, reverse video, strikes, frames and overlines, which have a letter's colour. Without them a blank looks
the same in every weight, slope and colour."""


class Written(CompositorUpdate):
    """An update that is spelled already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        """The text, whatever the console."""
        return self._text


class ChangedLines(Compositor):
    """A compositor that draws the lines of the widgets that are seen there; of a picture that changed in part, the
    changed ones.

    Textual's has every widget drawn that the hull of all changes touches, and the frames and containers that others
    cover. A clock in the top line and a figure in the bottom one would be the whole screen.
    """

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """The whole picture. ``simplify`` joins the segments that look alike, for a picture that goes to a file."""
        self._dirty_regions.clear()
        width, height = self.size
        lines = [chop.values() for chop in self._drawn([(y, 0, width) for y in range(height)])]
        if simplify:
            joined = [[Strip.join(line).simplify().discard_meta()] for line in lines]
            return LayoutUpdate(cast("Any", joined), self.size.region)
        return LayoutUpdate(cast("Any", lines), self.size.region)

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last picture; ``None`` when nothing did."""
        regions, self._dirty_regions = self._dirty_regions, set()
        if not regions:
            return None
        cuts = self.cuts
        spans = [span for span in self._regions_to_spans(regions) if span[0] < len(cuts)]
        return ChopsUpdate(cast("Any", self._drawn(spans)), spans, [cut_set[1:] for cut_set in cuts])

    def _drawn(self, spans: Sequence[tuple[int, int, int]]) -> list[dict[int, Strip | None]]:
        """The pieces of each line by their columns, those drawn that ``spans`` touch: lines with a first column and the
        one after the last."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [{}] * len(cuts)
        wanted: dict[int, set[int]] = {}
        """By line, the columns at which pieces begin that changed and have not been drawn yet."""
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
        return chops


class ChangedCells:
    """What the terminal shows, line by line, and how it is brought up to date."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}
        self._painted: dict[int, list[Strip]] = {}
        """Lines that were written from their first column on, not yet taken apart into cells."""
        self._pieces: dict[int, Pieces] = {}
        """What each line was last drawn from: most pieces come again as they were, and are compared more quickly
        whole."""
        self._late: dict[int, Pieces] = {}
        """What the picture has and the terminal not yet, later pieces over earlier ones."""
        self._size = Size(0, 0)
        """That of the last full paint."""

    @property
    def is_late(self) -> bool:
        """Whether anything was noted that has not been written."""
        return bool(self._late)

    def forget(self) -> None:
        """Somebody else has written to the terminal: nothing is known of it."""
        self._lines.clear()
        self._painted.clear()
        self._pieces.clear()

    def render(self, update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
        """What to write for ``update``; empty when the terminal shows it already."""
        self.note(update)
        return self.written(console)

    def note(self, update: ChopsUpdate | LayoutUpdate) -> None:
        """Take ``update`` as the picture that `written` is to write; what it covers of earlier ones is left out."""
        if isinstance(update, LayoutUpdate) and update.region.size != self._size:
            self._size = update.region.size
            self.forget()  # what a terminal makes of a picture when its size changes is its own affair
        for y, x, strip in _pieces(update):
            late, end = self._late.setdefault(y, {}), x + strip.cell_length
            for place in [place for place in late if x <= place[0] and place[1] <= end]:
                del late[place]
            late[x, end] = strip

    def written(self, console: Console) -> str:
        """What to write for all that was noted. A line that nothing is known of is written as it is."""
        system = console._color_system or ColorSystem.TRUECOLOR
        pen = _Pen()
        late, self._late = self._late, {}
        for y in sorted(late):
            pieces = self._pieces.setdefault(y, {})
            for place, strip in late[y].items():
                drawn = pieces.get(place)
                if drawn is None:
                    x, end = place
                    pieces = {at: piece for at, piece in pieces.items() if at[1] <= x or at[0] >= end}
                elif drawn is strip or drawn._segments == strip._segments:
                    continue
                pieces[place] = strip
                if self._is_new(y, place[0]):
                    self._painted.setdefault(y, []).append(strip)
                    pen.write(y, place, strip.render(console))
                else:
                    self._bring_up_to_date(pen, y, place[0], cells_of(strip, system), system)
            self._pieces[y] = pieces
        return pen.finished()

    def _is_new(self, y: int, x: int) -> bool:
        """Whether line ``y`` has been written up to column ``x`` alone."""
        return y not in self._lines and x == sum(strip.cell_length for strip in self._painted.get(y, ()))

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

    def write(self, y: int, place: tuple[int, int], text: str) -> None:
        """Write ``text`` that fills ``place`` of line ``y`` and ends in the terminal's own look."""
        self._turn(PLAIN)
        self._move(y, place[0])
        self._words.append(text)
        self._at = y, place[1]

    def draw(self, y: int, x: int, cells: Iterable[Cell]) -> None:
        """Write ``cells`` from column ``x`` of line ``y`` on."""
        self._move(y, x)
        for text, look in cells:
            x += 1
            if not text:
                continue
            if look is not self._look and look != self._look:
                self._turn(look)
            self._words.append(text)
        self._at = y, x

    def _move(self, y: int, x: int) -> None:
        row, column = self._at
        if row == y and column < x:
            self._words.append(f"\x1b[{x - column}C")
        elif self._at != (y, x):
            self._words.append(f"\x1b[{y + 1};{x + 1}H")

    def _turn(self, look: Look) -> None:
        if not look.colour:
            look = _on_blanks(self._look, look)
        if look != self._look:
            self._words.append(_change(self._look, look))
            self._look = look

    def finished(self) -> str:
        """All of it, with the terminal's look as it was before."""
        self._turn(PLAIN)
        return "".join(self._words)


@lru_cache(maxsize=4096)
def _on_blanks(before: Look, blank: Look) -> Look:
    """The look nearest to ``before`` that draws blanks as ``blank`` does."""
    attributes = () if _SEEN_ON_BLANKS.intersection(before.attributes) else before.attributes
    return Look(attributes, before.colour, blank.background, blank.link)


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
        blank = _blank(look)
        if not text.strip(" "):
            cells.extend([blank] * len(text))
            continue
        if text.isascii():
            cells.extend([blank if letter == " " else (letter, look) for letter in text])
            continue
        for letter in text:
            if letter == " ":
                cells.append(blank)
                continue
            width = get_character_cell_size(letter)
            if width:
                cells.append((letter, look))
                cells.extend([("", look)] * (width - 1))
            elif cells:  # an accent over what stands before it
                at = next((at for at in range(len(cells) - 1, -1, -1) if cells[at][0]), 0)
                cells[at] = cells[at][0] + letter, cells[at][1]
    return cells


@lru_cache(maxsize=4096)
def _blank(look: Look) -> Cell:
    """A blank that is drawn with ``look``."""
    is_seen = not _SEEN_ON_BLANKS.isdisjoint(look.attributes)
    return " ", look if is_seen else look._replace(attributes=(), colour="")


@lru_cache(maxsize=4096)
def _look_of(style: Style, system: ColorSystem) -> Look:
    colour, background = style.color, style.bgcolor
    return Look(
        tuple(code for bit, code in enumerate(SGR_STYLES) if style._attributes & style._set_attributes & (1 << bit)),
        ";".join(colour.downgrade(system).get_ansi_codes()) if colour is not None else "39",
        ";".join(background.downgrade(system).get_ansi_codes(False)) if background is not None else "49",
        f"\x1b]8;id={style._link_id};{style.link}\x1b\\" if style.link else "",
    )


def _pieces(update: ChopsUpdate | LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The pieces of lines of ``update`` with their line and column; of one of some changes, as `ChopsUpdate` picks
    them."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield y, x, strip if end <= x2 else strip.crop(0, x2 - x)
