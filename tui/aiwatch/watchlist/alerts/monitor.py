"""When a rule fires. Pure: quotes and their standing in, alerts out.

- A rule fires at most once in a trading session, which is the local date of the price at its exchange. A rule that is
  still fulfilled on the next day fires again, once.
- The first price seen counts like any other: one that is beyond the level already fires.
- The alerts of an earlier run are handed in, so that a restart gives none twice.
- A person may re-arm a rule that fired. It then waits until the value has gone back by a band, so that a price that
  trembles at its level does not fire over and over: by half a percent of the level or two of the price's last decimals,
  whichever is more; by half a percentage point of a change; by a twentieth of a volume ratio.
- A limit is touched when the last price stands at it, or the day's high or low says that one did, as between two
  quotes; it is opened when the last price no longer does.
- Only prices of trades count: not those kept from an earlier run, indicative, of a suspended or delisted stock, or
  of one that has not traded yet, whose price is the previous close. Everything else that is not a trade just now is
  said in the alert's caveat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import Enum, auto
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import STALE_WORDS, PriceStatus
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist.alerts.rules import LIMITS, Alert, Rule, Trigger, session_of

BAND_SHARE, BAND_DECIMALS = 0.005, 2
"""How far a price goes back before its rule may fire again: a share of the level, or so many of its last decimals."""
BAND_POINTS = 0.5
"""The same for a change, in percentage points."""
BAND_RATIO = 0.05
"""The same for a volume ratio, as a share of the level."""

_DAY_MINUTES = 24 * 60
_SLACK = 1e-9
"""What a difference of two decimal figures may be off by."""
_UNCOUNTED = frozenset(
    {PriceStatus.MEMORY, PriceStatus.AUCTION, PriceStatus.SUSPENDED, PriceStatus.DELISTED, PriceStatus.UNTRADED}
)
_CAVEATS = {
    PriceStatus.LIVE: "",
    PriceStatus.STALE: STALE_WORDS,
    PriceStatus.UNSURE: "its hours are not known",
    PriceStatus.LUNCH: "lunch break: last price of the morning",
    PriceStatus.CLOSED: "market closed: price of its last session",
}


class State(Enum):
    """How a rule stands in the present session."""

    READY = auto()
    FIRED = auto()
    RETURNING = auto()
    """Re-armed: the value has to go back by the band first."""
    AGAIN = auto()
    """Re-armed, and the value went back: it may fire once more."""


class _Course(Struct):
    """What became of a rule in ``session``, and the last alert of it in that session."""

    session: date
    state: State = State.READY
    alert: Alert | None = None


def caveat_of(status: PriceStatus, quote: Quote, mark: str = "", differs: bool = False) -> str:
    """Why a price is not that of a trade just now, in words; empty when it is. ``mark`` says that prices are not the
    market's, ``differs`` that two sources price it differently."""
    if status is PriceStatus.DELAYED:
        late = quote.delay_minutes
        late_words = "delay not known" if late is None else f"{late} min delayed"
        words = "daily fixing" if late is not None and late >= _DAY_MINUTES else late_words
    else:
        words = _CAVEATS.get(status, status.value)
    return "; ".join(part for part in (mark, words, "sources differ" if differs else "") if part)


