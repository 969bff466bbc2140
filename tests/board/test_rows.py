"""Order, filter and the cursor's symbol."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aiwatch.board.columns import BY_KEY
from aiwatch.board.rows import Rows, in_order, ordered, shown_name
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol
from tests.board.fixtures import quote, stock

STOCKS = [
    stock("002837.SZ", "Envicool", "英维克", role="liquid cooling", printed_as="Invic"),
    stock("NVDA", "NVIDIA", "英伟达", role="chips"),
    stock("0700.HK", "Tencent", "腾讯控股", role="cloud"),
    stock("600487.SS", "Hengtong", "亨通光电", role="cables"),
    stock("SIE.DE", "Siemens", role="power"),
]
QUOTES: dict[Symbol, Quote] = {
    said.symbol: said
    for said in (
        quote("002837.SZ", 63.82, 58.02, seconds=1, volume=9, turnover=2.0),
        quote("NVDA", 178.88, 180.64, seconds=9, volume=10),
        quote("0700.HK", 623.5, 618.0, seconds=5, volume=100),
        quote("600487.SS", 17.12, 17.12, seconds=7, trading=Trading.SUSPENDED),
    )
}


def order(key: str, reverse: bool = False, names: str = "english") -> list[str]:
    """The codes of STOCKS as sorted."""
    listed = ordered(STOCKS, key, reverse, names, QUOTES, lambda symbol: (1.0, 2.0) if symbol.text == "NVDA" else ())
    return [one.symbol.code for one in listed]


def test_no_key_is_the_file_s_order() -> None:
    assert order("") == ["002837", "NVDA", "0700", "600487", "SIE"]


def test_numbers_sort_as_numbers() -> None:
    assert order("volume") == ["002837", "NVDA", "0700", "600487", "SIE"]
    assert order("last") == ["600487", "002837", "NVDA", "0700", "SIE"]


@pytest.mark.parametrize("reverse", [False, True])
def test_what_is_missing_stands_last_either_way_in_the_file_s_order(reverse: bool) -> None:
    assert order("change_percent", reverse)[-2:] == ["600487", "SIE"]
    assert order("change_percent", True)[:3] == ["002837", "0700", "NVDA"]
    assert order("turnover", reverse) == ["002837", "NVDA", "0700", "600487", "SIE"]


def test_rows_alike_in_one_column_stand_by_the_next_and_missing_ones_last_in_each() -> None:
    held = {
        said.symbol: said
        for said in (
            quote("NVDA", 110.0, 100.0, volume=1),
            quote("0700.HK", 110.0, 100.0, volume=7),
            quote("002837.SZ", 120.0, 100.0, volume=3),
            quote("600487.SS", 110.0, 100.0),
        )
    }

    def listed(*order: tuple[str, bool]) -> list[str]:
        return [one.symbol.code for one in in_order(STOCKS, order, "english", held, lambda symbol: ())]

    assert listed(("change_percent", True), ("volume", True)) == ["002837", "0700", "NVDA", "600487", "SIE"]
    assert listed(("change_percent", True), ("volume", False)) == ["002837", "NVDA", "0700", "600487", "SIE"]
    assert listed(("change_percent", False), ("role", False), ("volume", True))[:3] == ["600487", "NVDA", "0700"]
    assert listed() == order("")


def test_texts_and_ages() -> None:
    assert order("symbol")[0] == "002837"
    assert order("name") == ["002837", "600487", "NVDA", "SIE", "0700"]
    assert order("name", names="chinese")[0] == "SIE"
    assert order("age") == ["002837", "0700", "600487", "NVDA", "SIE"]
    assert order("day")[0] == "NVDA"


@pytest.mark.parametrize("key", list(BY_KEY))
@pytest.mark.parametrize("reverse", [False, True])
def test_every_column_sorts_and_loses_no_row(key: str, reverse: bool) -> None:
    assert sorted(order(key, reverse)) == sorted(order(""))


def test_names_fall_back_and_hold_no_control_characters() -> None:
    assert shown_name(STOCKS[0], "chinese") == "英维克"
    assert shown_name(STOCKS[4], "chinese") == "Siemens"
    assert shown_name(stock("NVDA", "NVI\x1b[31mDIA"), "english") == "NVI[31mDIA"


def arranged(rows: Rows, filter_text: str = "", key: str = "", reverse: bool = False) -> bool:
    """Arrange ``rows`` by QUOTES, those with ``filter_text`` in their names."""
    order = ((key, reverse),) if key else ()
    return rows.arrange(lambda one: filter_text in one.name.casefold(), order, "english", QUOTES, lambda symbol: ())


def test_cursor_stays_with_its_symbol() -> None:
    rows = Rows()
    rows.hold(STOCKS)
    arranged(rows)
    assert rows.cursor == 0
    assert rows.move_to(2)
    assert arranged(rows, key="change_percent", reverse=True)
    assert str(rows.current) == "0700.HK"
    assert rows.cursor == 1


def test_cursor_takes_its_row_when_its_symbol_goes() -> None:
    rows = Rows()
    rows.hold(STOCKS)
    arranged(rows)
    rows.move_to(4)
    arranged(rows, "i")
    arranged(rows, "nvidia")
    assert str(rows.current) == "NVDA"
    arranged(rows, "nothing")
    assert rows.current is None
    assert not rows.move_to(3)


def test_cursor_begins_anew_in_another_list_and_each_symbol_stands_once() -> None:
    rows = Rows()
    rows.hold(STOCKS[:3])
    arranged(rows)
    rows.move_to(2)
    rows.hold([*STOCKS[3:], STOCKS[3]])
    arranged(rows)
    assert rows.cursor == 0
    assert [one.symbol.code for one in rows.shown] == ["600487", "SIE"]


def test_moving_past_an_end_stops_there() -> None:
    rows = Rows()
    rows.hold(STOCKS)
    arranged(rows)
    assert not rows.move_to(-5)
    assert rows.move_to(99)
    assert rows.cursor == 4


def test_a_stock_that_nobody_names_has_the_name_of_the_source() -> None:
    named = stock("NVDA", "NVDA")
    nameless = replace(named, is_named=False)
    said = quote("NVDA", 178.88, 180.64, name="NVIDIA Corporation")
    assert shown_name(nameless, "english", said) == "NVIDIA Corporation"
    assert shown_name(nameless, "english") == shown_name(named, "english", said) == "NVDA"
