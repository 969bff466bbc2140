"""A row of the quote board: what it is drawn, sorted and filtered from, and what its cells are made of.

A cell is fragments of text with a role. Roles are meanings, not colours: the painter turns ``rise`` into red or green
by the row's custom. `drawing` writes the cells, `columns` says which column shows what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from aiwatch.formatting.text import DAILY_MINUTES, age
from aiwatch.market.quote import Extended, Quote, Trading
from aiwatch.market.state import PriceStatus
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

if TYPE_CHECKING:
    from aiwatch.market.history_figures import HistoryFigures

Fragment = tuple[str, str]
"""A text and its role."""
Fragments = tuple[Fragment, ...]

PLAIN, MUTED, RISE, FALL, FLAT = "plain", "muted", "rise", "fall", "flat"
LINE_RISE, LINE_FALL = "line-rise", "line-fall"
LIMIT, STALE, CLOSED, AUCTION = "limit", "stale", "closed", "auction"
ATTENTION = "attention"

ALERTED = "◆ "
"""Before the name of a stock one of whose alerts fired this session."""
FRESH = timedelta(seconds=5)
"""A live price younger than this is one of now: the hosts have a new one every three seconds at best."""
OLD_NEWS = timedelta(days=4)
"""A closed market's price older than this (longer than a long weekend) is shown with its age."""
NO_MOVE = (Trading.SUSPENDED, Trading.DELISTED, Trading.UNTRADED)
"""What a stock does that has no change."""

Quotes = Mapping[Symbol, Quote]
Prices = Callable[[Symbol], Sequence[float]]
"""Gives the day's ticks of a symbol, oldest first."""
HistoryOf = Callable[[Symbol], "HistoryFigures | None"]
"""Gives what the price of a symbol is held against; ``None`` where no history is known."""
ExtendedOf = Callable[[Symbol], Extended | None]
"""Gives the price of a symbol outside the regular session, as far as it is of now."""


def _nothing_of(symbol: Symbol) -> None:
    return None


class FilterContext(NamedTuple):
    """What rows are filtered and sorted with: the quotes and the day's prices, the time (aware UTC), the language of
    the names, ``english`` or ``chinese``, price history, and prices outside the regular session."""

    quotes: Quotes
    prices: Prices
    now: datetime
    names: str = "english"
    history: HistoryOf = _nothing_of
    extended: ExtendedOf = _nothing_of


class Extent(Struct, frozen=True):
    """The widest things of a list, from which the columns get their widths.

    ``integers`` and ``decimals`` count a price's digits before and after the point; ``symbol``, ``name`` and
    ``sign`` (of a currency) are in cells; ``limits`` is whether any stock of the list has a daily limit, ``lists``
    whether they are of several lists. ``filled`` are the keys of the columns that not every market fills and some stock
    of the list does; ``scale`` is the move in percent that the day's lines of the whole list reach up or down to, 0
    where each has a scale of its own. ``outside`` is whether a stock of the list has a price outside its session.
    """

    integers: int = 3
    decimals: int = 2
    symbol: int = 6
    name: int = 8
    sign: int = 1
    limits: bool = False
    lists: bool = False
    filled: frozenset[str] = frozenset()
    scale: float = 0.0
    outside: bool = False

    @property
    def price(self) -> int:
        """Cells of the widest price."""
        return self.integers + (self.decimals + 1 if self.decimals else 0)

    @property
    def amount(self) -> int:
        """Cells of a large sum with its currency's sign and its unit."""
        return max(8, self.sign + 7)


class RowView(Struct):
    """One row as it is to be drawn at ``now`` (aware UTC). ``prices`` are the day's ticks, oldest first.

    ``change`` and ``change_percent`` are as `moved` gives them, ``role`` says whether the price rose, fell or stood,
    ``at_limit`` is 1 at limit up, -1 at limit down and 0 else; ``differs`` that two sources price it differently,
    ``alerted`` that one of its alerts fired this session. ``history`` is what the price is held against, ``extended``
    the price outside the regular session; ``None`` where either is not known.
    """

    stock: Stock
    name: str
    quote: Quote | None
    status: PriceStatus
    prices: Sequence[float]
    now: datetime
    differs: bool = False
    change: float | None = None
    change_percent: float | None = None
    role: str = MUTED
    at_limit: int = 0
    alerted: bool = False
    history: HistoryFigures | None = None
    extended: Extended | None = None

    def __post_init__(self) -> None:
        self.change, self.change_percent = moved(self.quote)
        percent = self.change_percent
        self.role = MUTED if percent is None else RISE if percent > 0 else FALL if percent < 0 else FLAT
        self.at_limit = self.quote.at_limit if self.quote is not None else 0


def moved(quote: Quote | None) -> tuple[float | None, float | None]:
    """The change in currency units and in percent; ``None`` for a stock that has not traded this session, so that no
    fall and no zero is made up."""
    if quote is None or quote.trading in NO_MOVE:
        return None, None
    return quote.change, quote.change_percent


