"""Watchlists as values: stocks with their names, lists of them, and what several lists make together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.symbol import Symbol

ALL_LISTS, ALL_STOCKS, LOOKED_UP = "*", "/all", "/looked-up"
"""The keys of the tabs that are no file's: a row a list, every stock of every list, and those that were looked up."""
ALL_STOCKS_NAME = "All stocks"


class AlertRules(Struct, frozen=True):
    """When a person wants an alert of a stock. ``None`` and ``False`` where not asked for.

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
    return Watchlist(ALL_STOCKS, ALL_STOCKS_NAME, "Every stock of every list.", together, Path())


def symbols_of(lists: Iterable[Watchlist]) -> tuple[Symbol, ...]:
    """Every symbol that ``lists`` need a price of, once: their stocks, then their benchmarks."""
    lists = tuple(lists)
    stocks = [stock.symbol for watchlist in lists for stock in watchlist.stocks]
    return tuple(
        dict.fromkeys([*stocks, *(watchlist.benchmark for watchlist in lists if watchlist.benchmark is not None)])
    )


class Named(Protocol):
    """Whatever knows how a stock is called."""

    @property
    def name(self) -> str:
        """In English."""

    @property
    def name_zh(self) -> str:
        """In Chinese, or empty."""

    @property
    def role(self) -> str:
        """Its place in the chain, or empty."""


def has_nameless(lists: Iterable[Watchlist]) -> bool:
    """Whether a stock of ``lists`` has no name but its symbol."""
    return any(_is_nameless(stock) for watchlist in lists for stock in watchlist.stocks)


def with_names(
    lists: Sequence[Watchlist], name_of: Callable[[Symbol], Named | None] | None = None
) -> tuple[Watchlist, ...]:
    """``lists`` with the names that ``name_of`` gives to stocks without; by itself, those of the other lists."""
    if not has_nameless(lists):
        return tuple(lists)
    if name_of is None:
        names_of = {
            stock.symbol: stock for watchlist in reversed(lists) for stock in watchlist.stocks if stock.is_named
        }
        name_of = names_of.get
    named = name_of
    return tuple(
        replace(watchlist, stocks=tuple(_named(stock, named) for stock in watchlist.stocks)) for watchlist in lists
    )


def _is_nameless(stock: Stock) -> bool:
    return not stock.is_named and stock.name == stock.symbol.text


def _named(stock: Stock, name_of: Callable[[Symbol], Named | None]) -> Stock:
    names = name_of(stock.symbol) if _is_nameless(stock) else None
    if names is None:
        return stock
    return replace(stock, name=names.name, name_zh=stock.name_zh or names.name_zh, role=stock.role or names.role)
