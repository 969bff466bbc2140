"""What stands in each cell of the quote board: fragments of text with a role, exactly as wide as asked.

Roles are meanings, not colours: the painter turns ``rise`` into red or green by the row's custom. `board_forms` has
the cells of the further columns, and the way to any cell by its column's key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from aiwatch.formatting.text import DAILY_MINUTES, NOTHING, age, clip, flush, short, sparkline
from aiwatch.market.money import SIGNS
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import Standing
from aiwatch.watchlist import Stock

Fragment = tuple[str, str]
"""A text and its role."""
Fragments = tuple[Fragment, ...]

PLAIN, MUTED, RISE, FALL, FLAT = "plain", "muted", "rise", "fall", "flat"
LINE_RISE, LINE_FALL = "line-rise", "line-fall"
LIMIT, STALE, CLOSED, AUCTION = "limit", "stale", "closed", "auction"

MARKS = {1: "▲", -1: "▼", 0: " "}
"""Beside the price: at limit up, at limit down."""
ALERTED = "◆ "
"""Before the name of a stock one of whose alerts fired this session."""
LIMIT_WORDS = {1: "limit up", -1: "limit down"}
OLD_NEWS = timedelta(days=4)
"""A closed market's price older than this (longer than a long weekend) is shown with its age."""

_PERCENT_INTEGERS = 5
NO_MOVE = (Trading.SUSPENDED, Trading.DELISTED, Trading.UNTRADED)
"""What a stock does that has no change."""


class Extent(Struct, frozen=True):
    """The widest things of a list, from which the columns get their widths.

    ``integers`` and ``decimals`` count a price's digits before and after the point; ``symbol``, ``name`` and
    ``sign`` (of a currency) are in cells; ``limits`` is whether any stock of the list has a daily limit.
    """

    integers: int = 3
    decimals: int = 2
    symbol: int = 6
    name: int = 8
    sign: int = 1
    limits: bool = False

    @property
    def price(self) -> int:
        """Cells of the widest price."""
        return self.integers + (self.decimals + 1 if self.decimals else 0)


def moved(quote: Quote | None) -> tuple[float | None, float | None]:
    """The change in currency units and in percent; ``None`` for a stock that has not traded this session, so that no
    fall and no zero is made up."""
    if quote is None or quote.trading in NO_MOVE:
        return None, None
    return quote.change, quote.change_percent


class RowView(Struct):
    """One row as it is to be drawn at ``now`` (aware UTC). ``prices`` are the day's ticks, oldest first.

    ``change`` and ``change_percent`` are as `moved` gives them, ``role`` says whether the price rose, fell or stood,
    ``at_limit`` is 1 at limit up, -1 at limit down and 0 else; ``differs`` that two sources price it differently,
    ``alerted`` that one of its alerts fired this session.
    """

    stock: Stock
    name: str
    quote: Quote | None
    standing: Standing
    prices: Sequence[float]
    now: datetime
    differs: bool = False
    change: float | None = None
    change_percent: float | None = None
    role: str = MUTED
    at_limit: int = 0
    alerted: bool = False

    def __post_init__(self) -> None:
        self.change, self.change_percent = moved(self.quote)
        percent = self.change_percent
        self.role = MUTED if percent is None else RISE if percent > 0 else FALL if percent < 0 else FLAT
        self.at_limit = self.quote.at_limit if self.quote is not None else 0


Form = Callable[[RowView, int, Extent], Fragments]
"""Writes a cell in exactly so many cells of the terminal."""

_clipped = lru_cache(maxsize=2048)(clip)


def fitted(value: float, decimals: int, width: int, *, sign: bool = False) -> str:
    """``value`` with as many of its decimals as ``width`` cells hold; shortened by unit where none do."""
    form = "+" if sign else ""
    for places in range(decimals, -1, -1):
        text = f"{value:{form}.{places}f}"
        if sign and not text.strip("+-0."):
            text = text[1:]
        if len(text) <= width:
            return text
    shortened = f"+{short(value)}" if sign and value > 0 else short(value)
    return shortened if len(shortened) <= width else shortened.replace(" ", "")


