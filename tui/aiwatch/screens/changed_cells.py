"""Writes to the terminal only what differs from what it shows.

Textual's compositor writes the whole piece of a row between two widget edges, every segment of it with all its colours
and a reset after them: a hundred bytes and more for an age of three cells. Here each line that was painted is kept as
its cells, and of the next picture of it only the changed cells are written, with only what changed of their style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
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
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29", "21": "24",
        "51": "54", "52": "54", "53": "55"}  # fmt: skip
"""The codes that end each attribute."""
Place = tuple[int, int]
"""The first column of a piece of a line and the one after its last."""
Pieces = dict[Place, Strip]
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


class ChangedCells:
    """What the terminal shows, line by line, and how it is brought up to date."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}
        self._painted: dict[int, list[Segment]] = {}
        """Lines that were written from their first column on, not yet taken apart into cells."""
        self._ends: dict[int, int] = {}
        """The column after the last of each of those."""
        self._drawn: dict[int, dict[Place, list[Segment]]] = {}
        """What each line was last drawn from: most pieces come again as they were, and are compared more quickly
        whole. Not as strips, each of which has eight caches."""
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
        self._ends.clear()
        self._drawn.clear()

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
        changed: list[tuple[int, Part]] = []
        for y in sorted(late):
            news = self._news(y, late[y])
            while news and self._is_new(y, news[0][0]):
                x, strip = news.pop(0)
                self._painted.setdefault(y, []).extend(strip._segments)
                self._ends[y] = x + strip.cell_length
                pen.write(y, x, strip.cell_length, strip.render(console))
            if news:
                before = self._lines[y] if y in self._lines else self._taken_apart(y, system)
                after, spans = _laid_over(before, news, system)
                self._lines[y] = after
                changed += [(y, part) for part in _parts(before, after, spans)]
        pen.draw(changed)
        return pen.finished()

    def _news(self, y: int, late: Pieces) -> list[tuple[int, Strip]]:
        """The pieces of ``late``, by their columns, from which line ``y`` was not drawn last."""
        drawn, news = self._drawn.get(y, {}), []
        for place, strip in late.items():
            before = drawn.get(place)
            if before is None:
                x, end = place
                drawn = {at: piece for at, piece in drawn.items() if at[1] <= x or at[0] >= end}
            elif before is strip._segments or before == strip._segments:
                continue
            drawn[place] = strip._segments
            news.append((place[0], strip) if before is None else _changed_part(place[0], before, strip._segments))
        self._drawn[y] = drawn
        return news

    def _is_new(self, y: int, x: int) -> bool:
        """Whether line ``y`` has been written up to column ``x`` alone."""
        return y not in self._lines and x == self._ends.get(y, 0)

    def _taken_apart(self, y: int, system: ColorSystem) -> list[Cell]:
        """The cells of line ``y`` as far as it was written."""
        self._ends.pop(y, None)
        return cells_of(self._painted.pop(y, ()), system)


_UNKNOWN: Cell = ("\0", PLAIN)
"""What no picture has."""


def _changed_part(x: int, old: Sequence[Segment], new: Sequence[Segment]) -> tuple[int, Strip]:
    """What of ``new``, which stands at column ``x``, is not as in ``old``, which stood in the same cells."""
    same = 0
    for first, second in zip(old, new, strict=False):
        if first != second:
            break
        same += 1
    from_end, most = 0, min(len(old), len(new)) - same
    while from_end < most and old[-1 - from_end] == new[-1 - from_end]:
        from_end += 1
    x += sum(segment.cell_length for segment in new[:same])
    return x, Strip(new[same : len(new) - from_end])


Span = tuple[int, int]
"""The first cell of a part of a line and the one after its last."""


def _laid_over(
    before: Sequence[Cell], pieces: Iterable[tuple[int, Strip]], system: ColorSystem
) -> tuple[list[Cell], list[Span]]:
    """The line ``before`` with ``pieces`` at their columns, and where those lie."""
    after, spans = list(before), []
    for x, strip in pieces:
        cells = cells_of(strip, system)
        end = x + len(cells)
        if end > len(after):
            after.extend([_UNKNOWN] * (end - len(after)))
        after[x:end] = cells
        spans.append((x, end))
    return after, spans


def _changed(before: Sequence[Cell], after: Sequence[Cell], spans: Iterable[Span]) -> list[int]:
    """The cells of ``after``, in order, that are other than ``before``; all lie in ``spans``."""
    changed: list[int] = []
    looked_at = 0
    for first, end in sorted(spans):
        first, known = max(first, looked_at), min(end, len(before))
        changed += [at for at in range(first, known) if before[at] != after[at]]
        changed += range(max(first, known), end)
        looked_at = max(looked_at, end)
    return changed


def _runs(before: Sequence[Cell], after: Sequence[Cell], spans: Iterable[Span]) -> Iterator[Span]:
    """The first and the end of each run of cells to be written, whole characters all."""
    changed = _changed(before, after, spans)
    if not changed:
        return
    first, last = changed[0], changed[0]
    for at in changed[1:]:
        if at - last > _NEAR or _UNKNOWN in after[last + 1 : at]:
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


