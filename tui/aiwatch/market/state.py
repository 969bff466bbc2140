"""What is known now: the newest quote of every symbol, its tape, and how far each can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from aiwatch.market.calendar.hours import zone_of
from aiwatch.market.calendar.session import (
    Phase,
    Session,
    SessionAt,
    Sessions,
    extended_at,
    session_at,
    session_for,
    session_of,
)
from aiwatch.market.quote import Extended, Quote, Trading, is_ahead, newer
from aiwatch.market.symbol import Exchange, Symbol

if TYPE_CHECKING:
    from aiwatch.market.history_figures import HistoryFigures
    from aiwatch.market.merge import Disagreement
    from aiwatch.market.tape import Tape

Clock = Callable[[], datetime]
"""Gives the present moment, aware UTC."""


def utc_now() -> datetime:
    """The present moment by the computer's clock, aware UTC."""
    return datetime.now(UTC)


STALE_AFTER = timedelta(minutes=5)
"""A quote this much older than its source's delay is stale while its market trades; one ahead of the clock always."""

STALE_WORDS = "stale: no newer price has come"
"""How a stale price is to be read, whether its source repeats it or is down."""

LONGEST_DELAY = timedelta(minutes=30)
"""What a source is late by at most of which nobody says how late it is."""


class PriceStatus(StrEnum):
    """How a symbol's price is to be read, in the words the screen uses."""

    WAITING = "waiting"
    UNKNOWN = "unknown"
    LIVE = "live"
    DELAYED = "delayed"
    AUCTION = "auction"
    UNTRADED = "no trade yet"
    SUSPENDED = "suspended"
    DELISTED = "delisted"
    LUNCH = "lunch"
    CLOSED = "closed"
    STALE = "stale"
    UNSURE = "hours not known"
    """Nobody says when it trades: only the age of the price is known."""
    MEMORY = "memory"
    """Kept from an earlier run; no source has confirmed it yet."""


NOT_OF_NOW = (PriceStatus.STALE, PriceStatus.DELISTED)
"""What is no movement of now, and has no colour of one."""


_MOST_DATES = 1_000
"""Local dates kept at most: days of hours in every zone."""
_BY_TRADING = {
    Trading.SUSPENDED: PriceStatus.SUSPENDED,
    Trading.DELISTED: PriceStatus.DELISTED,
    Trading.AUCTION: PriceStatus.AUCTION,
}


def _tape_class() -> type[Tape]:
    from aiwatch.market.tape import Tape  # a board without prices needs none

    return Tape


