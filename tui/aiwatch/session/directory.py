"""The directory of everything aiwatch knows by name: watchlists and the ledger's listed companies.

Which stocks a typed text may mean: what aiwatch knows by name, what the text spells, what a source finds.

An entry whose name is empty is known by its symbol alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from aiwatch.errors import SymbolError
from aiwatch.ledger.records import Entity
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import US, AmbiguousSymbol, Board, Symbol, parse_symbol
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


_BETWEEN = re.compile("[,;\n，；、]")

MOST_FOUND = 50
"""Stocks offered at once."""


def offers(text: str, directory: Directory) -> list[Entry]:
    """What ``text`` may mean, the likeliest first: known stocks, and what the text spells.

    A number that may be two things is offered as each of them, before anything else; letters that nobody is known by
    come last, as nearly every word could be a ticker.
    """
    matches = directory.find(text, MOST_FOUND)
    spelt = [directory.get(symbol) or Entry(symbol, "") for symbol in spelt_by(text)]
    surely = any(character.isdigit() for character in text) or any(entry.name for entry in spelt)
    both = (*spelt, *matches) if surely else (*matches, *spelt)
    return list({entry.symbol: entry for entry in both}.values())


def several(text: str, directory: Directory) -> list[str]:
    """The parts of ``text`` where it names several stocks: anything with commas, or symbols with blanks between."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) > 1:
        return parts
    words = text.split()
    are_symbols = len(words) > 1 and all(word == word.upper() and spelt_by(word) for word in words)
    return words if are_symbols and not directory.find(text, 1) else []


def entry_of(part: str, directory: Directory) -> Entry | None:
    """The one stock that ``part`` names; ``None`` where there is none, or where it may be several."""
    spelt = spelt_by(part)
    if len(spelt) > 1:
        return None
    listed = [entry for symbol in spelt if (entry := directory.get(symbol)) is not None]
    matches = listed or directory.find(part, 1)
    return matches[0] if matches else next((Entry(symbol, "") for symbol in spelt), None)


def joined(offered: Sequence[Entry], further: Iterable[Entry]) -> list[Entry]:
    """``offered`` with what a source ``further`` besides; a name that it knows goes to an offer that has none."""
    by_symbol = {entry.symbol: entry for entry in further}
    named = [entry if entry.name else by_symbol.get(entry.symbol, entry) for entry in offered]
    there = {entry.symbol for entry in named}
    fresh = [entry for symbol, entry in by_symbol.items() if symbol not in there]
    certain, nameless = [entry for entry in named if entry.name], [entry for entry in named if not entry.name]
    return [*certain, *fresh, *nameless][:MOST_FOUND]


def is_guess(entry: Entry) -> bool:
    """Whether nothing but letters that a US ticker could have speaks for ``entry``: nearly every word is such."""
    return not entry.name and entry.symbol.exchange is US and entry.symbol.board is not Board.INDEX


def spelt_by(text: str) -> tuple[Symbol, ...]:
    """The symbols that ``text`` may be: none, one, or several that are spelt alike."""
    try:
        return (symbol_of(text),)
    except AmbiguousSymbol as error:
        return error.candidates
    except SymbolError:
        return ()
