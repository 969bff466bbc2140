"""The columns of the quote board: their order, which of them a width has room for, and how wide each is.

All pure: a width and the extent of a list give a layout.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.market.money import SIGNS
from aiwatch.market.quote import Quote
from aiwatch.watchlist import Stock
from aiwatch.widgets.board_cells import Extent
from aiwatch.widgets.text import clip, flush

GUTTER = 1
"""Cells before the first column, where the cursor's mark stands, and after the last."""
NARROW = 60
"""Below this many cells the columns stand one cell apart, else two or three, where that costs no column."""
ARROWS = {False: "↑", True: "↓"}
"""Beside the title of the sorted column: rising and falling."""

_NAME_LEAST, _NAME_FLOOR, _NAME_MOST = 16, 4, 30
_MOST_INTEGERS = 7
_WORDS_SHORT, _WORDS_LONG = 9, 12


class Column(NamedTuple):
    """A column. ``rank`` says when it goes: 0 never, else the highest first. ``falls`` is whether a first sort by
    it begins with the largest."""

    key: str
    title: str
    rank: int
    flush_right: bool = True
    falls: bool = True


COLUMNS = (
    Column("symbol", "Symbol", 1, flush_right=False, falls=False),
    Column("name", "Name", 0, flush_right=False, falls=False),
    Column("last", "Last", 0),
    Column("change_percent", "Chg %", 0),
    Column("change", "Chg", 9),
    Column("volume", "Volume", 8),
    Column("turnover", "Turnover", 2),
    Column("turnover_rate", "T/O %", 6),
    Column("volume_ratio", "Vol.R", 7),
    Column("range", "Range", 5, flush_right=False),
    Column("to_limit", "To limit", 3, falls=False),
    Column("day", "Day", 4, flush_right=False),
    Column("age", "Age", 0, falls=False),
)
"""In the order they stand in; the ranks keep what a glance needs."""
BY_KEY = {column.key: column for column in COLUMNS}


class Placed(NamedTuple):
    """A column of a layout: ``x`` is its first cell, ``width`` its cells."""

    column: Column
    x: int
    width: int

    @property
    def key(self) -> str:
        """The column's key."""
        return self.column.key


class Layout(Struct, frozen=True):
    """Where the columns stand in ``width`` cells, ``gap`` cells apart."""

    width: int
    gap: int
    extent: Extent
    columns: tuple[Placed, ...]

    def at(self, x: int) -> str:
        """The key of the column whose cells, or the gap before them, hold ``x``; empty beside all columns."""
        return next((placed.key for placed in self.columns if placed.x - self.gap <= x < placed.x + placed.width), "")


def measured(stocks: Iterable[Stock], names: Iterable[str]) -> Extent:
    """The extent of a list before any quote: symbols, shown ``names``, currencies and limits."""
    stocks = tuple(stocks)
    if not stocks:
        return Extent()
    currencies = {stock.symbol.currency for stock in stocks}
    return Extent(
        symbol=max(6, *(cell_len(stock.symbol.text) for stock in stocks)),
        name=min(_NAME_MOST, max(4, *(cell_len(name) for name in names))),
        sign=max(len(SIGNS.get(currency, currency)) for currency in currencies),
        limits=any(stock.symbol.daily_limit is not None for stock in stocks),
    )


def widened(extent: Extent, quotes: Iterable[Quote | None]) -> Extent:
    """``extent``, grown to hold the prices of ``quotes``; the same object where nothing grew."""
    integers, decimals = extent.integers, extent.decimals
    ceiling = 10.0**integers
    for quote in quotes:
        if quote is None:
            continue
        if quote.decimals > decimals:
            decimals = quote.decimals
        if quote.last < ceiling - 1:
            continue
        while round(quote.last, quote.decimals) >= ceiling and integers < _MOST_INTEGERS:
            integers += 1
            ceiling *= 10
    if (integers, decimals) == (extent.integers, extent.decimals):
        return extent
    return replace(extent, integers=integers, decimals=decimals)


