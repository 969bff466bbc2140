"""What the screen's process and the child say to each other: one JSON object a line."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

import msgspec
from msgspec import Struct

from aiwatch.history.analysis.results import Comparison, ComparisonRequest
from aiwatch.market.bars import Event, RefusedBar


class AskBars(Struct, frozen=True, tag="bars"):
    """Daily bars of Yahoo's ``symbol`` from ``first`` on (``None``: from its first), and its events since then."""

    symbol: str
    first: date | None = None


class AskEarnings(Struct, frozen=True, tag="earnings"):
    """The dates of ``symbol`` that Yahoo's calendar has: next earnings, ex-dividend."""

    symbol: str


class AskCashFlow(Struct, frozen=True, tag="cash-flow"):
    """The quarterly cash flow of ``symbol``."""

    symbol: str


class AskComparison(Struct, frozen=True, tag="compare"):
    """A comparison, worked out of the bars that are kept in the file ``store``."""

    store: str
    request: ComparisonRequest


Question = AskBars | AskEarnings | AskCashFlow | AskComparison


class DailyRow(NamedTuple):
    """A daily bar: local date, open, high, low, close (unadjusted), volume in shares."""

    day: date
    open: float
    high: float
    low: float
    close: float
    volume: int | None


class BarsAnswer(Struct, frozen=True, tag="bars"):
    """Rows as they were paid, in whole units of ``currency`` (ISO 4217), oldest first, with the splits undone that
    Yahoo puts into its prices."""

    currency: str
    rows: list[DailyRow]
    events: list[Event] = []
    refused: list[RefusedBar] = []


class EarningsAnswer(Struct, frozen=True, tag="earnings"):
    """Coming dates. ``earnings`` are one day, or the first and last of an estimate."""

    earnings: list[date] = []
    ex_dividend: date | None = None
    dividend: date | None = None


class Quarter(Struct, frozen=True):
    """The cash flow of a quarter that ended on ``end``, in units of the ``currency`` of the answer; ``None`` where
    Yahoo has no figure. ``capital_expenditure`` is negative as Yahoo writes it."""

    end: date
    operating: float | None = None
    capital_expenditure: float | None = None
    free: float | None = None


class CashFlowAnswer(Struct, frozen=True, tag="cash-flow"):
    """Quarters, the newest first; ``currency`` is the one the company reports in, empty where Yahoo does not say, and
    ``year_end`` the last day of its last fiscal year, as far as Yahoo says it."""

    currency: str
    quarters: list[Quarter]
    year_end: date | None = None


class ComparisonAnswer(Struct, frozen=True, tag="compare"):
    """What came of a comparison."""

    comparison: Comparison


class FaultKind(StrEnum):
    """What kept the child from an answer."""

    RATE_LIMITED = "rate limited"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """Yahoo has nothing of that symbol."""
    TIMED_OUT = "timed out"
    UNREACHABLE = "unreachable"
    GARBLED = "garbled"
    BROKEN = "broken"
    """The child itself cannot work, as without yfinance."""


class FaultAnswer(Struct, frozen=True, tag="fault"):
    """No answer: what kind of fault it was and its own words. ``status`` is the host's, 0 without one."""

    kind: FaultKind
    text: str
    status: int = 0


Answer = BarsAnswer | EarningsAnswer | CashFlowAnswer | ComparisonAnswer | FaultAnswer

question_of = msgspec.json.Decoder(Question).decode
"""The question in a line. Raises `msgspec.DecodeError`."""
answer_of = msgspec.json.Decoder(Answer).decode
"""The answer in a line. Raises `msgspec.DecodeError`."""


def line_of(message: Question | Answer) -> bytes:
    """``message`` as one line."""
    return msgspec.json.encode(message) + b"\n"
