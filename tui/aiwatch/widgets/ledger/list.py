"""The rows of the ledger's view; the cursor passes over headings and stays on its record when rows change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.css.styles import RulesMap
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from aiwatch.widgets.ledger.rows import ListRow
from aiwatch.widgets.row_list import RowList, cursor_keys

_LEAST_WIDTH = 20
_NOT_YET = Content("")


class Line(Visual):
    """One line whose content is made for the width it is painted at, and only when it is painted."""

    def __init__(self, content_at: Callable[[int], Content]) -> None:
        self._content_at = content_at

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The line at ``width``."""
        return self._content_at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """One row."""
        return 1


class LedgerList(RowList):
    """Shows the rows that ``rows_at`` makes for a width."""

    DEFAULT_CSS = """
    LedgerList {
        border: none; padding: 0; background: $surface; height: 1fr; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: clip;
    }
    LedgerList:focus { border: none; background-tint: $foreground 0%; }
    LedgerList > .option-list--option-disabled { color: $heading; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*cursor_keys({"right": "turn(1)", "left": "turn(-1)"})]

    class Reached(Message):
        """The cursor came to a row."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Opened(Message):
        """A row was chosen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Turned(Message):
        """The next view (1) or the one before (-1) is wanted."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(
        self, rows_at: Callable[[int], Sequence[ListRow]], keys: Iterable[str], *, id: str | None = None
    ) -> None:
        self._rows_at = rows_at
        self._rows = tuple(ListRow(key, _NOT_YET) for key in keys)
        self._width = 0
        self._painted: dict[int, Sequence[ListRow]] = {}
        super().__init__(*self._first_options(), id=id)

    def _first_options(self) -> Iterator[Option]:
        """The rows of the first paint, which comes before the list is told its width."""
        for at, row in enumerate(self._rows):
            yield Option(Line(partial(self._first_row, at)), id=row.key or None, disabled=not row.key)

    def _first_row(self, at: int, width: int) -> Content:
        if width not in self._painted:
            self._painted = {width: self._rows_at(width)}
        rows = self._painted[width]
        return rows[at].content if at < len(rows) else _NOT_YET

    def on_mount(self) -> None:
        """Begin at the first row that is no heading."""
        self.highlighted = self._place_of("", None)

    @property
    def key(self) -> str:
        """The key of the row under the cursor; empty without one."""
        option = self.highlighted_option
        return option.id or "" if option is not None else ""

    @property
    def row_text(self) -> str:
        """The row under the cursor as it is shown, without its styles; empty without one."""
        at = self.highlighted
        return self._rows[at].content.plain if at is not None and at < len(self._rows) else ""

    def on_resize(self) -> None:
        """Lay the rows out for the new width, keeping the cursor."""
        width = self.scrollable_content_region.width - 1
        if width != self._width and width >= _LEAST_WIDTH:
            self._width = width
            self.redraw()

    def redraw(self, wanted: str = "") -> None:
        """Show the rows as they are now, with the cursor on the row called ``wanted``, else where it was."""
        if not self._width:
            return
        rows = tuple(self._rows_at(self._width)) or (ListRow("", Content.styled("Nothing matches", "$quiet")),)
        same_order = [row.key for row in rows] == [row.key for row in self._rows]
        if same_order and (not wanted or wanted == self.key):
            for at, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
                if not old.content.is_same(new.content):
                    self.replace_option_prompt_at_index(at, new.content)
            self._rows = rows
            return
        before, at_row = wanted or self.key, self.highlighted
        self._rows = rows
        self.clear_options()
        self.add_options(Option(row.content, id=row.key or None, disabled=not row.key) for row in rows)
        self.highlighted = self._place_of(before, at_row)

    def _place_of(self, key: str, at_row: int | None) -> int | None:
        """The row called ``key``; when it is gone, the first one, or the one that stands in its place."""
        selectable = [at for at, row in enumerate(self._rows) if row.key]
        found = next((at for at in selectable if self._rows[at].key == key), None)
        if found is not None or not selectable:
            return found
        return min(selectable, key=lambda at: abs(at - at_row)) if at_row is not None and key else selectable[0]

    def start_over(self) -> None:
        """Show the rows of another view, from the first."""
        self._rows = ()
        self.clear_options()
        self.redraw()

    def has(self, key: str) -> bool:
        """Whether a row is called ``key``."""
        return any(row.key == key for row in self._rows)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say which row the cursor came to."""
        event.stop()
        if event.option_id:
            self.post_message(self.Reached(event.option_id))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say which row was chosen."""
        event.stop()
        if event.option_id:
            self.post_message(self.Opened(event.option_id))

    def action_turn(self, by: int) -> None:
        """Ask for the view beside this one."""
        self.post_message(self.Turned(by))
