"""The alerts of a running dashboard: the rules watched, the log of what fired, and letting a rule fire once more.

What fired comes back as a value: the caller shows it. Nothing of this is needed before the first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.alerts.monitor import AlertWatch, State
from aiwatch.watchlist.alerts.rules import Alert, Rule, rules_of, rules_of_all, session_of

MOST_ALERTS = 500
"""Alerts of the log, the newest."""


class AlertNews(Struct, frozen=True):
    """What quotes gave cause to: the alerts that ``fired`` just now, and every stock one of whose rules has fired in
    its present session."""

    fired: tuple[Alert, ...]
    alerted: frozenset[Symbol]


class AlertCenter:
    """Watches the rules of stocks by the quotes of ``market``.

    ``earlier`` are the alerts of earlier runs, newest first; ``caveat`` goes with every alert when prices are not the
    market's, else it is empty; ``keep`` takes alerts that fired or were re-armed for the runs to come.
    """

    def __init__(
        self, market: MarketState, earlier: tuple[Alert, ...], caveat: str, keep: Callable[[tuple[Alert, ...]], None]
    ) -> None:
        self.log = earlier
        """The alerts of this run and those before it, newest first."""
        self.alerted: frozenset[Symbol] = frozenset()
        """The stocks one of whose rules has fired in its present session."""
        self._market = market
        self._keep = keep
        self._watch = AlertWatch(earlier, caveat)

    def follow(self, stocks: Iterable[Stock]) -> AlertNews:
        """Watch the rules of ``stocks`` and no others from now on, beginning with the prices that are known."""
        self._watch.follow(rules_of_all(stocks))
        return self.look(self._market.quotes) or AlertNews((), self.alerted)

    def look(self, symbols: Iterable[Symbol]) -> AlertNews | None:
        """What the present quotes of ``symbols`` give cause to; ``None`` where no rule is about any of them."""
        watched = [symbol for symbol in symbols if self._watch.watches(symbol)]
        if not watched and not self.alerted:
            return None
        market, now = self._market, self._market.clock()
        fired: list[Alert] = []
        for symbol in watched:
            if (quote := market.quotes.get(symbol)) is not None:
                differs = symbol in market.disagreements
                fired += self._watch.look(quote, market.status(symbol), now, differs=differs)
        if fired:
            self.log = (*reversed(fired), *self.log)[:MOST_ALERTS]
            self._keep(tuple(fired))
        return AlertNews(tuple(fired), self._note_alerted())

    def rearm(self, alert: Alert) -> bool:
        """Let the rule of ``alert`` fire once more in its session; whether it had fired in it and waits now."""
        fired = self._watch.rearm(alert.rule)
        if fired is None:
            return False
        again = replace(fired, rearmed=True)
        self.log = tuple(again if entry == fired else entry for entry in self.log)
        self._keep((again,))
        self._note_alerted()
        return True

    def states_of(self, stock: Stock) -> Mapping[Rule, tuple[State, Alert | None]]:
        """How each rule of ``stock`` stands in the session of its price, and the alert it gave in it."""
        session = self._session(stock.symbol)
        return {rule: self._watch.state(rule, session) for rule in rules_of(stock)}

    def _session(self, symbol: Symbol) -> date:
        quote = self._market.quotes.get(symbol)
        return session_of(symbol, self._market.clock() if quote is None else quote.as_of)

    def _note_alerted(self) -> frozenset[Symbol]:
        """Take note of the stocks with a quote one of whose rules has fired in the session of that quote."""
        quotes, watch = self._market.quotes, self._watch
        self.alerted = frozenset(
            symbol
            for symbol in watch.symbols
            if (quote := quotes.get(symbol)) is not None and watch.has_fired(symbol, session_of(symbol, quote.as_of))
        )
        return self.alerted
