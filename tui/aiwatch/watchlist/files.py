"""Watchlist files read from disk: one file strictly, or whole folders with every problem kept apart.

``watchlists/README.md`` is the format's reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiwatch.errors import FileError, Problem, SymbolError
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import Symbol
from aiwatch.tables import Document, Table
from aiwatch.watchlist import Stock, Watchlist

LIST_KEYS = ("name", "description", "order", "stock")
STOCK_KEYS = ("symbol", "name", "name_zh", "role", "printed_as")


@dataclass(frozen=True, slots=True)
class WatchlistFolder:
    """The good lists of some folders in the order of their tabs, and everything wrong with the others."""

    lists: tuple[Watchlist, ...]
    problems: tuple[Problem, ...] = ()

    def find(self, key: str) -> Watchlist | None:
        """The list called ``key``: by its file name without ``.toml``, else by the name of its tab, in any case."""
        wanted = key.casefold()
        by_key = {watchlist.key.casefold(): watchlist for watchlist in self.lists}
        by_name = {watchlist.name.casefold(): watchlist for watchlist in self.lists}
        return by_key.get(wanted) or by_name.get(wanted)


def read_watchlist(path: Path) -> Watchlist:
    """Read one watchlist file.

    Raises `FileError` with every problem in it: unknown, missing or wrong keys, control characters, symbols that
    cannot be, symbols given twice.
    """
    document = Document.read(path)
    root = document.root()
    root.allow(LIST_KEYS)
    name = root.text("name")
    description = root.text("description")
    order = root.whole("order") if "order" in root.values else None
    stocks = _stocks(document.tables("stock"))
    document.check()
    return Watchlist(path.stem, name, description, stocks, path, order)


def read_watchlists(*folders: Path) -> WatchlistFolder:
    """Read every ``*.toml`` of ``folders``; a bad file is a problem and does not hide the others.

    A good list takes the place of one with the same key in an earlier folder. A folder that is not there is empty;
    one that cannot be listed is a problem.
    """
    lists: dict[str, Watchlist] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in _toml_files(folder, problems):
            try:
                lists[path.stem] = read_watchlist(path)
            except FileError as error:
                problems += error.problems
    return WatchlistFolder(tuple(sorted(lists.values(), key=_tab_order)), tuple(problems))


def _toml_files(folder: Path, problems: list[Problem]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(folder, 1, f"cannot be listed: {error.strerror or error}"))
        return []


def _tab_order(watchlist: Watchlist) -> tuple[bool, int, str]:
    return watchlist.order is None, watchlist.order or 0, watchlist.key


def _stocks(tables: list[Table]) -> tuple[Stock, ...]:
    first_lines: dict[Symbol, int] = {}
    stocks = []
    for table in tables:
        table.allow(STOCK_KEYS)
        symbol = _symbol(table)
        name = table.text("name")
        name_zh, role, printed_as = (table.text(key, "") for key in STOCK_KEYS[2:])
        if symbol is None:
            continue
        if symbol in first_lines:
            table.complain("symbol", f"symbol {symbol.text!r} is already in this list, at line {first_lines[symbol]}")
            continue
        first_lines[symbol] = table.line_of("symbol")
        stocks.append(Stock(symbol, name, name_zh, role, printed_as, table.line_of()))
    return tuple(stocks)


def _symbol(table: Table) -> Symbol | None:
    text = table.text("symbol")
    if not text.strip():
        return None
    try:
        return symbol_of(text)
    except SymbolError as error:
        table.complain("symbol", f"{error}; {error.hint}")
        return None
