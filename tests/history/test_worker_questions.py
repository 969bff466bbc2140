"""Coming dates, cash flow and comparisons through the worker, with failures as values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from aiwatch.errors import RateLimited, Refused, SourceError
from aiwatch.feed.backoff import NoSilence
from aiwatch.history.analysis.results import Comparison, ComparisonRequest
from aiwatch.history.asking.rests import HostRests
from aiwatch.history.worker.client import Worker
from aiwatch.history.worker.messages import Answer, ComparisonAnswer, EarningsAnswer, Question
from aiwatch.history.worker_questions import WorkerQuestions
from aiwatch.market.symbol import parse_symbol

NVDA = parse_symbol("NVDA")
NOW = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)


class FakeWorker(Worker):
    """Answers with what a test says."""

    def __init__(self, answer: Answer | SourceError) -> None:
        super().__init__(tuple)
        self.answer = answer
        self.questions: list[Question] = []

    async def ask(self, question: Question, expected: type) -> object:  # type: ignore[override]
        self.questions.append(question)
        if isinstance(self.answer, SourceError):
            raise self.answer
        return self.answer


def _questions(answer: Answer | SourceError) -> tuple[WorkerQuestions, FakeWorker]:
    worker = FakeWorker(answer)
    return WorkerQuestions(worker, HostRests(lambda: NOW, NoSilence()), Path("history.sqlite3")), worker


async def test_an_answer_is_handed_on() -> None:
    dates = EarningsAnswer([date(2026, 2, 24)])
    questions, _ = _questions(dates)
    assert (await questions.earnings(NVDA)).answer == dates


async def test_after_429_nothing_is_asked_while_the_host_rests() -> None:
    questions, worker = _questions(RateLimited("Yahoo", "too many requests (429)"))
    first = await questions.cash_flow(NVDA)
    assert (first.answer, first.problem) == (None, "Yahoo: too many requests (429)")
    second = await questions.earnings(NVDA)
    assert second.problem.startswith("Yahoo rests until")
    assert second.problem.endswith("(429)")
    assert len(worker.questions) == 1


async def test_a_symbol_that_is_not_known_rests_nobody() -> None:
    questions, worker = _questions(Refused("Yahoo", "answered with status 404", status=404))
    await questions.earnings(NVDA)
    await questions.earnings(NVDA)
    assert len(worker.questions) == 2


async def test_a_comparison_asks_no_host_and_says_why_it_failed() -> None:
    done = Comparison(None, None, 0, [])
    questions, worker = _questions(ComparisonAnswer(done))
    assert (await questions.compare(ComparisonRequest(["NVDA"]))).answer == done
    worker.answer = Refused("Yahoo", "no such file")
    assert (await questions.compare(ComparisonRequest(["NVDA"]))).problem == "The comparison failed: no such file"
