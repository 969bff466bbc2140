"""The alerts a person set for a stock, and those that fired. Pure values; `monitor` decides when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock


class Trigger(StrEnum):
    """What makes a rule fire, in the words under which it is kept."""

    ABOVE = "above"
    BELOW = "below"
    ROSE = "rose"
    FELL = "fell"
    LIMIT_UP = "limit up"
    LIMIT_UP_OPENED = "limit up opened"
    LIMIT_DOWN = "limit down"
    LIMIT_DOWN_OPENED = "limit down opened"
    VOLUME_RATIO = "volume ratio"


LIMITS = (Trigger.LIMIT_UP, Trigger.LIMIT_UP_OPENED, Trigger.LIMIT_DOWN, Trigger.LIMIT_DOWN_OPENED)
"""The triggers whose level is a limit price, which is another each day."""


class Rule(Struct, frozen=True):
    """One thing to tell of ``symbol``. ``level`` is a price, a size in percent or a ratio; ``None`` for the limits."""

    symbol: Symbol
    trigger: Trigger
    level: float | None = None

    def __str__(self) -> str:
        return rule_words(self.trigger, self.level)


class Alert(Struct, frozen=True):
    """A rule that fired. ``level`` is the rule's, or the limit price of the day; ``value`` the price with ``decimals``
    decimals, the change in percent or the volume ratio that reached it.

    ``as_of`` is the price's own time and ``fired_at`` ours, both aware UTC. ``caveat`` says why the price is not that
    of a trade just now (``15 min delayed``, ``DEMO: simulated price``); empty when it is. ``rearmed``: the person let
    the rule fire once more.
    """

    symbol: Symbol
    trigger: Trigger
    level: float
    value: float
    decimals: int
    as_of: datetime
    fired_at: datetime
    caveat: str = ""
    rearmed: bool = False

    @property
    def rule(self) -> Rule:
        """The rule that fired."""
        return Rule(self.symbol, self.trigger, None if self.trigger in LIMITS else self.level)

    @property
    def session(self) -> date:
        """The trading session: the local date of the price at its exchange."""
        return session_of(self.symbol, self.as_of)

    @property
    def words(self) -> str:
        """What happened, without the symbol: ``above 30: 30.05``, ``rose 5 %: +5.21 %``, ``limit up: 33.00``."""
        return f"{self.rule}: {self.value_words}"

    @property
    def value_words(self) -> str:
        """The value with its unit."""
        if self.trigger in (Trigger.ROSE, Trigger.FELL):
            return f"{self.value:+.2f} %"
        return f"{self.value:.2f}" if self.trigger is Trigger.VOLUME_RATIO else f"{self.value:.{self.decimals}f}"


def session_of(symbol: Symbol, as_of: datetime) -> date:
    """The trading session a price of ``as_of`` belongs to: its local date at the exchange."""
    return as_of.astimezone(ZoneInfo(symbol.zone)).date()


def rule_words(trigger: Trigger, level: float | None) -> str:
    """A rule as it is said: ``above 30``, ``rose 5 %``, ``limit up opened``."""
    if level is None:
        return trigger.value
    unit = " %" if trigger in (Trigger.ROSE, Trigger.FELL) else ""
    return f"{trigger.value} {plain(level)}{unit}"


def plain(number: float) -> str:
    """A number as a person writes it: no exponent, and no zeros at the end of its decimals."""
    text = f"{number:.6f}"
    return text.rstrip("0").rstrip(".")


def rules_of(stock: Stock) -> tuple[Rule, ...]:
    """The rules of ``stock``, in the order in which they are shown."""
    alerts = stock.alerts
    if alerts is None:
        return ()
    levels = (
        (Trigger.ABOVE, alerts.above),
        (Trigger.BELOW, alerts.below),
        (Trigger.ROSE, alerts.change_percent),
        (Trigger.FELL, alerts.change_percent),
        (Trigger.VOLUME_RATIO, alerts.volume_ratio),
    )
    limits = LIMITS if alerts.limit else ()
    return (
        *(Rule(stock.symbol, trigger, level) for trigger, level in levels if level is not None),
        *(Rule(stock.symbol, trigger) for trigger in limits),
    )


def rules_of_all(stocks: Iterable[Stock]) -> tuple[Rule, ...]:
    """The rules of ``stocks``, each once: a stock may stand in several lists, with other rules in each."""
    return tuple(dict.fromkeys(rule for stock in stocks for rule in rules_of(stock)))
