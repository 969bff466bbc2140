"""Small questions about lists: a name, another list, yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from aiwatch.screens.base import BaseDialog
from aiwatch.watchlist import Watchlist
from aiwatch.widgets.row_list import RowList

_CANCEL = Binding("escape", "close", "cancel", id="edit.cancel", tooltip="Leave everything as it is")


class Answers(Horizontal):
    """Two buttons: one does what the dialog asks about, which is its screen's ``yes``, and one leaves it."""

    def __init__(self, yes: str) -> None:
        super().__init__()
        self._yes = yes

    def compose(self) -> ComposeResult:
        yield Button(self._yes, variant="primary", action="screen.yes", id="yes", compact=True)
        yield Button("Cancel", action="screen.close", compact=True)


class NameDialog(BaseDialog[str | None]):
    """Asks for the name of a list, under ``title``; ``taken`` are the names of the other lists."""

    CSS_PATH = "edit.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [_CANCEL]

    def __init__(self, title: str, name: str, taken: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._name_now = name
        self._taken = {name.casefold() for name in taken}

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "Enter saves, Esc leaves"
            yield Input(self._name_now, placeholder="its name, as the tab shows it", id="list-name", compact=True)
            yield Static("", classes="problem")
            yield Answers("Save")

    @on(Input.Changed)
    def forget_problem(self, event: Input.Changed) -> None:
        """What is typed anew may be right."""
        event.stop()
        self.query_one(".problem", Static).update("")

    @on(Input.Submitted)
    def give_name(self, event: Input.Submitted) -> None:
        """Enter gives the name."""
        event.stop()
        self.action_yes()

    def action_yes(self) -> None:
        """Give the name, or say why it will not do."""
        name = self.query_one(Input).value.strip()
        if not name:
            self.query_one(".problem", Static).update("A list needs a name")
        elif name.casefold() in self._taken:
            self.query_one(".problem", Static).update(Content(f"There is a list called {name} already"))
        else:
            self.dismiss(name)


class ListPicker(BaseDialog[str | None]):
    """Asks to which of ``lists`` stocks are to go; gives its key."""

    CSS_PATH = "edit.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [_CANCEL]

    def __init__(self, lists: Sequence[Watchlist], count: int) -> None:
        super().__init__()
        self._lists = lists
        self._count = count

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box") as box:
            box.border_title = f"Move {self._count} stocks to" if self._count > 1 else "Move to"
            box.border_subtitle = f"{self.hint('cursor.open', 'moves, ')}Esc leaves"
            yield RowList(*(Option(_row(watchlist), id=watchlist.key) for watchlist in self._lists), compact=True)

    @on(OptionList.OptionSelected)
    def give_list(self, event: OptionList.OptionSelected) -> None:
        """Give the key of the chosen list."""
        event.stop()
        self.dismiss(event.option_id)


class ConfirmDialog(BaseDialog[bool | None]):
    """Asks a question that is answered with yes, or left; ``name`` is the file it is about."""

    CSS_PATH = "edit.tcss"
    AUTO_FOCUS = "#yes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "yes", "yes", id="edit.yes", tooltip="Do it"),
        Binding("n,escape,q", "close", "no", id="edit.no", tooltip="Leave everything as it is"),
    ]

    def __init__(self, question: str, name: str) -> None:
        super().__init__()
        self._question = question
        self._file = name

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box") as box:
            box.border_title = "Delete"
            box.border_subtitle = "y or Enter deletes, n or Esc leaves"
            yield Static(Content.assemble(self._question, (f"\n{self._file} goes; undoing brings it back", "$quiet")))
            yield Answers("Delete")

    def action_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)


def _row(watchlist: Watchlist) -> Content:
    count = len(watchlist.stocks)
    return Content.assemble((watchlist.name, "bold"), (f"  {count} stock{'' if count == 1 else 's'}", "$quiet"))
