"""What hosts that answer in lines share: the lines of one answer, taken in one by one, and what they add up to."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from aiwatch.errors import Garbled
from aiwatch.files.bounded import reason_of
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal
from aiwatch.sources.parsing import Doubt

SLICE = 25
MOST_STRAY = 200
"""Lines beyond four for each symbol that an answer may have."""
"""Lines read at a stretch; the event loop runs between two slices."""

Line = TypeVar("Line", str, bytes)


class LineBatch(ABC, Generic[Line]):
    """The answer to one request for ``asked``, whose codes ``code_of`` gives (``None`` for what the host has not).

    Lines are matched by their code, never by place; of two lines for one symbol the later counts. One bad line
    becomes a `Refusal` and hurts no other.
    """

    def __init__(self, asked: Iterable[Symbol], received_at: datetime, code_of: Callable[[Symbol], str | None]) -> None:
        coded = [(code_of(symbol), symbol) for symbol in asked]
        self._asked = {code: symbol for code, symbol in coded if code}
        self._uncovered = frozenset(symbol for code, symbol in coded if not code)
        self._received_at = received_at
        self._found: dict[Symbol, Quote | Refusal | None] = {}
        self._stray: list[Refusal] = []

    @abstractmethod
    def take(self, lines: Sequence[Line]) -> None:
        """Read ``lines`` of the answer."""

    def check_count(self, lines: Sequence[Line], host: str) -> None:
        """Raise `Garbled` for many more lines than were asked for."""
        if len(lines) > 4 * len(self._asked) + MOST_STRAY:
            raise Garbled(host, f"{len(lines)} lines for {len(self._asked)} symbols")

    async def read(self, lines: Sequence[Line], host: str) -> Answer:
        """Take in all ``lines`` with a turn for everything else after each slice; see `answer`."""
        self.check_count(lines, host)
        for start in range(0, len(lines), SLICE):
            self.take(lines[start : start + SLICE])
            await asyncio.sleep(0)
        return self.answer(host)

    def answer(self, host: str) -> Answer:
        """What the lines taken in add up to.

        A symbol whose line says that there is none, or without a line, is unknown; but when there were lines that
        could not be read, one without a line is refused, for its own may have been among them. Raises `Garbled` when
        no line is about anything that was asked for.
        """
        if self._asked and not self._found:
            why = self._stray[0].reason if self._stray else "an empty answer"
            raise Garbled(host, f"no line of what was asked for: {why}")
        missing = [symbol for symbol in self._asked.values() if symbol not in self._found]
        lost = any(not refusal.symbol for refusal in self._stray)
        refused = [entry for entry in self._found.values() if isinstance(entry, Refusal)] + self._stray
        if lost:
            refused += [Refusal(symbol.text, "its line may be among the unreadable ones") for symbol in missing]
        unknown = [symbol for symbol, entry in self._found.items() if entry is None]
        return Answer(
            quotes=tuple(entry for entry in self._found.values() if isinstance(entry, Quote)),
            unknown=self._uncovered.union(unknown, () if lost else missing),
            refused=tuple(refused),
        )

    def _keep(self, symbol: Symbol, code: str, content: Line, *, whole: bool) -> None:
        """Keep what the line of ``code``, which is about ``symbol``, says between its quotation marks."""
        try:
            if not whole:
                raise Doubt("a line cut short")
            self._found[symbol] = self._read(symbol, code, content)
        except Exception as error:  # a `Doubt`, or a field that nobody has thought of: it hurts no other line
            self._found[symbol] = Refusal(symbol.text, reason_of(error))

    @abstractmethod
    def _read(self, symbol: Symbol, code: str, content: Line) -> Quote | None:
        """The quote that ``content`` makes of ``symbol``, ``None`` when it says that there is none. Raises `Doubt`."""
