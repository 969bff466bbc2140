"""A list compared: the days of its stocks, fetched where they lack, and what the worker makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from aiwatch.history.analysis.results import Comparison, ComparisonRequest
from aiwatch.market.bars import Range
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol
from aiwatch.session.dependencies import ListHistory

MOST_PROBLEMS = 3
"""Stocks that are named with the reason why their days could not be had."""
Progress = Callable[[str, int, int], None]
"""Takes what is done now, how many of how many are done."""


class ComparisonQuery(Struct, frozen=True):
    """What is compared: ``symbols`` over ``span`` with ``benchmark`` (``None``: with none), adjusted or as paid."""

    symbols: tuple[Symbol, ...]
    span: Range = Range.YEAR
    adjusted: bool = True
    benchmark: Symbol | None = None


class Compared(Struct, frozen=True):
    """What came of it, or the ``problem`` that nothing did, in a sentence; ``notes`` are to be known of it."""

    comparison: Comparison | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()


class ListComparison:
    """Compares lists. Kept days are compared at once, and again where newer ones came."""

    def __init__(self, history: ListHistory, clock: Clock) -> None:
        self._history = history
        self._clock = clock

    async def compare(self, query: ComparisonQuery, progress: Progress) -> Compared:
        """What there is to say of ``query``; ``progress`` is called meanwhile."""
        progress("opening price history", 0, 0)
        parts = await self._history.parts()
        await parts.board.note_use()
        symbols = [*query.symbols, *([query.benchmark] if query.benchmark else [])]
        problems: list[str] = []
        for at, symbol in enumerate(symbols):
            progress(symbol.text, at, len(symbols))
            bars = await parts.service.bars(symbol, query.span)
            if bars.series is None:
                problems.append(bars.problem or f"No bars of {symbol}")
        progress("working it out", len(symbols), len(symbols))
        answered = await parts.questions.compare(self._request(query))
        if answered.answer is None:
            return Compared(problem=answered.problem)
        notes = (*_few(problems), *answered.answer.notes)
        if not answered.answer.rows:
            return Compared(problem=". ".join(notes) or "No days of these stocks could be had")
        return Compared(answered.answer, notes=notes)

    def _request(self, query: ComparisonQuery) -> ComparisonRequest:
        return ComparisonRequest(
            [symbol.text for symbol in query.symbols],
            query.span.first_day(self._clock().date()),
            benchmark=query.benchmark.text if query.benchmark else "",
            adjusted=query.adjusted,
        )


def _few(problems: Sequence[str]) -> tuple[str, ...]:
    """The first ``problems``, and how many more there are."""
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    return (*problems[:MOST_PROBLEMS], f"{len(problems) - MOST_PROBLEMS} more could not be had")
