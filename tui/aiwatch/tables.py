"""Strict reading of TOML files: every problem with its file and line, and the nearest right key.

`tomllib` gives values without their places; `aiwatch.toml_lines` finds those, and only when they are asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from aiwatch.bounded import read_bytes
from aiwatch.errors import FileError, Problem
from aiwatch.toml_lines import Place, places_of

Parse = Callable[[str], dict[str, Any]]
"""Gives what a TOML text says. Raises `ValueError` or `RecursionError` for what is none."""

_MOST_WHOLE = 10**9
"""No whole number of any file is greater."""
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def parse_toml(text: str) -> dict[str, Any]:
    """What ``text`` says. Raises `tomllib.TOMLDecodeError`, another `ValueError` or `RecursionError`."""
    import tomllib  # what is kept from an earlier run is not parsed

    return tomllib.loads(text)


class Table:
    """One TOML table of a file, checked key by key. Problems are collected, not raised."""

    def __init__(
        self, document: Document, name: str, index: int, values: Mapping[str, Any], within: tuple[str, ...] = ()
    ) -> None:
        self._document = document
        self._name = name
        self._index = index
        self._within = within
        self.values = values

    def line_of(self, key: str = "") -> int:
        """The line (from 1) of ``key`` in this table, or of the table's head."""
        return self._document.line_of(self._name, self._index, *self._within, key)

    def complain(self, key: str, what: str) -> None:
        """Note a problem at ``key`` (or at the table's head, when empty)."""
        self._document.problems.append(Problem(self._document.path, self.line_of(key), what))

    def allow(self, keys: Iterable[str]) -> None:
        """Complain of every key that is not among ``keys``, naming the nearest one that is."""
        known = list(keys)
        for key in self.values:
            if key not in known:
                self.complain(key, unknown_key(key, known))

    def text(self, key: str, default: str | None = None) -> str:
        """A string without control characters; ``default`` when absent, a problem when that is ``None``."""
        value, given = self._get(key, str, "", default, "text in quotes")
        text = str(value)
        if given and default is None and not text.strip():
            self.complain(key, f"{key!r} is empty")
        return self._printable(key, text) if given else text

    def number(self, key: str, default: float | None = None, *, least: float = 0.0) -> float:
        """A finite number of at least ``least``; ``default`` as in `text`."""
        value, given = self._get(key, (int, float), 0.0, default, "a number")
        if not given:
            return float(value)
        if not _is_finite(value):
            self.complain(key, f"{key!r} must be a number, not {_shown(value)}")
            return least
        if value < least:
            self.complain(key, f"{key!r} must be at least {least:g}, not {value:g}")
        return float(value)

    def optional_number(self, key: str, *, least: float = 0.0) -> float | None:
        """A finite number of at least ``least``; ``None`` when absent or wrong."""
        complaints = len(self._document.problems)
        value = self.number(key, least=least) if key in self.values else None
        return value if len(self._document.problems) == complaints else None

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number; ``default`` as in `text`."""
        value, given = self._get(key, int, 0, default, "a whole number")
        if given and abs(value) > _MOST_WHOLE:
            self.complain(key, f"{key!r} must be at most {_MOST_WHOLE}, not {_shown(value)}")
            return 0 if default is None else default
        return int(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """``true`` or ``false``; ``default`` as in `text`."""
        return bool(self._get(key, bool, False, default, "true or false")[0])

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings without control characters; ``default`` as in `text`."""
        value, given = self._get(key, list, [], default, "a list of texts")
        if not all(isinstance(item, str) for item in value):
            self.complain(key, f"{key!r} must be a list of texts")
            return ()
        return tuple(self._printable(key, item) if given else item for item in value)

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of ``choices``; ``default`` as in `text`."""
        known = list(choices)
        value, given = self._get(key, str, "", default, "text in quotes")
        if given and value not in known:
            self.complain(key, f"{key!r} is {_shown(value)}, but must be one of {', '.join(map(repr, known))}")
        return str(value)

    def table(self, key: str) -> Table | None:
        """The table ``key`` inside this one, in braces or under a head of its own; ``None`` when absent or wrong."""
        value, given = self._get(key, dict, {}, {}, "a table: { … }")
        return Table(self._document, self._name, self._index, value, (*self._within, key)) if given else None

    def _get(
        self, key: str, kind: type | tuple[type, ...], empty: object, default: object, wanted: str
    ) -> tuple[Any, bool]:
        """The value of ``key`` and whether it is one the file gave and of the right ``kind``."""
        stand_in = empty if default is None else default
        if key not in self.values:
            if default is None:
                self.complain("", f"{key!r} is missing")
            return stand_in, False
        value = self.values[key]
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            self.complain(key, f"{key!r} must be {wanted}, not {_shown(value)}")
            return stand_in, False
        return value, True

    def _printable(self, key: str, text: str) -> str:
        if text.isprintable():
            return text
        first = next(character for character in text if not character.isprintable())
        self.complain(key, f"{key!r} has a control character in it (U+{ord(first):04X})")
        return "".join(filter(str.isprintable, text))


class Document:
    """A TOML file read whole. ``problems`` grows as its tables are checked; `check` raises them together."""

    def __init__(self, path: Path, text: str, parse: Parse = parse_toml) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._text = text
        self._places: dict[Place, int] | None = None
        self.data: dict[str, Any] = {}
        try:
            self.data = parse(text)
        except Exception as error:  # whatever a parser does not expect of a text is a problem of the text
            self.problems.append(self._syntax_problem(error))
        self.check()

    @classmethod
    def read(cls, path: Path, parse: Parse = parse_toml) -> Document:
        """Read ``path`` as UTF-8 TOML. Raises `FileError` when it cannot be read or parsed."""
        try:
            text = read_bytes(path).decode("utf-8-sig")
            return cls(path, text.replace("\r\n", "\n").replace("\r", "\n"), parse)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise FileError([Problem(path, line, "not UTF-8 text: save the file as UTF-8")]) from None
        except OSError as error:
            raise FileError([Problem(path, 1, f"cannot be read: {error.strerror or error}")]) from None

    def root(self) -> Table:
        """The table of the keys above the first header."""
        return Table(self, "", 0, self.data)

    def table(self, name: str) -> Table:
        """The table ``[name]``; empty when absent."""
        values = self.data
        above = ""
        for part in name.split("."):
            found = values.get(part, {})
            if not isinstance(found, dict):
                whole = f"{above}.{part}" if above else part
                self.problems.append(Problem(self.path, self.line_of(above, 0, part), f"{whole!r} must be a table"))
                found = {}
            values = found
            above = f"{above}.{part}" if above else part
        return Table(self, name, 0, values)

    def tables(self, name: str) -> list[Table]:
        """The tables ``[[name]]``, in the file's order."""
        value = self.data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problems.append(
                Problem(self.path, self.line_of("", 0, name), f"{name!r} must be written as [[{name}]] tables")
            )
            return []
        return [Table(self, name, index, item) for index, item in enumerate(value)]

    def check(self) -> None:
        """Raise `FileError` with every problem found so far, once each and in the file's order; else do nothing."""
        if self.problems:
            raise FileError(sorted(set(self.problems)))

    def line_of(self, name: str, index: int, *keys: str) -> int:
        """The line of ``keys``, one inside the other, in the ``index``-th table called ``name``; of the nearest one
        around it when not found.

        ``name`` is dotted (``sources.tencent``); the empty name is the root. A table that is nowhere has line 1.
        """
        if self._places is None:
            self._places = places_of(self._text)
        head: Place = tuple(name.split(".")) if name else ()
        if (*head, index) in self._places:
            head = (*head, index)
        for depth in range(len(keys), -1, -1):
            place = (*head, *keys[:depth])
            if place in self._places:
                return self._places[place]
        return 1

    def _syntax_problem(self, error: Exception) -> Problem:
        from tomllib import TOMLDecodeError

        if not isinstance(error, TOMLDecodeError):
            return Problem(self.path, 1, "tables or lists nested too deeply, or a number of too many digits")
        message = str(error)
        found = _AT_LINE.search(message)
        line = int(found.group(1)) if found else self._text.count("\n") + (not self._text.endswith("\n"))
        return Problem(self.path, max(1, line), _AT_LINE.sub("", message).replace("(at end of document)", "").strip())


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The complaint about an unknown ``key``, with the nearest of the ``known`` ones."""
    return unknown_name("key", key, known)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """The complaint about a ``name`` that is none of the ``known`` ones of its ``kind`` (``key``, ``column``)."""
    import difflib  # only a mistake needs it

    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"unknown {kind} {_shown(name)}, did you mean {near[0]!r}?"
    return f"unknown {kind} {_shown(name)}; known are {', '.join(sorted(names))}"


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float holds
        return False


def _shown(value: object) -> str:
    """``value`` as a complaint quotes it: on one line, and not at full length."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # of more digits than Python writes, or deeper than it goes
        text = "a value too large to show"
    return text if len(text) <= 40 else text[:39] + "…"
