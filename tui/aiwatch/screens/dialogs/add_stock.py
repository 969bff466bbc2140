"""The dialog in which a person looks for a stock to add to a list."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from aiwatch.errors import AiwatchError
from aiwatch.formatting.text import clip
from aiwatch.market.security import SHARELESS, Board
from aiwatch.screens.base import BaseDialog
from aiwatch.session.dependencies import LearnNames, StockSearch
from aiwatch.session.directory import entry_of, is_guess, joined, offers, several, spelt_by
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.directory import Directory, Entry
from aiwatch.widgets.pasted_text import LinesInput

PAUSE_SECONDS = 0.3
"""How long typing rests before a source is asked."""
_LEAST_ASKED = 2
_NAMED_KINDS = SHARELESS | {Board.FUND, Board.REIT}
_SYMBOL, _NAME = 10, 34
_HINT = "Type a name in English or Chinese, initials in pinyin, or a symbol in any form."


class AddDialog(BaseDialog[tuple[Stock, ...] | None]):
    """Asks for stocks to add to ``one``: gives them, or ``None`` when it was left.

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

    found = getters.query_one("#found", OptionList)
    told = getters.query_one("#told", Static)

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
        self._offers: list[Entry] = []
        self._several = False
        self._unknown: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box", id="add-box") as box:
            box.border_title = Content(f"Add to {self._list.name}")
            box.border_subtitle = "Enter adds, ↑ ↓ choose, Esc leaves"
            yield LinesInput(placeholder="name, pinyin initials or symbol", id="add-text", compact=True)
            yield OptionList(id="found", compact=True)
            yield Static(_HINT, id="told")

    def on_mount(self) -> None:
        """Learn the pinyin of the known names."""
        self.learn_names()

    @work(group="pinyin", exclusive=True, exit_on_error=False)
    async def learn_names(self) -> None:
        """Learn how Chinese names are typed in Latin letters, and look again with that."""
        learnt = self._learn is not None and await self._learn(self._directory.names_zh)
        if learnt and (text := self.query_one("#add-text", Input).value):
            self._offer(joined(offers(text, self._directory), self._offers))

    # What is typed

    @on(Input.Changed)
    def look(self, event: Input.Changed) -> None:
        """Offer what is known, and ask the source for more when typing rests."""
        event.stop()
        text = event.value
        parts = several(text, self._directory)
        self._several = bool(parts)
        found = {part: entry_of(part, self._directory) for part in parts}
        self._unknown = [part for part, entry in found.items() if entry is None]
        named = {entry.symbol: entry for entry in found.values() if entry is not None}
        self._offer(list(named.values()) if parts else offers(text, self._directory))
        self._say(text)
        self.look_further("" if parts else text)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def look_further(self, text: str) -> None:
        """Ask the source what else ``text`` may mean; typing on breaks it off."""
        if self._search is None or len(text.strip()) < _LEAST_ASKED:
            return
        await asyncio.sleep(PAUSE_SECONDS)
        self.told.update("Asking for more …")
        try:
            found: Sequence[Entry] = await self._search(text.strip())
        except AiwatchError as error:
            self.told.update(Content(f"Nobody else could be asked: {error}"))
            return
        self._offer(joined(self._offers, found))
        self._say(text)

    def _offer(self, offered: list[Entry]) -> None:
        chosen = self._chosen()
        self._offers = offered
        self.found.clear_options()
        self.found.add_options(Option(self._row(entry)) for entry in offered)
        symbols = [entry.symbol for entry in offered]
        usual = 0 if offered and not is_guess(offered[0]) else None
        self.found.highlighted = symbols.index(chosen.symbol) if chosen and chosen.symbol in symbols else usual

    def _say(self, text: str) -> None:
        if not text.strip():
            words = _HINT
        elif self._several:
            words = self._words_of_several()
        elif not self._offers:
            words = "Nothing of that name is known. A symbol with its exchange always is: 600519.SS, 0700.HK"
        elif len(spelt_by(text)) > 1:
            words = f"{text.strip()} may mean several: choose one"
        else:
            words = ""
        self.told.update(Content(words))

    def _words_of_several(self) -> str:
        if self._unknown:
            return f"Not known, or more than one: {', '.join(self._unknown)}. Write 600519.SS, or take it out."
        return f"Enter adds all {len(self._offers)}"

    def _row(self, entry: Entry) -> Content:
        symbol, there = entry.symbol, entry.symbol in self._there
        if is_guess(entry) and not there:
            words = f"use {symbol.text} as a US ticker (not checked)"
            return Content.assemble((f"{clip(symbol.text, _SYMBOL)} ", "bold"), (words, "$quiet"))
        name = " ".join(filter(None, (entry.name, entry.name_zh))) or "name not known"
        kind = f", {symbol.board}" if symbol.board in _NAMED_KINDS else ""
        return Content.assemble(
            (f"{clip(symbol.text, _SYMBOL)} ", "$quiet" if there else "bold"),
            (f"{clip(name, _NAME)} ", "" if entry.name and not there else "$quiet"),
            (f"{symbol.exchange.city}{kind}{'  in this list' if there else ''}", "$quiet"),
        )

    # What is chosen

    def _chosen(self) -> Entry | None:
        at = self.found.highlighted
        return self._offers[at] if at is not None and at < len(self._offers) else None

    def action_step(self, rows: int) -> None:
        """Choose the offer below or above while typing goes on."""
        if self._offers:
            at = -1 if self.found.highlighted is None else self.found.highlighted
            self.found.highlighted = max(0, min(at + rows, len(self._offers) - 1))

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def give(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        """Give the chosen stock, or say that it is in the list."""
        event.stop()
        chosen = self._chosen()
        entries = self._offers if self._several else [chosen] if chosen is not None else []
        if not entries and self._offers:
            self.told.update("Nothing of that name is known for sure: ↓ chooses what is offered")
        if not entries or (self._several and self._unknown):
            return
        fresh = [entry for entry in entries if entry.symbol not in self._there]
        if not fresh:
            names = "All of them are" if self._several else f"{entries[0].name or entries[0].symbol.text} is"
            self.told.update(Content(f"{names} in {self._list.name} already"))
            return
        self.dismiss(tuple(map(_stock, fresh)))


def _stock(entry: Entry) -> Stock:
    return Stock(entry.symbol, entry.name or entry.symbol.text, name_zh=entry.name_zh, role=entry.role)
