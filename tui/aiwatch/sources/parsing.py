"""Figures as they come over the wire: how a text becomes a number, and when one is not believed.

What hosts that answer in lines share: the lines of one answer, taken in one by one, and what they add up to.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from aiwatch.errors import Garbled
from aiwatch.files.bounded import reason_of
from aiwatch.market.quote import AHEAD, Quote
from aiwatch.market.security import Security
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal

ABSURD_PRICE = 1e9
"""No price and no ratio reaches this."""
ABSURD_AMOUNT = 1e16
"""No volume and no turnover reaches this."""
MOST_DECIMALS = 6
_LEAST_PRICE = 10.0**-MOST_DECIMALS
_LOOKED_AT = 4096
"""Characters of a text, blanks included, in which `plain` looks for its line."""


class InvalidLine(ValueError):
    """A line that is not believed; its text is the reason, fit for the status line."""


def plain(text: str, length: int = 80) -> str:
    """``text`` from outside as one short line: control and invisible characters gone, cut at ``length``.

    However long the text is, no more than its beginning is looked at.
    """
    text = text[: _LOOKED_AT + length]
    clean = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    clean = " ".join(clean.split())
    return clean if len(clean) <= length else clean[: length - 1] + "…"


def number(text: str, bound: float = ABSURD_PRICE) -> float | None:
    """The number ``text`` spells; ``None`` when it is empty, no plain number, not finite, or ``bound`` or more."""
    if not text or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -bound < value < bound else None


def positive(text: str) -> float | None:
    """`number`, and ``None`` for zero and less: hosts write 0 or -1 where they have nothing."""
    if not text or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < ABSURD_PRICE else None


def decimals_of(text: str) -> int:
    """How many decimals a price is written with, at most `MOST_DECIMALS`."""
    return min(MOST_DECIMALS, len(text.partition(".")[2]))


def step_decimals(kind: int, *texts: str) -> int:
    """The decimals to show of prices that a line writes as ``texts``: those of the ``kind``, or more when a text has a
    digit other than 0 beyond them."""
    most = kind
    for text in texts:
        if len(text) - text.find(".") - 1 > most and "." in text:
            most = max(most, decimals_of(text.rstrip("0")))
    return most


def ruled_limit(symbol: Symbol, security: Security) -> int | None:
    """The ``daily_limit`` of a quote of ``symbol`` that the source describes as ``security``: ``None`` where that is
    what the symbol says itself, 0 for none."""
    return None if security.daily_limit == symbol.daily_limit else security.daily_limit or 0


def call_auction(clock: str, bid: float | None, ask: float | None, last: float) -> float | None:
    """The price that a mainland stock which has not traded is at by ``clock`` (``HHMMSS``, Beijing).

    In the opening call auction best bid and best ask are both the indicative one, whatever stands in ``last``. ``None``
    outside of it, 0 when there is none yet.
    """
    if not OPENING_AUCTION[0] <= clock < OPENING_AUCTION[1]:
        return None
    return bid if bid and bid == ask else last


OPENING_AUCTION = ("091500", "093000")
"""From the first order of mainland China's opening call auction to the open, in Beijing."""


def check_price(last: float) -> None:
    """Raise `InvalidLine` unless ``last`` can be a price: above zero with the decimals it has, finite, not absurd."""
    if not _LEAST_PRICE <= last < ABSURD_PRICE:
        raise InvalidLine(f"a price of {last:g}")


def check_range(last: float, low: float | None, high: float | None, tick: float) -> None:
    """Raise `InvalidLine` unless ``low`` ≤ ``last`` ≤ ``high``, give or take a ``tick``."""
    if low is not None and high is not None and low <= last <= high:
        return  # as nearly always
    if low is not None and high is not None and high < low:
        raise InvalidLine(f"high {high:g} below low {low:g}")
    slack = tick * 1.01
    if (low is not None and last < low - slack) or (high is not None and last > high + slack):
        ends = ("?" if end is None else f"{end:g}" for end in (low, high))
        raise InvalidLine(f"last {last:g} outside the day's {' to '.join(ends)}")


def check_time(as_of: datetime, received_at: datetime) -> None:
    """Raise `InvalidLine` when ``as_of`` is more than `AHEAD` after ``received_at``; both are aware."""
    if as_of > received_at and as_of - received_at > AHEAD:
        raise InvalidLine(f"a time in the future: {as_of:%Y-%m-%d %H:%M:%S} UTC")


SLICE = 16
"""Lines read at a stretch, in half a millisecond; the event loop runs between two slices."""
MOST_STRAY = 200
"""Lines beyond four for each symbol that an answer may have."""
MOST_LINES = 10_000
"""Lines of an answer, blank ones too, that are read one by one: many times what one request asks for."""


def check_lines(count: int, host: str) -> None:
    """Raise `Garbled` for an answer of ``count`` lines that is not worth being taken apart."""
    if count > MOST_LINES:
        raise Garbled(host, f"an answer of more than {MOST_LINES} lines")


Line = TypeVar("Line", str, bytes)


class LineBatch(ABC, Generic[Line]):
    """The answer to one request for ``asked``, whose codes ``code_of`` gives (``None`` for what the host has not).

    Lines are matched by their code, never by place; of two lines for one symbol the later counts. One bad line
    becomes a `Refusal` and hurts no other.
    """

    def __init__(
        self, symbols: Iterable[Symbol], received_at: datetime, code_of: Callable[[Symbol], str | None]
    ) -> None:
        coded = [(code_of(symbol), symbol) for symbol in symbols]
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
                raise InvalidLine("a line cut short")
            self._found[symbol] = self._read(symbol, code, content)
        except Exception as error:  # a `InvalidLine`, or a field that nobody has thought of: it hurts no other line
            self._found[symbol] = Refusal(symbol.text, reason_of(error))

    @abstractmethod
    def _read(self, symbol: Symbol, code: str, content: Line) -> Quote | None:
        """The quote that ``content`` makes of ``symbol``, ``None`` when it says there is none. Raises `InvalidLine`."""