def aligned(value: float | None, decimals: int, width: int, most: int, *, sign: bool = False) -> str:
    """``value`` in ``width`` cells with its decimal point where a value of ``most`` decimals has it."""
    if value is None:
        return flush(NOTHING + " " * (most + 1 if most else 0), width)
    text = f"{value:{'+' if sign else ''}.{decimals}f}"
    if sign and not text.strip("+-0."):
        text = text[1:]
    tail = most - decimals + (1 if decimals == 0 and most else 0)
    padded = text + " " * max(0, tail)
    return flush(padded if len(padded) <= width else fitted(value, decimals, width, sign=sign), width)


def percentage(value: float | None, width: int) -> str:
    """A change in percent: two decimals, the signs of one- and two-digit changes below each other."""
    if value is None:
        return flush(f"{NOTHING}   ", width)
    text = fitted(value, 2, width, sign=True)
    if text[0] in "+-":
        text = text[0] + text[1:].rjust(_PERCENT_INTEGERS)
    return flush(text, width)


def quantity(value: float | None, width: int, sign: str = "") -> str:
    """A large number with its unit below the other units, after a currency's ``sign``; never cut."""
    if value is None:
        return flush(NOTHING, width)
    number, _, unit = short(value).partition(" ")
    amount = float(number)
    tries = [f"{sign}{number} {unit:<2}", f"{sign}{number}{unit}"]
    tries += [f"{sign}{amount:.{places}f}{unit}" for places in (1, 0)]
    return flush(next((text for text in tries if len(text) <= width), tries[-1]), width)


def standing_words(view: RowView, width: int) -> str:
    """How old the price is, or why it does not move, in the longest words that fit ``width`` cells."""
    quote, standing = view.quote, view.standing
    if quote is None:
        return standing.value
    old = age(quote.as_of, view.now)
    longer: tuple[str, ...] = ()
    if view.differs:
        return next((words for words in ("sources differ", "differ") if len(words) <= width), "≠")
    if standing is Standing.LIVE or standing is Standing.UNSURE:
        return old
    if standing is Standing.DELAYED and quote.delay_minutes is None:
        longer = ("delay unknown", "delay ?")
    elif standing is Standing.DELAYED and quote.delay_minutes is not None:
        longer = (f"delayed {quote.delay_minutes}m", f"delay {quote.delay_minutes}m", "delayed")
        longer = ("daily fixing", "daily") if quote.delay_minutes >= DAILY_MINUTES else longer
    elif standing is Standing.STALE:
        longer = (f"stale {old}", "stale")
    elif standing is Standing.UNTRADED:
        longer = ("no trade yet", "no trade")
    elif standing is Standing.MEMORY:
        longer = (f"from memory {old}", f"memory {old}", f"kept {old}")
    elif standing is Standing.CLOSED and view.now - quote.as_of > OLD_NEWS:
        longer = (f"closed {old}",)
    return next((words for words in longer if len(words) <= width), standing.value)


_STANDING_ROLES = {
    Standing.STALE: STALE,
    Standing.UNKNOWN: STALE,
    Standing.AUCTION: AUCTION,
    Standing.LIVE: MUTED,
    Standing.UNSURE: MUTED,
}


def _symbol(view: RowView, width: int, extent: Extent) -> Fragments:
    return ((_clipped(view.stock.symbol.text, width), MUTED),)


def _name(view: RowView, width: int, extent: Extent) -> Fragments:
    if view.alerted and width > len(ALERTED):
        return (ALERTED, LIMIT), (_clipped(view.name, width - len(ALERTED)), PLAIN)
    return ((_clipped(view.name, width), PLAIN),)


