"""Which rows and columns of the quote board are wanted, and in which order: what a person asks for, checked.

The order of a board's rows while it is chosen: up to three columns, each rising or falling. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from textual.reactive import reactive

from aiwatch.board.columns import BY_KEY
from aiwatch.board.rows import Order
from aiwatch.errors import FilterError
from aiwatch.watchlist import Stock
from aiwatch.widgets.board.cursor import BoardScroll

if TYPE_CHECKING:
    from aiwatch.board.filter.fields import Sight
    from aiwatch.board.filter.parser import Filter

MOST_KEYS = 3
"""Columns a list may be sorted by at once."""


class BoardOrder(BoardScroll):
    """Holds order, filter and columns; arranging and drawing rows is its subclass's."""

    sort_key = reactive("", init=False)
    """The column sorted by first, a key of `board_columns.BY_KEY`; empty for the file's order."""
    sort_reverse = reactive(False, init=False)
    """Whether the largest come first."""
    then_by: reactive[Order] = reactive((), init=False)
    """The columns that rows stand by of which the first says the same."""
    filter_text = reactive("", init=False)
    """What rows must match: words and expressions, as `filter_expression` reads them. Setting what it cannot read
    raises `FilterError` and changes nothing."""
    columns: reactive[tuple[str, ...]] = reactive((), init=False)
    """The keys of the columns wanted, in their order; empty for the usual ones."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._filter: Filter | None = None

    @property
    def order(self) -> Order:
        """What the rows are sorted by, the column that counts most first; nothing for the file's order."""
        return ((self.sort_key, self.sort_reverse), *self.then_by) if self.sort_key or self.sort_reverse else ()

    def arrange_by(self, order: Order) -> None:
        """Sort by ``order``, of which the first `MOST_KEYS` count."""
        if self.order != order:
            self.want(order, self.columns)
            self._arrange()

    def sort_by(self, key: str) -> None:
        """Sort by column ``key`` alone; asked again turn the order round, and then go back to the file's order.

        Raises ``KeyError`` for a key that is no column's.
        """
        falls = BY_KEY[key].falls
        if self.sort_key != key:
            self.arrange_by(((key, falls),))
        elif self.sort_reverse is falls:
            self.arrange_by(((key, not falls),))
        else:
            self.arrange_by(())

    def want(self, order: Order, columns: Sequence[str]) -> None:
        """Sort by ``order`` and lay ``columns`` out from the next `show` on."""
        (key, reverse), *further = order[:MOST_KEYS] or (("", False),)
        self.set_reactive(BoardOrder.sort_key, self.validate_sort_key(key))
        self.set_reactive(BoardOrder.sort_reverse, reverse)
        self.set_reactive(BoardOrder.then_by, tuple(further))
        self.set_reactive(BoardOrder.columns, self.validate_columns(columns))

    def narrow(self, text: str) -> str:
        """Show only what ``text`` matches. Returns what is wrong with it, or unfinished in it; then nothing changes."""
        try:
            wanted = _read(text)
        except FilterError as error:
            return str(error)
        if wanted is not None and wanted.tail and not any(map(wanted.over(self._sight()), self._rows.stocks)):
            from aiwatch.board.filter.fields import unfinished

            column = unfinished(wanted.tail)
            if column:
                return f"no stock is called {wanted.tail!r}; a column is compared, as in {column}"
        self.filter_text = text
        return ""

    def finds(self, stocks: Iterable[Stock]) -> bool:
        """Whether any of ``stocks``, of whichever list, matches the filter; any does where there is none."""
        passes = self._passes()
        return passes is None or any(map(passes, stocks))

    def filter_again(self) -> None:
        """Look at the rows anew, after something that a filter finds was learnt."""
        if self._filter is not None:
            self._arrange()

    def _arrange(self) -> None:
        raise NotImplementedError

    def _sight(self) -> Sight:
        """What the filter looks at the rows with."""
        raise NotImplementedError

    def _passes(self) -> Callable[[Stock], bool] | None:
        """The filter as it comes out now; ``None`` where everything passes."""
        return None if self._filter is None else self._filter.over(self._sight())

    @property
    def _moves(self) -> bool:
        """Whether quotes can change which rows are shown, or where."""
        return bool(self.sort_key) or (self._filter is not None and self._filter.live)

    # State

    def validate_sort_key(self, key: str) -> str:
        """Refuse what is no column's key with a ``ValueError`` that names the keys."""
        if key and key not in BY_KEY:
            raise ValueError(f"sort_key {key!r}: one of {', '.join(BY_KEY)}")
        return key

    def validate_columns(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Refuse what is no column's key with a ``ValueError`` that names the keys."""
        for key in columns:
            if key not in BY_KEY:
                raise ValueError(f"columns {key!r}: one of {', '.join(BY_KEY)}")
        return tuple(columns)

    def validate_filter_text(self, text: str) -> str:
        """Read the filter, and refuse what cannot be read with a `FilterError`."""
        self._filter = _read(text)
        return text

    def watch_sort_key(self) -> None:
        """Sort."""
        self._arrange()

    def watch_sort_reverse(self) -> None:
        """Sort."""
        self._arrange()

    def watch_then_by(self) -> None:
        """Sort."""
        self._arrange()

    def watch_filter_text(self) -> None:
        """Filter."""
        self._arrange()


def _read(text: str) -> Filter | None:
    """The filter that ``text`` says; ``None`` where everything passes. Raises `FilterError`."""
    if not text.strip():
        return None
    from aiwatch.board.filter.parser import parse_filter

    return parse_filter(text)


def added(order: Order, key: str) -> Order:
    """``order`` with the column ``key`` at its end, in place of the last where it is full; turned round if it is in it
    already. Nothing changes where ``key`` is no column."""
    if key not in BY_KEY:
        return order
    if key in places(order):
        return turned(order, key)
    return (*_named(order)[: MOST_KEYS - 1], (key, BY_KEY[key].falls))


def placed(order: Order, key: str, place: int) -> Order:
    """``order`` with the column ``key`` at ``place``, counted from 1; those from there on count less than before.
    Nothing changes where ``key`` is no column."""
    if key not in BY_KEY:
        return order
    falls = dict(order).get(key, BY_KEY[key].falls)
    others = [one for one in _named(order) if one[0] != key]
    others.insert(place - 1, (key, falls))
    return tuple(others[:MOST_KEYS])


def turned(order: Order, key: str) -> Order:
    """``order`` with the column ``key`` the other way round."""
    return tuple((one, not falls if one == key else falls) for one, falls in order)


def without(order: Order, key: str) -> Order:
    """``order`` without the column ``key``; without its last one if that is not in it."""
    return tuple(one for one in order if one[0] != key) if key in places(order) else order[:-1]


def places(order: Order) -> dict[str, int]:
    """The place of each column of ``order``, counted from 1."""
    return {key: place for place, (key, _) in enumerate(order, 1) if key}


def _named(order: Order) -> Order:
    """``order`` without the file's own, which is no column's."""
    return tuple(one for one in order if one[0])
