"""Watchlist files: what is read, what is refused, and that one bad file does not hide the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.board.columns import BY_KEY
from aiwatch.errors import FileError
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import AlertRules
from aiwatch.watchlist.reader import line_of, parse_watchlist, read_watchlist, read_watchlists

GOOD = """\
name = "Power"
description = "Turbines."

[[stock]]
symbol = "002595.SZ"
name = "Himile"
name_zh = "豪迈科技"
role = "Castings"
printed_as = "Homag Technology"

[[stock]]
symbol = "NVDA"
name = "NVIDIA"
"""
HEAD = 'name = "A"\ndescription = "B"\n'


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(FileError) as caught:
        read_watchlist(_write(folder, "list.toml", text), columns=BY_KEY)
    return [f"{problem.line}: {problem.what}" for problem in caught.value.problems]


def test_a_list_is_read_with_its_stocks_in_their_order(tmp_path: Path) -> None:
    watchlist = read_watchlist(_write(tmp_path, "power.toml", GOOD))
    assert (watchlist.key, watchlist.name, watchlist.description) == ("power", "Power", "Turbines.")
    assert watchlist.order is None
    himile, nvidia = watchlist.stocks
    assert himile.symbol.text == "002595.SZ"
    assert (himile.name, himile.name_zh, himile.role) == ("Himile", "豪迈科技", "Castings")
    assert himile.printed_as == "Homag Technology"
    assert (nvidia.symbol.text, nvidia.name_zh, nvidia.role, nvidia.printed_as) == ("NVDA", "", "", "")


@pytest.mark.parametrize(
    ("text", "symbols", "line"),
    [
        (GOOD, ("002595.SZ",), 4),
        (GOOD, ("NVDA",), 11),
        (GOOD, ("NVDA", "002595.SZ"), 4),
        (GOOD, ("AMD",), 1),
        (GOOD, (), 1),
        ('symbols = [\n  "NVDA",\n  "hk700", # Tencent\n]\n', ("0700.HK",), 3),
        ('symbols = ["AMD"]\n[[stock]]\nsymbol = "NVDA"\n', ("NVDA",), 2),
        ('symbols = ["AMD", "?"]\n\n[[stock]]\nsymbol = "NVDA"\nwrong = 1\n', ("NVDA",), 3),
        ("symbols = [", ("NVDA",), 1),
    ],
)
def test_the_line_of_a_stock_is_found_when_somebody_asks(
    tmp_path: Path, text: str, symbols: tuple[str, ...], line: int
) -> None:
    assert line_of(_write(tmp_path, "list.toml", text), [parse_symbol(symbol) for symbol in symbols]) == line


def test_a_file_that_is_gone_has_its_first_line(tmp_path: Path) -> None:
    assert line_of(tmp_path / "gone.toml", [parse_symbol("NVDA")]) == 1


def test_an_empty_list_is_allowed(tmp_path: Path) -> None:
    assert read_watchlist(_write(tmp_path, "mine.toml", HEAD)).stocks == ()
    assert read_watchlist(_write(tmp_path, "mine.toml", HEAD + "stock = []\n")).stocks == ()


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ['1: there is nothing in the file: write symbols = ["NVDA", "600519.SS"], or a [[stock]]']),
        (HEAD + "ordr = 1\n", ["3: unknown key 'ordr', did you mean 'order'?"]),
        (HEAD + 'order = "first"\n', ["3: 'order' must be a whole number, not 'first'"]),
        (HEAD + "[[stocks]]\nsymbol = 'NVDA'\n", ["3: unknown key 'stocks', did you mean 'stock'?"]),
        (HEAD + "[stock]\nsymbol = 'NVDA'\n", ["3: 'stock' must be written as [[stock]] tables"]),
        (HEAD + "[[stock]]\nname = 'NVIDIA'\n", ["3: 'symbol' is missing"]),
        (
            HEAD + "[[stock]]\nsymbol = 'NVDA'\nname = 'x'\nnam_zh = 'y'\n",
            ["6: unknown key 'nam_zh', did you mean 'name_zh'?"],
        ),
        (HEAD + "[[stock]]\nsymbol = 700\nname = 'x'\n", ["4: 'symbol' must be text in quotes, not 700"]),
        (HEAD + "order = 1 2\n", ["3: Expected newline or end of document after a statement"]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, problems: list[str]) -> None:
    assert _problems(tmp_path, text) == problems


@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        ("2837.SZ", "the code before .SZ has six digits"),
        ("RELIANCE.XYZ", "no exchange with the suffix .XYZ"),
        ("NV DA", "is not known"),
    ],
)
def test_a_symbol_that_cannot_be_is_told_with_the_forms_that_can(tmp_path: Path, symbol: str, words: str) -> None:
    [problem] = _problems(tmp_path, f"{HEAD}[[stock]]\nname = 'x'\nsymbol = '{symbol}'\n")
    assert problem.startswith(f"5: symbol {symbol!r}")
    assert words in problem
    assert "write it as Yahoo does (002837.SZ, 600519.SS, 0700.HK, NVDA, BRK-B, 9984.T" in problem


def test_symbols_may_stand_in_the_forms_people_write(tmp_path: Path) -> None:
    forms = ("sz002837", "600519.SH", "00700", "brk b", "NASDAQ:NVDA")
    stocks = "".join(f"[[stock]]\nname = 'x'\nsymbol = '{form}'\n" for form in forms)
    watchlist = read_watchlist(_write(tmp_path, "list.toml", HEAD + stocks))
    assert [stock.symbol.text for stock in watchlist.stocks] == ["002837.SZ", "600519.SS", "0700.HK", "BRK-B", "NVDA"]


def test_a_symbol_that_may_be_two_is_explained_at_its_line(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, f"{HEAD}[[stock]]\nname = 'x'\nsymbol = '000001'\n")
    assert problem == (
        "5: symbol '000001' may be 000001.SZ, a share in Shenzhen, or 000001.SS, the SSE Composite index; "
        "write 000001.SZ or sz000001 for the share, 000001.SS or sh000001 for the index"
    )


def test_a_symbol_given_twice_in_two_forms_is_told(tmp_path: Path) -> None:
    again = GOOD + "\n[[stock]]\nname = 'again'\nsymbol = 'sz002595'\n"
    assert _problems(tmp_path, again) == ["17: symbol '002595.SZ' is already in this list, at line 5"]


def test_a_symbol_given_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    again = GOOD + "\n[[stock]]\nname = 'again'\nsymbol = '002595.SZ'\n"
    assert _problems(tmp_path, again) == ["17: symbol '002595.SZ' is already in this list, at line 5"]


def test_a_symbol_given_twice_in_one_line_is_told_too(tmp_path: Path) -> None:
    inline = HEAD + "stock = [{ symbol = 'NVDA', name = 'a' }, { symbol = 'NVDA', name = 'b' }]\n"
    assert _problems(tmp_path, inline) == ["3: symbol 'NVDA' is already in this list, at line 3"]


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = "nme = 'A'\ndescription = 'B'\n[[stock]]\nsymbol = '-'\n[[stock]]\nsymbol = 'NVDA'\nname = 1\n"
    assert [problem.split(":")[0] for problem in _problems(tmp_path, text)] == ["1", "4", "7"], "slips among them"


def test_a_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    _write(tmp_path, "b.toml", HEAD)
    _write(tmp_path, "a.toml", HEAD)
    _write(tmp_path, "bad.toml", "order = 'x'\n")
    _write(tmp_path, "worse.toml", "[[[")
    _write(tmp_path, "notes.txt", "no list")
    _write(tmp_path, ".hidden.toml", "no list")
    folder = read_watchlists(tmp_path)
    assert [watchlist.key for watchlist in folder.lists] == ["a", "b"]
    assert {problem.path.name for problem in folder.problems} == {"bad.toml", "worse.toml"}


def test_order_goes_before_file_name(tmp_path: Path) -> None:
    for name, order in (("a", ""), ("b", "order = 2"), ("c", "order = -1"), ("d", ""), ("e", "order = 2")):
        _write(tmp_path, f"{name}.toml", f"{HEAD}{order}\n")
    assert [watchlist.key for watchlist in read_watchlists(tmp_path).lists] == ["c", "b", "e", "a", "d"]


def test_a_later_folder_takes_the_place_of_an_earlier_one_unless_its_file_is_bad(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    shipped.mkdir()
    own.mkdir()
    for key in ("power", "chips"):
        _write(shipped, f"{key}.toml", 'name = "shipped"\ndescription = "x"\n')
    _write(own, "power.toml", 'name = "own"\ndescription = "x"\n')
    _write(own, "chips.toml", "oops")
    folder = read_watchlists(shipped, own)
    assert {watchlist.key: watchlist.name for watchlist in folder.lists} == {"power": "own", "chips": "shipped"}
    assert [problem.path for problem in folder.problems] == [own / "chips.toml"]


def test_a_folder_that_is_not_there_is_empty_and_one_that_is_none_is_told(tmp_path: Path) -> None:
    assert read_watchlists(tmp_path / "absent").lists == ()
    assert read_watchlists(tmp_path / "absent").problems == ()
    path = _write(tmp_path, "file", "")
    [problem] = read_watchlists(path).problems
    assert str(problem) == f"{path}:1: cannot be listed: Not a directory"


def test_a_list_is_found_by_key_or_tab_name(tmp_path: Path) -> None:
    _write(tmp_path, "power.toml", GOOD)
    _write(tmp_path, "mine.toml", 'name = "My Stocks"\ndescription = "x"\n')
    folder = read_watchlists(tmp_path)
    for key, result in (("power", "power"), ("POWER", "power"), ("my stocks", "mine"), ("Mine", "mine")):
        watchlist = folder.find(key)
        assert watchlist is not None
        assert watchlist.key == result
    assert folder.find("absent") is None


FULL = (
    HEAD
    + """\
