"""One dated, named rate a pair."""

from __future__ import annotations

import datetime
from decimal import Decimal

from aiwatch.ledger.amounts import Rate, chosen_rates, convert, implied_rates
from tests.ledger.bundled import bundled_ledger

DAY = datetime.date(2026, 11, 23)
FEED = Rate("USD", "CNY", Decimal("7.1"), DAY, "feed")


def test_the_articles_most_printed_rate_stands_for_a_pair() -> None:
    rates = {(rate.base, rate.quote): rate for rate in implied_rates(bundled_ledger())}
    assert {pair: rate.rate for pair, rate in rates.items()} == {
        ("USD", "CNY"): Decimal("7.0"),  # in 7 of 12 sums
        ("EUR", "CNY"): Decimal("7.85"),
        ("EUR", "USD"): Decimal("1.125"),
    }
    assert str(rates["USD", "CNY"]) == "7.0 CNY per USD, implied by source 000 (X01, 7 of 12 sums), 2025-08-15"


def test_the_feed_comes_before_the_articles() -> None:
    rates = chosen_rates([FEED], implied_rates(bundled_ledger()))
    assert [rate.basis for rate in rates if {rate.base, rate.quote} == {"USD", "CNY"}] == ["feed"]
    turned = Rate("CNY", "USD", Decimal("0.14"), DAY, "feed, turned")
    rates = chosen_rates([turned], implied_rates(bundled_ledger()))
    assert [rate.basis for rate in rates if {rate.base, rate.quote} == {"USD", "CNY"}] == ["feed, turned"]


def test_conversion_works_both_ways_and_never_over_a_third_currency() -> None:
    there = convert(Decimal(10), "USD", "CNY", [FEED])
    assert there is not None
    assert (there.amount, there.rate) == (Decimal(71), FEED)
    back = convert(Decimal(71), "CNY", "USD", [FEED])
    assert back is not None
    assert back.amount == 10
    same = convert(Decimal(5), "EUR", "EUR", [])
    assert same is not None
    assert same.amount == 5
    assert same.rate is None
    euro = Rate("EUR", "USD", Decimal("1.1"), DAY, "feed")
    assert convert(Decimal(5), "EUR", "CNY", [FEED, euro]) is None


def test_the_implied_rates_are_the_quotients_of_their_sums() -> None:
    for rate in bundled_ledger().fx.values():
        record = bundled_ledger().commitments[rate.commitment]
        stated = dict(record.stated)
        assert stated[rate.quote] == rate.numerator * 10**9, rate.id
        assert stated[rate.base] == rate.denominator * 10**9, rate.id
