"""The keys of the board's columns, as ``columns`` in a watchlist names them."""

from __future__ import annotations

POSITION_COLUMN_KEYS = ("quantity", "cost", "value", "day_gain", "gain", "gain_percent")
"""The columns of what a person holds."""

COLUMN_KEYS = (
    "symbol",
    "name",
    "last",
    "change_percent",
    "change",
    "volume",
    "turnover",
    "turnover_rate",
    "volume_ratio",
    "range",
    "to_limit",
    "day",
    "age",
    *POSITION_COLUMN_KEYS,
)
"""Every column there is, in the order in which the board shows them by itself."""
