"""The colour of a change: a theme variable, by the convention of the symbol's market or the user's own.

Where up is neither red nor green (for colour-blind eyes, in monochrome), a gain is ``$up`` everywhere, and the theme's
variables say what that looks like.
"""

from __future__ import annotations

from typing import Literal, get_args

from aiwatch.market.symbol import Symbol

Convention = Literal["auto", "red-up", "green-up", "colour-blind", "monochrome"]
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)


def is_red_up(symbol: Symbol | None, convention: str) -> bool:
    """Whether a gain is red: as in mainland China, or everywhere, or nowhere. Without a symbol, ``auto`` is green."""
    if convention == "auto":
        return symbol is not None and symbol.is_china
    return convention == "red-up"


def tone(change: float | None, symbol: Symbol | None, convention: str) -> str:
    """The theme variable for ``change``: ``$up``, ``$down`` or ``$flat``."""
    if not change:
        return "$flat"
    gains_green = not is_red_up(symbol, convention)
    return "$up" if (change > 0) == gains_green else "$down"
