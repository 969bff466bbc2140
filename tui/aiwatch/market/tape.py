"""The day's ticks of one symbol as a sparkline needs them: bounded, oldest first."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime

TAPE_LENGTH = 240


class Tape:
    """The last `TAPE_LENGTH` prices of a day. A new price is kept only if it differs or is a minute younger.

    They lie side by side as bare numbers of eight bytes: as objects they would take four times that, for each symbol.
    """

    __slots__ = ("_at", "_day", "_prices")

    def __init__(self) -> None:
        self._prices = array("d")
        self._at: datetime | None = None
        self._day: object = None

    def add(self, price: float, as_of: datetime, day: object) -> None:
        """Keep ``price`` of ``as_of``; ``day`` is the exchange's local date: a new one clears the tape."""
        if day != self._day:
            del self._prices[:]
            self._day = day
        elif self._prices and self._prices[-1] == price and self._at and (as_of - self._at).total_seconds() < 60:
            return
        if len(self._prices) == TAPE_LENGTH:
            del self._prices[0]
        self._prices.append(price)
        self._at = as_of

    @classmethod
    def of(cls, prices: Iterable[float], at: datetime, day: object) -> Tape:
        """A tape of ``prices`` (oldest first) of ``day``, the last of them of ``at``."""
        tape = cls()
        tape._prices = array("d", prices)[-TAPE_LENGTH:]
        tape._at, tape._day = at, day
        return tape

    def copy(self) -> Tape:
        """A tape of the same prices that later ones do not reach."""
        copy = Tape()
        copy._prices, copy._at, copy._day = self._prices[:], self._at, self._day
        return copy

    @property
    def prices(self) -> Sequence[float]:
        """The prices, oldest first; later ones do not reach what was given."""
        return self._prices[:]

    def __len__(self) -> int:
        return len(self._prices)
