"""A box to type in, and the stocks that may be meant: those known by name, then those that a source finds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from aiwatch.errors import AiwatchError
from aiwatch.formatting.text import clip
from aiwatch.market.security import SHARELESS, Board
from aiwatch.session.dependencies import LearnNames, StockSearch
from aiwatch.session.directory import entry_of, is_guess, joined, offers, several, spelt_by
from aiwatch.watchlist.directory import Directory, Entry
from aiwatch.widgets.pasted_text import LinesInput

PAUSE_SECONDS = 0.3
"""How long typing rests before a source is asked."""
_LEAST_ASKED = 2
_NAMED_KINDS = SHARELESS | {Board.FUND, Board.REIT}
_SYMBOL, _NAME = 10, 34


class StockChoice(Vertical):
    """Looks for what is typed in the ``directory`` of what is known by name, and by ``search`` at a source.

    ``where`` says in which lists a stock is, or that it is in the one in question; ``learn`` learns pinyin.
    """

    DEFAULT_CSS = "StockChoice { height: auto; }"

    rows = getters.query_one("#found", OptionList)
    note = getters.query_one("#told", Static)

    def __init__(
        self,
        hint: str,
        directory: Directory,
        where: Callable[[Entry], str],
        search: StockSearch | None,
        learn: LearnNames | None,
    ) -> None:
        """``hint`` is said while nothing is typed. Where nobody can be asked or taught, that is ``None``."""
        super().__init__()
        self._hint = hint
        self._directory = directory
        self._where = where
        self._search = search
        self._learn = learn
        self.offered: list[Entry] = []
        """What may be meant, the likeliest first."""
        self.is_of_several = False
        """Whether the text names several stocks, all of which are offered."""
        self.unknown: list[str] = []
        """The parts of a text of several that name no stock, or more than one."""

    def compose(self) -> ComposeResult:
        yield LinesInput(placeholder="name, pinyin initials or symbol", id="add-text", compact=True)
        yield OptionList(id="found", compact=True)
        yield Static(self._hint, id="told")

    @property
    def box(self) -> Input:
        """The box to type in."""
        return self.query_one("#add-text", Input)

    def on_mount(self) -> None:
        """Learn the pinyin of the known names."""
        self.learn_names()

    @work(group="pinyin", exclusive=True, exit_on_error=False)
    async def learn_names(self) -> None:
        """Learn how Chinese names are typed in Latin letters, and look again with that."""
        learnt = self._learn is not None and await self._learn(self._directory.names_zh)
        if learnt and (text := self.box.value):
            self._offer(joined(offers(text, self._directory), self.offered))

    @on(Input.Changed)
    def look(self, event: Input.Changed) -> None:
        """Offer what is known, and ask the source for more when typing rests."""
        event.stop()
        text = event.value
        parts = several(text, self._directory)
        self.is_of_several = bool(parts)
        entries = {part: entry_of(part, self._directory) for part in parts}
        self.unknown = [part for part, entry in entries.items() if entry is None]
        named = {entry.symbol: entry for entry in entries.values() if entry is not None}
        self._offer(list(named.values()) if parts else offers(text, self._directory))
        self._describe(text)
        self.look_further("" if parts else text)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def look_further(self, text: str) -> None:
        """Ask the source what else ``text`` may mean; typing on breaks it off."""
        if self._search is None or len(text.strip()) < _LEAST_ASKED:
            return
        await asyncio.sleep(PAUSE_SECONDS)
        self.say("Searching online …")
        try:
            more: Sequence[Entry] = await self._search(text.strip())
        except AiwatchError as error:
            self.say(f"Online search failed ({error}). A code needs none: 600519, 0700.HK")
            return
        self._offer(joined(self.offered, more))
        self._describe(text)

    def say(self, words: str) -> None:
        """Say something under the rows."""
        self.note.update(Content(words))

    def _offer(self, offered: list[Entry]) -> None:
        chosen = self.chosen
        self.offered = offered
        self.rows.clear_options()
        self.rows.add_options(Option(self._row(entry)) for entry in offered)
        symbols = [entry.symbol for entry in offered]
        usual = 0 if offered and not is_guess(offered[0]) else None
        self.rows.highlighted = symbols.index(chosen.symbol) if chosen and chosen.symbol in symbols else usual

    def _describe(self, text: str) -> None:
        if not text.strip():
            self.say(self._hint)
        elif self.is_of_several:
            self.say(self._words_of_several())
        elif not self.offered:
            self.say("No match. Codes work with their exchange: 600519.SS, 0700.HK")
        else:
            self.say(f"{text.strip()} may mean several: choose one" if len(spelt_by(text)) > 1 else "")

    def _words_of_several(self) -> str:
        if self.unknown:
            return f"Not known, or more than one: {', '.join(self.unknown)}. Write 600519.SS, or take it out."
        return f"All {len(self.offered)} are known"

    def _row(self, entry: Entry) -> Content:
        symbol, where = entry.symbol, self._where(entry)
        if is_guess(entry) and not where:
            words = f"use {symbol.text} as a US ticker (not checked)"
            return Content.assemble((f"{clip(symbol.text, _SYMBOL)} ", "bold"), (words, "$quiet"))
        name = " ".join(filter(None, (entry.name, entry.name_zh))) or "name not known"
        kind = f", {symbol.board}" if symbol.board in _NAMED_KINDS else ""
        return Content.assemble(
            (f"{clip(symbol.text, _SYMBOL)} ", "bold"),
            (f"{clip(name, _NAME)} ", "" if entry.name else "$quiet"),
            (f"{symbol.exchange.city}{kind}{f'  {where}' if where else ''}", "$quiet"),
        )

    @property
    def chosen(self) -> Entry | None:
        """The stock on which the cursor is."""
        at = self.rows.highlighted
        return self.offered[at] if at is not None and at < len(self.offered) else None

    def step(self, by: int) -> None:
        """Move the cursor ``by`` rows while typing goes on."""
        if self.offered:
            at = -1 if self.rows.highlighted is None else self.rows.highlighted
            self.rows.highlighted = max(0, min(at + by, len(self.offered) - 1))
