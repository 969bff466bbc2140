"""From records to stocks and back, each with its reason."""

from __future__ import annotations

import pytest

from aiwatch.ledger.exposure import mentions, tickers, touches
from tests.ledger.bundled import bundled_ledger


@pytest.mark.parametrize(
    ("id", "symbols"),
    [
        ("C001", ("ORCL", "9984.T")),
        ("C003", ("NVDA", "ORCL", "9984.T", "CSCO")),
        ("C039", ("AVGO",)),
        ("C004", ("601988.SS",)),
        ("C011", ("GOOGL", "MSFT", "AMZN", "META")),
        ("C012", ()),
        ("C023", ("MSFT", "NVDA")),
        ("C035", ("CRWV", "NVDA")),
        ("C037", ("NVDA",)),
        ("C041", ("ORCL", "NVDA", "9984.T")),
        ("C045", ()),
    ],
)
def test_tickers_of_commitments(id: str, symbols: tuple[str, ...]) -> None:
    assert tickers(bundled_ledger(), bundled_ledger().commitments[id]) == symbols


def test_touches_say_the_part_each_company_plays() -> None:
    result = touches(bundled_ledger(), bundled_ledger().commitments["C041"])
    assert [(touch.symbol, touch.reason) for touch in result] == [
        ("ORCL", "as payer"),
        ("NVDA", "as recipient"),
        ("9984.T", "takes part in Stargate"),
    ]


def test_claims_touch_their_symbols_once() -> None:
    assert tickers(bundled_ledger(), bundled_ledger().claims["R03"]) == ("300870.SZ",)
    assert tickers(bundled_ledger(), bundled_ledger().claims["R11"]) == ()


def _mentions(symbol: str) -> dict[str, tuple[bool, str]]:
    return {mention.record.id: (mention.direct, mention.reason) for mention in mentions(bundled_ledger(), symbol)}


def test_a_pump_maker_is_touched_by_liquid_cooling() -> None:
    result = _mentions("603757.SS")
    assert result["R01"] == (True, "named")
    assert result["S036"] == (False, "value chain: liquid cooling")
    assert result["C021"] == (False, "value chain: liquid cooling")
    assert "S034" not in result


def test_a_maker_of_power_supplies_is_not_touched_by_liquid_cooling() -> None:
    result = _mentions("300870.SZ")
    assert result["S017"] == (False, "value chain: server power")
    assert "S036" not in result
    assert "S014" not in result


def test_named_companies_come_first_then_programmes_and_chain() -> None:
    mentioned = list(_mentions("9984.T").values())
    assert mentioned == sorted(mentioned, key=lambda mention: not mention[0])
    assert _mentions("9984.T")["C034"] == (True, "as partner")
    assert _mentions("9984.T")["C033"] == (False, "takes part in Stargate")


def test_a_second_listing_and_an_owner_are_touched_too() -> None:
    assert _mentions("BABA")["C014"] == (True, "as payer")
    assert _mentions("601456.SS") == {"S013": (True, "named, through its owner")}
    assert _mentions("3988.HK")["C004"] == (True, "as payer")


def test_a_symbol_that_nobody_has_touches_nothing() -> None:
    assert mentions(bundled_ledger(), "CBAT") == ()


@pytest.mark.parametrize(
    "symbol",
    ["603308.SS", "002595.SZ", "000811.SZ", "002158.SZ", "605060.SS", "300990.SZ", "603757.SS", "002837.SZ",
     "300870.SZ", "002536.SZ"],
)  # fmt: skip
def test_the_spending_reaches_every_named_stock_by_its_source(symbol: str) -> None:
    spent = [mention for mention in mentions(bundled_ledger(), symbol) if mention.by_source]
    assert {mention.record.id for mention in spent} >= {"C004", "C007", "C011", "C012", "C014"}
    assert all("by source 000, lines 62-73" in mention.reason and not mention.direct for mention in spent)


def test_spending_of_another_source_reaches_nobody_by_this_one() -> None:
    ledger = bundled_ledger()
    spent = {mention.record.id for mention in mentions(ledger, "603308.SS") if mention.by_source}
    assert {ledger.commitments[id].source for id in spent} == {"000"}


def test_a_rivals_gain_is_not_ones_own() -> None:
    signs = {
        symbol: next(mention.sign for mention in mentions(bundled_ledger(), symbol) if mention.record.id == "S037")
        for symbol in ("VRT", "002837.SZ")
    }
    assert signs == {"VRT": "+", "002837.SZ": "-"}
    assert all(mention.sign == "" for mention in mentions(bundled_ledger(), "002837.SZ") if mention.record.id == "S036")
