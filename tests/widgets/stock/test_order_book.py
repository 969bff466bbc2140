"""The order book as rows, the seal in words, and what is said when sources differ or give one price a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.board.cells import RowView, status_words
from aiwatch.market.calendar.hours import zone_of
from aiwatch.market.merge import Disagreement
from aiwatch.market.order_book import Seal
from aiwatch.market.quote import Extended
from aiwatch.market.state import MarketState, PriceStatus
from aiwatch.watchlist import Stock
from aiwatch.widgets.stock.fields import quote_fields, status_line
from aiwatch.widgets.stock.order_book import depth_rows, seal_words
from tests.feed.fakes import NOW, quote, symbols

ENVICOOL, RATE = symbols("002837.SZ", "CNY=X")
BOOK = quote(ENVICOOL, 10.5, bids=((10.50, 1700), (10.49, 12_300)), asks=((10.51, 900), (10.52, 200), (10.53, None)))


def test_a_book_is_a_ladder_with_sizes_in_shares() -> None:
    assert [row.plain for row in depth_rows(BOOK)] == [
        " Shares, bid   Ask, shares",
        " 1,700 10.50   10.51    900",
        "12,300 10.49   10.52    200",
        "               10.53      –",
    ]


def test_a_single_bid_and_ask_make_no_book() -> None:
    assert depth_rows(replace(BOOK, bids=BOOK.bids[:1], asks=BOOK.asks[:1])) == []
    assert depth_rows(quote(ENVICOOL)) == []


def test_a_sealed_stock_says_what_waits_and_shows_one_side() -> None:
    rows = depth_rows(quote(ENVICOOL, 11.0, bids=((11.0, 2_130_000), (10.99, 500))))
    assert [row.plain for row in rows] == [
        "Sealed at limit up: 21,300 lots, ¥23.4 M",
        "    Shares, bid   Ask, shares",
        "2,130,000 11.00",
        "      500 10.99",
    ]


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (Seal(-1, 9.0, 100, 1, 900.0, "CNY"), "Sealed at limit down: 1 lot, ¥900"),
        (Seal(1, 9.0, 1500, None, 13_500.0, "HKD"), "Sealed at limit up: 1,500 shares, HK$13.5 k"),
    ],
)
def test_seals_in_words(held: Seal, words: str) -> None:
    assert seal_words(held) == words


def test_sources_that_differ_are_named_in_the_row_and_below() -> None:
    market = MarketState(lambda: NOW)
    item, second = quote(ENVICOOL, 10.5), quote(ENVICOOL, 10.7, source="sina")
    market.apply([item])
    market.disagree([Disagreement(item, second)])
    words = status_line(market, Stock(ENVICOOL, "Envicool"), NOW).plain
    assert words.endswith("sources differ: Tencent 10.5, Sina 10.7")
    view = RowView(Stock(ENVICOOL, "Envicool"), "Envicool", item, PriceStatus.LIVE, (), NOW, differs=True)
    assert [status_words(view, width) for width in (14, 8, 5)] == ["sources differ", "differ", "≠"]


def test_a_fixing_is_called_one() -> None:
    fixing = quote(RATE, 7.2, source="ecb", delay_minutes=1440, seconds=-7200)
    market = MarketState(lambda: NOW)
    market.apply([fixing])
    assert market.status(RATE) is PriceStatus.DELAYED
    assert status_line(market, Stock(RATE, "Dollar"), NOW).plain.startswith("ECB, daily fixing, ")
    view = RowView(Stock(RATE, "Dollar"), "Dollar", fixing, PriceStatus.DELAYED, (), NOW)
    assert [status_words(view, width) for width in (12, 8)] == ["daily fixing", "daily"]


def test_a_price_outside_of_the_session_is_a_figure_of_its_own() -> None:
    parsed = quote(ENVICOOL, 10.0)
    extended = Extended("post", 10.5, NOW - timedelta(hours=1))
    values = {(field.label, field.value) for field in quote_fields(parsed, "auto", extended)}
    local = extended.as_of.astimezone(zone_of(parsed.symbol.zone))
    assert values >= {("After hours", "10.50  +5.00 %"), ("After hours at", f"{local:%H:%M}")}
    before = Extended("pre", 10.5, NOW + timedelta(hours=20))
    local = before.as_of.astimezone(zone_of(parsed.symbol.zone))
    values = {(field.label, field.value) for field in quote_fields(parsed, "auto", before)}
    assert values >= {("Pre-market", "10.50  +5.00 %"), ("Pre-market at", f"{local:%d %b %H:%M}")}, "of another day"
    assert "After hours" not in {field.label for field in quote_fields(parsed, "auto")}
