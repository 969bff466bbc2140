"""What moved most over all lists, which stocks are at their limits, and the mean path of a list's day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from heapq import nlargest, nsmallest
from operator import itemgetter

from msgspec import Struct
from textual.content import Content

from aiwatch.board.cells import shown_name
from aiwatch.formatting.text import clip, flush, short
from aiwatch.market.quote import Quote
from aiwatch.market.summary import Move
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.board.summary import percent
from aiwatch.widgets.linked_rows import trimmed

MOST, MOST_WITH_ROOM = 5, 12
"""Stocks that rose or fell most: as usual, and at most where there is room."""
AT_LIMIT = "At their daily limit"
_POINTS = 12
_SYMBOL, _LEAST_NAME, _LAST, _PERCENT = 10, 8, 9, 10
_WORDS = 10
"""Cells for what is said of a limit."""


class Mover(Struct, frozen=True):
    """A stock with its last price, its change in percent, whether it is at a limit (1 up, -1 down), and its lists."""

    symbol: Symbol
    name: str
    last: str
    percent: float
    limit: int
    lists: tuple[str, ...]


class MoverGroup(Struct, frozen=True):
    """The ``movers`` that stand under ``heading``."""

    heading: str
    movers: tuple[Mover, ...]

    def first(self, most: int) -> MoverGroup:
        """The group with its first ``most``."""
        return MoverGroup(self.heading, self.movers[:most])


def usual(groups: Sequence[MoverGroup]) -> list[MoverGroup]:
    """``groups`` as they are where they scroll: all stocks at a limit, of the others the `MOST`."""
    return [group if group.heading == AT_LIMIT else group.first(MOST) for group in groups]


def fitted(groups: Sequence[MoverGroup], rows: int) -> list[MoverGroup]:
    """As much of ``groups`` as fills ``rows``, their headings among them: a stock of each first, then one more of each
    in turn. A group that has no row for a stock is left out."""
    shown = list(groups[: rows // 2])
    counts = [1] * len(shown)
    left = rows - 2 * len(shown)
    while left and (longer := [at for at, group in enumerate(shown) if counts[at] < len(group.movers)]):
        for at in longer[:left]:
            counts[at] += 1
        left -= len(longer[:left])
    return [group.first(count) for group, count in zip(shown, counts, strict=True)]


def mover_groups(
    stocks: Iterable[Stock], moves: Mapping[Symbol, Move], quotes: Mapping[Symbol, Quote], names: str
) -> tuple[MoverGroup, ...]:
    """Those of ``stocks`` at a limit, and of the others those that rose and fell most, by their ``moves``; groups
    without any are left out. ``names`` is the language of the names."""
    moved = [(move.percent, stock, move.limit) for stock, move in _moved(stocks, moves) if move.percent]
    groups = (
        (AT_LIMIT, sorted((each for each in moved if each[2]), key=_rise, reverse=True)),
        ("Up most", nlargest(MOST_WITH_ROOM, (each for each in moved if each[0] > 0 and not each[2]), _rise)),
        ("Down most", nsmallest(MOST_WITH_ROOM, (each for each in moved if each[0] < 0 and not each[2]), _rise)),
    )
    return tuple(
        MoverGroup(
            heading,
            tuple(_mover(stock, limit, percent, quotes[stock.symbol], names) for percent, stock, limit in group),
        )
        for heading, group in groups
        if group
    )


def _moved(stocks: Iterable[Stock], moves: Mapping[Symbol, Move]) -> Iterable[tuple[Stock, Move]]:
    return ((stock, moves[stock.symbol]) for stock in stocks if stock.symbol in moves)


def _rise(moved: tuple[float, Stock, int]) -> float:
    return moved[0]


def _mover(stock: Stock, limit: int, percent: float, quote: Quote, names: str) -> Mover:
    last = f"{quote.last:.{quote.decimals}f}"
    last = last if len(last) <= _LAST else short(quote.last)
    return Mover(stock.symbol, shown_name(stock, names, quote), last, percent, limit, stock.lists)


def mean_path(
    symbols: Iterable[Symbol], quotes: Mapping[Symbol, Quote], prices: Callable[[Symbol], Sequence[float]]
) -> tuple[float, ...]:
    """The day of a list: the mean of what its stocks were away from their previous closes, in percent, oldest first.
    Nothing where no price of the day is known."""
    sums, count = [0.0] * _POINTS, 0
    for symbol in symbols:
        quote, ticks = quotes.get(symbol), prices(symbol)
        if quote is not None and quote.previous_close and ticks:
            count += 1
            part = 1 / quote.previous_close
            sums = [total + price * part for total, price in zip(sums, _places(len(ticks))(ticks), strict=True)]
    return tuple(100 * (total / count - 1) for total in sums) if count else ()


@cache
def _places(count: int) -> Callable[[Sequence[float]], tuple[float, ...]]:
    """What takes `_POINTS` prices out of a day of ``count``, evenly over it and the last one last."""
    return itemgetter(*(max(0, (place + 1) * count // _POINTS - 1) for place in range(_POINTS)))


def mover_line(mover: Mover, width: int, convention: str) -> Content:
    """A mover in ``width`` cells: symbol, name, last price, change, its limit or else its lists."""
    fixed = _SYMBOL + _LAST + _PERCENT + 4 * 2
    room = max(_LEAST_NAME, width - fixed)
    name = min(24, max(_LEAST_NAME, min(room // 2, room - _WORDS)))
    change = percent(mover.percent, mover.symbol, convention)
    limit = {1: "limit up", -1: "limit down", 0: ""}[mover.limit]
    row = Content.assemble(
        clip(mover.symbol.text, _SYMBOL),
        "  ",
        clip(mover.name, name),
        "  ",
        flush(mover.last, _LAST),
        "  ",
        " " * max(0, _PERCENT - change.cell_length),
        change,
        "  ",
        (limit, "bold $limit"),
    )
    lists = Content.styled("  " * bool(limit) + ", ".join(mover.lists), "$quiet")
    return trimmed(row, width) + trimmed(lists, max(0, width - row.cell_length))
