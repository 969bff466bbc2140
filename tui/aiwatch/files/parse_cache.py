"""What was parsed, kept in the cache folder: what TOML texts say, and the programs of regular expressions.

To parse the same files again is most of what reading them costs, and to parse the same expressions is a twentieth of
the time to the first paint. Both are found by their own text, so that nothing kept can be out of date, a checksum says
that what was found is what was written, and it is checked as strictly as what was just parsed. Without the file, or
with one that cannot be used, everything is parsed.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # the engine that runs the programs of expressions
import os
import re
import sys
from _blake2 import blake2b  # hashlib's own, without the library that it loads before the first paint
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from re import _compiler  # type: ignore[attr-defined]  # what `re` compiles an expression with
from types import TracebackType
from typing import Any, NamedTuple, Self

from msgspec import msgpack

from aiwatch.files.bounded import read_bytes, reason_of
from aiwatch.files.toml_document import parse_toml

_MOST_BYTES = 32 * 2**20
_MOMENTS: dict[int, type[date | datetime | time]] = {1: date, 2: datetime, 3: time}
"""The kinds of TOML value that MessagePack has not, by the codes they are kept under."""
_EDITION = b"2"
"""Changed when what earlier editions wrote must not be used: the first kept texts as their readers left them."""
_MOST_PROGRAMS = 1_000
"""More are of libraries that are no longer there."""
_AS_EVER = re.DEBUG | re.LOCALE
"""Flags whose expressions are not kept: these are printed, or mean something else in another locale."""


class ParsedTexts:
    """Parses TOML texts, those kept at ``path`` without parsing them. `keep` once they have been read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _read(path)
        self._used: dict[str, bytes] = {}

    def __call__(self, text: str) -> dict[str, Any]:
        """What ``text`` says, to change at will: what is kept is packed before a reader has it. Raises what
        `parse_toml` raises."""
        if (packed := self._kept.get(text)) is not None:
            with suppress(Exception):  # whatever was written there
                data = _unpacked(packed)
                self._used[text] = packed
                return data
        data = parse_toml(text)
        with suppress(Exception):  # a number larger than MessagePack has
            self._used[text] = msgpack.encode(_packed(data))
        return data

    def keep(self) -> None:
        """Keep what was asked for in this run and nothing else; do without where it cannot be written."""
        if self._used == self._kept:
            return
        with suppress(Exception):
            entries = [(text, data, _checksum(text, data)) for text, data in self._used.items()]
            _write(self._path, msgpack.encode(entries))


class _Program(NamedTuple):
    """What the engine runs for an expression: all that `_sre.compile` is given but the expression itself."""

    flags: int
    code: list[int]
    groups: int
    group_index: dict[str, int]
    index_group: tuple[str | None, ...]


_Expression = tuple[str, int]
"""An expression of texts and the flags that it is compiled with."""


