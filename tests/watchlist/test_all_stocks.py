"""Every stock of several lists in one."""

from __future__ import annotations

from pathlib import Path

from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import ALL_STOCKS, Stock, Watchlist, all_stocks


def test_a_stock_is_there_once_as_the_first_list_has_it_and_names_the_shortest_first() -> None:
    nvidia, amd = Stock(parse_symbol("NVDA"), "NVIDIA"), Stock(parse_symbol("AMD"), "AMD")
    both = Watchlist("both", "Both", "", (nvidia, amd), Path())
    single = Watchlist("single", "Single", "", (Stock(parse_symbol("AMD"), "Another name"),), Path())
    together = all_stocks([both, single])
    assert together.key == ALL_STOCKS
    assert [(stock.name, stock.lists) for stock in together.stocks] == [
        ("NVIDIA", ("Both",)),
        ("AMD", ("Single", "Both")),
    ]
