"""What is written for a picture makes the terminal show that picture, and is no more than it needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from aiwatch.screens.changed_cells import PLAIN, ChangedCells, cells_of

CONSOLE = Console(color_system="truecolor", force_terminal=True, width=40, height=4)
SYSTEM = ColorSystem.TRUECOLOR

RED, BOLD, BLUE = Style(color="#ff0000"), Style(bold=True, color="#ff0000"), Style(bgcolor="#0000ff", dim=True)
LINED, TURNED = Style(color="#ff0000", underline=True), Style(color="#00ff00", bold=True, reverse=True)
_WORDS = re.compile(
    r"\x1b\[(\d*);(\d+)H|\x1b\[(\d*)C|\x1b\[(\d+)G|\x1b\[([\d;]*)m|\x1b\]8;[^\x1b]*\x1b\\|(\n)|([^\x1b])"
)
_ENDS = {"22": ("1", "2"), "27": ("7",), "24": ("4", "21")}
"""The attributes that a code ends."""


class Terminal:
    """As much of one as is needed: moves of the cursor, looks, wide characters and accents."""

    def __init__(self, columns: int, lines: int) -> None:
        self.cells = [[("", "") for _ in range(columns)] for _ in range(lines)]
        self._look: tuple[str, ...] = ()
        self._x = self._y = 0

    def write(self, text: str) -> None:
        """Take what a program writes."""
        at = 0
        while at < len(text):
            word = _WORDS.match(text, at)
            assert word is not None, text[at : at + 20]
            at = word.end()
            row, column, right, place, codes, newline, letter = word.groups()
            if column is not None:
                self._x, self._y = int(column) - 1, int(row) - 1
            elif right is not None:
                self._x += int(right or 1)
            elif place is not None:
                self._x = int(place) - 1
            elif codes is not None:
                self._turn(codes)
            elif newline is not None:
                self._x, self._y = 0, self._y + 1
            elif letter is not None:
                self._put(letter)

    @property
    def seen(self) -> list[list[tuple[str, str]]]:
        """The cells without what nobody sees of a blank."""
        return [[seen(cell) for cell in line] for line in self.cells]

    def _turn(self, codes: str) -> None:
        for code in re.findall(r"[34]8;2;\d+;\d+;\d+|\d+", codes or "0"):
            if code in _ENDS:
                self._look = tuple(listed for listed in self._look if listed not in _ENDS[code])
                continue
            kind = code[:2] if code[:3] in ("38;", "48;") else {"39": "38", "49": "48"}.get(code, code)
            stored = tuple(listed for listed in self._look if listed[:2] != kind or kind not in ("38", "48"))
            self._look = () if code == "0" else stored if code in ("39", "49") else (*stored, code)

    def _put(self, letter: str) -> None:
        line, width = self.cells[self._y], get_character_cell_size(letter)
        look = ";".join(sorted(set(self._look)))
        if not width:
            at = next(at for at in range(self._x - 1, -1, -1) if line[at][0])
            line[at] = line[at][0] + letter, line[at][1]
            return
        for x in range(self._x, self._x + width):
            self._tear(x)
        line[self._x] = letter, look
        for x in range(self._x + 1, self._x + width):
            line[x] = "", look
        self._x += width

    def _tear(self, x: int) -> None:
        """What a terminal does to a wide character of which a half is written over."""
        line = self.cells[self._y]
        if not line[x][0] and x and get_character_cell_size(line[x - 1][0][:1] or " ") == 2:
            line[x - 1] = " ", line[x - 1][1]
        if line[x][0] and get_character_cell_size(line[x][0][0]) == 2 and x + 1 < len(line):
            line[x + 1] = " ", line[x + 1][1]


def seen(cell: tuple[str, str]) -> tuple[str, str]:
    """``cell`` as it is seen: of a blank, its background alone."""
    text, look = cell
    if text != " " or {"4", "7"} & set(look.split(";")):
        return cell
    return text, ";".join(re.findall(r"48;2;\d+;\d+;\d+", look))


def layout(lines: Sequence[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[line] for line in lines], Region(0, 0, lines[0].cell_length, len(lines)))


def chops(lines: dict[int, Strip], x: int = 0) -> ChopsUpdate:
    """An update of some lines whole, from column ``x`` on."""
    most = max(lines) + 1
    ends = [[x + lines[y].cell_length] if y in lines else [0] for y in range(most)]
    pieces = [{x: lines[y]} if y in lines else {} for y in range(most)]
    return ChopsUpdate(pieces, [(y, x, ends[y][0]) for y in sorted(lines)], ends)


def strip(*parts: tuple[str, Style | None]) -> Strip:
    return Strip([Segment(text, style) for text, style in parts])


WIDTH = 12
LETTERS = st.sampled_from("ab中0. ")
STYLES = st.sampled_from([None, RED, BOLD, BLUE, LINED, TURNED])


@st.composite
def lines(draw: st.DrawFn) -> Strip:
    """A line of `WIDTH` cells in any letters and looks."""
    segments, room = [], WIDTH
    while room:
        letter, style = draw(LETTERS), draw(STYLES)
        count = draw(st.integers(1, 4))
        width = get_character_cell_size(letter)
        text = letter * min(count, room // width) or " "
        segments.append(Segment(text, style))
        room -= width * len(text) if text != " " else 1
    return Strip(segments)


def shown(picture: Strip) -> list[tuple[str, str]]:
    """How a terminal should show ``picture``."""
    return [seen(cell) for cell in _alone(picture, WIDTH)]


def _alone(picture: Strip, width: int) -> list[tuple[str, str]]:
    alone = Terminal(width, 1)
    alone.write(picture.render(CONSOLE))
    return alone.cells[0]


@given(st.lists(st.lists(lines(), min_size=3, max_size=3), min_size=2, max_size=5), st.data())
def test_the_terminal_shows_each_picture(pictures: list[list[Strip]], data: st.DataObject) -> None:
    terminal, cells = Terminal(WIDTH, 3), ChangedCells()
    terminal.write(cells.render(layout(pictures[0]), CONSOLE))
    for before, after in pairwise(pictures):
        if data.draw(st.booleans()):
            terminal.write(cells.render(layout(after), CONSOLE))
        else:
            terminal.write(cells.render(chops(dict(enumerate(after))), CONSOLE))
        assert terminal.seen == [shown(line) for line in after], before


def test_only_what_changed_is_written_with_only_what_changed_of_its_look() -> None:
    cells = ChangedCells()
    cells.render(layout([strip(("603757.SS", RED), ("   12s", RED))]), CONSOLE)
    assert cells.render(chops({0: strip(("603757.SS", RED), ("   13s", RED))}), CONSOLE) == (
        "\x1b[1;14H\x1b[38;2;255;0;0m3\x1b[m"
    )
    assert cells.render(chops({0: strip(("603757.SS", RED), ("   13s", RED))}), CONSOLE) == ""
    assert cells.render(chops({0: strip(("603757.SS", BOLD), ("   13s", RED))}), CONSOLE) == (
        "\x1b[1;1H\x1b[1;38;2;255;0;0m603757.SS\x1b[m"
    )


def test_cells_near_each_other_are_one_run_and_others_a_step_apart() -> None:
    cells = ChangedCells()
    cells.render(layout([strip(("a  a        a", None))]), CONSOLE)
    assert cells.render(chops({0: strip(("b  b        b", None))}), CONSOLE) == "\x1b[1;1Hb  b\x1b[8Cb"


def test_of_a_line_of_many_looks_each_is_turned_on_once() -> None:
    cells = ChangedCells()
    cells.render(layout([strip(("." * 24, None))]), CONSOLE)
    candles = strip(*[part for _ in range(4) for part in (("|", RED), (" ", None), ("-", BOLD), ("   ", None))])
    written = cells.render(chops({0: candles}), CONSOLE)
    assert written.count("38;2;255;0;0") == 1
    assert written.count("\x1b[1m") == 1
    terminal = Terminal(24, 1)
    terminal.write("." * 24 + written)
    assert terminal.seen == [[seen(cell) for cell in _alone(candles, 24)]]


def test_a_full_paint_writes_what_differs_and_all_of_it_at_another_size() -> None:
    cells, line, longer = ChangedCells(), strip(("603757.SS", RED)), strip(("603757.SS   ", RED))
    assert "603757.SS" in cells.render(layout([line]), CONSOLE)
    assert cells.render(layout([line]), CONSOLE) == ""
    assert "603757.SS" in cells.render(layout([longer]), CONSOLE)


@given(st.lists(st.lists(lines(), min_size=3, max_size=3), min_size=2, max_size=5), st.data())
def test_of_pictures_that_were_not_written_the_last_is_shown(pictures: list[list[Strip]], data: st.DataObject) -> None:
    terminal, cells = Terminal(WIDTH, 3), ChangedCells()
    for picture in pictures:
        cells.note(layout(picture) if data.draw(st.booleans()) else chops(dict(enumerate(picture))))
        if data.draw(st.booleans()):
            terminal.write(cells.written(CONSOLE))
            assert not cells.is_late
    terminal.write(cells.written(CONSOLE))
    assert terminal.seen == [shown(line) for line in pictures[-1]]


def test_after_somebody_else_wrote_everything_is_written_again() -> None:
    cells, line = ChangedCells(), strip(("603757.SS", RED))
    cells.render(layout([line]), CONSOLE)
    cells.forget()
    assert "603757.SS" in cells.render(chops({0: line}), CONSOLE)


def test_what_lay_over_a_line_does_not_hide_that_it_changed() -> None:
    terminal, cells = Terminal(WIDTH, 1), ChangedCells()
    below = strip(("aaaaaaaaaaaa", RED))
    terminal.write(cells.render(layout([below]), CONSOLE))
    terminal.write(cells.render(chops({0: below}), CONSOLE))
    terminal.write(cells.render(chops({0: strip(("box", BLUE))}, x=4), CONSOLE))
    terminal.write(cells.render(chops({0: below}), CONSOLE))
    assert terminal.seen == [shown(below)]


@pytest.mark.parametrize("text", ["e\u0301x", "中\u0301", "a中b"])
def test_a_cell_has_its_accents_and_a_wide_character_two_cells(text: str) -> None:
    cells = cells_of(strip((text, None)), SYSTEM)
    assert "".join(letters for letters, _ in cells) == text
    assert len(cells) == sum(get_character_cell_size(letter) for letter in text)
    assert {look for _, look in cells} == {PLAIN}


def test_over_a_short_gap_is_written_what_fits_and_what_is_written_over_later() -> None:
    cells, thin = ChangedCells(), Style(color="#00ff00")
    cells.render(layout([strip(("a", RED), ("┄┄┄", RED), ("a", RED), ("xyz", BOLD), ("a", RED))]), CONSOLE)
    after = strip(("b", RED), ("┄┄┄", RED), ("b", RED), ("xyz", BOLD), ("b", RED))
    assert cells.render(chops({0: after}), CONSOLE) == ("\x1b[1;1H\x1b[38;2;255;0;0mb\x1b[3Cb\x1b[3Cb\x1b[m"), (
        "nine bytes for three dashes, and three letters in another look"
    )
    crossed = strip(("c", RED), ("|||", thin), ("c", RED), ("xyz", BOLD), ("c", RED))
    assert cells.render(chops({0: crossed}), CONSOLE) == (
        "\x1b[1;1H\x1b[38;2;255;0;0mc   c\x1b[3Cc\x1b[2G\x1b[38;2;0;255;0m|||\x1b[m"
    ), "what is written over later is a blank until then"


def test_of_like_looks_the_one_with_most_cells_is_written_first() -> None:
    cells, thin = ChangedCells(), Style(color="#00ff00")
    cells.render(layout([strip((" " * 12, None))]), CONSOLE)
    line = strip(("|", RED), ("----", thin), ("|", RED), ("-----", thin), ("|", RED))
    assert cells.render(chops({0: line}), CONSOLE) == (
        "\x1b[1;2H\x1b[38;2;0;255;0m---- -----\x1b[1G\x1b[38;2;255;0;0m|\x1b[4C|\x1b[5C|\x1b[m"
    )


def test_blanks_go_with_the_look_that_is_nearest_in_their_line() -> None:
    cells, thin = ChangedCells(), Style(color="#00ff00")
    cells.render(layout([strip(("a" + "." * 12 + "xx" + "." * 5 + "b", RED))]), CONSOLE)
    line = strip(("c" + "." * 12, RED), ("  ", None), ("." * 5, RED), ("d", thin))
    assert cells.render(chops({0: line}), CONSOLE) == (
        "\x1b[1;14H  \x1b[5C\x1b[38;2;0;255;0md\x1b[1G\x1b[38;2;255;0;0mc\x1b[m"
    )
