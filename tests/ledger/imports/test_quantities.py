"""Figures of other tables: every way in which they are written, and that none is dropped without a word."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.ledger.amounts import SIGNS_OF_QUALIFIERS
from aiwatch.ledger.imports.quantities import (
    BILLIONS,
    DOLLARS,
    PIECES,
    POWER,
    Quantity,
    Units,
    Unreadable,
    read_quantity,
)
from tests.properties import examples


@pytest.mark.parametrize(
    ("text", "units", "value", "qualifier"),
    [
        ("636", POWER, "636", ""),
        ("~400,000", PIECES, "400000", "about"),
        ("≈ 400 000", PIECES, "400000", "about"),
        ("approx. 400k H100e", PIECES, "400000", "about"),
        ("1.2M", PIECES, "1200000", ""),
        ("768769.2", PIECES, "768769.2", ""),
        ("4e+05", PIECES, "400000", ""),
        (">500", POWER, "500", "over"),
        ("more than 500 MW", POWER, "500", "over"),
        ("500+ MW", POWER, "500", "at least"),
        ("500 MW+", POWER, "500", "at least"),
        (">= 500", POWER, "500", "at least"),
        ("< 1.2 GW", POWER, "1200.0", "below"),
        ("≤300", POWER, "300", "up to"),
        ("up to 300 MW", POWER, "300", "up to"),
        ("1–2 GW", POWER, "1000", "at least"),
        ("500 MW–1 GW", POWER, "500", "at least"),
        ("100-150", POWER, "100", "at least"),
        ("100 to 150", POWER, "100", "at least"),
        ("24.1", BILLIONS, "24.1", ""),
        ("$12 billion (est.)", BILLIONS, "12", "about"),
        ("~$900M", BILLIONS, "0.900", "about"),
        ("US$1.5 trillion", BILLIONS, "1500.0", ""),
        ("$12 billion", DOLLARS, "12000000000", ""),
        ("16000000000.0", DOLLARS, "16000000000.0", ""),
    ],
)
def test_figures_with_qualifiers_ranges_and_units(text: str, units: Units, value: str, qualifier: str) -> None:
    quantity = read_quantity(text, units)
    assert quantity is not None
    assert (quantity.value, quantity.qualifier) == (Decimal(value), qualifier)
    assert not qualifier or qualifier in SIGNS_OF_QUALIFIERS


@pytest.mark.parametrize("text", ["", "-", "–", "n/a", "N/A", "unknown", "TBD", "?", "0", "0.0", "not disclosed"])
def test_what_says_that_there_is_no_figure_gives_none(text: str) -> None:
    assert read_quantity(text, POWER) is None


@pytest.mark.parametrize(
    ("text", "units", "why"),
    [
        ("1,5", POWER, "is no number"),
        ("many", POWER, "is no number"),
        ("-5", POWER, "is no number"),
        ("٤٠٠", PIECES, "is no number"),
        ("400 acres", POWER, "is in acres"),
        ("€5", BILLIONS, "is no number"),
        ("5 bn yuan", BILLIONS, "is in bn yuan"),
        ("2–1 GW", POWER, "ends below its begin"),
        ("1e99", POWER, "is too large"),
        ("1 2 3", POWER, "is no number"),
        ("NaN%", POWER, "is no number"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, units: Units, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_quantity(text, units)


def test_a_range_is_kept_as_printed_beside_its_lower_end() -> None:
    quantity = read_quantity("1–2 GW", POWER)
    assert quantity == Quantity(Decimal(1000), "at least", "1–2 GW")
    assert quantity is not None
    assert quantity.words("MW") == "at least 1,000 MW (1–2 GW)"


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30) | st.from_regex(r"\A[~><= 0-9.,kMGW+–-]{1,12}\Z"))
def test_any_cell_gives_a_figure_nothing_or_a_reason(text: str) -> None:
    with suppress(Unreadable):
        quantity = read_quantity(text, POWER)
        assert quantity is None or 0 < quantity.value <= Decimal(10) ** 15
