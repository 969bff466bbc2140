"""The universe: its named listings, and the ones made up for load tests."""

from __future__ import annotations

import pytest

from aiwatch.market.symbol import Board, parse_symbol
from aiwatch.simulator.listings import HOT, synthetic, universe


def test_the_ten_a_shares_start_from_their_closes_of_15_august_2025() -> None:
    closes = {listing.symbol.text: listing.previous_close / 10**listing.decimals for listing in universe()[:10]}
    assert closes == {
        "603757.SS": 47.14,
        "002837.SZ": 63.82,
        "300870.SZ": 248.50,
        "002536.SZ": 29.62,
        "603308.SS": 28.37,
        "002595.SZ": 58.17,
        "000811.SZ": 14.28,
        "002158.SZ": 19.71,
        "605060.SS": 26.50,
        "300990.SZ": 70.23,
    }


def test_every_previous_close_lies_on_the_grid_of_its_tick() -> None:
    for listing in universe(500):
        assert listing.previous_close % listing.tick == 0, listing
        assert listing.previous_close > 0


def test_extra_listings_are_distinct_a_shares_after_the_named_ones() -> None:
    named, listed = universe(), universe(19_000)
    assert listed[: len(named)] == named
    extra = listed[len(named) :]
    assert len(extra) == 19_000
    assert len({listing.symbol for listing in listed}) == len(listed)
    assert all(listing.symbol.is_china and listing.symbol.daily_limit in (10, 20) for listing in extra)
    assert {"600", "000", "300", "688"} <= {listing.symbol.code[:3] for listing in extra}


def test_more_extra_listings_than_there_are_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="30000 extra listings are too many"):
        universe(30_000)


def test_some_listings_are_drawn_to_their_limit() -> None:
    hot = {listing.symbol.text for listing in universe() if listing.hot}
    assert hot == set(HOT)


@pytest.mark.parametrize(
    ("text", "decimals", "kind"),
    [
        ("AAPL", 2, Board.MAIN),
        ("0005.HK", 3, Board.MAIN),
        ("GBPUSD=X", 4, Board.CURRENCY),
        ("510300.SS", 3, Board.FUND),
    ],
)
def test_a_synthetic_listing_is_the_same_every_time(text: str, decimals: int, kind: Board) -> None:
    symbol = parse_symbol(text)
    assert synthetic(symbol) == synthetic(symbol)
    assert synthetic(symbol).decimals == decimals
    assert synthetic(symbol).symbol.board is kind
    assert bool(synthetic(symbol).shares) is (kind is not Board.CURRENCY)
