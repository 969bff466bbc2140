"""The last hour of a recording, as a recording of its own, for a report of a fault."""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from aiwatch.sources.recording import Captured, line_of, read, started_line

LENGTH = timedelta(hours=1)
MOST_BYTES = 32 * 2**20
"""Bytes of bodies at most; the oldest are left out."""


def last_hour(path: Path, clean: Callable[[str], str], clean_body: Callable[[bytes], bytes]) -> tuple[bytes, str]:
    """The answers of the recording at ``path`` that came in its last hour, packed, and what it is of in words.

    ``clean`` goes over every text of it, ``clean_body`` over what the hosts sent. Raises `FileError` as `read` does.
    """
    answers: deque[Captured] = deque()
    size = 0
    for answer in read(path):
        answers.append(answer)
        size += len(answer.body)
        while answers and (answer.at - answers[0].at > LENGTH or size > MOST_BYTES):
            size -= len(answers.popleft().body)
    if not answers:
        return b"", "it has no answers"
    first, last = answers[0].at, answers[-1].at
    symbols = sorted({symbol for answer in answers for symbol in answer.asked})
    lines = [started_line(first), *(line_of(answer, clean, clean_body) for answer in answers)]
    words = (
        f"{len(answers)} answers of {', '.join(sorted({answer.source for answer in answers}))}, "
        f"{first:%Y-%m-%d %H:%M} to {last:%H:%M} UTC; it names {len(symbols)} symbols: {' '.join(symbols)}"
    )
    return gzip.compress("".join(f"{line}\n" for line in lines).encode()), words
