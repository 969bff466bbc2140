"""Price history for the screen and the commands: what is kept first, then the hosts, one flight a symbol.

Nothing here raises for a host or a file that fails: a `Bars` says what is the matter. The order in which hosts are
asked is handed in, so this knows no host by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Self

from msgspec.structs import replace

from aiwatch.errors import Refused, SourceError, TimedOut
from aiwatch.history.events import STILL_ASKED, EventsLearner, has_events
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.notices import gap_words, kept_words, lack_words, refused_words, rest_words
from aiwatch.history.asking.rests import HostRests
from aiwatch.history.results import Bars
from aiwatch.history.sessions import missing_sessions, settled
from aiwatch.history.store import Conflict, HistoryStore, KeptBars
from aiwatch.market.bars import BarsQuery, Interval, Range, Series, resampled, within
from aiwatch.market.calendar.final_days import DayOf, last_final_day
from aiwatch.market.data_sources import title_of
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol
from aiwatch.sources.bars import UNKNOWN_STATUS, BarSource

INTRADAY_SECONDS = 60.0
"""How old intraday bars may be while a chart of them is open."""
ASKED_LATELY = timedelta(minutes=10)
"""How soon a source is asked again that has no bar of the last session."""
OVERLAP = timedelta(days=7)
"""How far before the last kept bar is asked again, so that a host's correction is seen."""
WARM_DAYS = 7
"""Lists are warmed only when a chart or a comparison was looked at within so many days."""
_USED = "used"
_NO_ROWS: tuple[KeptBars, ...] = ()
_NO_CONFLICTS: tuple[Conflict, ...] = ()

Choose = Callable[[Symbol, Interval], Sequence[BarSource]]
"""The sources of bars of a symbol, the first choice first."""


class _Failure(NamedTuple):
    """Why a source has no bars, in words; ``is_of_host`` when the same host would answer no better next time: it does
    not know the symbol, or is slow."""

    words: str
    is_of_host: bool = False