class Part(NamedTuple):
    """Text from column ``x`` to ``end`` in one look. One of blanks alone may have a look without a colour."""

    x: int
    end: int
    text: str
    look: Look


def _parts(before: Sequence[Cell], after: Sequence[Cell], spans: Iterable[Span]) -> list[Part]:
    """What is to be written of the line ``after`` where it was ``before``: blanks go with what stands beside them,
    where their look allows it."""
    parts: list[Part] = []
    for first, last in _runs(before, after, spans):
        x, look, letters = first, after[first][1], [after[first][0]]
        for at in range(first + 1, last):
            letter, new = after[at]
            if new is look or new == look or (not new.colour and _on_blanks(look, new) == look):
                letters.append(letter)
            elif not look.colour and _on_blanks(new, look) == new:
                look = new
                letters.append(letter)
            else:
                parts.append(Part(x, at, "".join(letters), look))
                x, look, letters = at, new, [letter]
        parts.append(Part(x, last, "".join(letters), look))
    return parts


class _Pen:
    """Spells moves of the cursor, looks and text, and remembers where and how it writes."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._at = (-1, -1)
        self._look = PLAIN

    def write(self, y: int, x: int, width: int, text: str) -> None:
        """Write ``text`` of so many cells, which ends in the terminal's own look, at column ``x`` of line ``y``."""
        self._turn(PLAIN)
        self._move(y, x)
        self._words.append(text)
        self._at = y, x + width

    def draw(self, parts: Iterable[tuple[int, Part]]) -> None:
        """Write ``parts`` of lines, one look after the other over all lines: a look costs as much as two or more moves.
        Blanks go with the first look that has their background."""
        groups: dict[Look, list[tuple[int, Part]]] = {}
        hosts: dict[tuple[str, str], Look] = {}
        for y, part in parts:
            look = part.look
            if look.colour and _SEEN_ON_BLANKS.isdisjoint(look.attributes):
                hosts.setdefault((look.background, look.link), look)
            groups.setdefault(look, []).append((y, part))
        for look in [look for look in groups if not look.colour]:
            host = hosts.get((look.background, look.link))
            if host is not None:
                groups[host] = sorted(groups[host] + groups.pop(look), key=lambda each: (each[0], each[1].x))
        for group in groups.values():
            for y, part in group:
                self._move(y, part.x)
                self._turn(part.look)
                self._words.append(part.text)
                self._at = y, part.end

    def _move(self, y: int, x: int) -> None:
        row, column = self._at
        if row != y:
            self._words.append(f"\x1b[{y + 1};{x + 1}H")
        elif x > column:
            self._words.append(f"\x1b[{x - column}C" if x - column > 1 else "\x1b[C")
        elif x < column:
            self._words.append(f"\x1b[{x + 1}G")

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
    off = list(dict.fromkeys(_OFF[code] for code in before.attributes if code not in after.attributes))
    lasting = [code for code in before.attributes if _OFF[code] not in off]
    step = [*off, *(code for code in after.attributes if code not in lasting), *_colours(before, after)]
    anew = ["0", *after.attributes, *_colours(PLAIN, after)]
    codes = min(";".join(step), ";".join(anew) if anew != ["0"] else "", key=len)
    return link + (f"\x1b[{codes}m" if step else "")


def _colours(before: Look, after: Look) -> list[str]:
    """The codes of the colours of ``after`` that ``before`` has not."""
    pairs = (before.colour, after.colour), (before.background, after.background)
    return [new for old, new in pairs if new != old]


def cells_of(segments: Iterable[Segment], system: ColorSystem) -> list[Cell]:
    """``segments`` cell by cell."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        look = PLAIN if style is None else _look_of(style, system)
        alphabet = _alphabet(look)
        if not text.strip(" "):
            cells.extend([alphabet[" "]] * len(text))
            continue
        if text.isascii():
            cells.extend(map(alphabet.__getitem__, text))
            continue
        for letter in text:
            width = get_character_cell_size(letter)
            if width:
                cells.append(alphabet[letter])
                cells.extend([alphabet[""]] * (width - 1))
            elif cells:  # an accent over what stands before it
                at = next((at for at in range(len(cells) - 1, -1, -1) if cells[at][0]), 0)
                cells[at] = cells[at][0] + letter, cells[at][1]
    return cells


class _Alphabet(dict[str, Cell]):
    """The cell of each character in one look, made once: a screen has thousands of cells and hundreds of kinds."""

    def __init__(self, look: Look) -> None:
        is_seen = not _SEEN_ON_BLANKS.isdisjoint(look.attributes)
        super().__init__({" ": (" ", look if is_seen else look._replace(attributes=(), colour=""))})
        self._look = look

    def __missing__(self, character: str) -> Cell:
        cell = self[character] = character, self._look
        return cell


@lru_cache(maxsize=256)
def _alphabet(look: Look) -> _Alphabet:
    return _Alphabet(look)


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
        for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if piece is not None and x <= x2 and end > x1:
                yield y, x, piece if end <= x2 else piece.crop(0, x2 - x)
