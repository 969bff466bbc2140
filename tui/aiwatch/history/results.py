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
    sources differ, both of which are to be shown. ``is_kept``: no host was asked for this answer. ``awaits_events``:
    dividends and splits are on their way, so that adjusted prices may be others in some seconds.
    """

    symbol: Symbol
    interval: Interval
    series: Series | None = None
    problem: str = ""
    notices: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    next_try: datetime | None = None
    is_kept: bool = False
    awaits_events: bool = False
