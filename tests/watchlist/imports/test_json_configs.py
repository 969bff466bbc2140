"""mop's and stocksTUI's files."""

from __future__ import annotations

import json

import pytest

from aiwatch.errors import FileError
from tests.watchlist.imports.reading import lists, problems, read

LISTS = """\
{
  "stocks": [
    {"ticker": "NVDA", "alias": "Jensen's", "note": "Long-term", "tags": "chips, ai"},
    {
      "ticker": "002837.sz",
      "alias": "002837.sz",
      "note": null,
      "shares": 3
    },
    "AMD"
  ],
  "indices": [{"ticker": "^HSI", "alias": "Hang Seng"}],
  "crypto": [{"ticker": "BTC-USD", "alias": "Bitcoin"}],
  "my_list": [],
  "version": 2
}
"""


def test_mop_has_one_list() -> None:
    profile = {"Tickers": ["AAPL", "BRK-B", "nope!", 3, "AAPL"], "MarketRefresh": 12, "Ascending": True}
    imported = read(json.dumps(profile, indent=0), ".moprc")
    assert imported.kind == "mop"
    assert lists(imported) == {"Moprc": ["AAPL", "BRK-B"]}
    assert problems(imported) == [
        "1: not kept, as they are no stocks: MarketRefresh, Ascending",
        "5: an item of 'Tickers' is no text",
        "5: symbol 'nope!' is not known",
        "7: AAPL is already in this list, at line 3",
    ]


def test_stockstui_has_a_list_for_each_of_its_own() -> None:
    imported = read(LISTS, "lists.json")
    assert imported.kind == "stockstui"
    assert lists(imported) == {"Stocks": ["NVDA", "002837.SZ", "AMD"], "Indices": ["^HSI"], "Crypto": ["BTC-USD"]}
    nvidia, envicool, _ = imported.lists[0].stocks
    assert (nvidia.name, nvidia.name_zh, nvidia.note, nvidia.tags) == (
        "Jensen's",
        "英伟达",
        "Long-term",
        ("chips", "ai"),
    )
    assert (envicool.name, envicool.note) == ("Envicool", "")
    assert problems(imported) == [
        "5: not kept of 002837.sz: shares",
        "15: 'version' is not kept: it is no list of stocks",
    ]


def test_stockstui_has_a_list_for_each_portfolio() -> None:
    portfolios = {
        "portfolios": {
            "default": {"name": "Default Portfolio", "description": "Mine", "tickers": ["NVDA"], "created": "x"},
            "growth_2": {"name": "", "tickers": ["AMD", "x y z"], "currency": "USD"},
        },
        "settings": {"migration_completed": True},
    }
    imported = read(json.dumps(portfolios, indent=1), "portfolios.json")
    assert lists(imported) == {"Default Portfolio": ["NVDA"], "Growth 2": ["AMD"]}
    assert imported.lists[0].description == "Mine"
    assert problems(imported) == [
        "1: not kept, as they are no stocks: settings",
        "11: not kept of the portfolio 'growth_2': currency",
        "15: symbol 'x y z' is not known",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", ":1: not JSON: "),
        ('{\n"Tickers": [,]}', ":2: not JSON: "),
        ('{"a": 1}', "neither a .moprc of mop"),
        ("[1]", "neither a .moprc of mop"),
    ],
)
def test_what_is_no_such_file_is_refused(text: str, words: str) -> None:
    with pytest.raises(FileError, match=words.replace(".", r"\.")):
        read(text, "x.json")


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(FileError, match="nested too deeply"):
        read("[" * 100_000, "x.json")


def test_a_format_that_is_named_must_be_that_of_the_file() -> None:
    with pytest.raises(FileError, match="not a JSON object"):
        read("[]", "x", kind="mop")
    with pytest.raises(FileError, match="not JSON"):
        read("NVDA", "x", kind="stockstui")


@pytest.mark.parametrize("portfolios", ["[]", '{"a": 1}', '{"a": {"tickers": 3}}'])
def test_a_wrong_kind_is_told(portfolios: str) -> None:
    imported = read(f'{{"portfolios": {portfolios}}}', "portfolios.json")
    assert imported.lists == ()
    assert len(imported.problems) == 1


def test_what_stands_twice_is_joined_or_refused() -> None:
    assert lists(read('{"Tickers": ["NVDA"], "Tickers": ["AMD"]}', ".moprc")) == {"Moprc": ["NVDA", "AMD"]}
    with pytest.raises(FileError, match="the key 'ticker' stands twice"):
        read('{"s": [{"ticker": "NVDA", "ticker": "AMD"}]}', "lists.json")


def test_the_lines_of_tickers_with_blanks_are_found() -> None:
    imported = read('{"s": [\n{"ticker": " NV1 DA"},\n{"ticker": " AMD"},\n" NO WAY "\n]}', "lists.json")
    assert problems(imported) == [
        "2: symbol 'NV1 DA' is not known",
        "4: symbol 'NO WAY' is not known",
    ]
