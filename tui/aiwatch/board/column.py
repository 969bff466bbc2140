"""What a column of the quote board is, and what the kinds of columns have in common. `columns` is the table of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from aiwatch.board.cells import (
    PLAIN,
    STALE,
    Extent,
    FilterContext,
    Fragments,
    RowView,
    history_percent,
    position_figure,
)
from aiwatch.board.drawing import Draw, Figure, history_cell, text_cell
from aiwatch.formatting.widths import UNBOUNDED, Growth, Track
from aiwatch.market.quote import Quote
from aiwatch.market.security import SHARELESS
from aiwatch.market.state import NOT_OF_NOW
from aiwatch.market.symbol import HKEX, Symbol
from aiwatch.watchlist import Stock

LEFT, RIGHT = "left", "right"

SortValue = float | str | None
"""What a row is sorted and filtered by; ``None`` where there is nothing."""
ValueOf = Callable[[Stock, Quote | None, FilterContext], SortValue]
Texts = Callable[[Stock], tuple[str, ...]]
"""Gives the texts of a stock, folded to lower case."""

NAME_TURN, AGE_TURN, ROLE_TURN, TAGS_TURN, DAY_TURN, RANGE_TURN, REST_TURN, NAME_REST_TURN = range(8)
"""Who takes the spare cells first; after `DAY_TURN` the columns move apart, if there is room for that."""


class Column(NamedTuple):
    """A column. ``title`` stands above it, ``words`` say what it shows, ``draw`` writes its cells.

    Of ``figure`` and ``value`` one is there, and gives the number behind the cell (percents as percents, ages in
    seconds) or the text to sort by: ``figure`` of the quote alone, so that it is worked out once a quote. ``texts`` are
    what the filter looks in, of a column of texts. ``filter_names`` are its names in an expression beside its key and
    title, the first one is suggested.

    ``width`` is what it asks of the room: cells, or a `Track` made of the list's extent; ``None`` for a price.
    ``rank`` says when it goes, as in `Track`. ``title_end`` are the cells on the right that its title leaves free.
    ``first_falls`` is whether a first sort by it begins with the largest. ``needs_quote`` empties its cell where there
    is no quote, ``is_shown`` is whether a usual board of that extent has it. ``fills`` is there for a column that not
    every market fills, and says for which symbols it is held free before a price has come; a usual board without such a
    symbol or figure does without it. A figure that ``is_span`` is a length of time, in seconds. One that
    ``needs_history`` is of kept price history, which is fetched while such a column is looked at.
    """

    key: str
    title: str
    words: str
    draw: Draw
    figure: Figure | None = None
    value: ValueOf | None = None
    texts: Texts | None = None
    filter_names: tuple[str, ...] = ()
    width: int | Callable[[Extent], Track] | None = None
    rank: int = 1
    align: str = RIGHT
    title_end: Callable[[Extent], int] = lambda extent: 0
    first_falls: bool = True
    needs_quote: bool = True
    is_shown: Callable[[Extent], bool] = lambda extent: True
    fills: Callable[[Symbol], bool] | None = None
    is_span: bool = False
    needs_history: bool = False

    def value_of(self, stock: Stock, quote: Quote | None, context: FilterContext) -> SortValue:
        """What the row of ``stock`` is sorted and filtered by."""
        if self.figure is not None:
            return None if quote is None else self.figure(quote)
        return None if self.value is None else self.value(stock, quote, context)

    def cell(self, view: RowView, width: int, extent: Extent) -> Fragments:
        """The cell in exactly ``width`` cells of the terminal.

        A row without a quote leaves its figures empty; a stale or delisted one is dimmed as a whole.
        """
        if view.quote is None and self.needs_quote:
            return ((" " * width, PLAIN),)
        fragments = self.draw(view, width, extent)
        if view.status in NOT_OF_NOW:
            return tuple((text, STALE) for text, _ in fragments)
        return fragments

    def track(self, extent: Extent) -> Track:
        """What it asks of the room in a list of ``extent``."""
        width = self.width
        if callable(width):
            return width(extent)._replace(rank=self.rank)
        return Track(width or max(len(self.title), extent.price), self.rank)


def in_china(symbol: Symbol) -> bool:
    """Whether it is a share of mainland China."""
    return symbol.is_china and symbol.board not in SHARELESS


def in_shares(symbol: Symbol) -> bool:
    """Whether it is a share or a fund."""
    return symbol.board not in SHARELESS


def with_turnover(symbol: Symbol) -> bool:
    """Whether it is a share of a market whose turnover the first source asked gives: Yahoo gives none of US shares."""
    return in_shares(symbol) and (symbol.is_china or symbol.exchange == HKEX)


def percent_of(fraction: float | None) -> float | None:
    """A fraction as a percentage."""
    return None if fraction is None else fraction * 100


def folded(*texts: str) -> tuple[str, ...]:
    """Texts as the filter compares them: in lower case."""
    return tuple(text.casefold() for text in texts)


def amount_width(extent: Extent) -> Track:
    """The width of a sum of money."""
    return Track(extent.amount)


def gain_width(extent: Extent) -> Track:
    """The width of a sum of money with a sign."""
    return Track(extent.amount + 1)


def name_width(extent: Extent) -> Track:
    """The width of the names: those of a list, or what there is room for."""
    growth = (Growth(NAME_TURN, extent.name), Growth(NAME_REST_TURN, UNBOUNDED))
    return Track(min(extent.name, 16), floor=4, growth=growth)


def growing(least: int, *growth: Growth) -> Callable[[Extent], Track]:
    """A width that takes spare cells."""
    return lambda extent: Track(least, growth=growth)


def of_quote(
    key: str, title: str, words: str, cell: Callable[[Figure], Draw], *, has_zero: bool = True, **more: Any
) -> Column:
    """A column of the figure that the quote has under ``key``, drawn as a ``cell`` of its kind; ``more`` are fields of
    `Column`. Without ``has_zero``, a 0 says that there is no figure."""
    figure: Figure = attrgetter(key) if has_zero else lambda quote: getattr(quote, key) or None
    return Column(key, title, words, cell(figure), figure=figure, **more)


def of_position(key: str, title: str, words: str, draw: Draw, **more: Any) -> Column:
    """A column of the figure that the position in a stock has under ``key``; ``more`` are fields of `Column`."""
    return Column(
        key, title, words, draw, value=lambda stock, quote, context: position_figure(key, stock, quote), **more
    )


def of_texts(key: str, title: str, words: str, texts_of: Callable[[Stock], Sequence[str]], **more: Any) -> Column:
    """A column of the texts that ``texts_of`` gives of the stock, side by side; ``more`` are fields of `Column`."""
    return Column(
        key,
        title,
        words,
        text_cell(lambda stock: ", ".join(texts_of(stock))),
        value=lambda stock, quote, context: ", ".join(texts_of(stock)).casefold() or None,
        texts=lambda stock: folded(*texts_of(stock)),
        align=LEFT,
        first_falls=False,
        needs_quote=False,
        **more,
    )


def of_history(
    key: str, title: str, words: str, name: str, draw: Draw | None = None, *, filter_names: tuple[str, ...]
) -> Column:
    """A column of the change since what price history has under ``name``."""
    return Column(
        key,
        title,
        words,
        draw or history_cell(name),
        value=lambda stock, quote, context: history_percent(name, context.history(stock.symbol), quote),
        filter_names=filter_names,
        width=7,
        needs_history=True,
    )
