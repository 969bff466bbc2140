"""What is asked of an analysis and what comes of it: values for the screen and the commands. Imports no pandas."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from msgspec import Struct

BASKET_WORDS = "Basket: mean of the members' daily returns, chained, so rebalanced each day"
"""How a basket is made, which is not the mean of rebased prices."""
SPANS = (5, 20, 60, 120, 250)
"""Over how many sessions returns are ranked."""


class ComparisonRequest(Struct, frozen=True):
    """Symbols (Yahoo's spelling) from the local date ``first`` (``None``: as far back as kept) to ``last``.

    ``benchmark`` and ``currency`` (ISO 4217) are empty for none and for prices as quoted; ``weekly`` is ``None`` for
    weekly returns where markets differ, daily ones else.
    """

    symbols: list[str]
    first: date | None = None
    last: date | None = None
    benchmark: str = ""
    currency: str = ""
    adjusted: bool = True
    weekly: bool | None = None


class ComparedSymbol(Struct, frozen=True):
    """One line of a comparison. Percent throughout; ``None`` where there are too few sessions.

    ``change`` is from the common start to its own last session; ``drawdown`` the deepest fall from a high before it;
    ``volatility`` a year's, of daily log returns; ``beta`` to the benchmark, of ``beta_sessions`` shared returns;
    ``returns`` and ``ranks`` over `SPANS` sessions, 1 the best. ``limit_streak`` is the longest run of closes at limit
    up, ``None`` where no limit is known.
    """

    symbol: str
    source: str
    currency: str
    first: date
    last: date
    sessions: int
    change: float
    against: float | None = None
    drawdown: float | None = None
    volatility: float | None = None
    beta: float | None = None
    beta_sessions: int = 0
    returns: list[float | None] = []
    ranks: list[int | None] = []
    limit_streak: int | None = None


class Correlation(Struct, frozen=True):
    """Pairwise correlations of returns: a row a symbol. ``counts`` are the returns each pair shares."""

    symbols: list[str]
    weekly: bool
    values: list[list[float | None]]
    counts: list[list[int]]


class Comparison(Struct, frozen=True):
    """A rebased comparison. ``lines`` are 100 at ``start``, a line a symbol in the order of ``rows``, ``None`` where
    one has no session; ``basket`` chains the mean of the members' daily returns. ``shared`` is the number of sessions
    that all have. ``notes`` say in words what limits it; ``lacking`` are symbols without kept bars."""

    start: date | None
    end: date | None
    shared: int
    rows: list[ComparedSymbol]
    days: list[date] = []
    lines: list[list[float | None]] = []
    basket: list[float | None] = []
    benchmark: ComparedSymbol | None = None
    benchmark_line: list[float | None] = []
    correlation: Correlation | None = None
    notes: list[str] = []
    lacking: list[str] = []


class EventWindow(NamedTuple):
    """Sessions around day 0, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"[{self.first},{self.last}]"


WINDOWS = (EventWindow(-5, -1), EventWindow(0, 1), EventWindow(0, 3), EventWindow(0, 5), EventWindow(0, 20))
ESTIMATION = EventWindow(-140, -21)


class StudiedEvent(Struct, frozen=True):
    """One symbol's event: ``day`` is the first session on or after ``asked``; ``abnormal`` are the sums of abnormal
    returns over `WINDOWS`, in percent, ``None`` where the closes do not reach. ``why`` says why there are none."""

    symbol: str
    asked: date
    day: date | None
    alpha: float | None = None
    beta: float | None = None
    estimated: int = 0
    abnormal: list[float | None] = []
    why: str = ""


class WindowSummary(Struct, frozen=True):
    """What the events of a window have in common, in percent; ``t`` only of ten or more."""

    window: str
    count: int
    mean: float | None
    median: float | None
    positive: float | None
    t: float | None = None


class Study(Struct, frozen=True):
    """An event study by the market model."""

    benchmark: str
    events: list[StudiedEvent]
    summaries: list[WindowSummary]
    notes: list[str] = []
