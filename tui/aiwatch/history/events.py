"""Dividends and splits of shares whose bars come without any: asked for once a day, of a source that knows them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import date, timedelta

from msgspec import Struct

from aiwatch.errors import Refused, SourceError
from aiwatch.history.asking.rests import HostRests
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.notices import rest_words
from aiwatch.history.store import HistoryStore
from aiwatch.market.bars import BarsQuery, Interval, Series
from aiwatch.market.security import Board
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol
from aiwatch.sources.bars import UNKNOWN_STATUS, BarSource

STILL_ASKED = "Dividends and splits are still asked for"
"""What is said while they are."""
EVENTS_GOOD_FOR = timedelta(days=10)
"""How much older than the last bar the answer may be that says which dividends and splits there were."""
_FROM = " from "


class Learned(Struct, frozen=True):
    """Every dividend and split of a symbol is kept whose ex-date is from ``first`` (``None``: its first) to ``day``."""

    day: date
    first: date | None

    @property
    def text(self) -> str:
        """As the store keeps it."""
        return f"{self.day.isoformat()}{_FROM}{self.first}"

    def reaches(self, first: date | None) -> bool:
        """Whether they are known from ``first`` on."""
        return self.first is None or (first is not None and self.first <= first)

    def joined(self, before: Learned | None) -> Learned:
        """This with what was learned ``before``, where no day lies between the two."""
        if before is None or self.reaches(before.first) or (self.first is not None and self.first > before.day):
            return self
        return Learned(self.day, before.first)


def learned_events(store: HistoryStore, symbol: Symbol) -> Learned | None:
    """What is known of the dividends and splits of ``symbol``; ``None`` where nobody was asked."""
    day, _, first = store.fact(_fact(symbol)).partition(_FROM)
    try:
        return Learned(date.fromisoformat(day), None if first == str(None) else date.fromisoformat(first))
    except ValueError:
        return None


def has_events(symbol: Symbol) -> bool:
    """Whether dividends and splits may happen to ``symbol``."""
    return symbol.board not in (Board.INDEX, Board.CURRENCY, Board.FUTURE, Board.CRYPTO, Board.REPO)


def knows_events(store: HistoryStore, series: Series, tells_events: Collection[str], first: date | None = None) -> bool:
    """Whether the dividends and splits of ``series`` are known up to its end, and from ``first`` on where that is
    given. ``tells_events`` are the sources whose bars come with them."""
    if series.source in tells_events or not has_events(series.symbol):
        return True
    learned = learned_events(store, series.symbol)
    if learned is None or not series.bars or (first is not None and not learned.reaches(first)):
        return False
    return learned.day >= series.days[-1] - EVENTS_GOOD_FOR


class EventsLearner:
    """Asks ``source``, if there is one, and keeps what it says. One question a symbol at a time."""

    def __init__(self, keeper: HistoryKeeper, source: BarSource | None, rests: HostRests, clock: Clock) -> None:
        self._keeper = keeper
        self._source = source
        self._rests = rests
        self._clock = clock
        self._asking: dict[Symbol, asyncio.Task[str]] = {}
        self._why: dict[Symbol, str] = {}

    async def close(self) -> None:
        """Give up what is asked now."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def is_asking(self, symbol: Symbol) -> bool:
        """Whether the source has not answered yet about ``symbol``."""
        return symbol in self._asking

    def why_unknown(self, symbol: Symbol) -> str:
        """Why the dividends and splits of ``symbol`` are not known, as it was when they were last asked for; empty
        where they are, or nobody asked."""
        return self._why.get(symbol, "")

    async def learn(self, symbol: Symbol, first: date | None, within: float | None = None) -> str:
        """Keep the dividends and splits of ``symbol`` since ``first``, or say why they are not known; `STILL_ASKED`
        where there is no answer ``within`` so many seconds, and it is waited for without the caller."""
        task = self._asking.get(symbol)
        if task is None:
            task = self._asking[symbol] = asyncio.create_task(self._learn_noted(symbol, first), name="events")
            task.add_done_callback(lambda done: self._asking.pop(symbol, None))
        try:
            async with asyncio.timeout(within):
                return await asyncio.shield(task)
        except TimeoutError:
            return STILL_ASKED

    async def _learn_noted(self, symbol: Symbol, first: date | None) -> str:
        words = self._why[symbol] = await self._learn(symbol, first)
        return words

    async def _learn(self, symbol: Symbol, first: date | None) -> str:
        source = self._source
        if source is None:
            return ""
        before = await self._keeper.run(lambda store: learned_events(store, symbol), None)
        today = self._clock().date()
        if before is not None and before.day >= today and before.reaches(first):
            return ""
        if until := self._rests.until(source.name, source.title):
            why = rest_words(source.title, until, self._rests.why(source.name, source.title))
            return f"Dividends and splits are not known: {why}"
        try:
            series = await source.bars(BarsQuery(symbol, Interval.DAY, first))
        except SourceError as error:
            if isinstance(error, Refused) and error.status == UNKNOWN_STATUS:
                return f"Dividends and splits are not known: {source.title} has nothing of {symbol}"
            self._rests.fail(source.name, source.title, error)
            return f"Dividends and splits are not known: {source.title}: {error}"
        self._rests.succeed(source.name, source.title)
        learned = Learned(today, first).joined(before)

        def keep(store: HistoryStore) -> None:
            store.write_events(series)
            store.note(_fact(symbol), learned.text)

        await self._keeper.run(keep, None)
        return ""


def _fact(symbol: Symbol) -> str:
    """The name under which the store has what was learned of ``symbol``."""
    return f"events {symbol}"
