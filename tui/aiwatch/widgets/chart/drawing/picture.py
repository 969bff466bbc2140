"""What is to be drawn, as plain values: bars by their place, lines, levels and marks. Knows neither source nor size."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from aiwatch.widgets.chart.drawing.axis import day_text
from aiwatch.widgets.chart.drawing.candles import Candle

LEDGER, DIVIDEND, SPLIT = "◆", "D", "S"
"""Signs under the axis: an event of the ledger, an ex-date of a dividend, or of a split."""
SIGN_PARTS: Mapping[str, str] = MappingProxyType({LEDGER: "event", DIVIDEND: "ex-date", SPLIT: "ex-date"})
"""The part of each sign."""


class Column(Struct, frozen=True):
    """A bar as it is drawn: one of the series, or several joined. Moments are local to the exchange.

    ``before`` is the close before it. ``volume`` is in shares. ``limit`` is 1 for a close at limit up, -1 at limit
    down. ``events`` are in words, ``sign`` is theirs under the axis.
    """

    first: datetime
    last: datetime
    candle: Candle
    volume: float | None = None
    before: float | None = None
    limit: int = 0
    sign: str = ""
    events: tuple[str, ...] = ()

    def when(self, *, intraday: bool) -> str:
        """Its day, its days or its time, in words."""
        first, last = self.first, self.last
        if intraday:
            return f"{last:%a} {last.day} {last:%b %H:%M}"
        if first.date() == last.date():
            return f"{last:%a} {last.day} {last:%b %Y}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{last.day} {last:%b %Y}"
        return f"{day_text(first)} – {day_text(last)} {last:%Y}"


class Line(Struct, frozen=True):
    """A line of a comparison: its name and its change in percent a bar, ``None`` where it had no session."""

    name: str
    values: tuple[float | None, ...]


class Picture(Struct, frozen=True, kw_only=True):
    """A plot without its size. ``moments`` are the places on its axis (local times), ``columns`` what stands at each,
    ``None`` where nothing does yet, as in the hours of a session that are still to come.

    ``joined`` says what bars were joined to where there was no room for each. ``base`` is what the change over the
    whole is counted from. ``average`` is the average price so far, a place each. ``limits`` are the day's upper and
    lower. With ``lines`` it is a comparison, and nothing else is drawn; without ``has_price``
    its first line is no price. ``hollow``: rises are outlines, as where there
    are no colours; ``grid``: faint lines at the ticks.
    """

    moments: tuple[datetime, ...] = ()
    columns: tuple[Column | None, ...] = ()
    intraday: bool = False
    candles: bool = False
    joined: str = ""
    decimals: int = 2
    base: float | None = None
    previous_close: float | None = None
    average: tuple[float | None, ...] = ()
    limits: tuple[float, float] | None = None
    lines: tuple[Line, ...] = ()
    has_price: bool = True
    hollow: bool = False
    grid: bool = True
    cursor: int | None = None

    @property
    def last_place(self) -> int | None:
        """The place of the newest column; ``None`` if there is none."""
        return next((at for at in range(len(self.columns) - 1, -1, -1) if self.columns[at] is not None), None)

    @property
    def last(self) -> Column | None:
        """The newest column."""
        return next((column for column in reversed(self.columns) if column is not None), None)

    @property
    def column_at_cursor(self) -> Column | None:
        """What the crosshair is on."""
        if self.cursor is None or not 0 <= self.cursor < len(self.columns):
            return None
        return self.columns[self.cursor]

    @property
    def has_volume(self) -> bool:
        """Whether any bar has a volume."""
        return not self.lines and any(column is not None and column.volume for column in self.columns)

    @property
    def signs(self) -> dict[int, str]:
        """The signs under the axis, by place."""
        return {index: column.sign for index, column in enumerate(self.columns) if column is not None and column.sign}

    @property
    def closes(self) -> tuple[float | None, ...]:
        """The close at each place."""
        return tuple(None if column is None else column.candle.close for column in self.columns)
