"""Tables of stocks in CSV: Yahoo's portfolios and what `aiwatch export` writes.

Yahoo's have a line for each purchase, or sale where ``Transaction Type`` says so: ``Purchase Price`` and
``Commission`` in the stock's currency, ``Quantity`` in shares, ``Trade Date`` as YYYYMMDD, ``High Limit`` and ``Low
Limit`` as prices that raise an alert, ``Comment``. Its other columns are prices of the day.

Lists of symbols in plain text: one a line or with commas between, and TradingView's, which are the same.

``#`` begins a comment, ``###`` a section of TradingView's, which becomes a list of its own.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal

from aiwatch.errors import FileError, Problem
from aiwatch.files.csv_rows import Row, doubt_of, has_decimal_commas, rows_of
from aiwatch.formatting.spreadsheets import unguarded
from aiwatch.watchlist import AlertRules
from aiwatch.watchlist.format import ALERT
from aiwatch.watchlist.imports.collector import Gathering, Mention, Section, is_number, is_symbol
from aiwatch.watchlist.imports.detect import SYMBOL_COLUMNS, header_of
from aiwatch.watchlist.positions import Lot

_MEANINGS = {
    **dict.fromkeys(SYMBOL_COLUMNS, "symbol"),
    "comment": "note",
    "shares": "quantity",
    "purchase price": "cost",
    "unit_cost": "cost",
    "high limit": "alerts.above",
    "low limit": "alerts.below",
    "trade date": "date",
    "transaction type": "trade",
}
_PRICES = ("current price", "date", "time", "change", "open", "high", "low", "volume")
_TEXTS = ("name", "name_zh", "role", "printed_as", "note")
_ALERTS = tuple(f"alerts.{name}" for name in ALERT.names)
_LEVELS = tuple(name for name in _ALERTS if name != "alerts.limit")
_KEPT = ("symbol", *_TEXTS, "tags", "quantity", "cost", "commission", "date", "trade", *_ALERTS)
_NUMBERS = ("quantity", "cost", "commission", *_LEVELS)
_TRADES = {"": 1, "buy": 1, "sell": -1, "buy to cover": 1, "sell short": -1}
_TRUE = ("true", "yes", "1")


def read_csv(text: str, gathering: Gathering) -> None:
    """Read a table: one list. Raises `FileError` when no column has symbols."""
    header = header_of(text)
    if header is None:
        raise FileError([Problem(gathering.path, 1, "no column is called Symbol")])
    delimiter, names = header
    columns = [_MEANINGS.get(name, name) if name not in _PRICES else "" for name in names]
    twice = [column for at, column in enumerate(columns) if column in _KEPT and column in columns[:at]]
    if twice:
        raise FileError([Problem(gathering.path, 1, f"two columns mean the same: {', '.join(dict.fromkeys(twice))}")])
    left = [name for name, column in zip(names, columns, strict=True) if column and column not in _KEPT]
    if left:
        gathering.add_problem(1, f"columns that are not kept: {', '.join(left)}")
    _read_rows(text, delimiter, columns, gathering)


def _read_rows(text: str, delimiter: str, columns: list[str], gathering: Gathering) -> None:
    section = gathering.section()
    lots: dict[int, list[tuple[str, Lot]]] = {}
    at = columns.index("symbol")
    least = min(2, len(columns))
    rows = rows_of(text, delimiter, lambda cells: len(cells) >= max(least, at + 1) and _begins_row(cells[at]))
    next(rows, None)  # the head
    fitted = [(row, _fitted(row, columns, delimiter, gathering)) for row in rows]
    has_commas = has_decimal_commas((row for row, _ in fitted), delimiter)
    for row, cells in fitted:
        if any(map(str.strip, cells)):
            values = {column: unguarded(cell.strip()) for column, cell in zip(columns, cells, strict=False) if column}
            if has_commas:
                _leave_out_thousands(values, row.line, gathering)
            _read_row(values, row.line, gathering, section, lots)
    for mention in section.mentions.values():
        dated = sorted(lots.get(id(mention), []), key=lambda dated_lot: dated_lot[0])
        mention.lots = [lot for _, lot in dated]
    if any(date for dated in lots.values() for date, _ in dated):
        gathering.add_problem(1, "trade dates are not kept: a position has one quantity and one average cost")


def _leave_out_thousands(values: dict[str, str], line: int, gathering: Gathering) -> None:
    """Leave figures such as ``1.000`` out, which may be a thousand in a table that has ``150,25`` elsewhere."""
    for key in _NUMBERS:
        if doubt := doubt_of(values.get(key, "")):
            gathering.add_problem(line, f"{key} {values.pop(key)!r} {doubt}")


def _begins_row(cell: str) -> bool:
    """Whether ``cell`` is what stands under Symbol in a row, and no word of a text."""
    text = cell.strip()
    return text == text.upper() and is_symbol(text)


def _fitted(row: Row, columns: list[str], delimiter: str, gathering: Gathering) -> tuple[str, ...]:
    """The cells of ``row`` as the head has them. What cannot be distinguished for certain is not kept, with a problem.

    A delimiter too many is part of a text where only one column has texts, as Yahoo's ``Comment``.
    """
    if row.damage:
        gathering.add_problem(row.line, f"{row.damage}: what is behind it is not kept")
        return row.cells
    if row.last > row.line and any("\n" in cell and delimiter in cell for cell in row.cells):
        gathering.add_problem(row.line, f"a text in quotes goes on to line {row.last}, and is read as one line")
    cells, more = row.cells, len(row.cells) - len(columns)
    if more <= 0 or not any(map(str.strip, cells[len(columns) :])):
        return cells[: len(columns)]
    texts = [at for at, column in enumerate(columns) if column in _TEXTS]
    if len(texts) == 1:
        at = texts[0]
        joined = (*cells[:at], delimiter.join(cells[at : at + more + 1]), *cells[at + more + 1 :])
        if _fits(joined, columns):
            return joined
    sure = min(texts, default=len(columns))
    gathering.add_problem(
        row.line, f"{len(cells)} cells under a head of {len(columns)}: {len(cells) - sure} of them are not kept"
    )
    return cells[:sure]


def _fits(cells: tuple[str, ...], columns: list[str]) -> bool:
    """Whether what is known of each column may stand there."""
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    return row.get("trade", "").casefold() in _TRADES and all(is_number(row.get(key, "")) for key in _NUMBERS)


def _read_row(
    row: dict[str, str], line: int, gathering: Gathering, section: Section, lots: dict[int, list[tuple[str, Lot]]]
) -> None:
    text = row.get("symbol", "")
    if not text:
        return gathering.add_problem(line, "a line without a symbol")
    if text.startswith("$$"):
        return gathering.add_problem(line, f"{text!r} is cash, which a watchlist does not keep")
    sign = _TRADES.get(row.get("trade", "").casefold())
    if sign is None:
        return gathering.add_problem(line, f"{row['trade']!r} of {text} is neither a purchase nor a sale")
    quantity, price, fee = (gathering.number(row.get(key, ""), line, key) for key in ("quantity", "cost", "commission"))
    mention = section.find(text, line) if quantity else section.add(text, line)
    if mention is None:
        return None
    _describe(mention, row, line, gathering)
    lot = gathering.lot(_signed(quantity, sign), price, fee, line)
    if lot is not None:
        lots.setdefault(id(mention), []).append((row.get("date", ""), lot))
    return None


def _signed(quantity: Decimal | None, sign: int) -> Decimal | None:
    """A sale's quantity below zero, whichever way the file writes it."""
    return quantity if quantity is None or sign > 0 else -abs(quantity)


