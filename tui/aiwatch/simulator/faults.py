"""Faults that a host of the exchange can have, and the plan that decides which request meets one."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Any

from aiwatch.files.toml_document import did_you_mean
from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, SOURCES

HOSTS = (
    *(spec.name for spec in SOURCES if not spec.shares_host),
    *(host.name for host in (*FILING_HOSTS, *NEWS_HOSTS)),
)
"""The hosts of the exchange: those of the data sources, and those that have filings and headlines."""


HISTORY_HOSTS = ("tencent", "sina", "yahoo")
"""The hosts that serve price history."""


class FaultKind(StrEnum):
    """What can be wrong, in the words of the command line."""

    STATUS = "status"
    """An error status; ``status`` says which, ``retry_after`` adds the header."""
    HTML = "html"
    """A maintenance page, with status 200."""
    GARBAGE = "garbage"
    """Bytes of no format."""
    EMPTY = "empty"
    HALF_LINE = "half-line"
    """The body ends within its last line or entry, and is as long as it says."""
    HALF_CHARACTER = "half-character"
    """The body ends within its last character of more than one byte, and is as long as it says."""
    CUT = "cut"
    """The connection is closed before the body is as long as it says."""
    RESET = "reset"
    """The connection is reset in the middle of the body."""
    HANG = "hang"
    """No answer until the host is released or the client leaves."""
    SLOW = "slow"
    """The body drips over ``seconds``."""
    LATENCY = "latency"
    """The answer comes ``seconds`` late."""
    REFUSE = "refuse"
    """The host does not listen at all, until it is healed; it has no number of times and no probability."""
    FIELD_COUNT = "field-count"
    """A line that ends after twenty fields; an entry without its time."""
    ZERO_PRICE = "zero-price"
    NEGATIVE_PRICE = "negative-price"
    HUGE_PRICE = "huge-price"
    NAN_PRICE = "nan-price"
    FUTURE = "future"
    """A time at least a day ahead."""
    UNKNOWN = "unknown"
    """A symbol that is missing from the answer."""
    CLEAN_CLOSE = "clean-close"
    """The stream says goodbye (code 1000)."""
    ABNORMAL_CLOSE = "abnormal-close"
    """The stream's connection is cut."""
    BAD_BASE64 = "bad-base64"
    BAD_PROTOBUF = "bad-protobuf"
    BAD_JSON = "bad-json"
    """JSON of another type than a message of the stream."""
    SILENCE = "silence"
    """The stream stays open and sends nothing until it is released."""
    FLOOD = "flood"
    """Thousands of the stream's messages at once."""
    MISSING_DAY = "missing-day"
    """A session that history leaves out without a word."""
    NULL_ROW = "null-row"
    """A session of history without any figure."""
    ONLY_CLOSE = "only-close"
    """A session of history that has a close alone."""
    PRE_OPEN_ROW = "pre-open-row"
    """Today's bar before the open: the previous close four times, and no volume."""
    DOUBLED_LIVE_ROW = "doubled-live-row"
    """Today's bar twice."""
    TRUNCATED_640 = "truncated-640"
    """No more than 640 rows of history, however many were asked for."""
    EMPTY_LIST = "empty-list"
    """History without a row, said as if all were well."""


STREAM_ONLY = frozenset(
    {
        FaultKind.CLEAN_CLOSE,
        FaultKind.ABNORMAL_CLOSE,
        FaultKind.BAD_BASE64,
        FaultKind.BAD_PROTOBUF,
        FaultKind.BAD_JSON,
        FaultKind.SILENCE,
        FaultKind.FLOOD,
    }
)
"""The kinds that only a stream can have."""

HISTORY_ONLY = frozenset(
    {
        FaultKind.MISSING_DAY,
        FaultKind.NULL_ROW,
        FaultKind.ONLY_CLOSE,
        FaultKind.PRE_OPEN_ROW,
        FaultKind.DOUBLED_LIVE_ROW,
        FaultKind.TRUNCATED_640,
        FaultKind.EMPTY_LIST,
    }
)
"""The kinds that only an answer with price history can have; no other request meets them."""