class MarketState:
    """The present state of the market as the screen sees it; changed only by `recall`, `apply` and `mark_unknown`."""

    def __init__(self, clock: Clock, sessions: SessionAt = session_at) -> None:
        self.clock = clock
        self.quotes: dict[Symbol, Quote] = {}
        self.tapes: dict[Symbol, Tape] = {}
        self.unknown: frozenset[Symbol] = frozenset()
        self.disagreements: dict[Symbol, Disagreement] = {}
        self.from_memory: set[Symbol] = set()
        self.history: dict[Symbol, HistoryFigures] = {}
        self._sessions = Sessions(clock, sessions)
        self._dates: dict[tuple[str, int, int], date] = {}

    def recall(self, quotes: Iterable[Quote], prices: Mapping[Symbol, Sequence[float]]) -> None:
        """Begin with what an earlier run knew: quotes, and the ``prices`` of their day, oldest first.

        A quote with a time ahead of the clock is left out: it would keep out the true ones.
        """
        now = self.clock()
        for quote in quotes:
            symbol = quote.symbol
            if symbol in self.quotes or quote.as_of > now:
                continue
            self.quotes[symbol] = quote
            self.from_memory.add(symbol)
            if symbol in prices:
                day = self._local_date(symbol.exchange.zone, quote.as_of)
                self.tapes[symbol] = _tape_class().of(prices[symbol], quote.as_of, day)

    def apply(self, quotes: Iterable[Quote]) -> list[Symbol]:
        """Keep the quotes that are not older than those held, which gives way when its time is still to come: the clock
        was wrong then. Returns the symbols that changed."""
        held, tapes, traded, changed = self.quotes, self.tapes, Trading.TRADED, []
        for quote in quotes:
            symbol, as_of = quote.symbol, quote.as_of
            if not newer(held.get(symbol), quote) and not is_ahead(held[symbol], self.clock()):
                continue
            held[symbol] = quote
            if self.from_memory:
                self.from_memory.discard(symbol)
            if quote.trading is traded:
                tape = tapes.get(symbol)
                if tape is None:
                    tape = tapes[symbol] = _tape_class()()
                tape.add(quote.last, as_of, self._local_date(symbol.exchange.zone, as_of))
            changed.append(symbol)
        return changed

    def disagree(self, disagreements: Collection[Disagreement]) -> set[Symbol]:
        """Note what sources disagree about now; returns the symbols of which that is news."""
        before = self.disagreements.keys()
        now = {disagreement.symbol: disagreement for disagreement in disagreements}
        news = set(before ^ now.keys())
        self.disagreements = now
        return news

    def learn_history(self, figures: Mapping[Symbol, HistoryFigures]) -> list[Symbol]:
        """Hold prices against these ``figures`` of history from now on; returns the symbols of which that is news."""
        news = [symbol for symbol, stored in figures.items() if self.history.get(symbol) != stored]
        self.history.update(figures)
        return news

    def mark_unknown(self, unknown: Collection[Symbol]) -> None:
        """Note the symbols that no source knows."""
        self.unknown = frozenset(unknown)

    def frozen(self) -> MarketState:
        """A state that keeps this moment's quotes, tapes and unknown symbols while its clock goes on."""
        copy = MarketState(self.clock)
        copy._sessions = self._sessions
        copy.quotes = dict(self.quotes)
        copy.tapes = {symbol: tape.copy() for symbol, tape in self.tapes.items()}
        copy.unknown = self.unknown
        copy.disagreements = dict(self.disagreements)
        copy.from_memory = set(self.from_memory)
        copy.history = self.history
        return copy

    def prices(self, symbol: Symbol) -> Sequence[float]:
        """The day's ticks of ``symbol``, oldest first; none if it has not traded."""
        tape = self.tapes.get(symbol)
        return tape.prices if tape is not None else ()

    def session(self, exchange: Exchange) -> Session:
        """What ``exchange`` is doing now."""
        return self._sessions(exchange)

    def extended(self, symbol: Symbol) -> Extended | None:
        """The price of ``symbol`` before or after the regular session, as far as it is one of now."""
        quote = self.quotes.get(symbol)
        if quote is None or quote.extended is None or symbol in self.from_memory:
            return None
        return extended_at(quote, self.session(symbol.exchange), self.clock())

    def status(self, symbol: Symbol) -> PriceStatus:
        """How the price of ``symbol`` is to be read now."""
        quote = self.quotes.get(symbol)
        if quote is None:
            return PriceStatus.UNKNOWN if symbol in self.unknown else PriceStatus.WAITING
        if symbol in self.from_memory:
            return PriceStatus.MEMORY
        now = self.clock()
        late = LONGEST_DELAY if quote.delay_minutes is None else timedelta(minutes=quote.delay_minutes)
        is_old = now - quote.as_of > STALE_AFTER + late or is_ahead(quote, now)
        if quote.trading in _BY_TRADING and not (is_old and quote.trading is Trading.AUCTION):
            return _BY_TRADING[quote.trading]
        phase = session_of(quote, session_for(symbol, self.session(symbol.exchange)), now).phase
        if phase is Phase.UNKNOWN:
            return PriceStatus.UNSURE
        if phase is Phase.LUNCH:
            return PriceStatus.LUNCH
        if not phase.is_trading:
            return PriceStatus.CLOSED
        if quote.trading is Trading.UNTRADED:
            return PriceStatus.UNTRADED
        if is_old:
            return PriceStatus.STALE
        return PriceStatus.DELAYED if late else PriceStatus.LIVE

    def _local_date(self, zone: str, as_of: datetime) -> date:
        """The date in ``zone`` at ``as_of``, worked out once an hour: no zone of an exchange changes it in between."""
        hour = (zone, as_of.toordinal(), as_of.hour)
        local = self._dates.get(hour)
        if local is None:
            if len(self._dates) > _MOST_DATES:
                self._dates.clear()
            local = self._dates[hour] = as_of.astimezone(zone_of(zone)).date()
        return local
