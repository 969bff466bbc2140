"""20,000 mutated entries of each of the JSON formats: a quote that fits what was sent, or a refusal, and nothing else.

What is believed is checked against what was sent, apart from the parsers.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest

from aiwatch.errors import SourceError
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources.registry import Reader, readers
from tests.sources.loopback import NOW
from tests.sources.mutation import AT_ONCE, Mutator, Outcome, tried
from tests.sources.test_hostile import check
from tests.sources.test_mutated_lines import LETTERS
from tests.sources.yahoo.test_quote import entry
from tests.sources.yahoo.test_spark import meta

SYMBOLS = {text: parse_symbol(text) for text in LETTERS}
COMMON = ["regularMarketPrice", "regularMarketTime", "regularMarketChangePercent", "regularMarketDayHigh", "currency"]
CURRENCIES = ["AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK"]
CURRENCIES += ["JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "ZAR", "USD"]
PAIRS = [
    parse_symbol(f"{base}{quoted}=X" if base != "USD" else f"{quoted}=X")
    for base in CURRENCIES
    for quoted in CURRENCIES
    if base != quoted
][:AT_ONCE]


def read(source: str, value: Any, asked: list[Symbol], mutator: Mutator, outcome: Outcome) -> tuple[Quote, ...]:
    """What the parser of ``source`` believes of ``value``; now and then it is given the bytes of it in disorder too."""
    body, parse = json.dumps(value).encode(), readers()[source]
    if mutator.random.random() < 0.1:
        damaged(parse, mutator.octets(body), asked)
    answer = parse(body, asked, NOW, "host")
    check(answer, asked)
    outcome.tried += len(asked)
    outcome.believed += len(answer.quotes)
    outcome.refused += len(answer.refused)
    return answer.quotes


def damaged(parse: Reader, body: bytes, asked: list[Symbol]) -> None:
    with suppress(SourceError):
        check(parse(body, asked, NOW, "host"), asked)


def number(table: dict[str, Any], key: str) -> float | None:
    """The figure that stands under ``key``."""
    value = table.get(key)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def check_entry(sent: dict[str, Any], quote: Quote, previous_close: str) -> None:
    """Price and previous close are those that were sent, and the changes sent fit them."""
    scale = 0.01 if sent.get("currency") == "GBp" else 1.0
    last, previous = number(sent, "regularMarketPrice"), number(sent, previous_close)
    assert last is not None
    if not last:
        assert (quote.trading, quote.last) == (Trading.UNTRADED, quote.previous_close)
        return
    assert abs(quote.last - last * scale) < 1e-6
    if quote.previous_close is None or previous is None or not 0 < previous < 1e9:
        return
    assert abs(quote.previous_close - previous * scale) < 1e-6
    percent, change = number(sent, "regularMarketChangePercent"), number(sent, "regularMarketChange")
    if percent is not None and abs(percent) < 1e16:
        assert abs((last / previous - 1) * 100 - percent) <= 0.0501
    if change is not None and abs(change) < 1e16:
        assert abs((last - previous - change) * scale) <= 0.0102


def attempt_spark(mutator: Mutator, outcome: Outcome) -> None:
    sent = {text: mutator.table(table, [*COMMON, "previousClose"]) for text, table in METAS.items()}
    items = [{"symbol": text, "response": [{"meta": table}]} for text, table in sent.items()]
    value = {"spark": {"result": items, "error": None}}
    for quote in read("yahoo", value, list(SYMBOLS.values()), mutator, outcome):
        check_entry(sent[quote.symbol.text], quote, "previousClose")


def attempt_rich(mutator: Mutator, outcome: Outcome) -> None:
    prices = [*COMMON, "regularMarketPreviousClose", "regularMarketChange", "bid", "ask"]
    sent = {text: mutator.table(table, prices) for text, table in ENTRIES.items()}
    value = {"quoteResponse": {"result": list(sent.values()), "error": None}}
    for quote in read("yahoo_quote", value, list(SYMBOLS.values()), mutator, outcome):
        check_entry(sent[quote.symbol.text], quote, "regularMarketPreviousClose")
        assert quote.bid is None or quote.ask is None or quote.bid <= quote.ask


def attempt_rates(mutator: Mutator, outcome: Outcome) -> None:
    """A rate has no change to fit; it is the quotient of the two that were sent."""
    rates = {code: round(mutator.random.uniform(0.5, 200), 4) for code in CURRENCIES[:-1]}
    for _ in range(3):
        rates = mutator.table(rates, list(rates))
    value = {"amount": 1.0, "base": "USD", "date": "2026-02-27", "rates": rates}
    for quote in read("ecb", value, PAIRS, mutator, outcome):
        base, quoted = (number(rates | {"USD": 1.0}, code) for code in quote.symbol.pair)
        assert base is not None
        assert quoted is not None
        assert quote.last == pytest.approx(quoted / base, rel=1e-4, abs=1e-6)


METAS = {text: meta(text, regularMarketChangePercent=1.5) for text in LETTERS}
ENTRIES = {text: entry(text) for text in LETTERS}


@pytest.mark.parametrize("attempt", [attempt_spark, attempt_rich, attempt_rates])
def test_a_mutated_entry_is_a_quote_that_fits_or_a_refusal(attempt: Any) -> None:
    tried(attempt).check()
