"""Positions and rules in words: sums with their signs, rates with their time, what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.market.quote import Quote
from aiwatch.market.summary import summarise
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import AlertRules, Stock
from aiwatch.watchlist.alerts.monitor import State
from aiwatch.watchlist.alerts.rules import Alert, Rule, Trigger, rules_of
from aiwatch.watchlist.positions import holdings_of, position_of
from aiwatch.widgets.board.overview import ListRow, Overview
from aiwatch.widgets.board.summary import SummaryLine
from aiwatch.widgets.stock.alerts import rule_rows
from aiwatch.widgets.stock.positions import amount, holdings_parts, position_rows, shares, unpriced_row
from tests.market.quotes import TRADING_MOMENT, make_quote
from tests.widgets.test_lines import OneWidget, shown_rows

ENVICOOL = make_quote("002837.SZ", last=60.0, previous_close=58.0)
NVIDIA = make_quote("NVDA", last=180.0, previous_close=170.0)
DOLLAR = make_quote("CNY=X", last=7.2, previous_close=None, decimals=4, source="yahoo")
SOFTBANK = make_quote("9984.T", last=15500.0, previous_close=15600.0)


def stock(text: str, quantity: float | None = None, cost: float | None = None) -> Stock:
    """A stock with a position."""
    return Stock(parse_symbol(text), text, quantity=quantity, cost=cost)


def parts_of(*stocks: Stock, quotes: tuple[Quote, ...], currency: str = "") -> list[str]:
    """What is said under a list."""
    held = holdings_of(stocks, {quote.symbol: quote for quote in quotes}, currency)
    assert held is not None
    return [part.plain for part in holdings_parts(held, None, "auto")]


@pytest.mark.parametrize(
    ("value", "currency", "is_change", "exact", "words"),
    [
        (60_000.0, "CNY", False, True, "¥60,000.00"),
        (60_000.0, "CNY", False, False, "¥60.0 k"),
        (-1234.5, "HKD", False, True, "-HK$1,234.50"),
        (2_000.0, "USD", True, True, "+$2,000.00"),
        (0.0, "USD", True, True, "$0.00"),
        (-0.001, "USD", True, True, "$0.00"),
        (1_550_000.0, "JPY", False, True, "JP¥1,550,000"),
        (2.5e9, "USD", True, True, "+$2.50 bn"),
        (100.0, "SEK", False, True, "SEK 100.00"),
        (None, "CNY", True, True, "–"),
    ],
)
def test_a_sum_has_its_sign_before_the_currencys(
    value: float | None, currency: str, is_change: bool, exact: bool, words: str
) -> None:
    assert amount(value, currency, is_change=is_change, exact=exact) == words


def test_shares_are_as_they_were_written() -> None:
    assert [shares(number) for number in (1000, 0.5, 12_345.25, -200)] == [
        "1,000",
        "0.5",
        "12,345.25",
        "-200 sold short",
    ]


def test_a_stocks_position_is_told_to_the_cent() -> None:
    position = position_of(stock("002837.SZ", 1000, 50.0), ENVICOOL)
    assert position is not None
    text = "\n".join(row.plain for row in position_rows(position, ENVICOOL, {}, "", "auto", 90))
    for words in ("Position", "1,000 at 50.00", "¥60,000.00", "+¥2,000.00", "+¥10,000.00  +20.00 %"):
        assert words in text
    assert all(len(line.rstrip()) <= 90 for line in text.splitlines())


def test_it_is_told_in_the_currency_asked_for_with_the_rate_and_its_time_or_that_there_is_none() -> None:
    position = position_of(stock("NVDA", 10, 100.0), NVIDIA)
    assert position is not None
    listed = position_rows(position, NVIDIA, {DOLLAR.symbol: DOLLAR}, "CNY", "auto", 120)[-1].plain
    assert listed == (
        "In CNY: value ¥13.0 k · day +¥720 · gain +¥5.76 k · 1 USD = 7.2 CNY, rate of Yahoo, 2025-08-15 02:00 UTC"
    )
    assert position_rows(position, NVIDIA, {}, "CNY", "auto", 120)[-1].plain == "no rate from USD to CNY is known"
    assert len(position_rows(position, NVIDIA, {}, "USD", "auto", 120)) == len(
        position_rows(position, NVIDIA, {}, "", "auto", 120)
    )


def test_a_position_without_a_price_is_said_to_be_so() -> None:
    assert unpriced_row(stock("NVDA", -10)).plain == "Position  -10 sold short, not priced yet"


def test_a_list_tells_its_sums_and_of_how_many_they_are() -> None:
    stocks = stock("002837.SZ", 1000, 50.0), stock("603757.SS", 100), stock("600000.SS", 1)
    quotes = ENVICOOL, make_quote("603757.SS", last=30.0, previous_close=None)
    assert parts_of(*stocks, quotes=quotes) == [
        "3 positions, 2 priced",
        "value ¥63.0 k",
        "day +¥2.00 k (1 of 2)",
        "gain +¥10.0 k +20.00 % (1 of 2)",
    ]
    assert parts_of(*stocks, quotes=()) == ["3 positions, none priced"]


def test_currencies_stand_side_by_side_and_are_converted_with_their_rates() -> None:
    stocks = stock("002837.SZ", 1000, 50.0), stock("9984.T", 100), stock("NVDA", 10, 100.0)
    yen = make_quote("JPY=X", last=150.0, previous_close=None, source="ecb", as_of=TRADING_MOMENT - timedelta(days=1))
    words = parts_of(*stocks, quotes=(ENVICOOL, NVIDIA, SOFTBANK, DOLLAR, yen), currency="CNY")
    assert words[1:] == [
        "value ¥60.0 k, JP¥1.55 M, $1.80 k",
        "day +¥2.00 k, -JP¥10.0 k, +$100",
        "gain +¥10.0 k +20.00 %, –, +$800 +80.00 %",
        "in CNY: value ¥147 k",
        "day +¥2.24 k",
        "gain +¥15.8 k +27.55 % (2 of 3)",
        "1 JPY = 0.048 CNY through USD",
        "1 USD = 7.2 CNY",
        "rates of ECB and Yahoo, 2025-08-14 02:00 UTC",
    ]
    without = parts_of(*stocks, quotes=(ENVICOOL, NVIDIA, SOFTBANK, DOLLAR), currency="CNY")
    assert without[-1] == "no rate from JPY to CNY is known"
    assert not any(part.startswith("in CNY") for part in without)


# Widgets


async def test_under_a_list_its_positions_begin_a_row_and_a_list_without_any_is_as_it_was() -> None:
    line = SummaryLine()
    app = OneWidget(line)
    async with app.run_test(size=(80, 20)) as pilot:
        line.summary = summarise([ENVICOOL])
        await pilot.pause()
        plain = shown_rows(app, line)
        line.holdings = holdings_of([stock("002837.SZ", 1000, 50.0)], {ENVICOOL.symbol: ENVICOOL})
        await pilot.pause()
        rows = shown_rows(app, line)
        assert rows[: len(plain)] == plain
        assert rows[len(plain) :] == [" 1 position   value ¥60.0 k   day +¥2.00 k   gain +¥10.0 k +20.00 %"]
        line.holdings = None
        await pilot.pause()
        assert shown_rows(app, line) == plain


async def test_among_all_lists_positions_have_columns_only_when_there_are_any() -> None:
    overview = Overview()
    app = OneWidget(overview)
    held = holdings_of([stock("002837.SZ", 1000, 50.0)], {ENVICOOL.symbol: ENVICOOL})
    async with app.run_test(size=(120, 8)) as pilot:
        row = ListRow("mine", "Mine", summarise([ENVICOOL]))
        overview.show([row])
        await pilot.pause()
        assert "Value" not in shown_rows(app, overview)[0]
        overview.show([replace(row, holdings=held), ListRow("other", "Other", summarise([]))])
        await pilot.pause()
        head, first, second = shown_rows(app, overview)[:3]
        assert "Value Day gain Gain" in " ".join(head.split())
        assert "¥60.0 k" in first
        assert "+¥10.0 k +20.00 %" in first
        assert "¥" not in second


# Rules


def test_rules_are_told_as_they_were_asked_for_with_what_became_of_them() -> None:
    asked = AlertRules(above=60, change_percent=5, limit=True, volume_ratio=3)
    item = Stock(ENVICOOL.symbol, "Envicool", alerts=asked)
    ready = rule_rows(rules_of(item), lambda rule: (State.READY, None), 90)
    assert [row.plain for row in ready] == ["Alerts  above 60   change 5 %   volume ratio 3   daily limit"]

    def state(rule: Rule) -> tuple[State, Alert | None]:
        alert = Alert(rule.symbol, rule.trigger, 60.0, 60.5, 2, TRADING_MOMENT, TRADING_MOMENT)
        return {
            Trigger.ABOVE: (State.FIRED, alert),
            Trigger.LIMIT_UP: (State.RETURNING, alert),
            Trigger.VOLUME_RATIO: (State.AGAIN, alert),
        }.get(rule.trigger, (State.READY, None))

    rows = [row.plain for row in rule_rows(rules_of(item), state, 60)]
    assert rows == [
        "Alerts  ◆ above 60: fired 10:00:00 at 60.50   change 5 %",
        "        ◆ volume ratio 3: armed again",
        "        ◆ daily limit: limit up re-armed, waits until it has gone back",
    ]
    assert rule_rows((), state, 60) == []
