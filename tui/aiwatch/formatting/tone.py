"""The colour of a change: a theme variable, by the convention of the symbol's market or the user's own.

Where up is neither red nor green (for colour-blind eyes, in monochrome), a gain is ``$up`` everywhere, and the theme's
variables say what that looks like.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from aiwatch.market.symbol import Symbol

Convention = Literal["auto", "red-up", "green-up", "colour-blind", "monochrome"]
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)
_RED_UP_LOCALES = frozenset({"zh_CN", "zh_TW", "zh", "ja_JP", "ja", "ko_KR", "ko"})
"""Locales of places whose screens show a gain in red; Hong Kong's show it in green."""
_NOWHERE = frozenset({"", "C", "POSIX"})
"""Locales that are of no place."""


def home_convention(locale: str) -> Convention | None:
    """What gains look like in the place of ``locale``, such as ``zh_CN.UTF-8``; ``None`` where it names no place."""
    place = locale.partition(".")[0].partition("@")[0]
    if place in _NOWHERE:
        return None
    return "red-up" if place in _RED_UP_LOCALES else "green-up"


def is_red_up(symbol: Symbol | None, convention: str) -> bool:
    """Whether a gain is red: as in mainland China, or everywhere, or nowhere. Without a symbol, ``auto`` is green."""
    if convention == "auto":
        return symbol is not None and symbol.is_china
    return convention == "red-up"


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
