"""How long charts wait, and for which range they ask."""

from __future__ import annotations

from aiwatch.market.bars import Interval, Range

MINUTES_AGAIN, DAYS_AGAIN = 60.0, 600.0
"""Seconds after which minutes, and days, are asked for again while they are shown: days once more after each close."""
FAILED_AGAIN = 60.0
"""Seconds after which it is tried again where nobody says when."""
SOON = 0.15
"""Seconds for which what was shown before stays on the chart while what is kept is read."""
SETTLED = 0.3
"""Seconds for which a stock is looked at before hosts are asked, where another was shortly before."""
NO_HISTORY = "Price history is not kept here"


def asked_range(span: Range) -> Range:
    """The range that bars are asked for: of days at least a year, so that the next ranges are there too."""
    every = list(Range)
    return span if span.interval is not Interval.DAY else max(span, Range.YEAR, key=every.index)