SPOILING = frozenset(
    {
        FaultKind.FIELD_COUNT,
        FaultKind.ZERO_PRICE,
        FaultKind.NEGATIVE_PRICE,
        FaultKind.HUGE_PRICE,
        FaultKind.NAN_PRICE,
        FaultKind.FUTURE,
        FaultKind.UNKNOWN,
    }
)
"""The kinds that spoil a line and leave the rest of the answer alone."""
PRICES = {
    FaultKind.ZERO_PRICE: 0.0,
    FaultKind.NEGATIVE_PRICE: -1.0,
    FaultKind.HUGE_PRICE: 1e308,
    FaultKind.NAN_PRICE: math.nan,
}
"""What stands for a price, by the kind that spoils it."""
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_DAY = 86_400
_FAR_AHEAD = "2096"
"""A year far ahead; it is a leap year, so that every date of the present has its twin in it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``times`` how many requests meet it (``None``: all), each with ``probability``.

    ``status`` and ``retry_after`` (a header's text) belong to `FaultKind.STATUS`, ``seconds`` to slow and late answers,
    ``symbol`` to the kinds that spoil a line: the host's spelling, the first line when empty, every line when ``*``.
    """

    kind: FaultKind
    times: int | None = None
    probability: float = 1.0
    status: int = 429
    retry_after: str | None = None
    seconds: float = 1.0
    symbol: str = ""

    @classmethod
    def parse(cls, text: str) -> tuple[str, Fault]:
        """The host and the fault that ``HOST:KIND[:PROBABILITY[:SECONDS]]`` spells; a number as KIND is a status.

        Raises `ValueError`, saying what is wrong.
        """
        host, _, rest = text.partition(":")
        kind, *numbers = rest.split(":")
        if host not in HOSTS:
            raise ValueError(f"fault {text!r}: the host must be one of {', '.join(HOSTS)}{did_you_mean(host, HOSTS)}")
        if len(numbers) > 2:
            raise ValueError(f"fault {text!r}: write HOST:KIND[:PROBABILITY[:SECONDS]]")
        try:
            probability, seconds = (float(number) for number in (*numbers, "1", "1")[: max(2, len(numbers))])
        except ValueError:
            raise ValueError(f"fault {text!r}: probability and seconds are numbers") from None
        if not 0 <= probability <= 1 or not 0 <= seconds < math.inf:
            raise ValueError(f"fault {text!r}: a probability is from 0 to 1, and seconds at least 0")
        if kind.isdecimal() and 400 <= int(kind) <= 999:
            return host, cls(FaultKind.STATUS, probability=probability, status=int(kind), seconds=seconds)
        kinds = sorted(set(FaultKind) - {FaultKind.STATUS})
        if kind not in kinds:
            problem = f"{kind!r} is neither a status nor one of {', '.join(kinds)}"
            raise ValueError(f"fault {text!r}: {problem}{did_you_mean(kind, kinds)}")
        if kind in STREAM_ONLY and host != "stream":
            raise ValueError(f"fault {text!r}: only the stream can have {kind!r}")
        if kind in HISTORY_ONLY and host not in HISTORY_HOSTS:
            raise ValueError(f"fault {text!r}: {host} has no price history")
        return host, cls(FaultKind(kind), probability=probability, seconds=seconds)


class FaultPlan:
    """The faults of one host, tried in the order they were added; a request may meet several."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let the following requests meet ``fault``."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
        self._faults.clear()

    def draw(self, among: Collection[FaultKind] = frozenset(FaultKind)) -> list[Fault]:
        """The faults ``among`` these kinds the next request meets; one met as often as asked is forgotten."""
        drawn, remaining = [], []
        for fault in self._faults:
            if fault.kind not in among:
                remaining.append(fault)
                continue
            met = fault.probability >= 1 or self._random.random() < fault.probability
            if met:
                drawn.append(fault)
            left = None if fault.times is None else fault.times - met
            if left is None or left > 0:
                remaining.append(replace(fault, times=left))
        self._faults = remaining
        return drawn


def within_character(body: bytes) -> bytes:
    """``body`` up to the first byte of its last run of characters that are not ASCII; half of it when there is none."""
    *_, start = -1, *(match.start() for match in _NOT_ASCII.finditer(body))
    return body[: start + 1] if start >= 0 else body[: len(body) // 2]


def spoil_line(line: bytes, kind: FaultKind) -> bytes:
    """A Tencent line with one thing wrong; empty for `FaultKind.UNKNOWN`."""
    fields = line.decode("gbk").split("~")
    if kind is FaultKind.FIELD_COUNT:
        return "~".join(fields[:20]).encode("gbk") + b'";\n'
    if kind is FaultKind.FUTURE:
        fields[30] = _FAR_AHEAD + fields[30][4:]
    elif kind in PRICES:
        fields[3] = f"{PRICES[kind]:g}"
    return b"" if kind is FaultKind.UNKNOWN else "~".join(fields).encode("gbk")


def spoil_entry(entry: bytes, kind: FaultKind) -> bytes:
    """A Yahoo entry with one thing wrong; empty for `FaultKind.UNKNOWN`."""
    value = json.loads(entry)
    spoil_meta(value["response"][0]["meta"], kind)
    return b"" if kind is FaultKind.UNKNOWN else json.dumps(value, ensure_ascii=False).encode()


def spoil_meta(meta: dict[str, Any], kind: FaultKind) -> None:
    """Make one thing wrong in the figures of a Yahoo entry."""
    if kind is FaultKind.FIELD_COUNT:
        del meta["regularMarketTime"]
    elif kind is FaultKind.FUTURE:
        meta["regularMarketTime"] += _DAY
    elif kind in PRICES:
        meta["regularMarketPrice"] = PRICES[kind]
