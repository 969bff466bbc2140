from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources import Answer
from aiwatch.sources.yahoo.spark import parse

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
SECONDS = int(datetime(2026, 3, 2, 16, 59, tzinfo=UTC).timestamp())


def meta(symbol: str, **changes: Any) -> dict[str, Any]:
    """A ``meta`` of an invented company; a change to ``...`` takes the key out."""
    values: dict[str, Any] = {
        "symbol": symbol,
        "currency": "USD",
        "instrumentType": "EQUITY",
        "regularMarketTime": SECONDS,
        "regularMarketPrice": 101.5,
        "regularMarketDayHigh": 102.0,
        "regularMarketDayLow": 99.5,
        "regularMarketVolume": 2_000_000,
        "fiftyTwoWeekHigh": 130.0,
        "fiftyTwoWeekLow": 80.0,
        "longName": "Made Up Inc.",
        "chartPreviousClose": 100.0,
        "previousClose": 100.0,
        "priceHint": 2,
        "range": "1d",
        "somethingNew": {"of": "next year"},
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def spark(*metas: dict[str, Any]) -> bytes:
    result = [{"symbol": item["symbol"], "response": [{"meta": item}]} for item in metas]
    return json.dumps({"spark": {"result": result, "error": None}}).encode()


def answer(body: bytes, *texts: str) -> Answer:
    return parse(body, [parse_symbol(text) for text in texts], NOW, "host")


def quote(text: str = "NVDA", **changes: Any) -> Quote:
    result = answer(spark(meta(text, **changes)), text)
    assert not result.refused
    assert not result.unknown
    return result.quotes[0]


def refusal(text: str = "NVDA", **changes: Any) -> str:
    result = answer(spark(meta(text, **changes)), text)
    assert not result.quotes
    assert not result.unknown
    assert [refused.symbol for refused in result.refused] == [text]
    return result.refused[0].reason


def test_a_meta_becomes_a_quote() -> None:
    assert quote() == Quote(
        symbol=parse_symbol("NVDA"),
        source="yahoo",
        last=101.5,
        previous_close=100.0,
        as_of=datetime(2026, 3, 2, 16, 59, tzinfo=UTC),
        received_at=NOW,
        currency="USD",
        high=102.0,
        low=99.5,
        volume=2_000_000,
        high_52w=130.0,
        low_52w=80.0,
        lot=1,
        name="Made Up Inc.",
    )


def test_a_chart_envelope_is_read_the_same() -> None:
    body = {"chart": {"result": [{"meta": meta("NVDA"), "timestamp": [1], "indicators": {"quote": [{}]}}]}}
    assert answer(json.dumps(body).encode(), "NVDA").quotes[0] == quote()


def test_the_v8_spark_stands_for_its_newest_bar() -> None:
    body = {
        "NVDA": {"symbol": "NVDA", "timestamp": [SECONDS - 600, SECONDS - 300, SECONDS], "close": [99.0, 101.5, None]}
        | {"previousClose": None, "chartPreviousClose": 100.0, "dataGranularity": 300},
        "0700.HK": None,
    }
    result = answer(json.dumps(body).encode(), "NVDA", "0700.HK")
    (read,) = result.quotes
    assert (read.last, read.change_percent, read.currency) == (101.5, 1.5, "USD")
    assert read.as_of == datetime(2026, 3, 2, 16, 54, tzinfo=UTC)
    assert result.unknown == {parse_symbol("0700.HK")}


@pytest.mark.parametrize("closes", [[], [None, None], None, "none"])
def test_a_v8_spark_without_a_close_is_an_unknown_symbol(closes: Any) -> None:
    body = {"NVDA": {"timestamp": [SECONDS], "close": closes, "previousClose": 99.0}}
    assert answer(json.dumps(body).encode(), "NVDA").unknown == {parse_symbol("NVDA")}


def test_a_chart_without_bars_times_and_currency_is_read() -> None:
    bare = meta("LUCYW", currency=None, previousClose=..., chartPreviousClose=None)
    body = {"chart": {"result": [{"meta": bare, "indicators": {"quote": [{}]}}], "error": None}}
    (read,) = answer(json.dumps(body).encode(), "LUCYW").quotes
    assert (read.last, read.currency, read.previous_close, read.change) == (101.5, "USD", None, None)


def test_a_v8_spark_without_times_is_refused() -> None:
    result = answer(b'{"NVDA": {"close": [99.0], "previousClose": 98.0}}', "NVDA")
    assert result.refused[0].reason == "no time"


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("NVDA", 0),
        ("688256.SS", 15),
        ("002837.SZ", 15),
        ("9988.HK", 15),
        ("9984.T", 20),
        ("2330.TW", 20),
        ("SIE.DE", 15),
        ("ASML.AS", 15),
        ("HSBA.L", 20),
        ("EURUSD=X", 0),
        ("^N225", 20),
        ("^GSPC", 0),
    ],
)
def test_the_delay_is_the_exchanges(text: str, delay: int) -> None:
    assert quote(text).delay_minutes == delay


