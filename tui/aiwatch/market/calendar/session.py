"""Trading sessions: what an exchange is doing now, when that ends, and when it trades next.

By the days of a `Calendar` where it has them, else by the hours the exchanges publish, weekends off. Of an exchange
whose hours no rule gives, by what the source of a quote says (`session_of`); else nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.calendar.hours import Day, Phase, Slot, has_holidays, has_hours, midnight, slots_of, zone_of
from aiwatch.market.exchanges import Exchange
from aiwatch.market.quote import AHEAD, Extended, Quote, Trading, is_ahead
from aiwatch.market.security import Board
from aiwatch.market.symbol import Symbol

__all__ = [
    "Calendar",
    "Day",
    "Phase",
    "Session",
    "SessionAt",
    "Sessions",
    "always_open",
    "extended_at",
    "session_at",
    "session_for",
    "session_of",
]

LOOK_AGAIN = timedelta(seconds=30)
"""How long a session is kept at most before it is worked out anew, so that a calendar learned meanwhile is heard."""

A_SHARES = frozenset({Board.MAIN, Board.CHINEXT, Board.STAR})
"""What trades at the closing price in Shanghai and Shenzhen, B shares excepted."""
_REPOS_GO_ON = timedelta(minutes=30)
"""How long repos trade on after the close of shares: to 15:30, without a closing auction (since 21 January 2019)."""

EXTENDED_STALE = timedelta(hours=1)
"""A price outside the regular session that is older is stale, while such trading is under way."""
EXTENDED_LONGEST = timedelta(days=4)
"""How long the last price after a session stands for the market that is closed: over a long weekend."""
_FAR = 40
"""Days looked ahead and back: longer than any exchange here was ever closed."""


class Session(Struct, frozen=True):
    """An exchange's phase at one moment; all moments are aware UTC.

    ``until`` is when the phase ends, ``opens`` the next continuous trading (``None`` where nobody knows), ``closes``
    the end of this day's (``None`` unless a session is under way). ``half_day``: the day closes, or closed, early.
    ``stopped`` is when trading last stopped (``None`` while prices move). ``holidays_known``: no holiday is mistaken
    for an ordinary day, neither today nor, out of session, on the day of ``opens``.
    """

    exchange: Exchange
    phase: Phase
    until: datetime
    opens: datetime | None
    closes: datetime | None
    half_day: bool = False
    stopped: datetime | None = None
    holidays_known: bool = True


SessionAt = Callable[[Exchange, datetime], Session]
"""How the rest of aiwatch asks for a session, so that a demo can keep every market open."""


class Calendar:
    """The trading days that are known, by exchange; called, it is a `SessionAt`.

    Days can be learned while it is in use. A day that was not is asked of ``shipped``, `holidays.shipped_day` as a
    rule; what that does not know goes by the published hours.
    """

    def __init__(
        self, days: Iterable[Day] = (), shipped: Callable[[Exchange, date], Day | None] = lambda exchange, local: None
    ) -> None:
        self._shipped = shipped
        self._days: dict[tuple[str, date], Day] = {}
        self.learn(days)

    def __call__(self, exchange: Exchange, when: datetime) -> Session:
        """The session of ``exchange`` at ``when`` (aware)."""
        if not has_hours(exchange):
            return Session(exchange, Phase.UNKNOWN, when + LOOK_AGAIN, None, None, holidays_known=False)
        zone = ZoneInfo(exchange.zone)
        today = when.astimezone(zone).date()
        slots = self._slots(exchange, today)
        current = next((slot for slot in slots if slot.start <= when < slot.end), None)
        phase, until = self._standing(exchange, today, when, zone) if current is None else (current.phase, current.end)
        ends = [slot.end for slot in slots if slot.phase in (Phase.OPEN, Phase.CLOSING_AUCTION)]
        closes = max(ends) if current is not None and ends and max(ends) > when else None
        day = self.day(exchange, today)
        opens = self._next(exchange, today, when, Phase.OPEN).start
        return Session(
            exchange,
            phase,
            until,
            opens,
            closes,
            half_day=day is not None and day.is_half,
            stopped=None if phase.is_trading else self._stopped(exchange, today, when),
            holidays_known=self._are_holidays_known(exchange, today)
            and (closes is not None or self._are_holidays_known(exchange, opens.astimezone(zone).date())),
        )

    def learn(self, days: Iterable[Day]) -> None:
        """Know ``days`` too, in the place of what was known of them."""
        self._days.update(((day.code, day.date), day) for day in days)

    def day(self, exchange: Exchange, local: date) -> Day | None:
        """What is known of the local date of ``exchange``."""
        return self._days.get((exchange.code, local)) or self._shipped(exchange, local)

    def _are_holidays_known(self, exchange: Exchange, local: date) -> bool:
        """Whether it is known what ``local``, or the Monday after it, is; calendars leave weekends out."""
        weekend = max(0, local.weekday() - 4)
        return (
            not has_holidays(exchange)
            or self.day(exchange, local + timedelta(days=3 - weekend if weekend else 0)) is not None
        )

    def _slots(self, exchange: Exchange, local: date) -> tuple[Slot, ...]:
        return slots_of(exchange, local, self.day(exchange, local))

    def _is_holiday(self, exchange: Exchange, local: date) -> bool:
        day = self.day(exchange, local)
        return day is not None and day.is_holiday

    def _next(self, exchange: Exchange, today: date, when: datetime, phase: Phase | None = None) -> Slot:
        """The first slot (of ``phase``) that starts after ``when``; by the published hours if no day known has one."""
        for slots in (self._slots, slots_of):
            for ahead in range(_FAR):
                for slot in slots(exchange, today + timedelta(days=ahead)):
                    if slot.start > when and phase in (None, slot.phase):
                        return slot
        raise AssertionError(f"{exchange.code} never opens")

    def _standing(self, exchange: Exchange, today: date, when: datetime, zone: ZoneInfo) -> tuple[Phase, datetime]:
        """Closed or holiday, and until when: a holiday ends with the last of its days in a row, at local midnight."""
        is_holiday, following = self._is_holiday(exchange, today), self._next(exchange, today, when).start
        turn, last = today + timedelta(days=1), following.astimezone(zone).date()
        while turn <= last and self._is_holiday(exchange, turn) is is_holiday:
            turn += timedelta(days=1)
        if is_holiday:
            return Phase.HOLIDAY, min(midnight(turn, zone), following)
        return Phase.CLOSED, min(midnight(turn, zone), following)

    def _stopped(self, exchange: Exchange, today: date, when: datetime) -> datetime | None:
        for behind in range(_FAR):
            for slot in reversed(self._slots(exchange, today - timedelta(days=behind))):
                if (slot.phase.is_trading or slot.phase is Phase.FIXED_PRICE) and slot.end <= when:
                    return slot.end
        return None


_PUBLISHED = Calendar()


def local_zone(quote: Quote) -> tuple[tzinfo, str]:
    """The time zone in which ``quote`` is given, and where that is: the exchange's, or what the source named."""
    exchange = quote.symbol.exchange
    if quote.zone and zone_of(quote.zone) is not UTC:
        return zone_of(quote.zone), quote.zone.rpartition("/")[2].replace("_", " ")
    return zone_of(exchange.zone), exchange.city


