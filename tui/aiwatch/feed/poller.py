"""One source's loop: ask, wait for the answer, then sleep. One request is under way at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import SourceError
from aiwatch.feed.backoff import Jitter, Rest, ten_percent
from aiwatch.feed.schedule import EARLY, Asked, asked_now, wait
from aiwatch.feed.traffic import Traffic
from aiwatch.market.calendar.session import Session
from aiwatch.market.source_health import Condition, SourceHealth, SourceTraffic
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Exchange, Symbol
from aiwatch.sources import Answer, Source

LATE_AFTER = 3.0
"""Seconds after which an answer is late: what has no price yet is asked for elsewhere meanwhile."""

LONGEST_GAP = 1.0
"""Seconds at most between the requests of one round; a twentieth of the interval where that is shorter."""

LONGEST_LOOK = 60.0
"""Seconds at most until a lane looks again whether something is due: a computer that slept counts none of them."""


class Wishes(Protocol):
    """What a lane needs to know of the feed it runs for."""

    generation: int
    paused: bool

    def assigned(self, name: str) -> list[Symbol]:
        """The symbols the lane is to ask for now."""
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
        """The source called ``name`` lets one wait for its answer."""
        ...


class Lane:
    """Polls one source for the symbols assigned to it, and leaves it alone for a while when it fails."""

    def __init__(
        self,
        source: Source,
        settings: SourceSettings,
        wishes: Wishes,
        clock: Clock,
        jitter: Jitter | None = None,
    ) -> None:
        self.source = source
        self._settings = settings
        self._wishes = wishes
        self._clock = clock
        self._jitter = jitter or ten_percent
        self._rest = Rest(self._jitter)
        self._rest_until = 0.0
        self._silent_until = 0.0
        self._asking_since: float | None = None
        self._asked: dict[Symbol, Asked] = {}
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
    def is_resting(self) -> bool:
        """Whether its symbols should be asked for elsewhere: also while a source that was out is tried again."""
        now = asyncio.get_running_loop().time()
        left_alone = now < self._rest_until or self._asking_since is not None
        return now < self._silent_until or (self._rest.is_outage and left_alone)

    @property
    def is_late(self) -> bool:
        """Whether it was asked more than `LATE_AFTER` seconds ago and has not answered."""
        since = self._asking_since
        return since is not None and asyncio.get_running_loop().time() - since >= LATE_AFTER

    @property
    def silent_until(self) -> float:
        """The loop time up to which the host asked for silence; 0 when it did not."""
        return self._rest_until if self._rest.rate_limits else 0.0

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
        self._asked = {symbol: asked for symbol, asked in self._asked.items() if asked.at > recent}
        if insist:
            self._silent_until = 0.0
        if insist or not self._rest.rate_limits:
            self._rest_until = 0.0
        self.wake()

    def catch_up(self) -> None:
        """The clock jumped, or the computer slept: make due whatever was asked long ago by the clock of now, and tell
        by it when the next try is. A rest itself is as long as it was: it spares the host."""
        now, interval = self._clock(), timedelta(seconds=self._settings.interval)
        recent = {symbol: asked for symbol, asked in self._asked.items() if timedelta() <= now - asked.when < interval}
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
        if self._wishes.paused:
            return self._settings.interval_closed
        resting = max(self._rest_until, self._silent_until)
        if now < resting:
            return resting - now
        symbols = self._wishes.assigned(self.source.name)
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
        """Those of ``symbols`` to ask for at loop time ``at``, and the seconds until the first of the others is due."""
        settings, now, asked_of = self._settings, self._clock(), self._asked.get
        interval, late = settings.interval, at - settings.interval * EARLY
        sessions: dict[str, tuple[Session, bool]] = {}
        due, pause = [], LONGEST_LOOK
        for symbol in symbols:
            exchange = symbol.exchange
            known = sessions.get(exchange.code)
            if known is None:
                session = self._wishes.session(exchange)
                known = sessions[exchange.code] = session, session.phase.is_trading
            asked = asked_of(symbol)
            if asked is not None and known[1]:  # nearly always so in a long list: `wait` without the call
                left = 0.0 if asked.at <= late else asked.at + interval - at
            else:
                left = wait(known[0], asked, at, interval, settings.interval_closed, now)
            if left <= 0:
                due.append(symbol)
            elif left < pause:
                pause = left
        return due, pause

    async def _ask(self, symbols: Sequence[Symbol], following: int) -> bool:
        """One request a batch; returns whether the source answered them all."""
        generation = self._wishes.generation
        limit = self.source.batch_limit
        for start in range(0, len(symbols), limit):
            if start:
                await asyncio.sleep(min(LONGEST_GAP, self._settings.interval / 20))
            batch = symbols[start : start + limit]
            began, before = asyncio.get_running_loop().time(), self.source.received_bytes
            try:
                answer = await self._fetch(batch)
            except SourceError as error:
                self._fail(error)
                return False
            except Exception as error:  # a client's slip must not end the loop: it is told like any other failure
                self._fail(SourceError(self.source.title, f"unexpected answer: {type(error).__name__}: {error}"))
                return False
            finally:
                seconds = asyncio.get_running_loop().time() - began
                self._traffic.note_request(self._clock(), seconds, self.source.received_bytes - before)
            self._succeed(answer, following)
            if generation != self._wishes.generation:
                return True
            self._asked.update(asked_now(batch, answer.quotes, asyncio.get_running_loop().time(), self._clock()))
            self._wishes.receive(self.source.name, answer)
        return True

    async def _fetch(self, batch: Sequence[Symbol]) -> Answer:
        loop = asyncio.get_running_loop()
        self._asking_since = loop.time()
        late = loop.call_later(LATE_AFTER, self._wishes.announce_late, self.source.name)
        try:
            return await self.source.fetch(batch)
        finally:
            late.cancel()
            self._asking_since = None

    def _succeed(self, answer: Answer, following: int) -> None:
        self._rest.succeed()
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

    def _fail(self, error: SourceError) -> None:
        pause = self._rest.fail(error)
        self._traffic.note_rest(self._clock())
        self._rest_until = asyncio.get_running_loop().time() + pause
        self._note(
            replace(
                self._health,
                condition=Condition.FAILING,
                why=str(error),
                next_try=self._clock() + timedelta(seconds=pause),
                failures=self._rest.failures,
            )
        )

    def _note(self, health: SourceHealth) -> None:
        self._health = health
        self._wishes.announce(self.source.name)

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