benchmark = "sh000300"
columns = ["name", "last", "gain_percent"]

[[stock]]
symbol = "002595.SZ"
name = "Himile"
note = "half-year report"
tags = ["turbines", "exports"]
quantity = -300
cost = 0
alerts = { above = 70, below = 50.5, change_percent = 5, limit = true, volume_ratio = 3 }

[[stock]]
symbol = "NVDA"
name = "NVIDIA"
quantity = 12.5

[stock.alerts]
limit = true
"""
)


def test_positions_alerts_tags_notes_columns_and_a_benchmark_are_read(tmp_path: Path) -> None:
    watchlist = read_watchlist(_write(tmp_path, "list.toml", FULL))
    assert str(watchlist.benchmark) == "000300.SS"
    assert watchlist.columns == ("name", "last", "gain_percent")
    himile, nvidia = watchlist.stocks
    assert (himile.note, himile.tags) == ("half-year report", ("turbines", "exports"))
    assert (himile.quantity, himile.cost) == (-300, 0)
    assert himile.alerts == AlertRules(above=70, below=50.5, change_percent=5, limit=True, volume_ratio=3)
    assert (nvidia.quantity, nvidia.cost, nvidia.alerts) == (12.5, None, AlertRules(limit=True))


def test_what_is_not_given_is_nothing(tmp_path: Path) -> None:
    watchlist = read_watchlist(_write(tmp_path, "power.toml", GOOD))
    assert (watchlist.benchmark, watchlist.columns) == (None, ())
    for stock in watchlist.stocks:
        assert (stock.note, stock.tags, stock.quantity, stock.cost, stock.alerts) == ("", (), None, None, None)


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("quantity = 0", "6: 'quantity' must not be 0: leave the key out"),
        ("quantity = '3'", "6: 'quantity' must be a number, not '3'"),
        ("quantity = nan", "6: 'quantity' must be a number, not nan"),
        (f"quantity = 1{'0' * 400}", f"6: 'quantity' must be a number, not 1{'0' * 38}…"),
        ("cost = -1", "6: 'cost' must be at least 0, not -1"),
        ("cost = true", "6: 'cost' must be a number, not True"),
        ("tags = 'pumps'", "6: 'tags' must be a list of texts, not 'pumps'"),
        ("tags = ['a', 1]", "6: 'tags' must be a list of texts"),
        ("tags = ['a', 'b', 'a']", "6: 'tags' has 'a' twice"),
        ("tags = ['a', ' ']", "6: 'tags' has an empty text in it"),
        ("alerts = true", "6: 'alerts' must be a table: { … }, not True"),
        ("alerts = { abov = 3 }", "6: unknown key 'abov', did you mean 'above'?"),
        ("alerts = { above = 0 }", "6: 'above' must be more than 0, not 0"),
        ("alerts = { change_percent = -5 }", "6: 'change_percent' must be more than 0, not -5"),
        ("alerts = { limit = 1 }", "6: 'limit' must be true or false, not 1"),
        (
            "alerts = { below = 70, above = 50.5 }",
            "6: 'above' is 50.5 and 'below' 70: 'above' must be the greater one",
        ),
        ("[stock.alerts]\n\nvolume_ratoi = 2", "8: unknown key 'volume_ratoi', did you mean 'volume_ratio'?"),
        ("alerts.limit = true\nalerts.abov = 3", "7: unknown key 'abov', did you mean 'above'?"),
    ],
)
def test_a_wrong_key_of_a_stock_is_told_with_its_line(tmp_path: Path, key: str, problem: str) -> None:
    assert _problems(tmp_path, f"{HEAD}[[stock]]\nsymbol = 'NVDA'\nname = 'x'\n{key}\n") == [problem]


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("columns = ['name', 'turnovr']", "3: unknown column 'turnovr', did you mean 'turnover'?"),
        ("columns = ['name', 'name']", "3: 'columns' has 'name' twice"),
        ("columns = 'name'", "3: 'columns' must be a list of texts, not 'name'"),
        ("benchmark = 300", "3: 'benchmark' must be text in quotes, not 300"),
        ("benchmark = ''", "3: 'benchmark' is empty"),
    ],
)
def test_a_wrong_key_of_the_list_is_told_with_its_line(tmp_path: Path, key: str, problem: str) -> None:
    assert _problems(tmp_path, f"{HEAD}{key}\n") == [problem]


def test_a_benchmark_that_may_be_two_things_is_explained(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, f"{HEAD}benchmark = '000001'\n")
    assert problem.startswith("3: symbol '000001' may be 000001.SZ, a share in Shenzhen, or 000001.SS")


def test_a_text_is_read_as_the_file_it_would_be(tmp_path: Path) -> None:
    path = tmp_path / "power.toml"
    assert parse_watchlist(path, GOOD) == read_watchlist(_write(tmp_path, "power.toml", GOOD))
    with pytest.raises(FileError, match=f"{path}:1: unknown key 'nam', did you mean 'name'"):
        parse_watchlist(path, "nam = 'x'\n")
