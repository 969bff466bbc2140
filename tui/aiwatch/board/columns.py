"""The columns of the quote board: their order, which of them a width has room for, and how wide each is.

All pure: a width, the extent of a list and the columns wanted give a layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.board.cells import ALERTED, Extent
from aiwatch.board.rows import Order
from aiwatch.formatting.text import clip, flush
from aiwatch.market.money import SIGNS
from aiwatch.market.quote import Quote
from aiwatch.watchlist import Stock

GUTTER = 1
"""Cells before the first column, where the cursor's mark stands, and after the last."""
NARROW = 60
"""Below this many cells the columns stand one cell apart, else two or three, where that costs no column."""
ARROWS = {False: "↑", True: "↓"}
"""Beside the title of the sorted column: rising and falling."""
SMALL = "¹²³"
"""Beside the arrow, where a list is sorted by several columns."""

_NAME_LEAST, _NAME_FLOOR, _NAME_MOST = 16, 4, 30
_TEXT_MOST = 24
_MOST_INTEGERS = 7
_WORDS_SHORT, _WORDS_LONG = 9, 12


class Column(NamedTuple):
    """A column. ``rank`` says when it goes: 0 never, else the highest first, and of equals the last. ``falls`` is
    whether a first sort by it begins with the largest."""

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
"""The usual ones in the order they stand in; the ranks keep what a glance needs."""
FURTHER = (
    Column("quantity", "Qty", 1),
    Column("cost", "Cost", 1),
    Column("value", "Value", 1),
    Column("day_gain", "Day P/L", 1),
    Column("gain", "P/L", 1),
    Column("gain_percent", "P/L %", 1),
    Column("open", "Open", 1),
    Column("high", "High", 1),
    Column("low", "Low", 1),
    Column("previous_close", "Prev", 1),
    Column("amplitude", "Ampl %", 1),
    Column("bid", "Bid", 1),
    Column("ask", "Ask", 1),
    Column("vwap", "VWAP", 1),
    Column("high_52w", "52w high", 1),
    Column("low_52w", "52w low", 1),
    Column("pe", "PE", 1, falls=False),
    Column("market_cap", "Mkt cap", 1),
    Column("role", "Role", 1, flush_right=False, falls=False),
    Column("tags", "Tags", 1, flush_right=False, falls=False),
)
"""Those that stand only where they were asked for, and therefore stay longer than the usual ones."""
BY_KEY = {column.key: column for column in (*COLUMNS, *FURTHER)}
USUAL = tuple(column.key for column in COLUMNS)
ALWAYS = "age"
"""The column that no choice leaves out: a price does not stand there without saying how old it is."""


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
    """Where the columns stand in ``width`` cells, ``gap`` cells apart; ``words`` are the cells of the column that says
    how old a price is, 0 where there is none."""

    width: int
    gap: int
    extent: Extent
    columns: tuple[Placed, ...]
    words: int = 0

    def at(self, x: int) -> str:
        """The key of the column whose cells, or the gap before them, hold ``x``; empty beside all columns."""
        return next((placed.key for placed in self.columns if placed.x - self.gap <= x < placed.x + placed.width), "")


