"""The colour of a change: a theme variable, by the convention of the symbol's market or the user's own."""

from __future__ import annotations

from typing import Literal

from aiwatch.market.symbol import Symbol

Convention = Literal["auto", "red-up", "green-up"]
CONVENTIONS: tuple[Convention, ...] = ("auto", "red-up", "green-up")


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
