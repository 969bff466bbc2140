"""Watchlist files: named stocks in TOML, read and checked strictly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.symbol import Symbol

ALL_LISTS, ALL_STOCKS, LOOKED_UP = "*", "/all", "/looked-up"
"""The keys of the tabs that are no file's: a row a list, every stock of every list, and those that were looked up."""


class AlertRules(Struct, frozen=True):
    """When a person wants to be told of a stock. ``None`` and ``False`` where not asked for.

    ``above`` and ``below`` are prices in the stock's currency; ``change_percent`` the size of a day's change in
    percent, either way; ``limit`` whether a touched or opened daily limit counts; ``volume_ratio`` a volume ratio.
    """

    above: float | None = None
    below: float | None = None
    change_percent: float | None = None
    limit: bool = False
    volume_ratio: float | None = None


class Stock(Struct, frozen=True):
    """A stock of a watchlist. Only ``symbol`` and ``name`` are always there.

    ``is_named`` says that its list names it; else ``name`` comes from elsewhere, and is the symbol where nobody knows.

    ``quantity`` is a position in shares (negative: sold short) and ``cost`` what one share of it cost, in the stock's
    currency.
    """

    symbol: Symbol
    name: str
    name_zh: str = ""
    role: str = ""
    printed_as: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    quantity: float | None = None
    cost: float | None = None
    alerts: AlertRules | None = None
    is_named: bool = True
    lists: tuple[str, ...] = ()
    """The names of the lists that have it, where stocks of several stand together."""


class Watchlist(Struct, frozen=True):
    """A watchlist file: ``key`` is the file's name without ``.toml``, ``name`` what its tab shows. ``description`` may
    be empty.

    ``order`` is the list's wish among the others: the lowest first, ``None`` after all that have one. ``benchmark`` is
    what the list's change is measured against; ``columns`` are the keys of the board's columns in the order wanted,
    empty for the usual ones.
    """

    key: str
    name: str
    description: str
    stocks: tuple[Stock, ...]
    path: Path
    order: int | None = None
    benchmark: Symbol | None = None
    columns: tuple[str, ...] = ()


def all_stocks(lists: Iterable[Watchlist]) -> Watchlist:
    """Every stock of ``lists`` in one, each once, as the first list has it that does; of its lists, the ones that say
    most, which are the shortest, come first."""
    lists = tuple(lists)
    stocks: dict[Symbol, Stock] = {}
    names: dict[Symbol, list[str]] = {}
    for watchlist in lists:
        for stock in watchlist.stocks:
            stocks.setdefault(stock.symbol, stock)
    for watchlist in sorted(lists, key=lambda each: len(each.stocks)):
        for stock in watchlist.stocks:
            names.setdefault(stock.symbol, []).append(watchlist.name)
    together = tuple(replace(stock, lists=tuple(names[symbol])) for symbol, stock in stocks.items())
    return Watchlist(ALL_STOCKS, "All stocks", "Every stock of every list.", together, Path())


def symbols_of(lists: Iterable[Watchlist]) -> tuple[Symbol, ...]:
    """Every symbol that ``lists`` need a price of, once: their stocks, then their benchmarks."""
    lists = tuple(lists)
    stocks = [stock.symbol for watchlist in lists for stock in watchlist.stocks]
    return tuple(
        dict.fromkeys([*stocks, *(watchlist.benchmark for watchlist in lists if watchlist.benchmark is not None)])
    )