class AlertWatch:
    """Watches the rules it was given. ``fired`` are alerts of earlier runs; ``mark`` goes into every caveat."""

    def __init__(self, fired: Iterable[Alert] = (), mark: str = "") -> None:
        self._mark = mark
        self._rules: dict[Symbol, tuple[Rule, ...]] = {}
        self._courses: dict[Rule, _Course] = {}
        self._touched: dict[tuple[Symbol, int], date] = {}
        for alert in sorted(fired, key=lambda past_alert: past_alert.fired_at):
            state = State.RETURNING if alert.rearmed else State.FIRED
            self._courses[alert.rule] = _Course(alert.session, state, alert)

    def follow(self, rules: Iterable[Rule]) -> None:
        """Watch ``rules`` from now on and no others; what became of one in this session stays known."""
        rules_by_symbol: dict[Symbol, list[Rule]] = {}
        for rule in rules:
            rules_by_symbol.setdefault(rule.symbol, []).append(rule)
        self._rules = {symbol: tuple(of_symbol) for symbol, of_symbol in rules_by_symbol.items()}

    @property
    def symbols(self) -> Collection[Symbol]:
        """The symbols of which there are rules."""
        return self._rules.keys()

    def watches(self, symbol: Symbol) -> bool:
        """Whether there is a rule of ``symbol``."""
        return symbol in self._rules

    def look(self, quote: Quote, status: PriceStatus, now: datetime, *, differs: bool = False) -> tuple[Alert, ...]:
        """The alerts that ``quote`` gives cause to at ``now`` (aware UTC), its price being read as ``status``."""
        rules = self._rules.get(quote.symbol)
        if rules is None or status in _UNCOUNTED or quote.trading is not Trading.TRADED:
            return ()
        if not isfinite(quote.last) or quote.last <= 0:
            return ()
        session, touched = session_of(quote.symbol, quote.as_of), self._touches(quote)
        caveat = caveat_of(status, quote, self._mark, differs)
        alerts = []
        for rule in rules:
            course = self._course(rule, session)
            if course is None:
                continue
            measure = _measured(rule, quote, touched, fresh=course.state is State.READY)
            if measure is None:
                continue
            if course.state is State.RETURNING and measure.is_back:
                course.state = State.AGAIN
            if measure.is_reached and course.state in (State.READY, State.AGAIN):
                level, value = measure.level, measure.value
                alert = Alert(rule.symbol, rule.trigger, level, value, quote.decimals, quote.as_of, now, caveat)
                course.state, course.alert = State.FIRED, alert
                alerts.append(alert)
        return tuple(alerts)

    def rearm(self, rule: Rule) -> Alert | None:
        """Let ``rule`` fire once more in its session; the alert it had given, or ``None`` when it had not fired."""
        course = self._courses.get(rule)
        if course is None or course.state is not State.FIRED:
            return None
        course.state = State.RETURNING
        return course.alert

    def state(self, rule: Rule, session: date) -> tuple[State, Alert | None]:
        """How ``rule`` stands in ``session``, and the alert it gave in it."""
        course = self._courses.get(rule)
        if course is None or course.session != session:
            return State.READY, None
        return course.state, course.alert

    def has_fired(self, symbol: Symbol, session: date) -> bool:
        """Whether any rule of ``symbol`` fired in ``session`` and was not re-armed since."""
        return any(self.state(rule, session)[0] is State.FIRED for rule in self._rules.get(symbol, ()))

    def _course(self, rule: Rule, session: date) -> _Course | None:
        """What became of ``rule`` in ``session``; ``None`` for a session that is over."""
        course = self._courses.get(rule)
        if course is None or course.session < session:
            course = self._courses[rule] = _Course(session)
        return course if course.session == session else None

    def _touches(self, quote: Quote) -> frozenset[int]:
        """The limits that were touched in the session of ``quote`` so far: 1 up, -1 down."""
        session = session_of(quote.symbol, quote.as_of)
        for side in _sides(quote):
            self._touched[quote.symbol, side] = session
        return frozenset(side for side in (1, -1) if self._touched.get((quote.symbol, side)) == session)


class _Measure(Struct, frozen=True):
    """What a rule goes by in one quote; ``is_back`` is whether the value is so far from the level that a re-armed rule
    may fire again."""

    level: float
    value: float
    is_reached: bool
    is_back: bool


def _sides(quote: Quote) -> list[int]:
    """The limits that the last price or the day's range says were touched."""
    limits = quote.limits
    if limits is None:
        return []
    half = 0.5 * 10.0**-quote.decimals
    high, low = max(quote.high or 0.0, quote.last), min(quote.low or quote.last, quote.last)
    return [side for side, is_met in ((1, high >= limits[0] - half), (-1, low <= limits[1] + half)) if is_met]


def _measured(rule: Rule, quote: Quote, touched: frozenset[int], *, fresh: bool) -> _Measure | None:
    """What ``rule`` goes by; ``None`` where the source does not say. ``fresh``: earlier prices of the day count too."""
    if rule.trigger in LIMITS:
        return _limit_measure(rule.trigger, quote, touched, fresh=fresh)
    level = rule.level
    if level is None:
        return None
    if rule.trigger in (Trigger.ABOVE, Trigger.BELOW):
        return _beyond(level, quote.last, 1 if rule.trigger is Trigger.ABOVE else -1, _band(level, quote))
    if rule.trigger is Trigger.VOLUME_RATIO:
        ratio = quote.volume_ratio
        return None if ratio is None else _beyond(level, ratio, 1, level * BAND_RATIO)
    change = quote.change_percent
    if change is None:
        return None
    if rule.trigger is Trigger.ROSE:
        return _beyond(level, change, 1, BAND_POINTS)
    return replace(_beyond(-level, change, -1, BAND_POINTS), level=level)


def _beyond(level: float, value: float, side: int, band: float) -> _Measure:
    """Whether ``value`` is at ``level`` or beyond it on ``side`` (1 above, -1 below), or ``band`` before it."""
    beyond = (value - level) * side
    return _Measure(level, value, beyond >= 0, beyond <= _SLACK - band)


def _limit_measure(trigger: Trigger, quote: Quote, touched: frozenset[int], *, fresh: bool) -> _Measure | None:
    limits = quote.limits
    if limits is None:
        return None
    side = 1 if trigger in (Trigger.LIMIT_UP, Trigger.LIMIT_UP_OPENED) else -1
    limit = limits[0] if side == 1 else limits[1]
    is_there = quote.at_limit == side
    if trigger in (Trigger.LIMIT_UP_OPENED, Trigger.LIMIT_DOWN_OPENED):
        return _Measure(limit, quote.last, side in touched and not is_there, is_there)
    if fresh and side in touched:
        return _Measure(limit, limit, True, False)
    return replace(_beyond(limit, quote.last, side, _band(limit, quote)), is_reached=is_there)


def _band(level: float, quote: Quote) -> float:
    return max(level * BAND_SHARE, BAND_DECIMALS * 10.0**-quote.decimals)