def _least(key: str, extent: Extent) -> int:
    """The cells a column cannot do without."""
    fixed = {
        "symbol": extent.symbol,
        "name": min(extent.name, _NAME_LEAST),
        "last": extent.price + (2 if extent.limits else 0),
        "change_percent": 7,
        "change": extent.price + 1,
        "volume": 7,
        "turnover": max(8, extent.sign + 7),
        "turnover_rate": 5,
        "volume_ratio": 5,
        "range": 8,
        "to_limit": 10,
        "day": 6,
        "age": _WORDS_SHORT,
    }
    return fixed[key]


def lay_out(width: int, extent: Extent) -> Layout:
    """The columns that fit ``width`` cells, by rank; spare cells go to names first, then to the day's line."""
    gap, widths = 1, _chosen(min(width, NARROW - 1), 1, extent)
    if width >= NARROW:
        apart = _chosen(width, 2, extent)
        if len(apart) >= len(widths):
            gap, widths = 2, apart
    gap = _spread(widths, width, gap, extent)
    placed, x = [], GUTTER
    for column in COLUMNS:
        if column.key in widths:
            placed.append(Placed(column, x, widths[column.key]))
            x += widths[column.key] + gap
    return Layout(width, gap, extent, tuple(placed))


def _chosen(width: int, gap: int, extent: Extent) -> dict[str, int]:
    """The columns that fit, with the least cells of each."""
    widths = {column.key: _least(column.key, extent) for column in COLUMNS if column.rank == 0}
    _squeeze(widths, width, gap)
    for column in sorted(COLUMNS, key=lambda column: column.rank):
        if column.rank == 0 or (column.key == "to_limit" and not extent.limits):
            continue
        least = _least(column.key, extent)
        if _total(widths, gap) + gap + least > width:
            break
        widths[column.key] = least
    return widths


def _total(widths: dict[str, int], gap: int) -> int:
    return 2 * GUTTER + sum(widths.values()) + gap * (len(widths) - 1)


def _squeeze(widths: dict[str, int], width: int, gap: int) -> None:
    """Make the columns that never go fit a width made for none of them: a shorter name, then fewer columns."""
    over = _total(widths, gap) - width
    if over > 0:
        widths["name"] = max(min(_NAME_FLOOR, widths["name"]), widths["name"] - over)
    for key in ("age", "change_percent"):
        if _total(widths, gap) > width:
            del widths[key]


def _spread(widths: dict[str, int], width: int, gap: int, extent: Extent) -> int:
    """Give the spare cells away, in place; returns the gap, wider by one where there is plenty."""

    def grow(key: str, most: int) -> None:
        if key in widths:
            spare = max(0, width - _total(widths, gap))
            widths[key] += min(spare, max(0, most - widths[key]))

    grow("name", extent.name)
    grow("age", _WORDS_LONG)
    grow("day", 12)
    if width >= NARROW and _total(widths, gap + 1) <= width:
        gap += 1
    grow("range", 14)
    grow("day" if "day" in widths else "name", width)
    return gap


def header_texts(layout: Layout, sort_key: str, sort_reverse: bool) -> tuple[tuple[str, bool], ...]:
    """The header line in pieces, each with whether it is the sorted column's; together as wide as the layout.

    A title on the right has the arrow before it, in the gap if need be, so that no title moves or is cut.
    """
    pieces: list[tuple[str, bool]] = []
    end = 0
    for column, x, width in layout.columns:
        arrow = ARROWS[sort_reverse] if column.key == sort_key else ""
        tail = 2 if column.key == "last" and layout.extent.limits else 0
        if column.flush_right:
            text = flush(arrow + column.title, x + width - end - tail) + " " * tail
        else:
            text = " " * (x - end) + clip(column.title + arrow, width)
        pieces.append((text, bool(arrow)))
        end = x + width
    pieces.append((" " * max(0, layout.width - end), False))
    return tuple(pieces)
