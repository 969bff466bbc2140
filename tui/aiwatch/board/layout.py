"""Where the columns of the quote board stand: which of them a width has room for, how wide each is, and their titles.

All pure: a width, the extent of a list and the columns wanted give a layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.board.cells import ALERTED, Extent, Quotes
from aiwatch.board.column import DAY_TURN, RIGHT, Column
from aiwatch.board.columns import ALWAYS, BY_KEY, COLUMNS, SPARSE, USUAL
from aiwatch.board.rows import Order, RowSource
from aiwatch.formatting.text import clip, flush
from aiwatch.formatting.widths import cells_of, grow, narrowest
from aiwatch.market.exchanges import SIGNS
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

GUTTER = 1
"""Cells before the first column, where the cursor's mark stands, and after the last."""
NARROW = 60
"""Below this many cells the columns stand one cell apart, else two or three, where that costs no column."""
ARROWS = {False: "↑", True: "↓"}
"""Beside the title of the sorted column: rising and falling."""
SMALL = "¹²³"
"""Beside the arrow, where a list is sorted by several columns."""

_NAME_MOST = 30
_SCALES = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
"""The moves in percent up to which the lines of a list may reach, the first one before anything moved."""
_MOST_INTEGERS = 7
AT_ONCE = 2000
"""Stocks of a long list that its columns are measured by in one tick, so that none takes long."""
_SIZES = ("integers", "decimals", "symbol", "name", "sign", "limits", "lists", "scale")
"""The fields of an extent of which the larger holds both."""


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
    """The extent of a list before any quote: symbols, shown ``names``, currencies and limits.

    Of a long list this is most of what showing it costs, so that cells are only counted where a letter may have two.
    """
    stocks = tuple(stocks)
    if not stocks:
        return Extent()
    may_be_alerted = any(stock.alerts is not None for stock in stocks)
    currencies = {stock.symbol.currency for stock in stocks}
    return Extent(
        symbol=max(6, *(len(stock.symbol.text) for stock in stocks)),
        name=min(
            _NAME_MOST,
            max(4, *(len(name) if name.isascii() else cell_len(name) for name in names))
            + (len(ALERTED) if may_be_alerted else 0),
        ),
        sign=max(len(SIGNS.get(currency, currency)) for currency in currencies),
        limits=any(stock.symbol.has_limits for stock in stocks),
        lists=any(stock.lists for stock in stocks),
        filled=frozenset(
            column.key for column in SPARSE if column.fills and any(column.fills(stock.symbol) for stock in stocks)
        ),
    )


def widened(extent: Extent, quotes: Iterable[Quote | None]) -> Extent:
    """``extent``, grown to hold the prices, the figures and, unless each line has a scale of its own, the moves of
    ``quotes``; the same object where nothing grew."""
    integers, decimals, scale = extent.integers, extent.decimals, extent.scale
    ceiling = 10.0**integers
    unfilled = [(column.key, column.figure) for column in SPARSE if column.key not in extent.filled and column.figure]
    new = set[str]()
    for quote in quotes:
        if quote is None:
            continue
        for key, figure in unfilled:
            if figure(quote) is not None:
                new.add(key)
        if scale and (previous := quote.previous_close):
            highest, lowest = quote.high or quote.last, quote.low or quote.last
            move = 100 * max(highest - previous, previous - lowest) / previous
            if move > scale:
                scale = next((step for step in _SCALES if step >= move), _SCALES[-1])
        if quote.decimals > decimals:
            decimals = quote.decimals
        if quote.last < ceiling - 1:
            continue
        while round(quote.last, quote.decimals) >= ceiling and integers < _MOST_INTEGERS:
            integers += 1
            ceiling *= 10
    if (integers, decimals, scale) == (extent.integers, extent.decimals, extent.scale) and not new:
        return extent
    return replace(extent, integers=integers, decimals=decimals, scale=scale, filled=extent.filled | new)


def joined(extent: Extent, further: Extent) -> Extent:
    """An extent that holds all that ``extent`` and ``further`` hold; the same object where that is ``extent``."""
    both = {name: max(getattr(extent, name), getattr(further, name)) for name in _SIZES}
    both["filled"] = extent.filled | further.filled
    return replace(extent, **both) if any(getattr(extent, name) != size for name, size in both.items()) else extent


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


def _usual(extent: Extent) -> tuple[Column, ...]:
    """The usual columns that a list of ``extent`` can fill; where it is of several lists, which they are too; before
    and after the session, what is paid then."""
    columns = [
        column
        for column in COLUMNS
        if column.is_shown(extent) and (column.fills is None or column.key in extent.filled)
    ]
    if extent.lists:
        columns.insert(2, BY_KEY["lists"])
    if extent.outside:
        at = next(place for place, column in enumerate(columns, 1) if column.key == "change_percent")
        columns[at:at] = (BY_KEY["extended"], BY_KEY["extended_percent"])
    return tuple(columns)


