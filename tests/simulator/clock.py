"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 7, 15, 4, 0, 0, tzinfo=UTC)
"""Wednesday noon in Shanghai and Hong Kong, midnight in New York."""


class SteppingClock:
    """Gives ``now`` until `advance` moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
