"""The child itself: ``python -m aiwatch.history.worker.child BASE_URL CACHE`` answers questions until its pipe closes.

A thread of its own reads the pipe, so that the child ends at once when the screen does, even by ``kill -9``, and in the
middle of a request too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

import msgspec

from aiwatch.history.worker.messages import (
    Answer,
    AskComparison,
    ComparisonAnswer,
    FaultAnswer,
    FaultKind,
    Question,
    line_of,
    question_of,
)


class Answerer:
    """Answers questions; imports what an answer needs with the first that needs it."""

    def __init__(self, base_url: str, cache: Path) -> None:
        self._base_url = base_url
        self._cache = cache
        self._ask_yahoo: Callable[..., Answer] | None = None

    def answer(self, line: bytes) -> Answer:
        """The answer to a line; a fault is one too."""
        try:
            question = question_of(line)
        except msgspec.DecodeError as error:
            return FaultAnswer(FaultKind.BROKEN, f"the question cannot be read: {error}")
        try:
            return self._answer(question)
        except Exception as error:  # the child goes on: the next question may be answered
            return FaultAnswer(FaultKind.BROKEN, f"{type(error).__name__}: {error}")

    def _answer(self, question: Question) -> Answer:
        if isinstance(question, AskComparison):
            from aiwatch.history.analysis.compare import compare_stored

            return ComparisonAnswer(compare_stored(Path(question.store), question.request))
        if self._ask_yahoo is None:
            from aiwatch.history.worker.yahoo import YahooHistory

            self._cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._ask_yahoo = YahooHistory(self._base_url, self._cache).answer
        return self._ask_yahoo(question)


def serve(answerer: Answerer, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer every line of ``questions`` on ``answers``; never returns: the process ends with its pipe."""
    lines: SimpleQueue[bytes] = SimpleQueue()

    def read() -> None:
        for line in questions:
            lines.put(line)
        os._exit(0)  # whatever is under way: nobody waits for it

    threading.Thread(target=read, name="questions", daemon=True).start()
    while True:
        answer = answerer.answer(lines.get())
        try:
            answers.write(line_of(answer))
            answers.flush()
        except OSError:
            os._exit(0)


def main(arguments: list[str]) -> None:
    """Serve on standard input and output; whatever else prints, prints on standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command that asks
    if hasattr(os, "nice"):
        os.nice(5)
    base_url, cache = arguments
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(Answerer(base_url, Path(cache)), sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(sys.argv[1:])
