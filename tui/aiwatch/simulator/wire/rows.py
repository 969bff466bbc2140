"""Rows of price history before a host's format is put on them, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from aiwatch.simulator.faults import PRICES, FaultKind
from aiwatch.simulator.history import DailyBar, Minute

_CUT = 640
_BEHIND = 20
"""How many rows before the last a row is hit: within every range that a chart of days shows."""
_FAR_AHEAD = timedelta(days=365 * 60)


class Row(NamedTuple):
    """A bar as a host tells it: local date, or the start of an intraday bar (aware UTC); prices in points, volume in
    shares, turnover in points times shares. ``None`` is what the host leaves out. ``is_live`` is today's."""

    when: date | datetime
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    volume: int | None
    is_live: bool = False


def daily_rows(bars: Iterable[DailyBar], today: date) -> list[Row]:
    """The sessions as rows."""
    return [Row(*bar, is_live=bar.day == today) for bar in bars]


def minute_rows(minutes: Sequence[Minute], size: int) -> list[Row]:
    """Bars of ``size`` minutes; a break of the session ends one."""
    rows: list[Row] = []
    step = timedelta(minutes=size)
    for minute in minutes:
        high, low = max(minute.open, minute.close), min(minute.open, minute.close)
        if rows and minute.start < rows[-1].when + step:
            last = rows[-1]
            assert last.high is not None
            assert last.low is not None
            assert last.volume is not None
            rows[-1] = last._replace(
                high=max(last.high, high),
                low=min(last.low, low),
                close=minute.close,
                volume=last.volume + minute.volume,
            )
        else:
            rows.append(Row(minute.start, minute.open, high, low, minute.close, minute.volume))
    return rows


def grouped(rows: Iterable[Row], period: str) -> list[Row]:
    """Daily rows by ``week`` or ``month``; a group is dated by its last session."""
    groups: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        key = row.when.isocalendar()[:2] if period == "week" else (row.when.year, row.when.month)
        groups.setdefault(key, []).append(row)
    return [
        Row(
            group[-1].when,
            group[0].open,
            max(row.high for row in group if row.high is not None),
            min(row.low for row in group if row.low is not None),
            group[-1].close,
            sum(row.volume or 0 for row in group),
            is_live=group[-1].is_live,
        )
        for group in groups.values()
    ]


def spoiled(rows: list[Row], kinds: Iterable[FaultKind]) -> list[Row]:
    """``rows`` with what the ``kinds`` do to them; the first and the last row are hit only by kinds that mean them."""
    for kind in kinds:
        rows = _spoiled(rows, kind) if rows else rows
    return rows


def _spoiled(rows: list[Row], kind: FaultKind) -> list[Row]:
    middle = max(0, len(rows) - 1 - min(len(rows) // 2, _BEHIND))
    hit, last = rows[middle], rows[-1]
    match kind:
        case FaultKind.MISSING_DAY:
            return rows[:middle] + rows[middle + 1 :]
        case FaultKind.NULL_ROW:
            hit = Row(hit.when, None, None, None, None, None)
            return [*rows[:middle], hit, *rows[middle + 1 :]]
        case FaultKind.ONLY_CLOSE:
            hit = Row(hit.when, None, None, None, hit.close, None)
            return [*rows[:middle], hit, *rows[middle + 1 :]]
        case FaultKind.PRE_OPEN_ROW:
            before = rows[-2].close if len(rows) > 1 else last.open
            return [*rows[:-1], Row(last.when, before, before, before, before, 0, last.is_live)]
        case FaultKind.DOUBLED_LIVE_ROW:
            return [*rows[:-1], last._replace(is_live=False), last]
        case FaultKind.TRUNCATED_640:
            return rows[-_CUT:]
        case FaultKind.EMPTY_LIST:
            return []
        case FaultKind.FUTURE:
            return [*rows[:-1], last._replace(when=last.when + _FAR_AHEAD, is_live=False)]
        case _ if kind in PRICES:
            return [*rows[:-1], last._replace(close=PRICES[kind])]
        case _:
            return rows
