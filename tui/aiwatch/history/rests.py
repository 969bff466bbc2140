"""Hosts that asked for silence: what one part of aiwatch was answered with 429, no other part asks meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from aiwatch.errors import RateLimited, SourceError, TimedOut
from aiwatch.feed.backoff import Rest
from aiwatch.market.state import Clock


class SharedSilence(Protocol):
    """The pauses that hosts asked the poller for, by the name of a source."""

    def silent_seconds(self, name: str) -> float:
        """How much longer the host of the source called ``name`` is left alone because it asked for silence."""
        ...

    def keep_silent(self, name: str, seconds: float) -> None:
        """Leave the host of the source called ``name`` alone for so long."""
        ...


class NoSilence:
    """For a command, which polls nobody."""

    def silent_seconds(self, name: str) -> float:
        """None is known of."""
        return 0.0

    def keep_silent(self, name: str, seconds: float) -> None:
        """Nobody else asks."""


class HostRests:
    """How long each host of history is left alone, its failures counted as those of a polled source."""

    def __init__(self, clock: Clock, shared: SharedSilence) -> None:
        self._clock = clock
        self._shared = shared
        self._rests: dict[str, Rest] = {}
        self._until: dict[str, datetime] = {}
        self._why: dict[str, str] = {}

    def until(self, name: str) -> datetime | None:
        """When the host of the source called ``name`` may be asked again; ``None`` when it may be now."""
        now = self._clock()
        silent = self._shared.silent_seconds(name)
        until = max(self._until.get(name, now), now + timedelta(seconds=silent))
        return until if until > now else None

    def why(self, name: str) -> str:
        """Why it rests, in a few words."""
        if self._clock() < self._until.get(name, self._clock()):
            return self._why[name]
        return "429" if self._shared.silent_seconds(name) else ""

    def succeed(self, name: str) -> None:
        """The host answered."""
        self._rests.pop(name, None)
        self._until.pop(name, None)

    def fail(self, name: str, error: SourceError) -> None:
        """The host did not: leave it alone for a while, and for longer when it asked for silence."""
        seconds = self._rests.setdefault(name, Rest()).fail(error)
        self._until[name] = self._clock() + timedelta(seconds=seconds)
        is_silence = isinstance(error, RateLimited)
        self._why[name] = "429" if is_silence else "no answer in time" if isinstance(error, TimedOut) else str(error)
        if is_silence:
            self._shared.keep_silent(name, seconds)
