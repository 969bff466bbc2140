"""Lists that say little, and lists with texts of every kind: what is wrong with a text costs the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.errors import EditError, FileError
from aiwatch.ledger.loader import load_commitments
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.screen import names_from
from aiwatch.session.directory import directory_of
from aiwatch.watchlist.editing.edits import SetStockKey, edit
from aiwatch.watchlist.exports import as_toml
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.reader import parse_list_file, parse_watchlist, read_watchlists

HERE = Path("my_picks.toml")


@pytest.mark.parametrize(
    "text",
    [
        'symbols = ["NVDA", "600519.SS"]',
        'symbols = ["nvda", "sh600519"]\n',
        '[[stock]]\nsymbol = "NVDA"\n[[stock]]\nsymbol = "600519.SS"\n',
        'symbols = ["NVDA"]\n[[stock]]\nsymbol = "600519.SS"\n',
        'stock = [{ symbol = "NVDA" }, { symbol = "600519.SS" }]\n',
    ],
)
def test_only_symbols_are_required(text: str) -> None:
    read = parse_list_file(HERE, text)
    assert not read.slips
    assert (read.watchlist.key, read.watchlist.name, read.watchlist.description) == ("my_picks", "My picks", "")
    assert [(str(stock.symbol), stock.name, stock.is_named) for stock in read.watchlist.stocks] == [
        ("NVDA", "NVDA", False),
        ("600519.SS", "600519.SS", False),
    ]
    again = parse_watchlist(HERE, as_toml(read.watchlist))
    assert [stock.symbol for stock in again.stocks] == [stock.symbol for stock in read.watchlist.stocks]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: there is nothing in the file"),
        ("# only a comment\n", "1: there is nothing in the file"),
        ('symbols = [\n"NVDA",\n"2837.SZ"]', "3: symbol '2837.SZ'"),
        ('symbols = [\n"NVDA",\n"nvda"]', "3: symbol 'NVDA' is already in this list, at line 2"),
        ('symbols = ["NVDA"]\n[[stock]]\nsymbol = "NVDA"', "3: symbol 'NVDA' is already in this list, at line 1"),
        ("symbols = 'NVDA'", "1: 'symbols' must be a list of texts, not 'NVDA'"),
        ("symbls = ['NVDA']", "1: unknown key 'symbls', did you mean 'symbols'?"),
    ],
)
def test_what_is_wrong_with_symbols_is_told_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(FileError) as caught:
        parse_list_file(HERE, text)
    assert next(f"{each.line}: {each.what}" for each in caught.value.problems).startswith(problem)


def test_names_come_from_other_lists_and_from_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('symbols = ["002837.SZ", "NVDA", "ZZZZ"]', encoding="utf-8")
    ledger = load_commitments(bundled("seeds"))
    listed = next(symbol.text for symbol in (entry.symbol for entry in directory_of((), ledger.entities.values())))
    (tmp_path / "alone.toml").write_text(f'symbols = ["{listed}", "ZZZZ"]', encoding="utf-8")
    own = read_watchlists(bundled("watchlists"), tmp_path).find("own")
    assert own is not None
    assert next(stock.name for stock in own.stocks) == "Envicool"
    assert own.stocks[0].name_zh == "英维克"
    assert own.stocks[-1].name == "ZZZZ"
    loaded = ListFolders(tmp_path / "none", tmp_path, (), names_from(ledger)).read()
    alone = next(each for each in loaded.lists if each.key == "alone")
    assert alone.stocks[0].name != listed
    assert alone.stocks[-1].name == "ZZZZ"


TEXTS = (
    "for the kids 👨‍👩‍👧",
    "❤️ ☎︎ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇨🇳",
    "e\u0301 a\u0308",
    "英维克　全角",
    "می‌خواهم",
    "क्‍ष",
    "a\u00a0b\u2009c\u202fd",
    "soft\u00adhyphen",
    "\u200fעברית\u200e",
    "new \U0001fae9 and unassigned \U0001fbff",
    "private \ue0b0",
    "x\ufeffy",
)


@pytest.mark.parametrize("text", TEXTS)
def test_text_of_every_kind_passes(text: str) -> None:
    keys = ("name", "name_zh", "role", "printed_as", "note")
    stock = "\n".join(f"{key} = '{text}'" for key in keys)
    read = parse_list_file(
        HERE, f"name = '{text}'\ndescription = '{text}'\n[[stock]]\nsymbol = 'NVDA'\n{stock}\ntags = ['{text}']\n"
    )
    assert not read.slips
    [stock_read] = read.watchlist.stocks
    assert [getattr(stock_read, key) for key in keys] == [text] * len(keys)
    assert (read.watchlist.name, read.watchlist.description, stock_read.tags) == (text, text, (text,))
    again = parse_list_file(HERE, as_toml(read.watchlist))
    assert again.watchlist.stocks[0].note == text
    symbol = parse_symbol("NVDA")
    done = edit(HERE, "symbols = ['NVDA']", (SetStockKey(symbol, "note", text),))
    assert done.watchlist.stocks[0].note == text


@pytest.mark.parametrize(
    "bad", ["\\u001b[31m", "\\t", "\\n", "\\u0000", "\\u0085", "\\u2028", "\\u202e", "\\u2066", "\\u007f"]
)
def test_a_bad_text_costs_that_text_and_no_more(bad: str, tmp_path: Path) -> None:
    text = (
        f'description = "x{bad}y"\nname = "x{bad}y"\n[[stock]]\nsymbol = "NVDA"\n'
        f'note = "x{bad}y"\nrole = "Chips"\nname = "a{bad}"\ntags = ["a{bad}", "b"]\nquantity = 3\n'
    )
    path = tmp_path / "my_picks.toml"
    path.write_text(text, encoding="utf-8")
    folder = read_watchlists(tmp_path)
    [watchlist] = folder.lists
    assert [problem.line for problem in folder.problems] == [1, 2, 5, 7, 8]
    assert all("control character" in problem.what for problem in folder.problems)
    assert (watchlist.name, watchlist.description) == ("My picks", "")
    [stock] = watchlist.stocks
    assert (stock.note, stock.role, stock.name, stock.tags, stock.quantity) == ("", "Chips", "NVDA", ("b",), 3)
    loaded = ListFolders(tmp_path / "none", tmp_path, folder.lists).read()
    assert (loaded.kept, len(loaded.lists), len(loaded.problems)) == (frozenset(), 1, 5)


def test_a_note_of_a_wrong_type_costs_the_note() -> None:
    read = parse_list_file(HERE, "[[stock]]\nsymbol = 'NVDA'\nnote = 5\n")
    assert [f"{slip.line}: {slip.what}" for slip in read.slips] == ["3: 'note' must be text in quotes, not 5"]
    assert read.watchlist.stocks[0].note == ""


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ('name = ""\nsymbols = ["NVDA"]', "1: 'name' is empty"),
        ('name = " \u3000"\nsymbols = ["NVDA"]', "1: 'name' is empty"),
        ('name = 5\nsymbols = ["NVDA"]', "1: 'name' must be text in quotes, not 5"),
        ('[[stock]]\nsymbol = "NVDA"\nname = ""', "3: 'name' is empty"),
        ('symbols = [\n"NVDA",\n600519]', "3: 600519 is no symbol: write it in quotes"),
        ('symbols = [\ntrue, "NVDA"]', "2: True is no symbol: write it in quotes"),
        ('symbols = [["AMD"],\n"NVDA"]', "1: ['AMD'] is no symbol: write it in quotes"),
    ],
)
def test_a_name_or_a_symbol_that_is_none_costs_itself(text: str, slip: str) -> None:
    read = parse_list_file(HERE, text)
    assert [f"{each.line}: {each.what}" for each in read.slips] == [slip]
    assert read.watchlist.name == "My picks"
    assert [(str(stock.symbol), stock.name) for stock in read.watchlist.stocks] == [("NVDA", "NVDA")]


def test_a_list_with_a_bad_note_can_be_edited_but_none_is_written_into_it() -> None:
    text = '[[stock]]\nsymbol = "NVDA"\nnote = "a\\u0007"\n[[stock]]\nsymbol = "AMD"\n'
    amd = parse_symbol("AMD")
    assert edit(HERE, text, (SetStockKey(amd, "note", "fine"),)).watchlist.stocks[1].note == "fine"
    with pytest.raises(EditError, match="'note' has a control character in it"):
        edit(HERE, text, (SetStockKey(amd, "note", "a\x07"),))
