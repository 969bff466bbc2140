"""Which source is asked for which symbol: the first of its order that is neither resting nor ignorant of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aiwatch.market.data_sources import order_for
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Source


def order(symbol: Symbol) -> tuple[str, ...]:
    """The names of the sources for ``symbol``, best first: who is without delay, then who may be asked oftener."""
    return order_for(symbol.exchange.code)


class Router:
    """Assigns each followed symbol to one source. ``resting`` says whether a source should not be asked for a symbol.

    ``version`` grows with whatever was learned of who knows what, so that an assignment can be kept until then.
    """

    def __init__(self, sources: Iterable[Source], resting: Callable[[str, Symbol], bool]) -> None:
        self.version = 0
        self._sources = {source.name: source for source in sources}
        self._resting = resting
        self._orders: dict[str, list[str]] = {}
        self._ignorant: dict[Symbol, set[str]] = {}
        self._doubted: dict[Symbol, set[str]] = {}

    def candidates(self, symbol: Symbol) -> list[str]:
        """The sources that may know ``symbol`` and are there, best first."""
        code = symbol.exchange.code
        names = self._orders.get(code)
        if names is None:
            names = self._orders[code] = [name for name in order_for(code) if name in self._sources]
        return [name for name in names if self._sources[name].covers(symbol)]

    def source_of(self, symbol: Symbol) -> str | None:
        """The source to ask now; ``None`` when every one said that it does not know the symbol.

        One whose word on the symbol was not believed is asked again when there is no other.
        """
        ignorant, doubted = self._ignorant.get(symbol, ()), self._doubted.get(symbol, ())
        knowing = [name for name in self.candidates(symbol) if name not in ignorant]
        awake = [name for name in knowing if not self._resting(name, symbol)]
        believed = [name for name in awake if name not in doubted]
        preferred = believed or awake or knowing
        return preferred[0] if preferred else None

    def assignment(self, symbols: Sequence[Symbol]) -> dict[str, list[Symbol]]:
        """Which of ``symbols`` each source is to be asked for now, by the source's name."""
        assigned: dict[str, list[Symbol]] = {name: [] for name in self._sources}
        for symbol in symbols:
            name = self.source_of(symbol)
            if name is not None:
                assigned[name].append(symbol)
        return assigned

    def note_unknown(self, name: str, symbols: Iterable[Symbol]) -> None:
        """The source called ``name`` does not know ``symbols``: they move on to the next."""
        for symbol in symbols:
            self._ignorant.setdefault(symbol, set()).add(name)
        self.version += 1

    def note_doubted(self, name: str, symbols: Iterable[Symbol]) -> None:
        """What the source called ``name`` says of ``symbols`` was not believed: the next is asked, for now."""
        for symbol in symbols:
            self._doubted.setdefault(symbol, set()).add(name)
        self.version += 1

    def note_known(self, symbols: Iterable[Symbol]) -> None:
        """A source priced ``symbols``: whatever was said of them before is forgotten."""
        if not self._ignorant and not self._doubted:
            return
        for symbol in (self._ignorant.keys() | self._doubted.keys()) & set(symbols):
            self._ignorant.pop(symbol, None)
            self._doubted.pop(symbol, None)
            self.version += 1

    def forget(self) -> None:
        """Ask everyone for everything again."""
        self._ignorant.clear()
        self._doubted.clear()
        self.version += 1

    def unknown(self) -> frozenset[Symbol]:
        """The symbols that no source knows."""
        return frozenset(symbol for symbol in self._ignorant if self.source_of(symbol) is None)


def page_of(symbol: Symbol, source: str = "") -> str:
    """The address of the page that shows people ``symbol`` at ``source``, else at the first source that has it."""
    from aiwatch.sources.registry import quote_page  # few look at one

    return quote_page(source or order(symbol)[0], symbol)
