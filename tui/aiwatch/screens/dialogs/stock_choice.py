"""A box to type in, and the stocks that may be meant: those known by name, then those that a source finds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import islice

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
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
_USUAL_WIDTH = 74
_MOST_SUGGESTED = 50
"""Stocks offered at most while nothing is typed."""
_NAMED_KINDS = SHARELESS | {Board.FUND, Board.REIT}
_SYMBOL, _NAME, _LEAST_NAME, _PLACE = 10, 34, 14, 12
"""Cells of a symbol, of a name at most and at least, and of where it is listed."""
_SEARCHING = "Searching online …"
_NOT_SURE = "No match for sure: ↓ chooses what is offered"


class StockChoice(Vertical):
    """Looks for what is typed in the ``directory`` of what is known by name, and by ``search`` at a source.

    ``where`` says in which lists a stock is, or that it is in the one in question; ``learn`` learns pinyin. While
    nothing is typed, those are offered of which ``suggests`` says so.
    """

    DEFAULT_CSS = "StockChoice { height: 1fr; }"

    rows = getters.query_one("#found", OptionList)
    note = getters.query_one("#note", Static)

    class Confirmed(Message):
        """The source knows the ticker that was in the box at `StockChoice.await_answer`: it is ``entry``."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(
        self,
        hint: str,
        directory: Directory,
        where: Callable[[Entry], str],
        search: StockSearch | None,
        learn: LearnNames | None,
        suggests: Callable[[Entry], bool] = lambda entry: True,
    ) -> None:
        """``hint`` is said while nothing is typed. Where nobody can be asked or taught, that is ``None``."""
        super().__init__()
        self._suggests = suggests
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
        self._is_asking = False
        self._awaits_answer = False
        """Whether Enter was pressed before the source had said if the ticker in the box is one."""

    def compose(self) -> ComposeResult:
        yield LinesInput(placeholder="name, pinyin initials or symbol", id="add-text", compact=True)
        yield OptionList(id="found", compact=True)
        yield Static(self._hint, id="note")

    @property
    def box(self) -> Input:
        """The box to type in."""
        return self.query_one("#add-text", Input)

    def on_mount(self) -> None:
        """Offer what is known, and learn the pinyin of its names."""
        self._offer(self._known(""))
        self.learn_names()

    @work(group="pinyin", exclusive=True, exit_on_error=False)
    async def learn_names(self) -> None:
        """Learn how Chinese names are typed in Latin letters, and look again with that."""
        learnt = self._learn is not None and await self._learn(self._directory.names_zh)
        if learnt and (text := self.box.value):
            self._offer(joined(self._known(text), self.offered))

    def _known(self, text: str) -> list[Entry]:
        """What ``text`` may mean; without any, the first stocks that are known."""
        if text.strip():
            return offers(text, self._directory)
        return list(islice(filter(self._suggests, self._directory), _MOST_SUGGESTED))

    @on(events.DescendantFocus, "#found")
    def show_cursor(self) -> None:
        """Go to the first row when the list is gone to without one."""
        if self.rows.highlighted is None:
            self.rows.action_first()

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
        self._offer(list(named.values()) if parts else self._known(text))
        self._describe(text)
        self._is_asking = self._search is not None and not parts and len(text.strip()) >= _LEAST_ASKED
        self._awaits_answer = False
        self.look_further(text if self._is_asking else "")

    @work(group="search", exclusive=True, exit_on_error=False)
    async def look_further(self, text: str) -> None:
        """Ask the source what else ``text`` may mean; typing on breaks it off."""
        if self._search is None or not text:
            return
        await asyncio.sleep(PAUSE_SECONDS)
        self.say(_SEARCHING)
        try:
            more: Sequence[Entry] = await self._search(text.strip())
        except AiwatchError as error:
            self._is_asking = self._awaits_answer = False
            self.say(f"Online search failed ({error}). A code needs none: 600519, 0700.HK")
            return
        self._is_asking = False
        self._offer(joined(self.offered, more))
        self._describe(text)
        if self._awaits_answer:
            self._confirm(text)

    def await_answer(self) -> None:
        """Say that nothing is known for sure. Where a source is being asked, its answer decides: see `Confirmed`."""
        self._awaits_answer = self._is_asking
        self.say(_SEARCHING if self._is_asking else _NOT_SURE if self.box.value.strip() else self._hint)

    def _confirm(self, text: str) -> None:
        self._awaits_answer = False
        tickers = spelt_by(text)
        entry = next((entry for entry in self.offered if entry.symbol in tickers and not is_guess(entry)), None)
        if entry is None or len(tickers) > 1:
            self.say(_NOT_SURE)
        else:
            self.post_message(self.Confirmed(entry))

    def say(self, words: str) -> None:
        """Say something under the rows."""
        self.note.update(Content(words))

    def _offer(self, offered: list[Entry]) -> None:
        chosen = self.chosen
        self.offered = offered
        self.rows.clear_options()
        self.rows.add_options(Option(self._row(entry)) for entry in offered)
        symbols = [entry.symbol for entry in offered]
        usual = 0 if offered and self.box.value.strip() and not is_guess(offered[0]) else None
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

    @property
    def _room_of_name(self) -> int:
        room = (self.rows.scrollable_content_region.width or _USUAL_WIDTH) - _SYMBOL - _PLACE - 2
        return min(_NAME, max(_LEAST_NAME, room))

    def on_resize(self) -> None:
        """Say in each row as much as the width holds."""
        self._offer(self.offered)

    def _row(self, entry: Entry) -> Content:
        symbol, where = entry.symbol, self._where(entry)
        if is_guess(entry) and not where:
            words = f"use {symbol.text} as a US ticker (not checked)"
            return Content.assemble((f"{clip(symbol.text, _SYMBOL)} ", "bold"), (words, "$quiet"))
        name = " ".join(filter(None, (entry.name, entry.name_zh))) or "name not known"
        kind = f", {symbol.board}" if symbol.board in _NAMED_KINDS else ""
        return Content.assemble(
            (f"{clip(symbol.text, _SYMBOL)} ", "bold"),
            (f"{clip(name, self._room_of_name)} ", "" if entry.name else "$quiet"),
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
