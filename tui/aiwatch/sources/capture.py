"""A recording of what the hosts answered: gzipped lines of JSON, one an answer, with the time it came.

The first line names the format. Every other has ``at`` (ISO 8601 UTC), ``source``, ``asked`` (symbols) and either
``body`` (base64) or ``error`` (its kind) with ``message``. Requests are not kept, and so no cookie and no crumb is.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiwatch import errors
from aiwatch.errors import FileError, Problem, SourceError
from aiwatch.market.desk import Clock

FORMAT = "aiwatch-recording"
VERSION = 1
FLUSH_SECONDS = 1.0
"""How long an answer waits in memory before it is written."""

_KINDS = {
    kind.__name__: kind
    for kind in (errors.RateLimited, errors.Refused, errors.Unreachable, errors.TimedOut, errors.Garbled)
}


@dataclass(frozen=True, slots=True)
class Captured:
    """One answer: of which source, to a question for which symbols, and when. ``error`` in place of a body when the
    source failed."""

    at: datetime
    source: str
    asked: tuple[str, ...]
    body: bytes = b""
    error: SourceError | None = None


class Recorder:
    """Writes answers to a file as they come. Opened with ``async with``; `note` never waits for the disk."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.count = 0
        self.trouble = ""
        self._clock = clock
        self._waiting: list[str] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin the file. Raises `FileError` when it is there already or cannot be written."""
        head = {"format": FORMAT, "version": VERSION, "started": _iso(self._clock())}
        await asyncio.to_thread(self._begin, json.dumps(head))
        self._task = asyncio.create_task(self._keep_writing(), name="recorder")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._flush()

    def note(self, source: str, asked: Sequence[str], body: bytes = b"", error: SourceError | None = None) -> None:
        """Keep an answer, or the failure in its place."""
        told: dict[str, Any] = {"at": _iso(self._clock()), "source": source, "asked": list(asked)}
        if error is None:
            told["body"] = base64.b64encode(body).decode("ascii")
        else:
            told |= {"error": type(error).__name__, "message": str(error), "host": error.host}
        self._waiting.append(json.dumps(told, ensure_ascii=False))
        self.count += 1

    def _begin(self, head: str) -> None:
        try:
            with self.path.open("xb") as file:
                file.write(gzip.compress(f"{head}\n".encode()))
        except OSError as error:
            raise FileError([Problem(self.path, 1, f"cannot be begun: {error.strerror or error}")]) from None

    async def _keep_writing(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self._flush()

    async def _flush(self) -> None:
        lines, self._waiting = self._waiting, []
        if lines:
            await asyncio.to_thread(self._append, lines)

    def _append(self, lines: list[str]) -> None:
        """Write a gzip member of its own, so that what a crash leaves behind can be read up to there."""
        try:
            with self.path.open("ab") as file:
                file.write(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
        except OSError as error:
            self.trouble = f"{self.path}: cannot be written: {error.strerror or error}"


def read(path: Path) -> Iterator[Captured]:
    """The answers of a recording, in the order in which they came.

    Raises `FileError`, naming the line, for what is no recording; a file that a crash cut short ends where it does.
    """
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file, suppress(EOFError, zlib.error):
            for number, line in enumerate(file, 1):
                if number == 1:
                    _check_head(json.loads(line))
                else:
                    yield _captured(json.loads(line))
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError([Problem(path, max(1, number), f"no recording of aiwatch: {reason}")]) from None
    if not number:
        raise FileError([Problem(path, 1, "no recording of aiwatch: it is empty")])


def started(path: Path) -> datetime:
    """When a recording was begun, aware UTC. Raises `FileError` as `read` does."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            head = json.loads(file.readline())
        _check_head(head)
        return datetime.fromisoformat(head["started"]).astimezone(UTC)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise FileError([Problem(path, 1, f"no recording of aiwatch: {error}")]) from None


def _check_head(head: Any) -> None:
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ValueError("its first line names another format")
    if head.get("version") != VERSION:
        raise ValueError(f"its version is {head.get('version')}, this aiwatch reads {VERSION}")


def _captured(told: dict[str, Any]) -> Captured:
    at = datetime.fromisoformat(told["at"]).astimezone(UTC)
    source, asked = str(told["source"]), tuple(map(str, told["asked"]))
    if "error" not in told:
        return Captured(at, source, asked, base64.b64decode(told["body"], validate=True))
    kind = _KINDS.get(told["error"], SourceError)
    return Captured(at, source, asked, error=kind(str(told.get("host", source)), str(told["message"])))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
