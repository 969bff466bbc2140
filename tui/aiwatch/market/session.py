"""Trading sessions by the clock: what an exchange is doing now, and when that ends.

Hours are those the exchanges publish. Weekends are known here; holidays and half days are not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

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

    @property
    def is_trading(self) -> bool:
        """Whether prices move in it, so that sources are asked at full pace."""
        return self in _TRADING


_TRADING = (Phase.CALL_AUCTION, Phase.OPEN, Phase.CLOSING_AUCTION)


@dataclass(frozen=True, slots=True)
class Session:
    """An exchange's phase at one moment. ``until`` is when the phase ends, ``opens`` the next continuous
    trading, ``closes`` the end of this day's (``None`` unless a session is under way); all aware UTC."""

    exchange: Exchange
    phase: Phase
    until: datetime
    opens: datetime
    closes: datetime | None


SessionAt = Callable[[Exchange, datetime], Session]
"""How the rest of aiwatch asks for a session, so that a demo can keep every market open."""

_P = Phase
_DAY: dict[str, tuple[tuple[str, str, Phase], ...]] = {
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


@dataclass(frozen=True, slots=True)
class _Slot:
    start: datetime
    end: datetime
    phase: Phase


def _local(day: datetime, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        return _local(day + timedelta(days=1), "00:00", zone)
    return datetime.combine(day.date(), time.fromisoformat(clock), zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _slots(exchange: Exchange, year: int, month: int, date: int) -> tuple[_Slot, ...]:
    """The phases of a local date and of the nine after it, in UTC, weekends left out."""
    zone = ZoneInfo(exchange.zone)
    first = datetime(year, month, date, tzinfo=zone)
    table = _DAY[_GROUPS.get(exchange.code, exchange.code)]
    return tuple(
        _Slot(_local(day, start, zone), _local(day, end, zone), phase)
        for day in (first + timedelta(days=ahead) for ahead in range(10))
        if day.weekday() < 5
        for start, end, phase in table
    )


def session_at(exchange: Exchange, when: datetime) -> Session:
    """The session of ``exchange`` at ``when`` (aware), by its published hours."""
    day = when.astimezone(ZoneInfo(exchange.zone))
    slots = _slots(exchange, day.year, day.month, day.day)
    current = next((slot for slot in slots if slot.start <= when < slot.end), None)
    opens = next(slot.start for slot in slots if slot.phase is Phase.OPEN and slot.start > when)
    if current is None:
        following = next(slot.start for slot in slots if slot.start > when)
        return Session(exchange, Phase.CLOSED, following, opens, None)
    today = day.date()
    zone = ZoneInfo(exchange.zone)
    trading_ends = [
        slot.end
        for slot in slots
        if slot.phase in (Phase.OPEN, Phase.CLOSING_AUCTION) and slot.start.astimezone(zone).date() == today
    ]
    closes = max(trading_ends) if trading_ends and max(trading_ends) > when else None
    return Session(exchange, current.phase, current.end, opens, closes)


class Sessions:
    """The sessions of now, each kept until its phase ends, for they are asked of every row and every request."""

    def __init__(self, clock: Callable[[], datetime], at: SessionAt = session_at) -> None:
        self._clock = clock
        self._at = at
        self._held: dict[str, tuple[datetime, Session]] = {}

    def __call__(self, exchange: Exchange) -> Session:
        """What ``exchange`` is doing now."""
        now = self._clock()
        held = self._held.get(exchange.code)
        if held is None or not held[0] <= now < held[1].until:
            held = self._held[exchange.code] = (now, self._at(exchange, now))
        return held[1]


def always_open(exchange: Exchange, when: datetime) -> Session:
    """The session of a demo exchange: open now, closing at the end of the local day."""
    local = when.astimezone(ZoneInfo(exchange.zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), ZoneInfo(exchange.zone)).astimezone(UTC)
    return Session(exchange, Phase.OPEN, midnight, midnight, midnight)
