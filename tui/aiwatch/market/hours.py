"""What an exchange does on one day: the hours it publishes, bent to a day with hours of its own.

Hours are local clock times of the exchanges' trading rules. A day that a calendar knows is a `Day`; its auctions keep
their distance from the open and the close, as the rules of every exchange here have it on half days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from aiwatch.market.symbol import Exchange


class Phase(StrEnum):
    """What an exchange is doing, in the words the screen uses."""

    PRE_OPEN = "pre-open"
    CALL_AUCTION = "call auction"
    OPEN = "open"
    LUNCH = "lunch break"
    CLOSING_AUCTION = "closing auction"
    AFTER_HOURS = "after hours"
    CLOSED = "closed"
    HOLIDAY = "holiday"

    @property
    def is_trading(self) -> bool:
        """Whether prices move in it, so that sources are asked at full pace."""
        return self in _TRADING


_TRADING = (Phase.CALL_AUCTION, Phase.OPEN, Phase.CLOSING_AUCTION)


_LONGEST = timedelta(days=1)


class Day(Struct, frozen=True):
    """What a calendar says of one local ``date`` of the exchange called ``code``; the moments are aware UTC.

    ``opens`` and ``closes`` bound the day as calendars count it: without the auctions, save a closing auction that is
    part of the afternoon (mainland China, Tokyo, Taipei). Both are ``None`` on a holiday, the breaks where there is
    no lunch break. Raises `ValueError` for moments that do not follow one another.
    """

    code: str
    date: date
    opens: datetime | None = None
    closes: datetime | None = None
    break_starts: datetime | None = None
    break_ends: datetime | None = None
    is_half: bool = False

    def __post_init__(self) -> None:
        opens, starts, ends, closes = self.opens, self.break_starts, self.break_ends, self.closes
        if (opens is None) != (closes is None) or (starts is None) != (ends is None) or (starts and not opens):
            raise ValueError(f"{self.code} {self.date}: an open or a break without its end")
        if opens is None or closes is None:
            return
        in_order = opens < closes <= opens + _LONGEST
        if not in_order or (starts is not None and ends is not None and not opens < starts < ends < closes):
            raise ValueError(f"{self.code} {self.date}: open, break and close do not follow one another")

    @property
    def is_holiday(self) -> bool:
        """Whether the exchange stays closed that day."""
        return self.opens is None


class Slot(Struct, frozen=True):
    """A phase from ``start`` (included) to ``end`` (not included), aware UTC."""

    start: datetime
    end: datetime
    phase: Phase


_P = Phase
_HOURS: dict[str, tuple[tuple[str, str, Phase], ...]] = {
    "china": (
        ("09:15", "09:30", _P.CALL_AUCTION),
        ("09:30", "11:30", _P.OPEN),
        ("11:30", "13:00", _P.LUNCH),
        ("13:00", "14:57", _P.OPEN),
        ("14:57", "15:00", _P.CLOSING_AUCTION),
    ),
    "HKEX": (
        ("09:00", "09:30", _P.CALL_AUCTION),
        ("09:30", "12:00", _P.OPEN),
        ("12:00", "13:00", _P.LUNCH),
        ("13:00", "16:00", _P.OPEN),
        ("16:00", "16:10", _P.CLOSING_AUCTION),
    ),
    "US": (
        ("04:00", "09:30", _P.PRE_OPEN),
        ("09:30", "16:00", _P.OPEN),
        ("16:00", "20:00", _P.AFTER_HOURS),
    ),
    "TSE": (
        ("08:00", "09:00", _P.PRE_OPEN),
        ("09:00", "11:30", _P.OPEN),
        ("11:30", "12:30", _P.LUNCH),
        ("12:30", "15:25", _P.OPEN),
        ("15:25", "15:30", _P.CLOSING_AUCTION),
    ),
    "TWSE": (
        ("08:30", "09:00", _P.CALL_AUCTION),
        ("09:00", "13:25", _P.OPEN),
        ("13:25", "13:30", _P.CLOSING_AUCTION),
    ),
    "XETRA": (
        ("08:50", "09:00", _P.CALL_AUCTION),
        ("09:00", "17:30", _P.OPEN),
        ("17:30", "17:35", _P.CLOSING_AUCTION),
    ),
    "euronext": (
        ("07:15", "09:00", _P.PRE_OPEN),
        ("09:00", "17:30", _P.OPEN),
        ("17:30", "17:35", _P.CLOSING_AUCTION),
    ),
    "LSE": (
        ("07:50", "08:00", _P.CALL_AUCTION),
        ("08:00", "16:30", _P.OPEN),
        ("16:30", "16:35", _P.CLOSING_AUCTION),
    ),
    "FX": (("00:00", "24:00", _P.OPEN),),
}
_GROUPS = {"SSE": "china", "SZSE": "china", "BSE": "china", "XAMS": "euronext", "XPAR": "euronext"}
_CLOSE_WITH_AUCTION = ("china", "TSE", "TWSE")
"""Where the close of a `Day` is the end of the closing auction; elsewhere that of continuous trading."""


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which ``day`` begins in ``zone``."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@lru_cache(maxsize=1024)
def slots_of(exchange: Exchange, day: date, known: Day | None = None) -> tuple[Slot, ...]:
    """The phases of the local date ``day`` in their order; none on a holiday.

    By the published hours, weekends off, where no calendar knows the day (``known`` is ``None``).
    """
    if known.is_holiday if known is not None else day.weekday() >= 5:
        return ()
    zone = ZoneInfo(exchange.zone)
    group = _GROUPS.get(exchange.code, exchange.code)
    usual = tuple(
        Slot(_moment(day, start, zone), _moment(day, end, zone), phase) for start, end, phase in _HOURS[group]
    )
    return usual if known is None else _bent(usual, known, group in _CLOSE_WITH_AUCTION)


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        return midnight(day + timedelta(days=1), zone)
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def _bent(usual: tuple[Slot, ...], day: Day, close_with_auction: bool) -> tuple[Slot, ...]:
    """The slots of ``usual`` moved to the open, break and close of ``day``, a trading day."""
    assert day.opens is not None
    assert day.closes is not None
    first = next(slot for slot in usual if slot.phase is Phase.OPEN)
    last = next(slot for slot in reversed(usual) if slot.phase is Phase.OPEN)
    before, after = usual[: usual.index(first)], usual[usual.index(last) + 1 :]
    auction = after[0].end - after[0].start if close_with_auction else timedelta()
    end = max(day.opens, day.closes - auction)
    early, late = day.opens - first.start, end - last.end
    middle = [Slot(day.opens, end, Phase.OPEN)]
    if day.break_starts is not None and day.break_ends is not None and day.break_ends < end:
        middle = [
            Slot(day.opens, day.break_starts, Phase.OPEN),
            Slot(day.break_starts, day.break_ends, Phase.LUNCH),
            Slot(day.break_ends, end, Phase.OPEN),
        ]
    moved = [Slot(slot.start + early, slot.end + early, slot.phase) for slot in before]
    moved += middle + [Slot(slot.start + late, slot.end + late, slot.phase) for slot in after]
    return tuple(moved)
