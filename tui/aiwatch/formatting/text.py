"""Numbers, ages and names as the screen writes them, measured in terminal cells, never in characters.

A run of prices as one line of block characters.

The colour of a change is a theme variable, by the convention of the symbol's market or the user's own. Where up is
neither red nor green (colour-blind, monochrome), a gain is ``$up`` everywhere, and the theme's variables say
what that looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

from rich.cells import cell_len, set_cell_size

from aiwatch.market.exchanges import SIGNS
from aiwatch.market.symbol import Symbol

ELLIPSIS = "…"
DAILY_MINUTES = 24 * 60
"""The delay of a source that gives one price a day."""
NOTHING = "–"
"""Stands where a source sent nothing."""

_OF_NUMBERS = "0123456789., "
_INDEX_TITLES = {"000300.SS": "CSI 300", "000001.SS": "SSE", "399001.SZ": "SZSE", "399006.SZ": "ChiNext", "^HSI": "HSI"}
_INDEX_TITLES |= {"^IXIC": "Nasdaq", "^GSPC": "S&P 500", "^DJI": "Dow", "^N225": "Nikkei"}
_RATE = re.compile("([A-Z]{3})??([A-Z]{3})=X")
_UNITS = ((1e12, "trn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))
Convention = Literal["auto", "red-up", "green-up", "colour-blind", "monochrome"]
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)
_RED_UP_LOCALES = frozenset({"zh_CN", "zh_TW", "zh", "ja_JP", "ja", "ko_KR", "ko"})
"""Locales of places whose screens show a gain in red; Hong Kong's show it in green."""
_NOWHERE = frozenset({"", "C", "POSIX"})
"""Locales that are of no place."""


