"""The menu of a list's order: by which columns its rows stand, the first that counts, the second, the third."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from aiwatch.board.columns import BY_KEY
from aiwatch.board.layout import ARROWS
from aiwatch.board.rows import MOST_KEYS, Order, added, placed, places, turned, without
from aiwatch.formatting.text import clip
from aiwatch.screens.base import BaseDialog
from aiwatch.screens.dialogs.base import ChoiceBox, DialogRows, clickable

_CHOICE = Binding.Group("Choice")
_MARK, _TITLE = 4, 10


class SortMenu(BaseDialog[None]):
    """Chooses an order and hands every change of it to ``apply``, so that the board behind shows it at once."""

    CSS_PATH = "base.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(place),
                f"place({place})",
                str(place),
                id=f"order.place-{place}",
                tooltip=f"Make the column number {place} of the order",
                group=_CHOICE,
            )
            for place in range(1, MOST_KEYS + 1)
        ),
        Binding("minus", "turn", "turn", id="order.turn", tooltip="The largest or the smallest first", group=_CHOICE),
        Binding("backspace,delete", "take_out", "out", id="order.out", tooltip="Take the column out", group=_CHOICE),
        Binding("0", "file_order", "file's", id="order.file", tooltip="The order of the file", group=_CHOICE),
        Binding("escape,q,O", "close", "done", id="order.done", tooltip="Close the menu", group=_CHOICE),
    ]

    def __init__(self, order: Order, apply: Callable[[Order], None]) -> None:
        super().__init__()
        self._order = order
        self._apply = apply
        self.box = ChoiceBox("Sort by", self._keys, self._lines, self._words)

    def compose(self) -> ComposeResult:
        yield self.box

    def takes(self, event: events.Event) -> bool:
        """Whether ``event`` finds the rows that it is about."""
        return super().takes(event) and self.box.has_rows

    def _keys(self) -> tuple[tuple[Content, ...], ...]:
        adds = self.hint("cursor.open", "").strip()
        places = (clickable(str(place), "", f"place({place})") for place in range(1, MOST_KEYS + 1))
        return (
            (
                clickable(adds, "adds", "add"),
                Content(" ").join(places) + " give it a place",
                clickable("0", "the file's order", "file_order"),
            ),
            (
                clickable("-", "turns round", "turn"),
                clickable("Backspace", "takes out", "take_out"),
                clickable("Esc", "done", "close"),
            ),
        )

    def _lines(self, width: int) -> list[tuple[str, Content]]:
        """A column a row: its place in the order and its direction, its title, and what it shows."""
        place_of, falls = places(self._order), dict(self._order)
        lines = []
        for key, column in BY_KEY.items():
            mark = f"{place_of[key]} {ARROWS[falls[key]]}" if key in place_of else ""
            lines.append(
                (
                    key,
                    Content.assemble(
                        (clip(mark, _MARK), "bold $heading"),
                        (clip(column.title, _TITLE), "bold" if mark else ""),
                        (clip(column.words, max(0, width - _MARK - _TITLE)), "$quiet"),
                    ),
                )
            )
        return lines

    def _words(self) -> str:
        """The order in words."""
        named = [(BY_KEY[key].title, falls) for key, falls in self._order if key]
        if not named:
            return "The file's order" + (", from its end" if self._order else "")
        words = ", then ".join(f"{title} {'falling' if falls else 'rising'}" for title, falls in named)
        return f"By {words}"

    def _take(self, order: Order) -> None:
        self._order = order
        self._apply(order)
        self.box.redraw()

    @on(OptionList.OptionSelected)
    @on(DialogRows.Ticked)
    def action_add(self) -> None:
        """Sort by the column too; turn it round when it is in the order already."""
        self._take(added(self._order, self.box.rows.row))

    def action_place(self, place: int) -> None:
        """Give the cursor's column a place in the order."""
        self._take(placed(self._order, self.box.rows.row, place))

    def action_turn(self) -> None:
        """Turn the cursor's column round."""
        self._take(turned(self._order, self.box.rows.row))

    def action_take_out(self) -> None:
        """Take the cursor's column out of the order, or its last one."""
        self._take(without(self._order, self.box.rows.row))

    def action_file_order(self) -> None:
        """Go back to the order of the file."""
        self._take(())
