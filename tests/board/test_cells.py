"""What a row is called, and how old its price is in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.board.cells import shown_name, standing_words
from aiwatch.market.state import Standing
from tests.board.fixtures import quote, stock, view


@pytest.mark.parametrize(
    ("standing", "width", "words"),
    [
        (Standing.LIVE, 9, "3s"),
        (Standing.DELAYED, 12, "delayed 15m"),
        (Standing.DELAYED, 9, "delay 15m"),
        (Standing.UNTRADED, 12, "no trade yet"),
        (Standing.UNTRADED, 9, "no trade"),
        (Standing.CLOSED, 9, "closed"),
        (Standing.LUNCH, 9, "lunch"),
        (Standing.SUSPENDED, 9, "suspended"),
        (Standing.DELISTED, 9, "delisted"),
        *[
            (standing, 4, words)
            for standing, words in {
                Standing.LIVE: "3s",
                Standing.DELAYED: "-15m",
                Standing.STALE: "!3s",
                Standing.MEMORY: "m3s",
                Standing.CLOSED: "○",
                Standing.LUNCH: "◐",
                Standing.SUSPENDED: "susp",
                Standing.DELISTED: "gone",
                Standing.AUCTION: "auc",
                Standing.UNTRADED: "none",
                Standing.UNSURE: "3s",
            }.items()
        ],
    ],
)
def test_words_for_each_standing(standing: Standing, width: int, words: str) -> None:
    said = quote("0700.HK", 600, 600, delay_minutes=15)
    assert standing_words(view(said, standing), width) == words


def test_a_closed_market_s_old_price_is_shown_with_its_age() -> None:
    said = quote("VRT", 160.1, 155.0, seconds=timedelta(days=5).total_seconds())
    assert standing_words(view(said, Standing.CLOSED), 9) == "closed 5d"


def test_names_fall_back_and_hold_no_control_characters() -> None:
    assert shown_name(stock("002837.SZ", "Envicool", "英维克"), "chinese") == "英维克"
    assert shown_name(stock("SIE.DE", "Siemens"), "chinese") == "Siemens"
    assert shown_name(stock("NVDA", "NVI\x1b[31mDIA"), "english") == "NVI[31mDIA"


def test_a_stock_that_nobody_names_has_the_name_of_the_source() -> None:
    named = stock("NVDA", "NVDA")
    nameless = replace(named, is_named=False)
    said = quote("NVDA", 178.88, 180.64, name="NVIDIA Corporation")
    assert shown_name(nameless, "english", said) == "NVIDIA Corporation"
    assert shown_name(nameless, "english") == shown_name(named, "english", said) == "NVDA"
