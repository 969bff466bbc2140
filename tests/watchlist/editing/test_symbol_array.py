"""Lists whose stocks stand in ``symbols``: added to, taken from and moved in, with every comment."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import pytest

from aiwatch.errors import EditError
from aiwatch.files.toml_positions import comments_of
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.editing.edits import (
    AddStock,
    Edit,
    PlaceStock,
    RemoveStock,
    SetListKey,
    SetStockKey,
    ShiftStocks,
    edit,
)
from aiwatch.watchlist.reader import parse_watchlist

HERE = Path("my_picks.toml")
LONG = """\
# mine
symbols = [
  # chips
  "NVDA", # the leader
  "AMD",

  # China
  '600519.SS', "0700.HK" # two on a line
  # the end
]
"""
SHAPES = (
    'symbols = ["NVDA", "AMD", "600519.SS"]',
    'symbols = ["NVDA","AMD","600519.SS"] # all\n',
    "symbols = ['NVDA', 'AMD', '600519.SS',]\n",
    LONG,
    LONG.replace("\n", "\r\n"),
    'name = "Mine"\nsymbols = [ "NVDA" # one\n, "AMD" # two\n, "600519.SS" # three\n]\norder = 1\n',
    'symbols = [\n\t"NVDA",\n\t"AMD"\n]\n\n# apart\n\n# his\n[[stock]]\nsymbol = "600519.SS"\nnote = "kept" # why\n',
    'symbols = [ # head\n"NVDA", "AMD" ]\n[[stock]]\nsymbol = "600519.SS"\n',
    "symbols = []\n",
)
NO_SYMBOLS = (
    'symbols = [700, "NVDA", "AMD"]\n',
    'symbols = ["NVDA", 700, "AMD"]\n',
    'symbols = ["NVDA", "AMD", 700]\n',
    'symbols = [\n  "NVDA", # one\n  1979-05-27 07:32:00, # a day\n  "AMD",\n  -inf\n]\n',
    'symbols = [["x", "]"], "NVDA", { a = "}", b = [1] }, "AMD", [ # ]\n]]\n',
    'symbols = [700]\n[[stock]]\nsymbol = "NVDA"\n[[stock]]\nsymbol = "AMD"\n',
)
"""Lists with something among their symbols that is no text."""


def _symbols(text: str) -> list[str]:
    return [str(stock.symbol) for stock in parse_watchlist(HERE, text.removeprefix("\ufeff")).stocks]


@pytest.mark.parametrize("text", SHAPES)
def test_a_list_without_an_edit_stays_as_it_is(text: str) -> None:
    assert edit(HERE, text, ()).text == text


@pytest.mark.parametrize(
    ("edits", "line"),
    [
        ((AddStock(Stock(parse_symbol("GOOG"), "Alphabet", role="Search")),), '["NVDA", "AMD", "600519.SS", "GOOG"]'),
        ((AddStock(Stock(parse_symbol("GOOG"), "Alphabet"), 0),), '["GOOG", "NVDA", "AMD", "600519.SS"]'),
        ((AddStock(Stock(parse_symbol("GOOG"), "Alphabet"), 1),), '["NVDA", "GOOG", "AMD", "600519.SS"]'),
        ((RemoveStock(parse_symbol("NVDA")),), '["AMD", "600519.SS"]'),
        ((RemoveStock(parse_symbol("600519.SS")),), '["NVDA", "AMD"]'),
        (tuple(RemoveStock(parse_symbol(code)) for code in ("NVDA", "AMD", "600519.SS")), "[]"),
        ((PlaceStock(parse_symbol("NVDA"), 2),), '["AMD", "600519.SS", "NVDA"]'),
        ((PlaceStock(parse_symbol("600519.SS"), to=0),), '["600519.SS", "NVDA", "AMD"]'),
        ((ShiftStocks((parse_symbol("AMD"),), -1),), '["AMD", "NVDA", "600519.SS"]'),
    ],
)
def test_edits_of_a_short_list_look_as_a_person_writes(edits: tuple[Edit, ...], line: str) -> None:
    assert edit(HERE, SHAPES[0], edits).text == f"symbols = {line}"


def test_edits_of_a_long_list_keep_its_lines() -> None:
    goog, nvda = parse_symbol("GOOG"), parse_symbol("NVDA")
    new = edit(HERE, LONG, (AddStock(Stock(goog, "Alphabet"), 2), RemoveStock(nvda))).text
    assert new == LONG.replace('  # chips\n  "NVDA", # the leader\n', "").replace('"AMD",', '"AMD",\n  "GOOG",')


def test_more_to_say_of_a_stock_gives_it_a_head() -> None:
    new = edit(HERE, SHAPES[0], (SetStockKey(parse_symbol("AMD"), "note", "watch"),)).text
    assert new == ('symbols = ["NVDA"]\n\n[[stock]]\nsymbol = "AMD"\nnote = "watch"\n\n[[stock]]\nsymbol = "600519.SS"')
    held = Stock(parse_symbol("GOOG"), "Alphabet", quantity=3)
    assert _symbols(edit(HERE, LONG, (AddStock(held, 1),)).text) == ["NVDA", "GOOG", "AMD", "600519.SS", "0700.HK"]


def _others(text: str) -> list[object]:
    return [item for item in tomllib.loads(text)["symbols"] if not isinstance(item, str)]


@pytest.mark.parametrize("text", NO_SYMBOLS)
def test_edits_leave_what_is_no_symbol_where_it_is(text: str) -> None:
    assert edit(HERE, text, ()).text == text
    nvda, amd, goog = map(parse_symbol, ("NVDA", "AMD", "GOOG"))
    edits: dict[str, tuple[Edit, ...]] = {
        "GOOG NVDA AMD": (AddStock(Stock(goog, "Alphabet"), 0),),
        "NVDA GOOG AMD": (AddStock(Stock(goog, "Alphabet"), 1),),
        "NVDA AMD GOOG": (AddStock(Stock(goog, "Alphabet")),),
        "AMD": (RemoveStock(nvda),),
        "NVDA": (RemoveStock(amd),),
        "": (RemoveStock(nvda), RemoveStock(amd)),
        "AMD NVDA": (PlaceStock(amd, to=0),),
        "NVDA AMD": (SetStockKey(nvda, "note", "x"),),
    }
    for symbols, each in edits.items():
        done = edit(HERE, text, each)
        assert _symbols(done.text) == symbols.split(), done.text
        assert _others(done.text) == _others(text), done.text
        again = edit(HERE, done.text, done.inverse).text
        assert (_symbols(again), _others(again)) == (["NVDA", "AMD"], _others(text)), again


def test_no_edit_writes_an_empty_name() -> None:
    with pytest.raises(EditError, match="'name' is empty"):
        edit(HERE, SHAPES[0], (SetListKey("name", ""),))


def test_a_list_without_a_name_can_be_given_one() -> None:
    for text in (*SHAPES, '[[stock]]\nsymbol = "NVDA"\n', '# mine\n\n[[stock]]\nsymbol = "NVDA"\n'):
        done = edit(HERE, text, (SetListKey("name", "Other"),))
        assert done.watchlist.name == "Other"
        assert _symbols(done.text) == _symbols(text)
        assert _symbols(edit(HERE, done.text, done.inverse).text) == _symbols(text)


def _operation(chance: random.Random, symbols: list[str]) -> tuple[Edit, list[str]]:
    """An edit, and the order it must come to."""
    after = list(symbols)
    new = f"K{''.join(chance.choices('ABCDEFGH', k=3))}"
    if len(symbols) < 3 or chance.random() < 0.2:
        at = chance.randrange(len(symbols) + 1)
        after.insert(at, new)
        return AddStock(Stock(parse_symbol(new), new, note=chance.choice(["", "", "n"])), at), after
    code = chance.choice(symbols)
    symbol = parse_symbol(code)
    kind = chance.randrange(4)
    if kind == 0:
        after.remove(code)
        return RemoveStock(symbol), after
    if kind == 1 and chance.random() < 0.2:
        return SetStockKey(symbol, "note", "x"), after
    to = chance.randrange(len(symbols))
    after.remove(code)
    after.insert(to, code)
    return PlaceStock(symbol, to=to), after


@pytest.mark.parametrize("text", SHAPES)
@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 12))])
def test_edits_at_random_lose_no_comment_and_no_stock(text: str, seed: int) -> None:
    chance = random.Random(seed)
    symbols = _symbols(text)
    for _ in range(12):
        operation, expected = _operation(chance, symbols)
        done = edit(HERE, text, (operation,))
        assert _symbols(done.text) == expected, (text, operation, done.text)
        assert _symbols(edit(HERE, done.text, done.inverse).text) == symbols
        if not isinstance(operation, RemoveStock):
            before, now = ([re.sub(r"^#\s*", "", each) for each in comments_of(each)] for each in (text, done.text))
            assert sorted(before) == sorted(now), (text, operation, done.text)
        text, symbols = done.text, expected
