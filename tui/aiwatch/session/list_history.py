"""Price history of the lists while the screen is shown: figures for the board's columns, and days kept new."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.session.dependencies import ListHistory

if TYPE_CHECKING:
    from aiwatch.market.history_figures import HistoryFigures

BETWEEN = 1.0
"""Seconds between two symbols: a list is no reason to press a host."""
AGAIN = timedelta(minutes=10)
"""When what could not be had is asked for again."""
SOON = timedelta(seconds=2)
"""How long after a close the days of it are asked for, so that it is past for every clock."""

Changed = Callable[[Iterable[Symbol]], None]
"""Takes the symbols whose figures are new."""
Pause = Callable[[float], Awaitable[object]]


class HistoryFollower:
    """Keeps the market's figures of history new. One `follow` at a time; it ends when it is cancelled."""

    def __init__(
        self, market: MarketState, history: ListHistory, changed: Changed, pause: Pause = asyncio.sleep
    ) -> None:
        self._market = market
        self._history = history
        self._changed = changed
        self._pause = pause

    async def follow(self, looked_at: Sequence[Symbol], further: Sequence[Symbol]) -> None:
        """Show what is kept of ``looked_at`` at once, then ask for what lacks, a symbol a second, those of ``further``
        after them; again after each close. Without ``looked_at`` nothing happens unless history was used lately."""
        while not looked_at and not await self._history.was_used():
            await self._pause(AGAIN.total_seconds())
        board = (await self._history.parts()).board
        symbols = tuple(dict.fromkeys((*looked_at, *further)))
        if looked_at:
            await board.note_use()
            self._show(await board.figures(looked_at))
        while True:
            lacking = await board.renew(symbols, lambda: self._pause(BETWEEN), self._show)
            now = self._market.clock()
            due = board.next_final(symbols) or now + AGAIN
            wait = due - now + SOON
            if lacking and await board.lacking(symbols):
                wait = min(wait, AGAIN)
            await self._pause(max(wait.total_seconds(), BETWEEN))

    def _show(self, figures: Mapping[Symbol, HistoryFigures]) -> None:
        news = self._market.learn_history(figures)
        if news:
            self._changed(news)