@pytest.mark.parametrize(("hint", "decimals"), [(2, 2), (3, 3), (4, 4), (0, 0), (-1, 0), (99, 6), (..., 3), (None, 3)])
def test_the_price_hint_gives_the_decimals(hint: Any, decimals: int) -> None:
    assert quote("9988.HK", priceHint=hint).decimals == decimals


@pytest.mark.parametrize(
    ("text", "price", "decimals"), [("NVDA", 101.5, 2), ("NVDA", 0.5, 4), ("EURUSD=X", 1.05, 4), ("^GSPC", 5000.5, 2)]
)
def test_without_a_hint_the_decimals_are_the_usual_ones(text: str, price: float, decimals: int) -> None:
    extremes = {"regularMarketDayHigh": ..., "regularMarketDayLow": ..., "priceHint": ...}
    assert quote(text, regularMarketPrice=price, **extremes).decimals == decimals


def test_a_rate_of_the_other_way_round_is_refused() -> None:
    assert refusal("EURUSD=X", shortName="USD/EUR") == "a rate of USD/EUR"
    assert quote("EURUSD=X", shortName="EUR/USD").last == 101.5
    assert quote("CNY=X", shortName="USD/CNY", currency="CNY").last == 101.5
    assert quote("NVDA", shortName="USD/EUR").last == 101.5, "a stock may be called anything"


def test_a_price_in_london_needs_its_currency() -> None:
    for currency in (None, ..., ""):
        assert "pounds or pence" in refusal("HSBA.L", currency=currency)


def test_pence_become_pounds() -> None:
    prices = {"regularMarketPrice": 512.5, "previousClose": 500, "regularMarketDayHigh": 515.2}
    read = quote("HSBA.L", currency="GBp", regularMarketDayLow=499.9, **prices)
    assert (read.currency, read.last, read.previous_close, read.decimals) == ("GBP", 5.125, 5.0, 4)
    assert (read.high, read.low, read.high_52w) == (5.152, 4.999, 1.3)


@pytest.mark.parametrize("currency", [None, ..., 5, "", "usd", "US"])
def test_without_a_currency_it_is_the_symbols(currency: Any) -> None:
    assert quote("9984.T", currency=currency).currency == "JPY"


@pytest.mark.parametrize(
    ("changes", "previous"),
    [
        ({"previousClose": 100.0, "chartPreviousClose": 90.0}, 100.0),
        ({"previousClose": ...}, 100.0),
        ({"previousClose": ..., "range": "5d"}, None),
        ({"previousClose": ..., "range": ""}, None),
        ({"previousClose": ..., "range": ...}, 100.0),
        ({"previousClose": None, "chartPreviousClose": None}, None),
        ({"previousClose": 0, "chartPreviousClose": -1}, None),
    ],
)
def test_the_charts_previous_close_counts_over_one_day_only(changes: dict[str, Any], previous: float | None) -> None:
    assert quote(**changes).previous_close == previous


