"""Price history for the screen and the commands: what is kept first, then the hosts, one flight a symbol.

Nothing here raises for a host or a file that fails: a `Bars` says what is the matter. The order in which hosts are
asked is handed in, so this knows no host by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from aiwatch.history.asking.rests import HostRests
from aiwatch.history.asking.sources import Asked, SourceAsker
from aiwatch.history.events import STILL_ASKED, EventsLearner, has_events
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.notices import gap_words, kept_words
from aiwatch.history.results import Bars
from aiwatch.history.store import Conflict, HistoryStore, KeptBars
from aiwatch.market.bars import Interval, Range, Series, resampled, within
from aiwatch.market.calendar.final_days import DayOf, last_final_day
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol
from aiwatch.sources.bars import BarSource

INTRADAY_SECONDS = 60.0
"""How old intraday bars may be while a chart of them is open."""
ASKED_LATELY = timedelta(minutes=10)
"""How soon a source is asked again that has no bar of the last session."""
WARM_DAYS = 7
"""Lists are warmed only when a chart or a comparison was looked at within so many days."""
_USED = "used"
_NO_ROWS: tuple[KeptBars, ...] = ()
_NO_CONFLICTS: tuple[Conflict, ...] = ()

Choose = Callable[[Symbol, Interval], Sequence[BarSource]]
"""The sources of bars of a symbol, the first choice first."""


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
        self._asker = SourceAsker(keeper, rests, clock, day_of)
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
        await self._asker.close()
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
        patience: float | None = None,
    ) -> Bars:
        """The bars that ``span`` shows, asked of the hosts where what is kept is not enough or not new enough.

        ``source`` asks that one alone; ``force`` asks though what is kept is new. Who asks for the same meanwhile gets
        the same answer. ``patience``: after how many seconds another way to the same host is tried beside one that is
        slow, and dividends and splits of another source are waited for no longer; ``None`` for as long as it takes.
        """
        interval = interval or span.interval
        first = self._first(symbol, span)
        fetched = await self._in_flight(symbol, first, _base(interval), source, force, patience)
        fetched = await self._with_events(fetched, first, patience)
        if fetched.series is None:
            return _instead(fetched, await self.kept(symbol, span, interval, source))
        series, conflicts = await self._joined(fetched.series, first, span, interval)
        return replace(
            fetched,
            interval=interval,
            series=series,
            notices=(*fetched.notices, *gap_words(series)),
            conflicts=conflicts,
        )

    async def _joined(
        self, newest: Series, first: date | None, span: Range, interval: Interval
    ) -> tuple[Series, tuple[Conflict, ...]]:
        """``newest`` with the kept days before it, as ``span`` shows it, and the conflicts; worked out off the loop."""

        def join(store: HistoryStore) -> tuple[Series, tuple[Conflict, ...]]:
            joined = _merged(_read_base(store, newest, first), newest)
            return self._shown(joined, span, interval), store.conflicts(newest.symbol)

        return await self._keeper.run(join, (self._shown(newest, span, interval), _NO_CONFLICTS))

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
        answer = await self._in_flight(symbol, first, Interval.DAY, "")
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

    async def _in_flight(
        self,
        symbol: Symbol,
        first: date | None,
        base: Interval,
        source: str,
        force: bool = False,
        patience: float | None = None,
    ) -> Bars:
        """What `_fetch` gives; the same question meanwhile gets the same answer."""
        key = (symbol, base, source, first)
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._fetch(symbol, first, base, source, force, patience), name="history")
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._flights.pop(key, None))
        return await asyncio.shield(flight)

    async def _fetch(
        self,
        symbol: Symbol,
        first: date | None,
        base: Interval,
        source: str,
        force: bool,
        patience: float | None,
    ) -> Bars:
        """Ask the sources in their order until one answers; keep its answer."""
        sources = [candidate for candidate in self._choose(symbol, base) if source in ("", candidate.name)]
        if not sources:
            return Bars(symbol, base, problem=f"No source has {base} bars of {symbol}")
        if not force and await self._keeper.run(
            lambda store: self._has_enough(store, symbol, base, sources, first), False
        ):
            return Bars(symbol, base, is_kept=True, notices=self._said.get((symbol, base), ()))
        stored = {row.source: row for row in await self._keeper.run(lambda store: store.kept(symbol, base), _NO_ROWS)}
        answer = await self._asker.ask(sources, Asked(symbol, base, first), stored, patience)
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

    def _has_enough(
        self, store: HistoryStore, symbol: Symbol, base: Interval, sources: Sequence[BarSource], first: date | None
    ) -> bool:
        """Whether no source need be asked for the bars from ``first`` on."""
        stored = {row.source: row for row in store.kept(symbol, base)}
        held = next((stored[source.name] for source in sources if source.name in stored), None)
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
    """What is kept of the series that was just fetched; of one that reaches back to ``first`` only its events, for its
    days are those kept."""
    reached = fetched.complete_from
    if reached is None or (first is not None and reached <= first):
        return replace(fetched, bars=(), events=store.events(fetched.symbol))
    return store.read(fetched.symbol, fetched.interval, fetched.source, first)


def _merged(series: Series | None, fetched: Series) -> Series:
    """``fetched`` with the kept bars of the same source before it."""
    if series is None or series.source != fetched.source or not fetched.bars or series.interval is not fetched.interval:
        return fetched
    earlier = tuple(bar for bar in series.bars if bar.when < fetched.bars[0].when)
    missing = tuple(sorted({*series.missing, *fetched.missing} - set(fetched.days)))
    return replace(fetched, bars=earlier + fetched.bars, events=series.events or fetched.events, missing=missing)


def _asked_since(stored: KeptBars, now: datetime, final: date) -> bool:
    """Whether it was asked after the last close: a suspended share has no newer bar, however often one asks."""
    return stored.fetched_at.date() > final or now - stored.fetched_at < ASKED_LATELY
