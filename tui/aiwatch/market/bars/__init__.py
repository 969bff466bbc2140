"""Price bars: values, and the arithmetic that a chart needs on some thousands of them, without pandas.

Loaded with the first chart, not before the first paint.
"""

from aiwatch.market.bars.adjustment import adjusted, factors, undo_splits
from aiwatch.market.bars.basket import equal_weight
from aiwatch.market.bars.sampling import Rebased, grouped, last_sessions, rebased, resampled, since, within
from aiwatch.market.bars.values import (
    Bar,
    BarsQuery,
    Basis,
    Event,
    EventKind,
    Interval,
    Range,
    RefusedBar,
    Series,
    fault_of,
    local_day,
    months_before,
)

__all__ = [
    "Bar",
    "BarsQuery",
    "Basis",
    "Event",
    "EventKind",
    "Interval",
    "Range",
    "Rebased",
    "RefusedBar",
    "Series",
    "adjusted",
    "equal_weight",
    "factors",
    "fault_of",
    "grouped",
    "last_sessions",
    "local_day",
    "months_before",
    "rebased",
    "resampled",
    "since",
    "undo_splits",
    "within",
]
