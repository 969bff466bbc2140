"""Hosts that asked for silence: what one part of aiwatch was answered with 429, no other part asks meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiwatch.errors import RateLimited, SourceError, TimedOut
from aiwatch.feed.backoff import Backoff, SharedSilence
from aiwatch.market.state import Clock


class HostRests:
    """How long each source of history is left alone, its failures counted as those of a polled one.

    Two sources may ask one host: ``name`` is the host's, under which the poller knows it too, ``title`` the source's
    own. A wish for silence rests the host, any other failure only the source.
    """

    def __init__(self, clock: Clock, shared: SharedSilence) -> None:
        self._clock = clock
        self._shared = shared
        self._rests: dict[str, Backoff] = {}
        self._until: dict[str, datetime] = {}
        self._why: dict[str, str] = {}

    def until(self, name: str, title: str) -> datetime | None:
        """When the source may be asked again; ``None`` when it may be now."""
        now = self._clock()
        silent = now + timedelta(seconds=self._shared.silent_seconds(name))
        until = max(self._until.get(name, now), self._until.get(title, now), silent)
        return until if until > now else None

    def why(self, name: str, title: str) -> str:
        """Why it rests, in a few words."""
        now = self._clock()
        if self._shared.silent_seconds(name) or self._until.get(name, now) > now:
            return "429"
        return self._why.get(title, "")

    def succeed(self, name: str, title: str) -> None:
        """The source answered."""
        for key in (name, title):
            self._rests.pop(key, None)
            self._until.pop(key, None)

    def fail(self, name: str, title: str, error: SourceError) -> None:
        """The source did not answer: leave it alone for a while, its host for longer when that asked for silence."""
        is_silence = isinstance(error, RateLimited)
        key = name if is_silence else title
        seconds = self._rests.setdefault(key, Backoff()).fail(error)
        self._until[key] = self._clock() + timedelta(seconds=seconds)
        self._why[title] = "no answer in time" if isinstance(error, TimedOut) else "it failed just now"
        if is_silence:
            self._shared.keep_silent(name, seconds)