def test_the_percentage_must_fit_the_previous_close() -> None:
    assert quote(regularMarketChangePercent=1.549).previous_close == 100.0
    assert refusal("^N225", regularMarketChangePercent=1.56) == "a change of 1.56 % does not fit 101.5 after 100"
    assert quote(regularMarketChangePercent=7.0, previousClose=..., chartPreviousClose=...).previous_close is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"regularMarketPrice": 0}, "a price of 0"),
        ({"regularMarketPrice": -3.5}, "a price of -3.5"),
        ({"regularMarketPrice": 1e10}, "a price of 1e+10"),
        ({"regularMarketPrice": 1e300}, "a price that is no number"),
        ({"regularMarketPrice": "101"}, "a price that is no number"),
        ({"regularMarketPrice": True}, "a price that is no number"),
        ({"regularMarketTime": ...}, "no time"),
        ({"regularMarketTime": "yesterday"}, "no time"),
        ({"regularMarketTime": SECONDS * 1000}, "no time"),
        ({"regularMarketTime": SECONDS + 181}, "a time in the future: 2026-03-02 17:02:01 UTC"),
        ({"regularMarketDayHigh": 99.0}, "high 99 below low 99.5"),
        ({"regularMarketDayHigh": 101.0}, "last 101.5 outside the day's 99.5 to 101"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(changes: dict[str, Any], reason: str) -> None:
    assert refusal(**changes) == reason


def test_an_entry_about_another_symbol_is_refused() -> None:
    body = {"spark": {"result": [{"symbol": "NVDA", "response": [{"meta": meta("AMD")}]}], "error": None}}
    assert answer(json.dumps(body).encode(), "NVDA").refused[0].reason == "an entry about AMD"


@pytest.mark.parametrize(
    "changes",
    [{"instrumentType": "ECNQUOTE"}, {"regularMarketPrice": ...}, {"regularMarketPrice": None}],
)
def test_a_shell_is_an_unknown_symbol(changes: dict[str, Any]) -> None:
    result = answer(spark(meta("THF", **changes), meta("NVDA")), "THF", "NVDA")
    assert result.unknown == {parse_symbol("THF")}
    assert [str(read.symbol) for read in result.quotes] == ["NVDA"]


@pytest.mark.parametrize("response", [[], None, [{}], [{"meta": None}], "x"])
def test_an_entry_without_meta_is_an_unknown_symbol(response: Any) -> None:
    body = {"spark": {"result": [{"symbol": "NVDA", "response": response}], "error": None}}
    assert answer(json.dumps(body).encode(), "NVDA").unknown == {parse_symbol("NVDA")}


def test_what_is_missing_is_unknown_and_places_mean_nothing() -> None:
    result = answer(spark(meta("MSFT", longName="M"), meta("AAPL", longName="A")), "AAPL", "NVDA", "MSFT")
    assert {str(read.symbol): read.name for read in result.quotes} == {"AAPL": "A", "MSFT": "M"}
    assert result.unknown == {parse_symbol("NVDA")}


def test_of_two_entries_the_later_wins_and_strays_are_counted() -> None:
    result = answer(spark(meta("NVDA"), meta("AMD"), meta("NVDA", regularMarketPrice=101.0)), "NVDA")
    assert [read.last for read in result.quotes] == [101.0]
    assert [(refused.symbol, refused.reason) for refused in result.refused] == [("AMD", "was not asked for")]


def test_among_entries_without_a_symbol_nothing_is_called_unknown() -> None:
    body = json.loads(spark(meta("NVDA")))
    body["spark"]["result"].append(5)
    result = answer(json.dumps(body).encode(), "NVDA", "AMD")
    assert not result.unknown
    assert [refused.symbol for refused in result.refused] == ["AMD", ""]


def test_a_whole_batch_missing_is_an_outage_but_one_symbol_is_not() -> None:
    empty = spark()
    assert answer(empty, "NVDA").unknown == {parse_symbol("NVDA")}
    with pytest.raises(Garbled, match="none of the 2 symbols"):
        answer(empty, "NVDA", "AMD")


@pytest.mark.parametrize(("text", "volume"), [("^GSPC", None), ("EURUSD=X", None), ("NVDA", 2_000_000)])
def test_an_index_and_a_currency_have_no_volume(text: str, volume: int | None) -> None:
    assert quote(text).volume == volume


def test_a_dead_index_with_zeroes_for_extremes_has_none() -> None:
    read = quote("^VXAPL", regularMarketDayHigh=0, regularMarketDayLow=0, regularMarketVolume=0)
    assert (read.high, read.low, read.open, read.trading) == (None, None, None, Trading.TRADED)


def test_control_characters_in_a_name_are_taken_out() -> None:
    assert quote(longName="Made\u001b[2J Up").name == "Made [2J Up"
    assert quote(longName=7).name == ""
    assert quote(longName=..., shortName="Short").name == "Short"


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"", Garbled, "an empty answer"),
        (b"<!DOCTYPE html><h1>Will be right back...</h1>", Garbled, "a web page instead of data"),
        (b"Too Many Requests\r\n", RateLimited, "Too Many Requests"),
        (b"Edge: Too Many Requests", RateLimited, "Edge: Too Many Requests"),
        (b'{"spark":{"result":[', Garbled, 'no JSON: {"spark":{"result":['),
        (b"[" * 50_000, Garbled, "no JSON: " + "[" * 59 + "…"),
        (b'{"a":"\xff"}', Garbled, 'no JSON: {"a":"\ufffd"}'),
        (b"9" * 10_000, Garbled, "no JSON: " + "9" * 59 + "…"),
        (b'{"spark":{"result":null,"error":{"code":7}}}', Refused, "an error without words"),
        (b"[]", Garbled, "JSON that is no object"),
        (b'{"spark":{"result":null,"error":null}}', Garbled, "no result under 'spark'"),
        (b'{"quoteResponse":{"result":[],"error":null}}', Garbled, "no result under 'quoteResponse'"),
        (b'{"request":{},"response":{"headers":{}}}', Garbled, "JSON of another format"),
        (b'{"ok":true}', Garbled, "JSON of another format"),
        (
            b'{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}',
            Refused,
            "Unauthorized: Invalid Crumb",
        ),
        (b'{"spark":{"result":null,"error":"no"}}', Refused, "no"),
        (b'{"spark":{"result":null,"error":{}}}', Refused, "an error without words"),
        (b'{"finance":{"result":null,"error":{"code":"Too Many Requests"}}}', RateLimited, "Too Many Requests"),
        (b'{"spark":{"result":null,"error":{"code":"Not Found","description":"No"}}}', Refused, "Not Found: No"),
    ],
)
def test_what_is_no_answer_is_an_error(body: bytes, kind: type[SourceError], message: str) -> None:
    with pytest.raises(kind) as caught:
        answer(body, "NVDA", "AMD")
    assert (str(caught.value), caught.value.host) == (message, "host")


def test_not_found_is_an_answer_about_one_symbol() -> None:
    body = b'{"spark":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}'
    assert answer(body, "NOPE").unknown == {parse_symbol("NOPE")}
