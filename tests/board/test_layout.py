"""Which columns fit, and that a line of them is never too wide, cut or crooked."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from aiwatch.board.cells import Extent, RowView
from aiwatch.board.columns import BY_KEY, COLUMNS, USUAL
from aiwatch.board.layout import AT_ONCE, Layout, LayoutCache, header_texts, lay_out, measured, widened
from aiwatch.market.quote import Quote
from aiwatch.market.state import PriceStatus
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock
from tests.board.fixtures import NOW, quote, stock

CHINESE = [stock("002837.SZ", "Envicool", "英维克"), stock("603757.SS", "Dayuan Pumps & Industry", "大元泵业股份公司")]
EXTENT = measured(CHINESE, ["英维克", "大元泵业股份公司"])
WIDTHS = [40, 56, 78, 110, 111, 150, 200]


def line(layout: Layout, said: Quote, name: str) -> str:
    """A row as the layout lays it."""
    row = RowView(CHINESE[0], name, said, PriceStatus.LIVE, (1.0, 2.0), NOW)
    text = ""
    for column, x, width in layout.columns:
        text += " " * (x - cell_len(text))
        text += "".join(part for part, _ in column.cell(row, width, layout.extent))
    return text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["英维克", "大元泵业股份公司又一个很长的名字又一个很长的名字", "Envicool"])
def test_a_row_fits_its_width_and_shows_every_number_whole(width: int, name: str) -> None:
    said = quote("002837.SZ", 63.82, 58.02, high=63.82, low=57.61, volume=48_100_000, turnover=3.02e9, turnover_rate=18)
    layout = lay_out(width, EXTENT)
    text = line(layout, said, name)
    assert cell_len(text) <= width - 1
    assert "63.82" in text
    assert "+10.00" in text
    shown = [placed.key for placed in layout.columns]
    for key, words in (("turnover", "¥3.02 bn"), ("volume", "48.1 M"), ("turnover_rate", "18.00")):
        assert (key in shown) == (words in text)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_glance_needs_is_always_there(width: int) -> None:
    shown = {placed.key for placed in lay_out(width, EXTENT).columns}
    assert {"last", "change_percent", "age"} <= shown
    assert shown & {"symbol", "name"}


def test_columns_go_by_rank() -> None:
    rank = {column.key: column.rank for column in COLUMNS}
    before: set[str] = set()
    for width in range(30, 220):
        shown = {placed.key for placed in lay_out(width, EXTENT).columns}
        assert before <= shown
        missing = {key for key in rank if key not in shown and key != "to_limit"}
        assert not missing or max(rank[key] for key in shown) <= max(rank[key] for key in missing)
        before = shown
    assert before == set(rank)


def test_order_is_that_of_the_columns() -> None:
    order = [column.key for column in COLUMNS]
    assert [placed.key for placed in lay_out(200, EXTENT).columns] == order


def test_no_room_to_a_limit_where_there_is_none() -> None:
    extent = measured([stock("NVDA", "NVIDIA")], ["NVIDIA"])
    assert not extent.limits
    assert "to_limit" not in [placed.key for placed in lay_out(200, extent).columns]


def test_spare_cells_go_to_the_name_and_then_to_the_day() -> None:
    wide = {placed.key: placed.width for placed in lay_out(200, EXTENT).columns}
    narrow = {placed.key: placed.width for placed in lay_out(112, EXTENT).columns}
    assert wide["name"] == EXTENT.name == 16
    assert wide["day"] > narrow["day"]
    assert wide["age"] == 12


@pytest.mark.parametrize("width", [1, 5, 12, 20, 25, 30, 35])
def test_too_narrow_for_anything_is_no_error(width: int) -> None:
    assert {"name", "last"} <= {placed.key for placed in lay_out(width, EXTENT).columns}


def test_extent_grows_with_the_prices_and_only_then() -> None:
    extent = Extent(integers=3, decimals=2)
    small = quote("NVDA", 178.88, 180.0)
    assert widened(extent, [small, None]) is extent
    grown = widened(extent, [quote("600519.SS", 1467.88, 1470), quote("0700.HK", 0.325, 0.33, decimals=3)])
    assert (grown.integers, grown.decimals) == (4, 3)
    assert widened(grown, [small]) is grown
    assert widened(extent, [quote("NVDA", 999.996, 999)]).integers == 4


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("sort_key", ["", *(column.key for column in COLUMNS)])
def test_titles_are_whole_and_fill_the_width(width: int, sort_key: str) -> None:
    layout = lay_out(width, EXTENT)
    pieces = header_texts(layout, ((sort_key, True),))
    text = "".join(piece for piece, _ in pieces)
    assert cell_len(text) == width
    for placed in layout.columns:
        assert placed.column.title in text
    shown = sort_key in [placed.key for placed in layout.columns]
    assert ("↓" in text) is shown
    assert [piece.strip(" ↓") for piece, is_sorted in pieces if is_sorted] == (
        [next(column.title for column in COLUMNS if column.key == sort_key)] if shown else []
    )


def test_a_title_stands_where_its_column_is() -> None:
    layout = lay_out(160, EXTENT)
    for placed in layout.columns:
        assert layout.at(placed.x) == layout.at(placed.x + placed.width - 1) == placed.key
    assert layout.at(159) == ""


def keys(width: int, chosen: tuple[str, ...], extent: Extent = EXTENT) -> list[str]:
    """The columns that stand in ``width`` cells, left to right."""
    return [placed.key for placed in lay_out(width, extent, chosen).columns]


def test_chosen_columns_stand_in_the_order_chosen() -> None:
    chosen = ("name", "pe", "last", "age", "market_cap", "change_percent")
    assert keys(200, chosen) == list(chosen)
    assert keys(200, USUAL) == keys(200, ()) == list(USUAL)


def test_a_row_always_says_whose_price_it_is_and_how_old() -> None:
    assert keys(200, ("last", "pe")) == ["name", "last", "pe", "age"]
    assert keys(200, ("symbol", "last", "last")) == ["symbol", "last", "age"]
    assert "symbol" in keys(30, ("symbol", "last", "pe", "bid", "ask", "vwap", "role"))


def test_a_column_asked_for_stays_longer_than_the_usual_ones() -> None:
    chosen = (*USUAL, "vwap", "amplitude")
    for width in range(60, 200):
        shown = keys(width, chosen)
        assert shown == [key for key in chosen if key in shown]
        if {"turnover", "volume"} & set(shown):
            assert {"symbol", "vwap", "amplitude"} <= set(shown)
        assert {"name", "last", "change_percent", "age"} <= set(shown)


@pytest.mark.parametrize("width", [1, 20, 40, 58, 80, 120, 240])
@pytest.mark.parametrize("chosen", [(key,) for key in BY_KEY] + [tuple(BY_KEY), tuple(reversed(BY_KEY))])
def test_whatever_is_chosen_fits_and_its_titles_are_whole(width: int, chosen: tuple[str, ...]) -> None:
    layout = lay_out(width, EXTENT, chosen)
    said = quote("002837.SZ", 63.82, 58.02, market_cap=4.56e12, pe=1234.56, high_52w=163.8, amplitude=12.5)
    text = line(layout, said, "英维克")
    titles = "".join(piece for piece, _ in header_texts(layout, ()))
    if width >= 40:
        assert cell_len(text) <= width - 1
        assert cell_len(titles) == width
        for placed in layout.columns:
            assert placed.column.title in titles


def english(stock: Stock) -> str:
    """What ``stock`` is called."""
    return stock.name


def test_a_long_list_is_measured_by_and_by_and_keeps_its_widths_when_it_is_read_anew() -> None:
    symbols = [parse_symbol(f"{600000 + number}.SS") for number in range(3 * AT_ONCE)]
    long = [Stock(symbol, "a name so long" if number > 5000 else "short") for number, symbol in enumerate(symbols)]
    quotes = {symbols[4500]: quote("604500.SS", 12345.0, 12000.0)}
    layouts = LayoutCache()

    def widths() -> tuple[int, int]:
        extent = layouts.get(100, ()).extent
        return extent.name, extent.integers

    layouts.measure(long, english, quotes)
    seen = [widths()]
    while layouts.measure_more(english, quotes):
        seen.append(widths())
    assert seen == [(5, 3), (5, 3), (14, 5)]
    layouts.measure(long[1:], english, quotes, anew=False)
    assert widths() == (14, 5), "read anew, no column moves"
    layouts.measure(long[:10], english, quotes, anew=False)
    assert widths() == (5, 3), "a short list has no need of that"
    layouts.measure([], english, {})
    assert widths() == (8, 3)


def test_a_layout_is_made_anew_only_when_something_is_another() -> None:
    layouts, chosen = LayoutCache(), ("name", "last", "pe")
    layouts.measure(CHINESE, english, {})
    first = layouts.get(80, chosen)
    assert layouts.get(80, chosen) is first
    assert layouts.widen([quote("002837.SZ", 63.82, 58.02)]), "the day's lines reach further"
    first = layouts.get(80, chosen)
    assert not layouts.widen([quote("002837.SZ", 63.82, 58.02), None])
    assert layouts.get(80, chosen) is first
    assert layouts.get(81, chosen) is not first
    assert layouts.widen([quote("600519.SS", 1467.88, 1470)])
    assert layouts.get(80, chosen).columns != first.columns
    assert [placed.key for placed in layouts.get(80, ()).columns][:2] == ["symbol", "name"]
    assert layouts.fitting(80, chosen) == (*chosen, "age")


def test_small_figures_tell_the_order_of_several_columns() -> None:
    layout = lay_out(160, EXTENT)
    pieces = header_texts(layout, (("turnover", True), ("name", False), ("change_percent", True)))
    assert [piece.strip() for piece, is_sorted in pieces if is_sorted] == ["Name↑²", "↓³Chg %", "↓¹Turnover"]
    assert cell_len("".join(piece for piece, _ in pieces)) == 160
    narrow = header_texts(lay_out(59, EXTENT, ("name", "turnover", "vwap")), (("turnover", True), ("name", False)))
    assert "↓Turnover" in "".join(piece for piece, _ in narrow), "without room the figure goes, never the title"


def test_columns_that_no_row_can_fill_are_not_there() -> None:
    shares = [Stock(parse_symbol(text), text) for text in ("NVDA", "AMD")]
    layouts = LayoutCache()
    layouts.measure(shares, english, {})
    assert {"turnover", "turnover_rate", "volume_ratio", "to_limit"} & set(layouts.fitting(300, ())) == set()
    assert {"change", "volume"} <= set(layouts.fitting(300, ()))
    assert "turnover_rate" in layouts.fitting(300, ("turnover_rate",)), "what a person asked for stays"
    assert layouts.widen([quote("NVDA", 180.0, 178.0, turnover_rate=0.5)]), "once a price has it, so has the board"
    assert "turnover_rate" in layouts.fitting(300, ())
    assert layouts.widen([quote("AMD", 180.0, 178.0, turnover=1e9)]), "Tencent has it, where Yahoo is down"
    assert "turnover" in layouts.fitting(300, ())
    layouts.measure([Stock(parse_symbol("9984.T"), "SoftBank")], english, {})
    assert "turnover" not in layouts.fitting(300, ())
    layouts.measure([Stock(parse_symbol("^HSI"), "Hang Seng")], english, {})
    assert {"turnover", "volume"} & set(layouts.fitting(300, ())) == set()


def test_the_lists_of_a_stock_stand_beside_its_name_where_there_are_several() -> None:
    together = [Stock(parse_symbol("NVDA"), "NVIDIA", lists=("Chips",))]
    layouts = LayoutCache()
    layouts.measure(together, english, {})
    assert layouts.fitting(300, ())[:3] == ("symbol", "name", "lists")


def test_the_lines_of_a_list_have_one_scale_which_only_grows() -> None:
    layouts = LayoutCache()
    layouts.measure(CHINESE, english, {})
    scales = []
    for last in (58.1, 60.0, 58.0, 63.8):
        layouts.widen([quote("002837.SZ", last, 58.02)])
        scales.append(layouts.get(80, ()).extent.scale)
    assert scales == [1.0, 5.0, 5.0, 10.0]
    own = LayoutCache(one_scale=False)
    own.measure(CHINESE, english, {})
    own.widen([quote("002837.SZ", 63.8, 58.02)])
    assert own.get(80, ()).extent.scale == 0
