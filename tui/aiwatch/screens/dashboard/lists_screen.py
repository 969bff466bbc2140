"""The dashboard's half for the watchlists: files that change while one looks at them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from textual import work

from aiwatch.errors import Problem
from aiwatch.ledger.amounts import fx_symbols
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.ledger_actions import LedgerScreen
from aiwatch.session.dependencies import Dependencies
from aiwatch.watchlist import Stock, Watchlist, symbols_of
from aiwatch.watchlist.folders import ListsRead

SETTLE_SECONDS = 0.15
"""How long bad news of a file waits for better: an editor may empty or move a file before it writes it."""
_MOST_SAID = 8
"""Problems of watchlists said on the screen at once."""


class ListsScreen(LedgerScreen):
    """A screen whose watchlists follow their files."""

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(dependencies)
        self.list_problems = problem_words(dependencies.files.list_problems, frozenset(), dependencies.files.watchlists)
        """What is wrong with the watchlist files now."""
        self._stocks: dict[Symbol, Stock] = {}
        self._lists_lock = asyncio.Lock()
        self._hold(dependencies.files.watchlists)

    def _hold(self, lists: Sequence[Watchlist]) -> None:
        self.lists = tuple(lists)
        self._stocks = {}
        for one in lists:
            for stock in one.stocks:
                self._stocks.setdefault(stock.symbol, stock)

    def stock_of(self, symbol: Symbol) -> Stock | None:
        """The stock called ``symbol``: as the list shown has it, else as the first list that does."""
        shown = next((one for one in self.lists if one.key == self.board_panel.chosen), None)
        own = next((stock for stock in shown.stocks if stock.symbol == symbol), None) if shown else None
        return own or self._stocks.get(symbol)

    def followed(self) -> tuple[Symbol, ...]:
        """What the feed is to follow: every stock and benchmark of every list, and the rates that sums are converted
        by."""
        return tuple(dict.fromkeys((*symbols_of(self.lists), *fx_symbols())))

    @work(group="lists", exclusive=True, exit_on_error=False)
    async def follow_files(self) -> None:
        """Read the lists again whenever their files change."""
        files = self._given.files.list_files
        if files is None:
            return
        changes = (await asyncio.to_thread(import_module, "aiwatch.watchlist.watcher")).changes
        await self.reload_lists()
        async for _ in changes(files.own, files.stamp):
            await self.reload_lists()

    async def reload_lists(self) -> None:
        """Read the watchlist files and show what is new; the selection and the place on the board stay.

        A file that is wrong or gone is looked at a second time, a moment later, before that is believed.
        """
        files = self._given.files.list_files
        if files is None:
            return
        async with self._lists_lock:
            if await asyncio.to_thread(files.has_doubts):
                await asyncio.sleep(SETTLE_SECONDS)
            self.take_lists(await asyncio.to_thread(files.read))

    def take_lists(self, found: ListsRead) -> None:
        """Show other lists in place of these, and say what is wrong with them now."""
        self.list_problems = problem_words(found.problems, found.kept, found.lists)
        if found.lists != self.lists:
            before = self.followed()
            self._hold(found.lists)
            self.board_panel.take(self.lists)
            self.colour()
            if set(self.followed()) != set(before):
                self._given.feed.feed.follow(self.followed())
            self.show_selected()
        self._say()

    def colour(self) -> None:
        """Colour gains and losses as the list in front wants it."""
        raise NotImplementedError

    def show_selected(self) -> None:
        """Show the selected stock anew, as its list has it now."""
        raise NotImplementedError


def problem_words(
    problems: Sequence[Problem], kept: frozenset[Path], lists: Sequence[Watchlist] = ()
) -> tuple[str, ...]:
    """The problems one a line, and for each file what became of its list, unless it is among ``lists``."""
    said = [f"{problem.path.name}:{problem.line}: {problem.what}" for problem in problems[:_MOST_SAID]]
    if len(problems) > _MOST_SAID:
        said.append(f"and {len(problems) - _MOST_SAID} more: `aiwatch check` lists them")
    if not said:
        return ()
    stays = sorted(path.name for path in kept)
    shown = {one.path for one in lists} | kept
    left_out = sorted({problem.path.name for problem in problems if problem.path not in shown})
    tail = [f"{', '.join(stays)} stays as it was"] if stays else []
    tail += [f"{', '.join(left_out)} is left out"] if left_out else []
    if tail:
        said[-1] += f" ({'; '.join(tail)})"
    return tuple(said)
