"""What a person asks of a board: which rows, in which order, with which columns. Checked, and known to no toolkit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from aiwatch.board.cells import FilterContext
from aiwatch.board.columns import BY_KEY, unknown_columns
from aiwatch.board.rows import MOST_KEYS, Order, Passes
from aiwatch.errors import FilterError
from aiwatch.watchlist import Stock, Watchlist

if TYPE_CHECKING:
    from aiwatch.board.filter.parser import Filter


class Query:
    """The order, the filter and the columns of a board. Setting what is wrong raises and changes nothing."""

    def __init__(self) -> None:
        self._order: Order = ()
        self._columns: tuple[str, ...] = ()
        self._text = ""
        self._filter: Filter | None = None

    @property
    def order(self) -> Order:
        """What the rows are sorted by, the column that counts most first; nothing for the file's order.

        Of what is set, the first `MOST_KEYS` count; ``ValueError`` refuses what is no column's key.
        """
        return self._order

    @order.setter
    def order(self, order: Order) -> None:
        if wrong := unknown_columns(key for key, _ in order if key):
            raise ValueError(f"order {wrong}")
        is_file_order = not order or order[0] == ("", False)
        self._order = () if is_file_order else tuple(order[:MOST_KEYS])

    @property
    def sort_key(self) -> str:
        """The column sorted by first; empty for the file's order."""
        return self._order[0][0] if self._order else ""

    @property
    def sort_reverse(self) -> bool:
        """Whether the largest come first."""
        return self._order[0][1] if self._order else False

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the columns wanted, in their order; empty for the usual ones. ``ValueError`` refuses a key that
        is no column's."""
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[str]) -> None:
        if wrong := unknown_columns(columns):
            raise ValueError(f"columns {wrong}")
        self._columns = tuple(columns)

    @property
    def filter_text(self) -> str:
        """What rows must match: words and expressions, as `aiwatch.board.filter.parser` reads them. `FilterError`
        refuses what it cannot read."""
        return self._text

    @filter_text.setter
    def filter_text(self, text: str) -> None:
        self._filter = _read(text)
        self._text = text

    @property
    def has_filter(self) -> bool:
        """Whether any row could be left out."""
        return self._filter is not None

    @property
    def depends_on_quotes(self) -> bool:
        """Whether quotes can change which rows are shown, or where."""
        return bool(self.sort_key) or (self._filter is not None and self._filter.live)

    def passes(self, context: FilterContext) -> Passes | None:
        """The filter as it comes out in ``context``; ``None`` where everything passes."""
        return None if self._filter is None else self._filter.bind(context)

    def finds(self, stocks: Iterable[Stock], context: FilterContext) -> bool:
        """Whether any of ``stocks`` matches the filter; any does where there is none."""
        passes = self.passes(context)
        return passes is None or any(map(passes, stocks))


class ListLayouts:
    """The columns and the order that lists were given in this run. One without an order of its own has the newest."""

    def __init__(self) -> None:
        self._columns: dict[str, tuple[str, ...]] = {}
        self._orders: dict[str, Order] = {}
        self._order: Order = ()

    def columns(self, watchlist: Watchlist) -> tuple[str, ...]:
        """The columns of ``watchlist``: those given in this run, else its file's; none for the usual ones."""
        return self._columns.get(watchlist.key, watchlist.columns)

    def lay_out(self, key: str, columns: Sequence[str]) -> None:
        """Give the list ``key`` other columns."""
        self._columns[key] = tuple(columns)

    def follow_file(self, key: str) -> None:
        """Let the list ``key`` have the columns of its file, which names others now."""
        self._columns.pop(key, None)

    def order(self, key: str) -> Order:
        """The order of the list ``key``."""
        return self._orders.get(key, self._order)

    def keep_order(self, key: str, order: Order) -> None:
        """Keep the ``order`` in which the list ``key`` is left."""
        if order != self.order(key):
            self._orders[key] = self._order = order


def needs_history(columns: Sequence[str], order: Order, filter_text: str) -> bool:
    """Whether price history is looked at by a board of these ``columns``, or sorts or filters it."""
    if any(BY_KEY[key].needs_history for key in (*columns, *(key for key, _ in order)) if key in BY_KEY):
        return True
    filtering = _read(filter_text)
    return filtering is not None and filtering.needs_history


def problem_of(text: str, stocks: Iterable[Stock], context: FilterContext) -> str:
    """What is wrong with the filter ``text``, or unfinished in it: plain words that no stock is called and that begin a
    column's name. Empty where it can be used."""
    try:
        read = _read(text)
    except FilterError as error:
        return str(error)
    if read is not None and read.tail and not any(map(read.bind(context), stocks)):
        from aiwatch.board.filter.fields import unfinished

        column = unfinished(read.tail)
        if column:
            return f"no stock is called {read.tail!r}; a column is compared, as in {column}"
    return ""


def _read(text: str) -> Filter | None:
    """The filter that ``text`` says; ``None`` where everything passes. Raises `FilterError`."""
    if not text.strip():
        return None
    from aiwatch.board.filter.parser import parse_filter

    return parse_filter(text)
