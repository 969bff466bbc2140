"""Positions on the screen: with the stock, under its list, among all lists, and the rates that they need."""

from __future__ import annotations

from pathlib import Path

from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.watchlist import Stock, Watchlist
from tests.screens.stage import MORNING, on_stage, priced, silent_feed

STOCKS = (
    Stock(parse_symbol("002837.SZ"), "Envicool", quantity=1000, cost=50.0),
    Stock(parse_symbol("0700.HK"), "Tencent", quantity=-200, cost=550.0),
    Stock(parse_symbol("603757.SS"), "Dayuan"),
)
LISTS = (
    Watchlist("mine", "Mine", "What I hold.", STOCKS, Path("mine.toml")),
    Watchlist("other", "Other", "What I watch.", STOCKS[2:], Path("other.toml")),
)


async def test_positions_are_shown_wherever_their_list_is() -> None:
    feed = silent_feed(lambda: MORNING)
    followed: list[Symbol] = []
    feed.follow = followed.extend  # type: ignore[method-assign, assignment]
    async with on_stage(watchlists=LISTS, start_list="mine", currency="CNY", feed=feed) as stage:
        assert [symbol.text for symbol in followed if symbol.text.endswith("=X")] == ["CNY=X", "EURUSD=X", "HKDCNY=X"]
        await stage.take(priced("002837.SZ", 60.0, 58.0), priced("0700.HK", 500.0, 510.0))
        assert "no rate from HKD to CNY is known" in stage.text("SummaryLine")
        await stage.take(priced("HKDCNY=X", 0.92, None, decimals=4, source="yahoo"))
        assert "1,000 at 50.00" in stage.text("#stock")
        assert "¥60,000.00" in stage.text("#stock")
        assert "value ¥60.0 k, -HK$100 k" in stage.text("SummaryLine")
        assert "in CNY: value -¥32.0 k" in stage.text("SummaryLine")
        assert "1 HKD = 0.92 CNY" in stage.text("SummaryLine")
        assert "rate of Yahoo, 2025-08-15 02:00 UTC" in stage.text("SummaryLine")
        await stage.press("]")
        assert "position" not in stage.text("SummaryLine")
        await stage.press("[", "[")
        await stage.settle()
        mine = next(line for line in stage.text("#overview").splitlines() if "Mine" in line)
        assert "-¥32.0 k" in mine


async def test_without_positions_no_rate_is_followed_for_them() -> None:
    feed = silent_feed(lambda: MORNING)
    followed: list[Symbol] = []
    feed.follow = followed.extend  # type: ignore[method-assign, assignment]
    async with on_stage(watchlists=LISTS[1:], start_list="other", currency="HKD", feed=feed) as stage:
        assert [symbol.text for symbol in followed if symbol.text.endswith("=X")] == ["CNY=X", "EURUSD=X"]
        await stage.take(priced("603757.SS", 30.0, 29.0))
        assert "Position" not in stage.text("#stock")
