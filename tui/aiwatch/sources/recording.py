"""A recording of what the hosts answered: gzipped lines of JSON, one an answer, with the time it came.

The first line names the format. Every other has ``at`` (ISO 8601 UTC), ``source``, ``asked`` (symbols) and either
``body`` (base64) or ``error`` (its kind) with ``message``. Requests are not kept, and so no cookie and no crumb is.

A source whose answers are recorded as they come.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from msgspec import Struct, json

from aiwatch import errors
from aiwatch.errors import FileError, Problem, SourceError
from aiwatch.files.bounded import mapped, open_regular
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Source
from aiwatch.sources.parsing import plain

FORMAT = "aiwatch-recording"
VERSION = 1
FLUSH_SECONDS = 1.0
"""How long an answer waits in memory before it is written."""
LONGEST_LINE = 2 * 2**20
"""Bytes of a line at the most: a body of the greatest length, in base64, with its symbols."""
MOST_ASKED = 2_000
"""Symbols of one question at the most."""
_MAGIC = b"\x1f\x8b"
"""How every gzipped file begins."""
_HINT = "`aiwatch record FILE` makes one."
_PIECE = 64 * 1024
_LONGEST_NAME = 40
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
"""A recording begins and ends between them."""

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
        await asyncio.to_thread(self._begin, started_line(self._clock()))
        self._task = asyncio.create_task(self._keep_writing(), name="recorder")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._flush()

    def note(self, source: str, symbols: Sequence[str], body: bytes = b"", error: SourceError | None = None) -> None:
        """Keep an answer, or the failure in its place."""
        self._waiting.append(line_of(Captured(self._clock(), source, tuple(symbols), body, error)))
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


def started_line(moment: datetime) -> str:
    """The first line of a recording that was begun at ``moment``."""
    return json.encode({"format": FORMAT, "version": VERSION, "started": _iso(moment)}).decode()


def line_of(
    answer: Captured,
    clean: Callable[[str], str] = lambda text: text,
    clean_body: Callable[[bytes], bytes] = lambda body: body,
) -> str:
    """The line that keeps ``answer``; ``clean`` goes over the texts of a failure, ``clean_body`` over what was sent."""
    fields: dict[str, Any] = {"at": _iso(answer.at), "source": answer.source, "asked": list(answer.asked)}
    error = answer.error
    if error is None:
        fields["body"] = base64.b64encode(clean_body(answer.body)).decode("ascii")
    else:
        fields |= {"error": type(error).__name__, "message": clean(str(error)), "host": clean(error.host)}
    return json.encode(fields).decode()


def read(path: Path) -> Iterator[Captured]:
    """The answers of a recording, in the order in which they came.

    Raises `FileError`, naming the line, for what is no recording; a file that a crash cut short ends where it does.
    """
    number = 0

    def refusal(why: str) -> FileError:
        return FileError([Problem(path, max(1, number), f"no recording of aiwatch: {why}")])

    with mapped(refusal):
        for number, line in enumerate(_lines(path), 1):
            if number == 1:
                _moment(_head_of(line).started)
            else:
                yield _captured(line)
        if not number:
            raise ValueError("it is empty")


def started(path: Path) -> datetime:
    """When a recording was begun, aware UTC. Raises `FileError` as `read` does."""
    with mapped(lambda why: FileError([Problem(path, 1, f"no recording of aiwatch: {why}")])):
        return _moment(_head_of(next(_lines(path), b"")).started)


def require_packed(path: Path) -> None:
    """Raise `FileError` unless ``path`` begins as a gzipped file does: any other was named by mistake."""

    def refusal(why: str) -> FileError:
        return FileError([Problem(path, 1, f"no recording of aiwatch: {why}")], hint=_HINT)

    with mapped(refusal), os.fdopen(open_regular(path), "rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("not gzipped")


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a gzipped file, as far as it goes; never more in memory than one of at most `LONGEST_LINE` bytes.

    Raises `OSError`, and `ValueError` for what is not gzipped and for a longer line.
    """
    rest = bytearray()
    for piece in _unpacked(path):
        first, *further = piece.split(b"\n")
        rest += first
        for following in further:
            yield bytes(rest)
            rest = bytearray(following)
        if len(rest) > LONGEST_LINE:
            raise ValueError(f"a line of more than {LONGEST_LINE // 2**20} MiB")
    if rest.endswith(b"}"):  # else it was cut short
        yield bytes(rest)


