"""What is asked of the worker beside bars: coming dates, cash flow, comparisons. Failures are values."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from aiwatch.errors import Refused, SourceError
from aiwatch.history.analysis.results import Comparison, ComparisonRequest
from aiwatch.history.asking.rests import HostRests
from aiwatch.history.worker.client import TITLE, Worker
from aiwatch.history.worker.messages import (
    Answer,
    AskCashFlow,
    AskComparison,
    AskEarnings,
    CashFlowAnswer,
    ComparisonAnswer,
    EarningsAnswer,
    Question,
)
from aiwatch.history.worker.yahoo_days import YahooDays
from aiwatch.market.symbol import Symbol

T = TypeVar("T")
AnswerT = TypeVar("AnswerT", bound=Answer)
_YAHOO = (YahooDays.name, YahooDays.title)


class Answered(Struct, Generic[T], frozen=True):
    """An answer, or the ``problem`` that there is none in a sentence."""

    answer: T | None = None
    problem: str = ""


class WorkerQuestions:
    """Asks ``worker`` for the screen and the commands; ``path`` is the history file that comparisons read."""

    def __init__(self, worker: Worker, rests: HostRests, path: Path) -> None:
        self._worker = worker
        self._rests = rests
        self._path = path

    async def earnings(self, symbol: Symbol) -> Answered[EarningsAnswer]:
        """The next earnings and dividend dates of ``symbol``."""
        return await self._ask_yahoo(AskEarnings(symbol.text), EarningsAnswer)

    async def cash_flow(self, symbol: Symbol) -> Answered[CashFlowAnswer]:
        """The quarterly cash flow of the company of ``symbol``."""
        return await self._ask_yahoo(AskCashFlow(symbol.text), CashFlowAnswer)

    async def compare(self, request: ComparisonRequest) -> Answered[Comparison]:
        """What ``request`` asks of the kept bars; no host is asked."""
        try:
            answer = await self._worker.ask(AskComparison(str(self._path), request), ComparisonAnswer)
        except SourceError as error:
            return Answered(problem=f"The comparison failed: {error}")
        return Answered(answer.comparison)

    async def _ask_yahoo(self, question: Question, expected: type[AnswerT]) -> Answered[AnswerT]:
        if until := self._rests.until(*_YAHOO):
            return Answered(problem=f"{TITLE} rests until {until.astimezone():%H:%M} ({self._rests.why(*_YAHOO)})")
        try:
            answer = await self._worker.ask(question, expected)
        except SourceError as error:
            if not (isinstance(error, Refused) and error.status == 404):
                self._rests.fail(*_YAHOO, error)
            return Answered(problem=f"{TITLE}: {error}")
        self._rests.succeed(*_YAHOO)
        return Answered(answer)
