"""Orders while they are chosen, and the rows they make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.board.cells import FilterContext
from aiwatch.board.columns import BY_KEY
from aiwatch.board.rows import (
    MOST_KEYS,
    Figures,
    Rows,
    added,
    in_order,
    placed,
    places,
    pressed,
    turned,
    without,
)
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from tests.board.fixtures import NOW, QUOTES, STOCKS, quote

KEYS = st.sampled_from(list(BY_KEY))
CONTEXT = FilterContext(QUOTES, lambda symbol: (1.0, 2.0) if symbol.text == "NVDA" else (), NOW)


def order(key: str, reverse: bool = False, names: str = "english") -> list[str]:
    """The codes of STOCKS as sorted."""
    listed = in_order(STOCKS, ((key, reverse),), CONTEXT._replace(names=names))
    return [item.symbol.code for item in listed]


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
        return [
            stock.symbol.code
            for stock in in_order(STOCKS, order, CONTEXT._replace(quotes=held, prices=lambda symbol: ()))
        ]

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


def test_an_order_grows_to_three_columns_and_then_its_last_changes() -> None:
    order = added((), "change_percent")
    assert order == (("change_percent", True),)
    order = added(added(order, "name"), "turnover")
    assert [key for key, _ in order] == ["change_percent", "name", "turnover"]
    assert added(order, "volume")[-1] == ("volume", True)
    assert added(order, "name")[1] == ("name", True), "a column that is in it is turned round"
    assert added((("", True),), "name") == (("name", False),), "the file's order gives way"


def test_a_column_takes_the_place_it_is_given() -> None:
    order = (("change_percent", True), ("name", False))
    assert placed(order, "turnover", 1) == (("turnover", True), *order)
    assert placed(order, "name", 1) == (("name", False), ("change_percent", True))
    assert placed(order, "turnover", 3) == (*order, ("turnover", True))
    assert placed((), "turnover", 3) == (("turnover", True),)


def test_a_column_is_turned_and_taken_out() -> None:
    order = (("change_percent", True), ("name", False))
    assert turned(order, "name") == (("change_percent", True), ("name", True))
    assert turned(order, "volume") == order
    assert without(order, "change_percent") == (("name", False),)
    assert without(order, "volume") == (("change_percent", True),)
    assert without((), "volume") == ()
    assert places(order) == {"change_percent": 1, "name": 2}


@given(st.lists(st.tuples(st.sampled_from([added, turned, without]), KEYS)))
def test_an_order_never_names_a_column_twice_nor_more_than_it_may(steps: list[tuple[object, str]]) -> None:
    order = ()
    for step, key in steps:
        order = step(order, key)  # type: ignore[operator]
        assert len(order) == len(dict(order)) <= MOST_KEYS


def test_the_title_of_a_column_sorts_by_it_turns_it_round_and_gives_the_file_s_order_back() -> None:
    order = pressed((("name", False), ("last", True)), "last")
    assert order == (("last", True),)
    assert pressed(order, "last") == (("last", False),)
    assert pressed((("last", False),), "last") == ()
    assert pressed((), "name") == (("name", False),), "texts begin with the first letter"
    with pytest.raises(KeyError):
        pressed((), "colour")


def test_a_figure_is_worked_out_once_a_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out: list[float] = []

    def last(said: Quote) -> float:
        worked_out.append(said.last)
        return said.last

    monkeypatch.setitem(BY_KEY, "last", BY_KEY["last"]._replace(figure=last))
    nvidia, unpriced = STOCKS[1], STOCKS[4]
    quotes = {nvidia.symbol: quote("NVDA", 178.88, 180.64)}
    context = CONTEXT._replace(quotes=quotes)
    figures = Figures((nvidia, unpriced))
    figures.note([nvidia.symbol], quotes)
    assert worked_out == [], "nobody has sorted by it"
    assert figures.of("last", context) == figures.of("last", context) == [178.88, None]
    quotes[nvidia.symbol] = quote("NVDA", 179.0, 180.64)
    figures.note([nvidia.symbol, quote("AMD", 1.0, 1.0).symbol], quotes)
    assert figures.of("last", context) == [179.0, None]
    assert worked_out == [178.88, 179.0]
    figures.note([nvidia.symbol], {})
    assert worked_out == [178.88, 179.0], "they are of other quotes"
    assert figures.of("last", CONTEXT._replace(quotes={})) == [None, None]
    figures.of("last", context)
    figures.keep_only(["open"])
    figures.note([nvidia.symbol], quotes)
    assert figures.of("last", context) == [179.0, None]
    assert worked_out == [178.88, 179.0, 179.0, 179.0]


@pytest.mark.parametrize("key", ["day", "gain", "name"])
def test_what_is_not_of_the_quote_alone_is_not_kept(key: str) -> None:
    assert Figures(STOCKS).of(key, CONTEXT) is None


PRICES = st.integers(min_value=1, max_value=4).map(lambda price: price / 2)
"""Few, so that rows are alike."""
CHANGES = st.lists(st.dictionaries(st.sampled_from(STOCKS), PRICES | st.none()), max_size=6)
ORDERS = st.lists(
    st.tuples(st.sampled_from(["last", "change_percent", "volume", "name", ""]), st.booleans()), max_size=3
)


@given(CHANGES, ORDERS)
def test_rows_sorted_again_and_again_stand_as_rows_sorted_once(
    changes: list[dict[Stock, float | None]], order: list[tuple[str, bool]]
) -> None:
    quotes: dict[Symbol, Quote] = {}
    rows = Rows()
    rows.hold(STOCKS)
    context = CONTEXT._replace(quotes=quotes)
    for change in [{}, *changes]:
        for stock, price in change.items():
            quotes.pop(stock.symbol, None)
            if price is not None:
                quotes[stock.symbol] = quote(stock.symbol.text, price, 1.0, volume=int(price))
        rows.note([stock.symbol for stock in change], quotes)
        rows.arrange(None, tuple(order), context)
        assert rows.shown == in_order(STOCKS, tuple(order), context)
