"""Writes to the terminal only what differs from what it shows.

Textual's compositor writes the whole piece of a row between two widget edges, every segment of it with all its colours
and a reset after them: a hundred bytes and more for an age of three cells. Here each line that was painted is kept as
its cells, and of the next picture of it only the changed cells are written, with only what changed of their style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import SGR_STYLES, Strip


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


class ChangedCells:
    """What the terminal shows, line by line, and how it is brought up to date."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}
        self._painted: dict[int, tuple[int, list[Segment]]] = {}
        """Lines that were written from their first column on, with the column after the last, not yet taken apart into
        cells."""
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
                _, painted = self._painted.get(y, (0, []))
                self._painted[y] = x + strip.cell_length, painted + strip._segments
                pen.write(y, x, strip.cell_length, strip.render(console))
            if news:
                before = self._lines[y] if y in self._lines else self._taken_apart(y, system)
                after, spans = _laid_over(before, news, system)
                self._lines[y] = after
                changed += [(y, part) for part in _parts(before, after, spans)]
        pen.draw(changed, self._lines)
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
        return y not in self._lines and x == self._painted.get(y, (0, []))[0]

    def _taken_apart(self, y: int, system: ColorSystem) -> list[Cell]:
        """The cells of line ``y`` as far as it was written."""
        return cells_of(self._painted.pop(y, (0, []))[1], system)


_UNKNOWN: Cell = ("\0", PLAIN._replace(link="\0"))
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
    """The cells of ``after``, in order, that are other than ``before``, and with each those of its character; all lie
    in ``spans``, and so do those of which nothing is known."""
    changed: list[int] = []
    looked_at = 0
    for first, end in sorted(spans):
        first, known = max(first, looked_at), min(end, len(before))
        changed += [at for at in range(first, known) if before[at] != after[at]]
        changed += range(max(first, known), end)
        looked_at = max(looked_at, end)
    halves = {at - 1 for at in changed if at and not after[at][0]}
    halves.update(at + 1 for at in changed if at + 1 < len(after) and not after[at + 1][0])
    return sorted(halves.union(changed)) if halves else changed


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
    x, end, look, letters = 0, -1, PLAIN, [""]
    for at in _changed(before, after, spans):
        letter, new = after[at]
        if at == end and (new is look or new == look or (not new.colour and _on_blanks(look, new) == look)):
            letters.append(letter)
        elif at == end and not look.colour and _on_blanks(new, look) == new:
            look = new
            letters.append(letter)
        else:
            if end > 0:
                parts.append(Part(x, end, "".join(letters), look))
            x, look, letters = at, new, [letter]
        end = at + 1
    if end > 0:
        parts.append(Part(x, end, "".join(letters), look))
    return parts


def _in_order(parts: Iterable[tuple[int, Part]]) -> Iterator[tuple[int, Part]]:
    """``parts`` with their lines as they are written: one look after the other, which costs as much as two or more
    moves, and of like ones the one with most cells first, over what is written later. Blanks go with a look that has
    their background, the one nearest in their line."""
    groups: dict[Look, list[tuple[int, Part]]] = {}
    for y, part in parts:
        groups.setdefault(part.look, []).append((y, part))
    for blank in [look for look in groups if not look.colour]:
        hosts = [look for look in groups if look.colour and _bears(look, blank)]
        if hosts:
            lines = {look: [(y, part.x) for y, part in groups[look]] for look in hosts}
            for y, part in groups.pop(blank):
                host = min(hosts, key=lambda look: min(abs(x - part.x) if at == y else 1_000 for at, x in lines[look]))
                groups[host].append((y, part))
    cells = {look: sum(part.end - part.x for _, part in group) for look, group in groups.items()}
    for look in sorted(groups, key=lambda look: (look.background, look.attributes, -cells[look])):
        yield from sorted(groups[look], key=lambda each: (each[0], each[1].x))


def _bears(look: Look, blank: Look) -> bool:
    """Whether a blank of the look ``blank`` may be written in ``look``."""
    return look[2:] == blank[2:] and _SEEN_ON_BLANKS.isdisjoint(look.attributes)


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

    def draw(self, parts: Sequence[tuple[int, Part]], lines: Mapping[int, Sequence[Cell]]) -> None:
        """Write ``parts`` of ``lines``, and what lies between them where a move would be longer."""
        later: dict[int, set[int]] = {}
        for y, part in parts:
            later.setdefault(y, set()).update(range(part.x, part.end))
        for y, part in _in_order(parts):
            row, x = self._at
            look = part.look if part.look.colour else _on_blanks(self._look, part.look)
            between = _between(lines[y], x, part.x, look, later[y]) if row == y and look == self._look else ""
            if not between:
                x = part.x
                self._move(y, x)
                self._turn(look)
            self._words.append(between + part.text)
            self._at = y, part.end
            later[y].difference_update(range(x, part.end))

    def _move(self, y: int, x: int) -> None:
        row, column = self._at
        if row != y:
            self._words.append(f"\x1b[{y + 1};{x + 1}H")
        elif x > column:
            self._words.append(f"\x1b[{x - column}C" if x - column > 1 else "\x1b[C")
        elif x < column:
            self._words.append(f"\x1b[{x + 1}G")

    def _turn(self, look: Look) -> None:
        if look != self._look:
            self._words.append(_change(self._look, look))
            self._look = look

    def finished(self) -> str:
        """All of it, with the terminal's look as it was before."""
        self._turn(PLAIN)
        return "".join(self._words)


def _between(cells: Sequence[Cell], x: int, end: int, look: Look, later: set[int]) -> str:
    """What may be written in ``look`` from column ``x`` to ``end`` and is no longer than a move: cells as they are, and
    blanks where another look is written ``later``. Empty where there is no such thing."""
    letters, room = "", 3 if end - x == 1 else 4
    for at, (letter, own) in enumerate(cells[x : min(end, x + room + 1)], x):
        is_own = own == look or (not own.colour and _bears(look, own))
        if not is_own and at not in later:
            return ""
        letters += letter if is_own else " "
    return letters if len(letters.encode()) <= room else ""


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
