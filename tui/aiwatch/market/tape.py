"""The day's ticks of one symbol as a sparkline needs them: bounded, oldest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime

TAPE_LENGTH = 240


class Tape:
    """The last prices of a day. A new price is kept only if it differs or is a minute younger."""

    __slots__ = ("_at", "_day", "_prices")

    def __init__(self, length: int = TAPE_LENGTH) -> None:
        self._prices: deque[float] = deque(maxlen=length)
        self._at: datetime | None = None
        self._day: object = None

    def add(self, price: float, as_of: datetime, day: object) -> None:
        """Keep ``price`` of ``as_of``; ``day`` is the exchange's local date: a new one clears the tape."""
        if day != self._day:
            self._prices.clear()
            self._day = day
        elif self._prices and self._prices[-1] == price and self._at and (as_of - self._at).total_seconds() < 60:
            return
        self._prices.append(price)
        self._at = as_of

    @classmethod
    def of(cls, prices: Iterable[float], at: datetime, day: object) -> Tape:
        """A tape of ``prices`` (oldest first) of ``day``, the last of them of ``at``."""
        tape = cls()
        tape._prices.extend(prices)
        tape._at, tape._day = at, day
        return tape

    def copy(self) -> Tape:
        """A tape of the same prices that later ones do not reach."""
        copy = Tape()
        copy._prices, copy._at, copy._day = self._prices.copy(), self._at, self._day
        return copy

    @property
    def prices(self) -> tuple[float, ...]:
        """The prices, oldest first."""
        return tuple(self._prices)

    def __len__(self) -> int:
        return len(self._prices)
