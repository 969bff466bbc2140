"""A comparison made of formulas, and price history under a test's control."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from math import sin
from types import SimpleNamespace
from typing import Any

from aiwatch.history.analysis.results import ComparedSymbol, Comparison, ComparisonRequest, Correlation
from aiwatch.history.results import Bars
from aiwatch.history.worker_questions import Answered
from aiwatch.market.bars import Interval, Range
from aiwatch.market.symbol import Symbol
from tests.market.bars.fixtures import daily

START = date(2025, 2, 14)
DAYS = 120


def walk(seed: int, slope: float) -> list[float | None]:
    """A line from 100 on."""
    return [round(100 + slope * at + 6 * sin(at / 7 + seed) - 6 * sin(seed), 3) for at in range(DAYS)]


def compared_row(symbol: str, line: Sequence[float | None], place: int) -> ComparedSymbol:
    """The figures of ``line``, of which only the change is worked out."""
    last = line[-1]
    assert last is not None
    return ComparedSymbol(
        symbol,
        "tencent",
        "CNY",
        START,
        START + timedelta(days=DAYS - 1),
        DAYS,
        round(last - 100, 2),
        against=round(last - 104, 2),
        drawdown=-4.0 - place,
        volatility=30.0 + place,
        beta=1.0 + place / 10,
        beta_sessions=DAYS - 1,
        returns=[1.5 * place, -2.25, 0.0, 12.5, None],
        ranks=[place, place, place, place, None] if place else [],
    )


def comparison_of(symbols: Sequence[str], benchmark: str = "") -> Comparison:
    """``symbols`` from a common start, one steeper than the other."""
    lines = [walk(at, 0.4 - 0.15 * at) for at in range(len(symbols))]
    basket = [sum(filter(None, column)) / len(lines) for column in zip(*lines, strict=True)]
    values: list[list[float | None]] = [
        [1.0 if at == to else round(sin(at * 3 + to * 3) * 0.9, 2) for to in range(len(symbols))]
        for at in range(len(symbols))
    ]
    line = walk(9, 0.05)
    return Comparison(
        START,
        START + timedelta(days=DAYS - 1),
        DAYS,
        [compared_row(symbol, own, at + 1) for at, (symbol, own) in enumerate(zip(symbols, lines, strict=True))],
        [START + timedelta(days=at) for at in range(DAYS)],
        lines,
        list(basket),
        compared_row(benchmark, line, 0) if benchmark else None,
        line if benchmark else [],
        Correlation(list(symbols), False, values, [[DAYS - 1] * len(symbols)] * len(symbols)),
        ["Basket: mean of the members' daily returns, chained, so rebalanced each day"],
    )


class FakeLists:
    """Price history of lists: bars of every symbol but those in ``problems``, and what the worker answers."""

    def __init__(self, answer: Answered[Comparison] | None = None) -> None:
        self.answer = answer
        self.problems: dict[str, str] = {}
        self.asked: list[tuple[str, Range]] = []
        self.requests: list[ComparisonRequest] = []
        self.used = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def parts(self) -> Any:
        return SimpleNamespace(board=self, service=self, questions=self)

    async def was_used(self) -> bool:
        return False

    async def note_use(self) -> None:
        self.used += 1

    async def bars(self, symbol: Symbol, span: Range) -> Bars:
        self.asked.append((symbol.text, span))
        await self.gate.wait()
        if problem := self.problems.get(symbol.text):
            return Bars(symbol, Interval.DAY, problem=problem)
        return Bars(symbol, Interval.DAY, daily([1.0, 2.0], symbol=symbol.text))

    async def compare(self, request: ComparisonRequest) -> Answered[Comparison]:
        self.requests.append(request)
        return self.answer or Answered(comparison_of(request.symbols, request.benchmark))
