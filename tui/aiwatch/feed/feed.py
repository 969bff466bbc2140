"""The feed itself: opens the sources, runs a poller for each, and hands over one batch a tick."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import AsyncExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings
from aiwatch.files.bounded import reason_of
from aiwatch.market.calendar.session import Session, SessionAt, Sessions, session_at
from aiwatch.market.data_sources import beside, usual_names
from aiwatch.market.quote import Quote
from aiwatch.market.source_health import Condition, SourceHealth, SourceTraffic, waiting_sources
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Exchange, Symbol

if TYPE_CHECKING:
    from aiwatch.feed.backoff import Jitter
    from aiwatch.feed.cross_check import CrossCheck
    from aiwatch.feed.poller import SourcePoller
    from aiwatch.feed.quote_book import QuoteBook
    from aiwatch.feed.router import Router
    from aiwatch.feed.stream_listener import Stream, StreamListener
    from aiwatch.market.merge import Disagreement
    from aiwatch.sources import Answer, Source

TICK = 0.1
"""Seconds between batches at the least: what the eye can follow and a terminal can draw."""

OpenSources = Callable[[AsyncExitStack], "AsyncIterator[tuple[Source, SourceSettings]]"]
"""Opens the sources on a stack that closes them, and hands over each as soon as it is open; called once, when the feed
is started."""

OpenStream = Callable[[], Awaitable["Stream"]]
"""Makes the stream, which opens its connection itself; called once, after the sources are open."""

INSIST_SECONDS = 15.0
"""Within so many seconds of a refresh that spared a silent host, another asks it all the same."""


class Refreshed(Struct, frozen=True):
    """What a refresh did: the titles of the sources whose hosts asked for ``silence`` and were not asked, or were asked
    all the same because a person ``insisted``."""

    silent: tuple[str, ...] = ()
    insisted: bool = False


class Batch(Struct, frozen=True):
    """What is new since the last tick: one quote a symbol, every source's health, the symbols nobody knows, and what
    sources disagree about now."""

    quotes: tuple[Quote, ...]
    health: tuple[SourceHealth, ...]
    unknown: frozenset[Symbol]
    disagreements: tuple[Disagreement, ...] = ()


class Feed:
    """Follows symbols. Opened with ``async with`` around the app; nothing is asked before `start`.

    ``names`` are the (name, title) of the sources to come (`usual_names` where they are not named), so that the screen
    can show them waiting; ``keep`` is handed the quotes of every batch, to be remembered after the run, and must return
    at once. ``open_stream`` makes a stream that goes on beside the sources; ``None`` for none.
    """

    def __init__(
        self,
        open_sources: OpenSources,
        clock: Clock,
        sessions: SessionAt = session_at,
        *,
        names: Sequence[tuple[str, str]] | None = None,
        jitter: Jitter | None = None,
        keep: Callable[[tuple[Quote, ...]], None] = lambda quotes: None,
        open_stream: OpenStream | None = None,
    ) -> None:
        self.generation = 0
        self.paused = False
        self._open_sources = open_sources
        self._clock = clock
        self._sessions = Sessions(clock, sessions)
        self._jitter = jitter
        self._keep = keep
        self._open_stream = open_stream
        self._stream: StreamListener | None = None
        self._no_stream: tuple[SourceHealth, ...] = ()
        """Why there is none, where one was wanted."""
        self._insist_until = 0.0
        self._symbols: tuple[Symbol, ...] = ()
        self.front: frozenset[Symbol] | None = None
        self.margin: frozenset[Symbol] = frozenset()
        self._is_complete = False
        """Whether all sources are open: until then nobody can say that a symbol is unknown to all."""
        self._cross_check: CrossCheck | None = None
        """Made before the first source is asked."""
        self._pollers: dict[str, SourcePoller] = {}
        self._silences: dict[str, float] = {}  # until when to spare the hosts of sources that are not open yet
        self._assignment: dict[str, list[Symbol]] = {}
        self._assignment_key: object = None
        self._waiting = waiting_sources(usual_names() if names is None else names)
        self._stopped = ""
        """Why the feed itself ended, which no failure of a source does; empty while it runs."""
        self._started = asyncio.Event()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run_to_the_end(), name="feed")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @cached_property
    def _book(self) -> QuoteBook:
        """The newest quotes; made, as the router is, when the feed begins: the first paint shows nothing of either."""
        from aiwatch.feed.quote_book import QuoteBook

        return QuoteBook()

    @cached_property
    def _router(self) -> Router:
        """Which source is asked for which symbol."""
        from aiwatch.feed.router import Router

        return Router((), self._is_backing_off)

    @property
    def health(self) -> tuple[SourceHealth, ...]:
        """Every source as it is doing now, in the order of preference."""
        opened = {name: poller.health for name, poller in self._pollers.items()}
        to_come = {} if self._is_complete else {health.name: health for health in self._waiting}
        polled = tuple((to_come | opened).values())
        sources = (*polled, *(self._no_stream if self._stream is None else (self._stream.health,)))
        if not self._stopped:
            return sources
        return tuple(replace(source, condition=Condition.STOPPED, why=self._stopped) for source in sources)

    @property
    def traffic(self) -> dict[str, SourceTraffic]:
        """What each source was asked in the last hour, by its name."""
        by_name = {name: poller.traffic for name, poller in self._pollers.items()}
        return by_name if self._stream is None else by_name | {self._stream.health.name: self._stream.traffic}

    def start(self) -> None:
        """Open the sources and begin to ask."""
        self._started.set()

    def follow(self, symbols: Sequence[Symbol]) -> None:
        """Follow just these from now on; answers to older requests are dropped."""
        self._symbols = tuple(dict.fromkeys(symbols))
        self.generation += 1
        if self._started.is_set():
            self._book.keep_only(self._symbols)
        if self._cross_check is not None:
            self._cross_check.keep_only(self._symbols)
        for poller in self._pollers.values():
            poller.keep_only(self._symbols)
        if self._stream is not None:
            self._stream.follow(self._symbols)
        self._news.set()

    def look_at(self, front: Collection[Symbol] | None, margin: Collection[Symbol] = ()) -> None:
        """Ask often for the symbols of ``front``, which a person sees or relies on, and seldom for the others; ``None``
        asks often for all. Those of ``margin`` that are not in ``front`` are asked for along with others."""
        before, self.front = (self.front, self.margin), None if front is None else frozenset(front)
        self.margin = frozenset(margin) - (self.front or frozenset())
        if (self.front, self.margin) != before:
            for poller in self._pollers.values():
                poller.wake()

    def refresh(self) -> Refreshed:
        """Ask every source at once for everything. A host that asked for silence is asked only by a second refresh
        within `INSIST_SECONDS` of the first."""
        now = asyncio.get_running_loop().time()
        pollers: list[SourcePoller | StreamListener] = [*self._pollers.values()]
        if self._stream is not None:
            pollers.append(self._stream)
        silent = tuple(poller.health.title for poller in pollers if poller.is_silent)
        insists = bool(silent) and now < self._insist_until
        self._insist_until = now + INSIST_SECONDS if silent and not insists else 0.0
        self._router.forget()
        for poller in pollers:
            poller.ask_again(insist=insists)
        return Refreshed(silent, insists)

    def pause(self, paused: bool) -> None:
        """Stop asking, or go on."""
        self.paused = paused
        for poller in self._pollers.values():
            poller.wake()
        if self._stream is not None:
            self._stream.pause(paused)

    async def batches(self) -> AsyncIterator[Batch]:
        """One batch a tick, while there is something new; ends only when cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._news.wait()
            began = loop.time()
            self._news.clear()
            quotes = self._book.drain()
            self._keep(quotes)
            disagreements = self._cross_check.disagreements if self._cross_check is not None else ()
            unknown = self._router.unknown() if self._is_complete else frozenset()
            yield Batch(quotes, self.health, unknown, disagreements)
            await asyncio.sleep(max(0.0, began + TICK - loop.time()))

    def assigned(self, name: str) -> list[Symbol]:
        """The symbols the source called ``name`` is to be asked for now."""
        resting = tuple(poller.is_backing_off for poller in self._pollers.values())
        late = tuple(poller.is_late for poller in self._pollers.values())
        key = (self.generation, self._router.version, resting, late, len(self._book) if any(late) else 0)
        if key != self._assignment_key:
            self._assignment_key = key
            self._assignment = self._router.assignment(self._symbols)
        return self._assignment[name]

    def is_priced(self, symbol: Symbol) -> bool:
        """Whether any source has priced ``symbol`` since it is followed."""
        return self._book.get(symbol) is not None

    def session(self, exchange: Exchange) -> Session:
        """What ``exchange`` is doing now."""
        return self._sessions(exchange)

    def receive(self, name: str, answer: Answer) -> None:
        """Book an answer of the source called ``name``."""
        self._router.note_known(quote.symbol for quote in answer.quotes)
        if answer.unknown:
            self._router.note_unknown(name, answer.unknown)
            self._wake_all_but(name)
        if answer.refused:
            self._pass_on(name, answer)
        self._compare(answer.quotes)
        self._book.add(answer.quotes)
        self._news.set()

    def _compare(self, quotes: Sequence[Quote]) -> None:
        if self._cross_check is not None:
            self._cross_check.note(quotes)

    def _pass_on(self, name: str, answer: Answer) -> None:
        """Ask others for what was refused, if anything but strays was."""
        texts = {refusal.symbol for refusal in answer.refused}
        doubted = [symbol for symbol in self._symbols if symbol.text in texts]
        if doubted:
            self._router.note_doubted(name, doubted)
            self._wake_all_but(name)

    def stream(self, quotes: Sequence[Quote]) -> None:
        """Book quotes of the stream."""
        self._compare(quotes)
        if self._book.add(quotes):
            self._news.set()

    def announce_stream(self) -> None:
        """The stream's health changed: tell the screen."""
        self._news.set()

    def announce(self, name: str) -> None:
        """A source's health changed: tell the screen, and let the others take over or hand back."""
        self._news.set()
        for neighbour in beside(name) & self._pollers.keys():
            self._pollers[neighbour].keep_silent(self._pollers[name].silent_until)
        if self._pollers[name].health.condition is not Condition.OK:
            self._wake_all_but(name)

    def announce_recovery(self, name: str) -> None:
        """A host answers again: those that went out with it are likely to, too."""
        for poller_name, poller in self._pollers.items():
            if poller_name != name:
                poller.try_again()
        if self._stream is not None and self._stream.health.name != name:
            self._stream.try_again()

    def silent_seconds(self, name: str) -> float:
        """How much longer the host of the source called ``name`` is left alone because it asked for silence."""
        now = asyncio.get_running_loop().time()
        seconds = {source: until - now for source, until in self._silences.items()}
        seconds |= {source: poller.silent_seconds for source, poller in self._pollers.items()}
        return max(0.0, *(seconds.get(source, 0.0) for source in (name, *beside(name))))

    def keep_silent(self, name: str, seconds: float) -> None:
        """Leave the host of the source called ``name`` alone for so long: it asked for silence when it was asked for
        something else, such as price history."""
        until = asyncio.get_running_loop().time() + seconds
        for neighbour in {name, *beside(name)}:
            if neighbour in self._pollers:
                self._pollers[neighbour].keep_silent(until)
            else:
                self._silences[neighbour] = until
        self._wake_all_but(name)
        self._news.set()

    def announce_late(self, name: str) -> None:
        """A source is late: let the others ask for what has no price."""
        self._wake_all_but(name)

    def _wake_all_but(self, name: str) -> None:
        for source, poller in self._pollers.items():
            if source != name:
                poller.wake()

    def _is_backing_off(self, name: str, symbol: Symbol) -> bool:
        poller = self._pollers[name]
        return poller.is_backing_off or (poller.is_late and not self.is_priced(symbol))

    def _catch_up(self) -> None:
        """The clock jumped: nothing that was planned or believed by it holds."""
        self._book.forget_ahead(self._clock())
        for poller in self._pollers.values():
            poller.catch_up()
        if self._stream is not None:
            self._stream.catch_up()
        self._news.set()

    async def _run_to_the_end(self) -> None:
        """Run, and say so on the screen when that ends with an error."""
        try:
            await self._run()
        except Exception as error:  # nobody waits for this task: without a word the prices would just stand still
            while isinstance(error, ExceptionGroup):
                error = error.exceptions[0]
            self._stopped = f"the feed stopped ({type(error).__name__}: {reason_of(error)}): start aiwatch again"
            self._news.set()

    async def _run(self) -> None:
        await self._started.wait()
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            try:
                await self._open_all(stack, group)
            except Exception as error:  # whatever it is, the screen stays and says it
                why = str(error) or type(error).__name__
                self._waiting = tuple(replace(each, condition=Condition.FAILING, why=why) for each in self._waiting)
                self._news.set()

    async def _open_all(self, stack: AsyncExitStack, group: asyncio.TaskGroup) -> None:
        """Open the sources and the stream, and set each going as soon as it is open."""
        parts = await asyncio.to_thread(_parts)
        self._cross_check = parts.cross_check()
        group.create_task(parts.watch_clock(self._clock, self._catch_up), name="clock")
        async for source, settings in self._open_sources(stack):
            poller = parts.poller(source, settings, self, self._clock, self._jitter)
            poller.keep_silent(self._silences.pop(source.name, 0.0))
            self._router.add(source)
            self._pollers[source.name] = poller
            group.create_task(poller.run(), name=f"poller {source.name}")
            self._news.set()
        self._is_complete = True
        self._wake_all_but("")
        if self._open_stream is not None:
            await self._begin_stream(self._open_stream, parts.listener, group)
        self._news.set()

    async def _begin_stream(
        self, open_stream: OpenStream, listener: type[StreamListener], group: asyncio.TaskGroup
    ) -> None:
        try:
            stream = await open_stream()
        except Exception as error:  # the sources go on without it
            why = str(error) or type(error).__name__
            self._no_stream = (SourceHealth("stream", "Stream", Condition.STOPPED, why=why),)
            return
        self._stream = listener(stream, self, self._clock)
        self._stream.follow(self._symbols)
        self._stream.pause(self.paused)
        group.create_task(self._stream.run(), name="stream")


class _Parts(NamedTuple):
    """What a running feed is made of."""

    poller: type[SourcePoller]
    listener: type[StreamListener]
    cross_check: type[CrossCheck]
    watch_clock: Callable[[Clock, Callable[[], None]], Coroutine[Any, Any, None]]


def _parts() -> _Parts:
    """Nothing is asked before the first paint, so they are imported after it."""
    from aiwatch.feed.backoff import watch_clock
    from aiwatch.feed.cross_check import CrossCheck
    from aiwatch.feed.poller import SourcePoller
    from aiwatch.feed.stream_listener import StreamListener

    return _Parts(SourcePoller, StreamListener, CrossCheck, watch_clock)