def _last(view: RowView, width: int, extent: Extent) -> Fragments:
    mark = 2 if extent.limits else 0
    quote = view.quote
    if quote is None:
        return ((aligned(None, 0, width - mark, extent.decimals) + " " * mark, MUTED),)
    text = aligned(quote.last, quote.decimals, width - mark, extent.decimals)
    role = AUCTION if quote.trading is Trading.AUCTION else view.role
    return ((text, role), (f" {MARKS[view.at_limit]}", LIMIT)) if mark else ((text, role),)


def _change_percent(view: RowView, width: int, extent: Extent) -> Fragments:
    return ((percentage(view.change_percent, width), view.role),)


def _change(view: RowView, width: int, extent: Extent) -> Fragments:
    decimals = view.quote.decimals if view.quote else 0
    return ((aligned(view.change, decimals, width, extent.decimals, sign=True), view.role),)


def _volume(view: RowView, width: int, extent: Extent) -> Fragments:
    return _optional(view.quote.volume or None if view.quote else None, width, quantity)


def _turnover(view: RowView, width: int, extent: Extent) -> Fragments:
    quote = view.quote
    if quote is None or not quote.turnover:
        return _optional(None, width, quantity)
    return ((quantity(quote.turnover, width, SIGNS.get(quote.currency, quote.currency)), PLAIN),)


def _turnover_rate(view: RowView, width: int, extent: Extent) -> Fragments:
    return _optional(view.quote.turnover_rate or None if view.quote else None, width, _ratio)


def _volume_ratio(view: RowView, width: int, extent: Extent) -> Fragments:
    return _optional(view.quote.volume_ratio or None if view.quote else None, width, _ratio)


def _ratio(value: float | None, width: int) -> str:
    return aligned(value, 2, width, 2)


def _optional(value: float | None, width: int, form: Callable[[float | None, int], str]) -> Fragments:
    return ((form(value, width), MUTED if value is None else PLAIN),)


def range_place(quote: Quote | None) -> float | None:
    """Where the last price stands in the day's range: 0 at the low, 1 at the high. A range of one price counts as
    its end on the side of the move."""
    if quote is None or quote.high is None or quote.low is None or quote.trading in NO_MOVE:
        return None
    if quote.high <= quote.low:
        change = quote.change or 0.0
        return 1.0 if change > 0 else 0.0 if change < 0 else 0.5
    return min(1.0, max(0.0, (quote.last - quote.low) / (quote.high - quote.low)))


def _range(view: RowView, width: int, extent: Extent) -> Fragments:
    place = range_place(view.quote)
    if place is None:
        return ((" " * width, MUTED),)
    inner = width - 2
    left = round(place * (inner - 1))
    return ((f"▕{'─' * left}", MUTED), ("┤", view.role), (f"{'─' * (inner - 1 - left)}▏", MUTED))


def _to_limit(view: RowView, width: int, extent: Extent) -> Fragments:
    if view.at_limit:
        return ((flush(LIMIT_WORDS[view.at_limit], width), LIMIT),)
    room = view.quote.to_limit_percent if view.quote is not None and view.change is not None else None
    return ((flush(NOTHING if room is None else f"{fitted(room, 2, width - 2)} %", width), MUTED),)


def _day(view: RowView, width: int, extent: Extent) -> Fragments:
    role = {RISE: LINE_RISE, FALL: LINE_FALL}.get(view.role, MUTED)
    return ((sparkline(view.prices, width), role),)


def _age(view: RowView, width: int, extent: Extent) -> Fragments:
    role = LIMIT if view.differs else _STANDING_ROLES.get(view.standing, CLOSED)
    return ((flush(standing_words(view, width), width), role),)


FORMS: dict[str, Form] = {
    "symbol": _symbol,
    "name": _name,
    "last": _last,
    "change_percent": _change_percent,
    "change": _change,
    "volume": _volume,
    "turnover": _turnover,
    "turnover_rate": _turnover_rate,
    "volume_ratio": _volume_ratio,
    "range": _range,
    "to_limit": _to_limit,
    "day": _day,
    "age": _age,
}
"""How each of the usual columns is written, by its key."""
