"""The choice of a board's columns while it is made: which are shown, in which order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiwatch.board.columns import ALWAYS, BY_KEY, USUAL
from aiwatch.board.layout import wanted


class ColumnChoice:
    """Every column in an order, each shown or not; ``chosen`` are the keys to begin with, none the usual ones."""

    def __init__(self, chosen: Sequence[str] = ()) -> None:
        self.keys: list[str] = []
        self._shown: set[str] = set()
        self._take(chosen)

    def _take(self, chosen: Sequence[str]) -> None:
        keys = [column.key for column in wanted(chosen)]
        self.keys = [*keys, *(key for key in BY_KEY if key not in keys)]
        self._shown = set(keys)

    def shows(self, key: str) -> bool:
        """Whether the column ``key`` is shown."""
        return key in self._shown

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of the columns shown in their order; nothing where they are the usual ones."""
        keys = tuple(key for key in self.keys if key in self._shown)
        return () if keys == USUAL else keys

    def toggle(self, key: str) -> str:
        """Show the column ``key``, or no longer; returns why it stays where it must. No column: nothing."""
        if key not in BY_KEY:
            return ""
        if key not in self._shown:
            self._shown.add(key)
            return ""
        if key == ALWAYS:
            return f"{BY_KEY[key].title} always stays: a price says how old it is"
        if key in ("symbol", "name") and not {"symbol", "name"} <= self._shown:
            return f"{BY_KEY[key].title} stays: a row says whose figures it shows"
        self._shown.remove(key)
        return ""

    def move(self, key: str, by: int) -> None:
        """Move the column ``key`` that many places on, as far as there are any. No column: nothing."""
        if key not in BY_KEY:
            return
        at = self.keys.index(key)
        self.keys.insert(max(0, min(len(self.keys) - 1, at + by)), self.keys.pop(at))

    def reset(self) -> None:
        """Go back to the usual columns."""
        self._take(())
