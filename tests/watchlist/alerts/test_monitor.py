"""Sequences of prices and the alerts they give cause to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import PriceStatus
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import AlertRules, Stock
from aiwatch.watchlist.alerts.monitor import AlertWatch, State, caveat_of
from aiwatch.watchlist.alerts.rules import Alert, Rule, Trigger, rules_of, rules_of_all
from tests.market.quotes import TRADING_MOMENT, make_quote

SYMBOL = parse_symbol("002837.SZ")
"""Closed at 58.02: limit up is 63.82, limit down 52.22."""
DAY = timedelta(days=1)
ALL = AlertRules(above=60.0, below=55.0, change_percent=5.0, limit=True, volume_ratio=3.0)
UNCOUNTED = [PriceStatus.MEMORY, PriceStatus.AUCTION, PriceStatus.SUSPENDED, PriceStatus.DELISTED, PriceStatus.UNTRADED]


def stock(**rules: Any) -> Stock:
    """A stock with rules."""
    return Stock(SYMBOL, "Envicool", alerts=AlertRules(**rules))


def watch_of(*fired: Alert, mark: str = "", **rules: Any) -> AlertWatch:
    """A watch over one stock."""
    watch = AlertWatch(fired, mark)
    watch.follow(rules_of(stock(**rules)))
    return watch


def at(last: float, minutes: float = 0, **more: Any) -> Quote:
    """A price so many minutes after ten in the morning."""
    return make_quote(last=last, as_of=TRADING_MOMENT + timedelta(minutes=minutes), **more)


def fired(watch: AlertWatch, *quotes: Quote, status: PriceStatus = PriceStatus.LIVE) -> list[str]:
    """The words of all alerts, in their order."""
    return [alert.words for quote in quotes for alert in watch.look(quote, status, quote.as_of)]


@pytest.mark.parametrize(
    ("rules", "prices", "words"),
    [
        ({"above": 60}, [59.99, 60.0, 60.5], ["above 60: 60.00"]),
        ({"above": 60.5}, [61.0], ["above 60.5: 61.00"]),
        ({"above": 60}, [60.1, 50.0, 60.1, 50.0, 60.1], ["above 60: 60.10"]),
        ({"below": 55}, [55.01, 55.0, 54.0], ["below 55: 55.00"]),
        ({"below": 55, "above": 60}, [54.0, 61.0], ["below 55: 54.00", "above 60: 61.00"]),
        ({"change_percent": 5}, [60.91, 60.93], ["rose 5 %: +5.02 %"]),
        ({"change_percent": 5}, [55.0, 61.0, 55.0], ["fell 5 %: -5.21 %", "rose 5 %: +5.14 %"]),
        ({"limit": True}, [63.81, 63.82, 63.82], ["limit up: 63.82"]),
        ({"limit": True}, [63.82, 63.7, 63.82, 63.6], ["limit up: 63.82", "limit up opened: 63.70"]),
        ({"limit": True}, [52.22, 52.23], ["limit down: 52.22", "limit down opened: 52.23"]),
        ({"limit": True, "above": 63.82}, [63.82], ["above 63.82: 63.82", "limit up: 63.82"]),
        ({}, [60.0, 63.82, 52.22], []),
    ],
)
def test_each_rule_fires_once(rules: dict[str, Any], prices: list[float], words: list[str]) -> None:
    assert fired(watch_of(**rules), *(at(price, minute) for minute, price in enumerate(prices))) == words


def test_a_volume_ratio_fires_when_the_source_says_one() -> None:
    watch = watch_of(volume_ratio=3)
    quotes = [at(60, 0), at(60, 1, volume_ratio=2.99), at(60, 2, volume_ratio=3.0), at(60, 3, volume_ratio=9.0)]
    assert fired(watch, *quotes) == ["volume ratio 3: 3.00"]


def test_a_limit_touched_between_two_quotes_is_told_by_the_days_range() -> None:
    assert fired(watch_of(limit=True), at(62, high=63.82, low=52.22)) == [
        "limit up: 63.82",
        "limit up opened: 62.00",
        "limit down: 52.22",
        "limit down opened: 62.00",
    ]


def test_the_sources_own_limit_goes_before_the_rule_of_the_board() -> None:
    quotes = at(60.92, limit_up=60.92, limit_down=55.12), at(63.82, 1)
    assert fired(watch_of(limit=True), quotes[0]) == ["limit up: 60.92"]
    assert fired(AlertWatch(), quotes[1]) == []


def test_where_there_is_no_daily_limit_none_is_touched() -> None:
    watch = AlertWatch()
    watch.follow(rules_of(Stock(parse_symbol("NVDA"), "NVIDIA", alerts=AlertRules(limit=True))))
    assert fired(watch, make_quote("NVDA", last=300.0, previous_close=100.0)) == []


def test_a_new_session_fires_again_and_a_past_one_never() -> None:
    watch = watch_of(above=60)
    late = replace(at(61), as_of=TRADING_MOMENT + DAY)
    assert fired(watch, at(61), late, late, at(61, 5)) == ["above 60: 61.00", "above 60: 61.00"]


def test_the_session_is_the_exchanges_own_day() -> None:
    """An evening in New York goes on after midnight in London; the next day there begins hours later."""
    watch = AlertWatch()
    watch.follow([Rule(parse_symbol("NVDA"), Trigger.ABOVE, 100.0)])
    evening = datetime.fromisoformat("2025-08-14T19:59:00+00:00")
    quotes = [make_quote("NVDA", last=101, as_of=evening + timedelta(hours=hours)) for hours in (0, 7, 18)]
    assert len(fired(watch, quotes[0], quotes[1])) == 1
    assert len(fired(watch, quotes[2])) == 1


# Re-arming


@pytest.mark.parametrize(
    ("rules", "rule", "first", "waits", "returns", "again"),
    [
        ({"above": 60}, Rule(SYMBOL, Trigger.ABOVE, 60), 60.0, [60.1, 59.71], 59.7, 60.0),
        ({"below": 55}, Rule(SYMBOL, Trigger.BELOW, 55), 55.0, [54.0, 55.27], 55.28, 55.0),
        ({"change_percent": 3}, Rule(SYMBOL, Trigger.ROSE, 3), 60.0, [59.5], 59.47, 59.8),
        ({"change_percent": 3}, Rule(SYMBOL, Trigger.FELL, 3), 56.0, [56.5], 56.57, 56.27),
        ({"limit": True}, Rule(SYMBOL, Trigger.LIMIT_UP), 63.82, [63.82, 63.51], 63.5, 63.82),
        ({"limit": True}, Rule(SYMBOL, Trigger.LIMIT_DOWN), 52.22, [52.22, 52.48], 52.49, 52.22),
    ],
)
def test_a_rearmed_rule_waits_until_the_price_went_back_by_a_band(
    rules: dict[str, Any], rule: Rule, first: float, waits: list[float], returns: float, again: float
) -> None:
    watch = watch_of(**rules)
    said = rule.trigger.value + " " if rule.level is not None else f"{rule.trigger.value}:"
    session = TRADING_MOMENT.date()
    assert watch.rearm(rule) is None
    assert [words for words in fired(watch, at(first)) if words.startswith(said)]
    assert watch.rearm(rule) is not None
    assert watch.rearm(rule) is None
    assert [words for words in fired(watch, *(at(price, 1) for price in waits)) if words.startswith(said)] == []
    assert watch.state(rule, session)[0] is State.RETURNING
    fired(watch, at(returns, 2, high=63.82, low=52.22))
    assert watch.state(rule, session)[0] is State.AGAIN
    assert [words for words in fired(watch, at(again, 3)) if words.startswith(said)]
    assert watch.state(rule, session)[0] is State.FIRED
    assert fired(watch, at(returns, 4), at(again, 5)) == []


def test_a_small_price_goes_back_by_two_ticks() -> None:
    watch, rule = watch_of(above=1.0), Rule(SYMBOL, Trigger.ABOVE, 1.0)
    assert fired(watch, at(1.0, previous_close=0.97))
    watch.rearm(rule)
    fired(watch, at(0.99, 1, previous_close=0.97))
    assert watch.state(rule, TRADING_MOMENT.date())[0] is State.RETURNING
    fired(watch, at(0.98, 2, previous_close=0.97))
    assert watch.state(rule, TRADING_MOMENT.date())[0] is State.AGAIN


def test_a_rearmed_opening_waits_for_the_limit() -> None:
    watch, rule = watch_of(limit=True), Rule(SYMBOL, Trigger.LIMIT_UP_OPENED)
    fired(watch, at(63.82), at(63.5, 1))
    assert watch.rearm(rule)
    assert fired(watch, at(63.0, 2)) == []
    assert fired(watch, at(63.82, 3), at(63.8, 4)) == ["limit up opened: 63.80"]


def test_a_rearmed_volume_ratio_goes_back_by_a_twentieth() -> None:
    watch, rule = watch_of(volume_ratio=2), Rule(SYMBOL, Trigger.VOLUME_RATIO, 2)
    fired(watch, at(60, volume_ratio=2.0))
    watch.rearm(rule)
    assert fired(watch, at(60, 1, volume_ratio=1.91), at(60, 2, volume_ratio=2.0)) == []
    assert fired(watch, at(60, 3, volume_ratio=1.9), at(60, 4, volume_ratio=2.0)) == ["volume ratio 2: 2.00"]


# What an earlier run fired


def test_what_an_earlier_run_told_is_not_told_again() -> None:
    (alert,) = watch_of(above=60).look(at(61), PriceStatus.LIVE, TRADING_MOMENT)
    watch = watch_of(alert, above=60)
    assert fired(watch, at(62, 5)) == []
    assert watch.has_fired(SYMBOL, TRADING_MOMENT.date())
    assert fired(watch, replace(at(62), as_of=TRADING_MOMENT + DAY)) == ["above 60: 62.00"]


def test_what_an_earlier_run_told_of_a_limit_is_not_told_again_at_another_limit_price() -> None:
    (alert,) = watch_of(limit=True).look(at(63.82), PriceStatus.LIVE, TRADING_MOMENT)
    assert fired(watch_of(alert, limit=True), at(60.92, 1, limit_up=60.92, limit_down=55.12)) == []


def test_what_was_rearmed_in_an_earlier_run_still_has_to_go_back() -> None:
    (alert,) = watch_of(above=60).look(at(61), PriceStatus.LIVE, TRADING_MOMENT)
    watch = watch_of(replace(alert, rearmed=True), above=60)
    assert not watch.has_fired(SYMBOL, TRADING_MOMENT.date())
    assert fired(watch, at(61, 1)) == []
    assert fired(watch, at(59, 2), at(61, 3)) == ["above 60: 61.00"]


def test_another_level_is_another_rule_and_a_level_taken_back_is_remembered() -> None:
    watch = watch_of(above=60)
    assert fired(watch, at(61)) == ["above 60: 61.00"]
    watch.follow(rules_of(stock(above=60.5)))
    assert fired(watch, at(61, 1)) == ["above 60.5: 61.00"]
    watch.follow(rules_of(stock(above=60)))
    assert fired(watch, at(61, 2)) == []
    watch.follow([])
    assert not watch.watches(SYMBOL)
    assert fired(watch, at(61, 3)) == []


def test_rules_of_several_lists_are_joined() -> None:
    rules = rules_of_all([stock(above=60), stock(above=60, below=50), Stock(SYMBOL, "Envicool")])
    assert [str(rule) for rule in rules] == ["above 60", "below 50"]


# Which prices count


@pytest.mark.parametrize("status", UNCOUNTED)
def test_a_price_that_is_of_no_trade_fires_nothing(status: PriceStatus) -> None:
    assert fired(watch_of(above=60, limit=True), at(63.82), status=status) == []


@pytest.mark.parametrize("trading", [item for item in Trading if item is not Trading.TRADED])
def test_nor_does_a_quote_that_says_so_itself(trading: Trading) -> None:
    assert fired(watch_of(above=60), at(63.0, trading=trading), status=PriceStatus.CLOSED) == []


@pytest.mark.parametrize("last", [0.0, -1.0, float("nan"), float("inf")])
def test_a_price_that_cannot_be_fires_nothing(last: float) -> None:
    assert fired(watch_of(above=60, below=55, change_percent=5), at(last)) == []


@pytest.mark.parametrize(
    ("status", "delay", "mark", "differs", "words"),
    [
        (PriceStatus.LIVE, 0, "", False, ""),
        (PriceStatus.DELAYED, 15, "", False, "15 min delayed"),
        (PriceStatus.DELAYED, 1440, "", False, "daily fixing"),
        (PriceStatus.STALE, 0, "", False, "stale: no newer price has come"),
        (PriceStatus.LUNCH, 0, "", False, "lunch break: last price of the morning"),
        (PriceStatus.CLOSED, 0, "", True, "market closed: price of its last session; sources differ"),
        (PriceStatus.LIVE, 0, "DEMO: simulated price", False, "DEMO: simulated price"),
        (PriceStatus.DELAYED, 20, "REPLAY: recorded price", False, "REPLAY: recorded price; 20 min delayed"),
    ],
)
def test_what_is_not_a_trade_just_now_is_said(
    status: PriceStatus, delay: int, mark: str, differs: bool, words: str
) -> None:
    quote = at(61, delay_minutes=delay)
    assert caveat_of(status, quote, mark, differs) == words
    (alert,) = watch_of(mark=mark, above=60).look(quote, status, TRADING_MOMENT, differs=differs)
    assert alert.caveat == words


_PRICES = st.lists(
    st.tuples(
        st.floats(52.22, 63.82).map(lambda price: round(price, 2)),
        st.sampled_from(list(PriceStatus)),
        st.integers(0, 600),
        st.sampled_from([None, 2.0, 4.0]),
    ),
    max_size=40,
)


@given(_PRICES, st.booleans())
def test_no_rule_fires_twice_in_a_session_and_none_without_its_caveat(
    prices: list[tuple[float, PriceStatus, int, float | None]], is_marked: bool
) -> None:
    watch = AlertWatch((), "DEMO: simulated price" if is_marked else "")
    watch.follow(rules_of(Stock(SYMBOL, "Envicool", alerts=ALL)))
    seen = set()
    for last, status, minutes, ratio in prices:
        quote = at(last, minutes * 10, volume_ratio=ratio)
        for alert in watch.look(quote, status, quote.as_of):
            assert status not in UNCOUNTED
            assert bool(alert.caveat) is (is_marked or status is not PriceStatus.LIVE)
            assert (alert.rule, alert.session) not in seen
            seen.add((alert.rule, alert.session))


@given(_PRICES, st.lists(st.integers(0, 39), max_size=10))
def test_a_rule_fires_at_most_once_more_for_each_time_it_is_rearmed(
    prices: list[tuple[float, PriceStatus, int, float | None]], rearmed_after: list[int]
) -> None:
    watch, rule, fired, rearmed = watch_of(above=58), Rule(SYMBOL, Trigger.ABOVE, 58), 0, 0
    for number, (last, _, _, _) in enumerate(prices):
        fired += len(watch.look(at(last), PriceStatus.LIVE, TRADING_MOMENT))
        if number in rearmed_after:
            rearmed += watch.rearm(rule) is not None
    assert fired <= 1 + rearmed
