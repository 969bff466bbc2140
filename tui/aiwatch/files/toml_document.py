"""Strict reading of TOML files: every problem with its file and line, and the nearest right key.

`tomllib` gives values without their places; `aiwatch.files.toml_positions` finds those, and only when they are asked
for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiwatch.errors import FileError, Problem
from aiwatch.files.bounded import control_in, is_text, read_bytes

if TYPE_CHECKING:
    from aiwatch.files.toml_positions import Place

_MANY = 8
"""Choices beyond which they are not all listed where one of them is near."""
Parse = Callable[[str], dict[str, Any]]
"""Gives what a TOML text says. Raises `ValueError` or `RecursionError` for what is none."""

_MOST_WHOLE = 10**9
"""No whole number of any file is greater."""
_MOST_DOTS = 500
"""Dots in one line of a file. `tomllib` is quadratic in the parts of a dotted key, and no key is longer than a line."""
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def parse_toml(text: str) -> dict[str, Any]:
    """What ``text`` says. Raises `tomllib.TOMLDecodeError`, another `ValueError` or `RecursionError`."""
    import tomllib  # what is kept from an earlier run is not parsed

    if text.count(".") > _MOST_DOTS:
        for number, line in enumerate(text.split("\n"), 1):
            if line.count(".") > _MOST_DOTS:
                raise tomllib.TOMLDecodeError(f"more than {_MOST_DOTS} dots in a line (at line {number}, column 1)")
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

    def line_of(self, key: str = "", *within: int) -> int:
        """The line (from 1) of ``key`` in this table, or of the table's head; of an item of it, by its number."""
        return self._document.line_of(self._name, self._index, *self._within, key, *within)

    def add_problem(self, key: str, what: str, *within: int) -> None:
        """Note a problem at ``key`` (or at the table's head, when empty), or at an item of it."""
        self._document.problems.append(Problem(self._document.path, self.line_of(key, *within), what))

    def allow(self, keys: Collection[str]) -> None:
        """Complain of every key that is not among ``keys``, naming the nearest one that is."""
        for key in self.values:
            if key not in keys:
                self.add_problem(key, unknown_key(key, keys))

    def text(self, key: str, default: str | None = None) -> str:
        """A string without control characters; ``default`` when absent, a problem when that is ``None``."""
        value = self.values.get(key, default)
        if isinstance(value, str) and value.isprintable() and (default is not None or value.strip()):
            return value
        value, is_set = self._get(key, str, "", default, "text in quotes")
        text = str(value)
        if is_set and default is None and not text.strip():
            self.add_problem(key, f"{key!r} is empty")
        return self._printable(key, text) if is_set else text

    def number(self, key: str, default: float | None = None, *, least: float = 0.0) -> float:
        """A finite number of at least ``least``; ``default`` as in `text`."""
        value, is_set = self._get(key, (int, float), 0.0, default, "a number")
        if not is_set:
            return float(value)
        if not _is_finite(value):
            self.add_problem(key, f"{key!r} must be a number, not {shown(value)}")
            return least
        if value < least:
            self.add_problem(key, f"{key!r} must be at least {least:g}, not {value:g}")
        return float(value)

    def optional_number(self, key: str, *, least: float = 0.0) -> float | None:
        """A finite number of at least ``least``; ``None`` when absent or wrong."""
        problems_before = len(self._document.problems)
        value = self.number(key, least=least) if key in self.values else None
        return value if len(self._document.problems) == problems_before else None

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number; ``default`` as in `text`."""
        value, is_set = self._get(key, int, 0, default, "a whole number")
        if is_set and abs(value) > _MOST_WHOLE:
            self.add_problem(key, f"{key!r} must be at most {_MOST_WHOLE}, not {shown(value)}")
            return 0 if default is None else default
        return int(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """``true`` or ``false``; ``default`` as in `text`."""
        value = self.values.get(key, default)
        return value if isinstance(value, bool) else bool(self._get(key, bool, False, default, "true or false")[0])

    def texts(
        self, key: str, default: tuple[str, ...] | None = None, *, without_controls: bool = False
    ) -> tuple[str, ...]:
        """A list of strings without control characters; ``default`` as in `text`.

        A string with one is a problem, or left out where somebody has said so (``without_controls``).
        """
        if default is not None and key not in self.values:
            return default
        value, is_set = self._get(key, list, [], default, "a list of texts")
        try:
            is_plain = "".join(value).isprintable()
        except TypeError:
            self.add_problem(key, f"{key!r} must be a list of texts")
            return ()
        if is_plain:
            return tuple(value)
        if without_controls:
            return tuple(item for item in value if not control_in(item))
        return tuple(self._printable(key, item) if is_set else item for item in value)

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        """One of ``options``; ``default`` as in `text`."""
        value = self.values.get(key, default)
        if isinstance(value, str) and value in options:
            return value
        value, is_set = self._get(key, str, "", default, "text in quotes")
        if is_set and value not in options:
            self.add_problem(
                key, f"{key!r} is {f'{shown(value)}, {wrong_choice(value, options)}' if value.strip() else 'empty'}"
            )
        return str(value)

    def table(self, key: str) -> Table | None:
        """The table ``key`` inside this one, in braces or under a head of its own; ``None`` when absent or wrong."""
        value, is_set = self._get(key, dict, {}, {}, "a table: { … }")
        return Table(self._document, self._name, self._index, value, (*self._within, key)) if is_set else None

    def _get(
        self, key: str, kind: type | tuple[type, ...], empty: object, default: object, expected: str
    ) -> tuple[Any, bool]:
        """The value of ``key`` and whether it is one the file gave and of the right ``kind``."""
        stand_in = empty if default is None else default
        if key not in self.values:
            if default is None:
                self.add_problem("", f"{key!r} is missing")
            return stand_in, False
        value = self.values[key]
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            self.add_problem(key, f"{key!r} must be {expected}, not {shown(value)}")
            return stand_in, False
        return value, True

    def words(self, key: str) -> str:
        """A text for people to read, empty when absent. What is wrong with it costs this text and no more: a slip."""
        value = self.values.get(key, "")
        wrong = ""
        if not isinstance(value, str):
            wrong = f"must be text in quotes, not {shown(value)}"
        elif key in self.values and not value:
            return ""
        elif control := control_in(value):
            wrong = f"has a control character in it (U+{ord(control):04X})"
        if wrong:
            self.slip(key, f"{key!r} {wrong}")
        return "" if wrong else str(value)

    def slip(self, key: str, what: str, *within: int) -> None:
        """Note a problem at ``key``, or at an item of it, that costs what stands there, and nothing else of the
        file."""
        self._document.slips.append(Problem(self._document.path, self.line_of(key, *within), what))

    def _printable(self, key: str, text: str) -> str:
        control = control_in(text)
        if not control:
            return text
        self.add_problem(key, f"{key!r} has a control character in it (U+{ord(control):04X})")
        return "".join(filter(is_text, text))


class Document:
    """A TOML file read whole. ``problems`` grows as its tables are checked; `check` raises them together.

    ``slips`` are what is wrong in it and costs no more than the text it stands in.
    """

    def __init__(self, path: Path, text: str, parse: Parse = parse_toml) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.slips: list[Problem] = []
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
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            return cls(path, text, parse)
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
            inner = values.get(part, {})
            if not isinstance(inner, dict):
                whole = f"{above}.{part}" if above else part
                self.problems.append(Problem(self.path, self.line_of(above, 0, part), f"{whole!r} must be a table"))
                inner = {}
            values = inner
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
            raise FileError(sorted({*self.problems, *self.slips}))

    def line_of(self, name: str, index: int, *keys: str | int) -> int:
        """The line of ``keys``, one inside the other, in the ``index``-th table called ``name``; of the nearest one
        around it when not found.

        ``name`` is dotted (``sources.tencent``); the empty name is the root. A table that is nowhere has line 1.
        """
        if self._places is None:
            from aiwatch.files.toml_positions import places_of  # only what is wrong needs its line

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
        position = _AT_LINE.search(message)
        line = int(position.group(1)) if position else self._text.count("\n") + (not self._text.endswith("\n"))
        return Problem(self.path, max(1, line), _AT_LINE.sub("", message).replace("(at end of document)", "").strip())


def unknown_key(key: str, allowed: Iterable[str]) -> str:
    """The problem of an unknown ``key``, with the nearest of the ``allowed`` ones."""
    return unknown_name("key", key, allowed)


def unknown_name(kind: str, name: str, candidates: Iterable[str]) -> str:
    """The problem of a ``name`` that is none of the ``candidates`` ones of its ``kind`` (``key``, ``column``)."""
    names = list(candidates)
    near = did_you_mean(name, names)
    return f"unknown {kind} {shown(name)}{near or '; known are ' + ', '.join(sorted(names))}"


def wrong_choice(value: str, options: Collection[str]) -> str:
    """What is to be said behind a ``value`` that is none of the ``options`` ones; only the nearest of very many."""
    near = did_you_mean(value, options)
    return (
        near.removeprefix(", ")
        if near and len(options) > _MANY
        else f"but must be one of {', '.join(map(repr, options))}{near}"
    )


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """``, did you mean 'x'?`` with the one of ``candidates`` that is nearest to ``name``; empty when none is near."""
    import difflib  # only a mistake needs it

    names = {candidate.casefold(): candidate for candidate in candidates}
    near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
    return f", did you mean {str(names[near[0]])!r}?" if near else ""


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float holds
        return False


def shown(value: object) -> str:
    """``value`` as a problem quotes it: on one line, and not at full length."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # of more digits than Python writes, or deeper than it goes
        text = "a value too large to show"
    return text if len(text) <= 40 else text[:39] + "…"
