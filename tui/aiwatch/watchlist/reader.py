"""Watchlist files read from disk: one file strictly, or whole folders with every problem kept apart.

``watchlists/README.md`` is the format's reference.

Reads one stock of a watchlist file, strictly: every problem is noted at its line, none is raised.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from aiwatch.errors import FileError, Problem, SymbolError
from aiwatch.files.bounded import control_in, one_line
from aiwatch.files.toml_document import Document, Parse, Table, parse_toml, shown, unknown_name
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import AlertRules, Stock, Watchlist, with_names
from aiwatch.watchlist.format import ALERT, LIST, STOCK

_ANY = float("-inf")


def read_stock(table: Table) -> Stock | None:
    """The stock of a ``[[stock]]`` table; ``None`` when it has no symbol that can be read."""
    table.allow(STOCK.names)
    symbol = read_symbol(table, "symbol")
    name = read_name(table)
    name_zh, role, printed_as, note = map(table.words, ("name_zh", "role", "printed_as", "note"))
    tags = _tags(table)
    quantity = table.optional_number("quantity", least=_ANY)
    if quantity == 0:
        table.add_problem("quantity", "'quantity' must not be 0: leave the key out")
    cost = table.optional_number("cost")
    alerts = _alerts(table)
    if symbol is None:
        return None
    return Stock(
        symbol,
        name or symbol.text,
        name_zh,
        role,
        printed_as,
        note,
        tags,
        quantity,
        cost,
        alerts,
        bool(name),
    )


def read_name(table: Table) -> str:
    """The name of a list or a stock, empty when absent; one that is no text, or none to read, is a slip."""
    name = table.words("name")
    value = table.values.get("name")
    if isinstance(value, str) and not value.strip():
        table.slip("name", "'name' is empty")
    return name.strip() and name


def read_symbols(table: Table) -> list[tuple[Symbol, int]]:
    """The symbols under ``symbols``, each with its number among them; what is no text there is left out, a slip."""
    value = table.values.get("symbols", [])
    if not isinstance(value, list):
        table.texts("symbols")  # says so
        return []
    symbols = []
    for at, text in enumerate(value):
        if not isinstance(text, str):
            table.slip("symbols", f"{shown(text)} is no symbol: write it in quotes", at)
            continue
        try:
            symbols.append((symbol_of(text), at))
        except SymbolError as error:
            table.add_problem("symbols", f"{error}; {error.hint}", at)
    return symbols


def _tags(table: Table) -> tuple[str, ...]:
    """The tags; one with a control character in it is left out, which is a slip."""
    value = table.values.get("tags")
    for tag in filter(lambda tag: isinstance(tag, str), value if isinstance(value, list) else ()):
        if control := control_in(tag):
            table.slip("tags", f"a tag has a control character in it (U+{ord(control):04X})")
    return _distinct(table, "tags", without_controls=True)


def read_symbol(table: Table, key: str) -> Symbol | None:
    """The symbol under ``key``, in any of its forms; ``None`` when it is missing or none."""
    text = table.text(key)
    if not text.strip():
        return None
    try:
        return symbol_of(text)
    except SymbolError as error:
        table.add_problem(key, f"{error}; {error.hint}")
        return None


def read_columns(table: Table, columns: Collection[str] | None) -> tuple[str, ...]:
    """The keys of the board's columns that a list asks for, which must be among ``columns``; empty for the usual ones.
    ``None`` takes any key."""
    keys = _distinct(table, "columns")
    for key in keys if columns is not None else ():
        if columns is not None and key not in columns:
            table.add_problem("columns", unknown_name("column", key, tuple(columns)))
    return keys


def _distinct(table: Table, key: str, *, without_controls: bool = False) -> tuple[str, ...]:
    """A list of texts, none of them empty and none twice."""
    texts = table.texts(key, (), without_controls=without_controls)
    seen: set[str] = set()
    for text in texts:
        if not text.strip():
            table.add_problem(key, f"{key!r} has an empty text in it")
        elif text in seen:
            table.add_problem(key, f"{key!r} has {text!r} twice")
        seen.add(text)
    return texts


def _alerts(stock: Table) -> AlertRules | None:
    table = stock.table("alerts")
    if table is None:
        return None
    table.allow(ALERT.names)
    above, below, change, ratio = (
        _positive(table, key) for key in ("above", "below", "change_percent", "volume_ratio")
    )
    if above is not None and below is not None and above <= below:
        table.add_problem("above", f"'above' is {above:g} and 'below' {below:g}: 'above' must be the greater one")
    return AlertRules(above, below, change, table.flag("limit", False), ratio)


def _positive(table: Table, key: str) -> float | None:
    value = table.optional_number(key, least=_ANY)
    if value is not None and value <= 0:
        table.add_problem(key, f"{key!r} must be more than 0, not {value:g}")
        return None
    return value


class WatchlistFolder(Struct, frozen=True):
    """The good lists of some folders in the order of their tabs, and everything wrong with the others."""

    lists: tuple[Watchlist, ...]
    problems: tuple[Problem, ...] = ()

    def find(self, key: str) -> Watchlist | None:
        """The list called ``key``: by its file name without ``.toml``, else by the name of its tab, in any case."""
        name = key.casefold()
        by_key = {watchlist.key.casefold(): watchlist for watchlist in self.lists}
        by_name = {watchlist.name.casefold(): watchlist for watchlist in self.lists}
        return by_key.get(name) or by_name.get(name)


class ListFile(Struct, frozen=True):
    """A watchlist as its file has it, and ``slips``: what is wrong there and costs no more than a text."""

    watchlist: Watchlist
    slips: tuple[Problem, ...] = ()


def read_watchlist(path: Path, parse: Parse = parse_toml, columns: Collection[str] | None = None) -> Watchlist:
    """Read one watchlist file.

    Raises `FileError` with every problem in it: unknown, missing or wrong keys, symbols that cannot be, symbols given
    twice, columns that are not among ``columns``, the keys of the board's (``None`` takes any). What is wrong with a
    text that is for people alone costs that text; `read_list_file` has that too.
    """
    return read_list_file(path, parse, columns).watchlist


def read_list_file(path: Path, parse: Parse = parse_toml, columns: Collection[str] | None = None) -> ListFile:
    """Read one watchlist file with its slips. Raises `FileError` as `read_watchlist` does."""
    return _checked(Document.read(path, parse), columns)


def parse_watchlist(path: Path, text: str) -> Watchlist:
    """The watchlist that ``text`` would be in the file ``path``, with any columns. Raises `FileError` as
    `read_watchlist` does."""
    return parse_list_file(path, text).watchlist


def parse_list_file(path: Path, text: str, columns: Collection[str] | None = None) -> ListFile:
    """What ``text`` would be in the file ``path``. Raises `FileError` as `read_watchlist` does."""
    return _checked(Document(path, text), columns)


def name_of(path: Path) -> str:
    """A list's name from its file's: ``my_stocks.txt`` is ``My stocks``."""
    words = one_line(path.name.lstrip(".").split(".")[0].replace("_", " ").replace("-", " "))
    return words[:1].upper() + words[1:] if words else "Imported"


def _checked(document: Document, columns: Collection[str] | None) -> ListFile:
    path = document.path
    root = document.root()
    root.allow(LIST.names)
    name = read_name(root) or name_of(path)
    description = root.words("description")
    order = root.whole("order") if "order" in root.values else None
    benchmark = read_symbol(root, "benchmark") if "benchmark" in root.values else None
    chosen = read_columns(root, columns)
    if not root.values:
        root.add_problem("", 'there is nothing in the file: write symbols = ["NVDA", "600519.SS"], or a [[stock]]')
    stocks = _stocks(root, document.tables("stock"))
    document.check()
    watchlist = Watchlist(path.stem, name, description, stocks, path, order, benchmark, chosen)
    return ListFile(watchlist, tuple(sorted(set(document.slips))))


def read_watchlists(
    *folders: Path, parse: Parse = parse_toml, columns: Collection[str] | None = None
) -> WatchlistFolder:
    """Read every ``*.toml`` of ``folders``; a bad file is a problem and does not hide the others. ``columns`` are the
    keys of the board's, which alone a list may ask for; ``None`` takes any.

    A stock that its list does not name has the name that another list gives it.

    A good list takes the place of one with the same key in an earlier folder. A folder that is not there is empty;
    one that cannot be listed is a problem.
    """
    lists: dict[str, Watchlist] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in _toml_files(folder, problems):
            try:
                read = read_list_file(path, parse, columns)
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
    first: dict[Symbol, tuple[Table, str, int]] = {}
    stocks = []
    for symbol, at in read_symbols(root):
        if symbol in first:
            root.add_problem("symbols", _twice(symbol, *first[symbol]), at)
            continue
        first[symbol] = root, "symbols", at
        stocks.append(Stock(symbol, symbol.text, is_named=False))
    for table in tables:
        stock = read_stock(table)
        if stock is None:
            continue
        if stock.symbol in first:
            table.add_problem("symbol", _twice(stock.symbol, *first[stock.symbol]))
            continue
        first[stock.symbol] = table, "symbol", 0
        stocks.append(stock)
    return tuple(stocks)


def line_of(path: Path, symbols: Collection[Symbol]) -> int:
    """The line (from 1) of the list file at ``path`` that has the first of ``symbols``; 1 where none has. Blocks.

    Few ask for it, so that a list is read without looking for its lines, which is half of the time that it takes.
    """
    try:
        document = Document.read(path)
    except FileError:
        return 1
    root = document.root()
    for symbol, at in read_symbols(root):
        if symbol in symbols:
            return root.line_of("symbols", at)
    tables = document.tables("stock")
    return next((table.line_of() for table in tables if read_symbol(table, "symbol") in symbols), 1)


def _twice(symbol: Symbol, table: Table, key: str, at: int) -> str:
    line = table.line_of(key, at) if key == "symbols" else table.line_of(key)
    return f"symbol {symbol.text!r} is already in this list, at line {line}"