def session_at(exchange: Exchange, when: datetime) -> Session:
    """The session of ``exchange`` at ``when`` (aware), by its published hours."""
    return _PUBLISHED(exchange, when)


def session_for(symbol: Symbol, session: Session) -> Session:
    """The session of ``symbol``, whose exchange is in ``session``: in Shanghai and Shenzhen the A-shares
    alone trade at the closing price, and repos until that ends."""
    if not symbol.is_china:
        return session
    if symbol.board is Board.REPO and (end := _end_of_repos(session)) is not None:
        return replace(session, phase=Phase.OPEN, until=end, closes=end, stopped=None)
    if session.phase is Phase.FIXED_PRICE and not (symbol.board in A_SHARES and symbol.currency == "CNY"):
        return replace(session, phase=Phase.CLOSED)
    return session


def _end_of_repos(session: Session) -> datetime | None:
    """When repos stop, from the closing auction of shares until then; ``None`` at any other time."""
    if session.phase is Phase.CLOSING_AUCTION:
        return session.until + _REPOS_GO_ON
    stopped = session.stopped
    is_between = session.phase is Phase.CLOSED and stopped is not None and session.until < stopped + _REPOS_GO_ON
    return None if stopped is None or not (is_between or session.phase is Phase.FIXED_PRICE) else stopped + _REPOS_GO_ON


def session_of(quote: Quote | None, session: Session, now: datetime) -> Session:
    """The session at ``now`` of what ``quote`` prices, whose exchange is in ``session``.

    That of the exchange where it is known, else by the regular session that the quote's source named: open in it,
    closed outside of it. When it trades next the source says when it is asked again.
    """
    if session.phase is not Phase.UNKNOWN or quote is None or quote.regular is None:
        return session
    start, end = quote.regular
    if start <= now < end:
        return replace(session, phase=Phase.OPEN, until=end, closes=end)
    until = min(start, session.until) if now < start else session.until
    opens, stopped = (start, None) if now < start else (None, end)
    return replace(session, phase=Phase.CLOSED, until=until, opens=opens, stopped=stopped)


def extended_at(quote: Quote | None, session: Session, now: datetime) -> Extended | None:
    """The price of ``quote`` outside the regular session, as far as it is of ``now``, in the ``session`` of its
    exchange; ``None`` where nothing is to be claimed.

    None in the regular session, none that is older than the last one or than the quote's own price, none that is stale
    while such trading is under way. When that is over, its last price stays until the next begins.
    """
    extended = None if quote is None else quote.extended
    if quote is None or extended is None or quote.trading in (Trading.SUSPENDED, Trading.DELISTED):
        return None
    phase, age = session.phase, now - extended.as_of
    if phase.is_trading or phase is Phase.UNKNOWN or extended.as_of < quote.as_of or is_ahead(quote, now):
        return None
    if session.stopped is not None and extended.as_of < session.stopped:
        return None
    under_way = phase in (Phase.PRE_OPEN, Phase.AFTER_HOURS)
    return extended if -AHEAD <= age <= (EXTENDED_STALE if under_way else EXTENDED_LONGEST) else None


class Sessions:
    """The sessions of now, each kept for a while, for they are asked of every row and every request."""

    def __init__(self, clock: Callable[[], datetime], at: SessionAt = session_at) -> None:
        self._clock = clock
        self._at = at
        self._held: dict[str, tuple[datetime, datetime, Session]] = {}

    def __call__(self, exchange: Exchange) -> Session:
        """What ``exchange`` is doing now."""
        now = self._clock()
        held = self._held.get(exchange.code)
        if held is None or not held[0] <= now < held[1]:
            session = self._at(exchange, now)
            held = self._held[exchange.code] = (now, min(session.until, now + LOOK_AGAIN), session)
        return held[2]


def always_open(exchange: Exchange, when: datetime) -> Session:
    """The session of a demo exchange: open now, closing at the end of the local day."""
    local = when.astimezone(ZoneInfo(exchange.zone))
    midnight_after = datetime.combine(local.date() + timedelta(days=1), time(), ZoneInfo(exchange.zone)).astimezone(UTC)
    return Session(exchange, Phase.OPEN, midnight_after, midnight_after, midnight_after)
