"""The dialog in which a person looks for a stock to add to a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList

from aiwatch.screens.base import BaseDialog
from aiwatch.screens.dialogs.stock_choice import StockChoice
from aiwatch.session.dependencies import LearnNames, StockSearch
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.directory import Directory, Entry

_HINT = "Type a name in English or Chinese, initials in pinyin, or a symbol in any form."


class AddDialog(BaseDialog[tuple[Stock, ...] | None]):
    """Asks for stocks to add to ``watchlist``: gives them, or ``None`` when it was left.

    ``directory`` is what is known by name; ``search`` asks a source beside, and ``learn`` learns pinyin, where there is
    such.
    """

    CSS_PATH = "edit.tcss"
    AUTO_FOCUS = "#add-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "cancel", id="edit.cancel", tooltip="Leave everything as it is"),
        Binding("down", "step(1)", "next", show=False, priority=True, id="edit.next", tooltip="The next stock found"),
        Binding(
            "up", "step(-1)", "previous", show=False, priority=True, id="edit.previous", tooltip="The one before it"
        ),
    ]

    choice = getters.query_one(StockChoice)

    def __init__(
        self,
        watchlist: Watchlist,
        directory: Directory,
        search: StockSearch | None = None,
        learn: LearnNames | None = None,
    ) -> None:
        super().__init__()
        self._list = watchlist
        self._there = {stock.symbol for stock in watchlist.stocks}
        self._directory = directory
        self._search = search
        self._learn = learn

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box", id="add-box") as box:
            box.border_title = Content(f"Add to {self._list.name}")
            box.border_subtitle = "Enter adds, ↑ ↓ choose, Esc leaves"
            yield StockChoice(
                _HINT, self._directory, self._where, self._search, self._learn, lambda entry: not self._where(entry)
            )

    def _where(self, entry: Entry) -> str:
        return "in this list" if entry.symbol in self._there else ""

    def action_step(self, rows: int) -> None:
        """Choose the offer below or above while typing goes on."""
        self.choice.step(rows)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def give(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        """Give the chosen stock, or say that it is in the list."""
        event.stop()
        choice, chosen = self.choice, self.choice.chosen
        entries = choice.offered if choice.is_of_several else [chosen] if chosen is not None else []
        if not entries and choice.offered:
            choice.await_answer()
        if entries and not (choice.is_of_several and choice.unknown):
            self._give(entries)

    @on(StockChoice.Confirmed)
    def give_confirmed(self, event: StockChoice.Confirmed) -> None:
        """Give the stock that was typed, now that the source knows it."""
        self._give([event.entry])

    def _give(self, entries: Sequence[Entry]) -> None:
        fresh = [entry for entry in entries if entry.symbol not in self._there]
        if not fresh:
            names = "All of them are" if len(entries) > 1 else f"{entries[0].name or entries[0].symbol.text} is"
            self.choice.say(f"{names} in {self._list.name} already")
            return
        self.dismiss(tuple(entry.stock for entry in fresh))
