"""Turns rows of the quote board into strips, and keeps each until its quote, words or flash change.

The look of the quote board: its parts and their colours, all of them theme variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from aiwatch.board import cells
from aiwatch.board.cells import Fragments, RowView, status_words
from aiwatch.board.columns import ALWAYS
from aiwatch.board.layout import GUTTER, Layout, Placed, header_texts
from aiwatch.board.rows import Order
from aiwatch.files.bounded import in_one_line
from aiwatch.formatting.widths import UNBOUNDED
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.board.flash import Flashes, Texts, lit

CURSOR, PICKED, CURSOR_PICKED = "▌", "*", "»"
"""Signs at the left of the cursor's row, of a marked one, and of the cursor's where it is marked."""

DEFAULT_CSS = "Board { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }"

LOOKS = {
    "header": "$text-muted",
    "sorted": "bold $foreground",
    "cursor": "bold $accent on $block-cursor-background",
    "cursor-away": "$text-muted on $block-cursor-blurred-background",
    "picked": "$accent on $accent 14%",
    "cursor-picked": "bold $accent on $block-cursor-background",
    "cursor-away-picked": "$text-muted on $block-cursor-blurred-background",
    "muted": "$text-muted",
    "up": "$up",
    "down": "$down",
    "flat": "$flat",
    "line-up": "$up 60%",
    "line-down": "$down 60%",
    "limit": "bold $limit",
    "attention": "bold $warning",
    "stale": "$stale",
    "closed": "$closed",
    "auction": "italic $foreground",
    "flash-up": "bold on $flash-up",
    "flash-down": "bold underline on $flash-down",
}
"""What each part looks like. ``cursor-away`` is the cursor's row while the board has no focus; ``picked`` a row that is
marked; ``line`` the day's sparkline, a large patch of colour and therefore a quiet one. Digits of a price that fell are
underlined, so that a terminal of few colours shows which way it went."""


def ground_of(*, current: bool, focused: bool, picked: bool) -> str:
    """The part that a row lies on: that of the cursor, of a marked row, of both, or none."""
    cursor = ("cursor" if focused else "cursor-away") if current else ""
    if picked:
        return f"{cursor}-picked" if cursor else "picked"
    return cursor


def sign_of(ground: str) -> str:
    """The sign at the left of a row on ``ground``, which says the same as its colour."""
    if ground.endswith("picked"):
        return PICKED if ground == "picked" else CURSOR_PICKED
    return CURSOR if ground else " "


PARTS = {
    cells.MUTED: "muted",
    cells.FLAT: "flat",
    cells.LIMIT: "limit",
    cells.ATTENTION: "attention",
    cells.STALE: "stale",
    cells.CLOSED: "closed",
    cells.AUCTION: "auction",
}
"""The part of each role whose colour is the same everywhere; ``plain`` has none."""
Sides = Mapping[str, str]
"""The part of each role on one market."""
LIT_UP, LIT_DOWN = "lit-up", "lit-down"
"""Roles of digits that changed as the price rose or fell."""
GREEN_UP: Sides = PARTS | {
    cells.RISE: "up",
    cells.FALL: "down",
    cells.LINE_RISE: "line-up",
    cells.LINE_FALL: "line-down",
    LIT_UP: "flash-up",
    LIT_DOWN: "flash-down",
}
"""All parts where green means up."""
RED_UP: Sides = PARTS | {
    cells.RISE: "down",
    cells.FALL: "up",
    cells.LINE_RISE: "line-down",
    cells.LINE_FALL: "line-up",
    LIT_UP: "flash-down",
    LIT_DOWN: "flash-up",
}
"""The same where red means up."""

_MOST_KEPT = 512
"""Strips kept at most: many screens of rows, little memory."""
_AT_ONCE = 10
"""Rows painted ahead in one turn of the event loop: a whole screen of them would keep a key waiting."""
_TURN = 0.002
"""Seconds between two of these turns."""

StyleOf = Callable[[str, str], Style]
"""Gives the style of a part (empty: plain text) on the ground of another (empty: the board's own)."""


class _Front(NamedTuple):
    """A line up to its last column: whole segments, and the text and the style of the one that may go on there."""

    segments: list[Segment]
    held: str
    style: Style


class _Painted(Struct):
    view: RowView
    quote: Quote | None
    words: str
    ground: str
    drawn: dict[str, Fragments]
    texts: Texts
    front: _Front
    strip: Strip
    second: int


class Painter:
    """Paints rows of one `Layout`; ``style_of`` is asked for a part's style when it is needed."""

    def __init__(self, style_of: StyleOf) -> None:
        self.flashes = Flashes()
        self._layout: Layout | None = None
        self.painted = 0
        """How many rows were painted since the start; strips taken from the cache do not count."""
        self.second = 0
        """Set anew once a second, so that the words of every row on screen are looked at again."""
        self._ticks = 0
        self._room = UNBOUNDED
        self._style_of = style_of
        self._kept: dict[Symbol, _Painted] = {}

    @property
    def layout(self) -> Layout:
        """Where the columns stand; another one drops every strip."""
        assert self._layout is not None
        return self._layout

    @layout.setter
    def layout(self, layout: Layout) -> None:
        if layout is not self._layout:
            self._layout = layout
            self.forget()

    @property
    def room(self) -> int:
        """How much of a layout is seen, in cells: what is painted beyond would be cut off again."""
        return self._room

    @room.setter
    def room(self, room: int) -> None:
        if room != self._room:
            self._room = room
            self._kept.clear()

    def forget(self) -> None:
        """Drop every strip, after a change of names or colours."""
        self._kept.clear()
        self.flashes.clear()

    def drop(self, symbol: Symbol) -> None:
        """Drop the strip of ``symbol``."""
        painted = self._kept.get(symbol)
        if painted is not None:
            painted.words, painted.second = "", -1

    def kept(self, symbol: Symbol, quote: Quote | None, ground: str) -> Strip | None:
        """The strip of a row that was painted, or found to be current, in this `second`; ``None`` if there is none."""
        painted = self._kept.get(symbol)
        if painted is None or painted.second != self.second or painted.quote is not quote or painted.ground != ground:
            return None
        return painted.strip

    def tick(self, changed: set[Symbol], *, is_new_second: bool) -> set[Symbol]:
        """A tenth of a second later: the rows to look at, those that ``changed`` and those whose flash ends now.

        A flash ends with the next paint there is, so that its end mostly costs none.
        """
        self._ticks += 1
        self.second += is_new_second
        if changed or is_new_second or self.flashes.are_overdue(self._ticks):
            for symbol in self.flashes.expire(self._ticks):
                self.drop(symbol)
                changed.add(symbol)
        return changed

    def row(self, view: RowView, red_up: bool, ground: str = "", *, flashing: bool = False, ages: bool = True) -> Strip:
        """The strip of a row, from the cache if it is current; ``ground`` is the part the row lies on, as the
        cursor's does. With ``flashing``, digits that changed light up. Without ``ages``, a row is current of which
        nothing but the age is other than before: that waits for the full second, when all ages move on."""
        symbol = view.stock.symbol
        painted = self._kept.get(symbol)
        words = self._words(view)
        if painted is not None and painted.quote is view.quote and painted.words == words and painted.ground == ground:
            painted.second = self.second
            return painted.strip
        layout = self.layout
        columns = layout.columns
        drawn: dict[str, Fragments] = {}
        usable = painted if painted is not None and painted.second >= 0 and painted.ground == ground else None
        if painted is not None and painted.second >= 0 and _differ_in_time_alone(painted.view, view):
            drawn |= painted.drawn
            columns = tuple(place for place in columns if place.column.key == ALWAYS)
        drawn |= {column.key: column.cell(view, width, layout.extent) for column, _, width in columns}
        texts = (_text(drawn.get("last", ())), _text(drawn.get("change_percent", ())))
        if flashing and painted is not None and painted.quote is not None and view.quote is not None:
            self.flashes.note(symbol, painted.texts, texts, view.quote.last >= painted.quote.last, self._ticks)
        self._light(symbol, drawn)
        changed = [key for key, fragments in drawn.items() if usable is None or usable.drawn[key] != fragments]
        if usable is not None and not changed:
            usable.view, usable.quote, usable.words, usable.second = view, view.quote, words, self.second
            return usable.strip
        is_age = usable is not None and changed == [ALWAYS]
        if usable is not None and is_age and not ages:
            return usable.strip
        self.painted += 1
        sides = RED_UP if red_up else GREEN_UP
        is_same_front = is_age and layout.columns[-1].key == ALWAYS
        front = usable.front if usable is not None and is_same_front else self._front(layout, drawn, sides, ground)
        strip = self._whole(front, layout, drawn, sides, ground)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[symbol] = _Painted(view, view.quote, words, ground, drawn, texts, front, strip, self.second)
        return strip

    def paint(self, rows: Iterable[tuple[int, Stock]], strip_of: Callable[[Stock], Strip]) -> list[int]:
        """Ask ``strip_of``, which asks this painter, for the strips of ``rows``, each with its line of the view;
        returns the lines that had to be painted."""
        lines = []
        for line, stock in rows:
            before = self.painted
            strip_of(stock)
            if self.painted > before:
                lines.append(line)
        return lines

    def paint_in_turns(
        self,
        stocks: Sequence[Stock],
        strip_of: Callable[[Stock], Strip],
        then: Callable[[], None],
        after: Callable[[float, Callable[[], None]], object],
    ) -> None:
        """Ask ``strip_of`` for the strips of ``stocks``, `_AT_ONCE` in a turn of the event loop, and call ``then``;
        ``after`` some seconds, it calls what it is handed."""
        last = self.painted + _AT_ONCE
        for place, stock in enumerate(stocks):
            if self.painted >= last:
                after(_TURN, partial(self.paint_in_turns, stocks[place:], strip_of, then, after))
                return
            strip_of(stock)
        then()

    def header(self, order: Order) -> Strip:
        """The line of titles."""
        pieces = header_texts(self.layout, order)
        segments = [
            Segment(text, self._style_of("sorted" if is_sorted else "header", "")) for text, is_sorted in pieces
        ]
        return Strip(segments, self.layout.width)

    def notice(self, text: str) -> Strip:
        """A line of words in place of rows."""
        words = Segment(" " * GUTTER + in_one_line(text), self._style_of("muted", ""))
        return Strip([words]).adjust_cell_length(self.layout.width, self._style_of("", ""))

    def _words(self, view: RowView) -> str:
        """What may change without a new quote: how the price is read, and whether one outside the session is of now."""
        room = self.layout.words
        words = status_words(view, room) if room else view.status.value
        return words if view.extended is None else f"{words} {view.extended.when}"

    def _light(self, symbol: Symbol, drawn: dict[str, Fragments]) -> None:
        flash = self.flashes.get(symbol)
        if flash is None:
            return
        role = LIT_UP if flash.rose else LIT_DOWN
        for key, changed in (("last", flash.last), ("change_percent", flash.percent)):
            if key in drawn:
                drawn[key] = lit(drawn[key], changed, role)

    def _front(self, layout: Layout, drawn: dict[str, Fragments], sides: Sides, ground: str) -> _Front:
        """The row up to its last column, which is mostly the age."""
        line: list[tuple[str, Style]] = []
        end = GUTTER
        for place in layout.columns[:-1]:
            line += self._cell(place, end, drawn, sides, ground)
            end = place.x + place.width
        return _joined(line, _Front([], sign_of(ground), self._style_of(ground, ground)))

    def _whole(self, front: _Front, layout: Layout, drawn: dict[str, Fragments], sides: Sides, ground: str) -> Strip:
        """The row that begins with ``front``: the last column, with the gap before it, and what is left of the line."""
        before, last = layout.columns[-2:-1], layout.columns[-1:]
        end = before[0].x + before[0].width if before else GUTTER
        line: list[tuple[str, Style]] = []
        for place in last:
            line, end = self._cell(place, end, drawn, sides, ground), place.x + place.width
        width = max(end, min(layout.width, self.room))
        line.append((" " * (width - end), self._style_of("", ground)))
        segments, held, style = _joined(line, front)
        return Strip([*segments, Segment(in_one_line(held), style)], width)

    def _cell(
        self, place: Placed, end: int, drawn: dict[str, Fragments], sides: Sides, ground: str
    ) -> list[tuple[str, Style]]:
        """What stands in a column, with the gap before it that begins where the column before has its ``end``."""
        style_of = self._style_of
        words = [(text, style_of(sides.get(role, ""), ground)) for text, role in drawn[place.column.key]]
        return [(" " * (place.x - end), style_of("", ground)), *words]


def _differ_in_time_alone(before: RowView, now: RowView) -> bool:
    """Whether nothing but the age of the price can look other than before."""
    return (
        before.quote is now.quote
        and before.status is now.status
        and before.extended is now.extended is None
        and before.history is now.history
        and before.stock is now.stock
        and (before.name, before.differs, before.alerted) == (now.name, now.differs, now.alerted)
        and before.prices == now.prices
    )


def _joined(line: list[tuple[str, Style]], front: _Front) -> _Front:
    """``front`` and ``line``, as few segments as can be: a blank joins what is before it where nothing would show it.

    What comes from outside is cleaned here: the board is not made of Textual's content, which cleans its own.
    """
    segments, held, style = [*front.segments], front.held, front.style
    for text, worn in line:
        if not text or worn is style or (text.isspace() and worn.bgcolor == style.bgcolor):
            held += text
        else:
            segments.append(Segment(in_one_line(held), style))
            held, style = text, worn
    return _Front(segments, held, style)


def _text(fragments: Fragments) -> str:
    return "".join([text for text, _ in fragments])
