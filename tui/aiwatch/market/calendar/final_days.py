"""When the bar of a day cannot change any more. The one rule of sources, store and screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from aiwatch.market.calendar.hours import Day, Phase, slots_of, zone_of
from aiwatch.market.exchanges import Exchange

FINAL_AFTER = timedelta(minutes=10)
"""How long after the close a bar is final."""
UNKNOWN_FINAL_AFTER = timedelta(hours=12)
"""How long after the local midnight that ends it a day is final where no hours are known."""
_FAR = 40
"""Days looked back and ahead: longer than any exchange here was ever closed."""

DayOf = Callable[[Exchange, date], Day | None]
"""What is known of the local date of an exchange, as `Calendar.day`."""


def last_final_day(exchange: Exchange, day_of: DayOf, now: datetime) -> date:
    """The last local date whose bar cannot change any more at ``now``: ten minutes after its close."""
    zone = zone_of(exchange.zone)
    today = now.astimezone(zone).date()
    for behind in range(_FAR):
        day = today - timedelta(days=behind)
        close = _close(exchange, day, day_of)
        if close is not None and close + FINAL_AFTER <= now:
            return day
    ended = (now - UNKNOWN_FINAL_AFTER).astimezone(zone).date()
    return ended - timedelta(days=1)


def session_after(exchange: Exchange, day_of: DayOf, day: date) -> date:
    """The first local date after ``day`` with a session; the next date where no hours are known."""
    for ahead in range(1, _FAR):
        following = day + timedelta(days=ahead)
        if _close(exchange, following, day_of) is not None:
            return following
    return day + timedelta(days=1)


def next_final(exchange: Exchange, day_of: DayOf, now: datetime) -> datetime:
    """When the next bar after ``now`` becomes final (aware UTC); in twelve hours where no hours are known."""
    today = now.astimezone(zone_of(exchange.zone)).date()
    for ahead in range(-1, _FAR):
        close = _close(exchange, today + timedelta(days=ahead), day_of)
        if close is not None and close + FINAL_AFTER > now:
            return close + FINAL_AFTER
    return now + UNKNOWN_FINAL_AFTER


def _close(exchange: Exchange, day: date, day_of: DayOf) -> datetime | None:
    """When the last continuous trading or auction of ``day`` ends; ``None`` where it has none that is known."""
    slots = slots_of(exchange, day, day_of(exchange, day))
    return max((slot.end for slot in slots if slot.phase in (Phase.OPEN, Phase.CLOSING_AUCTION)), default=None)
