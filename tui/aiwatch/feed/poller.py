"""One source's loop: ask, wait for the answer, then sleep."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import SourceError
from aiwatch.feed.backoff import Backoff, Jitter, ten_percent
from aiwatch.feed.schedule import EARLY, LastAnswer, asked_now, wait
from aiwatch.feed.traffic import Traffic
from aiwatch.market.calendar.session import Session, session_for
from aiwatch.market.security import Board
from aiwatch.market.source_health import Condition, SourceHealth, SourceTraffic
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Exchange, Symbol
from aiwatch.sources import Answer, Source

_REPO = Board.REPO  # looking up a member of an enumeration costs more than the rest of a row

LATE_AFTER = 3.0
"""Seconds after which an answer is late: what has no price yet is asked for elsewhere meanwhile."""

LONGEST_GAP = 1.0
"""Seconds at most between the requests of one round; a twentieth of the interval where that is shorter. None while
there are symbols without any price."""

MOST_AT_ONCE = 4
"""Requests under way at a time to one host, for symbols without any price; otherwise one is."""

BACKGROUND_INTERVAL = 15.0
"""Seconds at least between two questions about a symbol that nobody looks at."""

MARGIN_INTERVAL = 30.0
"""Seconds at least between two requests for nothing but what stands in the margin: it comes along with others."""

LONGEST_LOOK = 60.0
"""Seconds at most until a poller looks again whether something is due: a computer that slept counts none of them."""


class PollerHost(Protocol):
    """What a poller needs to know of the feed it runs for; ``front`` are the symbols that are looked at, ``None`` for
    all of them but those of the ``margin``, which are seen beside them and not worth a request of their own."""

    generation: int
    paused: bool
    front: frozenset[Symbol] | None
    margin: frozenset[Symbol]

    def assigned(self, name: str) -> list[Symbol]:
        """The symbols the poller is to ask for now."""
        ...

    def is_priced(self, symbol: Symbol) -> bool:
        """Whether any source has priced ``symbol`` yet."""
        ...

    def session(self, exchange: Exchange) -> Session:
        """What ``exchange`` is doing now: it decides when its symbols are asked for."""
        ...

    def receive(self, name: str, answer: Answer) -> None:
        """Take an answer of the present generation."""
        ...

    def announce(self, name: str) -> None:
        """The health of the source called ``name`` changed."""
        ...

    def announce_late(self, name: str) -> None:
        """The source called ``name`` is late with its answer."""
        ...

    def announce_recovery(self, name: str) -> None:
        """The source called ``name`` was out, and answers again."""
        ...


class SourcePoller:
    """Polls one source for the symbols assigned to it, and leaves it alone for a while when it fails."""

    def __init__(
        self,
        source: Source,
        settings: SourceSettings,
        host: PollerHost,
        clock: Clock,
        jitter: Jitter | None = None,
    ) -> None:
        self.source = source
        self._settings = settings
        self._host = host
        self._clock = clock
        self._jitter = jitter or ten_percent
        self._backoff = Backoff(self._jitter)
        self._rest_until = 0.0
        self._silent_until = 0.0
        self._asking: list[float] = []
        """When each request under way was sent, by the loop's time."""
        self._counted_bytes = 0
        self._asked: dict[Symbol, LastAnswer] = {}
        self._wake = asyncio.Event()
        self._health = SourceHealth(source.name, source.title, Condition.WAITING)
        self._traffic = Traffic()

    @property
    def health(self) -> SourceHealth:
        """How the source is doing now."""
        return self._health

    @property
    def traffic(self) -> SourceTraffic:
        """What it was asked in the last hour."""
        return self._traffic.summary(self._clock())

    @property
    def is_backing_off(self) -> bool:
        """Whether its symbols should be asked for elsewhere: also while a source that was out is tried again."""
        now = asyncio.get_running_loop().time()
        left_alone = now < self._rest_until or bool(self._asking)
        return now < self._silent_until or (self._backoff.is_outage and left_alone)

    @property
    def is_late(self) -> bool:
        """Whether it was asked more than `LATE_AFTER` seconds ago and has not answered."""
        return bool(self._asking) and asyncio.get_running_loop().time() - min(self._asking) >= LATE_AFTER

    @property
    def silent_until(self) -> float:
        """The loop time up to which the host asked for silence; 0 when it did not."""
        return self._rest_until if self._backoff.rate_limits else 0.0

    @property
    def is_silent(self) -> bool:
        """Whether it is left alone because its host asked for silence."""
        return self.silent_seconds > 0

    @property
    def silent_seconds(self) -> float:
        """How much longer it is left alone because its host asked for silence, here or elsewhere."""
        return max(0.0, max(self._silent_until, self.silent_until) - asyncio.get_running_loop().time())

    def keep_silent(self, until: float) -> None:
        """Leave the host alone up to the loop time ``until``: it asked another source of its own for silence."""
        self._silent_until = max(self._silent_until, until)

    def wake(self) -> None:
        """Look at once whether there is something to ask."""
        self._wake.set()

    def ask_again(self, *, insist: bool = False) -> None:
        """Make due whatever was not asked just now, and cut short the pause of a host that is down; that of one which
        asked for silence only if a person does ``insist``."""
        recent = asyncio.get_running_loop().time() - self._settings.interval / 2
        self._asked = {symbol: answer for symbol, answer in self._asked.items() if answer.at > recent}
        if insist:
            self._silent_until = 0.0
        if insist or not self._backoff.rate_limits:
            self._rest_until = 0.0
        self.wake()

    def try_again(self) -> None:
        """Another host of the same outage answers again: do not wait for the end of the pause."""
        if self._backoff.failures and self._backoff.may_be_cut_short:
            self._rest_until = 0.0
            self.wake()

    def catch_up(self) -> None:
        """The clock jumped, or the computer slept: make due whatever was asked long ago by the clock of now, and tell
        by it when the next try is. A rest itself is as long as it was: it spares the host."""
        now, interval = self._clock(), timedelta(seconds=self._settings.interval)
        recent = {
            symbol: answer for symbol, answer in self._asked.items() if timedelta() <= now - answer.when < interval
        }
        self._asked = recent
        if self._health.next_try is not None:
            left = max(0.0, self._rest_until - asyncio.get_running_loop().time())
            self._note(replace(self._health, next_try=now + timedelta(seconds=left)))
        self.wake()

    def keep_only(self, symbols: Collection[Symbol]) -> None:
        """Forget when symbols that are not followed any more were asked."""
        for symbol in self._asked.keys() - set(symbols):
            del self._asked[symbol]
        self.wake()

    async def run(self) -> None:
        """Poll until cancelled. No failure of the source ends it."""
        while True:
            self._wake.clear()
            pause = await self._round()
            await self._sleep(pause)

    async def _round(self) -> float:
        """Ask for everything that is due; returns the seconds until something will be."""
        now = asyncio.get_running_loop().time()
        if self._host.paused:
            return self._settings.interval_closed
        resting = max(self._rest_until, self._silent_until)
        if now < resting:
            return resting - now
        symbols = self._host.assigned(self.source.name)
        if not symbols:
            if self._health.condition is Condition.WAITING:
                self._note(replace(self._health, condition=Condition.IDLE))
            return self._settings.interval_closed
        due, pause = self._due(symbols, now)
        if not due:
            return pause
        if not await self._ask(due, len(symbols)):
            return max(0.0, self._rest_until - asyncio.get_running_loop().time())
        due, pause = self._due(symbols, asyncio.get_running_loop().time())
        return 0.0 if due else self._jitter(pause)

    def _due(self, symbols: Sequence[Symbol], at: float) -> tuple[list[Symbol], float]:
        """Those of ``symbols`` to ask for at loop time ``at``, what is looked at first, and the seconds until the first
        of the others is due. What stands in the margin comes along where that makes no request more."""
        settings, now, asked_of, front = self._settings, self._clock(), self._asked.get, self._host.front
        margin = self._host.margin
        background, alone = max(settings.interval, BACKGROUND_INTERVAL), max(settings.interval, MARGIN_INTERVAL)
        sessions: dict[str, tuple[Session, bool]] = {}
        due: list[Symbol] = []
        behind: list[Symbol] = []
        along: list[Symbol] = []
        pause = LONGEST_LOOK
        for symbol in symbols:
            exchange = symbol.exchange
            place = exchange.code if symbol.board is not _REPO else exchange.code + _REPO
            held_session = sessions.get(place)
            if held_session is None:
                session = session_for(symbol, self._host.session(exchange))
                held_session = sessions[place] = session, session.phase.is_trading
            answer, is_beside = asked_of(symbol), symbol in margin
            in_front = not is_beside and (front is None or symbol in front)
            interval = settings.interval if in_front else alone if is_beside else background
            if answer is not None and held_session[1]:  # nearly always so in a long list: `wait` without the call
                left = 0.0 if answer.at + interval * EARLY <= at else answer.at + interval - at
            else:
                left = wait(held_session[0], answer, at, interval, settings.interval_closed, now)
            if left <= 0:
                (due if in_front else behind).append(symbol)
            else:
                if is_beside and answer is not None and answer.at + settings.interval * EARLY <= at:
                    along.append(symbol)
                pause = min(pause, left)
        waiting = due + behind
        return waiting + along[: -len(waiting) % self.source.batch_limit], pause

    async def _ask(self, symbols: Sequence[Symbol], following: int) -> bool:
        """One request a batch; returns whether the source answered them all.

        What has no price yet comes first and without pauses: the first request alone, so that a host that is out is
        asked once, then up to `MOST_AT_ONCE` at a time.
        """
        is_priced, limit = self._host.is_priced, self.source.batch_limit
        first: list[Symbol] = []
        rest: list[Symbol] = []
        for symbol in symbols:
            (rest if is_priced(symbol) else first).append(symbol)
        ordered = first + rest
        batches = [ordered[start : start + limit] for start in range(0, len(ordered), limit)]
        eager, generation = -(-len(first) // limit), self._host.generation

        async def ask_each(waiting: Iterator[Sequence[Symbol]]) -> bool:
            for batch in waiting:
                if not await self._ask_once(batch, following, generation):
                    deque(waiting, maxlen=0)  # nor does any other request follow
                    return False
            return True

        if eager:
            if not await ask_each(iter(batches[:1])):
                return False
            waiting = iter(batches[1:eager])
            answered = await asyncio.gather(*(ask_each(waiting) for _ in range(min(MOST_AT_ONCE, eager - 1))))
            if not all(answered):
                return False
        front, began = self._host.front, asyncio.get_running_loop().time()
        for number, batch in enumerate(batches[eager:]):
            if eager or number:
                await asyncio.sleep(min(LONGEST_GAP, self._settings.interval / 20))
            lasts = asyncio.get_running_loop().time() - began >= self._settings.interval
            if lasts and front is not None and batch[0] not in front:
                return True  # what is looked at is due again, and the rest goes on after it
            if not await self._ask_once(batch, following, generation):
                return False
        return True

    async def _ask_once(self, batch: Sequence[Symbol], following: int, generation: int) -> bool:
        """Ask for ``batch``; returns whether to go on: the source answered, and the same symbols are still followed."""
        failures = self._backoff.failures
        try:
            answer = await self._fetch(batch)
        except SourceError as error:
            failure = error
        except Exception as error:  # a client's slip must not end the loop: it is reported like any other failure
            failure = SourceError(self.source.title, f"unexpected answer: {type(error).__name__}: {error}")
        else:
            self._succeed(answer, following)
            if generation != self._host.generation:
                return False
            self._asked.update(asked_now(batch, answer.quotes, asyncio.get_running_loop().time(), self._clock()))
            self._host.receive(self.source.name, answer)
            return True
        if self._backoff.failures == failures:  # several requests that fail together are one failure
            self._fail(failure)
        return False

    async def _fetch(self, batch: Sequence[Symbol]) -> Answer:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._asking.append(began)
        late = loop.call_later(LATE_AFTER, self._host.announce_late, self.source.name)
        try:
            return await self.source.fetch(batch)
        finally:
            late.cancel()
            self._asking.remove(began)
            received, self._counted_bytes = self.source.received_bytes - self._counted_bytes, self.source.received_bytes
            self._traffic.note_request(self._clock(), loop.time() - began, received)

    def _succeed(self, answer: Answer, following: int) -> None:
        was_out = self._backoff.is_outage
        self._backoff.succeed()
        self._rest_until = 0.0
        refused = answer.refused
        self._traffic.note_refusals(refused)
        self._note(
            replace(
                self._health,
                condition=Condition.OK,
                last_success=self._clock(),
                why="",
                next_try=None,
                failures=0,
                following=following,
                dropped=self._health.dropped + len(refused),
                last_refusal=f"{refused[-1].symbol}: {refused[-1].reason}" if refused else self._health.last_refusal,
            )
        )
        if was_out:
            self._host.announce_recovery(self.source.name)

    def _fail(self, error: SourceError) -> None:
        pause = self._backoff.fail(error)
        self._traffic.note_rest(self._clock())
        self._rest_until = asyncio.get_running_loop().time() + pause
        self._note(
            replace(
                self._health,
                condition=Condition.FAILING,
                why=str(error),
                next_try=self._clock() + timedelta(seconds=pause),
                failures=self._backoff.failures,
            )
        )

    def _note(self, health: SourceHealth) -> None:
        self._health = health
        self._host.announce(self.source.name)

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
