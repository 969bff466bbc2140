"""Edits of a watchlist's text: what changes, and that nothing else does."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.errors import EditError, FileError
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.watchlist import AlertRules, Stock
from aiwatch.watchlist.editing.edits import (
    AddStock,
    Edit,
    PlaceStock,
    RemoveStock,
    SetListKey,
    SetStockKey,
    ShiftStocks,
    edit,
    words_of,
)
from aiwatch.watchlist.editing.source_text import Sheet

HERE = Path("list.toml")
TEXT = """\
#:schema ./watchlist.schema.json
# My list.
name = 'Mine'   # its tab
description = "Pumps."

# ---- pumps ----

# Dayuan: ask about margins
[[stock]]
symbol = "603757.SS" # Shanghai
name = "Dayuan"
tags = [
  "pumps", # first of all
  "a-share",
]
# cost = 20

[[stock]]
  symbol = 'NVDA'
  name = 'NVIDIA'
  alerts = { above = 70 } # soon

# ---- others ----

[[stock]]
symbol = "AMD"
name = "AMD"
[stock.alerts]
above = 3 # low
# below = 1

# the end
"""


def after(*edits: Edit, text: str = TEXT) -> str:
    return edit(HERE, text, edits).text


def changed(*edits: Edit, text: str = TEXT) -> list[str]:
    """The lines taken out of ``text`` and put into it by ``edits``."""
    lines = difflib.ndiff(text.splitlines(keepends=True), after(*edits, text=text).splitlines(keepends=True))
    return [line.rstrip("\n") for line in lines if line[0] in "+-"]


NVDA, AMD, DAYUAN, NEW = map(parse_symbol, ("NVDA", "AMD", "603757.SS", "0700.HK"))
TENCENT = Stock(NEW, "Tencent", name_zh="腾讯控股")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n", "# x"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_taken_apart_and_put_together_a_file_is_the_same(newline: str, end: str, mark: str) -> None:
    text = mark + (TEXT.rstrip("\n") + end).replace("\n", newline)
    sheet = Sheet.read(HERE, text)
    assert sheet.text == text
    assert sheet.symbols == [DAYUAN, NVDA, AMD]


@pytest.mark.parametrize("path", sorted(bundled("watchlists").glob("*.toml")), ids=lambda path: path.stem)
def test_the_bundled_lists_too(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert Sheet.read(path, text).text == text


def test_a_stocks_comments_are_those_right_above_its_head_and_right_below_its_keys() -> None:
    sheet = Sheet.read(HERE, TEXT)
    owned = {str(block.symbol): [line.strip() for line in block.lines if "#" in line] for block in sheet.blocks}
    assert owned["603757.SS"][0] == "# Dayuan: ask about margins"
    assert owned["603757.SS"][-1] == "# cost = 20"
    assert owned["AMD"] == ["above = 3 # low", "# below = 1"]
    assert [block.lines for block in sheet.blocks if block.symbol is None] == [
        ["# ---- others ----\n"],
        ["# the end\n"],
    ]


def test_a_stock_is_added_at_the_end() -> None:
    assert changed(AddStock(TENCENT)) == [
        "+ [[stock]]",
        '+ symbol = "0700.HK"',
        '+ name = "Tencent"',
        '+ name_zh = "腾讯控股"',
        "+ ",
    ]
    new = after(AddStock(TENCENT))
    assert new.index("# below = 1") < new.index("0700.HK") < new.index("# the end")


@pytest.mark.parametrize("at", [0, 1, 2, 3, 99])
def test_a_stock_is_added_at_its_place(at: int) -> None:
    edited = edit(HERE, TEXT, [AddStock(TENCENT, at)])
    assert [stock.symbol for stock in edited.watchlist.stocks].index(NEW) == min(at, 3)
    assert sum(line.startswith("- ") for line in changed(AddStock(TENCENT, at))) == 0
    assert edit(HERE, edited.text, edited.inverse).text == TEXT


def test_everything_a_stock_can_have_is_written() -> None:
    rules = AlertRules(above=70.0, below=50.5, limit=True)
    whole = Stock(NEW, 'The "T"', "腾", "role", "printed", "note\\", ("a", "b"), -3.0, 0.5, rules)
    edited = edit(HERE, TEXT, [AddStock(whole, 0)])
    [written] = [stock for stock in edited.watchlist.stocks if stock.symbol == NEW]
    assert "quantity = -3\ncost = 0.5\nalerts = { above = 70, below = 50.5, limit = true }\n" in edited.text
    assert (written.name, written.note, written.tags, written.alerts) == (whole.name, whole.note, whole.tags, rules)


def test_the_first_stock_of_an_empty_list() -> None:
    head = "name = 'A'\ndescription = 'B'\n"
    for empty in (head, head + "stock = [] # none yet\n", head + "\n# nothing\n"):
        new = after(AddStock(TENCENT), text=empty)
        assert new.startswith(head)
        assert new.endswith('\n\n[[stock]]\nsymbol = "0700.HK"\nname = "Tencent"\nname_zh = "腾讯控股"\n')
        assert ("# none yet" in new) == ("# none yet" in empty)


def test_a_stock_that_is_there_is_not_added_again() -> None:
    with pytest.raises(EditError, match="NVDA is in this list already"):
        after(AddStock(Stock(NVDA, "x")))


def test_a_stock_goes_with_its_comments_and_no_others() -> None:
    assert changed(RemoveStock(DAYUAN)) == [
        "- ",
        "- # Dayuan: ask about margins",
        "- [[stock]]",
        '- symbol = "603757.SS" # Shanghai',
        '- name = "Dayuan"',
        "- tags = [",
        '-   "pumps", # first of all',
        '-   "a-share",',
        "- ]",
        "- # cost = 20",
    ]
    assert [line for line in changed(RemoveStock(AMD)) if "#" in line] == ["- above = 3 # low", "- # below = 1"]
    with pytest.raises(EditError, match=r"0700\.HK is not in this list any more"):
        after(RemoveStock(NEW))


def test_comments_that_stand_by_themselves_never_become_a_stocks() -> None:
    text = "name = 'A'\ndescription = 'B'\n" + "".join(
        f"{gap}[[stock]]\nsymbol = '{code}'\nname = 'x'\n"
        for gap, code in (("\n", "A"), ("\n# by itself\n\n", "B"), ("", "C"))
    )
    new = after(RemoveStock(parse_symbol("B")), text=text)
    assert new.endswith("# by itself\n\n[[stock]]\nsymbol = 'C'\nname = 'x'\n")
    dense = text.replace("\n\n[[", "\n[[").replace("\n# by itself", "# by itself")
    ends_with_comment = dense.replace("symbol = 'B'\nname = 'x'\n", "symbol = 'B'\nname = 'x'\n# of B\n\n")
    moved = after(PlaceStock(parse_symbol("B"), to=0), text=ends_with_comment)
    assert Sheet.read(HERE, moved).stock(parse_symbol("B")).lines[-1] == "# of B\n"


@pytest.mark.parametrize(("edits", "order"), [
    ([PlaceStock(NVDA, by=-1)], "NVDA 603757.SS AMD"),
    ([PlaceStock(NVDA, by=1)], "603757.SS AMD NVDA"),
    ([PlaceStock(DAYUAN, by=1)], "NVDA 603757.SS AMD"),
    ([PlaceStock(DAYUAN, by=99)], "NVDA AMD 603757.SS"),
    ([PlaceStock(AMD, to=0)], "AMD 603757.SS NVDA"),
    ([PlaceStock(AMD, by=1)], "603757.SS NVDA AMD"),
    ([PlaceStock(AMD, by=-1), PlaceStock(DAYUAN, by=1)], "AMD 603757.SS NVDA"),
])  # fmt: skip
def test_a_stock_moves_with_its_comments(edits: list[Edit], order: str) -> None:
    edited = edit(HERE, TEXT, edits)
    assert " ".join(stock.symbol.text for stock in edited.watchlist.stocks) == order
    assert sorted(filter(str.strip, edited.text.splitlines())) == sorted(filter(str.strip, TEXT.splitlines()))
    before, now = Sheet.read(HERE, TEXT), Sheet.read(HERE, edited.text)
    for symbol in before.symbols:
        assert now.stock(symbol).lines == before.stock(symbol).lines
    assert edit(HERE, edited.text, edited.inverse).watchlist.stocks[0].symbol == DAYUAN


@pytest.mark.parametrize(("symbols", "by", "order"), [
    ((NVDA,), -1, "NVDA 603757.SS AMD"),
    ((DAYUAN,), -1, "603757.SS NVDA AMD"),
    ((DAYUAN, NVDA), -1, "603757.SS NVDA AMD"),
    ((NVDA, AMD), -1, "NVDA AMD 603757.SS"),
    ((DAYUAN, AMD), -1, "603757.SS AMD NVDA"),
    ((DAYUAN, AMD), 1, "NVDA 603757.SS AMD"),
    ((NVDA, DAYUAN), 1, "AMD 603757.SS NVDA"),
    ((NVDA, AMD), 1, "603757.SS NVDA AMD"),
])  # fmt: skip
def test_several_stocks_move_side_by_side_and_do_not_pass_each_other(
    symbols: tuple[Symbol, ...], by: int, order: str
) -> None:
    edited = edit(HERE, TEXT, [ShiftStocks(symbols, by)])
    assert " ".join(stock.symbol.text for stock in edited.watchlist.stocks) == order
    back = edit(HERE, edited.text, edited.inverse)
    assert [stock.symbol for stock in back.watchlist.stocks] == [DAYUAN, NVDA, AMD]


def test_a_stock_that_rises_past_another_leaves_that_one_under_its_heading() -> None:
    new = after(PlaceStock(AMD, by=-1))
    assert new.index("AMD") < new.index("NVDA") < new.index("# ---- others ----")
    assert changed(PlaceStock(AMD, by=1)) == []


def test_a_list_without_space_between_stocks_gets_none() -> None:
    text = "name = 'A'\ndescription = 'B'\n" + "".join(f"[[stock]]\nsymbol = '{c}'\nname = 'x'\n" for c in "ABC")
    for edits in ([AddStock(TENCENT, 1)], [PlaceStock(parse_symbol("C"), to=0)], [RemoveStock(parse_symbol("A"))]):
        assert "\n\n" not in after(*edits, text=text)


def test_a_comment_above_the_first_stock_does_not_become_a_new_ones() -> None:
    stocks = "".join(f"[[stock]]\nsymbol = '{code}'\nname = 'x'\n" for code in "ABC")
    new = after(AddStock(TENCENT, 0), text=f"name = 'A'\ndescription = 'B'\n# of the list\n\n{stocks}")
    assert Sheet.read(HERE, new).preamble[-1] == "# of the list\n"


@pytest.mark.parametrize(("item", "lines"), [
    (SetStockKey(DAYUAN, "name", "Dayuan Pump"), ['- name = "Dayuan"', '+ name = "Dayuan Pump"']),
    (SetStockKey(NVDA, "name", "NVIDIA Corp"), ["-   name = 'NVIDIA'", "+   name = 'NVIDIA Corp'"]),
    (SetStockKey(NVDA, "name", "N'V"), ["-   name = 'NVIDIA'", '+   name = "N\'V"']),
    (SetStockKey(NVDA, "note", "hold"), ['+   note = "hold"']),
    (SetStockKey(DAYUAN, "cost", 20.5), ["+ cost = 20.5"]),
    (SetStockKey(AMD, "quantity", 12), ["+ quantity = 12"]),
    (SetStockKey(NVDA, "alerts", AlertRules(above=80, limit=True)),
     ["-   alerts = { above = 70 } # soon", "+   alerts = { above = 80, limit = true } # soon"]),
    (SetStockKey(NVDA, "alerts", None), ["-   alerts = { above = 70 } # soon", "+   # soon"]),
    (SetStockKey(DAYUAN, "alerts", {"below": 1.5}), ["+ alerts = { below = 1.5 }"]),
    (SetStockKey(AMD, "alerts", AlertRules(above=4, below=2, limit=True)),
     ["- above = 3 # low", "+ above = 4 # low", "+ below = 2", "+ limit = true"]),
    (SetStockKey(AMD, "alerts", None), ["- [stock.alerts]", "- above = 3 # low", "+ # low"]),
    (SetStockKey(DAYUAN, "tags", ("pumps",)),
     ["+ # first of all", "- tags = [", '-   "pumps", # first of all', '-   "a-share",', "- ]", '+ tags = ["pumps"]']),
    (SetStockKey(DAYUAN, "note", None), []),
    (SetListKey("name", "Yours"), ["- name = 'Mine'   # its tab", "+ name = 'Yours'   # its tab"]),
    (SetListKey("order", 3), ["+ order = 3"]),
    (SetListKey("columns", ["name", "last"]), ['+ columns = ["name", "last"]']),
])  # fmt: skip
def test_a_key_is_set_and_nothing_else_is_touched(item: Edit, lines: list[str]) -> None:
    assert sorted(line for line in changed(item) if not line.startswith("? ")) == sorted(lines)
    edited = edit(HERE, TEXT, [item])
    back = edit(HERE, edited.text, edited.inverse)
    assert _without_lines(back.watchlist.stocks) == _without_lines(edit(HERE, TEXT, []).watchlist.stocks)
    assert back.watchlist.name == "Mine"


def _without_lines(stocks: tuple[Stock, ...]) -> list[object]:
    return [
        (stock.symbol, stock.name, stock.note, stock.tags, stock.quantity, stock.cost, stock.alerts) for stock in stocks
    ]


def test_a_new_key_stands_where_its_kind_stands() -> None:
    new = after(SetStockKey(DAYUAN, "role", "Pumps"), SetStockKey(DAYUAN, "quantity", 1), SetStockKey(AMD, "note", "x"))
    lines = new.splitlines()
    assert lines[lines.index('name = "Dayuan"') + 1] == 'role = "Pumps"'
    assert lines[lines.index("# cost = 20") - 1] == "quantity = 1"
    assert lines[lines.index("[stock.alerts]") - 1] == 'note = "x"'


def test_alerts_written_key_by_key_stay_so() -> None:
    text = TEXT.replace("[stock.alerts]\nabove = 3", "alerts.above = 3")
    assert changed(SetStockKey(AMD, "alerts", {"above": 3, "limit": True}), text=text) == ["+ alerts.limit = true"]
    assert changed(SetStockKey(AMD, "alerts", {"volume_ratio": 3}), text=text) == [
        "- alerts.above = 3 # low",
        "+ # low",
        "+ alerts.volume_ratio = 3",
    ]
    second = text.replace("alerts.above = 3", "alerts.limit = true")
    assert changed(SetStockKey(AMD, "alerts", {"above": 3, "limit": True}), text=second) == ["+ alerts.above = 3"]


def test_line_breaks_stay_those_of_the_file() -> None:
    text = TEXT.replace("\n", "\r\n")
    for item in (AddStock(TENCENT, 1), SetStockKey(NVDA, "note", "x"), SetListKey("order", 1), PlaceStock(AMD, to=0)):
        new = after(item, text=text)
        assert new.count("\n") == new.count("\r\n") > 0


def test_a_last_line_without_a_line_break_stays_without() -> None:
    text = TEXT.rstrip("\n").removesuffix("# the end").rstrip("\n")
    new = after(PlaceStock(AMD, to=0), text=text)
    assert not new.endswith("\n")
    assert len(edit(HERE, new, []).watchlist.stocks) == 3


def test_what_would_make_the_list_bad_is_refused() -> None:
    with pytest.raises(EditError, match="'name' is empty"):
        after(SetListKey("name", " "))
    with pytest.raises(EditError, match="'quantity' must not be 0"):
        after(SetStockKey(NVDA, "quantity", 0))
    with pytest.raises(EditError, match="control character"):
        after(SetStockKey(NVDA, "note", "a\nb"))


def test_a_bad_file_is_left_alone() -> None:
    with pytest.raises(FileError, match=r"list\.toml:4: unknown key 'descriptio', did you mean 'description'"):
        after(RemoveStock(NVDA), text=TEXT.replace("description", "descriptio"))
    inline = "name = 'A'\ndescription = 'B'\nstock = [{ symbol = 'NVDA', name = 'x' }]\n"
    with pytest.raises(EditError, match=r"list\.toml:3: the stocks stand in brackets"):
        after(RemoveStock(NVDA), text=inline)


def test_edits_say_what_they_did() -> None:
    texts: list[tuple[list[Edit], str]] = [
        ([AddStock(TENCENT)], "added Tencent (0700.HK) to Mine"),
        ([RemoveStock(NVDA)], "removed NVIDIA (NVDA) from Mine"),
        ([RemoveStock(NVDA), RemoveStock(AMD)], "removed 2 stocks from Mine"),
        ([PlaceStock(NVDA, by=1)], "moved NVIDIA (NVDA) in Mine"),
        ([ShiftStocks((NVDA, AMD), 1)], "moved 2 stocks in Mine"),
        ([SetStockKey(AMD, "printed_as", "x")], "changed printed as of AMD (AMD)"),
        ([SetStockKey(AMD, "quantity", 1), SetStockKey(AMD, "cost", 1)], "changed quantity of AMD (AMD)"),
        ([SetListKey("name", "Yours")], "renamed Mine to Yours"),
        ([SetListKey("columns", None)], "changed columns of Mine"),
        ([SetListKey("order", 1), RemoveStock(NVDA)], "changed Mine"),
    ]
    before = edit(HERE, TEXT, []).watchlist
    for edits, words in texts:
        assert words_of(edits, before, edit(HERE, TEXT, edits).watchlist) == words


def test_a_stock_is_only_removed_as_it_was_seen() -> None:
    text = "".join(Sheet.read(HERE, TEXT).stock(NVDA).lines)
    assert after(RemoveStock(NVDA, text)) == after(RemoveStock(NVDA))
    with pytest.raises(EditError, match="NVDA was changed meanwhile"):
        after(RemoveStock(NVDA, text + "# x\n"))
