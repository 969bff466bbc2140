"""What is yet to be written: bursts collapse to the newest quote of a symbol and the last price of a tick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aiwatch.archive.schema import TICK_SECONDS
from aiwatch.market.calendar.hours import has_holidays
from aiwatch.market.calendar.session import Phase, SessionAt
from aiwatch.market.quote import Quote, Trading, newer
from aiwatch.market.symbol import FX, Symbol
from aiwatch.watchlist.alerts.rules import Alert, Rule

MOST_TICKS = 50_000
"""Ticks held at most while the file cannot be written; then none is taken in."""

MOST_ALERTS = 1_000
"""Alerts held at most, likewise."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_TICK = timedelta(seconds=TICK_SECONDS)
_SETTLED = {
    Phase.CLOSED: timedelta(hours=2),
    Phase.FIXED_PRICE: timedelta(hours=1),
    Phase.AFTER_HOURS: timedelta(minutes=15),
}
"""How long after the close a price still tells the close of that day: later ones may be of another kind of trade."""


@dataclass(slots=True)
class Pending:
    """Quotes by symbol, prices by symbol and the first second of their tick, and alerts by rule and moment."""

    quotes: dict[Symbol, Quote] = field(default_factory=dict)
    ticks: dict[tuple[str, int], float] = field(default_factory=dict)
    alerts: dict[tuple[Rule, datetime], Alert] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.quotes or self.alerts)

    def add(self, quotes: Iterable[Quote]) -> None:
        """Take ``quotes`` in."""
        held, ticks, traded = self.quotes, self.ticks, Trading.TRADED
        begins = ends = _LONG_AGO
        tick = 0
        for quote in quotes:
            symbol, as_of = quote.symbol, quote.as_of
            if not newer(held.get(symbol), quote):
                continue
            held[symbol] = quote
            if quote.trading is traded and len(ticks) < MOST_TICKS:
                if not begins <= as_of < ends:  # those of a batch are mostly of one tick
                    tick = int(as_of.timestamp()) // TICK_SECONDS * TICK_SECONDS
                    begins = datetime.fromtimestamp(tick, UTC)
                    ends = begins + _TICK
                ticks[symbol.text, tick] = quote.last

    def add_alerts(self, alerts: Iterable[Alert]) -> None:
        """Take ``alerts`` in, each in the place of what it was before."""
        for alert in alerts:
            if len(self.alerts) < MOST_ALERTS:
                self.alerts[alert.rule, alert.fired_at] = alert


def close_day(quote: Quote, sessions: SessionAt) -> str | None:
    """The local date (ISO) whose close ``quote`` tells; ``None`` when it tells none."""
    if quote.trading is not Trading.TRADED or not has_holidays(quote.symbol.exchange):
        return None
    session = sessions(quote.symbol.exchange, quote.as_of)
    longest = _SETTLED.get(session.phase)
    if longest is None or session.stopped is None or quote.as_of - session.stopped > longest:
        return None
    return session.stopped.astimezone(ZoneInfo(quote.symbol.zone)).date().isoformat()


def rate_pair(symbol: Symbol) -> str | None:
    """The six letters of the pair of currencies that ``symbol`` is the price of; ``None`` when it is something else."""
    if symbol.exchange is not FX:
        return None
    pair = symbol.text.partition("=")[0]
    return pair if len(pair) == 6 else f"USD{pair}"
