"""Whatever Sina, the ECB or Yahoo's richer quotes send: a quote that fits or a refusal, never another exception."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.errors import SourceError
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources import ecb
from aiwatch.sources.http import Reply
from aiwatch.sources.sina.codes import code_of
from aiwatch.sources.sina.source import parse as parse_sina
from aiwatch.sources.tencent.source import parse as parse_tencent
from aiwatch.sources.yahoo.quote import parse as parse_rich
from aiwatch.sources.yahoo.session import consent_form, crumb_of
from tests.properties import examples
from tests.sources.loopback import NOW
from tests.sources.sina.wire import line
from tests.sources.tencent.wire import line as tencent_line
from tests.sources.test_hostile import JSON, TEXTS, check

SYMBOLS = [parse_symbol(text) for text in ("603308.SS", "000001.SS", "0700.HK", "^HSI", "NVDA", "BRK-B", "CNY=X")]
CODED = {code: symbol for symbol in SYMBOLS if (code := code_of(symbol))}
PLAIN = TEXTS.filter(lambda text: "," not in text and '"' not in text)


@settings(max_examples=examples(100), deadline=None)
@given(st.dictionaries(st.integers(9, 28), PLAIN, max_size=6))
def test_a_mutated_book_of_tencents_is_in_order_or_left_out(changes: dict[int, str]) -> None:
    filled = {9 + 2 * step: f"{50.24 - step / 100:.2f}" for step in range(5)}
    filled |= {19 + 2 * step: f"{50.26 + step / 100:.2f}" for step in range(5)}
    filled |= {10 + step * 2: "7" for step in range(10)}
    symbol = parse_symbol("002837.SZ")
    for quote in parse_tencent(tencent_line("sz002837", filled | changes), [symbol], NOW, "host").quotes:
        prices = [price for price, _ in quote.bids[::-1]], [price for price, _ in quote.asks]
        assert all(side == sorted(side) for side in prices)
        assert not (quote.bids and quote.asks) or quote.bids[0][0] <= quote.asks[0][0]
        assert all(price > 0 and (size or 0) > 0 for price, size in (*quote.bids, *quote.asks))


@settings(max_examples=examples(100), deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise_anything_else(data: st.DataObject) -> None:
    body = bytearray(b"".join(line(code) for code in CODED))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    cut = data.draw(st.integers(0, len(body)))
    try:
        answer = parse_sina(bytes(body[:cut]), SYMBOLS, NOW, "host")
    except SourceError:
        return
    check(answer, SYMBOLS)


@settings(max_examples=examples(100), deadline=None)
@given(JSON, st.sampled_from(["plain", "result", "item", "error", "rates", "date"]))
def test_any_json_is_an_answer_or_a_source_error(value: Any, place: str) -> None:
    shapes: dict[str, Any] = {
        "plain": value,
        "result": {"quoteResponse": {"result": value, "error": None}},
        "item": {"quoteResponse": {"result": [value, {"symbol": value}], "error": None}},
        "error": {"finance": {"result": None, "error": value}},
        "rates": {"base": "USD", "date": "2026-02-27", "rates": value},
        "date": {"base": "USD", "date": value, "rates": {"CNY": 7.2}},
    }
    body = json.dumps(shapes[place]).encode()
    symbols = [parse_symbol("CNY=X"), parse_symbol("JPY=X")]
    for parse in (parse_rich, ecb.parse):
        try:
            check(parse(body, symbols, NOW, "host"), symbols)
        except SourceError:
            continue


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda data: data.decode("latin-1")))
def test_any_text_is_a_crumb_of_its_form_or_none(text: str) -> None:
    consent_form(
        Reply("http://data.test", 200, b"<input type=hidden name=csrfToken value=" + text.encode("utf-8", "replace"))
    )
    try:
        crumb = crumb_of(text, "host")
    except SourceError:
        return
    assert crumb.isascii()
    assert 8 <= len(crumb) <= 16
    assert not set(crumb) & set(" <>\r\n")
