"""What a source was asked and what came of it, over the last hour."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from aiwatch.market.source_health import SourceTraffic
from aiwatch.sources import Refusal

WINDOW = timedelta(hours=1)
MOST_REQUESTS = 8_192
"""Requests remembered at most, so that memory stays flat however fast a loopback host is asked."""


class _Request(Struct, frozen=True):
    at: datetime
    seconds: float
    bytes: int


class Traffic:
    """Counts one source's requests; `summary` is what the health screen shows of them."""

    def __init__(self) -> None:
        self._requests: deque[_Request] = deque(maxlen=MOST_REQUESTS)
        self._rests: deque[datetime] = deque(maxlen=MOST_REQUESTS)
        self._reasons: Counter[str] = Counter()

    def note_request(self, at: datetime, seconds: float, size: int) -> None:
        """A request of ``at`` took ``seconds`` and brought ``size`` bytes."""
        self._requests.append(_Request(at, seconds, size))

    def note_rest(self, at: datetime) -> None:
        """The source was left alone from ``at`` on."""
        self._rests.append(at)

    def note_refusals(self, refused: Iterable[Refusal]) -> None:
        """Lines of an answer were not believed."""
        self._reasons.update(refusal.reason for refusal in refused)

    def summary(self, now: datetime) -> SourceTraffic:
        """The figures of the hour before ``now``."""
        since = now - WINDOW
        while self._requests and self._requests[0].at < since:
            self._requests.popleft()
        while self._requests and self._requests[-1].at > now:  # the clock was set back
            self._requests.pop()
        while self._rests and self._rests[-1] > now:
            self._rests.pop()
        while self._rests and self._rests[0] < since:
            self._rests.popleft()
        took = sorted(request.seconds for request in self._requests)
        return SourceTraffic(
            requests=len(took),
            bytes=sum(request.bytes for request in self._requests),
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
