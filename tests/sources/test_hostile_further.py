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
from aiwatch.sources.sina_codes import code_of
from aiwatch.sources.sina_lines import parse as parse_sina
from aiwatch.sources.tencent_lines import parse as parse_tencent
from aiwatch.sources.yahoo_rich import parse as parse_rich
from aiwatch.sources.yahoo_session import consent_form, crumb_of
from tests.sources.loopback import NOW
from tests.sources.sina_wire import fields, line
from tests.sources.tencent_wire import line as tencent_line
from tests.sources.test_hostile import JSON, TEXTS, check
from tests.sources.test_yahoo_rich import entry

SYMBOLS = [parse_symbol(text) for text in ("603308.SS", "000001.SS", "0700.HK", "^HSI", "NVDA", "BRK-B", "CNY=X")]
CODED = {code: symbol for symbol in SYMBOLS if (code := code_of(symbol))}
PLAIN = TEXTS.filter(lambda text: "," not in text and '"' not in text)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(CODED)), st.dictionaries(st.integers(1, 34), PLAIN, max_size=4), st.integers(1, 40))
def test_a_mutated_sina_line_is_a_quote_that_fits_or_a_refusal(code: str, changes: dict[int, str], length: int) -> None:
    body = line(code, changes, length=length) + line("sz002837")
    asked = [CODED[code], parse_symbol("002837.SZ")]
    answer = parse_sina(body, asked, NOW, "host")
    check(answer, asked)
    assert "002837.SZ" in {str(quote.symbol) for quote in answer.quotes}
    row = fields(code, changes)[:length]
    for quote in answer.quotes:
        for side in (quote.bids, quote.asks):
            assert all(price > 0 and (size or 0) > 0 for price, size in side)
        place = 7 if code.startswith("rt_") else 4 if code.startswith("gb_") else None
        if quote.symbol == CODED[code] and place and quote.previous_close is not None:
            assert abs(quote.last - quote.previous_close - float(row[place])) <= 0.0102


@settings(max_examples=100, deadline=None)
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
        assert all(price > 0 and (size or 0) > 0 for price, size in quote.bids + quote.asks)


@settings(max_examples=100, deadline=None)
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


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(entry("NVDA"))), JSON, max_size=3))
def test_a_mutated_entry_is_a_quote_that_fits_or_a_refusal(changes: dict[str, Any]) -> None:
    symbols = [parse_symbol("NVDA"), parse_symbol("AMD")]
    result = [entry("NVDA") | changes, entry("AMD")]
    answer = parse_rich(json.dumps({"quoteResponse": {"result": result, "error": None}}).encode(), symbols, NOW, "host")
    check(answer, symbols)
    assert "AMD" in {str(quote.symbol) for quote in answer.quotes}
    for quote in answer.quotes:
        assert quote.bid is None or quote.ask is None or quote.bid <= quote.ask


@settings(max_examples=100, deadline=None)
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


@settings(max_examples=100, deadline=None)
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
