"""What the tests of the imports share: reading a text, and saying what came of it in a line for each stock."""

from __future__ import annotations

from pathlib import Path

from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist.directory import Directory, Entry
from aiwatch.watchlist.imports import Imported, read_import

KNOWN = Directory(
    [
        Entry(parse_symbol("002837.SZ"), "Envicool", "英维克", "Liquid cooling"),
        Entry(parse_symbol("NVDA"), "NVIDIA", "英伟达"),
    ]
)


def read(text: str, file: str, *, kind: str | None = None, name: str | None = None) -> Imported:
    return read_import(text, Path(file), KNOWN, kind=kind, name=name)


def lists(imported: Imported) -> dict[str, list[str]]:
    """The symbols of every list by its name; those held with quantity and cost."""
    return {
        watchlist.name: [
            f"{stock.symbol} {stock.quantity:g} {stock.cost}" if stock.quantity is not None else str(stock.symbol)
            for stock in watchlist.stocks
        ]
        for watchlist in imported.lists
    }


def problems(imported: Imported) -> list[str]:
    """Each problem as ``line: what``, without its hint."""
    return [f"{problem.line}: {problem.what.partition(';')[0]}" for problem in imported.problems]
