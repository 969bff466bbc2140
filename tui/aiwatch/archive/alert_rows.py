"""An alert as a row of the archive and back. A row that does not read is no alert, never an error."""

from __future__ import annotations

from aiwatch.archive.schema import to_moment, to_number
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist.alerts.rules import Alert, Trigger

ALERT_COLUMNS = "fired_at, symbol, rule, level, value, decimals, as_of, caveat, rearmed"
"""The columns of a row, in its order."""

AlertRow = tuple[int, str, str, float, float, int, int, str, int]
"""Moments in microseconds since 1970; ``rule`` is the trigger's word, ``rearmed`` 0 or 1."""

_MOST_DECIMALS = 10
_ABSURD = 1e16
"""No price, change or ratio reaches this."""


def alert_to_row(alert: Alert) -> AlertRow:
    """The row of ``alert``."""
    return (
        to_number(alert.fired_at),
        alert.symbol.text,
        alert.trigger.value,
        alert.level,
        alert.value,
        alert.decimals,
        to_number(alert.as_of),
        alert.caveat,
        int(alert.rearmed),
    )


def row_to_alert(row: AlertRow) -> Alert | None:
    """The alert of ``row``; ``None`` when it does not read."""
    try:
        fired_at, symbol, rule, level, value, decimals, as_of, caveat, rearmed = row
        figures, places = (float(level), float(value)), int(decimals)
        if not all(abs(figure) < _ABSURD for figure in figures) or not 0 <= places <= _MOST_DECIMALS:
            return None
        return Alert(
            symbol=parse_symbol(symbol),
            trigger=Trigger(rule),
            level=figures[0],
            value=figures[1],
            decimals=places,
            as_of=to_moment(as_of),
            fired_at=to_moment(fired_at),
            caveat="".join(filter(str.isprintable, caveat)),
            rearmed=bool(rearmed),
        )
    except Exception:  # whatever the row holds, it is no alert
        return None
