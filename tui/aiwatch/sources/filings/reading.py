"""What the readers of filings share: texts in one line, links within a host, rows that fail one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from html import unescape
from typing import TypeVar

from aiwatch.errors import Garbled, RateLimited, Refused
from aiwatch.files.bounded import reason_of
from aiwatch.market.filings.filing import Filing, FilingPage, newest_first
from aiwatch.sources.http import Reply
from aiwatch.sources.http_errors import meaning_of, retry_after
from aiwatch.sources.parsing import InvalidLine, plain

Row = TypeVar("Row")
MOST_ROWS = 200
"""Rows of an answer that are read, the newest; no host lists more on a page that is asked for here."""
LONGEST_TITLE = 300
LONGEST_NAME = 80
LIST_LIMIT = 8 * 2**20
"""Bytes of the list by which a host knows its companies."""
EAST_8 = timezone(timedelta(hours=8))
"""The clock of Beijing and of Hong Kong, which has not been put forward since 1991."""
AHEAD = timedelta(days=14)
"""How far ahead a date may be: what is filed in an evening carries the next trading day, which is after a holiday."""
_EARLIEST = date(1990, 1, 1)
_TAG = re.compile(r"<[^<>]{0,200}>")
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


def text_of(text: str | None, length: int = LONGEST_TITLE) -> str:
    """``text`` of a page as one line without tags, entities and control characters, cut at ``length``."""
    return plain(unescape(_TAG.sub(" ", (text or "")[: 16 * length])), length)


def required(text: str | None, what: str, length: int = LONGEST_TITLE) -> str:
    """As `text_of`. Raises `InvalidLine` where nothing is left, naming ``what`` lacks."""
    clean = text_of(text, length)
    if not clean:
        raise InvalidLine(f"no {what}")
    return clean


def link_to(base: str, path: str | None) -> str:
    """The address of the document at ``path`` below ``base``, which ends with a slash; empty without a path.

    Raises `InvalidLine` for a path that is more than names of folders and of a file, so that none leads elsewhere.
    """
    if not path:
        return ""
    if len(path) > 300 or not _PATH.fullmatch(path):
        raise InvalidLine(f"a path that is none: {plain(path, 60)}")
    return base + path


def check_moment(at: datetime, now: datetime) -> datetime:
    """``at``. Raises `InvalidLine` for a time after ``now``, but for a clock that goes wrong by a day at most."""
    if at > now + timedelta(days=1):
        raise InvalidLine(f"a time in the future: {at:%Y-%m-%d %H:%M} UTC")
    return at


def check_day(day: date, now: datetime) -> date:
    """``day``. Raises `InvalidLine` unless it is one on which something may have been filed by ``now``."""
    if not _EARLIEST <= day <= (now + AHEAD).date():
        raise InvalidLine(f"a day that cannot be: {day}")
    return day


def page_of(rows: Iterable[Row], read: Callable[[Row], Filing], host: str) -> FilingPage:
    """The filings that ``read`` makes of ``rows``, newest first; a row that fails is refused and hurts no other.

    Raises `Garbled` where there are rows and none is believed.
    """
    filings: list[Filing] = []
    refused: list[str] = []
    for row in rows:
        try:
            filings.append(read(row))
        except Exception as error:  # an `InvalidLine`, or a field that nobody has thought of
            refused.append(reason_of(error))
    if refused and not filings:
        raise Garbled(host, f"no row that can be read: {refused[0]}")
    return FilingPage(newest_first(filings), tuple(refused))


def body_of(reply: Reply, host: str, now: datetime) -> bytes:
    """The body of a ``reply`` that succeeded. Raises `RateLimited` or `Refused`."""
    if 200 <= reply.status < 300:
        return reply.body
    meaning = meaning_of(reply.body)
    message = f"HTTP {reply.status}" + (f": {meaning}" if meaning else "")
    if reply.status == 429:
        raise RateLimited(host, message, retry_after=retry_after(reply.retry_after, now))
    raise Refused(host, message, status=reply.status)
