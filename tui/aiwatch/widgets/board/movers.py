"""What moved most over all lists, which stocks are at their limits, and the mean path of a list's day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from textual.content import Content

from aiwatch.board.cells import shown_name
from aiwatch.formatting.text import clip, flush, short
from aiwatch.market.quote import Quote
from aiwatch.market.summary import move_of
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.board.summary import percent

MOST = 5
"""Stocks of a group at most."""
_POINTS = 12
_SYMBOL, _LEAST_NAME, _LAST, _PERCENT = 10, 10, 9, 10


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


def mover_groups(stocks: Iterable[Stock], quotes: Mapping[Symbol, Quote], names: str) -> tuple[MoverGroup, ...]:
    """Those of ``stocks`` at a limit, and of the others those that rose and fell most; groups without any are left
    out. ``names`` is the language of the names."""
    movers = sorted(_movers(stocks, quotes, names), key=lambda mover: -mover.percent)
    groups = (
        ("At their daily limit", [mover for mover in movers if mover.limit]),
        ("Up most", [mover for mover in movers if mover.percent > 0 and not mover.limit][:MOST]),
        ("Down most", [mover for mover in reversed(movers) if mover.percent < 0 and not mover.limit][:MOST]),
    )
    return tuple(MoverGroup(heading, tuple(group)) for heading, group in groups if group)


def _movers(stocks: Iterable[Stock], quotes: Mapping[Symbol, Quote], names: str) -> Iterable[Mover]:
    for stock in stocks:
        quote = quotes.get(stock.symbol)
        if quote is None:
            continue
        move = move_of(quote)
        if move.percent is not None:
            last = f"{quote.last:.{quote.decimals}f}"
            last = last if len(last) <= _LAST else short(quote.last)
            yield Mover(stock.symbol, shown_name(stock, names, quote), last, move.percent, move.limit, stock.lists)


def mean_path(
    symbols: Iterable[Symbol], quotes: Mapping[Symbol, Quote], prices: Callable[[Symbol], Sequence[float]]
) -> tuple[float, ...]:
    """The day of a list: the mean of what its stocks were away from their previous closes, in percent, oldest first.
    Nothing where no price of the day is known."""
    paths = []
    for symbol in symbols:
        quote, ticks = quotes.get(symbol), prices(symbol)
        if quote is not None and quote.previous_close and ticks:
            count = len(ticks)
            at = [ticks[max(0, (place + 1) * count // _POINTS - 1)] for place in range(_POINTS)]
            paths.append([100 * (price / quote.previous_close - 1) for price in at])
    return tuple(sum(points) / len(points) for points in zip(*paths, strict=True))


def mover_line(mover: Mover, width: int, convention: str) -> Content:
    """A mover in ``width`` cells: symbol, name, last price, change, its limit or else its lists."""
    fixed = _SYMBOL + _LAST + _PERCENT + 4 * 2
    room = max(_LEAST_NAME, width - fixed)
    name = min(24, max(_LEAST_NAME, room // 2))
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
        (f"{limit}  " if limit else "", "bold $limit"),
        (", ".join(mover.lists), "$quiet"),
    )
    return row.truncate(width, ellipsis=True)
