"""Sums as the ledger writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from aiwatch.ledger.amounts import digits_of, money, plain, printed_amount, printed_value, short_qualifier, significant
from tests.ledger.bundled import bundled_ledger


@pytest.mark.parametrize(
    ("id", "printed", "first"),
    [
        ("C001", "planned ¥3.5 trn ($500 bn)", "planned ¥3.5 trn"),
        ("C002", "¥210 bn ($30 bn) a year", "¥210 bn a year"),
        ("C003", "not stated", "not stated"),
        ("C004", "over ¥1 trn ($140 bn)", "over ¥1 trn"),
        ("C007", "¥1.57 trn ($225 bn, €200 bn)", "¥1.57 trn"),
        ("C010", "forecast ¥7.154 trn ($1.022 trn)", "forecast ¥7.154 trn"),
        ("C011", "¥2.24 trn ($320 bn)", "¥2.24 trn"),
        ("C012", "over ¥150 bn ($20.64 bn)", "over ¥150 bn"),
        ("C013", "¥24.6 bn", "¥24.6 bn"),
        ("C017", "trillions, unquantified", "trillions, unquantified"),
        ("C024", "raise not stated", "raise not stated"),
        ("C032", "about $1 trn", "about $1 trn"),
        ("C040", "$6.3 bn", "$6.3 bn"),
        ("C045", "needed $2 trn a year", "needed $2 trn a year"),
        ("C046", "shortfall $800 bn", "shortfall $800 bn"),
    ],
)
def test_amounts_read_as_printed(id: str, printed: str, first: str) -> None:
    record = bundled_ledger().commitments[id]
    assert printed_amount(record) == printed
    assert printed_amount(record, first_only=True) == first


def test_money_keeps_every_digit_unless_told() -> None:
    assert money(Decimal(20640000000), "USD") == "$20.64 bn"
    assert money(Decimal(1234567890123), "EUR") == "€1.234567890123 trn"
    assert money(Decimal(142857142857), "USD", 4) == "$142.9 bn"
    assert money(Decimal(999), "USD") == "$999"
    assert money(Decimal(1000000), "SEK") == "SEK 1 M"
    assert money(Decimal(999950000000), "USD", 3) == "$1 trn"


def test_numbers_are_plain() -> None:
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("7.0")) == "7"
    assert plain(Decimal(100)) == "100"
    assert significant(Decimal(0), 3) == 0
    assert significant(Decimal("2.345"), 3) == Decimal("2.35")


@pytest.mark.parametrize(
    ("word", "short"),
    [
        ("over", ">"),
        ("about", "~"),
        ("at least", "≥"),
        ("up to", "≤"),
        ("planned", "plan. "),
        ("initial estimate", "init. "),
        ("", ""),
    ],
)
def test_no_form_of_a_qualifier_is_empty(word: str, short: str) -> None:
    assert short_qualifier(word) == short


def test_a_converted_sum_claims_no_more_digits_than_the_printed_one() -> None:
    assert digits_of(Decimal(20_640_000_000)) == 4
    assert digits_of(Decimal(2_240_000_000_000)) == 3
    assert digits_of(Decimal(1_000_000_000_000)) == 3


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        ("100000", "chips", "100,000 chips"),
        ("2000000", "GPUs", "2,000,000 GPUs"),
        ("2026", "year", "2026 year"),
        ("5.2", "GW", "5.2 GW"),
        ("70", "%", "70 %"),
        ("", "paused", "paused"),
    ],
)
def test_the_digits_of_a_signal_are_grouped(value: str, unit: str, printed: str) -> None:
    signal = next(iter(bundled_ledger().signals.values()))
    assert printed_value(replace(signal, value=value, unit=unit)) == printed