def _unpacked(path: Path) -> Iterator[bytes]:
    """What a file of gzip members holds, piece by piece; one that is cut short or damaged ends there."""
    with os.fdopen(open_regular(path), "rb") as file:
        packed, unpack, is_first = file.read(_PIECE), zlib.decompressobj(zlib.MAX_WBITS | 16), True
        while packed:
            try:
                piece = unpack.decompress(packed, _PIECE)
            except zlib.error as error:
                if is_first:
                    raise ValueError("not gzipped, or damaged from the beginning") from error
                return
            if piece:
                is_first = False
                yield piece
            packed = unpack.unconsumed_tail
            if unpack.eof:
                packed, unpack = unpack.unused_data, zlib.decompressobj(zlib.MAX_WBITS | 16)
            packed = packed or file.read(_PIECE)


class _Head(Struct):
    """The first line."""

    format: str = ""
    version: int = 0
    started: str = ""


class _Line(Struct):
    """Any other line; either ``body`` or ``error`` is there. ``body`` is base64 in the file."""

    at: str
    source: str
    asked: list[str]
    body: bytes | None = None
    error: str | None = None
    message: str = ""
    host: str = ""


_head, _line = json.Decoder(_Head).decode, json.Decoder(_Line).decode


def _head_of(line: bytes) -> _Head:
    head = _head(line)
    if head.format != FORMAT:
        raise ValueError("its first line names another format")
    if head.version != VERSION:
        raise ValueError(f"its version is {head.version}, this aiwatch reads {VERSION}")
    return head


def _captured(line: bytes) -> Captured:
    fields = _line(line)
    at, source = _moment(fields.at), plain(fields.source, _LONGEST_NAME)
    if len(fields.asked) > MOST_ASKED:
        raise ValueError(f"a question for {len(fields.asked)} symbols")
    symbols = tuple(plain(text, _LONGEST_NAME) for text in fields.asked)
    if fields.error is None:
        if fields.body is None:
            raise ValueError("neither a body nor an error")
        return Captured(at, source, symbols, fields.body)
    kind = _KINDS.get(fields.error, SourceError)
    return Captured(at, source, symbols, error=kind(plain(fields.host) or source, plain(fields.message)))


def _moment(text: str) -> datetime:
    """The moment that ``text`` spells, aware UTC. Raises `ValueError` for one at which there was no aiwatch."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"a time that cannot be: {text[:40]!r}") from None
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        raise ValueError(f"a time that cannot be: {text[:40]!r}")
    return moment.astimezone(UTC)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


class Tappable(Source, Protocol):
    """A source that hands out the bodies it reads, as `HttpSource` does."""

    tap: Callable[[bytes], None] | None


class RecordingSource:
    """Keeps the `Source` protocol for ``inner`` and notes every body, or the failure in its place."""

    def __init__(self, inner: Tappable, recorder: Recorder) -> None:
        self.name = inner.name
        self.title = inner.title
        self.batch_limit = inner.batch_limit
        self.received_bytes = 0
        self._inner = inner
        self._recorder = recorder
        self._bodies: ContextVar[list[bytes]] = ContextVar("bodies")
        """Those of one question: several may be under way."""
        inner.tap = lambda body: self._bodies.get().append(body)

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)

    def covers(self, symbol: Symbol) -> bool:
        """As `Source.covers`."""
        return self._inner.covers(symbol)

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """As `Source.fetch`; a body that could not be read is noted as the body it was."""
        texts = [symbol.text for symbol in symbols]
        bodies: list[bytes] = []
        self._bodies.set(bodies)
        try:
            return await self._inner.fetch(symbols)
        except SourceError as error:
            if not bodies:
                self._recorder.note(self.name, texts, error=error)
            raise
        finally:
            self.received_bytes = self._inner.received_bytes
            for body in bodies:
                self._recorder.note(self.name, texts, body)
