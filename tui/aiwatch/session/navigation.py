"""The way through the screen by jumps, so that it can be gone back."""

from __future__ import annotations

from collections import deque

from msgspec import Struct

from aiwatch.market.symbol import Symbol
from aiwatch.session.layout import Panel

LONGEST = 50
"""Jumps remembered; the oldest is forgotten first."""


class Place(Struct, frozen=True):
    """Where a person was: the panel in front, list and stock of the board, view and row of the ledger, what panel 4
    showed, and the filters of the board and of the ledger."""

    panel: Panel
    list_key: str
    symbol: Symbol | None
    view: str
    row: str
    record: str
    board_filter: str = ""
    ledger_filter: str = ""


class Trail:
    """The places left by jumps, the last one first."""

    def __init__(self) -> None:
        self._places: deque[Place] = deque(maxlen=LONGEST)

    def leave(self, place: Place) -> None:
        """Remember ``place``."""
        if not self._places or self._places[-1] != place:
            self._places.append(place)

    def back(self) -> Place | None:
        """The place left last, which is forgotten; ``None`` when there is none."""
        return self._places.pop() if self._places else None

    def __len__(self) -> int:
        return len(self._places)
