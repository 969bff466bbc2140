"""The stocks aiwatch knows by name without asking anybody: those of its lists and of its ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock


@dataclass(frozen=True, slots=True)
class Entry:
    """A stock as the directory knows it; ``others`` are further names, such as an article's."""

    symbol: Symbol
    name: str
    name_zh: str = ""
    role: str = ""
    others: tuple[str, ...] = ()

    @classmethod
    def of_stock(cls, stock: Stock) -> Entry:
        """The entry of a watchlist's ``stock``."""
        others = (stock.printed_as,) if stock.printed_as else ()
        return cls(stock.symbol, stock.name, stock.name_zh, stock.role, others)

    def joined(self, other: Entry) -> Entry:
        """This entry with what only ``other`` knows of the same stock."""
        names = dict.fromkeys((*self.others, other.name, *other.others))
        return replace(
            self,
            name_zh=self.name_zh or other.name_zh,
            role=self.role or other.role,
            others=tuple(name for name in names if name not in ("", self.name)),
        )


class Directory:
    """The known stocks, each once: an earlier entry's names go before a later one's."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[Symbol, Entry] = {}
        for entry in entries:
            known = self._entries.get(entry.symbol)
            self._entries[entry.symbol] = known.joined(entry) if known else entry

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, symbol: Symbol) -> Entry | None:
        """The entry of ``symbol``, if it is known."""
        return self._entries.get(symbol)