def _describe(mention: Mention, row: dict[str, str], line: int, gathering: Gathering) -> None:
    for key in _TEXTS:
        if row.get(key) and not getattr(mention, key):
            setattr(mention, key, row[key])
        elif row.get(key) and row[key] != getattr(mention, key):
            gathering.add_problem(line, f"a second {key} of {mention.symbol} is not kept: {row[key]!r}")
    tags = (unguarded(tag.strip()) for tag in _parted(row.get("tags", "")))
    mention.tags |= dict.fromkeys(filter(None, tags))
    if mention.alerts is None:
        mention.alerts = _rules(row, line, gathering)


def _parted(text: str) -> list[str]:
    """The tags between semicolons."""
    try:
        return next(csv.reader([text], delimiter=";"), [])
    except csv.Error:  # longer than any tag is
        return text.split(";")


def _rules(row: dict[str, str], line: int, gathering: Gathering) -> AlertRules | None:
    limits = {key.removeprefix("alerts."): row[key] for key in _ALERTS if row.get(key)}
    limit = limits.pop("limit", "").casefold() in _TRUE
    levels: dict[str, float] = {}
    for key, text in limits.items():
        number = gathering.number(text, line, key)
        if number is not None and number <= 0:
            gathering.add_problem(line, f"{key} {number} is not kept: it must be more than 0")
        elif number is not None:
            levels[key] = float(number)
    if "above" in levels and levels["above"] <= levels.get("below", 0):
        gathering.add_problem(line, f"neither limit is kept: {levels['above']:g} is not above {levels['below']:g}")
        del levels["above"], levels["below"]
    return AlertRules(limit=limit, **levels) if levels or limit else None


_BETWEEN = re.compile(r"[,;\t]")


def read_text(text: str, gathering: Gathering) -> None:
    """Read ``text``: one list, or one for each section."""
    section = gathering.section()
    for number, line in enumerate(text.split("\n"), start=1):
        for piece in _pieces(line):
            section = _read_piece(piece, number, gathering, section)


def _pieces(line: str) -> list[str]:
    """The parts of ``line`` between commas, without a comment at its end."""
    pieces = []
    for piece in _BETWEEN.split(line):
        text = piece.strip()
        if not text.startswith("###") and "#" in text:
            pieces.append(text.partition("#")[0].strip())
            break
        pieces.append(text)
    return pieces


def _read_piece(piece: str, number: int, gathering: Gathering, section: Section) -> Section:
    if piece.startswith("###"):
        return gathering.section(piece.strip("# "))
    if piece:
        section.add(piece, number)
    return section
