"""How the cells of the quote board are written: fragments of text with a role, exactly as wide as asked.

Numbers are never cut: they lose decimals, then take a unit, and their points and units stand below each other. The
functions named for a kind of figure (`price_cell`, `ratio_cell`, …) make the drawing of a column out of how its figure
is read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from aiwatch.board.cells import (
    ALERTED,
    ATTENTION,
    AUCTION,
    CLOSED,
    FALL,
    FLAT,
    LIMIT,
    LINE_FALL,
    LINE_RISE,
    MUTED,
    PLAIN,
    RISE,
    STALE,
    Extent,
    Fragments,
    RowView,
    extended_percent,
    history_percent,
    position_figure,
    range_place,
    status_words,
)
from aiwatch.formatting.text import BLOCKS, NOTHING, clip, flush, short, sparkline
from aiwatch.market.exchanges import SIGNS
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.state import PriceStatus
from aiwatch.watchlist import Stock

Draw = Callable[[RowView, int, Extent], Fragments]
"""Writes a cell in exactly so many cells of the terminal."""
Figure = Callable[[Quote], float | None]
"""Works one figure out of a quote."""

MARKS = {1: "▲", -1: "▼", 0: " "}
"""Beside the price: at limit up, at limit down."""
LIMIT_WORDS = {1: "limit up", -1: "limit down"}
_PERCENT_INTEGERS = 5

_clipped = lru_cache(maxsize=2048)(clip)


def limit_sign_cells(extent: Extent) -> int:
    """The cells beside a price that say whether it is at its daily limit."""
    return 2 if extent.limits else 0


# Numbers


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


# The cells of a kind of figure


def price_cell(figure: Figure) -> Draw:
    """Draws a price of the quote, its point below that of the last price."""

    def draw(view: RowView, width: int, extent: Extent) -> Fragments:
        quote = view.quote
        value = None if quote is None else figure(quote)
        decimals = 0 if quote is None else quote.decimals
        return ((aligned(value, decimals, width, extent.decimals), MUTED if value is None else PLAIN),)

    return draw


def ratio_cell(figure: Figure) -> Draw:
    """Draws a figure of the quote with two decimals."""
    return _plain(figure, lambda value, width: aligned(value, 2, width, 2))


def multiple_cell(figure: Figure) -> Draw:
    """Draws a figure of the quote with as many of two decimals as there is room for."""
    return _plain(figure, lambda value, width: flush(NOTHING if value is None else fitted(value, 2, width), width))


def count_cell(figure: Figure) -> Draw:
    """Draws a large count with its unit."""
    return _plain(figure, quantity)


def _plain(figure: Figure, form: Callable[[float | None, int], str]) -> Draw:
    def draw(view: RowView, width: int, extent: Extent) -> Fragments:
        value = None if view.quote is None else figure(view.quote)
        return ((form(value, width), MUTED if value is None else PLAIN),)

    return draw


def amount_cell(figure: Figure) -> Draw:
    """Draws a sum of money with its unit and its currency's sign."""

    def draw(view: RowView, width: int, extent: Extent) -> Fragments:
        value = None if view.quote is None else figure(view.quote)
        if view.quote is None or value is None:
            return ((quantity(None, width), MUTED),)
        return ((quantity(value, width, _sign_of(view.quote)), PLAIN),)

    return draw


def text_cell(read: Callable[[Stock], str]) -> Draw:
    """Draws a text of the stock."""
    return lambda view, width, extent: ((_clipped(read(view.stock), width), MUTED),)


def _sign_of(quote: Quote) -> str:
    return SIGNS.get(quote.currency, quote.currency)


def side_of(value: float) -> str:
    """The role of a gain, a loss, or neither."""
    return RISE if value > 0 else FALL if value < 0 else FLAT


# The cells of single columns


def name_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The name, after a sign where one of the stock's alerts fired."""
    if view.alerted and width > len(ALERTED):
        return (ALERTED, ATTENTION), (_clipped(view.name, width - len(ALERTED)), PLAIN)
    return ((_clipped(view.name, width), PLAIN),)


def last_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The last price, with a sign beside it at its daily limit."""
    beside = limit_sign_cells(extent)
    quote = view.quote
    if quote is None:
        return ((aligned(None, 0, width - beside, extent.decimals) + " " * beside, MUTED),)
    text = aligned(quote.last, quote.decimals, width - beside, extent.decimals)
    role = AUCTION if quote.trading is Trading.AUCTION else view.role
    return ((text, role), (f" {MARKS[view.at_limit]}", LIMIT)) if beside else ((text, role),)


def change_percent_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The day's change in percent."""
    return ((percentage(view.change_percent, width), view.role),)


def change_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The day's change in the stock's currency."""
    decimals = view.quote.decimals if view.quote else 0
    return ((aligned(view.change, decimals, width, extent.decimals, sign=True), view.role),)


def range_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """A bar from the day's low to its high, and where the price stands on it."""
    place = range_place(view.quote)
    if place is None:
        return ((" " * width, MUTED),)
    inner = width - 2
    left = round(place * (inner - 1))
    return ((f"▕{'─' * left}", MUTED), ("┤", view.role), (f"{'─' * (inner - 1 - left)}▏", MUTED))


