"""Figures as they come over the wire: how a text becomes a number, and when one is not believed."""

from __future__ import annotations

from datetime import datetime

from aiwatch.market.quote import AHEAD
from aiwatch.market.security import Security
from aiwatch.market.symbol import Symbol

ABSURD_PRICE = 1e9
"""No price and no ratio reaches this."""
ABSURD_AMOUNT = 1e16
"""No volume and no turnover reaches this."""
MOST_DECIMALS = 6
_LOOKED_AT = 4096
"""Characters of a text, blanks included, in which `plain` looks for its line."""


class Doubt(ValueError):
    """A line that is not believed; its text is the reason, fit for the status line."""


def plain(text: str, length: int = 80) -> str:
    """``text`` from outside as one short line: control and invisible characters gone, cut at ``length``.

    However long the text is, no more than its beginning is looked at.
    """
    text = text[: _LOOKED_AT + length]
    kept = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    kept = " ".join(kept.split())
    return kept if len(kept) <= length else kept[: length - 1] + "…"


def number(text: str, bound: float = ABSURD_PRICE) -> float | None:
    """The number ``text`` spells; ``None`` when it is empty, no plain number, not finite, or ``bound`` or more."""
    if not text or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -bound < value < bound else None


def positive(text: str) -> float | None:
    """`number`, and ``None`` for zero and less: hosts write 0 or -1 where they have nothing."""
    if not text or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < ABSURD_PRICE else None


def decimals_of(text: str) -> int:
    """How many decimals a price is written with, at most `MOST_DECIMALS`."""
    point = text.find(".")
    return min(MOST_DECIMALS, len(text) - point - 1) if point >= 0 else 0


def step_decimals(kind: int, *texts: str) -> int:
    """The decimals to show of prices that a line writes as ``texts``: those of the ``kind``, or more when a text has a
    digit other than 0 beyond them."""
    most = kind
    for text in texts:
        if len(text) - text.find(".") - 1 > most and "." in text:
            most = max(most, decimals_of(text.rstrip("0")))
    return most


def ruled_limit(symbol: Symbol, security: Security) -> int | None:
    """The ``daily_limit`` of a quote of ``symbol`` that the source describes as ``security``: ``None`` where that is
    what the symbol says itself, 0 for none."""
    return None if security.daily_limit == symbol.daily_limit else security.daily_limit or 0


def call_auction(clock: str, bid: float | None, ask: float | None, last: float) -> float | None:
    """The price that a mainland stock which has not traded is at by ``clock`` (``HHMMSS``, Beijing).

    In the opening call auction best bid and best ask are both the indicative one, whatever stands in ``last``. ``None``
    outside of it, 0 when there is none yet.
    """
    if not OPENING_AUCTION[0] <= clock < OPENING_AUCTION[1]:
        return None
    return bid if bid and bid == ask else last


OPENING_AUCTION = ("091500", "093000")
"""From the first order of mainland China's opening call auction to the open, in Beijing."""


def check_price(last: float) -> None:
    """Raise `Doubt` unless ``last`` can be a price: above zero with the decimals there are, finite, not absurd."""
    if not 10.0**-MOST_DECIMALS <= last < ABSURD_PRICE:
        raise Doubt(f"a price of {last:g}")


def check_range(last: float, low: float | None, high: float | None, tick: float) -> None:
    """Raise `Doubt` unless ``low`` ≤ ``last`` ≤ ``high``, give or take a ``tick``."""
    if low is not None and high is not None and high < low:
        raise Doubt(f"high {high:g} below low {low:g}")
    slack = tick * 1.01
    if (low is not None and last < low - slack) or (high is not None and last > high + slack):
        ends = ("?" if end is None else f"{end:g}" for end in (low, high))
        raise Doubt(f"last {last:g} outside the day's {' to '.join(ends)}")


def check_time(as_of: datetime, received_at: datetime) -> None:
    """Raise `Doubt` when ``as_of`` is more than `AHEAD` after ``received_at``; both are aware."""
    if as_of - received_at > AHEAD:
        raise Doubt(f"a time in the future: {as_of:%Y-%m-%d %H:%M:%S} UTC")
