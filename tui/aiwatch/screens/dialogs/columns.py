"""The picker of a list's columns: which are shown, in which order, and which of them this screen has no room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from aiwatch.board.choices import ColumnChoice
from aiwatch.board.columns import ALWAYS, BY_KEY
from aiwatch.formatting.text import clip
from aiwatch.screens.base import BaseDialog
from aiwatch.screens.dialogs.base import ChoiceBox, DialogRows, clickable
from aiwatch.widgets.beat import every_second

_CHOICE = Binding.Group("Choice")
_MARK, _TITLE, _STATE = 4, 10, 9


class ColumnPicker(BaseDialog[tuple[str, ...] | None]):
    """Chooses columns; its result is their keys, nothing for the usual ones, and ``None`` when it was left."""

    CSS_PATH = "base.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", "show", id="columns.toggle", tooltip="Show the column, or hide it", group=_CHOICE),
        Binding("J,shift+down", "shift(1)", "down", id="columns.down", tooltip="Move the column on", group=_CHOICE),
        Binding("K,shift+up", "shift(-1)", "up", id="columns.up", tooltip="Move the column back", group=_CHOICE),
        Binding("r", "reset", "usual", id="columns.reset", tooltip="Back to the usual columns", group=_CHOICE),
        Binding(
            "escape,q,C", "close", "leave", id="columns.leave", tooltip="Leave the choice as it was", group=_CHOICE
        ),
    ]

    def __init__(self, name: str, chosen: Sequence[str], fitting: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """``name`` is the list's, ``chosen`` are its columns now, ``fitting`` says which of some there is room for."""
        super().__init__()
        self.box = ChoiceBox(f"Columns of {name}", self._keys, self._lines, self._words)
        self._choice = ColumnChoice(chosen)
        self._fitting = fitting
        self._room: set[str] = set()

    def compose(self) -> ComposeResult:
        yield self.box

    def takes(self, event: events.Event) -> bool:
        """Whether ``event`` finds the rows that it is about."""
        return super().takes(event) and self.box.has_rows

    def on_mount(self) -> None:
        """Look once a second whether there is room for as many as before: the board is laid out after this."""
        every_second(self, self._look_at_room)

    def _look_at_room(self) -> None:
        if set(self._fitting(self._choice.chosen)) != self._room:
            self.box.redraw()

    def _keys(self) -> tuple[tuple[Content, ...], ...]:
        keeps = self.hint("cursor.open", "").strip()
        moves = clickable("J", "", "shift(1)") + " " + clickable("K", "move it", "shift(-1)")
        return (
            (clickable("Space", "shows or hides", "tick"), moves, clickable("r", "the usual ones", "reset")),
            (clickable(keeps, "keeps the choice", "keep"), clickable("Esc", "leaves it", "close")),
        )

    def _lines(self, width: int) -> list[tuple[str, Content]]:
        """A column a row: whether it is shown, its title, whether there is room, and what it shows."""
        choice = self._choice
        room = self._room = set(self._fitting(choice.chosen))
        lines = []
        for key in choice.keys:
            shown = choice.shows(key)
            state = "always" if key == ALWAYS else "no room" if shown and key not in room else ""
            lines.append(
                (
                    key,
                    Content.assemble(
                        "[x] " if shown else "[ ] ",
                        (clip(BY_KEY[key].title, _TITLE), "bold" if shown else "$quiet"),
                        (clip(state, _STATE), "$warning"),
                        (clip(BY_KEY[key].words, max(0, width - _MARK - _TITLE - _STATE)), "$quiet"),
                    ),
                )
            )
        return lines

    def _words(self) -> str:
        """How many columns are shown, and how many of them there is no room for."""
        shown = [key for key in self._choice.keys if self._choice.shows(key)]
        missing = len(set(shown) - self._room)
        return f"{len(shown)} columns" + (f", {missing} of them without room on this screen" if missing else "")

    @on(DialogRows.Ticked)
    def action_tick(self) -> None:
        """Show the cursor's column, or hide it."""
        self.box.redraw(words=self._choice.toggle(self.box.rows.row))

    def action_shift(self, by: int) -> None:
        """Move the cursor's column."""
        self._choice.move(self.box.rows.row, by)
        self.box.redraw()

    def action_reset(self) -> None:
        """Choose the usual columns."""
        self._choice.reset()
        self.box.redraw()

    @on(OptionList.OptionSelected)
    def action_keep(self) -> None:
        """Take the choice."""
        self.dismiss(self._choice.chosen)
