"""Figures of history while the screen is shown: kept ones at once, then what lacks, and again after each close."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from aiwatch.market.history_figures import HistoryFigures, References
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.session.list_history import AGAIN, BETWEEN, SOON, HistoryFollower

ENVICOOL, APPLE, NVIDIA = map(parse_symbol, ("002837.SZ", "AAPL", "NVDA"))
NOW = datetime(2025, 8, 15, 6, 0, tzinfo=UTC)
CLOSE = NOW + timedelta(hours=1)


def figures(last: float) -> HistoryFigures:
    return HistoryFigures(date(2025, 8, 14), last, date(2025, 8, 15), References(), References(five_days=last))


class FakeHistory:
    """What is kept, what lacks, and what was asked for."""

    def __init__(self, *, stored: Sequence[Symbol] = (), lacking: Sequence[Symbol] = (), is_used: bool = False) -> None:
        self.known = {symbol: figures(100.0) for symbol in stored}
        self.lack = list(lacking)
        self.is_used = is_used
        self.has_answers = True
        self.asked: list[Symbol] = []
        self.used = 0
        self.opened = 0

    async def parts(self) -> Any:
        self.opened += 1
        return SimpleNamespace(board=self)

    async def was_used(self) -> bool:
        return self.is_used

    async def note_use(self) -> None:
        self.used += 1

    async def figures(self, symbols: Sequence[Symbol]) -> dict[Symbol, HistoryFigures]:
        return {symbol: self.known[symbol] for symbol in symbols if symbol in self.known}

    async def lacking(self, symbols: Sequence[Symbol]) -> tuple[Symbol, ...]:
        return tuple(symbol for symbol in symbols if symbol in self.lack)

    def next_final(self, symbols: Iterable[Symbol]) -> datetime:
        return CLOSE

    async def renew(
        self, symbols: Sequence[Symbol], pause: Callable[[], Awaitable[object]], show: Callable[[object], None]
    ) -> int:
        lacking = await self.lacking(symbols)
        for symbol in lacking:
            await pause()
            self.asked.append(symbol)
            if self.has_answers:
                self.lack.remove(symbol)
                self.known[symbol] = figures(200.0)
            show(await self.figures((symbol,)))
        return len(lacking)


class Follower:
    """A follower whose pauses end when the test says so: ``waits`` are their seconds."""

    def __init__(self, history: FakeHistory) -> None:
        self.market = MarketState(lambda: NOW)
        self.changed: list[Symbol] = []
        self.waits: list[float] = []
        self.most = 0
        self._follower = HistoryFollower(self.market, history, self.changed.extend, self._pause)

    async def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) > self.most:
            raise asyncio.CancelledError

    async def follow(self, looked_at: Sequence[Symbol], peers: Sequence[Symbol] = (), *, pauses: int) -> None:
        """Follow until one pause more than ``pauses``."""
        self.most = pauses
        with pytest.raises(asyncio.CancelledError):
            await self._follower.follow(looked_at, peers)


async def test_what_is_kept_is_shown_at_once_and_what_lacks_a_symbol_a_second() -> None:
    history = FakeHistory(stored=[ENVICOOL], lacking=[ENVICOOL, APPLE, NVIDIA])
    follower = Follower(history)
    await follower.follow([ENVICOOL, APPLE], [NVIDIA, ENVICOOL], pauses=0)
    assert follower.changed == [ENVICOOL]
    assert history.used == 1
    assert history.asked == []
    await follower.follow([ENVICOOL, APPLE], [NVIDIA, ENVICOOL], pauses=10)
    assert history.asked == [ENVICOOL, APPLE, NVIDIA]
    assert follower.changed == [ENVICOOL, ENVICOOL, APPLE, NVIDIA]
    assert follower.waits[:5] == [BETWEEN] * 4 + [3600 + SOON.total_seconds()]
    assert follower.market.history[NVIDIA] == figures(200.0)


async def test_what_could_not_be_had_is_asked_for_again_before_the_close() -> None:
    history = FakeHistory(lacking=[APPLE])
    history.has_answers = False
    follower = Follower(history)
    await follower.follow([APPLE], pauses=3)
    assert follower.waits == [BETWEEN, AGAIN.total_seconds(), BETWEEN, AGAIN.total_seconds()]
    assert follower.changed == []


async def test_lists_that_nobody_looks_at_are_left_alone_unless_history_was_used_lately() -> None:
    history = FakeHistory(lacking=[APPLE])
    follower = Follower(history)
    await follower.follow([], [APPLE], pauses=2)
    assert (history.asked, history.opened, history.used) == ([], 0, 0)
    assert follower.waits == [AGAIN.total_seconds()] * 3
    history.is_used = True
    await follower.follow([], [APPLE], pauses=10)
    assert history.asked == [APPLE]
    assert history.used == 0, "nobody looked"
