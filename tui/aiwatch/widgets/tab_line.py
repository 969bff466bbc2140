"""A row of tabs, one of them chosen; keeps the chosen one in sight when there is no room for all, and those that are
pinned to its end."""

from __future__ import annotations

from msgspec import Struct
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from aiwatch.formatting.text import clip

_GAP = 2
_LONGEST = 22


class _Piece(Struct, frozen=True):
    """A ``title`` that picks the tab called ``key`` by a click, from the cell ``start`` on, and the cells after it."""

    key: str
    title: str
    start: int
    end: int
    is_tab: bool = True


class TabLine(Widget):
    """Tabs of one row. ``tabs`` are (key, title); ``chosen`` is a key. The last tabs, as many as are ``pinned``, are
    always in sight."""

    DEFAULT_CSS = """
    TabLine { height: 1; padding: 0 1; color: $text-muted; }
    """

    tabs: reactive[tuple[tuple[str, str], ...]] = reactive(())
    chosen: reactive[str] = reactive("")
    pinned: reactive[int] = reactive(0)

    class Picked(Message):
        """A tab was clicked."""

        def __init__(self, line: TabLine, key: str) -> None:
            super().__init__()
            self.line = line
            self.key = key

        @property
        def control(self) -> TabLine:
            """The row of tabs it belongs to."""
            return self.line

    def render(self) -> Content:
        row = Content("")
        for piece in self._pieces():
            row += " " * (piece.start - row.cell_length)
            row += Content.styled(piece.title, "bold $heading" if piece.is_tab and piece.key == self.chosen else "")
        return row

    def on_click(self, event: Click) -> None:
        """Pick the tab under the pointer; a mark at an end picks the first tab out of sight there."""
        place = event.get_content_offset(self)
        if place is None:
            return
        for piece in self._pieces():
            if piece.start <= place.x < piece.end:
                self.post_message(self.Picked(self, piece.key))

    def _pieces(self) -> list[_Piece]:
        """The tabs that fit with the chosen one among them, a mark where more are out of sight, then those pinned."""
        tabs = [(key, clip(title, _LONGEST).rstrip()) for key, title in self.tabs]
        free = len(tabs) - self.pinned
        first, last = self._in_sight(tabs, free)
        pieces = [_Piece(tabs[first - 1][0], "‹", 0, 1, is_tab=False)] if first else []
        for at, (key, title) in enumerate(tabs):
            if first <= at < last or at >= free:
                start = pieces[-1].end if pieces else 0
                label = f"▸{title}" if key == self.chosen else f" {title}"
                pieces.append(_Piece(key, label, start, start + Content(label).cell_length + _GAP - 1))
            if at == last - 1 < free - 1:
                start = pieces[-1].end
                pieces.append(_Piece(tabs[last][0], "›", start, start + _GAP, is_tab=False))
        return pieces

    def _in_sight(self, tabs: list[tuple[str, str]], free: int) -> tuple[int, int]:
        """Of the first ``free`` of ``tabs``, the first that is in sight and the one after the last."""
        widths = [Content(title).cell_length + _GAP for _, title in tabs]
        at = next((at for at, (key, _) in enumerate(tabs[:free]) if key == self.chosen), 0)
        first, last = 0, free
        room = self.content_size.width - 2 - sum(widths[free:])
        while first < at and sum(widths[first:last]) > room:
            if last - 1 > at:
                last -= 1
            else:
                first += 1
        while last - 1 > at and sum(widths[first:last]) > room:
            last -= 1
        return first, last
