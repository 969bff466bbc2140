from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused
from aiwatch.market.quote import Extended, Quote
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources import Answer
from aiwatch.sources.yahoo.quote import parse
from tests.sources.loopback import NOW

SECONDS = int(datetime(2026, 3, 2, 16, 59, tzinfo=UTC).timestamp())


def entry(symbol: str, **changes: Any) -> dict[str, Any]:
    """An entry of an invented company; a change to ``...`` takes the key out."""
    values: dict[str, Any] = {
        "symbol": symbol,
        "quoteType": "EQUITY",
        "currency": "USD",
        "quoteSourceName": "Delayed Quote",
        "exchangeDataDelayedBy": 0,
        "marketState": "REGULAR",
        "regularMarketTime": SECONDS,
        "regularMarketPrice": 101.5,
        "regularMarketChange": 1.5,
        "regularMarketChangePercent": 1.5,
        "regularMarketPreviousClose": 100.0,
        "regularMarketOpen": 100.5,
        "regularMarketDayHigh": 102.0,
        "regularMarketDayLow": 99.5,
        "regularMarketVolume": 2_000_000,
        "bid": 101.4,
        "ask": 101.6,
        "bidSize": 3,
        "trailingPE": 25.0,
        "marketCap": 50_025_000_000,
        "priceHint": 2,
        "longName": "Made Up Inc.",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def body(*entries: Any) -> bytes:
    return json.dumps({"quoteResponse": {"result": list(entries), "error": None}}).encode()


def answer(content: bytes, *texts: str) -> Answer:
    return parse(content, [parse_symbol(text) for text in texts], NOW, "host")


def quote(text: str = "NVDA", **changes: Any) -> Quote:
    result = answer(body(entry(text, **changes)), text)
    assert (result.refused, result.unknown) == ((), frozenset())
    return result.quotes[0]


def refusal(text: str = "NVDA", **changes: Any) -> str:
    result = answer(body(entry(text, **changes)), text)
    assert not result.quotes
    return result.refused[0].reason


def test_an_entry_becomes_a_quote() -> None:
    parsed = quote()
    assert (parsed.source, parsed.last, parsed.previous_close, parsed.open, parsed.change) == (
        "yahoo_quote",
        101.5,
        100.0,
        100.5,
        1.5,
    )
    assert (parsed.bid, parsed.ask, parsed.bids, parsed.asks) == (101.4, 101.6, ((101.4, 300),), ((101.6, None),))
    assert (parsed.bid_size, parsed.ask_size) == (300, None), "in round lots; an ask without a size"
    assert (parsed.pe, parsed.market_cap, parsed.volume) == (25.0, 50_025_000_000.0, 2_000_000)
    assert (parsed.delay_minutes, parsed.extended) == (0, None)


def test_formatted_numbers_are_unwrapped() -> None:
    wrapped = {
        key: {"raw": value, "fmt": str(value)} if isinstance(value, (int, float)) else value
        for key, value in entry("NVDA").items()
    }
    assert answer(body(wrapped), "NVDA").quotes == (quote(),)


def test_the_delay_is_what_yahoo_says_in_minutes() -> None:
    assert quote("688256.SS", currency="CNY", exchangeDataDelayedBy=15).delay_minutes == 15
    assert quote("0700.HK", currency="HKD", exchangeDataDelayedBy=...).delay_minutes == 15
    assert quote(exchangeDataDelayedBy=-1).delay_minutes == 0


@pytest.mark.parametrize(
    ("state", "extended"),
    [
        ("PRE", Extended("pre", 103.0, datetime(2026, 3, 2, 16, 58, tzinfo=UTC))),
        ("POST", Extended("post", 99.0, datetime(2026, 3, 2, 16, 57, tzinfo=UTC))),
        ("POSTPOST", Extended("post", 99.0, datetime(2026, 3, 2, 16, 57, tzinfo=UTC))),
        ("PREPRE", Extended("post", 99.0, datetime(2026, 3, 2, 16, 57, tzinfo=UTC))),
        ("CLOSED", Extended("post", 99.0, datetime(2026, 3, 2, 16, 57, tzinfo=UTC))),
        ("REGULAR", None),
    ],
)
def test_prices_outside_of_the_session_follow_the_state_of_the_market(state: str, extended: Extended | None) -> None:
    times: dict[str, Any] = {"preMarketPrice": 103.0, "preMarketTime": SECONDS - 60}
    times |= {"postMarketPrice": 99.0, "postMarketTime": SECONDS - 120}
    parsed = quote(marketState=state, **times)
    assert parsed.extended == extended
    assert parsed.last == 101.5
    assert (parsed.bid is None) is (state != "REGULAR"), "orders outside of the session are left over"


def test_a_price_outside_of_the_session_with_a_time_ahead_is_left_out() -> None:
    assert quote(marketState="PRE", preMarketPrice=103.0, preMarketTime=SECONDS + 86_400).extended is None


def test_crossed_orders_and_those_of_currencies_are_never_used() -> None:
    assert quote(bid=101.7).bid is None
    parsed = quote("EURUSD=X", quoteType="CURRENCY", shortName="EUR/USD", priceHint=4)
    assert (parsed.bid, parsed.ask, parsed.bids, parsed.asks, parsed.market_cap) == (None, None, (), (), None)


@pytest.mark.parametrize(("text", "price"), [("NVDA", 200.0), ("0700.HK", 101.5), ("9984.T", 101.5), ("SIE.DE", 101.5)])
def test_sizes_in_a_unit_that_is_not_known_are_left_out(text: str, price: float) -> None:
    prices = {"regularMarketPrice": price, "regularMarketDayHigh": price, "regularMarketPreviousClose": price - 1.5}
    parsed = quote(text, currency=None, regularMarketChangePercent=..., **prices)
    assert (parsed.bid, parsed.bids, parsed.bid_size) == (101.4, ((101.4, None),), None)


def test_the_fewest_fields_that_come_make_a_price_and_claim_nothing() -> None:
    keys = "symbol", "quoteType", "marketState", "regularMarketPrice", "regularMarketTime", "exchangeDataDelayedBy"
    result = answer(body({key: entry("TSLA")[key] for key in keys}), "TSLA").quotes[0]
    assert (result.last, result.currency, result.decimals, result.delay_minutes) == (101.5, "USD", 2, 0)
    assert (result.previous_close, result.change, result.volume, result.bid, result.name) == (
        None,
        None,
        None,
        None,
        "",
    )


def test_a_price_in_london_needs_its_currency() -> None:
    assert refusal("RR.L", currency=...) == "a price in London without its currency, pounds or pence"
    assert quote("^FTSE", currency=...).currency == "GBP"
    assert quote("RR.L", currency="USD").currency == "USD"


def test_a_rate_of_the_other_way_round_is_refused() -> None:
    assert refusal("EURUSD=X", quoteType="CURRENCY", shortName="USD/EUR") == "a rate of USD/EUR"
    assert quote("CNY=X", quoteType="CURRENCY", shortName="USD/CNY", currency="CNY").last == 101.5


def test_pence_become_pounds() -> None:
    parsed = quote("OCDO.L", currency="GBp")
    assert (parsed.currency, parsed.last, parsed.open, parsed.bid, parsed.decimals) == ("GBP", 1.015, 1.005, 1.014, 4)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"regularMarketChange": -1.5}, "a change of -1.5 does not fit"),
        ({"regularMarketChangePercent": 9.0}, "a change of 9.00 % does not fit"),
        ({"regularMarketPrice": 0}, "a price of 0"),
        ({"regularMarketPrice": "101.5"}, "a price that is no number"),
        ({"regularMarketTime": SECONDS + 86_400}, "a time in the future"),
        ({"regularMarketTime": ...}, "no time"),
        ({"regularMarketPrice": 103.0, "regularMarketChange": 3.0, "regularMarketChangePercent": 3.0}, "outside"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in refusal(**changes)


def test_missing_priceless_and_shell_entries_are_unknown() -> None:
    entries = body(entry("AMD"), entry("THF", quoteType="ECNQUOTE"), entry("ADH", regularMarketPrice=..., currency=...))
    result = answer(entries, "SIX", "ADH", "THF", "AMD")
    assert {str(symbol) for symbol in result.unknown} == {"SIX", "ADH", "THF"}
    assert [str(quote.symbol) for quote in result.quotes] == ["AMD"]
    assert answer(body(), "SIX").unknown == {parse_symbol("SIX")}


def test_entries_are_matched_by_symbol() -> None:
    result = answer(body(entry("AMD"), entry("INTC"), entry("NVDA")), "NVDA", "AMD")
    assert {str(quote.symbol) for quote in result.quotes} == {"NVDA", "AMD"}
    assert [(item.symbol, item.reason) for item in result.refused] == [("INTC", "was not asked for")]
    lost = answer(body(entry("AMD"), "what?"), "NVDA", "AMD")
    assert not lost.unknown
    assert {item.symbol for item in lost.refused} == {"NVDA", ""}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", Garbled),
        (b"<html>Will be right back</html>", Garbled),
        (b"[]", Garbled),
        (b"{}", Garbled),
        (body(), Garbled),
        (b'{"quoteResponse":{"result":{},"error":null}}', Garbled),
        (b'{"spark":{"result":[],"error":null}}', Garbled),
        (b'{"finance":{"result":null,"error":{"code":"Bad Request","description":"Missing"}}}', Refused),
        (b'{"finance":{"result":null,"error":{"code":"Too Many Requests"}}}', RateLimited),
        (b"Edge: Too Many Requests", RateLimited),
    ],
)
def test_anything_else_is_no_answer(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        answer(content, "NVDA", "AMD")
