"""The rows of the ledger's view, drawn only where they are in sight; the cursor passes over headings and stays on its
record when rows change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from aiwatch.widgets.looks import line_strip
from aiwatch.widgets.row_keys import LIST_ACTIONS, cursor_keys
from aiwatch.widgets.table import LateRows, ListRow, TableRows

_LEAST_WIDTH = 20
_NOT_YET = Content("")
_BEING_MADE = Content.styled(" …", "not bold $quiet")
_HEADING, _CURSOR = "ledger-list--heading", "ledger-list--cursor"


class LedgerList(ScrollView, can_focus=True):
    """Shows the rows that ``rows_at`` makes for a width; where that gives ``None`` they are `take`n when they are made.
    ``keys`` are those of the first rows, empty for headings."""

    DEFAULT_CSS = """
    LedgerList {
        border: none; padding: 0; background: $surface; height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .ledger-list--heading { color: $heading; text-style: bold; }
        & > .ledger-list--cursor { color: $foreground; background: $block-cursor-blurred-background; }
        &:focus {
            background-tint: $foreground 0%;
            & > .ledger-list--cursor {
                color: $block-cursor-foreground; background: $block-cursor-background;
                text-style: $block-cursor-text-style;
            }
        }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {_HEADING, _CURSOR}
    BINDINGS: ClassVar[list[BindingType]] = [
        *cursor_keys(LIST_ACTIONS),
        *cursor_keys({"right": "turn(1)", "left": "turn(-1)"}),
    ]
    auto_links = reactive(False)

    class Reached(Message):
        """The cursor came to the row called ``key``; empty where there is no row to come to."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Opened(Message):
        """A row was chosen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Widened(Message):
        """A row came into sight that needs other columns: the rows are drawn anew."""

    class Turned(Message):
        """The next view (1) or the one before (-1) is wanted."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(
        self, rows_at: Callable[[int], Sequence[ListRow] | None], keys: Iterable[str], *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._rows_at = rows_at
        self._rows: Sequence[ListRow] = tuple(ListRow(key, _NOT_YET) for key in keys)
        self._keys = [row.key for row in self._rows]
        self._tops: list[int] | None = None
        """The line of each row's top and the line after the last; ``None`` where each row is one line."""
        self._width = 0
        self._first = 0
        """The width of the first paint."""
        self._at: int | None = None
        self._wanted = ""
        """The row to go to when rows that are still being made are there."""
        self._strips: dict[tuple[int, int], Strip] = {}
        self._strip_width = 0
        """The cells of each of them: a scroll bar that comes or goes gives others, before a resize is heard of."""

    def on_mount(self) -> None:
        """Begin at the first row that is no heading."""
        self.virtual_size = Size(1, len(self._keys))
        self.highlighted = self._place_of("", None)

    # What others may ask and do

    @property
    def option_count(self) -> int:
        """How many rows there are, headings among them."""
        return len(self._keys)

    @property
    def highlighted(self) -> int | None:
        """The row under the cursor, from 0; ``None`` without one."""
        return self._at

    @highlighted.setter
    def highlighted(self, at: int | None) -> None:
        self._at = None if at is None or not self._keys else min(max(0, at), len(self._keys) - 1)
        self._redraw_all()
        if self._at is not None:
            top, height = self._top(self._at), self._height(self._at)
            first = 0 if top == 1 and not self._keys[0] else top  # the heading above the first row too
            self.scroll_to_region(Region(0, first, 1, top + height - first), animate=False, force=True)
        self.call_next(self._say)  # by the list itself: what its parent posts goes no further than the parent

    def _say(self) -> None:
        self.post_message(self.Reached(self.key))

    @property
    def key(self) -> str:
        """The key of the row under the cursor; empty without one."""
        return self._keys[self._at] if self._at is not None and self._at < len(self._keys) else ""

    @property
    def row_text(self) -> str:
        """The row under the cursor as it is shown, without its styles; empty without one."""
        return self._rows[self._at].content.plain if self._at is not None and self._at < len(self._rows) else ""

    @property
    def head(self) -> Content | None:
        """The titles above the columns as they are now; ``None`` where the rows are no table."""
        return self._rows.head if isinstance(self._rows, TableRows) else None

    def row_at(self, at: int) -> ListRow:
        """The row at place ``at``, from 0."""
        return self._rows[at]

    def has(self, key: str) -> bool:
        """Whether a row is called ``key``."""
        return key in self._keys

    def redraw(self, key: str = "") -> None:
        """Show the rows as they are now, with the cursor on the row called ``key``, else where it was."""
        if not self._width:
            return
        self._wanted = key or self._wanted
        rows = self._rows_at(self._width)
        if rows is not None:
            self.take(rows)

    def take(self, rows: Sequence[ListRow]) -> None:
        """Show ``rows``, with the cursor on the one that was wanted, else where it was."""
        key, self._wanted = self._wanted, ""
        before, at_row = key or self.key, self._at
        same = self._hold(rows)
        if same and self._at is not None and (not key or key == self.key):
            self._redraw_all()
        else:
            self.highlighted = self._place_of(before, at_row)

    def start_over(self) -> None:
        """Show the rows of another view, from the first."""
        self._hold((ListRow("", _BEING_MADE),))
        self._at = None
        self.scroll_home(animate=False)
        self.redraw()

    # Rows and lines

    def _hold(self, rows: Sequence[ListRow]) -> bool:
        """Hold ``rows``; whether they are called as those before."""
        self._rows = rows or (ListRow("", _NOT_YET),)
        if isinstance(self._rows, TableRows | LateRows):
            keys, heights = self._rows.keys, self._rows.heights
        else:
            keys = [row.key for row in self._rows]
            heights = [row.content.plain.count("\n") + 1 for row in self._rows]
        same, self._keys = keys == self._keys, keys
        self._tops = [0, *accumulate(heights)] if max(heights) > 1 else None
        self.virtual_size = Size(1, self._tops[-1] if self._tops else len(keys))
        return same

    def _place_of(self, key: str, at_row: int | None) -> int | None:
        """The row called ``key``; when it is gone, the first one, or the one that stands in its place."""
        if key and key in self._keys:
            return self._keys.index(key)
        if at_row is None or not key:
            return next((at for at, name in enumerate(self._keys) if name), None)
        return self._nearest(min(at_row, len(self._keys) - 1), -1)

    def _top(self, row: int) -> int:
        return self._tops[row] if self._tops else row

    def _height(self, row: int) -> int:
        return self._tops[row + 1] - self._tops[row] if self._tops else 1

    def _row_of(self, line: int) -> tuple[int, int]:
        """The row that ``line`` belongs to, and which of its lines it is."""
        if self._tops is None:
            return line, 0
        from bisect import bisect_right  # few views have rows of several lines

        row = bisect_right(self._tops, line) - 1
        return row, line - self._tops[row]

    def on_resize(self) -> None:
        """Lay the rows out for the new width, keeping the cursor."""
        width = self._room()
        if width != self._width and width >= _LEAST_WIDTH:
            is_drawn = width == self._first and not self._width and not self._wanted  # by the first paint
            self._width = width
            if not (is_drawn and self._hold(self._rows)):
                self.redraw()

    def _room(self) -> int:
        return self.scrollable_content_region.width - 1

    # Drawing

    def render_line(self, y: int) -> Strip:
        """The line ``y`` of what is in sight."""
        if not self._width and self._room() != self._first:  # the first paint comes before the first resize
            self._first = self._room()
            self._rows = self._rows_at(max(self._first, _LEAST_WIDTH)) or self._rows
        width = self.scrollable_content_region.width
        row, part = self._row_of(self.scroll_offset.y + y)
        if not 0 <= row < len(self._rows):
            return Strip.blank(width, self.rich_style)
        if width != self._strip_width:
            self._strips.clear()
            self._strip_width = width
        if (row, part) not in self._strips:
            before = self._columns()
            self._strips[row, part] = self._strip(row, part, width)
            if self._columns() is not before:
                self.call_next(self._widen)
        return self._strips[row, part]

    def _columns(self) -> list[int] | None:
        """The cells of the columns; ``None`` where the rows are no table."""
        return self._rows.widths if isinstance(self._rows, TableRows) else None

    def _widen(self) -> None:
        """Draw all rows in the columns that there are now."""
        self._redraw_all()
        self.post_message(self.Widened())

    def _strip(self, row: int, part: int, width: int) -> Strip:
        shown = self._rows[row]
        style = self.visual_style
        if not shown.key:
            style = self.get_visual_style(_HEADING)
        elif row == self._at:
            style = self.get_visual_style(_CURSOR)
        lines = shown.content.split("\n", allow_blank=True) if self._tops else [shown.content]
        content = lines[part] if part < len(lines) else _NOT_YET
        return line_strip(self, content, width, style)

    def _redraw_all(self) -> None:
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw the rows in the new colours."""
        super().notify_style_update()
        self._strips.clear()

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move."""
        self.call_next(self._redraw_all)

    def on_blur(self) -> None:
        """Show the cursor as one that keys do not move."""
        self.call_next(self._redraw_all)

    # Keys and mouse

    def _move(self, at: int, step: int, *, around: bool = False) -> None:
        """Put the cursor on the first row from ``at`` on, by ``step``, that is no heading; else stay."""
        many = len(self._keys)
        for _ in range(many):
            if around:
                at %= many
            if not 0 <= at < many:
                return
            if self._keys[at]:
                self.highlighted = at
                return
            at += step

    def action_cursor_up(self) -> None:
        """A row up, from the first to the last."""
        self._move((self._at or 0) - 1, -1, around=True)

    def action_cursor_down(self) -> None:
        """A row down, from the last to the first."""
        self._move(0 if self._at is None else self._at + 1, 1, around=True)

    def action_first(self) -> None:
        """The first row."""
        self._move(0, 1)

    def action_last(self) -> None:
        """The last row."""
        self._move(len(self._keys) - 1, -1)

    def action_page_up(self) -> None:
        """A page up."""
        self._by_lines(-max(1, self.scrollable_content_region.height - 1))

    def action_page_down(self) -> None:
        """A page down."""
        self._by_lines(max(1, self.scrollable_content_region.height - 1))

    def action_half_page(self, pages: int) -> None:
        """Half a page up or down."""
        self._by_lines(pages * max(1, self.scrollable_content_region.height // 2))

    def _by_lines(self, lines: int) -> None:
        """Move the cursor by so many lines, to the nearest row that is no heading."""
        if self._at is None:
            return
        last = (self._tops[-1] if self._tops else len(self._keys)) - 1
        row, _ = self._row_of(min(max(0, self._top(self._at) + lines), last))
        place = self._nearest(row, 1 if lines > 0 else -1)
        if place is not None:
            self.highlighted = place

    def _nearest(self, row: int, step: int) -> int | None:
        for away in range(len(self._keys)):
            for at in (row + step * away, row - step * away):
                if 0 <= at < len(self._keys) and self._keys[at]:
                    return at
        return None

    def action_select(self) -> None:
        """Choose the row under the cursor."""
        if self.key:
            self.post_message(self.Opened(self.key))

    def action_turn(self, by: int) -> None:
        """Ask for the view beside this one."""
        self.post_message(self.Turned(by))

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the pointer."""
        place = event.get_content_offset(self)
        if place is None:
            return
        row, _ = self._row_of(place.y + self.scroll_offset.y)
        if 0 <= row < len(self._keys) and self._keys[row]:
            self.highlighted = row
            self.action_select()
