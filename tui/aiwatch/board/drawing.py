"""How any column of the quote board is written: the usual ones, and those that stand only where they were asked for."""

from __future__ import annotations

from aiwatch.board.cells import (
    FALL,
    FLAT,
    FORMS,
    MUTED,
    PLAIN,
    RISE,
    STALE,
    Extent,
    Form,
    Fragments,
    RowView,
    aligned,
    fitted,
    percentage,
    quantity,
)
from aiwatch.board.rows import position_figure
from aiwatch.formatting.text import NOTHING, clip, flush
from aiwatch.market.money import SIGNS
from aiwatch.market.state import Standing

PRICES = ("open", "high", "low", "previous_close", "bid", "ask", "vwap", "high_52w", "low_52w")
"""The columns that hold a price of the quote under its own name."""


def _price(key: str) -> Form:
    def form(view: RowView, width: int, extent: Extent) -> Fragments:
        value = getattr(view.quote, key, None)
        decimals = view.quote.decimals if view.quote else 0
        return ((aligned(value, decimals, width, extent.decimals), MUTED if value is None else PLAIN),)

    return form


def _amplitude(view: RowView, width: int, extent: Extent) -> Fragments:
    value = view.quote.amplitude if view.quote else None
    return ((aligned(value, 2, width, 2), MUTED if value is None else PLAIN),)


def _pe(view: RowView, width: int, extent: Extent) -> Fragments:
    value = view.quote.pe if view.quote else None
    return ((flush(NOTHING if value is None else fitted(value, 2, width), width), MUTED if value is None else PLAIN),)


def _market_cap(view: RowView, width: int, extent: Extent) -> Fragments:
    quote = view.quote
    if quote is None or not quote.market_cap:
        return ((quantity(None, width), MUTED),)
    return ((quantity(quote.market_cap, width, SIGNS.get(quote.currency, quote.currency)), PLAIN),)


def _quantity(view: RowView, width: int, extent: Extent) -> Fragments:
    held = view.stock.quantity
    return ((" " * width, PLAIN),) if not held else ((flush(_shares(held, width), width), PLAIN),)


def _shares(held: float, width: int) -> str:
    whole = f"{held:.4f}".rstrip("0").rstrip(".")
    return whole if len(whole) <= width else fitted(held, 4, width)


def _cost(view: RowView, width: int, extent: Extent) -> Fragments:
    cost = view.stock.cost
    if cost is None:
        return ((" " * width, PLAIN),)
    return ((aligned(cost, extent.decimals, width, extent.decimals), PLAIN),)


def _money(key: str) -> Form:
    """A sum of the position; a gain has its sign, and is told as a rise or a fall."""

    def form(view: RowView, width: int, extent: Extent) -> Fragments:
        value = position_figure(key, view.stock, view.quote)
        if value is None:
            return ((flush(NOTHING if view.stock.quantity else "", width), MUTED),)
        assert view.quote is not None
        sign = SIGNS.get(view.quote.currency, view.quote.currency)
        if key == "value":
            return ((quantity(abs(value), width, f"{'-' if value < 0 else ''}{sign}"), PLAIN),)
        role = RISE if value > 0 else FALL if value < 0 else FLAT
        before = "+" if value > 0 else "-" if value < 0 else ""
        return ((quantity(abs(value), width, f"{before}{sign}"), role),)

    return form


def _gain_percent(view: RowView, width: int, extent: Extent) -> Fragments:
    value = position_figure("gain_percent", view.stock, view.quote)
    if value is None:
        return ((flush(f"{NOTHING}   " if view.stock.quantity else "", width), MUTED),)
    return ((percentage(value, width), RISE if value > 0 else FALL if value < 0 else FLAT),)


def _role(view: RowView, width: int, extent: Extent) -> Fragments:
    return ((clip(view.stock.role, width), MUTED),)


def _tags(view: RowView, width: int, extent: Extent) -> Fragments:
    return ((clip(", ".join(view.stock.tags), width), MUTED),)


ALL_FORMS: dict[str, Form] = {
    **FORMS,
    **{key: _price(key) for key in PRICES},
    "quantity": _quantity,
    "cost": _cost,
    "value": _money("value"),
    "day_gain": _money("day_gain"),
    "gain": _money("gain"),
    "gain_percent": _gain_percent,
    "amplitude": _amplitude,
    "pe": _pe,
    "market_cap": _market_cap,
    "role": _role,
    "tags": _tags,
}
"""How each column is written, by its key."""

_SAID_WITHOUT_QUOTE = frozenset({"symbol", "name", "last", "change_percent", "age", "role", "tags", "quantity", "cost"})


def cell(key: str, view: RowView, width: int, extent: Extent) -> Fragments:
    """The cell of column ``key`` in exactly ``width`` cells.

    A row without a quote leaves its figures empty; a stale or delisted one is dimmed as a whole.
    """
    if view.quote is None and key not in _SAID_WITHOUT_QUOTE:
        return ((" " * width, PLAIN),)
    fragments = ALL_FORMS[key](view, width, extent)
    if view.standing in (Standing.STALE, Standing.DELISTED):
        return tuple((text, STALE) for text, _ in fragments)
    return fragments
