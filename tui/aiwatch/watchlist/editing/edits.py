"""Edits of a watchlist, text in and text out: comments, order, blank lines and quotes stay as a person left them.

Every edit, done, gives the edit that takes it back.

What edits did, in words for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import asdict

from aiwatch.errors import EditError, FileError
from aiwatch.files.toml_positions import Place
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import AlertRules, Stock, Watchlist
from aiwatch.watchlist.editing.source_text import BYTE_ORDER_MARK, Block, Sheet, lines_of
from aiwatch.watchlist.editing.toml_keys import Value, pair, set_key, value_of
from aiwatch.watchlist.format import LIST, STOCK
from aiwatch.watchlist.reader import parse_list_file

_OWN_WORDS = ("note", "tags", "quantity", "cost", "alerts")
"""What only a person can have written; names and roles are known elsewhere too."""
_STOCK: Place = ("stock", 0)


class Edit(Protocol):
    """A change of one watchlist."""

    def apply(self, sheet: Sheet) -> Edit:
        """Make the change, and return the one that takes it back. Raises `EditError` when it cannot be made."""
        ...


class AddStock(Struct, frozen=True):
    """Write a stock down, ``at`` that place (from 0) among the others, else at the end."""

    stock: Stock
    at: int | None = None

    def apply(self, sheet: Sheet) -> Edit:
        """Write it. Raises `EditError` when its symbol is in the list."""
        values = {key: _value(self.stock, key) for key in STOCK.names}
        if sheet.takes_bare_symbols and not any(values[key] for key in _OWN_WORDS):
            values = {"symbol": values["symbol"]}
        pairs = [pair(key, value) for key, value in values.items() if value not in (None, "", ())]
        lines = [f"{line}{sheet.newline}" for line in ("[[stock]]", *pairs)]
        return PutStock(self.stock.symbol, "".join(lines), self.at).apply(sheet)


class PutStock(Struct, frozen=True):
    """Put lines that are a stock, comments and all, ``at`` that place among the others, else at the end."""

    symbol: Symbol
    text: str
    at: int | None = None

    def apply(self, sheet: Sheet) -> Edit:
        """Put them in. Raises `EditError` when the symbol is in the list."""
        if self.symbol in sheet.symbols:
            raise EditError(f"{self.symbol} is in this list already")
        set_key(sheet.preamble, (), LIST, "stock", None, sheet.newline)  # the empty list of a list without stocks
        lines = [line.rstrip("\r\n") + sheet.newline for line in lines_of(self.text)]
        sheet.insert(Block([], lines, self.symbol), len(sheet.symbols) if self.at is None else self.at)
        return RemoveStock(self.symbol)


class RemoveStock(Struct, frozen=True):
    """Take a stock out, with the comments that belong to it; where ``text`` is given, only if it still is that."""

    symbol: Symbol
    text: str | None = None

    def apply(self, sheet: Sheet) -> Edit:
        """Take it out. Raises `EditError` when it is not in the list, or not as ``text`` has it."""
        text = "".join(sheet.lines_of(self.symbol))
        if self.text is not None and self.text != text:
            raise EditError(f"{self.symbol} was changed meanwhile", hint="Look at the file, and try again.")
        at = sheet.symbols.index(self.symbol)
        sheet.remove(self.symbol)
        return PutStock(self.symbol, text, at)


class PlaceStock(Struct, frozen=True):
    """Move a stock ``by`` that many places, down the list if it is positive, or ``to`` the place of that number."""

    symbol: Symbol
    by: int = 0
    to: int | None = None

    def apply(self, sheet: Sheet) -> Edit:
        """Move it, as far as the list goes. Raises `EditError` when it is not in the list."""
        sheet.lines_of(self.symbol)
        now = sheet.symbols.index(self.symbol)
        sheet.move(self.symbol, now + self.by if self.to is None else self.to)
        return PlaceStock(self.symbol, to=now)


class ShiftStocks(Struct, frozen=True):
    """Move stocks one place, ``by`` 1 down the list or by -1 up; those at its end stay, and those behind them."""

    symbols: tuple[Symbol, ...]
    by: int

    def apply(self, sheet: Sheet) -> Edit:
        """Move those that have room. Raises `EditError` when one is not in the list."""
        for symbol in self.symbols:
            sheet.lines_of(symbol)
        order = sheet.symbols if self.by < 0 else list(reversed(sheet.symbols))
        room, moved = 0, []
        for place, symbol in enumerate(order):
            if symbol not in self.symbols:
                continue
            if place > room:
                sheet.move(symbol, sheet.symbols.index(symbol) + self.by)
                moved.append(symbol)
                room = place
            else:
                room = place + 1
        return ShiftStocks(tuple(moved), -self.by)


class SetStockKey(Struct, frozen=True):
    """Give a key of a stock a value, or take the key away with ``None``. ``alerts`` are `AlertRules` or a table."""

    symbol: Symbol
    key: str
    value: Value | AlertRules | None

    def apply(self, sheet: Sheet) -> Edit:
        """Set it. Raises `EditError` when the stock is not in the list."""
        block = sheet.stock(self.symbol)
        before = value_of(block.lines, _STOCK, self.key)
        value = _rules(self.value) if isinstance(self.value, AlertRules) else self.value
        set_key(block.lines, _STOCK, STOCK, self.key, value, sheet.newline)
        return SetStockKey(self.symbol, self.key, before)


class SetListKey(Struct, frozen=True):
    """Give a key of the list a value, or take the key away with ``None``."""

    key: str
    value: Value | None

    def apply(self, sheet: Sheet) -> Edit:
        """Set it."""
        before = value_of(sheet.preamble, (), self.key)
        set_key(sheet.preamble, (), LIST, self.key, self.value, sheet.newline)
        return SetListKey(self.key, before)


class Edited(Struct, frozen=True):
    """What edits made of a text: the new ``text``, the list it is, and the edits that take them back, in order."""

    text: str
    watchlist: Watchlist
    inverse: tuple[Edit, ...]


def edit(path: Path, text: str, edits: Iterable[Edit]) -> Edited:
    """Make ``edits``, one after the other, in ``text``, which stands or is to stand in ``path``.

    Raises `FileError` when ``text`` is no good watchlist, `EditError` when an edit cannot be made or would make it
    a bad one.
    """
    sheet = Sheet.read(path, text)
    slips = Counter(slip.what for slip in parse_list_file(path, text.removeprefix(BYTE_ORDER_MARK)).slips)
    inverse: list[Edit] = []
    for edit in edits:
        inverse.insert(0, edit.apply(sheet))
    new = sheet.text
    try:
        read = parse_list_file(path, new.removeprefix(BYTE_ORDER_MARK))
    except FileError as error:
        raise EditError("; ".join(problem.what for problem in error.problems)) from None
    if made := Counter(slip.what for slip in read.slips) - slips:
        raise EditError("; ".join(made))
    return Edited(new, read.watchlist, tuple(inverse))


def _value(stock: Stock, key: str) -> Value | None:
    value: Value | AlertRules | Symbol | None = getattr(stock, key)
    if key == "name" and not stock.is_named:
        return None
    if isinstance(value, AlertRules):
        return _rules(value)
    return str(value) if isinstance(value, Symbol) else value


def _rules(rules: AlertRules) -> dict[str, float | bool] | None:
    """The rules that ask for something, as a table."""
    return {key: value for key, value in asdict(rules).items() if value} or None


_VERBS: dict[type, tuple[str, str]] = {
    AddStock: ("added", "to"),
    PutStock: ("added", "to"),
    RemoveStock: ("removed", "from"),
    PlaceStock: ("moved", "in"),
    ShiftStocks: ("moved", "in"),
}


def words_of(edits: Sequence[Edit], before: Watchlist, after: Watchlist) -> str:
    """``edits`` in a few words, past tense; the stocks are named as the list has them ``before`` or ``after``."""
    first = edits[0]
    if len({type(edit) for edit in edits}) > 1:
        return f"changed {before.name}"
    if isinstance(first, SetListKey):
        return (
            f"renamed {before.name} to {after.name}" if first.key == "name" else f"changed {first.key} of {before.name}"
        )
    if isinstance(first, SetStockKey):
        what = f"changed {first.key.replace('_', ' ')} of"
        return f"{what} {_stocks([edit.symbol for edit in edits if isinstance(edit, SetStockKey)], before, after)}"
    verb, preposition = _VERBS[type(first)]
    symbols = [symbol for edit in edits for symbol in _symbols(edit)]
    return f"{verb} {_stocks(symbols, before, after)} {preposition} {before.name}"


def _symbols(edit: Edit) -> tuple[Symbol, ...]:
    if isinstance(edit, ShiftStocks):
        return edit.symbols
    symbol = edit.stock.symbol if isinstance(edit, AddStock) else getattr(edit, "symbol", None)
    return () if symbol is None else (symbol,)


def _stocks(symbols: Sequence[Symbol], *lists: Watchlist) -> str:
    """The one stock by its name, several by their number."""
    distinct = list(dict.fromkeys(symbols))
    if len(distinct) > 1:
        return f"{len(distinct)} stocks"
    for stock in (stock for watchlist in lists for stock in watchlist.stocks):
        if stock.symbol == distinct[0]:
            return f"{stock.name} ({stock.symbol})"
    return str(distinct[0])
