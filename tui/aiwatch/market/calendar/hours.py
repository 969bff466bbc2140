"""What an exchange does on one day: the hours it publishes, bent to a day with hours of its own.

Hours are local clock times of the exchanges' trading rules, as they stand in November 2026. A day that a calendar knows
is a `Day`; its auctions keep their distance from the open and the close, as the rules of every exchange here have it on
half days. An exchange that is not here has no hours that could be claimed of it.

- Shanghai, Shenzhen: opening auction 09:15 to 09:25, closing auction from 14:57 (Shanghai since 20 August 2018),
  trading at the closing price from 15:05 to 15:30 (STAR since 2019, ChiNext since 24 August 2020, all A-shares since
  6 July 2026; `session.session_for` leaves the others out). Repos go on to 15:30 (since 21 January 2019).
  Beijing (since 15 November 2021): the same auctions, no trading at the closing price.
- Hong Kong: pre-opening session 09:00 to 09:30 (since 19 October 2020), closing auction to 16:10 at the latest, at a
  moment drawn from the last two minutes (since 24 July 2017).
- New York: pre-market from 04:00, after hours until 20:00, as NYSE Arca and Nasdaq have it.
- Tokyo: to 15:30 with a closing auction from 15:25 (since 5 November 2024); orders from 08:00.
- Taipei, both exchanges: orders from 08:30, matched without pause since 23 March 2020, closing auction 13:25 to 13:30.
- Seoul, both boards: auctions 08:30 to 09:00 and 15:20 to 15:30, the regular market to 15:30 since 1 August 2016.
  What is traded before and after it is not covered.
- Xetra: opening call from 08:50, closing call 17:30 to 17:35. Euronext: call from 07:15, closing call 17:30 to 17:35.
  London: opening call from 07:50, closing call 16:30 to 16:35. Intraday auctions do not stop prices: not covered.
- Currencies: from Sunday 17:00 to Friday 17:00 in New York, without a pause. Crypto-currencies: always.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from aiwatch.market.exchanges import CRYPTO, FX, Exchange


class Phase(StrEnum):
    """What an exchange is doing, in the words the screen uses."""

    PRE_OPEN = "pre-open"
    CALL_AUCTION = "call auction"
    OPEN = "open"
    LUNCH = "lunch break"
    CLOSING_AUCTION = "closing auction"
    FIXED_PRICE = "closing-price trading"
    """Trading at the price of the close: the price stands, volume and turnover grow."""
    AFTER_HOURS = "after hours"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    UNKNOWN = "hours not known"
    """No rule says when the exchange trades; a source's answer may."""

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
        ("15:05", "15:30", _P.FIXED_PRICE),
    ),
    "BSE": (
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
    "taipei": (
        ("08:30", "09:00", _P.CALL_AUCTION),
        ("09:00", "13:25", _P.OPEN),
        ("13:25", "13:30", _P.CLOSING_AUCTION),
    ),
    "seoul": (
        ("08:30", "09:00", _P.CALL_AUCTION),
        ("09:00", "15:20", _P.OPEN),
        ("15:20", "15:30", _P.CLOSING_AUCTION),
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
}
_GROUPS = {
    "SSE": "china",
    "SZSE": "china",
    "TWSE": "taipei",
    "TPEX": "taipei",
    "KRX": "seoul",
    "KOSDAQ": "seoul",
    "XAMS": "euronext",
    "XPAR": "euronext",
}
_CLOSE_WITH_AUCTION = ("china", "BSE", "TSE", "taipei", "seoul")
"""Where the close of a `Day` is the end of the closing auction; elsewhere that of continuous trading."""
_WEEK_TURNS, _WEEK_ZONE = time(17), "America/New_York"
"""When the week of currencies begins, on Sunday, and ends, on Friday."""


@lru_cache(maxsize=512)
def zone_of(name: str) -> tzinfo:
    """The zone called ``name`` (IANA), read from disk once; UTC for what is no name of one."""
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return UTC


def read_zones(names: Iterable[str]) -> None:
    """Read the zones called ``names`` from disk; to be called in a thread, before the event loop needs them."""
    for name in names:
        zone_of(name)


def has_hours(exchange: Exchange) -> bool:
    """Whether it is known when ``exchange`` trades."""
    return exchange in (FX, CRYPTO) or _GROUPS.get(exchange.code, exchange.code) in _HOURS


def has_holidays(exchange: Exchange) -> bool:
    """Whether ``exchange`` stays closed on some weekdays; currencies trade on them too, though few do."""
    return exchange not in (FX, CRYPTO)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which ``day`` begins in ``zone``."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@lru_cache(maxsize=1024)
def slots_of(exchange: Exchange, day: date, day_kind: Day | None = None) -> tuple[Slot, ...]:
    """The phases of the local date ``day`` in their order; none on a holiday.

    By the published hours, weekends off, where no calendar has the day (``day_kind`` is ``None``). None of an exchange
    whose hours are not known.
    """
    if not has_holidays(exchange):
        return _without_holidays(exchange, day)
    if not has_hours(exchange) or (day_kind.is_holiday if day_kind is not None else day.weekday() >= 5):
        return ()
    zone = ZoneInfo(exchange.zone)
    group = _GROUPS.get(exchange.code, exchange.code)
    usual = tuple(
        Slot(_moment(day, start, zone), _moment(day, end, zone), phase) for start, end, phase in _HOURS[group]
    )
    return usual if day_kind is None else _bent(usual, day_kind, group in _CLOSE_WITH_AUCTION)


def usual_day(exchange: Exchange, day: date) -> Day:
    """The weekday ``day`` of ``exchange``, which has hours, as a calendar tells one on which nothing is unusual."""
    slots = slots_of(exchange, day)
    opened = [slot for slot in slots if slot.phase is Phase.OPEN]
    lunch = next((slot for slot in slots if slot.phase is Phase.LUNCH), None)
    closing = next((slot for slot in slots if slot.phase is Phase.CLOSING_AUCTION), opened[-1])
    group = _GROUPS.get(exchange.code, exchange.code)
    return Day(
        exchange.code,
        day,
        opened[0].start,
        closing.end if group in _CLOSE_WITH_AUCTION else opened[-1].end,
        break_starts=lunch.start if lunch else None,
        break_ends=lunch.end if lunch else None,
    )


def _without_holidays(exchange: Exchange, day: date) -> tuple[Slot, ...]:
    """The part of ``day`` in which currencies or crypto-currencies trade."""
    zone = ZoneInfo(exchange.zone)
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    if exchange == FX:
        sunday = day - timedelta(days=day.isoweekday() % 7)
        start, end = max(start, _week_turn(sunday)), min(end, _week_turn(sunday + timedelta(days=5)))
    return (Slot(start, end, Phase.OPEN),) if start < end else ()


def _week_turn(day: date) -> datetime:
    return datetime.combine(day, _WEEK_TURNS, ZoneInfo(_WEEK_ZONE)).astimezone(UTC)


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
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
