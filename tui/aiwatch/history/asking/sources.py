"""Asks sources for bars in their order until one has them, keeps what they answer, and says what was the matter."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from aiwatch.errors import RateLimited, Refused, SourceError, TimedOut
from aiwatch.history.asking.rests import HostRests
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.notices import lack_words, refused_words, rest_words
from aiwatch.history.results import Bars
from aiwatch.history.sessions import missing_sessions, settled
from aiwatch.history.store import HistoryStore, KeptBars
from aiwatch.market.bars import BarsQuery, Interval, Series
from aiwatch.market.calendar.final_days import DayOf
from aiwatch.market.data_sources import title_of
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol
from aiwatch.sources.bars import UNKNOWN_STATUS, BarSource

OVERLAP = timedelta(days=7)
"""How far before the last kept bar is asked again, so that a host's correction is seen."""


class Asked(NamedTuple):
    """What is asked for: bars of ``interval`` of ``symbol`` from ``first`` on (``None``: from the first there is)."""

    symbol: Symbol
    interval: Interval
    first: date | None


class _Failure(NamedTuple):
    """Why a source has no bars, in words; ``is_of_host`` when the same host would answer no better next time: it does
    not know the symbol, or is slow. ``is_final`` when it is not to be asked for it in any way now: it does not know
    the symbol, or wants silence."""

    words: str
    is_of_host: bool = False
    is_final: bool = False


class SourceAsker:
    """Asks, and keeps the answers; who failed rests."""

    def __init__(self, keeper: HistoryKeeper, rests: HostRests, clock: Clock, day_of: DayOf) -> None:
        self._keeper = keeper
        self._rests = rests
        self._clock = clock
        self._day_of = day_of
        self._late: set[asyncio.Task[Series | _Failure]] = set()
        """Questions that nobody waits for any more: their answers are kept when they come."""
        self._spares: set[str] = set()
        """The titles of spares that are asked now: one that has not answered is not asked a second time."""

    async def close(self) -> None:
        """Give up what is still asked."""
        late = list(self._late)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def ask(
        self, sources: Sequence[BarSource], asked: Asked, stored: Mapping[str, KeptBars], patience: float | None
    ) -> Bars:
        """The answer of the first source that has one; of a second where sessions are missing from it.

        ``stored`` is what is kept of each source, by its name. With ``patience``, the next source of the same host is
        asked too where the first has not answered after so many seconds, and who answers first counts.
        """
        problems: list[str] = []
        next_try: datetime | None = None
        best: Series | None = None
        useless: set[str] = set()
        tried: set[str] = set()
        for at, source in enumerate(sources):
            if source.name in useless or source.title in tried or (best is not None and source.name == best.source):
                continue  # another way to the same host
            if words := self._rest_words(source):
                problems.append(words)
                next_try = _earlier(next_try, self._rests.until(source.name, source.title))
                continue
            query = BarsQuery(asked.symbol, asked.interval, _first_asked(stored.get(source.name), asked.first))
            spares = [spare for spare in sources[at + 1 : at + 2] if spare.name == source.name]
            answer = await self._ask_either(source, spares, query, patience, tried)
            if isinstance(answer, Series):
                is_second, better = best is not None, _better(best, answer, problems)
                best = better
                if is_second or not better.missing:
                    break
                continue
            problems.append(answer.words)
            if answer.is_of_host:
                useless.add(source.name)
            next_try = _earlier(next_try, self._rests.until(source.name, source.title))
        if best is not None:
            return Bars(asked.symbol, asked.interval, best, notices=(*problems, *refused_words(best)))
        return Bars(asked.symbol, asked.interval, problem="; ".join(problems), next_try=next_try)

    def _rest_words(self, source: BarSource) -> str:
        """Until when ``source`` is left alone, and why; empty where it may be asked."""
        until = self._rests.until(source.name, source.title)
        return "" if until is None else rest_words(source.title, until, self._rests.why(source.name, source.title))

    async def _ask_either(
        self,
        source: BarSource,
        spares: Sequence[BarSource],
        query: BarsQuery,
        patience: float | None,
        tried: set[str],
    ) -> Series | _Failure:
        """The answer of ``source``; or where there is none after ``patience`` seconds, that of the first of ``spares``,
        which asks the same host, where it comes first and has bars. A spare that is asked stands in ``tried`` then.

        A question that is overtaken goes on, and what it brings is kept: another one to its host would begin anew. One
        to a host that asked the spare for silence, or does not know the symbol, is given up.
        """
        if patience is None or not spares:
            return await self._ask(source, query)
        spare = spares[0]
        asking = asyncio.create_task(self._ask(source, query), name=f"history of {source.title}")
        try:
            with suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(asking), patience)
            if self._rest_words(spare) or spare.title in self._spares:
                return await asking
            tried.add(spare.title)
            self._spares.add(spare.title)
            try:
                answer = await self._ask(spare, query)
            finally:
                self._spares.discard(spare.title)
            if isinstance(answer, Series) and not asking.done():
                self._late.add(asking)
                asking.add_done_callback(self._late.discard)
                return answer
            if isinstance(answer, _Failure) and answer.is_final:
                return answer
            return await asking
        finally:
            if asking not in self._late:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    async def _ask(self, source: BarSource, query: BarsQuery) -> Series | _Failure:
        """The series that ``source`` answers, kept; or why there is none."""
        try:
            series = await source.bars(query)
        except Refused as error:
            if error.status == UNKNOWN_STATUS:
                return _Failure(f"{source.title} has no bars of {query.symbol}", is_of_host=True, is_final=True)
            self._rests.fail(source.name, source.title, error)
            return _Failure(f"{source.title}: {error}")
        except SourceError as error:
            self._rests.fail(source.name, source.title, error)
            return _Failure(f"{source.title}: {error}", isinstance(error, TimedOut), isinstance(error, RateLimited))
        except Exception as error:  # a parser's slip is reported like any other failure
            return _Failure(f"{source.title}: unexpected answer: {type(error).__name__}: {error}")
        self._rests.succeed(source.name, source.title)
        now = self._clock()

        def keep(store: HistoryStore) -> Series:
            done = settled(replace(series, complete_from=query.first, as_of=now), self._day_of, now)
            done = replace(done, missing=missing_sessions(done, self._day_of))
            store.write(done)
            return done

        return await self._keeper.run(keep, settled(series, self._day_of, now))


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    return min((moment for moment in (first, second) if moment is not None), default=None)


def _better(best: Series | None, answer: Series, problems: list[str]) -> Series:
    """The one of the two that lacks less; where it is the second, ``problems`` get the words for that."""
    if best is None:
        return answer
    if len(answer.missing) < len(best.missing):
        problems.append(_second_words(best, answer))
        return answer
    return best


def _second_words(best: Series, answer: Series) -> str:
    """Why the bars are those of a second source."""
    return f"{lack_words(best)} of {title_of(best.source)}: these are {title_of(answer.source)}'s"


def _first_asked(stored: KeptBars | None, first: date | None) -> date | None:
    """From when on to ask: where all before is kept, from a little before its end."""
    if stored is None or stored.complete_to is None or not stored.bar_count:
        return first
    if stored.complete_from is not None and (first is None or stored.complete_from > first):
        return first
    return stored.complete_to - OVERLAP
