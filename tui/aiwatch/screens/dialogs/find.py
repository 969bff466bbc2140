"""The dialog that finds a stock anywhere: on the lists, in the ledger, at a source."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from msgspec import Struct
from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList

from aiwatch.screens.base import BaseDialog
from aiwatch.screens.dialogs.stock_choice import StockChoice
from aiwatch.session.dependencies import LearnNames, StockSearch
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.directory import Directory, Entry

_HINT = "A symbol, a name in English or Chinese, its pinyin or initials, a role or a tag."


class FindChoice(Struct, frozen=True):
    """The stock that was chosen, and whether it is to be added to the list in front; else it is gone to."""

    entry: Entry
    adds: bool = False


class FindDialog(BaseDialog[FindChoice | None]):
    """Asks for a stock; gives ``None`` when it was left.

    ``target`` is the list in front (``None``: none that can have a stock); ``where`` names the lists that have a stock;
    the rest is as for `StockChoice`.
    """

    CSS_PATH = "edit.tcss"
    AUTO_FOCUS = "#add-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "add", show=False, id="find.add", tooltip="On a row: add it to the list in front"),
        Binding("down", "step(1)", "next", show=False, priority=True, id="find.next", tooltip="The next stock found"),
        Binding(
            "up",
            "step(-1)",
            "previous",
            show=False,
            priority=True,
            id="find.previous",
            tooltip="The one before it, and from the first row back to what is typed",
        ),
        Binding("escape", "close", "cancel", id="find.cancel", tooltip="Stay where you are"),
    ]

    choice = getters.query_one(StockChoice)

    def __init__(
        self,
        target: Watchlist | None,
        directory: Directory,
        where: Callable[[Entry], str],
        search: StockSearch | None = None,
        learn: LearnNames | None = None,
    ) -> None:
        super().__init__()
        self._target = target
        self._made = (directory, where, search, learn)

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box", id="add-box") as box:
            box.border_title = "Find a stock"
            adds = "↓ then a adds it, " if self._target is not None else ""
            box.border_subtitle = f"Enter goes to it, {adds}Esc leaves"
            yield StockChoice(_HINT, *self._made)

    def action_step(self, by: int) -> None:
        """Go on to the rows, in them, or from the first one back to the box."""
        choice = self.choice
        if by < 0 and choice.rows.highlighted in (None, 0):
            choice.box.focus()
        elif choice.rows.has_focus or choice.rows.highlighted is None:
            choice.step(by)
        if by > 0 and choice.offered:
            choice.rows.focus()

    @on(events.Key)
    def type_on(self, event: events.Key) -> None:
        """Type on in the box while the rows have the focus."""
        box = self.choice.box
        if event.is_printable and event.character and event.key != "a" and not box.has_focus:
            event.stop()
            box.focus()
            box.insert_text_at_cursor(event.character)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def give(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        """Give the stock to go to."""
        event.stop()
        if (chosen := self._chosen()) is not None:
            self.dismiss(FindChoice(chosen))

    def action_add(self) -> None:
        """Give the stock to add, unless the list has it."""
        chosen, target = self._chosen(), self._target
        if target is None:
            self.choice.say("No list is in front that it could be added to")
        elif chosen is not None and any(stock.symbol == chosen.symbol for stock in target.stocks):
            self.choice.say(f"{chosen.name or chosen.symbol.text} is in {target.name} already")
        elif chosen is not None:
            self.dismiss(FindChoice(chosen, adds=True))

    @on(StockChoice.Confirmed)
    def give_confirmed(self, event: StockChoice.Confirmed) -> None:
        """Give the stock that was typed, now that the source knows it."""
        self.dismiss(FindChoice(event.entry))

    def _chosen(self) -> Entry | None:
        """The stock on which the cursor is; says so where it is on none."""
        chosen = self.choice.chosen
        if chosen is None and self.choice.offered:
            self.choice.await_answer()
        return chosen
