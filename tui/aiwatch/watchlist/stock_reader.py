"""Reads one stock of a watchlist file, strictly: every problem is noted at its line, none is raised."""

from __future__ import annotations

from aiwatch.errors import SymbolError
from aiwatch.files.characters import control_in
from aiwatch.files.toml_document import Table, unknown_name
from aiwatch.market.spelling.reader import symbol_of
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import AlertRules, Stock
from aiwatch.watchlist.column_keys import COLUMN_KEYS
from aiwatch.watchlist.format import ALERT, STOCK

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
        table.complain("quantity", "'quantity' must not be 0: leave the key out")
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
        table.line_of(),
        note,
        tags,
        quantity,
        cost,
        alerts,
        bool(name),
    )


def read_name(table: Table) -> str:
    """The name of a list or a stock, empty when absent; one with a control character in it is left out, a slip."""
    value = table.values.get("name")
    if isinstance(value, str) and value.strip():
        return table.words("name")
    return table.text("name") if "name" in table.values else ""


def read_symbols(table: Table) -> list[tuple[Symbol, int]]:
    """The symbols under ``symbols``, each with its line."""
    found = []
    for at, text in enumerate(table.texts("symbols", ())):
        line = table.line_of("symbols", at)
        try:
            found.append((symbol_of(text), line))
        except SymbolError as error:
            table.complain("symbols", f"{error}; {error.hint}", at)
    return found


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
        table.complain(key, f"{error}; {error.hint}")
        return None


def read_columns(table: Table) -> tuple[str, ...]:
    """The board's columns that a list asks for; empty for the usual ones."""
    columns = _distinct(table, "columns")
    for column in columns:
        if column not in COLUMN_KEYS:
            table.complain("columns", unknown_name("column", column, COLUMN_KEYS))
    return columns


def _distinct(table: Table, key: str, *, without_controls: bool = False) -> tuple[str, ...]:
    """A list of texts, none of them empty and none twice."""
    texts = table.texts(key, (), without_controls=without_controls)
    seen: set[str] = set()
    for text in texts:
        if not text.strip():
            table.complain(key, f"{key!r} has an empty text in it")
        elif text in seen:
            table.complain(key, f"{key!r} has {text!r} twice")
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
        table.complain("above", f"'above' is {above:g} and 'below' {below:g}: 'above' must be the greater one")
    return AlertRules(above, below, change, table.flag("limit", False), ratio)


def _positive(table: Table, key: str) -> float | None:
    value = table.optional_number(key, least=_ANY)
    if value is not None and value <= 0:
        table.complain(key, f"{key!r} must be more than 0, not {value:g}")
        return None
    return value