class HistoryService:
    """Bars of one symbol at a time. ``choose`` gives the sources, ``day_of`` is the calendar's word on a day;
    ``event_source`` is asked for dividends and splits where the source of the bars tells none."""

    def __init__(
        self,
        keeper: HistoryKeeper,
        choose: Choose,
        rests: HostRests,
        clock: Clock,
        day_of: DayOf,
        *,
        event_source: BarSource | None = None,
    ) -> None:
        self._keeper = keeper
        self._choose = choose
        self._rests = rests
        self._clock = clock
        self._day_of = day_of
        self._events = EventsLearner(keeper, event_source, rests, clock)
        self._flights: dict[object, asyncio.Task[Bars]] = {}
        self._said: dict[tuple[Symbol, Interval], tuple[str, ...]] = {}
        """What was the matter when hosts were last asked, which holds for what is kept of their answers."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._events.close()
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    @property
    def trouble(self) -> str:
        """A sentence about the file of history; empty when all is well."""
        return self._keeper.trouble

    async def kept(self, symbol: Symbol, span: Range, interval: Interval | None = None, source: str = "") -> Bars:
        """What is kept of the bars that ``span`` shows, at once. ``series`` is ``None`` where nothing is."""
        interval = interval or span.interval
        base, first = _base(interval), self._first(symbol, span)
        series = await self._keeper.run(lambda store: best_kept(store, symbol, base, source, first), None)
        conflicts = await self._keeper.run(lambda store: store.conflicts(symbol), _NO_CONFLICTS)
        bars = Bars(symbol, interval, is_kept=True, conflicts=conflicts)
        if series is None or not series.bars:
            return replace(bars, problem=f"No price history of {symbol} is kept yet")
        return replace(bars, series=self._shown(series, span, interval), notices=(kept_words(series),))

    async def bars(
        self,
        symbol: Symbol,
        span: Range,
        interval: Interval | None = None,
        *,
        source: str = "",
        force: bool = False,
        events_within: float | None = None,
    ) -> Bars:
        """The bars that ``span`` shows, asked of the hosts where what is kept is not enough or not new enough.

        ``source`` asks that one alone; ``force`` asks though what is kept is new. Who asks for the same meanwhile gets
        the same answer. ``events_within``: how many seconds to wait for dividends and splits where another source
        knows them; ``None`` for as long as it takes.
        """
        interval = interval or span.interval
        first = self._first(symbol, span)
        fetched = await self._in_flight(symbol, first, _base(interval), source, force)
        fetched = await self._with_events(fetched, first, events_within)
        if fetched.series is None:
            return _instead(fetched, await self.kept(symbol, span, interval, source))
        newest = fetched.series

        def whole(store: HistoryStore) -> tuple[Series, tuple[Conflict, ...]]:
            """Off the loop: years of days take a while to join."""
            joined = _merged(_read_base(store, newest, first), newest)
            return self._shown(joined, span, interval), store.conflicts(symbol)

        series, conflicts = await self._keeper.run(whole, None) or (self._shown(newest, span, interval), _NO_CONFLICTS)
        return replace(
            fetched,
            interval=interval,
            series=series,
            notices=(*fetched.notices, *gap_words(series)),
            conflicts=conflicts,
        )

    async def lacking(self, symbols: Sequence[Symbol], first: date | None) -> tuple[Symbol, ...]:
        """Those of ``symbols`` of which more or newer days could be had than are kept, from ``first`` on
        (``None``: from the first there is)."""
        day = Interval.DAY

        def work(store: HistoryStore) -> tuple[Symbol, ...]:
            return tuple(
                symbol
                for symbol in symbols
                if (sources := self._choose(symbol, day)) and not self._has_enough(store, symbol, day, sources, first)
            )

        return await self._keeper.run(work, ())

    async def renew(self, symbol: Symbol, first: date) -> Bars:
        """Ask for the days of ``symbol`` from ``first`` on, where what is kept is not enough or not new; the series has
        no more than was asked for."""
        answer = await self._in_flight(symbol, first, Interval.DAY, "", force=False)
        return await self._with_events(answer, first, None)

    async def learn_events(self, symbol: Symbol, first: date) -> str:
        """Have the dividends and splits of ``symbol`` since ``first`` kept; asked for once a day. Words on why they are
        not known, empty where they are."""
        return await self._events.learn(symbol, first) if has_events(symbol) else ""

    async def note_use(self) -> None:
        """A chart or a comparison was looked at: lists are kept warm for a week."""
        today = self._clock().date().isoformat()
        await self._keeper.run(lambda store: store.note(_USED, today), None)

    async def is_in_use(self) -> bool:
        """Whether a chart or a comparison was looked at within `WARM_DAYS`."""
        used = await self._keeper.run(lambda store: store.fact(_USED), "")
        return used >= (self._clock().date() - timedelta(days=WARM_DAYS)).isoformat()

    def _first(self, symbol: Symbol, span: Range) -> date | None:
        return span.first_day(self._clock().date())

    def _shown(self, series: Series, span: Range, interval: Interval) -> Series:
        """The part of ``series`` that ``span`` shows, in bars of ``interval``."""
        part = within(series, span, self._clock().date())
        return part if interval is part.interval else resampled(part, interval)

    async def _in_flight(self, symbol: Symbol, first: date | None, base: Interval, source: str, force: bool) -> Bars:
        """What `_fetch` gives; the same question meanwhile gets the same answer."""
        key = (symbol, base, source, first)
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._fetch(symbol, first, base, source, force), name="history")
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._flights.pop(key, None))
        return await asyncio.shield(flight)

    async def _fetch(self, symbol: Symbol, first: date | None, base: Interval, source: str, force: bool) -> Bars:
        """Ask the sources in their order until one answers; keep its answer."""
        sources = [candidate for candidate in self._choose(symbol, base) if source in ("", candidate.name)]
        if not sources:
            return Bars(symbol, base, problem=f"No source has {base} bars of {symbol}")
        if not force and await self._keeper.run(
            lambda store: self._has_enough(store, symbol, base, sources, first), False
        ):
            return Bars(symbol, base, is_kept=True, notices=self._said.get((symbol, base), ()))
        stored = {row.source: row for row in await self._keeper.run(lambda store: store.kept(symbol, base), _NO_ROWS)}
        answer = await self._ask_all(sources, symbol, base, first, stored)
        if answer.series is not None:
            self._said[symbol, base] = answer.notices
        return answer

    async def _with_events(self, answer: Bars, first: date | None, within: float | None) -> Bars:
        """``answer`` when the dividends and splits since ``first`` are kept too, or with words on why they are not."""
        symbol, series = answer.symbol, answer.series
        if answer.interval is not Interval.DAY or not has_events(symbol) or (series is not None and series.events):
            return answer
        if series is None and not self._events.is_asking(symbol):
            words = self._events.why_unknown(symbol)
        else:
            words = await self._events.learn(symbol, first, within)
        if not words:
            return answer
        return replace(answer, notices=(*answer.notices, words), awaits_events=words == STILL_ASKED)

    async def _ask_all(
        self,
        sources: Sequence[BarSource],
        symbol: Symbol,
        base: Interval,
        first: date | None,
        stored: Mapping[str, KeptBars],
    ) -> Bars:
        """The answer of the first source that has one; of a second where sessions are missing from it."""
        problems: list[str] = []
        next_try: datetime | None = None
        best: Series | None = None
        useless: set[str] = set()
        for source in sources:
            if source.name in useless or (best is not None and source.name == best.source):
                continue  # another way to the same host
            if until := self._rests.until(source.name, source.title):
                problems.append(rest_words(source.title, until, self._rests.why(source.name, source.title)))
                next_try = min(until, next_try or until)
                continue
            answer = await self._ask(source, symbol, base, _first_asked(stored.get(source.name), first))
            if isinstance(answer, Series):
                if best is not None:  # the second opinion
                    if len(answer.missing) < len(best.missing):
                        problems.append(_second_words(best, answer))
                        best = answer
                    break
                best = answer
                if not answer.missing:
                    break
                continue
            problems.append(answer.words)
            if answer.is_of_host:
                useless.add(source.name)
            until = self._rests.until(source.name, source.title)
            next_try = min(until, next_try or until) if until else next_try
        if best is not None:
            return Bars(symbol, base, best, notices=(*problems, *refused_words(best)))
        return Bars(symbol, base, problem="; ".join(problems), next_try=next_try)

    async def _ask(self, source: BarSource, symbol: Symbol, base: Interval, first: date | None) -> Series | _Failure:
        """The series that ``source`` answers, kept; or why there is none."""
        try:
            series = await source.bars(BarsQuery(symbol, base, first))
        except Refused as error:
            if error.status == UNKNOWN_STATUS:
                return _Failure(f"{source.title} has no bars of {symbol}", is_of_host=True)
            self._rests.fail(source.name, source.title, error)
            return _Failure(f"{source.title}: {error}")
        except SourceError as error:
            self._rests.fail(source.name, source.title, error)
            return _Failure(f"{source.title}: {error}", is_of_host=isinstance(error, TimedOut))
        except Exception as error:  # a parser's slip is reported like any other failure
            return _Failure(f"{source.title}: unexpected answer: {type(error).__name__}: {error}")
        self._rests.succeed(source.name, source.title)
        now = self._clock()

        def keep(store: HistoryStore) -> Series:
            done = settled(replace(series, complete_from=first, as_of=now), self._day_of, now)
            done = replace(done, missing=missing_sessions(done, self._day_of))
            store.write(done)
            return done

        return await self._keeper.run(keep, settled(series, self._day_of, now))

    def _has_enough(
        self, store: HistoryStore, symbol: Symbol, base: Interval, sources: Sequence[BarSource], first: date | None
    ) -> bool:
        """Whether no source need be asked for the bars from ``first`` on."""
        kept = {row.source: row for row in store.kept(symbol, base)}
        held = next((kept[source.name] for source in sources if source.name in kept), None)
        if held is None or not self._is_enough(symbol, base, held, first):
            return False
        return not self._is_old_gap(store.gap_asked_at(symbol, base, held.source))

    def _is_enough(self, symbol: Symbol, base: Interval, stored: KeptBars, first: date | None) -> bool:
        """Whether what is kept reaches back to ``first`` and is as new as it can be."""
        if not stored.bar_count or (
            stored.complete_from is not None and (first is None or stored.complete_from > first)
        ):
            return False
        now = self._clock()
        final = last_final_day(symbol.exchange, self._day_of, now)
        if base is Interval.DAY:
            return stored.complete_to is not None and (stored.complete_to >= final or _asked_since(stored, now, final))
        return (now - stored.fetched_at).total_seconds() < INTRADAY_SECONDS

    def _is_old_gap(self, asked_at: datetime | None) -> bool:
        """Whether sessions are missing that were last asked for on a day before this."""
        return asked_at is not None and asked_at.date() < self._clock().date()


def _instead(fetched: Bars, stored: Bars) -> Bars:
    """What is ``stored`` in the place of bars that nobody was asked for, or that nobody had; with why."""
    words = (fetched.problem,) if fetched.problem else ()
    notices = (*words, *fetched.notices, *stored.notices, *gap_words(stored.series))
    return replace(
        fetched,
        interval=stored.interval,
        series=stored.series,
        problem=fetched.problem if stored.series is None else "",
        notices=notices if stored.series is not None else (),
        conflicts=stored.conflicts,
    )


def _second_words(best: Series, answer: Series) -> str:
    """Why the bars are those of a second source."""
    return f"{lack_words(best)} of {title_of(best.source)}: these are {title_of(answer.source)}'s"


def _base(interval: Interval) -> Interval:
    """The interval that is asked and kept: weeks and months are made of days, for hosts begin them where they like."""
    return Interval.DAY if interval in (Interval.WEEK, Interval.MONTH) else interval


def best_kept(
    store: HistoryStore, symbol: Symbol, interval: Interval, source: str, first: date | None
) -> Series | None:
    """The bars by ``source``, or by that with the newest final day, which reaches back to ``first`` and lacks least."""
    rows = [row for row in store.kept(symbol, interval) if source in ("", row.source) and row.bar_count]
    if not rows:
        return None

    def worth(row: KeptBars) -> tuple[date, bool, int, datetime]:
        reaches = row.complete_from is None or (first is not None and row.complete_from <= first)
        return (row.complete_to or date.min, reaches, -row.gap_count, row.fetched_at)

    return store.read(symbol, interval, max(rows, key=worth).source, first)


def _read_base(store: HistoryStore, fetched: Series, first: date | None) -> Series | None:
    """What is kept of the series that was just fetched."""
    return store.read(fetched.symbol, fetched.interval, fetched.source, first)


def _merged(series: Series | None, fetched: Series) -> Series:
    """``fetched`` with the kept bars of the same source before it."""
    if series is None or series.source != fetched.source or not fetched.bars or series.interval is not fetched.interval:
        return fetched
    earlier = tuple(bar for bar in series.bars if bar.when < fetched.bars[0].when)
    missing = tuple(sorted({*series.missing, *fetched.missing} - set(fetched.days)))
    return replace(fetched, bars=earlier + fetched.bars, events=series.events or fetched.events, missing=missing)


def _first_asked(stored: KeptBars | None, first: date | None) -> date | None:
    """From when on to ask: where all before is kept, from a little before its end."""
    if stored is None or stored.complete_to is None or not stored.bar_count:
        return first
    if stored.complete_from is not None and (first is None or stored.complete_from > first):
        return first
    return stored.complete_to - OVERLAP


def _asked_since(stored: KeptBars, now: datetime, final: date) -> bool:
    """Whether it was asked after the last close: a suspended share has no newer bar, however often one asks."""
    return stored.fetched_at.date() > final or now - stored.fetched_at < ASKED_LATELY
