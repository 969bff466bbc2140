"""What Yahoo says of symbols of which no rule says it: time zone, session, delay, currency; else nothing is claimed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aiwatch.archive.rows import to_quote, to_row
from aiwatch.market.calendar.session import local_zone
from aiwatch.market.quote import Quote
from aiwatch.market.state import MarketState, PriceStatus
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.yahoo import quote as rich
from aiwatch.sources.yahoo import spark as yahoo_spark

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
META = {"regularMarketPrice": 101.5, "previousClose": 100.0, "regularMarketTime": int(NOW.timestamp()) - 60}
PERIOD = {"start": int(datetime(2026, 11, 26, 8, tzinfo=UTC).timestamp()), "end": int(NOW.timestamp()) + 3600}


def spark(text: str, **more: Any) -> Quote:
    """The quote of a spark answer about ``text``."""
    body = {"spark": {"result": [{"symbol": text, "response": [{"meta": META | {"symbol": text} | more}]}]}}
    [quote] = yahoo_spark.parse(json.dumps(body).encode(), [parse_symbol(text)], NOW, "x").quotes
    return quote


def status(quote: Quote, now: datetime = NOW) -> PriceStatus:
    """How the screen reads ``quote`` at ``now``."""
    market = MarketState(lambda: now)
    market.apply([quote])
    return market.status(quote.symbol)


def test_what_the_answer_says_is_taken() -> None:
    values = {"exchangeTimezoneName": "Europe/Berlin", "exchangeDataDelayedBy": 15, "currency": "EUR"}
    quote = spark("^STOXX50E", **values, currentTradingPeriod={"regular": PERIOD})
    assert (quote.delay_minutes, quote.currency, quote.zone) == (15, "EUR", "Europe/Berlin")
    assert quote.regular == (datetime(2026, 11, 26, 8, tzinfo=UTC), datetime(2026, 11, 26, 11, tzinfo=UTC))
    zone, place = local_zone(quote)
    assert (quote.as_of.astimezone(zone).hour, place) == (10, "Berlin")
    assert status(quote) is PriceStatus.DELAYED
    assert status(quote, datetime(2026, 11, 26, 12, tzinfo=UTC)) is PriceStatus.CLOSED


@pytest.mark.parametrize("text", ["^STOXX50E", "^VIX", "VOLV-B.ST", "PETR4.SA", "ES=F", "0P0000VHOL.F", "XU100.IS"])
def test_what_it_does_not_say_is_not_claimed(text: str) -> None:
    quote = spark(text)
    assert (quote.delay_minutes, quote.currency, quote.zone, quote.regular) == (None, "", "", None)
    assert (quote.lot, quote.limits) == (None, None)
    assert status(quote) is PriceStatus.UNSURE
    assert to_quote(to_row(quote)) == quote


@pytest.mark.parametrize(
    "wrong",
    [
        {"exchangeTimezoneName": "../../etc/passwd", "exchangeDataDelayedBy": -1, "currentTradingPeriod": []},
        {"exchangeTimezoneName": 3, "exchangeDataDelayedBy": "15", "currentTradingPeriod": {"regular": None}},
        {"exchangeTimezoneName": "\x1b[2J", "exchangeDataDelayedBy": 1e9, "currentTradingPeriod": {"regular": {}}},
        {"exchangeTimezoneName": "", "currentTradingPeriod": {"regular": {"start": PERIOD["end"], "end": 5}}},
        {"currentTradingPeriod": {"regular": {"start": 1, "end": 1e10}}, "exchangeDataDelayedBy": True},
        {"currentTradingPeriod": {"regular": {"start": 1e300, "end": True}}, "exchangeTimezoneName": []},
    ],
)
def test_what_cannot_be_is_not_taken(wrong: dict[str, Any]) -> None:
    quote = spark("^STOXX50E", **wrong)
    assert (quote.delay_minutes, quote.zone, quote.regular) == (None, "", None)


def test_a_zone_that_nobody_knows_is_told_in_utc() -> None:
    quote = spark("^STOXX50E", exchangeTimezoneName="Mars/Olympus_Mons")
    zone, place = local_zone(quote)
    assert (zone.utcoffset(NOW), place) == (UTC.utcoffset(NOW), "UTC")


@pytest.mark.parametrize(
    ("text", "delay", "place"),
    [("^KS11", 20, "Seoul"), ("^HSCE", 15, "Hong Kong"), ("000660.KS", 20, "Seoul"), ("3324.TWO", 20, "Taipei")],
)
def test_known_places_keep_their_rules(text: str, delay: int, place: str) -> None:
    quote = spark(text, exchangeTimezoneName="America/New_York", currentTradingPeriod={"regular": PERIOD})
    assert (quote.delay_minutes, quote.zone, quote.regular, local_zone(quote)[1]) == (delay, "", None, place)


def test_a_future_and_a_crypto_currency_have_no_volume_in_shares() -> None:
    for text in ("ES=F", "BTC-USD"):
        assert spark(text, regularMarketVolume=12345).volume is None
    assert spark("VOLV-B.ST", regularMarketVolume=12345).volume == 12345
    assert (spark("BTC-USD").currency, spark("BTC-USD").delay_minutes) == ("USD", 0)


def test_hundredths_are_known_by_the_answer_alone() -> None:
    quote = spark("NPN.JO", currency="ZAc")
    assert (quote.currency, quote.last) == ("ZAR", 1.015)


def test_the_richer_quote_says_the_same() -> None:
    entry = META | {"symbol": "VOLV-B.ST", "exchangeDataDelayedBy": 15, "currency": "SEK", "marketState": "REGULAR"}
    entry |= {"regularMarketPreviousClose": 100.0}
    body = json.dumps({"quoteResponse": {"result": [entry], "error": None}}).encode()
    [quote] = rich.parse(body, [parse_symbol("VOLV-B.ST")], NOW, "x").quotes
    assert (quote.delay_minutes, quote.currency) == (15, "SEK")


@pytest.mark.parametrize(
    ("text", "unit", "price", "expected"),
    [
        ("SHEL.L", "GBp", 2705.5, (27.055, "GBP", 4)),
        ("SOL.JO", "ZAc", 12345.0, (123.45, "ZAR", 4)),
        ("TEVA.TA", "ILA", 6001.0, (60.01, "ILS", 4)),
        ("ZC=F", "USX", 430.25, (4.3025, "USD", 4)),
        ("LE=F", "USX", 200.1, (2.001, "USD", 4)),
        ("KFH.KW", "KWF", 751.0, (0.751, "KWD", 5)),
        ("VUSA.L", "GBP", 80.5, (80.5, "GBP", 2)),
        ("NPN.JO", "ZAR", 80.5, (80.5, "ZAR", 2)),
    ],
)
def test_smaller_units_become_the_whole_currency(
    text: str, unit: str, price: float, expected: tuple[float, str, int]
) -> None:
    quote = spark(text, currency=unit, regularMarketPrice=price, previousClose=price, priceHint=2)
    assert (quote.last, quote.currency, quote.decimals) == expected
    assert quote.previous_close == quote.last


@pytest.mark.parametrize(
    ("text", "kind", "lot"),
    [
        ("7203.T", "EQUITY", 100),
        ("130A.T", "EQUITY", 100),
        ("1306.T", "ETF", None),
        ("2558.T", "ETF", None),
        ("8951.T", "EQUITY", None),
        ("1306.T", None, None),
        ("0050.TW", "ETF", 1000),
    ],
)
def test_a_lot_of_shares_is_not_claimed_of_funds_in_tokyo(text: str, kind: str | None, lot: int | None) -> None:
    assert spark(text, instrumentType=kind, currency="JPY").lot == lot
