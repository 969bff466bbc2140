"""Plain lists and TradingView's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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
    assert problems(imported) == ["1: 'BINANCE:BTCUSDT' is a crypto-currency, which no source of aiwatch prices"]


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
    [one] = read(between.join(codes), "x.txt").lists
    assert [stock.symbol for stock in one.stocks] == list(map(parse_symbol, codes))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    imported = read(text, "x.txt", kind="txt")
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in imported.problems)
