"""What price bars are: a bar, an event, a series of them, and how far back and how fine one is asked for.

What is kept and passed on is **unadjusted**: the prices as they were paid, and the events (dividends, splits) beside
them. Prices are in the series' currency, volume in shares (in the source's units for what has none, such as an index),
amount in currency units.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

from msgspec import Struct

from aiwatch.market.calendar.hours import zone_of
from aiwatch.market.symbol import Symbol

HIGHEST_PRICE = 1e10
"""A price above it is refused: the dearest things there are, in the smallest currencies, stay below."""


class Interval(StrEnum):
    """How much time a bar covers."""

    MINUTE = "1m"
    FIVE_MINUTES = "5m"
    QUARTER_HOUR = "15m"
    HALF_HOUR = "30m"
    HOUR = "60m"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def minutes(self) -> int | None:
        """The minutes of an intraday bar; ``None`` for days and longer."""
        return int(self[:-1]) if self.endswith("m") else None

    @property
    def is_intraday(self) -> bool:
        """Whether several bars make a day."""
        return self.endswith("m")


class Range(StrEnum):
    """How far back a chart goes, in calendar time up to today."""

    DAY = "1d"
    FIVE_DAYS = "5d"
    MONTH = "1mo"
    HALF_YEAR = "6mo"
    YEAR_TO_DATE = "ytd"
    YEAR = "1y"
    FIVE_YEARS = "5y"
    MAX = "max"

    def first_day(self, today: date) -> date | None:
        """The first local date of the range that ends with ``today``; ``None`` where there is no first.

        One and five days are counted in sessions, so theirs reach over the longest holidays: take the last sessions.
        """
        if self is Range.MAX:
            return None
        if self is Range.YEAR_TO_DATE:
            return date(today.year, 1, 1)
        months = _MONTHS.get(self)
        return today - timedelta(days=_REACH[self]) if months is None else months_before(today, months)

    @property
    def sessions(self) -> int | None:
        """The sessions it shows, where it is counted in them."""
        return _SESSIONS.get(self)

    @property
    def interval(self) -> Interval:
        """The bars it is drawn of, unless somebody asks for others."""
        return _USUAL.get(self, Interval.DAY)


_MONTHS = {Range.MONTH: 1, Range.HALF_YEAR: 6, Range.YEAR: 12, Range.FIVE_YEARS: 60}
_SESSIONS = {Range.DAY: 1, Range.FIVE_DAYS: 5}
_REACH = {Range.DAY: 12, Range.FIVE_DAYS: 18}
_USUAL = {Range.DAY: Interval.MINUTE, Range.FIVE_DAYS: Interval.FIVE_MINUTES}


class Basis(StrEnum):
    """What the prices of a series are."""

    UNADJUSTED = "unadjusted"
    """As they were paid on the day. The only one that is kept."""
    ADJUSTED = "adjusted"
    """For the dividends and splits since, so that a change between two days is what a holder gained."""


class EventKind(StrEnum):
    """What happened to a share on an ex-date."""

    DIVIDEND = "dividend"
    """``value`` is the cash a share, in the series' currency, as it was paid: a later split does not change it."""
    SPLIT = "split"
    """``value`` is how many shares take the place of one; bonus shares and capitalisation issues are splits too."""


class Event(NamedTuple):
    """A dividend or split, by its ex-date: the first session that trades without it. ``source`` says who says so."""

    day: date
    kind: EventKind
    value: float
    source: str = ""


class Bar(NamedTuple):
    """Open, high, low, close of one interval.

    ``when`` is the local date of a daily bar, the last session's of a longer one, and the start (aware UTC) of an
    intraday one. ``volume`` and ``amount`` are ``None`` where the source sent none. ``final``: it cannot change any
    more, for it was fetched ten minutes after the close or later.
    """

    when: date | datetime
    open: float
    high: float
    low: float
    close: float
    volume: int | None = None
    amount: float | None = None
    final: bool = True


class RefusedBar(NamedTuple):
    """A row that a parser does not believe: ``when`` as the source wrote it, and why."""

    when: str
    reason: str


class BarsQuery(Struct, frozen=True):
    """What a source is asked for: bars of local dates from ``first`` to ``last``, both included.

    ``first`` ``None`` is as far back as the source goes, ``last`` ``None`` is up to now.
    """

    symbol: Symbol
    interval: Interval
    first: date | None = None
    last: date | None = None


class Series(Struct, frozen=True, kw_only=True):
    """The bars of one symbol by one source, oldest first, and what must be known to read them.

    ``zone`` is the exchange's (IANA), in which dates count. ``as_of`` is when they were fetched, aware UTC.
    ``currency`` is ISO 4217, empty where the source does not say it. ``previous_close`` is the close before the first
    bar, unadjusted, where it is known. ``missing`` are sessions between the first bar and the last that have none.
    ``complete_from`` is the first local date for which everything was asked, ``None`` for all there is.
    """

    symbol: Symbol
    interval: Interval
    source: str
    basis: Basis
    zone: str
    as_of: datetime
    bars: tuple[Bar, ...]
    events: tuple[Event, ...] = ()
    currency: str = ""
    previous_close: float | None = None
    missing: tuple[date, ...] = ()
    refused: tuple[RefusedBar, ...] = ()
    complete_from: date | None = None

    def day_of(self, bar: Bar) -> date:
        """The local date of ``bar`` at its exchange."""
        return local_day(bar.when, self.zone)

    @property
    def days(self) -> tuple[date, ...]:
        """The local date of each bar."""
        return tuple(local_day(bar.when, self.zone) for bar in self.bars)


def local_day(when: date | datetime, zone: str) -> date:
    """The date of ``when`` in ``zone``: a date is one already."""
    return when.astimezone(zone_of(zone)).date() if isinstance(when, datetime) else when


def months_before(day: date, months: int) -> date:
    """The same day of the month ``months`` earlier, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def fault_of(bar: Bar, before: Bar | None = None) -> str:
    """Why ``bar`` cannot be believed, after ``before``; empty when it can. For parsers, which refuse the row."""
    prices = (bar.open, bar.high, bar.low, bar.close)
    if not all(isfinite(price) and 0 < price <= HIGHEST_PRICE for price in prices):
        return "a price that is none"
    if not bar.low <= min(bar.open, bar.close) or not bar.high >= max(bar.open, bar.close):
        return "open or close outside low and high" if bar.low <= bar.high else "low above high"
    if (bar.volume is not None and bar.volume < 0) or (bar.amount is not None and not 0 <= bar.amount < float("inf")):
        return "a negative volume or amount"
    if before is not None and not before.when < bar.when:
        return "not after the bar before it"
    return ""
