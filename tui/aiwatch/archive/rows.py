"""Quotes, alerts and days of a calendar as rows of the archive, and back.

A row that does not read is no quote, no alert and no day, never an error.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import msgspec

from aiwatch.archive.schema import to_moment, to_number
from aiwatch.market.calendar.session import Day
from aiwatch.market.quote import Quote, Trading, coherent
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.watchlist.alerts.rules import Alert, Trigger

Row = tuple[str, int, str]
"""Symbol, ``as_of`` in microseconds since 1970, the rest as a JSON object."""

_KINDS: dict[object, tuple[type, ...]] = {
    "float": (float, int),
    "float | None": (float, int),
    "int": (int,),
    "int | None": (int,),
    "str": (str,),
}
_PLAIN = {name: _KINDS[kind] for name, kind in Quote.__annotations__.items() if kind in _KINDS}
"""The fields that are plain numbers and words, with the types they may have in JSON."""
_ALWAYS = ("source", "last", "currency", "decimals", "trading")
_NEEDED = _PLAIN.keys() & set(_ALWAYS)
_SOMETIMES = tuple(name for name in _PLAIN if name not in _ALWAYS)
"""The plain fields that may be missing: ``None``, or a word that is empty."""
_WORDS = ("name", "zone")
_told_always, _told_sometimes = attrgetter(*_ALWAYS), attrgetter(*_SOMETIMES)
_Told: Any = msgspec.defstruct(
    "_Told",
    [*_ALWAYS, "received_at", *((name, object, "" if name in _WORDS else None) for name in _SOMETIMES)],
    omit_defaults=True,
)
"""What a row tells, as it is written: what is missing is left out."""
_MOST = {"decimals": 10, "delay_minutes": 7 * 24 * 60}
_LONGEST, _ABSURD = 200, 1e16
"""Characters of a word, and what no figure reaches: beyond them a row is not believed."""
_encode = msgspec.json.Encoder().encode


def to_row(quote: Quote) -> Row:
    """The row of ``quote``; what is neither number nor word is not kept.

    Thousands of them are made at a stretch, in a thread that keeps the event loop waiting meanwhile.
    """
    optional = _Told(*_told_always(quote), to_number(quote.received_at), *_told_sometimes(quote))
    return quote.symbol.text, to_number(quote.as_of), _encode(optional).decode()


def to_quote(row: Row, symbol: Symbol | None = None) -> Quote | None:
    """The quote of ``row`` (of ``symbol``, where it is known already); ``None`` when it does not read."""
    try:
        fields = json.loads(row[2])
        plain = {name: _checked(fields[name], kinds) for name, kinds in _PLAIN.items() if name in fields}
        if not plain.keys() >= _NEEDED or not isinstance(plain["last"], (float, int)) or plain["last"] <= 0:
            return None
        if any(not 0 <= plain.get(name, 0) <= most for name, most in _MOST.items()):  # type: ignore[operator]  # integers
            return None
        plain.setdefault("previous_close", None)
        plain.setdefault("delay_minutes", None)
        quote = Quote(
            symbol=symbol or parse_symbol(row[0]),
            as_of=to_moment(row[1]),
            received_at=to_moment(fields["received_at"]),
            trading=Trading(fields["trading"]),
            **plain,  # type: ignore[arg-type]  # each checked against the field's own type
        )
        return coherent(quote)
    except Exception:  # whatever the row holds, it is no quote
        return None


def _checked(value: object, kinds: tuple[type, ...]) -> object:
    """``value`` if it is of one of ``kinds`` and can be shown; raises `ValueError` else."""
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise ValueError(f"{value!r} is of the wrong type")
    if isinstance(value, str):
        return "".join(filter(str.isprintable, value[:_LONGEST]))
    if isinstance(value, (float, int)) and not abs(value) < _ABSURD:
        raise ValueError("no figure")
    return value


ALERT_COLUMNS = "fired_at, symbol, rule, level, value, decimals, as_of, caveat, rearmed"
"""The columns of a row, in its order."""

AlertRow = tuple[int, str, str, float, float, int, int, str, int]
"""Moments in microseconds since 1970; ``rule`` is the trigger's word, ``rearmed`` 0 or 1."""

_MOST_DECIMALS = 10


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


DAY_COLUMNS = "exchange, day, opens, break_starts, break_ends, closes, is_half"
"""The columns of a row, in its order."""

DayRow = tuple[str, str, int | None, int | None, int | None, int | None, int]
"""Exchange, ISO date, four moments in microseconds since 1970 or nothing, and whether it is a half day."""


def day_to_row(day: Day) -> DayRow:
    """The row of ``day``."""
    opens, starts, ends, closes = map(_number, (day.opens, day.break_starts, day.break_ends, day.closes))
    return day.code, day.date.isoformat(), opens, starts, ends, closes, int(day.is_half)


def row_to_day(row: DayRow) -> Day | None:
    """The day of ``row``; ``None`` when it does not read."""
    try:
        code, local, opens, starts, ends, closes, is_half = row
        day = date.fromisoformat(local)
        moments = tuple(map(_moment, (opens, starts, ends, closes)))
        there = [moment for moment in moments if moment is not None]
        if there != sorted(there):
            return None
        return Day(
            str(code),
            day,
            moments[0],
            moments[3],
            break_starts=moments[1],
            break_ends=moments[2],
            is_half=bool(is_half),
        )
    except Exception:  # whatever the row holds, it is no day
        return None


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else to_number(moment)


def _moment(number: int | None) -> datetime | None:
    return None if number is None else to_moment(number)
