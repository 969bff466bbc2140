"""The directory of everything aiwatch knows by name: watchlists and the ledger's listed companies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aiwatch.errors import SymbolError
from aiwatch.ledger.records import Entity
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.directory import Directory, Entry


def directory_of(lists: Iterable[Watchlist], entities: Iterable[Entity]) -> Directory:
    """The stocks of ``lists`` and the listings of ``entities``; a list's names go before the ledger's."""
    stocks = (Entry.of_stock(stock) for watchlist in lists for stock in watchlist.stocks if stock.is_named)
    return Directory((*stocks, *_listings(entities)))


def _listings(entities: Iterable[Entity]) -> Iterator[Entry]:
    for entity in entities:
        for text in entity.symbols:
            try:
                symbol = parse_symbol(text)
            except SymbolError:
                continue
            yield Entry(symbol, entity.name, entity.name_zh, entity.role, entity.printed)
