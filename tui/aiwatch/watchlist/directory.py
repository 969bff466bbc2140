"""The stocks aiwatch knows by name without asking anybody: those of its lists and of its ledger."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aiwatch.errors import SymbolError
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import AmbiguousSymbol, Symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.pinyin import matched_key


@dataclass(frozen=True, slots=True)
class Entry:
    """A stock as the directory knows it; ``others`` are further names, such as an article's, ``tags`` a person's
    own words."""

    symbol: Symbol
    name: str
    name_zh: str = ""
    role: str = ""
    others: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def stock(self) -> Stock:
        """It as a stock of a list; called by its symbol where no name is known."""
        return Stock(self.symbol, self.name or self.symbol.text, name_zh=self.name_zh, role=self.role)

    @classmethod
    def of_stock(cls, stock: Stock) -> Entry:
        """The entry of a watchlist's ``stock``."""
        further_names = (stock.printed_as,) if stock.printed_as else ()
        return cls(stock.symbol, stock.name, stock.name_zh, stock.role, further_names, stock.tags)

    def joined(self, addition: Entry) -> Entry:
        """This entry with what only ``addition`` knows of the same stock."""
        names = dict.fromkeys((*self.others, addition.name, *addition.others))
        return replace(
            self,
            name_zh=self.name_zh or addition.name_zh,
            role=self.role or addition.role,
            others=tuple(name for name in names if name not in ("", self.name)),
            tags=tuple(dict.fromkeys((*self.tags, *addition.tags))),
        )


class Directory:
    """The known stocks, each once: an earlier entry's names go before a later one's."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[Symbol, Entry] = {}
        for entry in entries:
            earlier = self._entries.get(entry.symbol)
            self._entries[entry.symbol] = earlier.joined(entry) if earlier else entry

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, symbol: Symbol) -> Entry | None:
        """The entry of ``symbol``, if it is known."""
        return self._entries.get(symbol)

    @property
    def names_zh(self) -> tuple[str, ...]:
        """Every Chinese name, for `pinyin.learn_pinyin`: without it, pinyin finds nothing."""
        return tuple(entry.name_zh for entry in self._entries.values() if entry.name_zh)

    def find(self, text: str, limit: int = 20) -> list[Entry]:
        """At most ``limit`` entries for ``text``, the best first, and equally good ones in the directory's order.

        From best to least: the symbol itself in any of its forms, the beginning of a symbol or code, of a name, of a
        name's words, of its pinyin initials, of its pinyin, and anything within a name, the role or a tag.
        """
        query = _Query.of(text)
        if not query.text:
            return []
        ranked = ((query.rank(entry), entry) for entry in self._entries.values())
        matches = sorted(((rank, entry) for rank, entry in ranked if rank is not None), key=lambda match: match[0])
        return [entry for _, entry in matches[:limit]]


@dataclass(frozen=True, slots=True)
class _Query:
    """What is looked for: the text in small letters, and the symbols it may be."""

    text: str
    symbols: tuple[Symbol, ...]

    @classmethod
    def of(cls, text: str) -> _Query:
        plain = unicodedata.normalize("NFKC", text).casefold().strip()
        try:
            symbols: tuple[Symbol, ...] = (symbol_of(text),)
        except AmbiguousSymbol as error:
            symbols = error.candidates
        except SymbolError:
            symbols = ()
        return cls(" ".join(plain.split()), symbols)

    def rank(self, entry: Entry) -> int | None:
        """How well ``entry`` fits: 0 is best; ``None`` when it does not."""
        symbol = entry.symbol.text.casefold()
        if entry.symbol in self.symbols:
            return 0
        if symbol.startswith(self.text) or symbol.lstrip("0^").startswith(self.text):
            return 1
        names = [name.casefold() for name in (entry.name, entry.name_zh, *entry.others) if name]
        if any(name.startswith(self.text) for name in names):
            return 2
        if any(self._begins_words(name.split()) for name in names):
            return 3
        if key := matched_key(entry.name_zh, self.text):
            return 4 if len(key) <= len(entry.name_zh) else 5
        texts = (*names, entry.role.casefold(), *(tag.casefold() for tag in entry.tags))
        return 6 if any(self.text in words for words in texts) else None

    def _begins_words(self, words: list[str]) -> bool:
        """Whether every word of the text begins one of ``words``."""
        return all(any(word.startswith(part) for word in words) for part in self.text.split())
