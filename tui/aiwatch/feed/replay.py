"""A feed that plays a recording: the same bodies through the same parsers, at the recorded times or faster."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import structs

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import AiwatchError, FileError, Garbled, SourceError
from aiwatch.feed.feed import Feed, Refreshed
from aiwatch.files.bounded import mapped, reason_of
from aiwatch.market.calendar.session import SessionAt, session_at
from aiwatch.market.source_health import Condition, SourceHealth, SourceTraffic
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources import Answer, Source
from aiwatch.sources.recording import Captured

if TYPE_CHECKING:
    from aiwatch.sources.registry import Reader

CHUNK = 100
"""Answers read from the file at a time, off the event loop."""
CHUNK_BYTES = 2**20
"""After which a chunk takes no more of them."""
MOST_SOURCES = 20
"""Sources whose state is shown, whatever a recording names."""

Readers = Mapping[str, "Reader"]


class ReplayClock:
    """Stands at ``start`` until it is begun, then runs ``speed`` times as fast as the world's, and can be stopped."""

    def __init__(self, start: datetime, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.speed = speed
        self._monotonic = monotonic
        self._at = start
        self._since: float | None = None

    def __call__(self) -> datetime:
        """The replayed moment, aware UTC."""
        if self._since is None:
            return self._at
        return self._at + timedelta(seconds=(self._monotonic() - self._since) * self.speed)

    def begin(self) -> None:
        """Run, or go on after `stop`."""
        if self._since is None:
            self._since = self._monotonic()

    def stop(self) -> None:
        """Stand still."""
        self._at, self._since = self(), None

    def seconds_until(self, moment: datetime) -> float:
        """How long the world has to wait until ``moment`` is reached."""
        return max(0.0, (moment - self()).total_seconds() / self.speed)


class ReplayFeed(Feed):
    """Plays ``captured`` in place of asking anyone. ``load_readers`` imports the parsers; it is called once started."""

    def __init__(
        self,
        captured: Iterator[Captured],
        load_readers: Callable[[], Readers],
        clock: ReplayClock,
        sessions: SessionAt = session_at,
        *,
        names: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(_no_sources, clock, sessions, names=names)
        self._is_complete = True
        self._captured = captured
        self._load_readers = load_readers
        self._broken: Exception | None = None
        self._replay_clock = clock
        self._going = asyncio.Event()
        self._going.set()
        self._states = {health.name: health for health in self._waiting}

    @property
    def health(self) -> tuple[SourceHealth, ...]:
        """Every source as it was doing then."""
        return tuple(self._states.values())

    @property
    def traffic(self) -> dict[str, SourceTraffic]:
        """Nothing: nobody is asked."""
        return {}

    def refresh(self) -> Refreshed:
        """Do nothing: there is nobody to ask."""
        return Refreshed()

    def pause(self, paused: bool) -> None:
        """Stop the replay's clock, or let it go on."""
        self.paused = paused
        if paused:
            self._replay_clock.stop()
            self._going.clear()
        else:
            self._replay_clock.begin()
            self._going.set()

    async def _run(self) -> None:
        await self._started.wait()
        try:
            readers = await asyncio.to_thread(self._load_readers)
            self._replay_clock.begin()
            while chunk := await asyncio.to_thread(self._read_chunk, readers):
                for captured, answer in chunk:
                    await self._wait_for(captured.at)
                    self._play(captured, answer)
                    await asyncio.sleep(0)
            self._end("the recording has ended", Condition.IDLE)
        except FileError as error:
            broken = error.problems[0]
            self._end(f"{broken.path.name}:{broken.line}: {broken.what}", Condition.STOPPED)
        except Exception as error:  # nobody waits for this task: the screen shows it
            self._end(f"the recording cannot be played on: {reason_of(error)}", Condition.STOPPED)

    def _read_chunk(self, readers: Readers) -> list[tuple[Captured, Answer | AiwatchError]]:
        """The next answers, as their sources' parsers read them. Raises what broke the recording, once all before it
        has been given. Blocks."""
        if self._broken is not None:
            raise self._broken
        chunk: list[tuple[Captured, Answer | AiwatchError]] = []
        size = 0
        while len(chunk) < CHUNK and size < CHUNK_BYTES:
            try:
                captured = next(self._captured, None)
            except Exception as error:
                self._broken = error
                break
            if captured is None:
                break
            size += len(captured.body)
            chunk.append((replace(captured, body=b""), _answer(captured, readers)))
        if self._broken is not None and not chunk:
            raise self._broken
        return chunk

    async def _wait_for(self, moment: datetime) -> None:
        while (seconds := self._replay_clock.seconds_until(moment)) > 0 or self.paused:
            await self._going.wait()
            await asyncio.sleep(min(seconds, 0.2))

    def _play(self, captured: Captured, answer: Answer | AiwatchError) -> None:
        health = self._states.get(captured.source)
        if health is None:
            if len(self._states) >= MOST_SOURCES:
                return
            health = SourceHealth(captured.source, captured.source.title(), Condition.WAITING)
        if isinstance(answer, AiwatchError):
            health = structs.replace(health, condition=Condition.FAILING, why=str(answer), failures=health.failures + 1)
        else:
            refused = answer.refused
            last = f"{refused[-1].symbol}: {refused[-1].reason}" if refused else health.last_refusal
            health = structs.replace(
                health,
                condition=Condition.OK,
                last_success=captured.at,
                why="",
                failures=0,
                dropped=health.dropped + len(refused),
                last_refusal=last,
            )
            self._book.add(answer.quotes)
        self._states[captured.source] = health
        self._news.set()

    def _end(self, why: str, condition: Condition) -> None:
        self._states = {
            name: structs.replace(health, condition=condition, why=why) for name, health in self._states.items()
        }
        self._news.set()


def _answer(captured: Captured, readers: Readers) -> Answer | AiwatchError:
    """What ``captured`` says, read as its source is; an error where it failed then or cannot be read now."""
    source = captured.source
    if captured.error is not None:
        return captured.error
    if source not in readers:
        return SourceError(source, f"no source is called {source}")
    try:
        with mapped(lambda why: Garbled(source, f"an answer that cannot be read: {why}")):
            return readers[source](captured.body, map(parse_symbol, captured.asked), captured.at, source)
    except AiwatchError as error:
        return error


async def _no_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
    nothing: tuple[tuple[Source, SourceSettings], ...] = ()
    for source in nothing:
        yield source
