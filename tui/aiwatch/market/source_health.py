"""How a source is doing, as a value the screen can show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Condition(StrEnum):
    """The state of a source, in one word."""

    WAITING = "waiting"
    """Not asked yet, or its first answer is still under way."""
    OK = "ok"
    FAILING = "failing"
    IDLE = "idle"
    """Nothing to ask it for."""
    STOPPED = "stopped"
    """Never asked again in this run: what gave its answers has broken."""


class SourceHealth(Struct, frozen=True):
    """One source at one moment; times are aware UTC.

    ``why`` says in a sentence what failed, ``next_try`` when it is asked again, ``dropped`` how many lines of its
    answers were refused so far and ``last_refusal`` the reason of the newest. A stream that sends more than can be read
    ``is_behind``, and leaves out what newer messages have ``superseded``: so many so far.
    """

    name: str
    title: str
    condition: Condition
    last_success: datetime | None = None
    why: str = ""
    next_try: datetime | None = None
    failures: int = 0
    dropped: int = 0
    last_refusal: str = ""
    following: int = 0
    superseded: int = 0
    is_behind: bool = False


class SourceTraffic(Struct, frozen=True):
    """What a source was asked in the last hour: requests, bytes of their answers, rests it was given, and latencies in
    seconds (``None`` without a request). ``refusals`` are the commonest reasons of this run with their counts;
    ``messages_per_second`` is of a stream alone.
    """

    requests: int = 0
    bytes: int = 0
    rests: int = 0
    latency_p50: float | None = None
    latency_p95: float | None = None
    refusals: tuple[tuple[str, int], ...] = ()
    messages_per_second: float | None = None


def waiting_sources(names: Sequence[tuple[str, str]]) -> tuple[SourceHealth, ...]:
    """Sources with these names and titles that nobody has asked yet."""
    return tuple(SourceHealth(name, title, Condition.WAITING) for name, title in names)
