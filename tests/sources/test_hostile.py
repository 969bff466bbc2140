"""Whatever a host sends, the parsers give a quote that fits or a refusal, and never another exception."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.errors import SourceError
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources import Answer
from aiwatch.sources.tencent.codes import symbol_of
from aiwatch.sources.tencent.source import parse as parse_tencent
from aiwatch.sources.yahoo.spark import parse as parse_yahoo
from tests.properties import examples
from tests.sources.loopback import NOW
from tests.sources.tencent.wire import line

CODES = ["sz002837", "sh688256", "bj830799", "sh000001", "hk00700", "hkHSI", "usNVDA", "usBRK.B", "us.IXIC"]
SYMBOLS = [symbol for code in CODES if (symbol := symbol_of(code))]
TEXTS = st.one_of(
    st.sampled_from(["", "0", "-1", "0.00", "nan", "inf", "1e400", "1_0", "20260302103000", "D", "S", "ZS", "\x1b[2J"]),
    st.floats(-1e12, 1e12).map(lambda value: f"{value:.2f}"),
    st.integers(-(10**20), 10**20).map(str),
    st.text("股份Aa0.-+_/: \u202e\x00\x1b", max_size=6),
)
WORDS = st.sampled_from(["", "NVDA", "GBp", "x\u001b", "1d"])
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from([0, 1, -1, 2**70, -(2**70), 10**400, 0.0, -0.5, 101.5, 1e-300, 1e308]),
        WORDS,
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)


def check(answer: Answer, symbols: list[Any]) -> None:
    """Each asked symbol is in exactly one of the three, and each quote holds together."""
    names = [str(quote.symbol) for quote in answer.quotes] + [str(symbol) for symbol in answer.unknown]
    names += [refused.symbol for refused in answer.refused if refused.symbol in set(map(str, symbols))]
    assert sorted(names) == sorted(map(str, symbols))
    for quote in answer.quotes:
        check_quote(quote)


def check_quote(quote: Quote) -> None:
    assert 0 < quote.last < 1e9
    assert (quote.as_of - NOW).total_seconds() <= 120
    assert quote.name.isprintable()
    assert len(quote.currency) == 3
    assert quote.volume is None or quote.volume >= 0
    for price in (quote.previous_close, quote.open, quote.high, quote.low, quote.bid, quote.ask, quote.vwap):
        assert price is None or 0 < price < 1e9
    for side in (quote.bids[::-1], quote.asks):
        assert all(price > 0 and (size is None or size > 0) for price, size in side)
        assert list(side) == sorted(side, key=itemgetter(0))
    if quote.trading is Trading.TRADED and quote.high is not None and quote.low is not None:
        slack = 0.0101
        assert quote.low - slack <= quote.last <= quote.high + slack


@settings(max_examples=examples(80), deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise_anything_else(data: st.DataObject) -> None:
    body = bytearray(b"".join(line(code) for code in CODES))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    cut = data.draw(st.integers(0, len(body)))
    try:
        answer = parse_tencent(bytes(body[:cut]), SYMBOLS, NOW, "host")
    except SourceError:
        return
    check(answer, SYMBOLS)


@settings(max_examples=examples(80), deadline=None)
@given(JSON, st.sampled_from(["plain", "spark", "chart", "finance", "v8", "result", "error"]))
def test_any_json_is_an_answer_or_a_source_error(value: Any, place: str) -> None:
    symbols = [parse_symbol("NVDA"), parse_symbol("AMD")]
    shapes: dict[str, Any] = {
        "plain": value,
        "v8": {"NVDA": value, "AMD": {"close": value, "timestamp": value}},
        "result": {"spark": {"result": [value, {"symbol": value, "response": [value]}], "error": None}},
        "error": {"spark": {"result": None, "error": value}},
    }
    body = json.dumps(shapes.get(place, {place: value})).encode()
    try:
        answer = parse_yahoo(body, symbols, NOW, "host")
    except SourceError:
        return
    check(answer, symbols)
