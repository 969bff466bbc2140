"""Which stocks a typed text may mean: what aiwatch knows by name, what the text spells, what a source finds.

An entry whose name is empty is known by its symbol alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aiwatch.errors import SymbolError
from aiwatch.market.spelling import AmbiguousSymbol, symbol_of
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist.directory import Entry

MOST_FOUND = 50
"""Stocks offered at once."""

SoundsLike = Callable[[str, str], bool]
"""Whether a Chinese name may be typed as a text in Latin letters."""


def offers(text: str, known: Iterable[Entry], sounds_like: SoundsLike) -> list[Entry]:
    """What ``text`` may mean, the likeliest first: known stocks by symbol and name, then what the text spells.

    A number that may be two things is offered as each of them, before anything else.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return []
    ranked = [(rank, entry) for entry in known if (rank := _rank(entry, wanted, sounds_like)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    found = [entry for _, entry in ranked[:MOST_FOUND]]
    by_symbol = {entry.symbol: entry for entry in found}
    spelt = [by_symbol.get(symbol) or Entry(symbol, "") for symbol in spelt_by(text)]
    surely = any(character.isdigit() for character in text) or any(entry.name for entry in spelt)
    both = (*spelt, *found) if surely else (*found, *spelt)
    return list({entry.symbol: entry for entry in both}.values())


def joined(offered: Sequence[Entry], found: Iterable[Entry]) -> list[Entry]:
    """``offered`` with what a source ``found`` besides; a name that it knows goes to an offer that has none."""
    told = {entry.symbol: entry for entry in found}
    named = [entry if entry.name else told.get(entry.symbol, entry) for entry in offered]
    there = {entry.symbol for entry in named}
    fresh = [entry for symbol, entry in told.items() if symbol not in there]
    certain, nameless = [entry for entry in named if entry.name], [entry for entry in named if not entry.name]
    return [*certain, *fresh, *nameless][:MOST_FOUND]


def spelt_by(text: str) -> tuple[Symbol, ...]:
    """The symbols that ``text`` may be: none, one, or several that are spelt alike."""
    try:
        return (symbol_of(text),)
    except AmbiguousSymbol as error:
        return error.candidates
    except SymbolError:
        return ()


def _rank(entry: Entry, wanted: str, sounds_like: SoundsLike) -> int | None:
    """How well ``entry`` answers ``wanted``, 0 best; ``None`` not at all."""
    symbol, names = entry.symbol.text.casefold(), [entry.name.casefold(), *map(str.casefold, entry.others)]
    if wanted in (symbol, entry.symbol.code.casefold()):
        return 0
    if symbol.startswith(wanted):
        return 1
    if any(name.startswith(wanted) for name in names) or (entry.name_zh and entry.name_zh.startswith(wanted)):
        return 2
    if any(f" {wanted}" in f" {name}" for name in names) or sounds_like(entry.name_zh, wanted):
        return 3
    if wanted in entry.name_zh or any(wanted in name for name in names):
        return 4
    words = wanted.split()
    held = "\n".join((symbol, *names, entry.name_zh, entry.role.casefold()))
    return 5 if all(word in held for word in words) else None
