"""What the history service answers: bars and the words about them. A failure is a value too."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from aiwatch.history.store import Conflict
from aiwatch.market.bars import Interval, Series
from aiwatch.market.symbol import Symbol


class Bars(Struct, frozen=True):
    """The bars of ``symbol`` as far as they can be had, unadjusted, with their events.

    ``series`` is ``None`` where nothing is kept and nobody answered: ``problem`` says why, and ``next_try`` (aware UTC)
    when that may change. ``notices`` are short sentences that belong beside the bars; ``conflicts`` closes on which two
    sources differ, both of which are to be shown. ``is_kept``: no host was asked for this answer.
    """

    symbol: Symbol
    interval: Interval
    series: Series | None = None
    problem: str = ""
    notices: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    next_try: datetime | None = None
    is_kept: bool = False


class HistoryFigures(Struct, frozen=True):
    """What the board shows of kept history, adjusted, in percent of the earlier close; ``None`` without enough bars.

    ``from_high`` is the last close against the highest high of 52 weeks (0 at it, negative below); ``closes`` are the
    last twenty, adjusted, oldest first; ``last`` their day.
    """

    five_days: float | None = None
    month: float | None = None
    half_year: float | None = None
    year_to_date: float | None = None
    year: float | None = None
    from_high: float | None = None
    closes: tuple[float, ...] = ()