def measured(stocks: Iterable[Stock], names: Iterable[str]) -> Extent:
    """The extent of a list before any quote: symbols, shown ``names``, currencies and limits."""
    stocks = tuple(stocks)
    if not stocks:
        return Extent()
    may_be_alerted = any(stock.alerts is not None for stock in stocks)
    currencies = {stock.symbol.currency for stock in stocks}
    return Extent(
        symbol=max(6, *(cell_len(stock.symbol.text) for stock in stocks)),
        name=min(_NAME_MOST, max(4, *(cell_len(name) for name in names)) + (len(ALERTED) if may_be_alerted else 0)),
        sign=max(len(SIGNS.get(currency, currency)) for currency in currencies),
        limits=any(stock.symbol.has_limits for stock in stocks),
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


def wanted(chosen: Sequence[str]) -> tuple[Column, ...]:
    """The columns ``chosen`` in their order; the usual ones for none. A row says whose figures it shows and how old
    they are: without symbol and name the name comes first, and without `ALWAYS` that comes last."""
    if not chosen or tuple(chosen) == USUAL:
        return COLUMNS
    keys = list(dict.fromkeys(chosen))
    if "name" not in keys and "symbol" not in keys:
        keys.insert(0, "name")
    if ALWAYS not in keys:
        keys.append(ALWAYS)
    columns = [BY_KEY[key] for key in keys]
    return tuple(columns) if "name" in keys else tuple(_staying(column) for column in columns)


def _staying(column: Column) -> Column:
    return column._replace(rank=0) if column.key == "symbol" else column


def _least(column: Column, extent: Extent) -> int:
    """The cells a column cannot do without."""
    large = max(8, extent.sign + 7)
    fixed = {
        "symbol": extent.symbol,
        "name": min(extent.name, _NAME_LEAST),
        "last": extent.price + (2 if extent.limits else 0),
        "change_percent": 7,
        "change": extent.price + 1,
        "volume": 7,
        "turnover": large,
        "turnover_rate": 5,
        "volume_ratio": 5,
        "range": 8,
        "to_limit": 10,
        "day": 6,
        "age": _WORDS_SHORT,
        "quantity": 8,
        "value": large,
        "day_gain": large + 1,
        "gain": large + 1,
        "gain_percent": 7,
        "amplitude": 6,
        "pe": 7,
        "market_cap": large,
        "role": 12,
        "tags": 8,
    }
    return fixed.get(column.key) or max(len(column.title), extent.price)


def lay_out(width: int, extent: Extent, chosen: Sequence[str] = ()) -> Layout:
    """Those of the columns ``chosen`` that fit ``width`` cells, by rank; spare cells go to names first, then to the
    day's line."""
    columns = wanted(chosen)
    if columns is COLUMNS and not extent.limits:
        columns = tuple(column for column in COLUMNS if column.key != "to_limit")
    gap, widths = 1, _chosen(columns, min(width, NARROW - 1), 1, extent)
    if width >= NARROW:
        apart = _chosen(columns, width, 2, extent)
        if len(apart) >= len(widths):
            gap, widths = 2, apart
    gap = _spread(widths, width, gap, extent)
    placed, x = [], GUTTER
    for column in columns:
        if column.key in widths:
            placed.append(Placed(column, x, widths[column.key]))
            x += widths[column.key] + gap
    return Layout(width, gap, extent, tuple(placed), widths.get(ALWAYS, 0))


def _chosen(columns: Sequence[Column], width: int, gap: int, extent: Extent) -> dict[str, int]:
    """The columns that fit, with the least cells of each."""
    widths = {column.key: _least(column, extent) for column in columns if column.rank == 0}
    _squeeze(widths, width, gap)
    for column in sorted(columns, key=lambda column: column.rank):
        if column.rank == 0:
            continue
        least = _least(column, extent)
        if _total(widths, gap) + gap + least > width:
            break
        widths[column.key] = least
    return widths


def _total(widths: dict[str, int], gap: int) -> int:
    return 2 * GUTTER + sum(widths.values()) + gap * (len(widths) - 1)


def _squeeze(widths: dict[str, int], width: int, gap: int) -> None:
    """Make the columns that never go fit a width made for none of them: a shorter name, then fewer columns."""
    over = _total(widths, gap) - width
    if over > 0 and "name" in widths:
        widths["name"] = max(min(_NAME_FLOOR, widths["name"]), widths["name"] - over)
    for key in (ALWAYS, "change_percent"):
        if key in widths and _total(widths, gap) > width:
            del widths[key]


def _spread(widths: dict[str, int], width: int, gap: int, extent: Extent) -> int:
    """Give the spare cells away, in place; returns the gap, wider by one where there is plenty."""

    def grow(key: str, most: int) -> None:
        if key in widths:
            spare = max(0, width - _total(widths, gap))
            widths[key] += min(spare, max(0, most - widths[key]))

    grow("name", extent.name)
    grow(ALWAYS, _WORDS_LONG)
    grow("role", _TEXT_MOST)
    grow("tags", _TEXT_MOST)
    grow("day", 12)
    if width >= NARROW and _total(widths, gap + 1) <= width:
        gap += 1
    grow("range", 14)
    grow("day" if "day" in widths else "name", width)
    return gap


def header_texts(layout: Layout, order: Order) -> tuple[tuple[str, bool], ...]:
    """The header line in pieces, each with whether the list is sorted by its column; together as wide as the layout.

    A title on the right has the arrow before it, in the gap if need be, so that no title moves or is cut. Where the
    list is sorted by several columns, a small figure says which counts first; where it has no room, it is left out.
    """
    pieces: list[tuple[str, bool]] = []
    places = {key: place for place, (key, _) in enumerate(order)}
    end = 0
    for column, x, width in layout.columns:
        place = places.get(column.key)
        arrow = "" if place is None else ARROWS[order[place][1]]
        small = SMALL[place] if place is not None and len(order) > 1 else ""
        tail = 2 if column.key == "last" and layout.extent.limits else 0
        room = x + width - end - tail if column.flush_right else width
        title = column.title + " " * tail
        if cell_len(arrow + small + column.title) > room:
            small = ""
        if column.flush_right:
            text = flush(arrow + small + title, room + tail)
        else:
            text = " " * (x - end) + clip(column.title + arrow + small, width)
        pieces.append((text, bool(arrow)))
        end = x + width
    pieces.append((" " * max(0, layout.width - end), False))
    return tuple(pieces)
