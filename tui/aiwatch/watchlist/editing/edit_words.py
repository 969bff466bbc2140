"""What edits did, in words for a person."""

from __future__ import annotations

from collections.abc import Sequence

from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.editing.edits import (
    AddStock,
    Edit,
    PlaceStock,
    PutStock,
    RemoveStock,
    SetListKey,
    SetStockKey,
    ShiftStocks,
)

_VERBS: dict[type, tuple[str, str]] = {
    AddStock: ("added", "to"),
    PutStock: ("added", "to"),
    RemoveStock: ("removed", "from"),
    PlaceStock: ("moved", "in"),
    ShiftStocks: ("moved", "in"),
}


def words_of(edits: Sequence[Edit], before: Watchlist, after: Watchlist) -> str:
    """``edits`` in a few words, past tense; the stocks are named as the list has them ``before`` or ``after``."""
    first = edits[0]
    if len({type(one) for one in edits}) > 1:
        return f"changed {before.name}"
    if isinstance(first, SetListKey):
        return (
            f"renamed {before.name} to {after.name}" if first.key == "name" else f"changed {first.key} of {before.name}"
        )
    if isinstance(first, SetStockKey):
        what = f"changed {first.key.replace('_', ' ')} of"
        return f"{what} {_stocks([one.symbol for one in edits if isinstance(one, SetStockKey)], before, after)}"
    verb, preposition = _VERBS[type(first)]
    symbols = [symbol for one in edits for symbol in _symbols(one)]
    return f"{verb} {_stocks(symbols, before, after)} {preposition} {before.name}"


def _symbols(one: Edit) -> tuple[Symbol, ...]:
    if isinstance(one, ShiftStocks):
        return one.symbols
    symbol = one.stock.symbol if isinstance(one, AddStock) else getattr(one, "symbol", None)
    return () if symbol is None else (symbol,)


def _stocks(symbols: Sequence[Symbol], *lists: Watchlist) -> str:
    """The one stock by its name, several by their number."""
    distinct = list(dict.fromkeys(symbols))
    if len(distinct) > 1:
        return f"{len(distinct)} stocks"
    for stock in (stock for one in lists for stock in one.stocks):
        if stock.symbol == distinct[0]:
            return f"{stock.name} ({stock.symbol})"
    return str(distinct[0])
