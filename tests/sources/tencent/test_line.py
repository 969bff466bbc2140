"""What is picked out of a line is what stands in its fields, whichever way the line is written."""

from __future__ import annotations

import pytest

from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.tencent import fields as at
from aiwatch.sources.tencent.line import FIGURES, PRICES, Line, picked
from aiwatch.sources.tencent.source import parse
from tests.sources.loopback import NOW
from tests.sources.tencent.wire import CHINA
from tests.sources.tencent.wire import line as tencent_line

COMMON = {
    "last": 3, "previous_close": 4, "open": 5, "volume": 6, "change": 31, "high": 33, "low": 34, "bid": 9,
    "bid_size": 10, "ask": 19, "ask_size": 20, "time": 30, "status": 40,
}  # fmt: skip
SYMBOL = parse_symbol("002837.SZ")
BOOK = {9 + 2 * step: f"{50.24 - step / 100:.2f}" for step in range(5)}
BOOK |= {19 + 2 * step: f"{50.26 + step / 100:.2f}" for step in range(5)}
BOOK |= {10 + step * 2: "7" for step in range(10)}


def fields_of(count: int) -> list[str]:
    """So many fields, each of which is the number of its place; the prices of a book with decimals."""
    return [f"{place}.00" if at.BID <= place < at.BOOK_END and place % 2 else str(place) for place in range(count)]


@pytest.mark.parametrize("prefix", at.LAYOUTS)
@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("is_usual", [True, False])
def test_each_text_is_the_one_of_its_field(prefix: str, is_full: bool, is_usual: bool) -> None:
    layout = (at.LAYOUTS if is_full else at.SHORT_LAYOUTS)[prefix]
    fields = fields_of(layout.length if is_full else at.LEAST)
    if not is_usual:
        fields[at.LAST] = "3e0"
    line, result, usual = picked("~".join(fields[3:]), prefix)
    assert result is layout
    assert usual is (is_usual and is_full)
    for name in Line._fields:
        place = COMMON.get(name, getattr(layout, name, at.ABSENT))
        text = "~".join(fields[at.BID : at.BOOK_END]) if name == "book" else "" if place < 0 else fields[place]
        assert getattr(line, name) == text, name
    assert tuple(line[PRICES]) == (
        line.last,
        line.previous_close,
        line.open,
        line.volume,
        line.change,
        line.high,
        line.low,
    )
    assert (line[FIGURES][0], line[FIGURES][-1]) == (line.turnover, line.volume_ratio)


def test_too_few_fields_are_said() -> None:
    with pytest.raises(InvalidLine, match="40 fields, fewer than 41"):
        picked("~".join(fields_of(40)[3:]), "sz")


@pytest.mark.parametrize(
    ("changes", "is_usual"),
    [
        ({}, True),
        ({10: "0"}, False),
        ({10: "0.5"}, False),
        ({12: "017"}, False),
        ({9: ""}, False),
        ({9: "0.00"}, True),
        ({28: "9999999999"}, False),
        ({38: ""}, True),
        ({38: "1e2"}, False),
        ({38: "1_0"}, False),
    ],
)
def test_what_is_not_written_as_usual_is_looked_at_field_by_field(changes: dict[int, str], is_usual: bool) -> None:
    fields = fields_of(88)
    for place, text in changes.items():
        fields[place] = text
    assert picked("~".join(fields[3:]), "sz")[2] is is_usual


NUMBERS = (3, 4, 5, 6, 9, 19, 31, 33, 34, 37, 38, 39, 43, 45, 47, 48, 49, 51, 57, 67, 68)


@pytest.mark.parametrize("place", NUMBERS)
def test_numbers_read_at_once_are_those_read_one_by_one(place: int) -> None:
    """A zero before a number is no JSON, in which the numbers of nearly every line are read."""
    filled = BOOK | {place: "0" + (BOOK | CHINA)[place]}
    plain, filled_up = (parse(tencent_line("sz002837", row), [SYMBOL], NOW, "host") for row in (BOOK, filled))
    assert plain == filled_up
    assert len(plain.quotes) == 1


@pytest.mark.parametrize("place", NUMBERS[:4])
def test_a_price_that_is_missing_is_refused_and_a_figure_is_not(place: int) -> None:
    (without_figure,) = parse(tencent_line("sz002837", BOOK | {39: ""}), [SYMBOL], NOW, "host").quotes
    assert (without_figure.pe, without_figure.amplitude) == (None, 1.4)
    (refusal,) = parse(tencent_line("sz002837", BOOK | {place: ""}), [SYMBOL], NOW, "host").refused
    assert refusal.reason.startswith("no numbers where prices belong")


@pytest.mark.parametrize(
    "changes",
    [{}, {10: "0"}, {9: "0.00"}, {12: "0"}, {11: "50.30"}, {9: "50.27"}, {19: "50.20"}, {28: "0.7"}, {20: ""}],
)
def test_the_best_orders_are_the_first_of_a_whole_book(changes: dict[int, str]) -> None:
    answer = parse(tencent_line("sz002837", BOOK | changes), [SYMBOL], NOW, "host")
    (quote,) = answer.quotes
    if quote.bids and quote.asks:
        assert (quote.bid, quote.bid_size, quote.ask, quote.ask_size) == (*quote.bids[0], *quote.asks[0])