class ParsedPatterns:
    """Lets `re` compile what an earlier run parsed without parsing it again, within its block, or until `keep` puts
    down at ``path`` what this one has parsed.

    A program fits one build of Python alone, whose name the file bears; and the engine checks each before it takes it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._programs = _read_programs(path)
        self._is_changed = False
        self._usual: Callable[..., re.Pattern[Any]] = _compiler.compile

    def __enter__(self) -> Self:
        _compiler.compile = self._compile
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _compiler.compile = self._usual

    def keep(self) -> None:
        """End the block, and keep what it parsed; do without where it cannot be written."""
        _compiler.compile = self._usual
        if self._is_changed:
            with suppress(Exception):
                programs = [(*expression, *program) for expression, program in self._programs.items()]
                packed = msgpack.encode(programs[-_MOST_PROGRAMS:])
                _write(self._path, msgpack.encode((_build(), packed, _checksum(_build(), packed))))
        self._programs, self._is_changed = {}, False

    def _compile(self, pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        """Stands in for ``re._compiler.compile``."""
        expression = (pattern, int(flags))
        if not isinstance(pattern, str) or flags & _AS_EVER:
            return self._usual(pattern, flags)
        if program := self._programs.get(expression):
            with suppress(Exception):  # the engine does not take it
                compiled: re.Pattern[Any] = _sre.compile(pattern, *program)
                return compiled
        return self._parse(expression)

    def _parse(self, expression: _Expression) -> re.Pattern[Any]:
        """Compile ``expression`` as ever, and take down its program."""

        def compile_noted(pattern: Any, *program: Any) -> Any:
            if pattern is expression[0]:
                flags, code, *rest = program
                self._programs[expression] = _Program(int(flags), [*map(int, code)], *rest)
                self._is_changed = True
            return engine(pattern, *program)

        engine, _sre.compile = _sre.compile, compile_noted
        try:
            return self._usual(*expression)
        finally:
            _sre.compile = engine


def damage_of(path: Path) -> str:
    """What is wrong with the file of kept texts at ``path``, in a few words; empty when nothing is, or no file."""
    return _damage(path, lambda: len(_read(path)) == len(_entries(path)))


def pattern_damage(path: Path) -> str:
    """What is wrong with the file of kept programs at ``path``, in a few words; empty when nothing is, or no file."""

    def is_sound() -> bool:
        build, packed, checksum = _programs(path)
        return checksum == _checksum(build, packed)

    return _damage(path, is_sound)


def _damage(path: Path, is_sound: Callable[[], bool]) -> str:
    try:
        return "" if is_sound() else "is damaged: some of it is not what was written"
    except FileNotFoundError:
        return ""
    except Exception as error:  # whatever is there
        return f"cannot be used: {reason_of(error)}"


def _write(path: Path, data: bytes) -> None:
    """Replace the file at ``path`` as a whole; its owner alone may read it, for a list may hold positions."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        beside.touch(0o600)
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _build() -> str:
    """The build of Python that runs, as far as its programs hang on it."""
    return f"{sys.version} {_sre.MAGIC} {_sre.CODESIZE}"


def _programs(path: Path) -> tuple[str, bytes, bytes]:
    return msgpack.decode(read_bytes(path, _MOST_BYTES), type=tuple[str, bytes, bytes])


def _read_programs(path: Path) -> dict[_Expression, _Program]:
    """The programs at ``path``; none when it cannot be used, or was written by another build."""
    try:
        build, packed, checksum = _programs(path)
        if build != _build() or checksum != _checksum(build, packed):
            return {}
        kinds = tuple[str, int, int, list[int], int, dict[str, int], tuple[str | None, ...]]
        held: list[Any] = msgpack.decode(packed, type=list[kinds])
    except Exception:  # whatever is there, every expression can be parsed
        return {}
    return {(pattern, asked): _Program(*program) for pattern, asked, *program in held}


def _entries(path: Path) -> list[tuple[str, bytes, bytes]]:
    return msgpack.decode(read_bytes(path, _MOST_BYTES), type=list[tuple[str, bytes, bytes]])


def _read(path: Path) -> dict[str, bytes]:
    """What ``path`` holds, still packed, as far as each entry is what was written; nothing when it cannot be used."""
    try:
        held = _entries(path)
    except Exception:  # whatever is there, every text can be parsed
        return {}
    return {text: packed for text, packed, checksum in held if checksum == _checksum(text, packed)}


def _checksum(text: str, packed: bytes) -> bytes:
    """Tells an entry from one of which a single bit is another."""
    hashed = blake2b(_EDITION + len(packed).to_bytes(8, "little"), digest_size=16)
    hashed.update(packed)
    hashed.update(text.encode())
    return hashed.digest()


def _unpacked(packed: bytes) -> dict[str, Any]:
    return msgpack.decode(packed, type=dict[str, Any], ext_hook=_moment)


def _packed(value: Any) -> Any:
    """``value`` with its dates and times in a form that MessagePack has."""
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_packed(item) for item in value]
    for code, kind in _MOMENTS.items():
        if type(value) is kind:
            return msgpack.Ext(code, value.isoformat().encode())
    return value


def _moment(code: int, data: memoryview) -> date | datetime | time:
    return _MOMENTS[code].fromisoformat(bytes(data).decode())
