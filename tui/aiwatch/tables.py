"""Strict reading of TOML files: every problem with its file and line, and the nearest right key.

`tomllib` gives values without their places, so the line of a key is looked up in the text, and only when there
is something to complain about.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from aiwatch.errors import FileError, Problem

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*[.=]""")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class Table:
    """One TOML table of a file, checked key by key. Problems are collected, not raised."""

    def __init__(self, document: Document, name: str, index: int, values: Mapping[str, Any]) -> None:
        self._document = document
        self._name = name
        self._index = index
        self.values = values

    def line_of(self, key: str = "") -> int:
        """The line (from 1) of ``key`` in this table, or of the table's head."""
        return self._document.line_of(self._name, self._index, key)

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
        value = str(self._get(key, str, default, "text in quotes"))
        if not value.isprintable():
            self.complain(key, f"{key!r} has control characters in it")
            return "".join(filter(str.isprintable, value))
        if default is None and key in self.values and not value.strip():
            self.complain(key, f"{key!r} is empty")
        return value

    def number(self, key: str, default: float | None = None, *, least: float = 0.0) -> float:
        """A number of at least ``least``; ``default`` as in `text`."""
        value = float(self._get(key, (int, float), default, "a number"))
        if not value >= least:
            self.complain(key, f"{key!r} must be at least {least:g}")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number; ``default`` as in `text`."""
        return int(self._get(key, int, default, "a whole number"))

    def flag(self, key: str, default: bool | None = None) -> bool:
        """``true`` or ``false``; ``default`` as in `text`."""
        return bool(self._get(key, bool, default, "true or false"))

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings; ``default`` as in `text`."""
        value = self._get(key, (list, tuple), default, "a list of texts")
        if not all(isinstance(item, str) for item in value):
            self.complain(key, f"{key!r} must be a list of texts")
            return ()
        return tuple(value)

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of ``choices``; ``default`` as in `text`."""
        known = list(choices)
        value = self.text(key, default)
        if value not in known and (key in self.values or default is not None):
            self.complain(key, f"{key!r} is {value!r}, but must be one of {', '.join(map(repr, known))}")
        return value

    def _get(self, key: str, kind: type | tuple[type, ...], default: Any, wanted: str) -> Any:
        empty: Any = kind() if isinstance(kind, type) else kind[0]()
        if key not in self.values:
            if default is None:
                self.complain("", f"{key!r} is missing")
                return empty
            return default
        value = self.values[key]
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            self.complain(key, f"{key!r} must be {wanted}, not {value!r}")
            return empty if default is None else default
        return value


class Document:
    """A TOML file read whole. ``problems`` grows as its tables are checked; `check` raises them together."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._lines = text.splitlines()
        self.data: dict[str, Any] = {}
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.problems.append(self._syntax_problem(error))
            raise FileError(self.problems) from None

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read ``path`` as UTF-8 TOML. Raises `FileError` when it cannot be read or parsed."""
        try:
            return cls(path, path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            raise FileError([Problem(path, line, "not UTF-8 text: save the file as UTF-8")]) from None
        except OSError as error:
            raise FileError([Problem(path, 1, f"cannot be read: {error.strerror or error}")]) from None

    def root(self) -> Table:
        """The table of the keys above the first header."""
        return Table(self, "", 0, self.data)

    def table(self, name: str) -> Table:
        """The table ``[name]``; empty when absent."""
        values = self.data
        for part in name.split("."):
            found = values.get(part, {})
            if not isinstance(found, dict):
                self.problems.append(Problem(self.path, self.line_of("", 0, part), f"{name!r} must be a table"))
                found = {}
            values = found
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
        """Raise `FileError` with every problem found so far, in the file's order; else do nothing."""
        if self.problems:
            raise FileError(sorted(self.problems))

    def line_of(self, name: str, index: int, key: str) -> int:
        """The line of ``key`` in the ``index``-th table called ``name``; that of its head when not found."""
        current, seen, head = "", -1, 1
        for number, line in enumerate(self._lines, 1):
            header = _HEADER.match(line)
            if header:
                current = header.group(2).replace(" ", "")
                if current == name:
                    seen += 1
                    if seen == index:
                        head = number
                        if not key:
                            return head
                elif not key and not name:
                    return 1
                continue
            found = _KEY.match(line)
            if found and current == name and (seen == index or not name) and key in found.groups():
                return number
            if found and not name and current == "" and key in found.groups():
                return number
        if not name and key:
            return self._header_line(key)
        return head

    def _header_line(self, name: str) -> int:
        for number, line in enumerate(self._lines, 1):
            header = _HEADER.match(line)
            if header and header.group(2).split(".")[0].strip() == name:
                return number
        return 1

    def _syntax_problem(self, error: tomllib.TOMLDecodeError) -> Problem:
        message = str(error)
        found = _AT_LINE.search(message)
        line = int(found.group(1)) if found else max(1, len(self._lines))
        return Problem(self.path, line, _AT_LINE.sub("", message).replace("(at end of document)", "").strip())


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The complaint about an unknown ``key``, with the nearest of the ``known`` ones."""
    import difflib  # only a mistake needs it

    names = list(known)
    near = difflib.get_close_matches(key, names, n=1, cutoff=0.6)
    if near:
        return f"unknown key {key!r}, did you mean {near[0]!r}?"
    return f"unknown key {key!r}; known are {', '.join(sorted(names))}"