def clip(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells, on the left; an ellipsis where it did not fit, never within a number."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    if width <= 1:
        return ELLIPSIS[:width]
    return set_cell_size(set_cell_size(text, width - 1).rstrip(_OF_NUMBERS) + ELLIPSIS, width)


def flush(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells, on the right."""
    room = width - cell_len(text)
    return " " * room + text if room >= 0 else clip(text, width)


def price(value: float | None, decimals: int) -> str:
    """A price with all its decimals and no grouping: prices are compared digit by digit."""
    return NOTHING if value is None else f"{value:.{decimals}f}"


def signed(value: float | None, decimals: int = 2) -> str:
    """A change with its sign; a zero has none."""
    if value is None:
        return NOTHING
    text = f"{value:+.{decimals}f}"
    return text[1:] if not text.strip("+-0.") else text


def short(value: float | None) -> str:
    """A large number in three significant digits and a unit: ``1.53 bn``, ``48.1 M``, ``912``."""
    if value is None:
        return NOTHING
    size = abs(value)
    for scale, unit in _UNITS:
        if size >= scale * 0.9995:
            scaled = value / scale
            decimals = 2 if abs(scaled) < 9.995 else 1 if abs(scaled) < 99.95 else 0
            return f"{scaled:.{decimals}f} {unit}"
    return f"{value:.0f}"


def money(value: float | None, currency: str) -> str:
    """`short` with the currency's sign before it (its ISO code, where no sign is usual)."""
    if value is None:
        return NOTHING
    return f"{SIGNS.get(currency, currency and currency + ' ')}{short(value)}"


def age(then: datetime | None, now: datetime) -> str:
    """How long ago, in at most four cells: ``3s``, ``25s``, ``12m``, ``5h``, ``3d``, ``2y``. A moment ahead reads
    ``0s``. From ten seconds on it moves in steps of five, from a minute on by the minute: it is drawn no oftener."""
    if then is None:
        return NOTHING
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < 60:
        return f"{seconds if seconds < 10 else seconds - seconds % 5}s"
    if seconds < 100 * 60:
        return f"{seconds // 60}m"
    if seconds < 48 * 3600:
        return f"{seconds // 3600}h"
    days = seconds // 86400
    return f"{days}d" if days < 1000 else f"{days // 365}y"


def span(duration: timedelta) -> str:
    """A length of time in words: ``40 s``, ``50 min``, ``7 h 20 min``, ``2 d 3 h``."""
    seconds = max(0, int(duration.total_seconds() + 0.999))
    if seconds < 60:
        return f"{seconds} s"
    minutes = (seconds + 59) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def index_title(symbol: str) -> str:
    """What people call the index or the rate with the ``symbol``: ``CSI 300``, ``USD/CNY``; else its symbol."""
    rate = _RATE.fullmatch(symbol)
    if rate is not None:
        return f"{rate[1] or 'USD'}/{rate[2]}"
    return _INDEX_TITLES.get(symbol, symbol.removeprefix("^"))


BLOCKS = "▁▂▃▄▅▆▇█"
_MIDDLE = BLOCKS[3]


_STILL = 0.02
"""How small a part of its scale a price is away from the middle when it counts as being there."""


def sparkline(prices: Sequence[float], width: int, scale: tuple[float, float] | None = None) -> str:
    """``prices``, oldest first, in exactly ``width`` cells, scaled from their lowest to their highest, or from the one
    end of ``scale`` to the other, beyond which they are cut off.

    Fewer prices than cells stand on the left and leave the rest empty; more are gathered into equal spans, each
    shown by its last price, so that the newest price is always the last cell. Prices that never moved are a line
    at half height.
    """
    if not prices or width <= 0:
        return " " * max(0, width)
    count = len(prices)
    if count > width:
        prices = [prices[(place + 1) * count // width - 1] for place in range(width)]
    low, high = scale or (min(prices), max(prices))
    if high <= low:
        return (_MIDDLE * len(prices)).ljust(width)
    step, top = (len(BLOCKS) - 1) / (high - low), len(BLOCKS) - 1
    if scale is not None:  # half way up is a block of its own
        return "".join([BLOCKS[_level((price - low) / (high - low), top)] for price in prices]).ljust(width)
    return "".join([BLOCKS[round((price - low) * step)] for price in prices]).ljust(width)


def _level(part: float, top: int) -> int:
    """The block for a price ``part`` of the way up from 0 to 1: the middle one just at half, others as far away."""
    middle = top // 2
    away = (part - 0.5) * 2
    if abs(away) < _STILL:
        return middle
    levels = top - middle if away > 0 else middle
    return middle + max(1, round(min(1.0, abs(away)) * levels)) * (1 if away > 0 else -1)


def is_red_up(symbol: Symbol | None, convention: str) -> bool:
    """Whether a gain is red: as in mainland China, or everywhere, or nowhere. Without a symbol, ``auto`` is green."""
    if convention == "auto":
        return symbol is not None and symbol.is_china
    return convention == "red-up"


def home_convention(locale: str) -> Convention | None:
    """What gains look like in the place of ``locale``, such as ``zh_CN.UTF-8``; ``None`` where it names no place."""
    place = locale.partition(".")[0].partition("@")[0]
    if place in _NOWHERE:
        return None
    return "red-up" if place in _RED_UP_LOCALES else "green-up"


def in_front(symbols: Iterable[Symbol], convention: str, home: Convention | None) -> str:
    """The one convention of a screen whose list in front has ``symbols``.

    What a person chose holds as it is. ``auto`` is that of the market where all of them are of one; where they are of
    several, or there are none, it is that of the person's ``home``, and green where that is not known.
    """
    if convention != "auto":
        return convention
    red = {is_red_up(symbol, convention) for symbol in symbols}
    if len(red) != 1:
        return home or "green-up"
    return "red-up" if red == {True} else "green-up"


def tone(change: float | None, symbol: Symbol | None, convention: str) -> str:
    """The theme variable for ``change``: ``$up``, ``$down`` or ``$flat``."""
    if not change:
        return "$flat"
    gains_green = not is_red_up(symbol, convention)
    return "$up" if (change > 0) == gains_green else "$down"