def lay_out(width: int, extent: Extent, chosen: Sequence[str] = ()) -> Layout:
    """Those of the columns ``chosen`` that fit ``width`` cells, by rank; spare cells go to names first, then to the
    day's line."""
    columns = wanted(chosen)
    if columns is COLUMNS:
        columns = _usual(extent)
    tracks = [column.track(extent) for column in columns]
    inner = width - 2 * GUTTER
    gap, widths = 1, narrowest(tracks, min(width, NARROW - 1) - 2 * GUTTER, 1)
    if width >= NARROW:
        apart = narrowest(tracks, inner, 2)
        if apart.count(0) <= widths.count(0):
            gap, widths = 2, apart
    grow(widths, tracks, inner, gap, last=DAY_TURN)
    if width >= NARROW and cells_of(widths, gap + 1) <= inner:
        gap += 1
    grow(widths, tracks, inner, gap, first=DAY_TURN + 1)
    placed, x = [], GUTTER
    for column, cells in zip(columns, widths, strict=True):
        if cells:
            placed.append(Placed(column, x, cells))
            x += cells + gap
    words = next((column.width for column in placed if column.key == ALWAYS), 0)
    return Layout(width, gap, extent, tuple(placed), words)


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
        tail = column.title_end(layout.extent)
        is_right = column.align == RIGHT
        room = x + width - end - tail if is_right else width
        if cell_len(arrow + small + column.title) > room:
            small = ""
        if is_right:
            text = flush(arrow + small + column.title + " " * tail, room + tail)
        else:
            text = " " * (x - end) + clip(column.title + arrow + small, width)
        pieces.append((text, bool(arrow)))
        end = x + width
    pieces.append((" " * max(0, layout.width - end), False))
    return tuple(pieces)


class LayoutCache:
    """The layout of a board as it is now: made anew when its width, its columns or its widest things are others."""

    def __init__(self, *, one_scale: bool = True) -> None:
        """``one_scale``: the day's lines of a list have one scale, so that they can be compared."""
        self._scale = _SCALES[0] if one_scale else 0.0
        self._extent = Extent()
        self._left: tuple[Stock, ...] = ()
        """Of a long list, those that the widths are still to be taken from."""
        self._layout: Layout | None = None
        self._chosen: Sequence[str] = ()

    def measure(
        self, stocks: Sequence[Stock], name: Callable[[Stock], str], quotes: Quotes, *, anew: bool = True
    ) -> None:
        """Take the widths from ``stocks``, what each is called by ``name`` and the prices of ``quotes``: of a long list
        from the first ones, from the others with each `measure_more`. Unless ``anew``, a long list's columns keep what
        they had where that is more."""
        if anew or len(stocks) <= AT_ONCE:
            self._extent = replace(measured(stocks[:1], map(name, stocks[:1])), scale=self._scale)
        self._left = tuple(stocks)
        self.measure_more(name, quotes)

    @property
    def has_more(self) -> bool:
        """Whether `measure_more` has stocks left to look at."""
        return bool(self._left)

    def measure_more(self, name: Callable[[Stock], str], quotes: Quotes) -> bool:
        """Take the widths also from the next stocks of a long list; returns whether there were any."""
        if not self._left:
            return False
        part, self._left = self._left[:AT_ONCE], self._left[AT_ONCE:]
        self._extent = joined(self._extent, measured(part, map(name, part)))
        self.widen(quotes.get(stock.symbol) for stock in part)
        return True

    def widen(self, quotes: Iterable[Quote | None]) -> bool:
        """Make room for the prices of ``quotes``; returns whether that moves the columns."""
        before, self._extent = self._extent, widened(self._extent, quotes)
        return self._extent is not before

    def make_room(self, symbols: Sequence[Symbol], listed: Iterable[Symbol], source: RowSource) -> bool:
        """Make room for the prices of ``symbols``, and for those outside the session where these have the first ones,
        until the last of all that are ``listed`` is gone; returns whether that moves the columns."""
        if not symbols:
            return False
        is_wider = self.widen(map(source.quotes.get, symbols))
        return self.show_outside(source.is_outside(listed if self._extent.outside else symbols)) or is_wider

    def show_outside(self, has_any: bool) -> bool:
        """Show prices outside the session where the list ``has_any``; returns whether that moves the columns."""
        if has_any == self._extent.outside:
            return False
        self._extent = replace(self._extent, outside=has_any)
        return True

    def get(self, width: int, chosen: Sequence[str]) -> Layout:
        """The layout of the columns ``chosen`` in ``width`` cells; the same object while nothing changes."""
        layout = self._layout
        if layout is None or layout.width != width or layout.extent is not self._extent or self._chosen is not chosen:
            layout = self._layout = lay_out(width, self._extent, chosen)
            self._chosen = chosen
        return layout

    def fitting(self, width: int, chosen: Sequence[str]) -> tuple[str, ...]:
        """The keys of those of the columns ``chosen`` that ``width`` cells have room for."""
        return tuple(placed.key for placed in lay_out(width, self._extent, chosen).columns)
