"""Watchlists for other programs, and that what is written is read again."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.config.paths import bundled
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import AlertRules, Stock, Watchlist
from aiwatch.watchlist.directory import Directory, Entry
from aiwatch.watchlist.exports import COLUMNS, EXPORTS, as_csv, as_ticker, as_toml, as_txt
from aiwatch.watchlist.imports import read_import
from aiwatch.watchlist.reader import parse_watchlist, read_watchlists
from tests.properties import examples

MINE = Watchlist(
    "mine",
    'My "list"',
    "What I hold.",
    (
        Stock(
            parse_symbol("002837.SZ"),
            "Envicool",
            "英维克",
            "Liquid cooling",
            "Invic",
            "buy, or not",
            ("pumps", "a;b"),
            300.0,
            61.25,
            AlertRules(above=70.0, limit=True),
        ),
        Stock(parse_symbol("NO"), "NO", quantity=-5.0),
        Stock(parse_symbol("^HSI"), "Hang Seng"),
    ),
    Path("mine.toml"),
    3,
    parse_symbol("^HSI"),
    ("last", "change_percent"),
)


def test_csv_has_a_column_for_each_key_of_a_stock() -> None:
    head, *rows = as_csv(MINE).splitlines()
    assert tuple(head.split(",")) == COLUMNS
    assert rows == [
        '002837.SZ,Envicool,英维克,Liquid cooling,Invic,"buy, or not","pumps;""a;b""",300,61.25,70,,,true,',
        "NO,NO,,,,,,-5,,,,,,",
        "^HSI,Hang Seng,,,,,,,,,,,,",
    ]


def test_txt_has_a_symbol_a_line() -> None:
    assert as_txt(MINE) == "002837.SZ\nNO\n^HSI\n"


def test_ticker_has_a_group_with_lots_and_says_what_it_cannot_have() -> None:
    text = as_ticker(MINE)
    assert text.splitlines()[0] == "# NO: -5 held at a cost that is not known"
    assert yaml.safe_load(text) == {
        "groups": [
            {
                "name": 'My "list"',
                "watchlist": ["002837.SZ", "NO", "^HSI"],
                "holdings": [{"symbol": "002837.SZ", "quantity": 300, "unit_cost": 61.25}],
            }
        ]
    }


def test_toml_is_a_watchlist_file_with_everything() -> None:
    text = as_toml(MINE)
    assert tomllib.loads(text)["stock"][0]["quantity"] == 300
    again = parse_watchlist(MINE.path, text)
    assert replace(again, stocks=()) == replace(MINE, stocks=())
    assert again.stocks == MINE.stocks


@pytest.mark.parametrize("watchlist", read_watchlists(bundled("watchlists")).lists, ids=lambda item: item.key)
def test_the_bundled_lists_come_back_from_every_format(watchlist: Watchlist) -> None:
    listed = Directory(Entry.of_stock(stock) for stock in watchlist.stocks)
    for kind, export in EXPORTS.items():
        imported = read_import(export(watchlist), Path(f"x.{'yaml' if kind == 'ticker' else kind}"), listed)
        assert (imported.kind, imported.problems) == (kind, ())
        [again] = imported.lists
        if kind in ("toml", "csv"):
            assert again.stocks == watchlist.stocks
        else:
            named = [replace(stock, printed_as="") for stock in watchlist.stocks]
            assert list(again.stocks) == named
        assert again.name == ("X" if kind in ("csv", "txt") else watchlist.name)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
NUMBERS = st.floats(1e-6, 1e9) | st.integers(1, 10**9).map(float)
SYMBOLS = st.sampled_from(("NVDA", "NO", "0700.HK", "002837.SZ", "000001.SZ", "BRK-B", "9984.T", "^HSI", "CNY=X"))
STOCKS = st.builds(
    Stock,
    symbol=SYMBOLS.map(parse_symbol),
    name=WORDS,
    name_zh=WORDS | st.just(""),
    role=WORDS | st.just(""),
    printed_as=WORDS | st.just(""),
    note=WORDS | st.just(""),
    tags=st.lists(WORDS, unique=True, max_size=3).map(tuple),
    quantity=NUMBERS,
    cost=NUMBERS | st.none(),
    alerts=st.none() | st.builds(AlertRules, above=NUMBERS, limit=st.booleans(), volume_ratio=st.none() | NUMBERS),
)
LISTS = st.builds(
    Watchlist,
    key=st.just("x"),
    name=WORDS,
    description=WORDS,
    stocks=st.lists(STOCKS, min_size=1, unique_by=lambda stock: stock.symbol).map(tuple),
    path=st.just(Path("x.toml")),
)


@settings(max_examples=examples(25), deadline=None)
@given(LISTS)
def test_stocks_and_positions_come_back_from_toml_and_csv(watchlist: Watchlist) -> None:
    for kind in ("toml", "csv"):
        imported = read_import(EXPORTS[kind](watchlist), Path(f"x.{kind}"), Directory())
        assert imported.problems == ()
        assert imported.lists[0].stocks == watchlist.stocks


@settings(max_examples=examples(25), deadline=None)
@given(LISTS)
def test_symbols_and_positions_come_back_from_ticker(watchlist: Watchlist) -> None:
    imported = read_import(as_ticker(watchlist), Path(".ticker.yaml"), Directory())
    assert imported.problems == ()
    [again] = imported.lists
    words = [
        (stock.symbol, stock.quantity if stock.cost is not None else None, stock.cost) for stock in watchlist.stocks
    ]
    assert [(stock.symbol, stock.quantity, stock.cost) for stock in again.stocks] == words
    assert again.name == watchlist.name
