"""What is kept from run to run, in one SQLite file: last quotes, the day's ticks, rates, closes, sessions and alerts.

Nothing here ever stops the screen: a file that cannot be used becomes a `Trouble`, and the run goes on without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from aiwatch.market.calendar.session import Day
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol

if TYPE_CHECKING:
    from aiwatch.watchlist.alerts.rules import Alert


class Trouble(Struct, frozen=True):
    """Why the archive is not kept now, as a sentence for the screen."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


class LastState(Struct, frozen=True):
    """What was read before the first paint: the last quote of each symbol, the prices of that quote's local day
    (oldest first), the days around today that calendars gave, and the alerts of earlier runs, newest first."""

    quotes: tuple[Quote, ...] = ()
    prices: Mapping[Symbol, tuple[float, ...]] = field(default_factory=dict)
    days: tuple[Day, ...] = ()
    alerts: tuple[Alert, ...] = ()


NO_LAST_STATE = LastState()
"""What the first run begins with."""