def to_limit_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """How far it is to the nearer daily limit, or that it is there."""
    if view.at_limit:
        return ((flush(LIMIT_WORDS[view.at_limit], width), LIMIT),)
    room = view.quote.to_limit_percent if view.quote is not None and view.change is not None else None
    return ((flush(NOTHING if room is None else f"{fitted(room, 2, width - 2)} %", width), MUTED),)


def day_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The day's prices as a line: half a cell high at the previous close, above it or below it as far as the scale of
    the list has it; without a previous close from their lowest to their highest."""
    previous = view.quote.previous_close if view.quote is not None else None
    if not previous:
        return ((sparkline(view.prices, width), {RISE: LINE_RISE, FALL: LINE_FALL}.get(view.role, MUTED)),)
    moves = [100 * (price / previous - 1) for price in view.prices]
    scale = extent.scale or max(map(abs, moves), default=0.0)
    line = sparkline(moves, width, (-scale, scale))
    return tuple(
        ("".join(cells), role) for role, cells in groupby(line, lambda cell: _LINE_ROLES.get(BLOCKS.find(cell), MUTED))
    )


_BASE = len(BLOCKS) // 2 - 1
_LINE_ROLES = {at: LINE_RISE if at > _BASE else LINE_FALL for at in range(len(BLOCKS)) if at != _BASE}
"""The roles of the heights of a line: the lower half has fallen, the upper one risen."""


_STATUS_ROLES = {
    PriceStatus.STALE: STALE,
    PriceStatus.UNKNOWN: STALE,
    PriceStatus.AUCTION: AUCTION,
    PriceStatus.LIVE: MUTED,
    PriceStatus.UNSURE: MUTED,
}


def age_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """How old the price is, or why it does not move."""
    role = ATTENTION if view.differs else _STATUS_ROLES.get(view.status, CLOSED)
    return ((flush(status_words(view, width), width), role),)


def quantity_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The shares held, nothing where there are none."""
    held = view.stock.quantity
    if not held:
        return ((" " * width, PLAIN),)
    whole = f"{held:.4f}".rstrip("0").rstrip(".")
    return ((flush(whole if len(whole) <= width else fitted(held, 4, width), width), PLAIN),)


def cost_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """What one share cost, nothing where that is not known."""
    cost = view.stock.cost
    if cost is None:
        return ((" " * width, PLAIN),)
    return ((aligned(cost, extent.decimals, width, extent.decimals), PLAIN),)


def value_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """What the position is worth."""
    value = position_figure("value", view.stock, view.quote)
    if value is None or view.quote is None:
        return ((flush(NOTHING if view.stock.quantity else "", width), MUTED),)
    return ((quantity(abs(value), width, f"{'-' if value < 0 else ''}{_sign_of(view.quote)}"), PLAIN),)


def gain_cell(field: str) -> Draw:
    """Draws a gain or loss of the position with its sign, as a rise or a fall."""

    def draw(view: RowView, width: int, extent: Extent) -> Fragments:
        value = position_figure(field, view.stock, view.quote)
        if value is None or view.quote is None:
            return ((flush(NOTHING if view.stock.quantity else "", width), MUTED),)
        before = "+" if value > 0 else "-" if value < 0 else ""
        return ((quantity(abs(value), width, f"{before}{_sign_of(view.quote)}"), side_of(value)),)

    return draw


def gain_percent_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The gain of the position in percent."""
    value = position_figure("gain_percent", view.stock, view.quote)
    if value is None:
        return ((flush(f"{NOTHING}   " if view.stock.quantity else "", width), MUTED),)
    return ((percentage(value, width), side_of(value)),)


def history_cell(name: str) -> Draw:
    """Draws the change since what history has under ``name``."""

    def draw(view: RowView, width: int, extent: Extent) -> Fragments:
        value = history_percent(name, view.history, view.quote)
        return ((percentage(value, width), MUTED if value is None else side_of(value)),)

    return draw


def from_high_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """How far the price is below the high of 52 weeks, in percent; 0 at it."""
    value = history_percent("high", view.history, view.quote)
    return ((percentage(value, width), MUTED if value is None else PLAIN),)


def strip_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The last closes as a line, in the colour of what they did together."""
    closes = () if view.history is None or view.quote is None else view.history.strip(view.quote)
    moved_by = closes[-1] - closes[0] if closes else 0.0
    return ((sparkline(closes, width), {RISE: LINE_RISE, FALL: LINE_FALL}.get(side_of(moved_by), MUTED)),)


def extended_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """The price before or after the regular session; nothing where there is none."""
    if view.extended is None or view.quote is None:
        return ((" " * width, PLAIN),)
    return ((aligned(view.extended.last, view.quote.decimals, width, extent.decimals), PLAIN),)


def extended_percent_cell(view: RowView, width: int, extent: Extent) -> Fragments:
    """Its change since the last price of the session."""
    value = extended_percent(view.extended, view.quote)
    return ((" " * width, PLAIN),) if value is None else ((percentage(value, width), side_of(value)),)


symbol_cell = text_cell(attrgetter("symbol.text"))
