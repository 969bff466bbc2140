"""When Sina's figures were made: three clocks, in three spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aiwatch.market.symbol import HKEX, SSE, US
from aiwatch.sources import parsing
from aiwatch.sources.parsing import Doubt

BEIJING, HONG_KONG, NEW_YORK = SSE.zone, HKEX.zone, US.zone
_TIME = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d) (\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_NEW_YORK_TIME = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}) (\d\d):(\d\d)(AM|PM) E[SD]T", re.ASCII)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SAME_MINUTE = timedelta(seconds=90)


def moment(text: str, zone: str) -> datetime:
    """The UTC moment of a date and a time in ``zone``; seconds may be missing. Raises `Doubt`."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise Doubt(f"no time: {parsing.plain(text, 30)!r}")
    year, month, day, hour, minute = map(int, match.group(1, 2, 3, 4, 5))
    return _utc(year, month, day, hour, minute, int(match.group(6) or 0), zone)


def _utc(year: int, month: int, day: int, hour: int, minute: int, second: int, zone: str) -> datetime:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Doubt(f"no time: {year}-{month}-{day} {hour}:{minute}:{second}") from None


def regular_time(fields: Sequence[str]) -> datetime:
    """When the regular price was made: field 25 says it to the minute, and field 3, to the second, moves on after the
    close. Without a year or a time in 25, field 3 has to do."""
    told = moment(fields[3], BEIJING)
    match = _NEW_YORK_TIME.fullmatch(fields[25].strip())
    if match is None or match[1] not in _MONTHS:
        return told
    written = fields[29] if len(fields) > 29 else ""
    year = int(written) if written.isascii() and written.isdigit() and len(written) == 4 else told.year
    hour = int(match[3]) % 12 + (12 if match[5] == "PM" else 0)
    regular = _utc(year, _MONTHS.index(match[1]) + 1, int(match[2]), hour, int(match[4]), 0, NEW_YORK)
    return told if abs(told - regular) < _SAME_MINUTE or regular > told else regular
