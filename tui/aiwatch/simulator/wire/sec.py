"""The SEC's company facts: capital spending as sums from the first day of the fiscal year. All of it is made up.

A company's number decides its size, under which of the two names it reports, and whether its year ends in June.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from aiwatch.ledger.delivered.companyfacts import TAGS
from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.reply import Reply

_PATH = re.compile(r"/api/xbrl/companyfacts/CIK(\d{10})\.json")
_JSON = "application/json"
_BN = 10**9
_YEARS = 4
_REPORTED_AFTER = timedelta(days=35)
_JUNE = 28, 7
"""Which numbers are those of a company whose year ends in June: one of so many."""
_MISSING = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchKey</Code></Error>'


class SecPage:
    """Answers for every company, by its number, but for the number 0, which nobody has."""

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The number that is asked for."""
        match = _PATH.fullmatch(target)
        return (match.group(1),) if match else None

    def reply(self, target: str, now: datetime, faults: Sequence[FaultKind]) -> Reply:
        """The whole answer; for a number that nobody has, that of a store that has no such file."""
        (number,) = self.asked(target) or ("0",)
        if not int(number) or FaultKind.UNKNOWN in faults:
            return Reply(_MISSING, "application/xml", 404)
        return Reply(json.dumps(_facts(int(number), now.date())).encode(), _JSON)


class NothingElse:
    """Refuses whatever is no question of a page."""

    content_type = "application/xml"

    def __init__(self, name: str) -> None:
        self.name = name

    def asked(self, target: str) -> tuple[str, ...] | None:
        """Nothing."""
        return None

    def refusal(self, symbols: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """404, always."""
        return 404, _MISSING

    def parts(self, symbols: Sequence[str], now: datetime) -> list[bytes]:
        """None."""
        return []

    def symbol_of(self, part: bytes) -> str:
        """None."""
        return ""

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """The piece as it is."""
        return part

    def body(self, parts: Sequence[bytes]) -> bytes:
        """Nothing."""
        return b""


def _facts(cik: int, today: date) -> dict[str, Any]:
    """A file of company facts with the last years of one company, beside a figure that nobody asks for."""
    last_month = 6 if cik % _JUNE[0] == _JUNE[1] else 12
    entries: list[dict[str, Any]] = []
    for year in range(today.year - _YEARS, today.year + 2):
        start = date(year, 1, 1) if last_month == 12 else date(year - 1, 7, 1)
        total = 0
        for quarter in range(1, 5):
            end = _month_end(start, 3 * quarter)
            if end + _REPORTED_AFTER > today:
                break
            spent = _spent(cik, 4 * year + quarter, 4 * (today.year - _YEARS))
            total += spent
            entries.append(_entry(start, end, total, year, quarter))
            if quarter > 1:  # the quarter by itself too, as many companies print it
                entries.append(
                    _entry(_month_end(start, 3 * quarter - 3) + timedelta(days=1), end, spent, year, quarter)
                )
    tag = TAGS[1] if cik % 3 == 2 else TAGS[0]
    assets = {"label": "Assets", "units": {"USD": [{"end": f"{today.year - 1}-12-31", "val": 10 * _BN}]}}
    spending = {"label": "Capital spending", "description": "Made up", "units": {"USD": entries}}
    facts = {"dei": {}, "us-gaap": {"Assets": assets, tag: spending}}
    return {"cik": cik, "entityName": f"Simulated company {cik}", "facts": facts}


def _spent(cik: int, quarter: int, first: int) -> int:
    """What a company spends in a quarter: a little more each time, by a number that is always the same."""
    base = 9 * _BN + crc32(str(cik).encode()) % 8 * _BN
    growth = 1 + 0.05 * (quarter - first)
    jitter = 1 + (crc32(f"{cik}/{quarter}".encode()) % 21 - 10) / 100
    return int(base * growth * jitter) // 10**6 * 10**6


def _entry(start: date, end: date, value: int, year: int, quarter: int) -> dict[str, Any]:
    form = "10-K" if quarter == 4 else "10-Q"
    filed = (end + _REPORTED_AFTER).isoformat()
    period = "FY" if quarter == 4 else f"Q{quarter}"
    return {
        "start": start.isoformat(), "end": end.isoformat(), "val": value, "accn": "0000000000-00-000000", "fy": year,
        "fp": period, "form": form, "filed": filed,
    }  # fmt: skip


def _month_end(start: date, months: int) -> date:
    """The last day of the ``months``-th month from ``start``, which is the first of one."""
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
