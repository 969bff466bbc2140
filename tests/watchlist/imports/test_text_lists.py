"""Plain lists and TradingView's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.errors import FileError
from aiwatch.market.symbol import parse_symbol
from tests.watchlist.imports.reading import lists, problems, read


def test_one_symbol_a_line_with_comments() -> None:
    imported = read("# mine\nNVDA\n\n  sz002837  # cooling\nbrk b\r\nNV DA\nnvda\n", "my_stocks.txt")
    assert imported.kind == "txt"
    assert lists(imported) == {"My stocks": ["NVDA", "002837.SZ", "BRK-B"]}
    assert problems(imported) == ["6: symbol 'NV DA' is not known", "7: NVDA is already in this list, at line 2"]


def test_symbols_between_commas() -> None:
    assert lists(read("NVDA, AMD;00700\t600519", "x")) == {"X": ["NVDA", "AMD", "0700.HK", "600519.SS"]}


def test_the_sections_of_tradingview_are_lists() -> None:
    text = "NASDAQ:NVDA,NYSE:BRK.B,###Asia,HKEX:700,SSE:600519,TSE:9984,###Coins,BINANCE:BTCUSDT,###Rates,FX:EURUSD\n"
    imported = read(text, "Watch-list.txt")
    assert lists(imported) == {
        "Watch list": ["NVDA", "BRK-B"],
        "Asia": ["0700.HK", "600519.SS", "9984.T"],
        "Rates": ["EURUSD=X"],
    }
    assert problems(imported) == ["1: 'BINANCE:BTCUSDT' is a crypto-currency in another spelling than Yahoo's"]


def test_a_section_may_have_a_line_of_its_own() -> None:
    text = "###Daily\nNASDAQ:GOOG, NASDAQ:MSFT\n\n### Weekly ###\nNASDAQ:META\n"
    assert lists(read(text, "x.txt")) == {"Daily": ["GOOG", "MSFT"], "Weekly": ["META"]}
    assert lists(read(text, "x.txt", name="Mine")) == {"Mine": ["GOOG", "MSFT", "META"]}


def test_nothing_comes_to_no_list() -> None:
    for text in ("", "\n", "# only a comment", ",,,", "###A,###B"):
        assert read(text, "x.txt").lists == ()


def test_control_characters_do_not_get_through() -> None:
    imported = read("###\x1b[31mRed\x07,NVDA,\x1b]0;x\x07", "x.txt")
    assert lists(imported) == {"[31mRed": ["NVDA"]}
    assert all(problem.what.isprintable() for problem in imported.problems)
    assert len(imported.problems) == 2


CODES = ("NVDA", "AMD", "0700.HK", "002837.SZ", "BRK-B", "9984.T", "^HSI", "CNY=X")


@given(st.lists(st.sampled_from(CODES), unique=True, min_size=1), st.sampled_from((",", "\n", ";", "\t", " ,\n")))
def test_symbols_come_out_in_their_order(codes: list[str], between: str) -> None:
    [item] = read(between.join(codes), "x.txt").lists
    assert [stock.symbol for stock in item.stocks] == list(map(parse_symbol, codes))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    imported = read(text, "x.txt", kind="txt")
    assert all(1 <= problem.line <= len(re.split("\r\n?|\n", text)) for problem in imported.problems)


def test_line_ends_of_every_kind_end_lines() -> None:
    for end in ("\n", "\r\n", "\r"):
        imported = read(f"NVDA{end}AMD{end}what is this{end}", "x.txt")
        assert lists(imported) == {"X": ["NVDA", "AMD"]}
        assert problems(imported) == ["3: symbol 'what is this' is not known"]


def test_how_to_write_symbols_is_said_once_and_only_where_that_is_what_is_wrong() -> None:
    imported = read("NVDA\nAMD\nnot one, nor that\nRIO.XX\n0700\nGOLD:XYZ\nES1!\nGC=F\nDE0007236101\n", "x.txt")
    assert imported.hint.startswith("write it as Yahoo does")
    assert not any("write it as Yahoo" in problem.what for problem in imported.problems)
    said = " ".join(problems(imported))
    for reason in ("the suffix .XX", "called 'GOLD'", "'0700' may be", "'ES1!' is a future", "an ISIN"):
        assert reason in said
    assert read("NVDA\nRIO.XX\n", "x.txt").hint == ""


@pytest.mark.parametrize(
    "text",
    [
        "# A title\n\nThis is a text about shares.\nIt has lines, and commas.\n\n    code = here\n",
        "A single sentence of some words, and then another part, a third part, one more part, and a last part, no",
        "import os\nimport sys\n\ndef main() -> None:\n    print('hello world')\n",
        "<html><body>\n<p>NVDA</p>\n</body></html>\n",
        "你好\n这是一个列表\nNVDA\n",
    ],
)
def test_what_is_mostly_no_symbols_is_no_list(text: str) -> None:
    with pytest.raises(FileError, match="most of it are no symbols") as caught:
        read(text, "README.md")
    assert "write it as Yahoo does" in caught.value.hint


def test_a_list_most_of_which_is_not_priced_is_a_list() -> None:
    text = "NVDA\nQQQQ.XX\nAAA.YY\nFOO:BAR\nBTC-USD\n0700\n"
    assert lists(read(text, "mine.txt")) == {"Mine": ["NVDA", "BTC-USD"]}


def test_more_than_anybody_keeps_is_left_out_with_a_word() -> None:
    many = read("".join(f"###A{at},NVDA," for at in range(501)), "x.txt")
    assert len(many.lists) == 500
    assert problems(many) == ["1: 501 lists: only the first 500 are kept"]
    long = read("".join(f"###A{at},NVDA,\n" for at in range(50_001)), "x.txt", name="All")
    assert lists(long) == {"All": ["NVDA"]}
    assert problems(long) == ["50001: more than 50,000 symbols: what follows is not kept"]
