"""20,000 mutated lines of each of the line formats: a quote that fits what was sent, or a refusal, and nothing else.

What is believed is checked against the line as sent, apart from the parsers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, product
from string import ascii_uppercase

import pytest

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources import Answer
from aiwatch.sources.registry import readers
from aiwatch.sources.sina import codes
from aiwatch.sources.tencent import codes as tencent_codes
from tests.sources.loopback import NOW
from tests.sources.mutation import AT_ONCE, Mutator, Outcome, tried
from tests.sources.sina import wire
from tests.sources.tencent import wire as tencent_wire
from tests.sources.test_hostile import check_quote

HALVED = 0.02
"""How many of the lines end before their time."""
CENT = 0.0102
"""A price may be a tick off; half the figures of a row have two decimals when mutated."""
LETTERS = ["".join(letters) for letters in islice(product(ascii_uppercase, repeat=3), AT_ONCE)]


@dataclass(frozen=True, slots=True)
class Market:
    """One format: whose, the texts of enough symbols, the fields that matter, the first that may change, and what a
    believed quote must hold to."""

    source: str
    texts: Sequence[str]
    prices: Sequence[int]
    first: int
    fits: Callable[[Sequence[str], Quote], None]


def numbers(row: Sequence[str], *places: int) -> list[float]:
    """The figures of ``row`` in these places."""
    return [float(row[place]) for place in places]


def fits_tencent(texts: Sequence[str], quote: Quote) -> None:
    last, previous, change, high, low = numbers(texts, 3, 4, 31, 33, 34)
    if not last and quote.trading in (Trading.SUSPENDED, Trading.DELISTED, Trading.UNTRADED):
        last, change = previous, 0.0
    assert (quote.last, quote.previous_close) == (last, previous or None)
    assert abs(last - previous - change) <= CENT or not (previous or change)
    if quote.trading is Trading.TRADED and high and low:
        assert low - CENT <= last <= high + CENT


def fits_china(texts: Sequence[str], quote: Quote) -> None:
    """Sina sends no change for mainland China."""
    previous, last, high, low = numbers(texts, 2, 3, 4, 5)
    assert quote.last == (last or previous)
    if quote.trading is Trading.TRADED and high and low:
        assert low - CENT <= last <= high + CENT
    if quote.trading in (Trading.UNTRADED, Trading.SUSPENDED):
        assert abs(quote.last - previous) <= CENT or not previous or quote.trading is Trading.SUSPENDED


def is_untraded(last: float, quote: Quote) -> bool:
    """Whether a line without a last price was read as the previous close of a stock that has not traded."""
    if not last:
        assert (quote.trading, quote.last) == (Trading.UNTRADED, quote.previous_close)
    return not last


def fits_hong_kong(texts: Sequence[str], quote: Quote) -> None:
    previous, last, change = numbers(texts, 3, 6, 7)
    if is_untraded(last, quote):
        return
    assert (quote.last, quote.previous_close) == (last, previous or None)
    assert abs(last - previous - change) <= 0.00102


def fits_united_states(texts: Sequence[str], quote: Quote) -> None:
    (last,) = numbers(texts, 1)
    if is_untraded(last, quote):
        return
    last, percent, change, previous = numbers(texts, 1, 2, 4, 26)
    assert (quote.last, quote.previous_close) == (last, previous or None)
    assert abs(last - previous - change) <= CENT
    assert not previous or abs((last / previous - 1) * 100 - percent) <= 0.0202


def fits_rate(texts: Sequence[str], quote: Quote) -> None:
    """Sina's change of a rate is counted otherwise; its orders and the day's extremes stand in."""
    bid, ask, high, low, last = numbers(texts, 1, 2, 6, 7, 8)
    if is_untraded(last, quote):
        return
    assert quote.last == last
    assert not (bid and ask) or bid * 0.995 <= last <= ask * 1.005
    assert not low or low - 0.00011 <= last
    assert not high or last <= high + 0.00011


CHINA = [f"{number:06d}.SZ" for number in range(2000, 2000 + AT_ONCE)]
HONG_KONG = [f"{number}.HK" for number in range(10_000, 10_000 + AT_ONCE)]
PAIRS = [f"EUR{text}=X" for text in LETTERS]
MARKETS = {
    "tencent": Market(
        "tencent", CHINA[::3] + HONG_KONG[::3] + LETTERS[::3], (3, 4, 5, 6, 30, 31, 33, 34, 40, 57), 3, fits_tencent
    ),
    "sina-china": Market("sina", CHINA, (1, 2, 3, 4, 5, 8, 30, 31, 32), 1, fits_china),
    "sina-hong-kong": Market("sina", HONG_KONG, (2, 3, 4, 5, 6, 7, 12, 17, 18), 2, fits_hong_kong),
    "sina-us": Market("sina", LETTERS, (1, 2, 3, 4, 5, 6, 7, 25, 26, 29), 1, fits_united_states),
    "sina-rates": Market("sina", PAIRS, (0, 1, 2, 5, 6, 7, 8, 17), 0, fits_rate),
}


@pytest.mark.parametrize("name", MARKETS)
def test_a_mutated_line_is_a_quote_that_fits_or_a_refusal(name: str) -> None:
    market = MARKETS[name]
    asked = [line_of(market.source, parse_symbol(text)) for text in market.texts]
    tried(lambda mutator, outcome: attempt(market, asked, mutator, outcome), len(asked)).check()


def line_of(source: str, symbol: Symbol) -> tuple[Symbol, str, list[str]]:
    """A symbol, the name of its line, and the fields of that."""
    if source == "tencent":
        code = tencent_codes.code_of(symbol)
        assert code
        return symbol, f"v_{code}", tencent_wire.fields(code)
    code = codes.code_of(symbol)
    assert code
    return symbol, f"var hq_str_{code}", wire.fields(code)


def attempt(market: Market, asked: Sequence[tuple[Symbol, str, list[str]]], mutator: Mutator, outcome: Outcome) -> None:
    """One answer with a mutated line of each symbol."""
    separator = "~" if market.source == "tencent" else ","
    sent = {symbol: mutator.row(row, market.prices, market.first) for symbol, _, row in asked}
    lines, cut = [], set()
    for symbol, name, _ in asked:
        line = f'{name}="{separator.join(sent[symbol])}";'
        if mutator.random.random() < HALVED:
            cut.add(symbol)
            line = line[: mutator.random.randrange(len(name) + 2, len(line) - 1)]
        lines.append(f"{line}\n")
    answer = readers()[market.source]("".join(lines).encode("gb18030"), sent, NOW, "host")
    assert not cut & {quote.symbol for quote in answer.quotes}
    check(market, answer, sent, outcome)


def check(market: Market, answer: Answer, sent: dict[Symbol, list[str]], outcome: Outcome) -> None:
    outcome.tried += len(sent)
    outcome.believed += len(answer.quotes)
    outcome.refused += len(answer.refused)
    label = [quote.symbol.text for quote in answer.quotes] + [symbol.text for symbol in answer.unknown]
    assert sorted(label + [refusal.symbol for refusal in answer.refused]) == sorted(symbol.text for symbol in sent)
    for quote in answer.quotes:
        check_quote(quote)
        market.fits(sent[quote.symbol], quote)
