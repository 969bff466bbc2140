"""What the dialogs over the dashboard share that are a list of rows: the frame, a word on the choice, and the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static
from textual.widgets.option_list import Option

from aiwatch.widgets.row_list import RowList


def clickable(keys: str, words: str, action: str) -> Content:
    """``keys`` and ``words`` for what they do; a click on them does it too, an ``action`` of their screen."""
    label = Content.assemble((keys, "bold $heading"), f" {words}" if words else "")
    return label.stylize(Style.from_meta({"@click": f"screen.{action}"}))


class KeyWords(Static):
    """Lines of keys that can be clicked."""

    auto_links = reactive(False)


class DialogRows(RowList):
    """The rows of a dialog, each in one line. A click ticks a row; only a key chooses it, and so ends the dialog."""

    DEFAULT_CSS = "DialogRows { border: none; padding: 0; background: $panel; height: 1fr; scrollbar-gutter: stable; }"

    class Ticked(Message):
        """A row was clicked, which has the cursor now."""

    @on(events.Click)
    def tick_clicked(self, event: events.Click) -> None:
        """Go to the row and tick it."""
        event.prevent_default()
        at = event.style.meta.get("option")
        if at is not None:
            self.highlighted = at
            self.post_message(self.Ticked())

    @property
    def row(self) -> str:
        """The key of the row that the cursor is on; empty when there is none."""
        option = self.highlighted_option
        return (option.id or "") if option is not None else ""

    def fill(self, rows: Sequence[tuple[str, Content]], row: str) -> None:
        """Show ``rows`` (key and words) with the cursor on ``row``."""
        self.set_options([Option(words, id=key) for key, words in rows])
        self.highlighted = next((at for at, (key, _) in enumerate(rows) if key == row), 0)


class ChoiceBox(Vertical):
    """Rows in a frame, a line that says what is chosen, and lines of keys.

    ``keys`` gives the lines of keys, each in parts; ``lines`` the rows for a width in cells, the key of each and
    its words; ``words`` what is chosen, in a line.
    """

    rows = getters.query_one(DialogRows)
    note = getters.query_one("#dialog-note", Static)

    def __init__(
        self,
        heading: str,
        keys: Callable[[], Sequence[Sequence[Content]]],
        lines: Callable[[int], list[tuple[str, Content]]],
        words: Callable[[], str],
    ) -> None:
        super().__init__(id="dialog")
        self.border_title = Content(heading)
        self._keys = keys
        self._lines = lines
        self._words = words

    def compose(self) -> ComposeResult:
        yield DialogRows(compact=True)
        yield Static(id="dialog-note")
        yield KeyWords(Content("\n").join(Content(" · ").join(parts) for parts in self._keys()), id="dialog-keys")

    @property
    def has_rows(self) -> bool:
        """Whether there are rows that a key may be about."""
        return self.is_mounted and self.rows.option_count > 0

    @on(events.Resize)
    def fit(self) -> None:
        """Say in each row as much as the width holds."""
        self.call_after_refresh(self.redraw)

    def redraw(self, row: str = "", words: str = "") -> None:
        """Draw the rows anew with the cursor on ``row``, else where it was, and say something in the note."""
        self.rows.fill(self._lines(self.rows.scrollable_content_region.width), row or self.rows.row)
        self.note.update(Content(words or self._words()))
