"""Names for the stocks that their own list does not name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec.structs import replace

from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock, Watchlist


class Named(Protocol):
    """Whatever knows how a stock is called."""

    @property
    def name(self) -> str:
        """In English."""
        ...

    @property
    def name_zh(self) -> str:
        """In Chinese, or empty."""
        ...

    @property
    def role(self) -> str:
        """Its place in the chain, or empty."""
        ...


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