def range_place(quote: Quote | None) -> float | None:
    """Where the last price stands in the day's range: 0 at the low, 1 at the high. A range of one price counts as
    its end on the side of the move."""
    if quote is None or quote.high is None or quote.low is None or quote.trading in NO_MOVE:
        return None
    if quote.high <= quote.low:
        change = quote.change or 0.0
        return 1.0 if change > 0 else 0.0 if change < 0 else 0.5
    return min(1.0, max(0.0, (quote.last - quote.low) / (quote.high - quote.low)))


def day_move(prices: Sequence[float]) -> float | None:
    """The move from the first of a day's ticks to the last, as a fraction of the first."""
    return prices[-1] / prices[0] - 1 if len(prices) > 1 else None


def history_percent(name: str, history: HistoryFigures | None, quote: Quote | None) -> float | None:
    """The change of the price since what ``history`` has under ``name``, in percent."""
    return None if history is None or quote is None else history.percent(name, quote)


def history_move(history: HistoryFigures | None, quote: Quote | None) -> float | None:
    """The move over the last closes, as a fraction of the first."""
    return None if history is None or quote is None else day_move(history.strip(quote))


def extended_percent(extended: Extended | None, quote: Quote | None) -> float | None:
    """The change of a price outside the session since the last one in it, in percent."""
    return None if extended is None or quote is None else round((extended.last / quote.last - 1) * 100, 2)


def position_figure(field: str, stock: Stock, quote: Quote | None) -> float | None:
    """The ``field`` of the position in ``stock``, as `aiwatch.watchlist.positions.Position` has it."""
    if not stock.quantity:
        return None
    from aiwatch.watchlist.positions import position_of

    position = position_of(stock, quote)
    return None if position is None else getattr(position, field)


def shown_name(stock: Stock, names: str, quote: Quote | None = None) -> str:
    """The name of ``stock`` in the language ``names`` (``english`` or ``chinese``), fit for one line.

    The source's, from its ``quote``, where nobody else has a name for it.
    """
    name = (stock.name_zh or stock.name) if names == "chinese" else stock.name
    if name == stock.symbol.text and not stock.is_named and quote is not None:
        name = quote.name or name
    return name if name.isprintable() else "".join(letter for letter in name if letter.isprintable())


def status_words(view: RowView, width: int) -> str:
    """How old the price is, or why it does not move, in the longest words that fit ``width`` cells."""
    quote, status = view.quote, view.status
    if quote is None:
        return status.value if len(status.value) <= width else _standing_mark(view, "")
    old = age(quote.as_of, view.now)
    longer: tuple[str, ...] = ()
    if view.differs:
        return next((words for words in ("sources differ", "differ") if len(words) <= width), "≠")
    if status is PriceStatus.LIVE and view.now - quote.as_of < FRESH:
        return "now"
    if status is PriceStatus.LIVE or status is PriceStatus.UNSURE:
        return old
    if status is PriceStatus.DELAYED and quote.delay_minutes is None:
        longer = ("delay unknown", "delay ?")
    elif status is PriceStatus.DELAYED and quote.delay_minutes is not None:
        longer = (f"delayed {quote.delay_minutes}m", f"delay {quote.delay_minutes}m", "delayed")
        longer = ("daily fixing", "daily") if quote.delay_minutes >= DAILY_MINUTES else longer
    elif status is PriceStatus.STALE:
        longer = (f"stale {old}", "stale")
    elif status is PriceStatus.UNTRADED:
        longer = ("no trade yet", "no trade")
    elif status is PriceStatus.MEMORY:
        longer = (f"from memory {old}", f"memory {old}", f"kept {old}")
    elif status is PriceStatus.CLOSED and view.now - quote.as_of > OLD_NEWS:
        longer = (f"closed {old}",)
    words = next((words for words in longer if len(words) <= width), status.value)
    return words if len(words) <= width else _standing_mark(view, old)


_MARKS = {
    PriceStatus.WAITING: "…",
    PriceStatus.UNKNOWN: "?",
    PriceStatus.AUCTION: "auc",
    PriceStatus.UNTRADED: "none",
    PriceStatus.SUSPENDED: "susp",
    PriceStatus.DELISTED: "gone",
    PriceStatus.LUNCH: "◐",
    PriceStatus.CLOSED: "○",
}


def _standing_mark(view: RowView, old: str) -> str:
    """The same in four cells: signs of the top line for a market that does not trade, ``-15m`` for a price that comes
    15 minutes late, ``!12m`` for one that stands still, ``m2h`` for one from memory."""
    quote, status = view.quote, view.status
    if quote is None:
        return _MARKS.get(status, "…")
    if status is PriceStatus.DELAYED:
        late = quote.delay_minutes
        if late is None:
            return "-?"
        return "day" if late >= DAILY_MINUTES else f"-{late}m" if late < 100 else f"-{late // 60}h"
    if status is PriceStatus.STALE:
        return f"!{old}"
    if status is PriceStatus.MEMORY:
        return f"m{old}"
    if status is PriceStatus.CLOSED and view.now - quote.as_of > OLD_NEWS:
        return f"○{old}"
    return _MARKS.get(status, old)
