"""What is told of one stock, in full and in two rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from aiwatch.market.calendar.session import always_open
from aiwatch.market.merge import Disagreement
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import MarketState, PriceStatus
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.stock.fields import brief, grid, place, quote_fields, status_line, title

MORNING = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
ENVICOOL = Stock(parse_symbol("002837.SZ"), "Envicool", "英维克", "Liquid cooling", "Invic")


def quote(**more: Any) -> Quote:
    values: dict[str, Any] = {
        "symbol": ENVICOOL.symbol,
        "source": "tencent",
        "last": 60.0,
        "previous_close": 58.02,
        "as_of": MORNING,
        "received_at": MORNING,
        "currency": "CNY",
    }
    return Quote(**(values | more))


def desk_with(*quotes: Quote) -> MarketState:
    market = MarketState(lambda: MORNING, always_open)
    market.apply(quotes)
    return market


def fields(quote: Quote) -> dict[str, str]:
    return {field.label: field.value for field in quote_fields(quote, "auto")}


def test_a_heading_names_a_stock_in_every_way() -> None:
    assert title(ENVICOOL) == '英维克 Envicool (printed "Invic") · 002837.SZ'
    assert title(replace(ENVICOOL, name_zh="", printed_as="")) == "Envicool · 002837.SZ"


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("002837.SZ", "SZSE main, ±10 %"),
        ("300870.SZ", "SZSE ChiNext, ±20 %"),
        ("688256.SS", "SSE STAR, ±20 %"),
        ("NVDA", "US, no daily limit"),
        ("0700.HK", "HKEX, no daily limit"),
        ("^HSI", "HKEX index, no daily limit"),
        ("000001.SS", "SSE index, no daily limit"),
        ("204001.SS", "SSE repo, no daily limit"),
        ("113991.SS", "SSE convertible bond, ±20 %"),
        ("588000.SS", "SSE fund, ±20 %"),
        ("506000.SS", "SSE fund"),
        ("BTC-USD", "crypto-currency, no daily limit"),
        ("VOLV-B.ST", "XSTO"),
        ("000660.KS", "KRX"),
        ("2330.TW", "TWSE"),
        ("9984.T", "TSE"),
        ("^STOXX50E", "index, exchange not known"),
        ("ES=F", "future"),
    ],
)
def test_where_it_is_listed_and_how_far_it_may_move(symbol: str, expected: str) -> None:
    assert place(parse_symbol(symbol)) == expected


def test_what_a_quote_says_of_its_limits_wins() -> None:
    symbol = parse_symbol("002837.SZ")
    assert place(symbol, quote()) == "SZSE main, ±10 %"
    assert place(symbol, quote(limit_up=60.92, limit_down=55.12)) == "SZSE main"
    assert place(symbol, quote(daily_limit=0)) == "SZSE main"
    assert place(symbol, quote(last=99.0)) == "SZSE main"


def test_what_was_not_sent_has_no_field() -> None:
    assert list(fields(quote(previous_close=None, symbol=parse_symbol("^HSI"), currency="HKD"))) == ["Last"]


@pytest.mark.parametrize(
    ("changes", "label", "expected"),
    [
        ({}, "Last", "60.00 CNY"),
        ({}, "Change", "+1.98  +3.41 %"),
        ({"last": 63.82}, "At limit", "up"),
        ({"last": 52.22}, "At limit", "down"),
        ({}, "To limit", "6.37 %"),
        ({"trading": Trading.AUCTION}, "Indicative", "60.00 CNY"),
        ({"trading": Trading.SUSPENDED}, "Last close", "60.00 CNY"),
        ({"bid": 59.99, "bid_size": 12_300}, "Bid", "59.99 × 12.3 k"),
        ({"bid": 59.99}, "Bid", "59.99"),
        ({"high_52w": 66.8, "low_52w": 18.02}, "52 weeks", "18.02 – 66.80"),
        ({"low_52w": 18.02}, "52 weeks", "18.02 – –"),
        ({}, "Lot", "100 shares"),
        ({"symbol": parse_symbol("NVDA")}, "Lot", "1 share"),
    ],
)
def test_each_figure_has_its_name_and_unit(changes: dict[str, Any], label: str, expected: str) -> None:
    assert fields(quote(**changes))[label] == expected


@pytest.mark.parametrize("trading", [Trading.SUSPENDED, Trading.DELISTED])
def test_what_does_not_trade_has_no_change(trading: Trading) -> None:
    assert not {"Change", "To limit", "At limit"} & fields(quote(trading=trading, last=0.01)).keys()


@pytest.mark.parametrize("width", [20, 40, 70, 120, 200])
def test_the_figures_stand_in_columns_that_fit(width: int) -> None:
    words = grid(quote_fields(quote(bid=59.99, ask=60.0, vwap=59.7, volume=48_123_400, turnover=2.8e9), "auto"), width)
    rows = words.plain.splitlines()
    assert all(len(row) <= width for row in rows)
    assert not any(f"{digit}…" in words.plain for digit in "0123456789")
    assert len(rows) == -(-11 // max(1, (width + 3) // 35))
    if width >= 40:
        assert "48.1 M shares" in words.plain


@pytest.mark.parametrize(
    ("seconds", "more", "words"),
    [
        (3, {}, "Tencent, real time, 15 Aug 09:59:57 Shenzhen, 3s ago"),
        (900, {"source": "yahoo", "delay_minutes": 15}, "Yahoo, 15 min delayed, 15 Aug 09:45:00 Shenzhen, 15m ago"),
        (1200, {}, "20m ago · stale: no newer price has come"),
    ],
)
def test_the_standing_is_a_sentence(seconds: int, more: dict[str, Any], words: str) -> None:
    market = desk_with(quote(as_of=MORNING - timedelta(seconds=seconds), **more))
    assert status_line(market, ENVICOOL, MORNING).plain.endswith(words)


def test_a_stale_price_has_no_colour_of_a_movement() -> None:
    for status, style in ((PriceStatus.LIVE, "$down"), (PriceStatus.STALE, "$stale")):
        fields = {field.label: field.style for field in quote_fields(quote(), "auto", status=status)}
        assert {fields["Last"], fields["Change"]} == {style}, status


@pytest.mark.parametrize("width", [58, 66, 78, 98, 140])
@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({}, "3s ago"),
        ({"delay_minutes": 15}, "15 min delayed"),
        ({"trading": Trading.SUSPENDED}, "suspended"),
        ({"trading": Trading.AUCTION}, "auction"),
        ({"as_of": MORNING - timedelta(hours=1)}, "stale"),
    ],
)
def test_two_rows_always_say_how_the_price_is_to_be_read(width: int, more: dict[str, Any], word: str) -> None:
    options = quote(**({"as_of": MORNING - timedelta(seconds=3), "turnover": 3.02e9} | more))
    first, second = brief(ENVICOOL, desk_with(options), "auto", MORNING, width).plain.splitlines()
    assert first.startswith("英维克 Envicool")
    assert second.startswith("60.00 CNY")
    assert word in second
    assert len(second) <= width


@pytest.mark.parametrize("width", [58, 66, 78, 98, 140])
def test_two_rows_say_that_sources_differ(width: int) -> None:
    market = desk_with(quote(turnover=3.02e9))
    market.disagree((Disagreement(quote(), quote(source="yahoo", last=61.0)),))
    second = brief(ENVICOOL, market, "auto", MORNING, width).split("\n")[1]
    assert "sources differ" in second.plain
    assert second.spans[-1].style == "$warning"
    assert len(second.plain) <= width


def test_two_rows_before_any_answer() -> None:
    assert brief(ENVICOOL, desk_with(), "auto", MORNING, 78).plain.splitlines()[1] == "no source has answered yet"
