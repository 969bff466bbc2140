"""The alerts without a screen: what fires, what is logged and kept, and letting a rule fire once more."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from aiwatch.market.calendar.session import always_open
from aiwatch.market.quote import Quote
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.alerts import MOST_ALERTS, AlertCenter
from aiwatch.watchlist import AlertRules
from aiwatch.watchlist.alerts.monitor import State
from aiwatch.watchlist.alerts.rules import Alert
from tests.session.given import NOW, priced, stock

SYMBOL = parse_symbol("002837.SZ")
STOCK = stock("002837.SZ", alerts=AlertRules(above=60))


class Begun:
    """A center on a market of its own, and what it keeps."""

    def __init__(self, *quotes: Quote, earlier: Sequence[Alert] = (), caveat: str = "") -> None:
        self.kept: list[Alert] = []
        self.market = MarketState(lambda: NOW, always_open)
        self.market.apply(quotes)
        self.center = AlertCenter(self.market, tuple(earlier), caveat, self.kept.extend)

    def fired(self, last: float) -> list[str]:
        """What a price of the stock gives cause to, in words."""
        self.market.apply([priced("002837.SZ", last, 58.0)])
        news = self.center.look([SYMBOL])
        return [alert.words for alert in news.fired] if news else []


def test_a_rule_fires_once_and_is_logged_and_kept() -> None:
    begun = Begun()
    begun.center.follow([STOCK])
    assert begun.fired(59.0) == []
    assert begun.fired(60.5) == ["above 60: 60.50"]
    assert begun.fired(61.0) == []
    assert begun.center.alerted == {SYMBOL}
    assert [alert.value for alert in begun.center.log] == [60.5]
    assert list(begun.center.log) == begun.kept


def test_following_looks_at_the_prices_that_are_known() -> None:
    begun = Begun(priced("002837.SZ", 61.0, 58.0), caveat="DEMO: simulated prices")
    (alert,) = begun.center.follow([STOCK]).fired
    assert alert.caveat.startswith("DEMO: simulated prices")


def test_what_fired_before_fires_not_again_but_is_marked() -> None:
    first = Begun(priced("002837.SZ", 61.0, 58.0))
    earlier = first.center.follow([STOCK]).fired
    begun = Begun(priced("002837.SZ", 61.0, 58.0), earlier=earlier)
    news = begun.center.follow([STOCK])
    assert news.fired == ()
    assert news.alerted == {SYMBOL}
    assert begun.kept == []


def test_quotes_of_no_rule_cost_nothing_and_a_mark_goes_with_its_rule() -> None:
    begun = Begun()
    assert begun.center.follow([]).alerted == frozenset()
    assert begun.center.look([SYMBOL]) is None
    begun.center.follow([STOCK])
    begun.fired(61.0)
    assert begun.center.follow([]).alerted == frozenset()


def test_a_rule_is_rearmed_once() -> None:
    begun = Begun()
    begun.center.follow([STOCK])
    begun.fired(60.5)
    (alert,) = begun.center.log
    assert begun.center.rearm(alert)
    assert begun.center.log == (replace(alert, rearmed=True),)
    assert begun.kept[-1].rearmed
    assert begun.center.alerted == frozenset()
    assert not begun.center.rearm(alert)
    assert [state for state, _ in begun.center.states_of(STOCK).values()] == [State.RETURNING]
    assert begun.fired(59.0) == []
    assert begun.fired(60.5) == ["above 60: 60.50"]


def test_the_log_keeps_the_newest() -> None:
    earlier = [replace(_alert(), value=float(number)) for number in range(MOST_ALERTS)]
    begun = Begun(earlier=earlier)
    begun.center.follow([STOCK])
    begun.fired(61.0)
    assert len(begun.center.log) == MOST_ALERTS
    assert begun.center.log[0].value == 61.0


def _alert() -> Alert:
    begun = Begun(priced("NVDA", 61.0, 58.0))
    return begun.center.follow([stock("NVDA", alerts=AlertRules(above=60))]).fired[0]
