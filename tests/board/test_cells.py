"""What a row is called, and how old its price is in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.board.cells import shown_name, status_words
from aiwatch.market.state import PriceStatus
from tests.board.fixtures import quote, stock, view


@pytest.mark.parametrize(
    ("status", "width", "words"),
    [
        (PriceStatus.LIVE, 9, "now"),
        (PriceStatus.DELAYED, 12, "delayed 15m"),
        (PriceStatus.DELAYED, 9, "delay 15m"),
        (PriceStatus.UNTRADED, 12, "no trade yet"),
        (PriceStatus.UNTRADED, 9, "no trade"),
        (PriceStatus.CLOSED, 9, "closed"),
        (PriceStatus.LUNCH, 9, "lunch"),
        (PriceStatus.SUSPENDED, 9, "suspended"),
        (PriceStatus.DELISTED, 9, "delisted"),
        *[
            (status, 4, words)
            for status, words in {
                PriceStatus.LIVE: "now",
                PriceStatus.DELAYED: "-15m",
                PriceStatus.STALE: "!3s",
                PriceStatus.MEMORY: "m3s",
                PriceStatus.CLOSED: "○",
                PriceStatus.LUNCH: "◐",
                PriceStatus.SUSPENDED: "susp",
                PriceStatus.DELISTED: "gone",
                PriceStatus.AUCTION: "auc",
                PriceStatus.UNTRADED: "none",
                PriceStatus.UNSURE: "3s",
            }.items()
        ],
    ],
)
def test_words_for_each_status(status: PriceStatus, width: int, words: str) -> None:
    said = quote("0700.HK", 600, 600, delay_minutes=15)
    assert status_words(view(said, status), width) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "now"), (4.9, "now"), (5, "5s"), (9, "9s"), (14, "10s"), (61, "1m")]
)
def test_a_live_price_of_five_seconds_and_more_has_an_age(seconds: float, words: str) -> None:
    said = quote("0700.HK", 600, 600)
    seen = replace(view(said, PriceStatus.LIVE), now=said.as_of + timedelta(seconds=seconds))
    assert status_words(seen, 4) == words


def test_a_closed_market_s_old_price_is_shown_with_its_age() -> None:
    said = quote("VRT", 160.1, 155.0, seconds=timedelta(days=5).total_seconds())
    assert status_words(view(said, PriceStatus.CLOSED), 9) == "closed 5d"


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
