"""What a screen gives a chart, and how a person wants to see it."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.bars import Range, Series


class DatedEvent(Struct, frozen=True):
    """An event of the ledger on a day, in a few words."""

    day: date
    words: str


class Compared(Struct, frozen=True):
    """Another series in the comparison, by its name; ``is_live``: the price of its symbol moves it."""

    name: str
    series: Series
    is_live: bool = False


class ChartData(Struct, frozen=True, kw_only=True):
    """What a screen gives a chart. ``series`` is as it is kept: unadjusted days, or minutes for one and five days.

    ``source`` is the data source's title, ``delay_minutes`` its delay. ``today`` is the exchange's date, where ranges
    end (the last bar's, unless given). ``previous_close``, ``limits`` (upper, lower) and ``hours`` (start and end of
    each session of the day, aware) are for the chart of a day; without ``hours`` it ends with its last minute.
    ``events`` are the ledger's. ``is_kept``: it is from the store, and nothing newer could be had. ``notes`` are
    further sentences, such as when a source is asked again. ``basket``: the series is no price but the level of a
    basket, made up as these words say, and shown as its change alone.
    """

    series: Series
    name: str = ""
    decimals: int = 2
    compared: tuple[Compared, ...] = ()
    source: str = ""
    delay_minutes: int = 0
    today: date | None = None
    previous_close: float | None = None
    limits: tuple[float, float] | None = None
    hours: tuple[tuple[datetime, datetime], ...] = ()
    events: tuple[DatedEvent, ...] = ()
    is_kept: bool = False
    notes: tuple[str, ...] = ()
    basket: str = ""

    @property
    def is_rebased(self) -> bool:
        """Whether lines from a common start are drawn, in percent, and not prices."""
        return bool(self.compared or self.basket)

    @property
    def last_day(self) -> date | None:
        """The day at which ranges end; ``None`` without a bar."""
        if self.today is not None or not self.series.bars:
            return self.today
        return self.series.day_of(self.series.bars[-1])


class View(Struct, frozen=True):
    """How a person wants it: the range, candles or a line, adjusted or not, and which of the range's bars (a first and
    an end, counted from the oldest; ``None`` for all). ``day_candles`` is for one day, which is a line with its average
    price unless candles are asked for there."""

    range: Range
    candles: bool = True
    adjusted: bool = True
    window: tuple[int, int] | None = None
    day_candles: bool = False

    @property
    def has_candles(self) -> bool:
        """Whether candles are wanted in this range."""
        return self.day_candles if self.range is Range.DAY else self.candles

    def with_candles(self, are_candles: bool) -> View:
        """The same with candles, or with a line, in this range."""
        return replace(self, day_candles=are_candles) if self.range is Range.DAY else replace(self, candles=are_candles)
