"""Claims against closes: how many pairs fit, on which basis, and in which words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from aiwatch.config.paths import bundled
from aiwatch.history.analysis.claims import accepted, chance_of, check_both, check_claim, verdict_of
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Claim
from aiwatch.market.bars import Series
from tests.market.bars.fixtures import MONDAY, daily, dividend, weekdays


@pytest.fixture(scope="module")
def claim() -> Claim:
    """R03: +82.52 %, of two closes that it names."""
    return load_ledger(bundled("seeds")).claims["R03"]


def _closes(claim: Claim, at: int = 4) -> Series:
    """Ten closes, of which the claim's base is the first and its end the one ``at``."""
    assert claim.base_close is not None
    assert claim.end_close is not None
    closes = [float(claim.base_close), 140, 150, 160, float(claim.end_close), 249, 250, 251, 252, 253]
    return daily(closes[: at + 1] + closes[at + 1 :], symbol="300870.SZ")


def _dated(claim: Claim) -> Claim:
    return replace(claim, base_date=MONDAY, end_date=weekdays(MONDAY, 5)[-1])


def test_the_pair_that_fits_is_named_with_both_bases(claim: Claim) -> None:
    series = _closes(claim)
    raw, adjusted = check_both(_dated(claim), series)
    assert (raw.verdict, raw.tried, raw.basis) == ("fits one pair", 45, "unadjusted")
    (pair,) = raw.pairs
    assert (pair.base_date, pair.end_date, pair.sessions) == (MONDAY, weekdays(MONDAY, 5)[-1], 4)
    assert round(pair.percent, 2) == 82.52
    assert (raw.source, raw.as_of) == ("tencent", "2025-09-01")
    assert adjusted.verdict == "fits one pair"
    assert (adjusted.basis, adjusted.why) == ("adjusted", "")


def test_a_dividend_between_the_two_closes_is_why_it_does_not_fit_adjusted(claim: Claim) -> None:
    series = _closes(claim)
    ex_date = weekdays(MONDAY, 3)[2]
    raw, adjusted = check_both(_dated(claim), replace(series, events=(dividend(ex_date, 0.6),)))
    assert raw.verdict == "fits one pair"
    assert adjusted.verdict == "fits none of 45"
    assert f"a dividend of 0.6 with the ex-date {ex_date} lies between" in adjusted.why


def test_a_dividend_explains_nothing_where_no_pair_fits_either_way(claim: Claim) -> None:
    series = replace(_closes(claim), events=(dividend(weekdays(MONDAY, 3)[2], 0.6),))
    for checked in check_both(replace(_dated(claim), percent=Decimal("12.34")), series):
        assert (checked.verdict, checked.why) == ("fits none of 45", "")


def test_closes_that_are_not_final_are_not_tried(claim: Claim) -> None:
    series = _closes(claim)
    live = replace(series, bars=(*series.bars[:4], series.bars[4]._replace(final=False)))
    assert check_claim(_dated(claim), live).tried == 6


def test_a_claim_without_a_percentage_cannot_be_checked(claim: Claim) -> None:
    with pytest.raises(ValueError, match="no percentage"):
        check_claim(replace(claim, percent=None), _closes(claim))


@pytest.mark.parametrize(
    ("percent", "operator", "least", "most"),
    [
        ("93.45", "=", 93.445, 93.455),
        ("6.3", "=", 6.25, 6.35),
        ("98", ">", 98, 99),
        ("98", ">=", 98, 99),
        ("10", "<", 9, 10),
        ("100", "", 99.5, 100.5),
    ],
)
def test_what_prints_as_the_claimed_percentage(percent: str, operator: str, least: float, most: float) -> None:
    assert accepted(Decimal(percent), operator) == pytest.approx((least, most))


@pytest.mark.parametrize(
    ("fitting", "tried", "words"),
    [(0, 0, "no closes to check it against"), (0, 435, "fits none of 435"), (1, 435, "fits one pair"),
     (7, 666, "fits 7")],
)  # fmt: skip
def test_the_verdict_in_words(fitting: int, tried: int, words: str) -> None:
    assert verdict_of(fitting, tried) == words


def test_the_chance_that_a_made_up_percentage_fits() -> None:
    few = [60.0 + at for at in range(0, 41, 10)]
    assert chance_of(few, Decimal("82.52"), "=") == pytest.approx(4 * 0.01 / 40 * 100, rel=0.01)
    dense = [60 + at / 2 for at in range(81)]
    assert chance_of(dense, Decimal(66), ">") == pytest.approx(100, abs=2)
    assert chance_of([10.0], Decimal("82.52"), "=") is None
    assert chance_of([], Decimal("82.52"), "=") is None
