"""The columns that stand only where they were asked for: what is held, figures of the quote, texts."""

from __future__ import annotations

import pytest
from aiwatch.board.more_cells import cell
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.board import cells
from aiwatch.board.cells import Extent, RowView
from aiwatch.board.columns import FURTHER
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import Standing
from aiwatch.watchlist import Stock
from tests.board.fixtures import NOW, quote, stock

EXTENT = Extent(integers=4, decimals=2)
HELD = replace(stock("002837.SZ", "Envicool", role="liquid cooling"), quantity=1200.0, cost=41.5, tags=("core", "big"))
SHORT = replace(HELD, quantity=-1200.0)


def drawn(key: str, said: Quote | None, one: Stock = HELD, width: int = 10) -> tuple[str, str]:
    """The text of a cell, and the role worn by it."""
    view = RowView(one, one.name, said, Standing.LIVE, (), NOW)
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
