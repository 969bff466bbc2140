"""What stands in the cells: widths, points below points, words instead of made-up numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.board import cells
from aiwatch.board.cells import Extent, RowView
from aiwatch.board.columns import FURTHER, USUAL
from aiwatch.board.drawing import fitted, percentage, quantity
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import PriceStatus
from aiwatch.watchlist import Stock
from tests.board.fixtures import NOW, cell, quote, stock, view

USUAL_EXTENT = Extent(integers=4, decimals=3, limits=True)


def text(
    key: str, said: Quote | None, width: int, status: PriceStatus = PriceStatus.LIVE, extent: Extent = USUAL_EXTENT
) -> str:
    """The text of one cell."""
    return "".join(part for part, _ in cell(key, view(said, status), width, extent))


def roles(key: str, said: Quote | None, width: int, status: PriceStatus = PriceStatus.LIVE) -> set[str]:
    """The roles worn in one cell, blanks left out."""
    return {role for part, role in cell(key, view(said, status), width, USUAL_EXTENT) if part.strip()}


def test_points_stand_below_each_other_whatever_the_decimals() -> None:
    width = USUAL_EXTENT.price + 2
    hong_kong = text("last", quote("0700.HK", 623.5, 618, decimals=3), width)
    shanghai = text("last", quote("600519.SS", 1467.88, 1470), width)
    tokyo = text("last", quote("9984.T", 1745, 1730, decimals=0), width)
    assert hong_kong == " 623.500  "
    assert shanghai == "1467.88   "
    assert tokyo == "1745      "
    assert hong_kong.index(".") == shanghai.index(".") == len(tokyo.rstrip())


def test_signs_and_digits_of_changes_stand_below_each_other() -> None:
    assert percentage(9.99, 7) == " + 9.99"
    assert percentage(-10.0, 7) == " -10.00"
    assert percentage(0.0, 7) == "   0.00"
    assert percentage(None, 7) == "   –   "
    assert percentage(123.45, 7) == "+123.45"


def test_a_change_too_wide_loses_decimals_then_takes_a_unit() -> None:
    assert percentage(1234.56, 7) == "+1234.6"
    assert percentage(12_345_678.0, 7) == "+12.3 M"
    assert fitted(123_456_789.0, 2, 7) == "123 M"


def test_units_stand_below_each_other() -> None:
    assert quantity(48_100_000, 7) == "48.1 M "
    assert quantity(1_530_000_000, 7) == "1.53 bn"
    assert quantity(912, 7) == "912   "[:7].rjust(7)
    assert quantity(3_020_000_000, 8, "¥") == "¥3.02 bn"
    assert quantity(5_020_000_000_000, 10, "JP¥") == "JP¥5.02trn"


@given(st.floats(0, 9e14), st.sampled_from(["", "¥", "HK$", "NT$"]))
def test_a_quantity_is_never_cut(value: float, sign: str) -> None:
    shown = quantity(value, 10, sign)
    assert len(shown) == 10
    assert "…" not in shown


def test_limit_up_is_said_in_words_and_marked() -> None:
    sealed = quote("002837.SZ", 63.82, 58.02)
    assert text("last", sealed, 10) == " 63.82  ▲".rjust(10)
    assert text("to_limit", sealed, 10) == "  limit up"
    assert cells.LIMIT in roles("last", sealed, 10)
    assert text("to_limit", quote("688525.SS", 91.2, 114.0), 10) == "limit down"


def test_room_to_the_limit_is_a_percentage_and_nothing_without_limits() -> None:
    assert text("to_limit", quote("300870.SZ", 248.5, 221.27), 10) == "    6.85 %"
    assert text("to_limit", quote("NVDA", 178.88, 180.64), 10).strip() == "–"


@pytest.mark.parametrize("trading", [Trading.SUSPENDED, Trading.DELISTED, Trading.UNTRADED])
def test_what_does_not_trade_has_a_price_and_no_change(trading: Trading) -> None:
    said = quote("600487.SS", 17.12, 17.12, trading=trading, volume=0, turnover=0.0)
    assert text("last", said, 10).strip() == "17.12"
    assert roles("last", said, 10) <= {cells.MUTED, cells.LIMIT}
    for key in ("change_percent", "change", "volume", "turnover", "to_limit"):
        assert text(key, said, 10).strip() == "–"
    assert text("range", said, 8).strip() == ""


def test_a_suspended_stock_whose_source_sends_zero_does_not_fall_to_zero() -> None:
    said = quote("600487.SS", 0.0, 17.12, trading=Trading.SUSPENDED)
    assert "-100" not in text("change_percent", said, 7)


def test_an_indicative_price_is_marked() -> None:
    said = quote("000977.SZ", 60.44, 59.9, trading=Trading.AUCTION)
    assert cells.AUCTION in roles("last", said, 10, PriceStatus.AUCTION)
    assert text("age", said, 9, PriceStatus.AUCTION) == "  auction"


def test_a_stale_row_is_dimmed_as_a_whole() -> None:
    said = quote("600000.SS", 8.1, 8.0, seconds=720, high=8.2, low=7.9, volume=10, turnover=80.0)
    for key in USUAL:
        assert roles(key, said, 10, PriceStatus.STALE) <= {cells.STALE}
    assert text("age", said, 9, PriceStatus.STALE) == "stale 12m"


@pytest.mark.parametrize("status", [PriceStatus.UNKNOWN, PriceStatus.WAITING])
def test_without_a_quote_there_are_words_and_no_number(status: PriceStatus) -> None:
    line = " ".join(text(key, None, 10, status) for key in USUAL if key not in ("symbol", "name"))
    assert line.split() == ["–", "–", status.value]


def test_range_shows_where_the_price_stands() -> None:
    def bar(last: float, high: float | None = 12.0, low: float | None = 8.0, close: float = 10.0) -> str:
        return text("range", quote("NVDA", last, close, high=high, low=low), 9)

    assert bar(8.0) == "▕┤──────▏"
    assert bar(10.0) == "▕───┤───▏"
    assert bar(12.0) == "▕──────┤▏"
    assert bar(13.0) == bar(12.0)
    assert bar(11.0, 11.0, 11.0) == bar(12.0)
    assert bar(10.0, 10.0, 10.0) == bar(10.0)
    assert bar(10.0, None).strip() == ""


def test_turnover_has_its_currency() -> None:
    assert text("turnover", quote("0700.HK", 623, 618, turnover=1.13e10), 10) == "HK$11.3 bn"


@given(
    st.sampled_from(list(USUAL)),
    st.floats(0.001, 9_999_999),
    st.floats(0.001, 9_999_999),
    st.sampled_from(list(Trading)),
    st.sampled_from(list(PriceStatus)),
    st.integers(10, 30),
)
def test_every_cell_is_exactly_as_wide_as_asked(
    key: str, last: float, close: float, trading: Trading, status: PriceStatus, width: int
) -> None:
    said = quote("300870.SZ", last, close, trading=trading, volume=10**14, turnover=1e15, turnover_rate=1e4)
    assert cell_len(text(key, said, width, status)) == width


EXTENT = Extent(integers=4, decimals=2)
HELD = replace(stock("002837.SZ", "Envicool", role="liquid cooling"), quantity=1200.0, cost=41.5, tags=("core", "big"))
SHORT = replace(HELD, quantity=-1200.0)


def drawn(key: str, said: Quote | None, stock: Stock = HELD, width: int = 10) -> tuple[str, str]:
    """The text of a cell, and the role worn by it."""
    view = RowView(stock, stock.name, said, PriceStatus.LIVE, (), NOW)
    [(text, role)] = cell(key, view, width, EXTENT)
    assert cell_len(text) == width
    return text.strip(), role


@pytest.mark.parametrize(
    ("key", "text", "role"),
    [
        ("quantity", "1200", cells.PLAIN),
        ("cost", "41.50", cells.PLAIN),
        ("value", "¥76.6 k", cells.PLAIN),
        ("day_gain", "+¥6.96 k", cells.RISE),
        ("gain", "+¥26.8 k", cells.RISE),
        ("gain_percent", "+53.78", cells.RISE),
    ],
)
def test_a_position(key: str, text: str, role: str) -> None:
    assert drawn(key, quote("002837.SZ", 63.82, 58.02)) == (text, role)


def test_a_position_sold_short_loses_when_the_price_rises() -> None:
    said = quote("002837.SZ", 63.82, 58.02)
    assert drawn("quantity", said, SHORT)[0] == "-1200"
    assert drawn("value", said, SHORT)[0] == "-¥76.6 k"
    assert drawn("day_gain", said, SHORT) == ("-¥6.96 k", cells.FALL)


def test_no_gain_is_made_up() -> None:
    said = quote("002837.SZ", 63.82, 58.02)
    suspended = quote("002837.SZ", 58.02, 58.02, trading=Trading.SUSPENDED)
    assert drawn("day_gain", suspended)[0] == "–"
    assert drawn("gain", said, replace(HELD, cost=None))[0] == "–"
    assert drawn("gain", said, stock("002837.SZ")) == ("", cells.MUTED)
    assert drawn("quantity", None)[0] == "1200", "what is held is known without a quote"
    assert drawn("gain", None)[0] == ""


def test_figures_of_the_quote_stand_under_each_other() -> None:
    said = quote("002837.SZ", 63.82, 58.02, open=58.0, pe=48.612, market_cap=4.75e10, amplitude=10.7)
    assert drawn("open", said)[0] == "58.00"
    assert drawn("low", said) == ("–", cells.MUTED)
    assert drawn("pe", said)[0] == "48.61"
    assert drawn("market_cap", said)[0] == "¥47.5 bn"
    assert drawn("amplitude", said)[0] == "10.70"


def test_texts_are_clipped_at_a_cell() -> None:
    said = quote("002837.SZ", 63.82, 58.02)
    assert drawn("role", said)[0] == "liquid co…"
    assert drawn("tags", said)[0] == "core, big"
    assert drawn("role", None, width=14)[0] == "liquid cooling"


@given(
    st.sampled_from([column.key for column in FURTHER]),
    st.floats(min_value=0.001, max_value=1e7, allow_nan=False),
    st.floats(min_value=-1e7, max_value=1e7, allow_nan=False),
    st.floats(min_value=0.001, max_value=1e6, allow_nan=False),
)
def test_every_cell_is_as_wide_as_asked(key: str, last: float, held: float, cost: float) -> None:
    said = quote("002837.SZ", last, 58.02, pe=held, market_cap=last * 1e9, high_52w=last, amplitude=cost)
    drawn(key, said, replace(HELD, quantity=held, cost=cost), width=12)
