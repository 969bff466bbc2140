"""ticker's and tickrs' files."""

from __future__ import annotations

import time

import pytest

from aiwatch.errors import FileError
from tests.watchlist.imports.reading import lists, problems, read

TICKER = """\
# my positions
interval: 5
currency: USD
watchlist:
  - NET
  - 002837.SZ
  - NO # a ticker, whatever YAML makes of it
  - BTC.X # a coin
  - SOL-USD
  - SAMOYEDCOIN.CG
lots:
  - symbol: "ABNB"
    quantity: 35.0
    unit_cost: 146.00
  - symbol: ARKW
    quantity: 20
    unit_cost: 152.25
  - symbol: ARKW
    quantity: 20
    unit_cost: 145.35
    fixed_cost: 7.00
groups:
  - name: Asia
    watchlist: [0700.HK, 9984.T]
    holdings:
      - symbol: 9984.T
        quantity: 1,200
        unit_cost: 15000
  - name: Coins
    watchlist:
      - SHIB-USD
"""


def test_ticker_has_a_list_outside_of_groups_and_one_for_each_group() -> None:
    imported = read(TICKER, ".ticker.yaml")
    assert imported.kind == "ticker"
    assert lists(imported) == {
        "Ticker": ["NET", "002837.SZ", "NO", "SOL-USD", "ABNB 35 146.0", "ARKW 40 148.975"],
        "Asia": ["0700.HK", "9984.T 1200 15000.0"],
        "Coins": ["SHIB-USD"],
    }
    assert imported.lists[0].description == "Imported from .ticker.yaml."


def test_every_thing_that_is_not_kept_is_told_at_its_line() -> None:
    assert problems(read(TICKER, ".ticker.yaml")) == [
        "2: not kept, as they are no stocks: interval, currency",
        "8: 'BTC.X' is a crypto-currency in another spelling than Yahoo's",
        "10: 'SAMOYEDCOIN.CG' is a crypto-currency in another spelling than Yahoo's",
    ]


def test_a_name_makes_one_list_of_all_groups() -> None:
    assert lists(read(TICKER, ".ticker.yaml", name="All")) == {
        "All": [
            "NET",
            "002837.SZ",
            "NO",
            "SOL-USD",
            "ABNB 35 146.0",
            "ARKW 40 148.975",
            "0700.HK",
            "9984.T 1200 15000.0",
            "SHIB-USD",
        ]
    }


def test_known_stocks_get_their_names_and_others_their_symbol() -> None:
    [first, *_] = read(TICKER, ".ticker.yaml").lists
    net, envicool = first.stocks[:2]
    assert (net.name, net.name_zh) == ("NET", "")
    assert (envicool.name, envicool.name_zh, envicool.role) == ("Envicool", "英维克", "Liquid cooling")


def test_a_lot_that_cannot_be_used_whole_keeps_what_can() -> None:
    text = """\
lots:
  - quantity: 1
  - symbol: NVDA
    quantity: ten
  - symbol: AMD
    quantity: 3
    unit_cost: -1
    broker: mine
  - symbol: MSFT
    unit_cost: 5
  - just text
"""
    imported = read(text, "ticker.yml")
    assert lists(imported) == {"Ticker": ["NVDA", "AMD 3 None", "MSFT"]}
    assert problems(imported) == [
        "2: a lot has no symbol",
        "3: quantity 'ten' is no number",
        "5: the price -1 is below zero",
        "8: 'broker' of a lot of AMD is not kept",
        "9: the price 5 is not kept, as there is no quantity",
        "11: a lot has no symbol",
    ]


def test_tickrs_has_one_list() -> None:
    imported = read("---\n# mine\nsymbols:\n  - SPY\n  - ON\n  - 000001\ntime_frame: 1D\n", "config.yml")
    assert imported.kind == "tickrs"
    assert lists(imported) == {"Config": ["SPY", "ON"]}
    assert problems(imported) == [
        "6: symbol '000001' may be 000001.SZ, a share in Shenzhen, or 000001.SS, the SSE Composite index",
        "7: not kept, as they are no stocks: time_frame",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("watchlist: NVDA\n", "1: 'watchlist' is not a list"),
        ("watchlist:\n  - [NVDA]\n", "2: an item of 'watchlist' is no symbol"),
        ("watchlist:\n  -\n", "2: an item of 'watchlist' is no symbol"),
        ("groups: {name: x}\n", "1: 'groups' is not a list"),
        ("lots: 3\n", "1: 'lots' is not a list"),
    ],
)
def test_a_wrong_kind_is_told(text: str, problem: str) -> None:
    imported = read(text, "ticker.yaml")
    assert imported.lists == ()
    assert problems(imported)[0] == problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("watchlist: [NVDA\n", ".yaml:2: not YAML: "),
        ("watchlist:\n\t- NVDA\n", ".yaml:2: not YAML: "),
        ("watchlist: \x00\n", ".yaml:1: not YAML: "),
        ("other: 1\n", "neither a file of ticker"),
        ("", "neither a file of ticker"),
    ],
)
def test_what_is_no_such_file_is_refused(text: str, words: str) -> None:
    with pytest.raises(FileError, match=words.replace(".", r"\.")):
        read(text, "x.yaml")


@pytest.mark.parametrize(
    "text",
    ["[" * 101 + "]" * 101, "a: " + "{a: " * 101 + "}" * 101, "[" * 200_000],
    ids=["lists", "mappings", "never closed"],
)
def test_what_is_nested_too_deeply_is_refused_at_once(text: str) -> None:
    began = time.thread_time()
    with pytest.raises(FileError, match="nested too deeply"):
        read(text, "x.yaml", kind="ticker")
    assert time.thread_time() - began < 1.0
    assert lists(read("watchlist: [NVDA, " + "[" * 98 + "]" * 98 + "]", "x.yaml", kind="ticker"))


def test_a_tag_of_a_file_does_nothing() -> None:
    imported = read("watchlist: !!python/object/apply:os.system [echo, NVDA]\n", "x.yaml", kind="ticker")
    assert lists(imported) == {"X": ["ECHO", "NVDA"]}


def test_anchors_do_not_grow() -> None:
    text = "a: &a [NVDA, NVDA]\n" + "".join(f"b{n}: &b{n} [*{'a' if not n else f'b{n - 1}'}, *a]\n" for n in range(60))
    imported = read(text + "watchlist: *b59\n", "x.yaml", kind="ticker")
    assert imported.lists == ()


def test_an_alias_repeats_what_it_names() -> None:
    text = "common: &c [NVDA, AMD]\ngroups:\n  - {name: A, watchlist: *c}\n  - {name: B, watchlist: *c}\n"
    assert lists(read(text, "x.yaml")) == {"A": ["NVDA", "AMD"], "B": ["NVDA", "AMD"]}


LAUGHS = "a: &a [NVDA, AMD]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        "groups:\n  - &g\n    name: x\n    watchlist: [" + "NVDA, " * 500 + "]\n" + "  - *g\n" * 500,
        f"{LAUGHS}watchlist: *k\n",
        f"{LAUGHS}? *k\n: 1\nwatchlist: []\n",
        "watchlist: &w [NVDA, *w]\n",
        "groups: &g\n  - {name: x, groups: *g}\n",
    ],
    ids=range(5),
)
def test_aliases_that_multiply_are_left_out_with_a_word(text: str) -> None:
    assert any("repetitions are left out" in problem.what for problem in read(text, "x.yaml").problems)
