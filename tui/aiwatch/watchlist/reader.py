"""Watchlist files read from disk: one file strictly, or whole folders with every problem kept apart.

``watchlists/README.md`` is the format's reference.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from aiwatch.errors import FileError, Problem
from aiwatch.files.characters import one_line
from aiwatch.files.toml_document import Document, Parse, Table, parse_toml
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.format import LIST
from aiwatch.watchlist.naming import with_names
from aiwatch.watchlist.stock_reader import read_columns, read_name, read_stock, read_symbol, read_symbols


class WatchlistFolder(Struct, frozen=True):
    """The good lists of some folders in the order of their tabs, and everything wrong with the others."""

    lists: tuple[Watchlist, ...]
    problems: tuple[Problem, ...] = ()

    def find(self, key: str) -> Watchlist | None:
        """The list called ``key``: by its file name without ``.toml``, else by the name of its tab, in any case."""
        wanted = key.casefold()
        by_key = {watchlist.key.casefold(): watchlist for watchlist in self.lists}
        by_name = {watchlist.name.casefold(): watchlist for watchlist in self.lists}
        return by_key.get(wanted) or by_name.get(wanted)


class ListFile(Struct, frozen=True):
    """A watchlist as its file has it, and ``slips``: what is wrong there and costs no more than a text."""

    watchlist: Watchlist
    slips: tuple[Problem, ...] = ()


def read_watchlist(path: Path, parse: Parse = parse_toml) -> Watchlist:
    """Read one watchlist file.

    Raises `FileError` with every problem in it: unknown, missing or wrong keys, symbols that cannot be, symbols given
    twice. What is wrong with a text that is for people alone costs that text; `read_list_file` has that too.
    """
    return read_list_file(path, parse).watchlist


def read_list_file(path: Path, parse: Parse = parse_toml) -> ListFile:
    """Read one watchlist file with its slips. Raises `FileError` as `read_watchlist` does."""
    return _checked(Document.read(path, parse))


def parse_watchlist(path: Path, text: str) -> Watchlist:
    """The watchlist that ``text`` would be in the file ``path``. Raises `FileError` as `read_watchlist` does."""
    return parse_list_file(path, text).watchlist


def parse_list_file(path: Path, text: str) -> ListFile:
    """What ``text`` would be in the file ``path``. Raises `FileError` as `read_watchlist` does."""
    return _checked(Document(path, text))


def name_of(path: Path) -> str:
    """A list's name from its file's: ``my_stocks.txt`` is ``My stocks``."""
    words = one_line(path.name.lstrip(".").split(".")[0].replace("_", " ").replace("-", " "))
    return words[:1].upper() + words[1:] if words else "Imported"


def _checked(document: Document) -> ListFile:
    path = document.path
    root = document.root()
    root.allow(LIST.names)
    name = read_name(root) or name_of(path)
    description = root.words("description")
    order = root.whole("order") if "order" in root.values else None
    benchmark = read_symbol(root, "benchmark") if "benchmark" in root.values else None
    columns = read_columns(root)
    if not root.values:
        root.complain("", 'there is nothing in the file: write symbols = ["NVDA", "600519.SS"], or a [[stock]]')
    stocks = _stocks(root, document.tables("stock"))
    document.check()
    watchlist = Watchlist(path.stem, name, description, stocks, path, order, benchmark, columns)
    return ListFile(watchlist, tuple(sorted(set(document.slips))))


def read_watchlists(*folders: Path, parse: Parse = parse_toml) -> WatchlistFolder:
    """Read every ``*.toml`` of ``folders``; a bad file is a problem and does not hide the others.

    A stock that its list does not name has the name that another list gives it.

    A good list takes the place of one with the same key in an earlier folder. A folder that is not there is empty;
    one that cannot be listed is a problem.
    """
    lists: dict[str, Watchlist] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in _toml_files(folder, problems):
            try:
                read = read_list_file(path, parse)
                lists[path.stem] = read.watchlist
                problems += read.slips
            except FileError as error:
                problems += error.problems
    return WatchlistFolder(with_names(sorted(lists.values(), key=tab_order)), tuple(problems))


def _toml_files(folder: Path, problems: list[Problem]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(folder, 1, f"cannot be listed: {error.strerror or error}"))
        return []


def tab_order(watchlist: Watchlist) -> tuple[bool, int, str]:
    """What lists are sorted by: those with an order first, the lowest leftmost, the others by their key."""
    return watchlist.order is None, watchlist.order or 0, watchlist.key


def _stocks(root: Table, tables: list[Table]) -> tuple[Stock, ...]:
    first_lines: dict[Symbol, int] = {}
    stocks = []
    for at, (symbol, line) in enumerate(read_symbols(root)):
        if symbol in first_lines:
            root.complain("symbols", _twice(symbol, first_lines[symbol]), at)
            continue
        first_lines[symbol] = line
        stocks.append(Stock(symbol, symbol.text, line=line, is_named=False))
    for table in tables:
        stock = read_stock(table)
        if stock is None:
            continue
        if stock.symbol in first_lines:
            table.complain("symbol", _twice(stock.symbol, first_lines[stock.symbol]))
            continue
        first_lines[stock.symbol] = table.line_of("symbol")
        stocks.append(stock)
    return tuple(stocks)


def _twice(symbol: Symbol, line: int) -> str:
    return f"symbol {symbol.text!r} is already in this list, at line {line}"
