"""What a source was asked and what came of it, over the last hour."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from aiwatch.market.source_health import SourceTraffic
from aiwatch.sources import Refusal

WINDOW = timedelta(hours=1)
MOST_REQUESTS = 8_192
"""Requests remembered at most, so that memory stays flat however fast a loopback host is asked."""


Number = TypeVar("Number", int, float)


class Traffic:
    """Counts one source's requests; `summary` is what the health screen shows of them.

    Each request is three bare numbers in arrays: an hour of them as objects would take megabytes.
    """

    def __init__(self) -> None:
        self._requests: array[float] = array("d")
        """The time of each request in POSIX seconds, as `_rests` of each rest, oldest first."""
        self._seconds: array[float] = array("d")
        self._bytes: array[int] = array("q")
        self._rests: array[float] = array("d")
        self._reasons: Counter[str] = Counter()

    def note_request(self, at: datetime, seconds: float, size: int) -> None:
        """A request of ``at`` took ``seconds`` and brought ``size`` bytes."""
        _append(self._requests, at.timestamp())
        _append(self._seconds, seconds)
        _append(self._bytes, size)

    def note_rest(self, at: datetime) -> None:
        """The source was left alone from ``at`` on."""
        _append(self._rests, at.timestamp())

    def note_refusals(self, refused: Iterable[Refusal]) -> None:
        """Lines of an answer were not believed."""
        self._reasons.update(refusal.reason for refusal in refused)

    def summary(self, now: datetime) -> SourceTraffic:
        """The figures of the hour before ``now``."""
        first, last = (now - WINDOW).timestamp(), now.timestamp()
        _cut(first, last, self._requests, self._seconds, self._bytes)
        _cut(first, last, self._rests)
        took = sorted(self._seconds)
        return SourceTraffic(
            requests=len(took),
            bytes=sum(self._bytes),
            rests=len(self._rests),
            latency_p50=percentile(took, 50),
            latency_p95=percentile(took, 95),
            refusals=tuple(self._reasons.most_common(5)),
        )


def percentile(ordered: list[float], percent: int) -> float | None:
    """The nearest-rank percentile of ``ordered``; ``None`` of nothing."""
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _append(numbers: array[Number], number: Number) -> None:
    """Put ``number`` behind the ``numbers``; of `MOST_REQUESTS` the oldest goes."""
    if len(numbers) == MOST_REQUESTS:
        del numbers[0]
    numbers.append(number)


def _cut(first: float, last: float, times: array[float], *columns: array[float] | array[int]) -> None:
    """Leave out what lies before ``first`` or after ``last``, as when the clock was set back, of the ``times`` and of
    the ``columns`` beside them."""
    start, end = 0, len(times)
    while end and times[end - 1] > last:
        end -= 1
    while start < end and times[start] < first:
        start += 1
    for numbers in (times, *columns):
        del numbers[end:]
        del numbers[:start]
