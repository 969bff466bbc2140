"""SEC's company facts: capital spending by quarter out of sums from the begin of the fiscal year.

The format, as the SEC documents it: ``facts → us-gaap → TAG → units → USD``, a list of ``{start, end, val, fy, fp,
form, filed, frame}``. A cash flow statement gives the sum from the first day of the fiscal year, so a quarter is the
difference of two such sums; the newest filing of a period counts. ``fy`` is the year of the filing, not of the figure,
and is not used. Keyless and in the public domain; a client has to name itself and a contact, and asks at most ten times
a second.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct, field

from aiwatch.errors import AiwatchError
from aiwatch.files.bounded import mapped
from aiwatch.ledger.delivered.quarters import Quarter

TAGS = ("PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets")
"""The names under which companies report capital spending; Amazon uses the second."""

SOURCE = "SEC"
PATH = "/api/xbrl/companyfacts/CIK{cik:010d}.json"
"""Where a company's facts are at the SEC's host, by its number."""

_QUARTER = range(80, 106)
_WHOLE_YEAR = range(350, 380)
_TURN = datetime.timedelta(days=7)


MOST_BYTES = 2**20
"""Bytes of the capital spending in a file, which has some tens of thousands a company."""


class FactsError(AiwatchError):
    """What was read is no file of company facts, or has no capital spending in it."""

    title = "SEC company facts"


_NONE = msgspec.Raw(b"{}")


class _Tags(Struct):
    """The figures of a company's accounts that are read; msgspec passes over all others."""

    first: msgspec.Raw = field(default=_NONE, name=TAGS[0])
    second: msgspec.Raw = field(default=_NONE, name=TAGS[1])


class _Facts(Struct):
    us_gaap: _Tags = field(default_factory=_Tags, name="us-gaap")


class _File(Struct):
    entityName: str = ""  # noqa: N815 (the file's own name)
    facts: _Facts = field(default_factory=_Facts)


_FILES = msgspec.json.Decoder(_File)


def spending_in(body: bytes) -> tuple[Quarter, ...]:
    """The quarters in a file of company facts. Such a file has several megabytes, of which only the capital spending is
    taken apart. Raises `FactsError`, whatever the file holds."""
    with mapped(lambda why: FactsError(f"not a file of company facts: {why}")):
        file = _FILES.decode(body)
        accounts = file.facts.us_gaap
        reported = dict(zip(TAGS, (accounts.first, accounts.second), strict=True))
        if sum(len(memoryview(raw)) for raw in reported.values()) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES // 2**20} MiB of capital spending")
        tags = {tag: msgspec.json.decode(raw) for tag, raw in reported.items()}
        return capital_spending({"entityName": file.entityName, "facts": {"us-gaap": tags}})


def capital_spending(facts: Mapping[str, Any], tags: Iterable[str] = TAGS) -> tuple[Quarter, ...]:
    """The quarters of ``facts``, the earliest first, under the one of ``tags`` with the newest figure. Raises
    `FactsError` when there is none."""
    by_tag = {tag: _quarters(tag, _sums(facts, tag)) for tag in tags}
    best = max(by_tag.values(), key=lambda quarters: quarters[-1].ends if quarters else datetime.date.min)
    if not best:
        name = facts.get("entityName") or "this company"
        raise FactsError(f"{name} has no figure called {' or '.join(by_tag)}")
    return best


_Sums = dict[tuple[datetime.date, datetime.date], tuple[Decimal, str, datetime.date]]


def _sums(facts: Mapping[str, Any], tag: str) -> _Sums:
    """The newest sum, its currency and the day of its filing by first and last day."""
    newest: _Sums = {}
    try:
        units = facts["facts"]["us-gaap"].get(tag, {}).get("units", {})
        for currency, entries in units.items():
            for entry in entries:
                if "start" not in entry:
                    continue
                days = datetime.date.fromisoformat(entry["start"]), datetime.date.fromisoformat(entry["end"])
                filed = datetime.date.fromisoformat(entry["filed"])
                if days not in newest or filed >= newest[days][2]:
                    newest[days] = Decimal(str(entry["val"])), currency, filed
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise FactsError(f"not a file of company facts: {type(error).__name__} at {error}") from None
    return newest


def _quarters(tag: str, sums: _Sums) -> tuple[Quarter, ...]:
    starts = sorted({start for start, _ in sums if _is_year_start(start, sums)})
    quarters: dict[datetime.date, Quarter] = {}
    for start in starts:
        ends = sorted(end for first, end in sums if first == start)
        before: tuple[datetime.date, Decimal] | None = None
        for number, end in enumerate(_by_quarter(start, ends), 1):
            if end is None:
                before = None
                continue
            total, currency, filed = sums[start, end]
            if number > 1 and before is None:
                before = end, total
                continue
            first = start if before is None else before[0] + datetime.timedelta(days=1)
            amount = total if before is None else total - before[1]
            before = end, total
            if amount >= 0:
                year = _fiscal_year(start, ends)
                quarters[end] = Quarter(first, end, amount, currency, year, number, SOURCE, tag, filed)
    return tuple(quarters[end] for end in sorted(quarters))


def _is_year_start(start: datetime.date, sums: _Sums) -> bool:
    """Whether a fiscal year begins on ``start``: sums of more than a quarter begin there, or nothing shows that the
    year began before."""
    days = [(end - first).days for first, end in sums if first == start]
    longer = any(length > max(_QUARTER) for length in days)
    inside = any(first < start <= end and (end - first).days > max(_QUARTER) for first, end in sums)
    return longer or not inside


def _by_quarter(start: datetime.date, ends: list[datetime.date]) -> list[datetime.date | None]:
    """The last days of the four quarters of the year that begins on ``start``; ``None`` where no sum ends there."""
    last: list[datetime.date | None] = [None] * 4
    for end in ends:
        place = round(((end - start).days + 1) / 91.3) - 1
        if 0 <= place < len(last):
            last[place] = end
    return last


def _fiscal_year(start: datetime.date, ends: list[datetime.date]) -> int:
    """The year in which the fiscal year ends; one that ends in the first days of January is of the year before."""
    end = next((end for end in reversed(ends) if (end - start).days in _WHOLE_YEAR), start.replace(day=1))
    if end == start.replace(day=1):
        end = start + datetime.timedelta(days=364)
    return (end - _TURN).year
