"""Numbers, ages and names as text: exact widths, no number cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from aiwatch.formatting.text import age, clip, flush, index_title, money, price, short, signed, span
from aiwatch.widgets.linked_rows import trimmed

NOW = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
TEXTS = st.text("ab 12.,%¥$→大元泵业·", max_size=30)


@given(TEXTS, st.integers(0, 20))
@example("1 111", 4)
def test_a_clipped_text_has_its_width_and_no_cut_number(text: str, width: int) -> None:
    for clipped in (clip(text, width), flush(text, width)):
        assert cell_len(clipped) == width
        assert not any(f"{digit}…" in clipped for digit in "0123456789")


@given(TEXTS, st.integers(1, 20))
@example("11111111111业1 1业", 17)
def test_a_trimmed_content_fits_and_has_no_cut_number(text: str, width: int) -> None:
    words = trimmed(Content(text), width).plain
    assert cell_len(words) <= width
    assert words == text or words.endswith("…")
    assert not any(f"{digit}…" in words for digit in "0123456789")


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Envicool", 8, "Envicool"),
        ("Envicool", 10, "Envicool  "),
        ("Envicool", 6, "Envic…"),
        ("大元泵业", 6, "大元… "),
        ("大元泵业", 7, "大元泵…"),
        ("phase 1 (Abilene)", 9, "phase…   "),
        ("x", 0, ""),
    ],
)
def test_names_end_at_a_cell_boundary(text: str, width: int, expected: str) -> None:
    assert clip(text, width) == expected


def test_a_sum_that_does_not_fit_is_left_out_whole() -> None:
    words = Content.assemble("to Oracle  ", ("$300 bn", "bold"))
    assert trimmed(words, 18).plain == "to Oracle  $300 bn"
    assert trimmed(words, 14).plain == "to Oracle…"


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("over ¥1 trn ($140 bn)", 11, "over…"),
        ("over ¥1 trn ($140 bn)", 12, "over ¥1 trn…"),
        ("over ¥1 trn ($140 bn)", 20, "over ¥1 trn…"),
        ("¥836 bn ($123 bn, €109 bn) spent", 25, "¥836 bn…"),
        ("220 kV a year", 5, "…"),
        ("phase 1 paused", 11, "phase 1 pa…"),
    ],
)
def test_a_number_is_not_cut_within_its_unit(text: str, width: int, expected: str) -> None:
    assert trimmed(Content(text), width).plain == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "–"),
        (0, "0"),
        (912, "912"),
        (999.6, "1.00 k"),
        (1530, "1.53 k"),
        (48_123_400, "48.1 M"),
        (999_600_000, "1.00 bn"),
        (3.02e9, "3.02 bn"),
        (-2.5e12, "-2.50 trn"),
    ],
)
def test_large_numbers_have_three_digits_and_a_unit(value: float | None, expected: str) -> None:
    assert short(value) == expected


@given(st.floats(1, 1e14))
def test_a_short_number_is_never_wider_than_its_column(value: float) -> None:
    assert len(short(value)) <= 8


def test_money_has_the_sign_of_its_currency() -> None:
    assert [money(1.5e9, currency) for currency in ("CNY", "USD", "HKD", "JPY", "CHF")] == [
        "¥1.50 bn",
        "$1.50 bn",
        "HK$1.50 bn",
        "JP¥1.50 bn",
        "CHF 1.50 bn",
    ]
    assert money(None, "CNY") == "–"


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "–"), (0.0, "0.00"), (-0.001, "0.00"), (5.8, "+5.80"), (-0.67, "-0.67")]
)
def test_a_change_has_a_sign_and_zero_has_none(value: float | None, expected: str) -> None:
    assert signed(value) == expected


def test_a_price_keeps_its_decimals() -> None:
    assert [price(592.5, 3), price(15640.0, 0), price(None, 2)] == ["592.500", "15640", "–"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-5, "0s"),
        (3, "3s"),
        (9.9, "9s"),
        (14, "10s"),
        (59, "55s"),
        (60, "1m"),
        (119, "1m"),
        (5999, "99m"),
        (6000, "1h"),
        (172_799, "47h"),
        (172_800, "2d"),
    ],
)
def test_ages_have_at_most_four_cells(seconds: float, expected: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == expected
    assert age(None, NOW) == "–"


@given(st.integers(0, 10**9))
def test_no_age_is_wider(seconds: int) -> None:
    assert len(age(NOW - timedelta(seconds=seconds), NOW)) <= 4


@pytest.mark.parametrize(
    ("minutes", "expected"), [(50, "50 min"), (60, "1 h"), (440, "7 h 20 min"), (1440, "1 d"), (3060, "2 d 3 h")]
)
def test_spans_are_words(minutes: int, expected: str) -> None:
    assert span(timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(
    ("symbol", "title"),
    [
        ("000300.SS", "CSI 300"),
        ("^HSI", "HSI"),
        ("^STOXX50E", "STOXX50E"),
        ("CNY=X", "USD/CNY"),
        ("EURUSD=X", "EUR/USD"),
        ("510300.SS", "510300.SS"),
    ],
)
def test_an_index_or_a_rate_is_called_as_people_call_it(symbol: str, title: str) -> None:
    assert index_title(symbol) == title
